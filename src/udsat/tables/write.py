"""Files out: whole or not at all, the same bytes for the same input, exact numbers with decimal points."""

from __future__ import annotations

import contextlib
import csv
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import duckdb

from udsat.errors import Problem, UsageError
from udsat.tables.engine import literal

_PREFIX = ".udsat-"


@contextlib.contextmanager
def whole(path: str) -> Iterator[Path]:
    """Yield a temporary path beside `path` that takes its place when all went well, and is gone when not.

    What a killed run left in the folder is removed first. Raises `UsageError` where nothing can be written.
    """
    target = Path(path)
    _clean(target.parent)
    temporary = target.parent / f"{_PREFIX}{os.getpid()}-{target.name}"
    try:
        yield temporary
        temporary.replace(target)
    except OSError as error:
        raise UsageError(Problem("UD502", f"cannot be written: {error.strerror or error}", file=path)) from error
    finally:
        temporary.unlink(missing_ok=True)


def _clean(folder: Path) -> None:
    for left in folder.glob(f"{_PREFIX}*"):
        owner = left.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdecimal() and not runs(int(owner)):
            left.unlink(missing_ok=True)


def runs(process: int) -> bool:
    """Whether a process still runs."""
    if os.name == "nt":  # a signal would end a process on Windows; a file in use cannot be removed there
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def to_csv(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as CSV: UTF-8, comma, decimal point, LF; a gap is an empty cell."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([text(cell) for cell in row] for row in rows)


def text(cell: Any) -> Any:
    """Return a cell as CSV has it: a double as its shortest decimal, never in powers of ten.

    >>> text(1.98), text(1e-07), text(55.0)
    ('1.98', '0.0000001', '55')
    """
    if isinstance(cell, float):
        plain = repr(cell)
        plain = format(Decimal(plain), "f") if "e" in plain else plain
        return plain.removesuffix(".0")
    return "" if cell is None else cell


def to_parquet(connection: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, path: Path, metadata: Mapping[str, Any]) -> None:
    """Write a relation as Parquet, with metadata as JSON under the key `udsat`."""
    about = json.dumps(metadata, ensure_ascii=False, sort_keys=True)
    pairs = f"KV_METADATA {{udsat: {literal(about)}}}"
    connection.execute(f"COPY ({relation.sql_query()}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd, {pairs})")
