"""`udsat score`: verdicts on every row of a table."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from udsat.cli.completion import categories
from udsat.cli.errors import handled, say, unread
from udsat.cli.options import Color, ColorOption, Scoring, TablesArgument, option
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.analysis.comparison_rows import ComparisonRows
    from udsat.api import Scored
    from udsat.cli.output import Output


class DetailOption(StrEnum):
    """One row per area, or one per area and criterion."""

    areas = "areas"
    criteria = "criteria"


class ScoreFormat(StrEnum):
    """How the result is written."""

    table = "table"
    csv = "csv"
    json = "json"
    jsonl = "jsonl"
    parquet = "parquet"
    xlsx = "xlsx"
    markdown = "markdown"


class EngineOption(StrEnum):
    """What forms the verdicts."""

    duckdb = "duckdb"
    polars = "polars"
    spark = "spark"


@handled
def score(
    tables: TablesArgument,
    scoring: Scoring,
    detail: Annotated[
        DetailOption, typer.Option(help="One row per area, or one per area and criterion.")
    ] = DetailOption.areas,
    format: Annotated[
        ScoreFormat | None, option("--format", text="How to write it; with -o the ending decides.")
    ] = None,
    output: Annotated[
        str | None,
        option("-o", "--output", metavar="FILE", text="Write to a file, whole or not at all."),
    ] = None,
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
    manifest: Annotated[
        bool,
        option("--manifest", text="Write the provenance beside the output, as FILE.manifest.json."),
    ] = False,
    datapackage: Annotated[
        bool,
        option(
            "--datapackage", text="Describe the columns beside the output, in datapackage.json."
        ),
    ] = False,
    excel_dk: Annotated[
        bool,
        option(
            "--excel-dk", text="CSV for a Danish Excel: semicolon, decimal comma, BOM, no formulas."
        ),
    ] = False,
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

        more = {
            "--format": format,
            "--only": only,
            "--fail-on": fail_on,
            "--vary": vary,
            "--manifest": manifest,
        }
        return cluster.score(
            tables,
            scoring,
            detail.value,
            output,
            more | {"--datapackage": datapackage, "--excel-dk": excel_dk},
        )
    from udsat.cli import scenario_output as what_if
    from udsat.cli.output import Output, tell
    from udsat.cli.progress import doing
    from udsat.cli.resources import within_limits

    out = Output.of(
        format and format.value,
        output,
        [*tables, *scoring.files()],
        manifest,
        color.value,
        excel_dk,
        datapackage,
    )
    others = {
        "--only": only,
        "--fail-on": fail_on,
        "--detail": detail is DetailOption.criteria,
        "--compare": scoring.compare,
    }
    others |= {"--excel-dk": excel_dk}
    if vary:
        what_if.check(out, [name for name, given in others.items() if given])
    with within_limits():
        with doing("reading and scoring"):
            scored = scoring.evaluate(
                tables, "polars" if engine is EngineOption.polars else "duckdb"
            )
            wanted = out.narrowed(scored, only or [])
            failed = _fails(scored, fail_on or [])
        tell(scored)
        with unread(), doing(f"writing {output}", wanted=output is not None):
            what_if.write(scored, vary, out) if vary else out.write(scored, detail.value, wanted)
    if scored.compared:
        _compare(scored.compared, out)
    return 1 if scored.checked.problems or failed else 0


def _compare(compared: ComparisonRows, out: Output) -> None:
    """Print the rows for comparison below a printed table; other outputs hold the judged rows
    alone.
    """
    from udsat.cli.report_output import show
    from udsat.render.comparison_rows import sheet

    if out.format == "table" and out.path is None:
        show("table", lambda: sheet(compared.criteria()), dict, out.color)
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
