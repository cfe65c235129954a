"""`udsat validate`: every problem of a table."""

from __future__ import annotations

from typing import Annotated

from udsat.cli.errors import handled
from udsat.cli.findings import show
from udsat.cli.options import (
    Chosen,
    Color,
    ColorOption,
    Folder,
    ListYear,
    NamesOption,
    OutputOptions,
    ReadingOptions,
    References,
    TablesArgument,
    option,
)
from udsat.cli.output.formats import FindingsFormat
from udsat.cli.output.target import Output


@handled
def validate(
    tables: TablesArgument,
    cells: ReadingOptions,
    options: OutputOptions[FindingsFormat],
    criteria: Chosen = None,
    criteria_dir: Folder = None,
    references: References = None,
    names: NamesOption = None,
    list_year: ListYear = None,
    no_warnings: Annotated[
        bool, option("--no-warnings", text="Leave out what may be wrong though no cell is.")
    ] = False,
    strict: Annotated[bool, option("--strict", text="Exit with 1 for warnings too.")] = False,
    color: ColorOption = Color.auto,
) -> int:
    """List every problem of one or more tables, with file, line, column, value and code.

    Errors stop `udsat score`; warnings are what is worth a second look. `udsat explain UD101` says
    more about a code.

    Examples: udsat validate areas.csv; udsat validate 'lists/*.xlsx' --format github; udsat
    validate counts.csv --strict
    """
    from udsat.api import examine
    from udsat.tables.readers.options import of

    named = [*(references or ()), *(names or ()), *filter(None, (criteria, cells.columns))]
    out = Output.of(options, FindingsFormat, [*tables, *named], color.value)
    said = cells.cells()
    how = of(dash_is_zero=said.pop("dash") == "zero", **said)
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
    return show(problems, tables, out, "validate", strict)
