"""Nobody is counted twice: one row for each person and year, proven over all files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from udsat.messages.problems import Problem
from udsat.messages.text import Text
from udsat.register import arrays
from udsat.register.arrays import CellFactor
from udsat.register.cells import PersonCells
from udsat.register.problems import nobody
from udsat.register.row_location import RowLocations

#: So many persons counted twice are named; the rest is a number.
_MOST = 20


@dataclass(slots=True)
class Order:
    """Whether every row of a stretch comes after the one before, by year and person or by person
    and year: then nobody stands twice.
    """

    by_year: bool = True
    by_person: bool = True
    first: tuple[Any, Any] | None = None
    last: tuple[Any, Any] | None = None

    @property
    def possible(self) -> bool:
        """Whether the rows so far rise in one of the two ways."""
        return self.by_year or self.by_person

    def add(self, years: CellFactor, persons: pa.Array | None) -> None:
        """Take the next rows."""
        if persons is None or persons.null_count or None in years.cells:
            self.by_year = self.by_person = False
        if persons is None or not self.possible:
            return
        first, last = ((years.cells[years.index[n]], _compared(persons[n])) for n in (0, -1))
        self._step(self.last, first)
        self._rise(years, persons)
        self.first, self.last = self.first or first, last

    def then(self, other: Order) -> None:
        """Take rows that stand after these, with their own order."""
        self.by_year, self.by_person = (
            self.by_year and other.by_year,
            self.by_person and other.by_person,
        )
        if other.first:
            self._step(self.last, other.first)
            self.first, self.last = self.first or other.first, other.last

    def _step(self, before: tuple[Any, Any] | None, after: tuple[Any, Any]) -> None:
        """Look at two rows that stand one after the other."""
        if after[1] == b"" or (before and type(before[1]) is not type(after[1])):
            self.by_year = self.by_person = False
        elif before:
            self.by_year, self.by_person = (
                self.by_year and before < after,
                self.by_person and before[::-1] < after[::-1],
            )

    def _rise(self, years: CellFactor, persons: pa.Array) -> None:
        """Look at rows one after the other."""
        above, below = persons.slice(0, len(persons) - 1), persons.slice(1)
        more = pc.less(above, below)
        if years.index.min() == years.index.max():  # the same year in all
            rises = pc.all(more).as_py() is not False  # one row alone has none above it
            self.by_year, self.by_person = self.by_year and rises, self.by_person and rises
            return
        if not pa.types.is_integer(persons.type) and pc.min(pc.binary_length(persons)).as_py() == 0:
            self.by_year = self.by_person = False
            return
        comes, stays = arrays.truths(more), arrays.truths(pc.equal(above, below))
        year = np.array(years.cells)[years.index]
        later, same = year[1:] > year[:-1], year[1:] == year[:-1]
        self.by_year = self.by_year and bool((later | (same & comes)).all())
        self.by_person = self.by_person and bool((comes | (stays & later)).all())


def _compared(cell: pa.Scalar) -> Any:
    """Return a cell as rows are compared by it: a text by its bytes, whatever they are."""
    return cell.as_buffer().to_pybytes() if isinstance(cell, pa.BinaryScalar) else cell.as_py()


def rising(orders: Sequence[Order]) -> bool:
    """Whether the order of all rows proves that nobody stands twice."""
    whole = Order()
    for one in orders:
        whole.then(one)
    return whole.possible


def twice(
    tables: Sequence[PersonCells], places: RowLocations, connection: duckdb.DuckDBPyConnection
) -> list[Problem]:
    """Return a problem for each person with more than one row in a year, naming the rows and not
    the person.

    Where rows do not say who they are, that is the problem.
    """
    empty = nobody(tables, places, connection)
    return empty or (
        _named(tables, places, connection) if _repeated(_rows(tables), connection) else []
    )


def _rows(tables: Sequence[PersonCells]) -> str:
    """Return the year and person of every row, in the order of the files."""
    as_text = len({one.kind("person") for one in tables}) > 1 or any(
        one.kind("person") == "float" for one in tables
    )
    parts = []
    for one in tables:
        person = one.text("person") if as_text else one.raw("person")
        parts.append(f"SELECT {one.whole('year')} AS y, {person} AS p FROM {one.source.sql()}")
    return " UNION ALL ".join(parts)


def _repeated(rows: str, connection: duckdb.DuckDBPyConnection) -> bool:
    query = f"SELECT 1 FROM ({rows}) GROUP BY y, p HAVING count(*) > 1 LIMIT 1"
    return bool(connection.execute(query).fetchall())


def _named(
    tables: Sequence[PersonCells], places: RowLocations, connection: duckdb.DuckDBPyConnection
) -> list[Problem]:
    parts = [
        f"SELECT file, number, {one.whole('year')} AS y, {one.text('person')} AS p FROM ({placed}) "
        for one in tables
        for placed in places.of(one.source)
    ]
    grouped = f"""SELECT y, list(file ORDER BY file, number) AS files, list(number ORDER BY file, number) AS numbers
        FROM ({" UNION ALL ".join(parts)}) GROUP BY y, p HAVING count(*) > 1"""  # noqa: E501
    total = connection.execute(f"SELECT count(*) FROM ({grouped})").fetchall()[0][0]
    found = connection.execute(
        f"SELECT * FROM ({grouped}) ORDER BY files[1], numbers[1] LIMIT {_MOST}"
    ).fetchall()
    hint = Text(
        "keep one row for each person and year: the one at the date that residents are counted on"
    )
    problems = [
        Problem(
            "UD701",
            Text(
                "the person of {words} is counted again in {year}",
                words=places.words(files[0], numbers[0]),
                year=year,
            ),
            hint,
            *places.at(file, number),
        )
        for year, files, numbers in found
        for file, number in list(zip(files, numbers, strict=True))[1:]
    ]
    if total > len(found):
        problems.append(
            Problem(
                "UD701",
                Text("{total:,} more persons are counted twice", total=total - len(found)),
                hint,
            )
        )
    return problems
