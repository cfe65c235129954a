"""Persons to counts: several threads count stretches of rows, and hand their sums to a table of the
engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event, Lock
from typing import Any

import duckdb
import pyarrow as pa

from udsat import engine
from udsat.engine import identifier
from udsat.law.loader import Law
from udsat.messages.problems import Problem
from udsat.messages.text import Text
from udsat.register import populations
from udsat.register import tallies as tally
from udsat.register.batches import Stretch
from udsat.register.duplicates import Order
from udsat.register.mapping import YEARS, PersonMap
from udsat.register.person_classes import Kinds, bare, written_codes
from udsat.register.sums import KEYS, Sums
from udsat.register.tallies import COUNTED, PARTS, Tally

_names = count()


class Counter:
    """Counts rows, several stretches at once; the counts go to a table of the engine."""

    def __init__(
        self,
        law: Law,
        people: PersonMap,
        needed: Sequence[str],
        connection: duckdb.DuckDBPyConnection,
    ) -> None:
        """Make the table; the connection is kept to put counts there."""
        self.people, self.connection, self.kinds = (
            people,
            connection,
            Kinds(law, people, needed, engine.another(connection)),
        )
        self.measures = populations.measures(law)
        self.columns = tally.columns(self.measures)
        self._regions = {
            code: name
            for name, codes in people.words("region").items()
            for code in written_codes(codes)
        }
        written = {"year": _year, "area": _text, "municipality": _text, "region": self._region}
        #: Where sums are that were handed on, if any were.
        self._parts = ""
        #: Rows that have been counted (while it goes on: about so many), and what some do not tell,
        #: though a measure needs it.
        self.rows, self.untold = 0, set[str]()
        self._sums = Sums(self.columns, written, self._put)
        self._lock, self._stopped, self._unordered = Lock(), Event(), Event()

    def count(self, stretches: Sequence[Stretch]) -> list[tuple[int, Order]]:
        """Count the rows of all stretches; return for each how many there are, and in which order
        they stand.
        """
        found = [(0, Order())] * len(stretches)
        waiting = iter(enumerate(stretches))

        def work(hand: int) -> None:
            del hand
            tally = Tally(self.measures, self.kinds, self._sums)
            while given := self._next(waiting):
                number, stretch = given
                try:
                    found[number] = self._counted(stretch, tally)
                except BaseException:
                    self._stopped.set()  # the others need not go on
                    raise
            with self._lock:
                self.untold |= tally.untold

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
        """Return the name of a table of all sums by year, area, municipality and region; area is
        null for who lives in none.
        """
        picks = [_whole("residents")]
        for measure in self.measures:
            picks += (
                _numbers(measure)
                if measure in PARTS
                else [_whole(f"{measure}_{part}") for part in COUNTED]
            )
        name, query = f"register_{next(_names)}", f"SELECT {', '.join([*KEYS, *picks])} FROM sums"
        if self._parts:
            self._put(self._sums.taken())
            added = ", ".join(f"sum({name}) AS {name}" for name in self.columns)
            sums = f"SELECT {', '.join(KEYS)}, {added} FROM {self._parts} GROUP BY ALL"
            self.connection.execute(f"CREATE TEMP TABLE {name} AS WITH sums AS ({sums}) {query}")
            self.connection.execute(f"DROP TABLE {self._parts}")
        else:
            engine.select(self.connection.from_arrow(self._sums.taken()), "sums", query).create(
                name
            )
        return name

    def _counted(self, stretch: Stretch, tally: Tally) -> tuple[int, Order]:
        order, rows = Order(), 0
        for batch in stretch.read(lambda: not self._unordered.is_set()):
            if self._stopped.is_set():
                break
            tally.add(batch)
            order.add(batch.factors["year"], batch.persons)
            if not order.possible:
                self._unordered.set()
            rows += batch.rows
            self.rows += batch.rows
            del batch  # the next one is read before this name has it
        tally.count()
        return rows, order

    def _put(self, sums: pa.Table) -> None:
        """Hand sums to the engine: to a temporary table, of which it puts elsewhere what does not
        fit.
        """
        if not self._parts:
            self._parts = f"register_{next(_names)}"
            types = [
                "year INTEGER",
                *(f"{name} VARCHAR" for name in KEYS[1:]),
                *(f"{name} BIGINT" for name in self.columns),
            ]
            self.connection.execute(f"CREATE TEMP TABLE {self._parts} ({', '.join(types)})")
        self.connection.from_arrow(sums).insert_into(self._parts)

    def _region(self, cell: Any) -> str:
        """Return the name of a region; `error` where the map does not know its code."""
        code = bare(cell)
        return self.people.missing("region") if code is None else self._regions.get(code, "error")


def _year(cell: int | None) -> int:
    """Return a year as it is written; 0 for what is none, of which nothing is told in the end."""
    return cell if cell is not None and YEARS[0] <= cell <= YEARS[1] else 0


def _text(cell: Any) -> str:
    found = bare(cell)
    return "" if found is None else str(found)


def _whole(column: str) -> str:
    return f"CAST({column} AS BIGINT) AS {column}"


def _numbers(measure: str) -> list[str]:
    """Return the sums of a measure that adds numbers: in billionths, and one more or less for each
    that was cut.
    """
    total, cut = (
        f"CAST({measure}_ones AS HUGEINT) * {PARTS[measure]} + {measure}_parts",
        f"{measure}_cut",
    )
    return [
        f"{total} - {cut} AS {measure}_low",
        f"{total} + {cut} AS {measure}_high",
        _whole(f"{measure}_base"),
    ]


def two_regions(table: str, connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Return a problem for each area whose persons live in two regions in one year."""
    query = f"""SELECT area, municipality, year, count(DISTINCT region) FROM {identifier(table)}
        WHERE area IS NOT NULL AND region != 'error' GROUP BY ALL HAVING count(DISTINCT region) > 1 ORDER BY ALL"""  # noqa: E501
    hint = Text(
        "give areas of different municipalities different codes, or name the column of"
        " the municipality"
    )
    return [
        Problem(
            "UD710",
            Text(
                "the persons of {names} in {year} live in {many} regions",
                names=", ".join(filter(None, (area, town))),
                year=year,
                many=many,
            ),
            hint,
        )
        for area, town, year, many in connection.execute(query).fetchall()
    ]


def unknown_regions(table: str, people: PersonMap, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a code of a region is not in the map."""
    if not people.given("region"):
        return False
    return bool(
        connection.execute(
            f"SELECT 1 FROM {identifier(table)} WHERE region = 'error' LIMIT 1"
        ).fetchall()
    )
