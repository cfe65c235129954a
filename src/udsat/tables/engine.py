"""The embedded engine: one DuckDB connection per run, fed without pandas or Arrow, and how rows come out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import duckdb
import narwhals as nw

from udsat.tables import spill

_names = count()
_CHUNK = 50_000
#: The rewriter takes seconds on the long expressions of many lists, and gains nothing on them. Swapping the sides of a
#: join would lose the order of rows.
_NOT_WANTED = ("expression_rewriter", "join_order", "build_side_probe_side")


def cap(memory: str | None) -> None:
    """Let every connection that is made from now on hold no more than this (`2GB`), or as much as there is.

    Raises `UsageError` for what is no size.
    """
    _Cap.memory = spill.size(memory) if memory else None


class _Cap:
    """What connections may hold, where nothing else is said."""

    memory: str | None = None


def connect(memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection that keeps the order of rows, draws nothing and fetches nothing from anywhere.

    `memory` caps what the engine holds (`2GB`); what does not fit goes to a temporary folder of this run.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "disabled_optimizers": ",".join(_NOT_WANTED),
        "temp_directory": spill.folder(),
    }
    if limit := spill.size(memory) if memory else _Cap.memory:
        config["memory_limit"] = limit
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET enable_progress_bar = false")
    return connection


def in_order(connection: duckdb.DuckDBPyConnection) -> None:
    """Let what is asked from now on come out in the order of its input.

    The engine promises this, but with several threads and long expressions it has been seen to mix up rows of a Parquet
    file. One thread does not; a sort of whole verdicts would take more memory than they are worth.
    """
    connection.execute("SET threads = 1")


def identifier(name: str) -> str:
    """Return a column or table name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"


def fresh() -> str:
    """Return the name of a table that does not exist yet."""
    return f"udsat_{next(_names)}"


def table(connection: duckdb.DuckDBPyConnection, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> duckdb.DuckDBPyRelation:
    """Return a new table in the engine from equally long lists, one for each column."""
    name = fresh()
    declared = ", ".join(f"{identifier(column)} {types[column]}" for column in columns)
    connection.execute(f"CREATE TEMP TABLE {name} ({declared})")
    length = len(next(iter(columns.values()), ()))
    for start in range(0, length, _CHUNK):
        chunk = {f"c{n}": list(values[start : start + _CHUNK]) for n, values in enumerate(columns.values())}
        picks = ", ".join(f"unnest($c{n}::{types[column]}[])" for n, column in enumerate(columns))
        connection.execute(f"INSERT INTO {name} SELECT {picks}", chunk)
    return connection.table(name)


def select(relation: duckdb.DuckDBPyRelation, name: str, query: str) -> duckdb.DuckDBPyRelation:
    """Return the relation of a SELECT that calls another relation by a name."""
    found = relation.query(name, query)
    if found is None:
        raise TypeError(query)
    return found


def fetch(frame: nw.LazyFrame[Any]) -> list[tuple[Any, ...]]:
    """Return all rows of a lazy frame as tuples, without loading pandas or Arrow where the engine allows it."""
    native = frame.to_native()
    if isinstance(native, duckdb.DuckDBPyRelation):
        return native.fetchall()
    return frame.collect().rows()
