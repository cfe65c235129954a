"""`udsat validate`: every problem of a table."""

from __future__ import annotations

from typing import Annotated

import typer

from udsat.cli.findings import FindingsFormat, show
from udsat.cli.handler import handled
from udsat.cli.options import Cells, Color, ColorOption, Tables, option


@handled
def validate(
    tables: Tables,
    cells: Cells,
    criteria: Annotated[str | None, option("--criteria", text="A version (2018) or criteria file for all rows.")] = None,
    references: Annotated[list[str] | None, option("--references", text="National shares, regional incomes or limits (CSV).")] = None,
    list_year: Annotated[int | None, option("--list-year", text="The list to form from a table of calendar years.")] = None,
    no_warnings: Annotated[bool, option("--no-warnings", text="Leave out what may be wrong though no cell is.")] = False,
    strict: Annotated[bool, option("--strict", text="Exit with 1 for warnings too.")] = False,
    format: Annotated[FindingsFormat, typer.Option(help="How problems are printed.")] = FindingsFormat.table,
    color: ColorOption = Color.auto,
) -> int:
    """List every problem of one or more tables, with file, line, column, value and code.

    Errors stop `udsat score`; warnings are what is worth a second look. `udsat explain UD101` says more about a code.

    Examples: udsat validate areas.csv; udsat validate 'lists/*.xlsx' --format github; udsat validate counts.csv --strict
    """
    from udsat.api import examine
    from udsat.tables import reading

    said = cells.cells()
    how = reading.of(dash_is_zero=said.pop("dash") == "zero", **said)
    problems = examine(tables, how=how, criteria=criteria, references=references or (), list_year=list_year, warnings=not no_warnings)
    return show(problems, tables, format, "validate", color.value, strict)
