"""The one door from a table as it was read to its checked rows.

The pydantic model judges. Of a table in the engine it is asked only for the rows that are not
certainly right; of the rows of a small file it is asked for each: for so few, the engine would take
longer to begin.
"""

from __future__ import annotations

import duckdb

from udsat import engine
from udsat.messages.problems import Problem, TableError
from udsat.messages.text import Text, first_line
from udsat.tables.headings import recognise
from udsat.tables.readers.open import RawTable
from udsat.tables.readers.options import Reading
from udsat.tables.readers.raw import ColumnTable, TextTable, TypedTable
from udsat.tables.validate.part import Calendar, Part


def part_of(raw: RawTable, connection: engine.Connection, calendar: Calendar, how: Reading) -> Part:
    """Return a table as a part; its problems have the line, heading and value of each bad cell."""
    if not isinstance(connection, duckdb.DuckDBPyConnection):
        return _elsewhere(raw, connection, calendar, how)
    if isinstance(raw, TextTable):
        from udsat.tables.validate.rows import read_text

        return read_text(raw, connection, calendar, how)
    if isinstance(raw, TypedTable):
        return _typed(raw, connection, calendar, how)
    from udsat.tables.validate.columnar import read_columns

    return read_columns(raw, connection, calendar, how)


def _elsewhere(
    raw: RawTable, connection: engine.Elsewhere, calendar: Calendar, how: Reading
) -> Part:
    from udsat.tables.validate.remote import read_elsewhere

    if not isinstance(raw, TypedTable):
        raise TypeError(raw.name)
    return read_elsewhere(raw, connection, calendar, how)


def _typed(
    raw: TypedTable, connection: duckdb.DuckDBPyConnection, calendar: Calendar, how: Reading
) -> Part:
    from udsat.tables.validate.columnar import read_columns

    refuse_bytes(raw, recognise(raw.headings, raw.name, how.columns))
    try:
        return read_columns(ColumnTable.of_types(raw), connection, calendar, how)
    except duckdb.Error as error:
        raise TableError(
            Problem(
                "UD303",
                Text("cannot be read to its end: {first}", first=first_line(error)),
                Text("export it again"),
                raw.name,
            )
        ) from error


def refuse_bytes(raw: TypedTable, found: dict[str, int]) -> None:
    """Refuse a known column of bytes: which letters they stand for is not said."""
    headings = [raw.headings[n] for n in found.values()]
    bad = [heading for heading in headings if raw.types[heading] == "BLOB"]
    hint = Text("write it as text (UTF-8)")
    if bad:
        raise TableError(
            [
                Problem(
                    "UD303",
                    Text("the column contains bytes, not text"),
                    hint,
                    raw.name,
                    column=heading,
                )
                for heading in bad
            ]
        )
