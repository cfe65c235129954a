"""Marks on single rows as strings of bits: rows keep their order where a join would lose it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from udsat.engine.connections import Connection
from udsat.engine.relations import select, table
from udsat.engine.sql import fresh, identifier, literal

#: So many rows share a string of bits.
_PART = 2**19


def _bits(
    connection: duckdb.DuckDBPyConnection, rows: str, conditions: Sequence[str]
) -> dict[int, dict[int, str]]:
    """Return, for each part of so many rows, variables of bits: those of the rows are set for which
    a condition holds.

    `rows` is a query with the number `n` of each row; a condition without rows in a part has no
    variable there. The engine copies a variable for every few thousand rows that ask for it, so one
    must not be long.
    """
    name = fresh()
    asks = ", ".join(
        f"bitstring_agg(p, 0, {_PART - 1}) FILTER ({condition}) AS d{n}"
        for n, condition in enumerate(conditions)
    )
    placed = (
        f"SELECT *, CAST(n AS BIGINT) // {_PART} AS part, CAST(n AS BIGINT) % {_PART} AS p FROM"
        f" ({rows})"
    )
    connection.execute(
        f"CREATE TEMP TABLE {name} AS SELECT part{', ' * bool(asks)}{asks} FROM ({placed}) GROUP BY"
        " part"
    )
    there = ", ".join(["part", *(f"d{n} IS NOT NULL" for n in range(len(conditions)))])
    found: dict[int, dict[int, str]] = {}
    for part, *holds in connection.execute(f"SELECT {there} FROM {name} ORDER BY part").fetchall():
        found[part] = {n: f"{name}_{part}_{n}" for n, some in enumerate(holds) if some}
        for n, variable in found[part].items():
            connection.execute(
                f"SET VARIABLE {variable} = (SELECT d{n} FROM {name} WHERE part = {part})"
            )
    connection.execute(f"DROP TABLE {name}")
    return found


def _bit(variable: str, row: str) -> str:
    """Return, in SQL, the bit of a row of the part that a variable is about."""
    return (
        f"get_bit(getvariable({literal(variable)}), CAST({identifier(row)} % {_PART} AS INTEGER))"
    )


def _in_parts(row: str, parts: Mapping[int, str], other: str) -> str:
    """Return, in SQL, one expression from those of parts of rows: found by halves, as parts may be
    many.
    """

    def found(first: int, last: int) -> str:
        if not any(first <= part <= last for part in parts):
            return other
        if first == last:
            return parts[first]
        middle = (first + last + 1) // 2
        return (
            f"CASE WHEN {row} < {middle * _PART} THEN {found(first, middle - 1)} ELSE"
            f" {found(middle, last)} END"
        )

    return found(0, max(parts, default=0) + 1)


def without(
    connection: Connection, relation: duckdb.DuckDBPyRelation, column: str, rows: Sequence[int]
) -> duckdb.DuckDBPyRelation:
    """Return a relation without the rows of these numbers, in the order of its rows; there may be
    many numbers.
    """
    if not rows or not isinstance(
        connection, duckdb.DuckDBPyConnection
    ):  # elsewhere no row is left out: any problem stops the run
        return relation
    bits = _bits(connection, table(connection, {"n": rows}, {"n": "BIGINT"}).sql_query(), ["true"])
    kept = {part: f"{_bit(found[0], column)} = 0" for part, found in bits.items()}
    return select(
        relation, "t", f"SELECT * FROM t WHERE {_in_parts(identifier(column), kept, 'true')}"
    )
