"""Which files a user means: paths, folders, globs; and the bytes of one, unpacked."""

from __future__ import annotations

import glob
import hashlib
import os
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from udsat.files import reading
from udsat.messages.problems import Problem, TableError, UsageError
from udsat.messages.text import Text

Paths = Sequence[str | os.PathLike[str]]
SHEETS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
PARQUETS = frozenset({".parquet", ".pq"})
TEXTS = frozenset({".csv", ".tsv", ".txt", ".tab"})
#: More than this is no table of housing areas, but a file made to fill the memory.
MOST_BYTES = 8 * 2**30
#: Figures and names pack to a tenth or a twentieth; what unpacks to more times its size was made to
#: fill the memory.
MOST_TIMES = 200
#: Below this size nothing fills a memory, however well it is packed.
FREE_BYTES = 256 * 2**20
_CHUNK = 2**20
_GZIP = b"\x1f\x8b"


def expanded(names: Sequence[str]) -> list[str]:
    """Return the files that names mean: a folder is its tables, a pattern what it matches, each in
    order of name.

    Raises `TableError` where a folder or pattern gives no table.
    """
    return list(dict.fromkeys(name for given in names for name in _files(given)))


def _files(name: str) -> list[str]:
    if not name:
        raise UsageError(
            Problem(
                "UD511",
                Text("the name of a table is empty"),
                Text("look at the variable that it comes from"),
            )
        )
    if name == "-" or os.path.isfile(name):
        return [name]
    if os.path.isdir(name):
        found = sorted(
            str(path) for path in _inside(name) if os.path.isfile(path) and _is_table(path)
        )
        hint = Text(
            "tables end in {names}, or that and .gz",
            names=", ".join(sorted(TEXTS | PARQUETS | {".xlsx"})),
        )
        if not found:
            raise TableError(Problem("UD301", Text("is a folder without tables"), hint, name))
        return found
    if glob.has_magic(name) and "\0" not in name:
        matched = sorted(
            path
            for path in glob.glob(name, recursive=True)
            if os.path.isfile(path) and _is_table(Path(path))
        )
        if not matched:
            raise TableError(
                Problem(
                    "UD301",
                    Text("matches no table"),
                    Text("check the pattern and the folder"),
                    name,
                )
            )
        return matched
    return [name]


def _inside(folder: str) -> list[Path]:
    try:
        return list(Path(folder).iterdir())
    except OSError as error:
        raise unreadable(error, folder) from error


def _is_table(path: Path) -> bool:
    return ending(path) in TEXTS | PARQUETS | SHEETS and not path.name.startswith((".", "~$"))


def ending(path: Path) -> str:
    """Return what kind of file a name says: its ending in lower case, `.gz` aside.

    >>> ending(Path("liste.CSV.gz"))
    '.csv'
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return suffixes[-2] if len(suffixes) > 1 and suffixes[-1] == ".gz" else (suffixes or [""])[-1]


def chunks(source: str) -> Iterator[bytes]:
    """Yield the bytes of a file or of standard input (`-`), unpacked if it is a gzip file.

    Raises `TableError` where the file cannot be read, is cut short, or is far too large.
    """
    total, packed = 0, [0]
    for chunk in _unpacked(_counted(_raw(source), packed), source):
        total += len(chunk)
        if total > MOST_BYTES or (total > FREE_BYTES and total > MOST_TIMES * packed[0]):
            raise TableError(
                Problem(
                    "UD315",
                    Text("unpacks to more than {total:,} MiB", total=total >> 20),
                    Text("give one year at a time"),
                    source,
                )
            )
        yield chunk


def _counted(stream: Iterator[bytes], total: list[int]) -> Iterator[bytes]:
    for chunk in stream:
        total[0] += len(chunk)
        yield chunk


def _raw(source: str) -> Iterator[bytes]:
    try:
        if source == "-":
            yield from iter(lambda: sys.stdin.buffer.read(_CHUNK), b"")
        else:
            with reading.opened(source) as stream:
                yield from iter(lambda: stream.read(_CHUNK), b"")
    except OSError as error:
        raise unreadable(error, source) from error


def unreadable(error: OSError, source: str) -> TableError:
    """Return the message for a file that the system does not hand out."""
    if isinstance(error, FileNotFoundError):
        return TableError(
            Problem("UD301", Text("does not exist"), Text("check the name and the folder"), source)
        )
    if isinstance(error, IsADirectoryError) or os.path.isdir(source):
        return TableError(
            Problem("UD301", Text("is a folder"), Text("name the files in it"), source)
        )
    return TableError(
        Problem(
            "UD301",
            Text("cannot be read: {strerror}", strerror=error.strerror or error),
            Text("check the name and the folder"),
            source,
        )
    )


def content(source: str) -> bytes:
    """Return all bytes of a file as it lies on the disk; raise `TableError` where there are none to
    be had.
    """
    try:
        return reading.content(source)
    except OSError as error:
        raise unreadable(error, source) from error


def _unpacked(raw: Iterator[bytes], source: str) -> Iterator[bytes]:
    first = next(raw, b"")
    if not first.startswith(_GZIP):
        yield first
        yield from raw
        return
    packed, unpacker = first, zlib.decompressobj(wbits=31)
    while packed:
        try:
            yield unpacker.decompress(packed, _CHUNK)
        except zlib.error as error:
            raise TableError(
                Problem(
                    "UD303",
                    Text("is a damaged gzip file: {error}", error=error),
                    Text("pack it again"),
                    source,
                )
            ) from error
        packed = unpacker.unconsumed_tail or (b"" if unpacker.eof else next(raw, b""))
        if unpacker.eof and (rest := unpacker.unused_data.lstrip(b"\0") or next(raw, b"")):
            packed, unpacker = (
                rest,
                zlib.decompressobj(wbits=31),
            )  # members written one after the other are one file
    if not unpacker.eof:
        raise TableError(
            Problem("UD303", Text("is a gzip file that breaks off"), Text("pack it again"), source)
        )


def is_packed(source: str) -> bool:
    """Whether a file is packed with gzip."""
    return next(_raw(source), b"").startswith(_GZIP)


def sha256(source: str) -> str:
    """Return the SHA-256 of a file as it lies on the disk."""
    digest = hashlib.sha256()
    for chunk in _raw(source):
        digest.update(chunk)
    return digest.hexdigest()
