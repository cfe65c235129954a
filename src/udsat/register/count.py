"""Persons to counts: each batch of rows is told apart by place, year and kind of person, and counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event, Lock
from typing import Any

import duckdb
import numpy as np

from udsat import exact
from udsat.errors import Problem
from udsat.law.library import Law
from udsat.register import arrays, populations
from udsat.register.arrays import Amounts, Whole
from udsat.register.batches import Batch, Stretch
from udsat.register.kinds import Kinds, bare, written_codes
from udsat.register.mapping import NUMBERS, YEARS, PersonMap
from udsat.register.once import Order
from udsat.register.sums import KEYS, Sums
from udsat.tables import engine
from udsat.tables.engine import identifier

_names = count()
#: In how many parts a measure that adds numbers is summed up; the others count whole persons.
PARTS = dict.fromkeys(NUMBERS, exact.NANO)
#: What is summed for a measure that counts persons, and for one that adds numbers: persons, ones, parts of one, and cut parts.
_COUNTED, _ADDED = ("base", "low", "high"), ("base", "ones", "parts", "cut")
#: So many groups and outcomes are looked at at once.
_MOST_COUNTS = 1 << 22


class Counter:
    """Counts rows, several stretches at once; the counts go to a table of the engine."""

    def __init__(self, law: Law, people: PersonMap, needed: Sequence[str], connection: duckdb.DuckDBPyConnection) -> None:
        """Make the table; the connection is kept to put counts there."""
        self.people, self.connection, self.kinds = people, connection, Kinds(law, people, needed, engine.another(connection))
        self.measures = populations.measures(law)
        self.columns = ["residents", *(f"{name}_{part}" for name in self.measures for part in (_ADDED if name in PARTS else _COUNTED))]
        self._regions = {code: name for name, codes in people.words("region").items() for code in written_codes(codes)}
        self._written = {"year": _year, "area": _text, "municipality": _text, "region": self._region}
        self.parts = f"register_{next(_names)}"
        types = ["year INTEGER", *(f"{name} VARCHAR" for name in KEYS[1:]), *(f"{name} BIGINT" for name in self.columns)]
        connection.execute(f"CREATE TEMP TABLE {self.parts} ({', '.join(types)})")
        #: Rows that have been counted (while it goes on: about so many), and what some do not tell, though a measure needs it.
        self.rows, self.untold = 0, set[str]()
        self._lock, self._stopped, self._unordered = Lock(), Event(), Event()

    def count(self, stretches: Sequence[Stretch]) -> list[tuple[int, Order]]:
        """Count the rows of all stretches; return for each how many there are, and in which order they stand."""
        found = [(0, Order())] * len(stretches)
        waiting = iter(enumerate(stretches))

        def work(hand: int) -> None:
            del hand
            sums = Sums(self.columns, self._written)
            while given := self._next(waiting):
                number, stretch = given
                found[number] = self._counted(stretch, sums)
            self._put(sums)

        hands = engine.threads(self.connection)
        with ThreadPoolExecutor(hands) as pool:
            try:
                list(pool.map(work, range(hands)))
            except BaseException:
                self._stopped.set()
                raise
        self.rows = sum(rows for rows, _ in found)
        return found

    def _next(self, waiting: Iterator[tuple[int, Stretch]]) -> tuple[int, Stretch] | None:
        with self._lock:
            return None if self._stopped.is_set() else next(waiting, None)

    def table(self) -> str:
        """Return the name of a table of all sums by year, area, municipality and region; area is null for who lives in none."""
        name = f"register_{next(_names)}"
        sums = [_total("residents")]
        for measure in self.measures:
            sums += _totals(measure) if measure in PARTS else [_total(f"{measure}_{part}") for part in _COUNTED]
        self.connection.execute(f"CREATE TEMP TABLE {name} AS SELECT {', '.join(KEYS)}, {', '.join(sums)} FROM {self.parts} GROUP BY ALL")
        self.connection.execute(f"DROP TABLE {self.parts}")
        return name

    def _counted(self, stretch: Stretch, sums: Sums) -> tuple[int, Order]:
        order, rows = Order(), 0
        for batch in stretch.read(lambda: not self._unordered.is_set()):
            if self._stopped.is_set():
                break
            self._add(batch, sums)
            order.add(batch.factors["year"], batch.persons)
            if not order.possible:
                self._unordered.set()
            rows += batch.rows
            self.rows += batch.rows
            del batch  # the next one is read before this name has it
            if sums.are_many():
                self._put(sums)
        return rows, order

    def _put(self, sums: Sums) -> None:
        """Hand what has been counted to the engine."""
        if len(sums.keys):
            with self._lock:
                self.connection.from_arrow(sums.taken()).insert_into(self.parts)

    def _add(self, batch: Batch, sums: Sums) -> None:
        """Add the counts of a batch: persons of each outcome in each group first, and of these what the names of measures count."""
        outcomes = self.kinds.of(batch.factors, batch.numbers)
        places, rows = arrays.grouped([batch.factors[name] for name in ("region", "municipality", "year", "area")])
        shape = len(self.kinds.outcomes), len(rows)
        if shape[0] * shape[1] > _MOST_COUNTS and batch.rows > 1:
            for half in batch.halves():
                self._add(half, sums)
            return
        cells = outcomes * np.intp(len(rows)) + places
        persons = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
        self._note_untold(persons)
        found = [persons.sum(0)]
        for measure in self.measures:
            if measure in PARTS:
                found += self._added(measure, batch.numbers[measure], persons, cells)
            else:
                base, low, high = (self.kinds.counting(f"{measure}_{part}", len(persons)) for part in _COUNTED)
                certain = _together(persons, low)
                found += [_together(persons, base), certain, certain if low == high else _together(persons, high)]
        sums.add(batch.factors, rows, np.array(found, np.int64))

    def _note_untold(self, persons: Whole) -> None:
        for outcome, names in self.kinds.wanting(len(persons)):
            if names - self.untold and persons[outcome].any():
                self.untold |= names

    def _added(self, measure: str, amounts: Amounts, persons: Whole, cells: Whole) -> list[Whole]:
        """Return persons, ones, parts of one and cut parts of a measure that adds numbers, for each group."""
        by_number, by_head = (self.kinds.counting(f"{measure}_{how}", len(persons)) for how in ("base", "persons"))

        def summed(values: Whole, outcomes: Sequence[int], most: int = 1) -> Whole:
            return _together(arrays.sums(cells, values, persons.size, most).reshape(persons.shape), outcomes)

        total = summed(amounts.values, by_number, amounts.most)
        ones, rest = total // amounts.parts, total % amounts.parts * (PARTS[measure] // amounts.parts)
        if by_head:
            ones += summed(amounts.values > 0, by_head)
        cut = total * 0 if amounts.cut is None else summed(amounts.cut, by_number)
        return [_together(persons, [*by_number, *by_head]), ones, rest, cut]

    def _region(self, cell: Any) -> str:
        """Return the name of a region; `error` where the map does not know its code."""
        code = bare(cell)
        return self.people.missing("region") if code is None else self._regions.get(code, "error")


def _together(rows: Whole, outcomes: Sequence[int]) -> Whole:
    """Return the sum of the rows of some outcomes."""
    total = np.zeros(rows.shape[1], rows.dtype)
    for outcome in outcomes:
        total += rows[outcome]
    return total


def _year(cell: int | None) -> int:
    """Return a year as it is written; 0 for what is none, of which nothing is told in the end."""
    return cell if cell is not None and YEARS[0] <= cell <= YEARS[1] else 0


def _text(cell: Any) -> str:
    found = bare(cell)
    return "" if found is None else str(found)


def _total(column: str) -> str:
    return f"CAST(sum({column}) AS BIGINT) AS {column}"


def _totals(measure: str) -> list[str]:
    """Return the sums of a measure that adds numbers: in billionths, and one more or less for each that was cut."""
    total, cut = f"CAST(sum({measure}_ones) AS HUGEINT) * {PARTS[measure]} + sum({measure}_parts)", f"sum({measure}_cut)"
    return [f"{total} - {cut} AS {measure}_low", f"{total} + {cut} AS {measure}_high", _total(f"{measure}_base")]


def two_regions(table: str, connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Return a problem for each area whose persons live in two regions in one year."""
    query = f"""SELECT area, municipality, year, count(DISTINCT region) FROM {identifier(table)}
        WHERE area IS NOT NULL AND region != 'error' GROUP BY ALL HAVING count(DISTINCT region) > 1 ORDER BY ALL"""
    hint = "give areas of different municipalities different codes, or name the column of the municipality"
    return [
        Problem("UD710", f"the persons of {', '.join(filter(None, (area, town)))} in {year} live in {many} regions", hint)
        for area, town, year, many in connection.execute(query).fetchall()
    ]


def unknown_regions(table: str, people: PersonMap, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a code of a region is not in the map."""
    if not people.given("region"):
        return False
    return bool(connection.execute(f"SELECT 1 FROM {identifier(table)} WHERE region = 'error' LIMIT 1").fetchall())
