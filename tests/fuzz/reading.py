"""What every fuzzer of the reading shares: any bytes as a file end in a table or in a clear message."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache
from itertools import count
from pathlib import Path

import duckdb

from udsat import engine
from udsat.law import loader
from udsat.messages import display
from udsat.messages.problems import Problem, UdsatError
from udsat.tables.readers.open import read
from udsat.tables.readers.options import Reading
from udsat.tables.validate.check import check
from udsat.tables.validate.part import Calendar

ENDINGS = (".csv", ".xlsx", ".parquet", ".csv.gz", ".tsv", ".xls")
_COUNT = count()
FILES = Path(__file__).parents[1] / "corpus" / "files"


@lru_cache(maxsize=1)
def _connection(batch: int) -> duckdb.DuckDBPyConnection:
    """Return a connection for a batch of files: opening one takes longer than reading a small file."""
    return engine.connect()


def problems(
    data: bytes, ending: str, folder: Path, how: Reading | None = None
) -> tuple[Problem, ...]:
    """Read and check bytes as a file; return what is wrong with them. Any other error is a bug and goes on."""
    path = folder / f"given{ending}"
    path.write_bytes(data)
    how = how or Reading()
    connection = _connection(next(_COUNT) // 200)
    try:
        check([read(str(path), how, connection)], connection, Calendar(loader.shipped()), how)
    except UdsatError as error:
        return error.problems
    return ()


def clear(found: Sequence[Problem]) -> bool:
    """Whether every message fits on a line or two and has no characters that a terminal would obey or that turn it."""
    texts = [str(problem) for problem in found]
    return all(len(text) < 2_000 and text == display.line(text) for text in texts)


def seeds(*endings: str) -> list[bytes]:
    """Return the files of the corpus that have one of the endings."""
    return [
        path.read_bytes()
        for path in sorted(FILES.rglob("*"))
        if path.is_file() and path.name.endswith(endings)
    ]


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return bytes with a few of them changed, lost, doubled or moved."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        start = rng.randrange(len(out) + 1)
        end = min(len(out), start + rng.choice((1, 1, 2, 4, 16, 64)))
        change = rng.randrange(5)
        if change == 0:
            out[start:end] = rng.randbytes(end - start)
        elif change == 1:
            del out[start:end]
        elif change == 2:
            out[start:start] = out[start:end]
        elif change == 3:
            out[start:start] = rng.choice(
                (
                    b"\0",
                    b'"',
                    b";",
                    b",",
                    b"\n",
                    b"\r",
                    b"9" * 40,
                    b"\xff\xfe",
                    b"1e99",
                    b"<",
                    b"=",
                    b"%",
                )
            )
        else:
            out[start:end] = (
                b""
                if rng.random() < 0.1
                else bytes(rng.choices(b'0123456789.,;-<>%\n"', k=end - start))
            )
    return bytes(out)
