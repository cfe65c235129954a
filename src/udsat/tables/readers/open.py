"""From files to raw tables: CSV and sheets as text with file lines, Parquet and data frames as they
are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from udsat import engine
from udsat.engine import identifier, literal
from udsat.files import reading
from udsat.messages.problems import Problem, TableError
from udsat.messages.text import Text, first_line
from udsat.tables.readers import csv as csvs
from udsat.tables.readers import paths
from udsat.tables.readers.options import Reading
from udsat.tables.readers.raw import ColumnTable, TextTable, TypedTable

RawTable = TextTable | TypedTable | ColumnTable
#: Up to so many bytes, rows go through the model one by one: the engine would take longer to begin.
LONG = 300_000
#: A Parquet file up to this size is read once to the end before it is used: damage may lie in any
#: column.
_READ_TWICE = 64 * 2**20
_MAGIC = {
    b"PAR1": Text("a Parquet file"),
    b"PK\x03\x04": Text("a zip or Excel file"),
    b"\xd0\xcf\x11\xe0": Text("an old Office file"),
    b"%PDF": Text("a PDF file"),
}


def read(source: str, how: Reading, connection: duckdb.DuckDBPyConnection) -> RawTable:
    """Return one file (or `-`, CSV on standard input) as a raw table; raise `TableError` where none
    can be formed.
    """
    if source == "-":
        return _text(source, "<stdin>", how, connection)
    path = Path(source)
    kind = paths.ending(path)
    first = _first(source)
    if kind in paths.PARQUETS:
        return _parquet(path, source, first, connection)
    if kind in paths.SHEETS:
        from udsat.tables.readers import excel

        return excel.read(path, source, how, connection)
    if what := _MAGIC.get(first):
        raise TableError(
            Problem(
                "UD303",
                Text("is {what}, not what its ending says", what=what),
                Text("give it the right ending"),
                source,
            )
        )
    return _text(source, source, how, connection)


def _text(
    source: str, name: str, how: Reading, connection: duckdb.DuckDBPyConnection
) -> TextTable | ColumnTable:
    """Return a text file as a table: a short one in memory, a long one as the engine
    can read it.
    """
    stream = paths.chunks(source)
    data = b""
    for chunk in stream:
        data += chunk
        if len(data) > LONG:
            return _long(source, name, chain([data], stream), how, connection)
    packed = source != "-" and paths.is_packed(source)
    return csvs.read(data, name, how, paths.sha256(source) if packed else "")


def _long(
    source: str,
    name: str,
    stream: Iterable[bytes],
    how: Reading,
    connection: duckdb.DuckDBPyConnection,
) -> TextTable | ColumnTable:
    from udsat.tables.readers import csv_large, transcode

    plain = source != "-" and not paths.is_packed(source)
    copy = None if plain else transcode.copied(stream)
    path = Path(source) if copy is None else copy.path
    with ThreadPoolExecutor(1) as hand:
        digest = hand.submit(paths.sha256, str(path) if source == "-" else source)

        try:
            return csv_large.read(
                path, name, how, digest.result, connection, (copy,) if copy else ()
            )
        except csv_large.NotLong:
            return csvs.read(path.read_bytes(), name, how, digest.result())


def _first(source: str) -> bytes:
    """Return the first bytes of a file; raise `TableError` where it cannot be opened
    or is empty.
    """
    try:
        with reading.opened(source) as stream:
            first = stream.read(4)
    except OSError as error:
        raise paths.unreadable(error, source) from error
    if not first:
        raise TableError(Problem("UD302", Text("is empty"), file=source))
    return first


def frame(data: Any, connection: duckdb.DuckDBPyConnection) -> TypedTable:
    """Return a pandas, polars or Arrow frame as a raw table; nothing is copied."""
    try:
        view = connection.from_arrow(data) if hasattr(data, "schema") else connection.from_df(data)
    except Exception as error:
        raise TableError(
            Problem("UD303", Text("the data frame cannot be read: {error}", error=error))
        ) from error
    if not view.columns or not view.limit(1).project("1").fetchall():
        raise TableError(Problem("UD302", Text("has no rows"), file="<data frame>"))
    view = _without_zones(view)
    return TypedTable("<data frame>", view, engine.numbered(view), _types(view))


def _parquet(
    path: Path, name: str, magic: bytes, connection: duckdb.DuckDBPyConnection
) -> TypedTable:
    if magic != b"PAR1":
        raise TableError(
            Problem(
                "UD303",
                Text("is no Parquet file, whatever its ending says"),
                Text("export it again"),
                name,
            )
        )
    _refuse_damaged(path, name)
    view, numbered = map(_without_zones, engine.parquet(connection, _no_pattern(path)))
    with path.open("rb") as stream:
        return TypedTable(
            name, view, numbered, _types(view), hashlib.file_digest(stream, "sha256").hexdigest()
        )


def _refuse_damaged(path: Path, name: str) -> None:
    """Refuse a Parquet file that is damaged, has no rows or a column twice: in an engine of its
    own, for some damage kills it.
    """
    with closing(engine.connect()) as alone:
        try:
            view, _ = engine.parquet(alone, _no_pattern(path))
            repeated = _repeated(view, path, alone)
            empty = not view.limit(1).project("1").fetchall()
            if path.stat().st_size < _READ_TWICE:
                view.project(f"max(hash({', '.join(map(identifier, view.columns))}))").fetchall()
        except duckdb.Error as error:
            raise TableError(
                Problem(
                    "UD303",
                    Text("is a damaged Parquet file: {first}", first=first_line(error)),
                    Text("export it again"),
                    name,
                )
            ) from error
        except (
            RuntimeError
        ) as error:  # what the engine's Python binding raises for names that are no text
            raise TableError(
                Problem(
                    "UD303",
                    Text("is a damaged Parquet file: a heading is no UTF-8"),
                    Text("export it again"),
                    name,
                )
            ) from error
    if repeated:
        raise TableError(
            [
                Problem(
                    "UD304",
                    Text("the column '{one}' occurs twice", one=one),
                    Text("rename one of them"),
                    name,
                    1,
                    one,
                )
                for one in repeated
            ]
        )
    if empty:
        raise TableError(Problem("UD302", Text("has no rows"), file=name))


def _without_zones(view: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Return a table with moments as they are in UTC: what they are elsewhere hangs on
    the machine.
    """
    zoned = [name for name, kind in _types(view).items() if kind == "TIMESTAMP WITH TIME ZONE"]
    if not zoned:
        return view
    picks = ", ".join(
        f"make_timestamp(epoch_us({identifier(name)})) AS {identifier(name)}" for name in zoned
    )
    return view.project(f"* REPLACE ({picks})")


def _repeated(
    view: duckdb.DuckDBPyRelation, path: Path, connection: duckdb.DuckDBPyConnection
) -> list[str]:
    """Return the columns of a Parquet file that differ in case alone, of which the engine has
    renamed one.
    """
    names = {name.casefold() for name in view.columns}
    if not any(re.sub(r"_\d+$", "", name) in names for name in names if re.search(r"_\d+$", name)):
        return []
    query = (
        f"SELECT name, coalesce(num_children, 0) FROM parquet_schema({literal(_no_pattern(path))})"
    )
    rows = connection.sql(query).fetchall()
    seen: set[str] = set()
    twice, place = [], 1
    while place < len(rows):
        name = rows[place][0]
        twice += [name] if name.casefold() in seen else []
        seen.add(name.casefold())
        open_ = 1
        while open_:
            open_ += rows[place][1] - 1
            place += 1
    return twice


def _no_pattern(path: Path) -> str:
    """Return a path that the engine takes as it is, though it has the signs of a pattern in it."""
    return re.sub(r"[*?\[]", r"[\g<0>]", str(path))


def _types(view: duckdb.DuckDBPyRelation) -> dict[str, str]:
    return dict(zip(view.columns, map(str, view.types), strict=True))
