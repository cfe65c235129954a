"""Nobody is counted twice: one row for each person and year, proven over all files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import duckdb

from udsat.errors import Problem
from udsat.register.faults import nobody
from udsat.register.places import Places
from udsat.register.survey import Survey
from udsat.tables.engine import another

#: So many persons counted twice are named; the rest is a number.
_MOST = 20


@contextmanager
def rising(surveys: Sequence[Survey], connection: duckdb.DuckDBPyConnection) -> Iterator[Future[bool]]:
    """Look, while other work is done, whether every row comes after the one before: then nobody stands twice.

    That takes one thread, which reads the rows in their order; it ends where the other work fails.
    """
    other = another(connection)
    with ThreadPoolExecutor(1) as hand:
        found = hand.submit(_is_rising, _rows(surveys), any(one.cells.kind("person") == "text" for one in surveys), other)
        try:
            yield found
        except BaseException:
            other.interrupt()
            raise


def twice(surveys: Sequence[Survey], places: Places, connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Return a problem for each person with more than one row in a year, naming the rows and not the person.

    Where rows do not say who they are, that is the problem.
    """
    empty = nobody(surveys, places, connection)
    return empty or (_named(surveys, places, connection) if _repeated(_rows(surveys), connection) else [])


def _rows(surveys: Sequence[Survey]) -> str:
    """Return the year and person of every row, in the order of the files."""
    as_text = len({one.cells.kind("person") for one in surveys}) > 1 or any(one.cells.kind("person") == "float" for one in surveys)
    parts = []
    for one in surveys:
        cells = one.cells
        person = cells.text("person") if as_text else cells.raw("person")
        parts.append(f"SELECT {cells.whole('year')} AS y, {person} AS p FROM {cells.source.sql()}")
    return " UNION ALL ".join(parts)


def _is_rising(rows: str, text: bool, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether every row comes after the one before, by year and person: then nobody stands twice, and nothing need be kept."""
    before = f"SELECT y, p, lag(y) OVER () AS before_y, lag(p) OVER () AS before_p FROM ({rows})"
    empty = "p IS NULL OR p = ''" if text else "p IS NULL"
    query = f"SELECT 1 FROM ({before}) WHERE {empty} OR NOT (y > before_y OR (y = before_y AND p > before_p)) LIMIT 1"
    return not connection.execute(query).fetchall()


def _repeated(rows: str, connection: duckdb.DuckDBPyConnection) -> bool:
    query = f"SELECT 1 FROM ({rows}) GROUP BY y, p HAVING count(*) > 1 LIMIT 1"
    return bool(connection.execute(query).fetchall())


def _named(surveys: Sequence[Survey], places: Places, connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    parts = [
        f"SELECT file, number, {one.cells.whole('year')} AS y, {one.cells.text('person')} AS p FROM ({placed}) "
        for one in surveys
        for placed in places.of(one.cells.source)
    ]
    grouped = f"""SELECT y, list(file ORDER BY file, number) AS files, list(number ORDER BY file, number) AS numbers
        FROM ({" UNION ALL ".join(parts)}) GROUP BY y, p HAVING count(*) > 1"""
    total = connection.execute(f"SELECT count(*) FROM ({grouped})").fetchall()[0][0]
    found = connection.execute(f"SELECT * FROM ({grouped}) ORDER BY files[1], numbers[1] LIMIT {_MOST}").fetchall()
    hint = "keep one row for each person and year: the one at the date that residents are counted on"
    problems = [
        Problem("UD701", f"the person of {places.words(files[0], numbers[0])} is counted again in {year}", hint, *places.at(file, number))
        for year, files, numbers in found
        for file, number in list(zip(files, numbers, strict=True))[1:]
    ]
    if total > len(found):
        problems.append(Problem("UD701", f"{total - len(found):,} more persons are counted twice", hint))
    return problems
