"""`udsat score`: verdicts on every row of a table."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from udsat.cli.completion import categories
from udsat.cli.errors import handled, say, unread
from udsat.cli.options import (
    Color,
    ColorOption,
    OutputOptions,
    Scoring,
    TablesArgument,
    option,
)
from udsat.cli.output import forms
from udsat.cli.output.formats import ScoreFormat
from udsat.cli.output.verdicts import CompanionOptions, VerdictOutput, members_only
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.analysis.comparison_rows import ComparisonRows
    from udsat.api import Scored
    from udsat.cli.output.target import Output


class DetailOption(StrEnum):
    """One row per area, or one per area and criterion."""

    areas = "areas"
    criteria = "criteria"


class EngineOption(StrEnum):
    """What forms the verdicts."""

    duckdb = "duckdb"
    polars = "polars"
    spark = "spark"


@handled
def score(
    tables: TablesArgument,
    scoring: Scoring,
    options: OutputOptions[ScoreFormat],
    companions: CompanionOptions,
    detail: Annotated[
        DetailOption, typer.Option(help="One row per area, or one per area and criterion.")
    ] = DetailOption.areas,
    only: Annotated[
        list[str] | None,
        option(
            "--only",
            metavar="CATEGORY",
            text="Only areas certainly in a category.",
            autocompletion=categories,
        ),
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        option(
            "--fail-on",
            metavar="CATEGORY",
            text="Exit with 1 if an area is certainly in a category.",
            autocompletion=categories,
        ),
    ] = None,
    vary: Annotated[
        list[str] | None,
        option(
            "--vary",
            metavar="NUMBER=VALUES",
            text="Score every combination, as labour_market.threshold=35..45:1.",
        ),
    ] = None,
    engine: Annotated[
        EngineOption,
        typer.Option(help="What forms the verdicts; spark takes Parquet and gives Parquet."),
    ] = EngineOption.duckdb,
    color: ColorOption = Color.auto,
) -> int:
    """Score every row of one or more tables under the law of its list's date.

    \b
    Examples:
      udsat score areas.csv
      udsat score 2024.csv 2025.csv -o verdicts.xlsx
      udsat score counts.csv --list-year 2025 --format csv --excel-dk > verdicts.csv
      udsat score areas.csv --only parallelsamfund --format markdown
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    if engine is EngineOption.spark:
        from udsat.cli import spark as cluster

        unfit = {"--only": only, "--fail-on": fail_on, "--vary": vary}
        return cluster.score(tables, scoring, detail.value, options, unfit | companions.given())
    from udsat.cli.notices import tell
    from udsat.cli.output import scenarios as what_if
    from udsat.cli.progress import doing
    from udsat.cli.resources import within_limits

    out = companions.output(options, [*tables, *scoring.files()], color.value)
    others: dict[str, object] = {
        "--only": only,
        "--fail-on": fail_on,
        "--detail": detail is DetailOption.criteria,
        "--compare": scoring.compare,
        "--excel-dk": companions.excel_dk,
    }
    if vary:
        what_if.check(out, [name for name, given in others.items() if given])
    with within_limits():
        with doing("reading and scoring"):
            scored = scoring.evaluate(
                tables, "polars" if engine is EngineOption.polars else "duckdb"
            )
            wanted = members_only(scored, only or [])
            failed = _fails(scored, fail_on or [])
        tell(scored)
        with unread(), doing(f"writing {out.path}", wanted=out.path is not None):
            if vary:
                what_if.write(scored, vary, out)
            else:
                VerdictOutput(scored, detail.value, wanted, companions).write(out)
    if scored.compared:
        _compare(scored.compared, out)
    return 1 if scored.checked.problems or failed else 0


def _compare(compared: ComparisonRows, out: Output) -> None:
    """Print the rows for comparison below a printed table; other outputs hold the judged rows
    alone.
    """
    from udsat.render.comparison_rows import sheet

    if out.format == "table" and out.path is None:
        out.write(forms.blocks(lambda: sheet(compared.criteria())))
    else:
        say(
            Text(
                "the rows for comparison are left out; a table on the screen and udsat explain"
                " show them"
            )
        )


def _fails(scored: Scored, categories: list[str]) -> bool:
    """Say how many areas are certainly in the categories, and how many may be; return whether any
    certainly is.
    """
    found = False
    for name in categories:
        yes, unknown = scored.members(name)
        say(
            Text(
                "--fail-on {name}: {yes} certain, {unknown} unknown",
                name=name,
                yes=yes,
                unknown=unknown,
            )
        )
        found = found or yes > 0
    return found
