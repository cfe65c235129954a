"""`udsat validate`: every problem of a table."""

from __future__ import annotations

from typing import Annotated

import typer

from udsat.cli.check_output import FindingsFormat, show
from udsat.cli.errors import handled
from udsat.cli.options import (
    Chosen,
    Color,
    ColorOption,
    Folder,
    ListYear,
    NamesOption,
    ReadingOptions,
    References,
    TablesArgument,
    option,
)


@handled
def validate(
    tables: TablesArgument,
    cells: ReadingOptions,
    criteria: Chosen = None,
    criteria_dir: Folder = None,
    references: References = None,
    names: NamesOption = None,
    list_year: ListYear = None,
    no_warnings: Annotated[
        bool, option("--no-warnings", text="Leave out what may be wrong though no cell is.")
    ] = False,
    strict: Annotated[bool, option("--strict", text="Exit with 1 for warnings too.")] = False,
    format: Annotated[
        FindingsFormat, typer.Option(help="How problems are printed.")
    ] = FindingsFormat.table,
    color: ColorOption = Color.auto,
) -> int:
    """List every problem of one or more tables, with file, line, column, value and code.

    Errors stop `udsat score`; warnings are what is worth a second look. `udsat explain UD101` says
    more about a code.

    Examples: udsat validate areas.csv; udsat validate 'lists/*.xlsx' --format github; udsat
    validate counts.csv --strict
    """
    from udsat.api import examine
    from udsat.tables.readers import options

    said = cells.cells()
    how = options.of(dash_is_zero=said.pop("dash") == "zero", **said)
    problems = examine(
        tables,
        how=how,
        criteria=criteria,
        criteria_dir=criteria_dir,
        references=references or (),
        names=names or (),
        list_year=list_year,
        warnings=not no_warnings,
    )
    return show(problems, tables, format, "validate", color.value, strict)
