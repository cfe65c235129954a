"""`udsat watch`: areas near a line, one criterion short of a category, or one list short of a
streak.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from udsat.cli.errors import handled, say
from udsat.cli.options import Color, ColorOption, Scoring, TablesArgument, option
from udsat.cli.report_output import show
from udsat.messages.language import english
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.analysis.targets import Aim
    from udsat.analysis.watch import Nearness
    from udsat.api import Scored


class WatchFormat(StrEnum):
    """How the areas to watch are printed."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"


@handled
def watch(
    tables: TablesArgument,
    scoring: Scoring,
    within: Annotated[
        str, option("--within", text="How near a line is near: 1.5 (points) or '15 persons'.")
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
    format: Annotated[
        WatchFormat, typer.Option("--format", help="How the answer is printed.")
    ] = WatchFormat.table,
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
    from udsat.cli.output import tell

    near = Nearness.of(within)
    aim = Aim.of(baseline, target, target_category)
    scored = scoring.evaluate(tables)
    tell(scored)
    if near.persons is not None and not scored.checked.table.counts:
        say(
            Text(
                "--within '{within}': the table has no numbers of persons, so no line is near;"
                " say --within 1.5 for points",
                within=within,
            )
        )
    if aim:
        _aim(scored, aim, list, include_origin, format, color)
    else:
        _watch(scored, near, list, include_origin, format, color)
    return 1 if scored.checked.problems else 0


def _watch(
    scored: Scored,
    near: Nearness,
    wanted: str | None,
    include_origin: bool,
    format: WatchFormat,
    color: Color,
) -> None:
    from udsat.export.csv import to_csv
    from udsat.render import comparison_rows
    from udsat.render import watch as watching

    found = scored.watch(near, wanted, include_origin)
    if format is WatchFormat.csv:
        with english():
            to_csv(sys.stdout, watching.COLUMNS, map(watching.cells, found.findings))
        return
    areas = [one.area for one in found.findings]
    beside = (
        comparison_rows.values(scored.compared, areas, scored.lists.names)
        if scored.compared
        else None
    )
    show(
        format,
        lambda: watching.sheet(found, near, beside),
        lambda: watching.document(found, scored.provenance()),
        color,
    )


def _aim(
    scored: Scored,
    aim: Aim,
    wanted: str | None,
    include_origin: bool,
    format: WatchFormat,
    color: Color,
) -> None:
    from udsat.export.csv import to_csv
    from udsat.render import targets

    found = scored.courses(aim, wanted, include_origin)
    if format is WatchFormat.csv:
        with english():
            to_csv(
                sys.stdout,
                targets.COLUMNS,
                ([*targets.record(one, found).values()] for one in found.courses),
            )
        return
    show(
        format,
        lambda: targets.sheet(found),
        lambda: targets.document(found, scored.provenance()),
        color,
    )
