"""Keys that occur more than once: two rows for one area and list."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import duckdb

from udsat import engine
from udsat.engine import identifier
from udsat.messages.problems import Problem
from udsat.messages.text import Text
from udsat.names.resolver import Resolver
from udsat.tables.area_table import AREA_KEY, TOWN_KEY
from udsat.tables.validate.area_keys import with_keys
from udsat.tables.validate.part import Part, place

#: Of tables in other engines, so many keys that occur more than once are reported.
_MOST_REPEATED = 100


def in_order(
    relation: duckdb.DuckDBPyRelation, parts: Sequence[Part], connection: engine.Connection
) -> bool:
    """Whether a table of many rows is sorted by name and date, which is soon seen: then no key
    occurs twice either.
    """
    if (
        not isinstance(connection, duckdb.DuckDBPyConnection)
        or sum(part.length for part in parts) <= engine.MANY
    ):
        return False
    date = "year" if "year" in relation.columns else "list_date"
    keyed = engine.select(
        relation, "t", f"SELECT {AREA_KEY} AS area, {TOWN_KEY} AS town, {date} AS date FROM t"
    )
    return engine.ascends(keyed, ("area", "town", "date")) or engine.ascends(
        keyed, ("town", "area", "date")
    )


def repeated(
    relation: duckdb.DuckDBPyRelation,
    parts: Sequence[Part],
    connection: engine.Connection,
    names: Resolver,
) -> list[tuple[Problem, int]]:
    """Return a problem, and its row, for every row whose key occurs more than once; rows with other
    problems count.
    """
    date = "year" if "year" in relation.columns else "list_date"
    keys = [AREA_KEY, TOWN_KEY]
    if not isinstance(connection, duckdb.DuckDBPyConnection):
        return _repeated_elsewhere(relation, parts[0].source.name, [*keys, date], connection)
    relation = _with_wrong(relation, parts, date, connection, names)
    grouped = ", ".join(keys)
    found = engine.ask(connection, relation, "t", f"SELECT DISTINCT {date} FROM t ORDER BY 1")
    query = (
        f"SELECT {grouped} FROM t GROUP BY {grouped} HAVING"
        f" {_occurs_twice(date, [row[0] for row in found])}"
    )
    if not engine.ask(connection, relation, "t", f"SELECT 1 FROM ({query}) LIMIT 1"):
        return []
    named = ", ".join([*keys, date])
    query = (
        f'SELECT list("row" ORDER BY "row"), {named} FROM t GROUP BY {named} HAVING count(*) > 1'
        " ORDER BY 1"
    )
    problems = []
    for rows, *key in engine.ask(connection, relation, "t", query):
        places = [place(parts, row) for row in rows]
        for row, (file, line) in zip(rows, places, strict=True):
            words = ", ".join(str(part) for part in key if part)
            message = (
                Text(
                    "the key {words} occurs {rows} times; first in {file} line {line}",
                    words=words,
                    rows=len(rows),
                    file=places[0][0],
                    line=places[0][1],
                )
                if row != rows[0]
                else Text(
                    "the key {words} occurs {rows} times; the first of several rows",
                    words=words,
                    rows=len(rows),
                )
            )
            hint = Text("keep one row for each area and list")
            problems.append(
                (
                    Problem(
                        "UD201",
                        message,
                        hint,
                        file,
                        line,
                    ),
                    row,
                )
            )
    return problems


def _with_wrong(
    relation: duckdb.DuckDBPyRelation,
    parts: Sequence[Part],
    date: str,
    connection: duckdb.DuckDBPyConnection,
    names: Resolver,
) -> duckdb.DuckDBPyRelation:
    """Return the keys of all rows, those with problems among them."""
    starts = accumulate((part.length for part in parts), initial=0)
    wrong = [
        (key.row + start, key.area, key.municipality, key.date)
        for start, part in zip(starts, parts, strict=False)
        for key in part.wrong
    ]
    if not wrong:
        return relation
    kinds = {
        "row": "BIGINT",
        "area": "VARCHAR",
        "municipality": "VARCHAR",
        date: "INTEGER" if date == "year" else "DATE",
    }
    others = engine.table(
        connection, dict(zip(kinds, map(list, zip(*wrong, strict=True)), strict=True)), kinds
    )
    picks = ", ".join(identifier(name) for name in kinds if name in relation.columns)
    every = engine.select(
        relation, "t", f"SELECT {picks} FROM t UNION ALL SELECT {picks} FROM ({others.sql_query()})"
    )
    return with_keys(every, connection, names).relation


def _repeated_elsewhere(
    relation: duckdb.DuckDBPyRelation, name: str, keys: Sequence[str], connection: engine.Elsewhere
) -> list[tuple[Problem, int]]:
    """Return a problem for keys that occur more than once, where rows have no places that could be
    told: some hundreds are enough.
    """
    named = ", ".join(keys)
    query = (
        f"SELECT count(*), {named} FROM t GROUP BY {named} HAVING count(*) > 1 LIMIT"
        f" {_MOST_REPEATED}"
    )
    problems = []
    for times, *key in connection.rows(engine.select(relation, "t", query)):
        words = ", ".join(str(part) for part in key if part)
        problems.append(
            (
                Problem(
                    "UD201",
                    Text("the key {words} occurs {times} times", words=words, times=times),
                    Text("keep one row for each area and list"),
                    name,
                ),
                0,
            )
        )
    return sorted(problems, key=lambda problem: problem[0].message)


def _occurs_twice(column: str, found: Sequence[object]) -> str:
    """Return whether a date occurs twice in a group: each has a bit, and without repeats their sum
    is their union.
    """
    if not 0 < len(found) <= 60:
        return f"count(*) > count(DISTINCT {column})"
    kind = "DATE " if column == "list_date" else ""
    cases = " ".join(f"WHEN {kind}'{date}' THEN {2**place}" for place, date in enumerate(found))
    bit = f"CAST(CASE {column} {cases} END AS BIGINT)"
    return f"sum({bit}) > bit_or({bit})"
