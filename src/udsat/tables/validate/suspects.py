"""The suspects of a table, and what the pydantic model says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import duckdb

from udsat.messages.problems import Problem
from udsat.tables.readers.options import Reading
from udsat.tables.readers.raw import ColumnTable, TextTable
from udsat.tables.validate.part import Calendar, RowKey
from udsat.tables.validate.plain_cells import writer
from udsat.tables.validate.prepared import Prepared, rows_of
from udsat.tables.validate.rows import Parsed, parse

#: So many suspects of which the engine has read all cells go through the model at a time.
_BATCH = 10_000


@dataclass(slots=True)
class Judged:
    """What the model says of the suspects."""

    #: The rows of which the engine could not read a cell, and the numbers of the good ones.
    unread: Parsed
    places: list[int]
    #: Rows that are not as the engine has read them, or are wrong.
    replaced: list[int]
    #: Rows of empty cells, which are no rows.
    empty: int
    problems: list[Problem]
    wrong: list[RowKey]

    def add(self, parsed: Parsed, rows: Sequence[int]) -> None:
        """Add what is wrong with rows of these numbers."""
        self.problems += parsed.problems
        self.wrong += [key._replace(row=rows[key.row]) for key in parsed.wrong]


@dataclass(frozen=True, slots=True)
class Model:
    """The model, and all that it has to know to read some rows of a table."""

    raw: ColumnTable
    found: dict[str, int]
    days: Calendar
    how: Reading
    connection: duckdb.DuckDBPyConnection

    def read(self, texts: duckdb.DuckDBPyRelation) -> tuple[Parsed, list[int]]:
        """Return what the model says of rows, and their numbers; rows of empty cells in a text are
        no rows.
        """
        write = list(map(writer, self.raw.kinds))
        rows = [
            (row, [put(cell) if cell else "" for put, cell in zip(write, given, strict=True)])
            for *given, row in sorted(texts.fetchall(), key=itemgetter(-1))
        ]
        if self.raw.dialect is not None:
            rows = [(row, given) for row, given in rows if any(cell.strip() for cell in given)]
        lines = [(self.raw.line(row), given) for row, given in rows]
        table = TextTable(self.raw.name, self.raw.headings, lines, header_line=self.raw.header_line)
        return parse(table, self.found, self.days, self.how), [row for row, _ in rows]

    def judged(self, prepared: Prepared, beside: list[int], suspects: set[int]) -> Judged:
        """Ask of the rows with unread cells, and of the other suspects some at a time."""
        unread = sorted({*prepared.unread, *beside})
        written = self.raw.written()
        texts = rows_of(written, unread, self.connection) if beside else prepared.texts
        parsed, rows = self.read(texts) if unread else (self._nothing(), [])
        judged = Judged(
            parsed, [rows[n] for n in parsed.positions], unread, len(unread) - len(rows), [], []
        )
        judged.add(parsed, rows)
        others = sorted(suspects.difference(unread))
        for start in range(0, len(others), _BATCH):
            some = others[start : start + _BATCH]
            parsed, rows = self.read(rows_of(written, some, self.connection))
            judged.replaced.extend({*some} - {rows[n] for n in parsed.positions})
            judged.empty += len(some) - len(rows)
            judged.add(parsed, rows)
        return judged

    def _nothing(self) -> Parsed:
        return Parsed(TextTable(self.raw.name, self.raw.headings, []), self.found, [], [], [], [])
