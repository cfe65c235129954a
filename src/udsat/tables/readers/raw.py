"""Tables as they are read, before anything in them is checked: of text, or of typed columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

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
