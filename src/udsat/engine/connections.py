"""Connections to the embedded engine, and what stands for another engine that has the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol
from weakref import WeakSet

import duckdb

from udsat.engine import spill
from udsat.engine.sql import literal

_open: WeakSet[duckdb.DuckDBPyConnection] = WeakSet()
#: Asking whether a cell is in a list would become a join, and joins lose the order of rows.
_DISORDERING = ("in_clause", "join_order", "build_side_probe_side")
#: Takes what a Parquet file says of its own cells (the least, the greatest) for true, and skips or
#: miscounts where it is not.
_CREDULOUS = (
    "statistics_propagation",
    "filter_pushdown",
    "join_filter_pushdown",
    "row_group_pruner",
)
_NOT_WANTED = _DISORDERING + _CREDULOUS
#: Takes longer on the expressions of many lists than short tables take to score.
_NOT_WANTED_IN_HASTE = ("expression_rewriter",)
#: How the messages of errors begin.
_ERRORS: Mapping[str, type[Exception]] = {
    "Out of Memory Error": duckdb.OutOfMemoryException,
    "INTERRUPT Error": duckdb.InterruptException,
    "IO Error": duckdb.IOException,
    "Conversion Error": duckdb.ConversionException,
    "Invalid Input Error": duckdb.InvalidInputException,
    "Serialization Error": duckdb.SerializationException,
}


class Elsewhere(Protocol):
    """Another engine than the embedded one, which has the rows of a table."""

    def table(
        self, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]
    ) -> duckdb.DuckDBPyRelation:
        """Return a short table there from equally long lists, one for each column."""

    def rows(self, relation: duckdb.DuckDBPyRelation) -> list[tuple[Any, ...]]:
        """Run a relation there and return its rows: asked only for what law and lists bound, or a
        limit.
        """


Connection = duckdb.DuckDBPyConnection | Elsewhere


def cap(memory: str | None) -> None:
    """Let every connection that is made from now on hold no more than this (`2GB`), or as much as
    there is.

    Raises `UsageError` for what is no size.
    """
    _Cap.memory = spill.size(memory) if memory else None


class _Cap:
    """What connections may hold, where nothing else is said."""

    memory: str | None = None


def connect(memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection that keeps the order of rows, draws nothing and fetches nothing from
    anywhere.

    `memory` caps what the engine holds (`2GB`); what does not fit goes to a temporary folder of
    this run.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "disabled_optimizers": ",".join(_NOT_WANTED + _NOT_WANTED_IN_HASTE),
        "temp_directory": spill.folder(),
    }
    if limit := spill.size(memory) if memory else _Cap.memory:
        config["memory_limit"] = limit
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET enable_progress_bar = false")
    _open.add(connection)
    return connection


def another(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return a second connection to the same engine, for another thread; it sees no temporary
    tables of the first.
    """
    made = connection.cursor()
    _open.add(made)
    return made


def stop() -> None:
    """Stop every query that runs on these connections, from any thread."""
    for connection in list(_open):
        with suppress(duckdb.Error):  # it may be closed
            connection.interrupt()


def unwrap_engine_error(error: OSError) -> Exception:
    """Return the engine's own error from the one that Arrow makes of it while it hands rows on;
    other errors as they are.
    """
    said = str(error)
    return next((kind(said) for start, kind in _ERRORS.items() if said.startswith(start)), error)


def take_time(connection: duckdb.DuckDBPyConnection) -> None:
    """Let the engine think longer about queries from now on, which pays for long tables."""
    connection.execute(f"SET disabled_optimizers = {literal(','.join(_NOT_WANTED))}")


def forget_order(connection: duckdb.DuckDBPyConnection) -> None:
    """Let the engine plan from now on for rows in no order, with all that pays for many of them."""
    connection.execute(f"SET disabled_optimizers = {literal(','.join(_CREDULOUS))}")


def progress(connection: duckdb.DuckDBPyConnection) -> Callable[[], float]:
    """Return what says how many percent of a running query are done, below 0 where that is not
    known. The engine keeps account of it from now on, and draws nothing itself.
    """
    for setting in (
        "enable_progress_bar = true",
        "enable_progress_bar_print = false",
        "progress_bar_time = 0",
    ):
        connection.execute(f"SET {setting}")
    return connection.query_progress


def threads(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many threads the engine may use."""
    found: int = connection.execute("SELECT current_setting('threads')").fetchall()[0][0]
    return found
