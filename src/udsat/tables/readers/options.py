"""How a user says that files are to be read, where the files do not say it themselves."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field

from udsat.files import reading, toml
from udsat.messages.problems import Problem, TableError, UsageError
from udsat.messages.text import Text, of_error
from udsat.tables.headings import COLUMN_UNITS, COLUMNS, plain
from udsat.tables.readers import paths

#: Names of marks between cells, for shells in which the mark itself is hard to type.
NAMED = {"semicolon": ";", "comma": ",", "tab": "\t", "pipe": "|", "\\t": "\t"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How files and cells are to be read; None where the file decides."""

    decimal: str | None = None
    dash_is_zero: bool = False
    #: Every printed value stands for all values that round to it.
    rounded: bool = False
    delimiter: str | None = None
    encoding: str | None = None
    #: The name of the sheet in a workbook.
    sheet: str | None = None
    #: The line or row of the headings, counted from 1.
    header_row: int | None = None
    #: Which column a heading means, by plain heading; an empty column is passed through.
    columns: Mapping[str, str] = field(default_factory=dict)
    #: The units that the user confirms, by plain heading: nobody need ask whether the figures are
    #: in them.
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def known(self) -> frozenset[str]:
        """The plain headings that the user has declared."""
        return frozenset(self.columns)


def of(
    decimal: str | None = None,
    dash_is_zero: bool = False,
    rounded: bool = False,
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    columns: str | None = None,
) -> Reading:
    """Return the reading that options ask for; `columns` is the path of a column map.

    Raises `UsageError` or `TableError` where an option cannot be used.
    """
    meant, units = column_map(columns)
    return Reading(
        decimal,
        dash_is_zero,
        rounded,
        _delimiter(delimiter),
        _encoding(encoding),
        sheet,
        header_row,
        meant,
        units,
    )


def _delimiter(text: str | None) -> str | None:
    """Return the mark between cells that an option names: the mark itself, or its name."""
    if text is None:
        return None
    mark = NAMED.get(text.lower(), text)
    if len(mark) != 1 or mark in '"\r\n' or mark.isalnum():
        raise UsageError(
            Problem(
                "UD508",
                Text("'{text}' cannot separate cells", text=text),
                Text("give one mark, or {names}", names=", ".join(sorted(NAMED)[1:])),
            )
        )
    return mark


def _encoding(name: str | None) -> str | None:
    """Return the name of an encoding as Python knows it."""
    if name is None:
        return None
    try:
        " ".encode(
            name
        )  # refuses what is unknown, and codecs that are no text encodings, such as hex
    except (LookupError, ValueError):
        raise UsageError(
            Problem(
                "UD508",
                Text("'{name}' is no encoding", name=name),
                Text("such as utf-8, windows-1252 or utf-16"),
            )
        ) from None
    return codecs.lookup(name).name


def column_map(path: str | None) -> tuple[dict[str, str], dict[str, str]]:
    """Return which column each heading of a TOML file means, and the units that are confirmed, by
    plain heading.

    The file has one table `columns`: `"Andel dømte" = "convicted_pct"`, or with its unit confirmed
    `"Andel dømte" = { column = "convicted_pct", unit = "percent" }`; an empty text hands a column
    through. Raises `TableError` where it has anything else.
    """
    if path is None:
        return {}, {}
    try:
        given = toml.loads(reading.content(path).decode("utf-8").replace("\r\n", "\n"))
    except OSError as error:
        raise paths.unreadable(error, path) from error
    except UnicodeDecodeError as error:
        raise TableError(
            Problem("UD312", Text("is no TOML file: its text is not UTF-8"), file=path)
        ) from error
    except toml.NotToml as error:
        raise TableError(
            Problem("UD312", Text("is no TOML file: {error}", error=of_error(error)), file=path)
        ) from error
    columns = given.get("columns")
    if set(given) != {"columns"} or not isinstance(columns, dict):
        raise TableError(
            Problem(
                "UD312",
                Text("has no table [columns], or more than that"),
                Text('write "heading" = "column" under [columns]'),
                path,
            )
        )
    units = {heading: unit for heading, (_, unit) in _confirmed(columns, path).items()}
    columns |= {heading: column for heading, (column, _) in _confirmed(columns, path).items()}
    wrong = [
        f"'{column}'"
        for column in columns.values()
        if not isinstance(column, str) or column not in (*COLUMNS, "")
    ]
    if wrong:
        raise TableError(
            Problem(
                "UD312",
                Text("there is no column {names}", names=", ".join(wrong)),
                Text("columns are {names}", names=", ".join(COLUMNS)),
                path,
            )
        )
    if len({plain(heading) for heading in columns}) < len(columns):
        raise TableError(
            Problem(
                "UD312",
                Text("has one heading in two spellings"),
                Text("case, spaces and punctuation do not count; keep one"),
                path,
            )
        )
    return {plain(heading): column for heading, column in columns.items()}, {
        plain(heading): unit for heading, unit in units.items()
    }


def _confirmed(columns: Mapping[str, object], path: str) -> dict[str, tuple[str, str]]:
    """Return the columns and units of headings that have both; raise `TableError` where a unit is
    not that of its column.
    """
    found = {}
    for heading, said in columns.items():
        if not isinstance(said, dict):
            continue
        column, unit = said.get("column"), said.get("unit")
        if (
            set(said) != {"column", "unit"}
            or not isinstance(column, str)
            or not isinstance(unit, str)
        ):
            hint = Text('write { column = "convicted_pct", unit = "percent" }')
            raise TableError(
                Problem(
                    "UD312",
                    Text("'{heading}' has other keys than column and unit", heading=heading),
                    hint,
                    path,
                )
            )
        if column in COLUMNS and unit != COLUMN_UNITS.get(column):
            right = COLUMN_UNITS.get(column)
            hint = (
                Text("its unit is {right}", right=right)
                if right
                else Text("units are those of {names}", names=", ".join(COLUMN_UNITS))
            )
            raise TableError(
                Problem(
                    "UD312",
                    Text(
                        "'{heading}': the column {column} is not in the unit '{unit}'",
                        heading=heading,
                        column=column,
                        unit=unit,
                    ),
                    hint,
                    path,
                )
            )
        found[heading] = column, unit
    return found
