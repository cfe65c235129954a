"""From files to raw tables: CSV as text with file lines, Parquet and data frames as they are."""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from udsat.errors import Problem, TableError
from udsat.tables import dialect
from udsat.tables.engine import literal

csv.field_size_limit(10_000_000)


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table whose cells are text: headings, and rows with the file line each starts on."""

    name: str
    headings: list[str]
    rows: list[tuple[int, list[str]]]
    dialect: dialect.Dialect | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class TypedTable:
    """A table whose columns have types: a view in the engine, with the type of each column."""

    name: str
    view: duckdb.DuckDBPyRelation
    types: dict[str, str] = field(default_factory=dict)
    digest: str = ""

    @property
    def headings(self) -> list[str]:
        """The headings in the order of the table."""
        return list(self.types)


RawTable = TextTable | TypedTable


def read(source: str, connection: duckdb.DuckDBPyConnection) -> RawTable:
    """Return one file (or `-`, CSV on standard input) as a raw table; raise `TableError` where none can be formed."""
    if source == "-":
        return read_csv(sys.stdin.buffer.read(), "<stdin>")
    path = Path(source)
    name = source
    if path.is_dir():
        raise TableError(Problem("UD301", "is a folder", "name the files in it", name))
    try:
        with path.open("rb") as stream:
            magic = stream.read(4)
            if not magic:
                raise TableError(Problem("UD302", "is empty", file=name))
            if path.suffix.lower() in {".parquet", ".pq"}:
                return _parquet(path, name, magic, connection)
            if path.suffix.lower() in {".xlsx", ".xls", ".ods"}:
                raise TableError(Problem("UD303", "is a spreadsheet, which cannot be read yet", "save the sheet as CSV", name))
            if magic == b"PAR1" or magic[:2] in {b"PK", b"\x1f\x8b"}:
                kind = {b"PA": "a Parquet file", b"PK": "a zip or Excel file", b"\x1f\x8b": "a gzip file"}[magic[:2]]
                raise TableError(Problem("UD303", f"is {kind}, not what its ending says", "give it the right ending", name))
            return read_csv(magic + stream.read(), name)
    except OSError as error:
        raise TableError(Problem("UD301", _reason(error), "check the name and the folder", name)) from error


def frame(data: Any, connection: duckdb.DuckDBPyConnection) -> TypedTable:
    """Return a pandas, polars or Arrow frame as a raw table; nothing is copied."""
    try:
        view = connection.from_arrow(data) if hasattr(data, "schema") else connection.from_df(data)
    except Exception as error:
        raise TableError(Problem("UD303", f"the data frame cannot be read: {error}")) from error
    if not view.columns or not view.limit(1).fetchall():
        raise TableError(Problem("UD302", "holds no rows", file="<data frame>"))
    return TypedTable("<data frame>", view, _types(view))


def _reason(error: OSError) -> str:
    return "does not exist" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"


def _parquet(path: Path, name: str, magic: bytes, connection: duckdb.DuckDBPyConnection) -> TypedTable:
    if magic != b"PAR1":
        raise TableError(Problem("UD303", "is no Parquet file, whatever its ending says", "export it again", name))
    try:
        view = connection.sql(f"SELECT * FROM read_parquet([{literal(str(path))}])")
        types = _types(view)
        empty = not view.limit(1).fetchall()
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise TableError(Problem("UD303", f"is a damaged Parquet file: {first}", "export it again", name)) from error
    if empty:
        raise TableError(Problem("UD302", "holds no rows", file=name))
    with path.open("rb") as stream:
        return TypedTable(name, view, types, hashlib.file_digest(stream, "sha256").hexdigest())


def _types(view: duckdb.DuckDBPyRelation) -> dict[str, str]:
    return dict(zip(view.columns, map(str, view.types), strict=True))


def read_csv(data: bytes, name: str) -> TextTable:
    """Return the bytes of a CSV file as a raw table, with the dialect that was found."""
    if not data.strip():
        raise TableError(Problem("UD302", "is empty", file=name))
    text, encoding = dialect.decode(data, name)
    mark = dialect.delimiter(text)
    rows = list(_rows(text, mark, name))
    if len(rows) < 2:
        raise TableError(Problem("UD302", "holds a header alone" if rows else "is empty", file=name))
    headings = [heading.strip() for heading in rows[0][1]]
    return TextTable(name, headings, rows[1:], dialect.Dialect(encoding, mark), hashlib.sha256(data).hexdigest())


def cells_of(row: list[str], headings: list[str]) -> dict[str, str]:
    """Return the cells of a row by heading; raise `ValueError` where there are more or fewer than headings."""
    if len(row) != len(headings):
        raise ValueError(f"the row has {len(row)} cells, the header has {len(headings)}")
    return dict(zip(headings, (cell.strip() for cell in row), strict=True))


def _rows(text: str, mark: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that holds anything, with the line it starts on (a quoted cell may span several)."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(Problem("UD303", f"is no CSV file: {error}", file=name, line=line)) from error
