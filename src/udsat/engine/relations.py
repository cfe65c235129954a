"""Relations of the embedded engine: made from lists and files, asked, kept as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import narwhals as nw

from udsat.engine.connections import Connection
from udsat.engine.sql import fresh, identifier, literal

_CHUNK = 50_000
#: Of so many rows it pays to think longer about queries, and to ask in which order they stand.
MANY = 100_000
#: The number of a row within its file or table.
ROW_NUMBER = "udsat_row"


def table(
    connection: Connection, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]
) -> duckdb.DuckDBPyRelation:
    """Return a new table in the engine from equally long lists, one for each column."""
    if not isinstance(connection, duckdb.DuckDBPyConnection):
        return connection.table(columns, types)
    name = fresh()
    declared = ", ".join(f"{identifier(column)} {types[column]}" for column in columns)
    connection.execute(f"CREATE TEMP TABLE {name} ({declared})")
    length = len(next(iter(columns.values()), ()))
    for start in range(0, length, _CHUNK):
        chunk = {
            f"c{n}": list(values[start : start + _CHUNK])
            for n, values in enumerate(columns.values())
        }
        picks = ", ".join(f"unnest($c{n}::{types[column]}[])" for n, column in enumerate(columns))
        connection.execute(f"INSERT INTO {name} SELECT {picks}", chunk)
    return connection.table(name)


def select(relation: duckdb.DuckDBPyRelation, name: str, query: str) -> duckdb.DuckDBPyRelation:
    """Return the relation of a SELECT that calls another relation by a name."""
    start, end = "SELECT ", f" FROM {name}"
    plain = query.startswith(start) and query.endswith(end) and query.count(" FROM ") == 1
    if plain and not query.startswith("SELECT DISTINCT"):
        # A view for the length of the call, as `query` makes one, takes fifteen times as long.
        return relation.set_alias(name).project(query[len(start) : -len(end)])
    found = relation.query(name, query)
    if found is None:
        raise TypeError(query)
    return found


def ask(
    connection: Connection, relation: duckdb.DuckDBPyRelation, name: str, query: str
) -> list[tuple[Any, ...]]:
    """Return the rows of a query that calls a relation by a name, from the engine that has them."""
    if isinstance(connection, duckdb.DuckDBPyConnection):
        # Bound once, as it runs; a relation of its own would be bound before as well.
        return connection.execute(f"WITH {name} AS ({relation.sql_query()}) {query}").fetchall()
    return connection.rows(select(relation, name, query))


def materialise(
    connection: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation
) -> duckdb.DuckDBPyRelation:
    """Return a relation as a table of the engine, in the same order: it is computed once."""
    name = fresh()
    connection.execute(f"CREATE TEMP TABLE {name} AS {relation.sql_query()}")
    return connection.table(name)


def materialise_short(
    connection: Connection, relation: duckdb.DuckDBPyRelation, length: int
) -> duckdb.DuckDBPyRelation:
    """Return a relation of so many rows as a table, unless it is long or in another engine.

    What is asked of a short table takes less time than planning how the table is made.
    """
    if not isinstance(connection, duckdb.DuckDBPyConnection) or length > MANY:
        return relation
    return materialise(connection, relation)


def parquet(
    connection: duckdb.DuckDBPyConnection, path: str
) -> tuple[duckdb.DuckDBPyRelation, duckdb.DuckDBPyRelation]:
    """Return a Parquet file as it is, and with the number of each row as `ROW_NUMBER`.

    Counting rows would keep all that is made of them to one thread; the file knows where they
    stand.
    """
    source = f"read_parquet([{literal(path)}], hive_partitioning = false)"
    view = connection.sql(f"SELECT * FROM {source}")
    if any(
        name.casefold() == "file_row_number" for name in view.columns
    ):  # a column of the user's own
        return view, numbered(view)
    return view, connection.sql(f"SELECT *, file_row_number AS {ROW_NUMBER} FROM {source}")


def numbered(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Return a relation with the number of each row, from 0, as `ROW_NUMBER`."""
    return select(relation, "t", f"SELECT *, row_number() OVER () - 1 AS {ROW_NUMBER} FROM t")


def beside(
    connection: duckdb.DuckDBPyConnection,
    relation: duckdb.DuckDBPyRelation,
    columns: duckdb.DuckDBPyRelation,
    row: str,
) -> duckdb.DuckDBPyRelation:
    """Return a relation in the order of its rows, with the columns that another one has for each.

    A join by keys would lose that order, and sorting whole rows takes much memory. So only
    `columns`, which has the row number `row` and few others, is sorted and kept; rows are joined by
    their position. Both have the same rows, and `relation` is in the order of `row`; a row that
    meets another one stops the query.

    >>> from udsat.engine.connections import connect
    >>> engine = connect()
    >>> rows = engine.sql("FROM (VALUES (0, 'a'), (2, 'b')) t(row, area)")
    >>> beside(engine, rows, engine.sql("FROM (VALUES (2, 9), (0, 7)) t(row, years)"), "row").fetchall()
    [(0, 'a', 7), (2, 'b', 9)]
    """  # noqa: E501
    number = identifier(row)
    kept = materialise(connection, select(columns, "t", f"SELECT * FROM t ORDER BY {number}"))
    wrong = f"error('rows are not in the order of ' || {literal(row)})"
    picks = [
        f"CASE WHEN t.{number} = kept.{number} THEN kept.{name} ELSE {wrong} END AS {name}"
        for name in map(identifier, columns.columns)
        if name != number
    ]
    query = f"SELECT t.*, {', '.join(picks)} FROM t POSITIONAL JOIN {kept.alias} AS kept"
    return select(relation, "t", query)


def ascends(relation: duckdb.DuckDBPyRelation, keys: Sequence[str]) -> bool:
    """Whether each row comes after the row above it by the first of these keys that differs; a gap
    comes nowhere.
    """
    after = "false"
    for name in reversed([identifier(name) for name in keys]):
        after = f"lag({name}) OVER () < {name} OR (lag({name}) OVER () = {name} AND ({after}))"
    kept = f"SELECT coalesce({after}, false) AS udsat_after FROM t"
    query = (  # ends at the second such row; the first row is one
        f"SELECT 1 FROM ({kept}) WHERE NOT udsat_after LIMIT 2"
    )
    return len(select(relation, "t", query).fetchall()) < 2


def rows(connection: Connection, relation: duckdb.DuckDBPyRelation) -> list[tuple[Any, ...]]:
    """Return all rows of a relation, from the engine that has them."""
    return (
        relation.fetchall()
        if isinstance(connection, duckdb.DuckDBPyConnection)
        else connection.rows(relation)
    )


def fetch(frame: nw.LazyFrame[Any]) -> list[tuple[Any, ...]]:
    """Return all rows of a lazy frame as tuples, without loading pandas or Arrow where the engine
    allows it.
    """
    native = frame.to_native()
    if isinstance(native, duckdb.DuckDBPyRelation):
        return native.fetchall()
    return frame.collect().rows()
