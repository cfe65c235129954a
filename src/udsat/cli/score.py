"""`udsat score`: verdicts on every row of a table."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from udsat.cli.handler import handled, say

if TYPE_CHECKING:
    from udsat.api import Scored


class Basis(StrEnum):
    """Where earlier years come from."""

    published = "published"
    computed = "computed"


class Detail(StrEnum):
    """One row per area, or one per area and criterion."""

    areas = "areas"
    criteria = "criteria"


class Format(StrEnum):
    """How the result is written."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


class Decimal(StrEnum):
    """The decimal mark of a file."""

    comma = "comma"
    point = "point"


class Dash(StrEnum):
    """What a cell that holds only a dash means."""

    missing = "missing"
    zero = "zero"


class Color(StrEnum):
    """Whether to use colours."""

    auto = "auto"
    always = "always"
    never = "never"


Tables = Annotated[list[str], typer.Argument(metavar="TABLE...", help="CSV or Parquet files; - reads CSV from standard input.")]


def _option(*names: str, text: str, **more: Any) -> Any:
    return typer.Option(*names, help=text, show_default=False, **more)


@handled
def score(
    tables: Tables,
    criteria: Annotated[str | None, _option("--criteria", text="A version (2018) or criteria file for all rows.")] = None,
    references: Annotated[list[str] | None, _option("--references", text="National shares, regional incomes or limits (CSV).")] = None,
    history: Annotated[list[str] | None, _option("--history", text="Earlier lists by name (CSV).")] = None,
    basis: Annotated[Basis, typer.Option(help="Earlier years: published lists where known, or the table's rows alone.")] = Basis.published,
    list_year: Annotated[int | None, _option("--list-year", text="The list to form from a table of calendar years.")] = None,
    rounded: Annotated[bool, _option("--rounded", text="A printed value is every value that rounds to it.")] = False,
    assume_min_residents: Annotated[
        bool, _option("--assume-min-residents", text="Take missing residents as enough; marked on the verdicts.")
    ] = False,
    detail: Annotated[Detail, typer.Option(help="One row per area, or one per area and criterion.")] = Detail.areas,
    format: Annotated[Format | None, _option("--format", text="table, csv, json or parquet; with -o the ending decides.")] = None,
    output: Annotated[str | None, _option("-o", "--output", metavar="FILE", text="Write to a file, whole or not at all.")] = None,
    only: Annotated[list[str] | None, _option("--only", metavar="CATEGORY", text="Only areas certainly in a category.")] = None,
    fail_on: Annotated[
        list[str] | None, _option("--fail-on", metavar="CATEGORY", text="Exit with 1 if an area is certainly in a category.")
    ] = None,
    skip_invalid: Annotated[bool, _option("--skip-invalid", text="Leave out rows with problems; the exit status is still 1.")] = False,
    decimal: Annotated[Decimal | None, _option("--decimal", text="The decimal mark, where a file does not show it.")] = None,
    dash: Annotated[Dash, typer.Option(help="What a cell with only a dash means.")] = Dash.missing,
    manifest: Annotated[bool, _option("--manifest", text="Write the provenance beside the output, as FILE.manifest.json.")] = False,
    color: Annotated[Color, typer.Option(help="Colours in the table; NO_COLOR turns them off too.")] = Color.auto,
) -> int:
    """Score every row of one or more tables under the law of its list's date.

    Examples: udsat score areas.csv; udsat score 2024.csv 2025.csv -o verdicts.csv; udsat score counts.csv --list-year 2025
    """
    from udsat.api import evaluate
    from udsat.cli.output import Output

    files = [*tables, *(references or ()), *(history or ()), *([criteria] if criteria else ())]
    out = Output.of(format and format.value, output, files, manifest, color.value)
    scored = evaluate(
        tables,
        criteria=criteria,
        references=references or (),
        history=history or (),
        basis=basis.value,
        list_year=list_year,
        rounded=rounded,
        assume_min_residents=assume_min_residents,
        skip_invalid=skip_invalid,
        decimal=None if decimal is None else decimal.value,
        dash=dash.value,
    )
    wanted = out.narrowed(scored, only or [])
    failed = _fails(scored, fail_on or [])
    _tell(scored)
    out.write(scored, detail.value, wanted)
    return 1 if scored.checked.problems or failed else 0


def _tell(scored: Scored) -> None:
    """Say how files were read, which rows were left out, and which names are only near a listed one."""
    for source in scored.checked.sources:
        if source.detected:
            say(source.detected)
    for problem in scored.checked.problems:
        say(f"left out: {problem}")
    for area, town, name in scored.verdicts.streaks.near:
        where = f" in {town}" if town else ""
        hint = "" if town else "; a column municipality would prove it"
        say(f"'{area}'{where} is near the listed '{name}', not proven to be the same: its earlier years are unknown{hint}")


def _fails(scored: Scored, categories: list[str]) -> bool:
    """Say how many areas are certainly in the categories, and how many may be; return whether any certainly is."""
    found = False
    for name in categories:
        yes, unknown = scored.members(name)
        say(f"--fail-on {name}: {yes} certain, {unknown} unknown")
        found = found or yes > 0
    return found
