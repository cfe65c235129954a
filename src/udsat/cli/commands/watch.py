"""`udsat watch`: areas near a line, one criterion short of a category, or one list short of a
streak.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from udsat.cli.errors import handled, say
from udsat.cli.options import (
    Color,
    ColorOption,
    OutputOptions,
    Scoring,
    TablesArgument,
    option,
)
from udsat.cli.output import forms
from udsat.cli.output.formats import AnswerFormat
from udsat.cli.output.target import Form, Output
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.analysis.targets import Aim
    from udsat.analysis.watch import Nearness
    from udsat.api import Scored


@handled
def watch(
    tables: TablesArgument,
    scoring: Scoring,
    options: OutputOptions[AnswerFormat],
    within: Annotated[
        str, option("--within", text="How near a threshold is near: 1.5 (points) or '15 persons'.")
    ] = "1",
    list: Annotated[
        str | None,
        option(
            "--list", metavar="YEAR|DATE", text="Which list; the latest of the table by default."
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        option("--baseline", metavar="YEAR|DATE", text="The list that an aim is measured from."),
    ] = None,
    target: Annotated[
        int | None,
        option("--target", metavar="YEAR", text="The year of the list that an aim is set for."),
    ] = None,
    target_category: Annotated[
        str | None,
        option(
            "--target-category", metavar="CATEGORY", text="The category aimed at, such as none."
        ),
    ] = None,
    include_origin: Annotated[
        bool, option("--include-origin", text="Show the criterion on origin too.")
    ] = False,
    color: ColorOption = Color.auto,
) -> int:
    """Show areas near a change, from the nearest; with a baseline and a target, where each area
    started, stands, and what is left.

    \b
    Examples:
      udsat watch areas.csv --within 0.5
      udsat watch areas.csv --baseline 2018 --target 2025 --target-category none
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    from udsat.analysis.targets import Aim
    from udsat.analysis.watch import Nearness
    from udsat.cli.notices import tell

    near = Nearness.of(within)
    aim = Aim.of(baseline, target, target_category)
    out = Output.of(options, AnswerFormat, [*tables, *scoring.files()], color.value)
    scored = scoring.evaluate(tables)
    tell(scored)
    if near.persons is not None and not scored.checked.table.counts:
        say(
            Text(
                "--within '{within}': the table has no numbers of persons, so no threshold is"
                " near; say --within 1.5 for points",
                within=within,
            )
        )
    found = (
        _targets(scored, aim, list, include_origin)
        if aim
        else _changes_near(scored, near, list, include_origin)
    )
    out.write(found)
    return 1 if scored.checked.problems else 0


def _changes_near(
    scored: Scored, near: Nearness, wanted: str | None, include_origin: bool
) -> dict[str, Form]:
    from udsat.render import comparison_rows, watch

    found = scored.watch(near, wanted, include_origin)
    areas = [one.area for one in found.findings]
    beside = (
        comparison_rows.values(scored.compared, areas, scored.lists.names)
        if scored.compared
        else None
    )
    return {
        **forms.blocks(lambda: watch.sheet(found, near, beside)),
        "csv": forms.rows(watch.COLUMNS, lambda: map(watch.cells, found.findings)),
        "json": forms.document(lambda: watch.document(found, scored.provenance())),
    }


def _targets(scored: Scored, aim: Aim, wanted: str | None, include_origin: bool) -> dict[str, Form]:
    from udsat.render import targets

    found = scored.courses(aim, wanted, include_origin)
    records = (targets.record(one, found) for one in found.courses)
    return {
        **forms.blocks(lambda: targets.sheet(found)),
        "csv": forms.rows(targets.COLUMNS, lambda: ([*one.values()] for one in records)),
        "json": forms.document(lambda: targets.document(found, scored.provenance())),
    }
