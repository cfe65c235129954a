"""Tables as they are read, before anything in them is checked: of text, or of typed columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import duckdb

from udsat.engine import ROW_NUMBER, identifier, select
from udsat.files import Temporary
from udsat.tables.readers.dialect import Dialect
from udsat.tables.readers.layout import Layout, TextLine


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table whose cells are text: headings, and rows with the file line each starts on."""

    name: str
    headings: list[str]
    rows: Sequence[TextLine]
    dialect: Dialect | None = None
    digest: str = ""
    #: How many cells the header line has, and which of them are the headings (all, where it is
    #: empty).
    width: int = 0
    places: Sequence[int] = ()
    header_line: int = 1

    @classmethod
    def of(cls, name: str, layout: Layout, dialect: Dialect, digest: str) -> TextTable:
        """Return the table that was found in a file or sheet."""
        rows, places = (
            layout.rows,
            () if layout.places == list(range(layout.width)) else layout.places,
        )
        return cls(
            name, layout.headings, rows, dialect, digest, layout.width, places, layout.header_line
        )


@dataclass(frozen=True, slots=True)
class TypedTable:
    """A table whose columns have types: a view in the engine, with the type of each column."""

    name: str
    view: duckdb.DuckDBPyRelation
    #: The same with the number of each row, as `engine.ROW_NUMBER`.
    numbered: duckdb.DuckDBPyRelation
    types: dict[str, str] = field(default_factory=dict)
    digest: str = ""
    #: Columns of doubles that stand for their shortest decimal and have no not-a-number.
    clean: frozenset[str] = frozenset()

    @property
    def headings(self) -> list[str]:
        """The headings in the order of the table."""
        return list(self.types)


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """A table in the engine: its cells in `c0`, `c1`, ... for the headings, as text or typed."""

    name: str
    headings: list[str]
    view: duckdb.DuckDBPyRelation
    #: The same with the number of each row, as `ROW_NUMBER`.
    numbered: duckdb.DuckDBPyRelation
    #: How the text was written; None for a table with types.
    dialect: Dialect | None
    digest: str
    header_line: int
    #: How many cells the header line has.
    width: int
    #: The file line of a row of the relation.
    line: Callable[[int], int]
    #: Lines that have too few or too many cells, in order: their number and how many they have.
    ragged: Sequence[tuple[int, int]] = ()
    keep: tuple[Temporary, ...] = ()
    #: Columns whose cells had the sign of percent in a sheet.
    signed: frozenset[str] = frozenset()
    #: The decimal mark of all cells, where it is known already, and whether a text showed it.
    decimal: tuple[str, bool] | None = None

    @classmethod
    def of_types(cls, raw: TypedTable) -> ColumnTable:
        """Return a table with types under the names of columns that every table has."""
        picks = ", ".join(f"{identifier(name)} AS c{n}" for n, name in enumerate(raw.headings))
        return cls(
            raw.name,
            raw.headings,
            select(raw.view, "t", f"SELECT {picks} FROM t"),
            select(raw.numbered, "t", f"SELECT {picks}, {ROW_NUMBER} FROM t"),
            None,
            raw.digest,
            1,
            len(raw.headings),
            lambda row: row + 1,
        )

    @property
    def kinds(self) -> list[str]:
        """The type of each column."""
        return list(map(str, self.view.types))

    def written(self) -> duckdb.DuckDBPyRelation:
        """Return all cells as text, with the number of each row."""
        kinds = enumerate(self.kinds)
        picks = [
            f"c{n}" if kind == "VARCHAR" else f"CAST(c{n} AS VARCHAR) AS c{n}" for n, kind in kinds
        ]
        return select(self.numbered, "t", f"SELECT {', '.join(picks)}, {ROW_NUMBER} FROM t")
