"""The options that several commands share, in groups: a command that names a group as a parameter
takes all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeVar

import typer

from udsat.cli import completion
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.api import Scored

F = TypeVar("F", bound=StrEnum)


class Basis(StrEnum):
    """Where earlier years come from."""

    published = "published"
    computed = "computed"


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


def option(*names: str, text: str, **more: Any) -> Any:
    """Return an option with its help, without a default in the help."""
    return typer.Option(*names, help=text, show_default=False, **more)


#: For pages and pictures, where lines of 2 % and of 60 % stand beside each other.
NEAR = (
    "How near a threshold is near: 1.5 (points) or '15 persons'; by default 1 point, and 2.5 %"
    " of the threshold where that is less."
)
MEMORY = "The most memory that the engine may hold, such as 2GB; the rest goes to disk."
TablesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="TABLE",
        help="CSV, Excel or Parquet files, folders or patterns; - reads CSV from standard input.",
    ),
]
Chosen = Annotated[
    str | None,
    option(
        "--criteria",
        text="A version (2018) or criteria file for all rows.",
        autocompletion=completion.versions,
    ),
]
Folder = Annotated[
    str | None,
    option(
        "--criteria-dir",
        metavar="FOLDER",
        text="A folder with criteria of your own.",
        envvar="UDSAT_CRITERIA",
        show_envvar=True,
    ),
]
References = Annotated[
    list[str] | None,
    option("--references", text="National shares, regional incomes or limits (CSV or Excel)."),
]
NamesOption = Annotated[
    list[str] | None,
    option("--names", metavar="FILE", text="What else areas are called (CSV or Excel)."),
]
ListYear = Annotated[
    int | None, option("--list-year", text="The list to form from a table of calendar years.")
]
ColorOption = Annotated[
    Color, typer.Option(help="Colours in the table; NO_COLOR turns them off too.")
]


@dataclass(frozen=True, slots=True)
class OutputOptions(Generic[F]):
    """Where a result goes and in which of the formats `F`: for every command that gives one."""

    format: Annotated[
        F | None, option("--format", text="The format of the result; with -o its ending decides.")
    ] = None
    output: Annotated[
        str | None,
        option("-o", "--output", metavar="FILE", text="Write to a file, whole or not at all."),
    ] = None


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How files and cells are read, where files do not say it: what every command takes that reads
    tables.
    """

    decimal: Annotated[
        Decimal | None, option("--decimal", text="The decimal mark, where a file does not show it.")
    ] = None
    dash: Annotated[Dash, typer.Option(help="What a cell with only a dash means.")] = Dash.missing
    delimiter: Annotated[
        str | None, option("--delimiter", text="The mark between cells: ; , | or tab.")
    ] = None
    encoding: Annotated[
        str | None, option("--encoding", text="The encoding of text files, such as windows-1252.")
    ] = None
    sheet: Annotated[
        str | None, option("--sheet", text="The sheet of a workbook, by name or number.")
    ] = None
    header_row: Annotated[
        int | None, option("--header-row", min=1, text="The line of the headings, counted from 1.")
    ] = None
    columns: Annotated[
        str | None, option("--columns", metavar="FILE", text="What headings mean (TOML).")
    ] = None
    problems: Annotated[
        str | None,
        option("--problems", metavar="FILE", text="Write every problem to a file (.csv or .json)."),
    ] = None

    def cells(self) -> dict[str, Any]:
        """Return the options as the library takes them."""
        return {
            "decimal": None if self.decimal is None else self.decimal.value,
            "dash": self.dash.value,
            "delimiter": self.delimiter,
            "encoding": self.encoding,
            "sheet": self.sheet,
            "header_row": self.header_row,
            "columns": self.columns,
        }


@dataclass(frozen=True, slots=True)
class Scoring(ReadingOptions):
    """How tables are read and scored: what every command takes that rests on verdicts."""

    criteria: Chosen = None
    criteria_dir: Folder = None
    references: References = None
    history: Annotated[
        list[str] | None, option("--history", text="Earlier lists by name (CSV or Excel).")
    ] = None
    names: NamesOption = None
    basis: Annotated[
        Basis,
        typer.Option(help="Earlier years: published lists where known, or the table's rows alone."),
    ] = Basis.published
    list_year: ListYear = None
    rounded: Annotated[
        bool, option("--rounded", text="A printed value is every value that rounds to it.")
    ] = False
    assume_min_residents: Annotated[
        bool,
        option(
            "--assume-min-residents",
            text="Take missing residents as enough; marked on the verdicts.",
        ),
    ] = False
    skip_invalid: Annotated[
        bool,
        option("--skip-invalid", text="Leave out rows with problems; the exit status is still 1."),
    ] = False
    group: Annotated[
        str | None,
        option(
            "--group", metavar="COLUMN", text="Score rows together that have the same in a column."
        ),
    ] = None
    compare: Annotated[
        list[str] | None,
        option(
            "--compare",
            metavar="ROW",
            text="Show municipality, region, country or a named row beside areas.",
        ),
    ] = None
    memory: Annotated[str | None, option("--memory", metavar="SIZE", text=MEMORY)] = None

    def files(self) -> list[str]:
        """Return the files that the options name: no output may overwrite one of them."""
        return [
            *(self.references or ()),
            *(self.history or ()),
            *(self.names or ()),
            *(name for name in (self.criteria, self.columns) if name),
        ]

    def given(self) -> dict[str, Any]:
        """Return what the options say, as the library's functions take it; but for the list year.

        A cap on memory holds for every connection that is made from then on.
        """
        from udsat import engine

        engine.cap(self.memory)
        return {
            "criteria": self.criteria,
            "criteria_dir": self.criteria_dir,
            "references": self.references or (),
            "history": self.history or (),
            "names": self.names or (),
            "basis": self.basis.value,
            "rounded": self.rounded,
            "assume_min_residents": self.assume_min_residents,
            "skip_invalid": self.skip_invalid,
            **self.cells(),
            "group": self.group,
            "compare": self.compare or (),
        }

    def evaluate(
        self, tables: Sequence[str], engine: Literal["duckdb", "polars"] = "duckdb"
    ) -> Scored:
        """Return the verdicts on tables."""
        from udsat.api import evaluate

        return evaluate(list(tables), list_year=self.list_year, engine=engine, **self.given())


def one_area(area: str | None, municipality: str | None) -> None:
    """Raise `UsageError` for a municipality without an area: it distinguishes areas that share a
    name, and leaves out no other.
    """
    if municipality and not area:
        hint = Text("it says which of several areas of one name is meant")
        raise UsageError(Problem("UD511", Text("--municipality needs --area"), hint))
