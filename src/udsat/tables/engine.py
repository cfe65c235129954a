"""The embedded engine: one DuckDB connection per run, fed without pandas or Arrow, and how rows
come out of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count
from typing import Any, Protocol
from weakref import WeakSet

import duckdb
import narwhals as nw

from udsat.tables import spill

_names = count()
_open: WeakSet[duckdb.DuckDBPyConnection] = WeakSet()
_CHUNK = 50_000
#: So many rows share a string of bits.
_PART = 2**19
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
#: Of so many rows it pays to think longer about queries, and to ask in which order they stand.
MANY = 100_000
#: How the messages of errors begin.
_ERRORS: Mapping[str, type[Exception]] = {
    "Out of Memory Error": duckdb.OutOfMemoryException,
    "INTERRUPT Error": duckdb.InterruptException,
    "IO Error": duckdb.IOException,
    "Conversion Error": duckdb.ConversionException,
    "Invalid Input Error": duckdb.InvalidInputException,
    "Serialization Error": duckdb.SerializationException,
}
#: The number of a row within its file or table.
ROW_NUMBER = "udsat_row"


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


def told_by_arrow(error: OSError) -> Exception:
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


def threads(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many threads the engine may use."""
    found: int = connection.execute("SELECT current_setting('threads')").fetchall()[0][0]
    return found


def identifier(name: str) -> str:
    """Return a column or table name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"


def whole(text: str, pattern: str) -> str:
    r"""Return, in SQL, a text if all of it is what a pattern says, else an empty text.

    Where a column holds each distinct text once, such functions of it are asked once for each; a
    match is for each row.

    >>> whole("c1", "[0-9]+")
    "regexp_extract(c1, '\\A(?:[0-9]+)\\z')"
    """
    start, end = r"\A", r"\z"
    return f"regexp_extract({text}, {literal(f'{start}(?:{pattern}){end}')})"


def fresh() -> str:
    """Return the name of a table that does not exist yet."""
    return f"udsat_{next(_names)}"


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
        return relation.project(query[len(start) : -len(end)])
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


def kept(
    connection: Connection, relation: duckdb.DuckDBPyRelation, length: int
) -> duckdb.DuckDBPyRelation:
    """Return a relation of so many rows as a table, unless it is long or in another engine.

    What is asked of a short table takes less time than planning how the table is made.
    """
    if not isinstance(connection, duckdb.DuckDBPyConnection) or length > MANY:
        return relation
    name = fresh()
    connection.execute(f"CREATE TEMP TABLE {name} AS {relation.sql_query()}")
    return connection.table(name)


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


def bits_above(
    relation: duckdb.DuckDBPyRelation, keys: Sequence[str], column: str
) -> duckdb.DuckDBPyRelation:
    """Return a relation in whose `column` each row has the bits of the rows above it that belong to
    the same keys.

    Rows of the same keys have to stand together, and no two of them may have the same bit; `keys`
    and `column` have no gaps. The engine passes the rows through one by one and keeps none, in one
    thread: what has run up until the first row of some keys is taken off again, and adding up
    without carrying leaves no room for a number too large.

    >>> rows = connect().sql("FROM (VALUES ('a', 1), ('a', 4), ('b', 2), ('b', 8), ('b', 1)) t(area, bits)")
    >>> bits_above(rows, ["area"], "bits").fetchall()
    [('a', 0), ('a', 1), ('b', 0), ('b', 2), ('b', 10)]
    """  # noqa: E501
    bits = identifier(column)
    so_far = "(ROWS UNBOUNDED PRECEDING)"
    stays = " AND ".join(f"lag({name}) OVER () = {name}" for name in map(identifier, keys))
    steps = [
        f"SELECT *, coalesce({stays}, false) AS udsat_stays FROM t",
        f"SELECT * REPLACE (xor(bit_xor({bits}) OVER {so_far}, {bits}) AS {bits}) FROM t",
        (
            f"SELECT *, last_value(CASE WHEN NOT udsat_stays THEN {bits} END IGNORE NULLS) OVER"
            f" {so_far} AS udsat_from FROM t"
        ),
        (
            f"SELECT * EXCLUDE (udsat_stays, udsat_from) REPLACE (xor({bits}, udsat_from) AS"
            f" {bits}) FROM t"
        ),
    ]
    for step in steps:
        relation = select(relation, "t", step)
    return relation


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


def beside(
    connection: duckdb.DuckDBPyConnection,
    relation: duckdb.DuckDBPyRelation,
    numbers: duckdb.DuckDBPyRelation,
    row: str,
) -> duckdb.DuckDBPyRelation:
    """Return a relation with whole numbers that another one has for some of its rows, in the order
    of its rows.

    A join would lose that order, and a sort of all rows takes much memory. So every binary digit of
    a column becomes strings of bits, in which a row finds its own by its number. `numbers` has the
    column `row`, numbers of `relation` at most once each, and columns of whole numbers without
    gaps; other rows get none, and ask no further than the first bit.
    """
    made = fresh()
    connection.execute(f"CREATE TEMP TABLE {made} AS {numbers.sql_query()}")
    names = [name for name in numbers.columns if name != row]
    asks = ", ".join(f"min({identifier(name)}), max({identifier(name)})" for name in names)
    ends = connection.execute(f"SELECT {asks} FROM {made}").fetchall()[0]
    conditions: list[str] = ["true"]
    spans: dict[str, tuple[int, range]] = {}
    for name, least, most in zip(names, ends[::2], ends[1::2], strict=True):
        low, high = least or 0, most or 0
        spans[name] = low, range(len(conditions), len(conditions) + (high - low).bit_length())
        conditions += [
            f"({identifier(name)} - {low}) >> {digit} & 1 = 1"
            for digit in range((high - low).bit_length())
        ]
    bits = _bits(connection, f"SELECT {identifier(row)} AS n, * FROM {made}", conditions)
    connection.execute(f"DROP TABLE {made}")

    def pick(low: int, digits: range) -> str:
        terms = {
            part: [f"({_bit(found[n], row)} << {n - digits.start})" for n in digits if n in found]
            for part, found in bits.items()
        }
        sums = {part: " + ".join([str(low), *some]) for part, some in terms.items()}
        picks = {
            part: f"CASE WHEN {_bit(found[0], row)} = 1 THEN {sums[part]} END"
            for part, found in bits.items()
        }
        return _in_parts(identifier(row), picks, "NULL")

    picks = [f"{pick(*span)} AS {identifier(name)}" for name, span in spans.items()]
    return select(relation, "t", f"SELECT *, {', '.join(picks)} FROM t")


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
