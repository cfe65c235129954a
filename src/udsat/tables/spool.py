"""Large text files as the engine can read them: in UTF-8 on disk, copied to a temporary file only where that is needed."""

from __future__ import annotations

import codecs
import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from udsat.tables import dialect, leftovers

_PREFIX = "udsat-spool-"
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Marks:
    """What a text holds that makes its lines harder to count."""

    quotes: bool = False
    blanks: bool = False
    bare_returns: bool = False
    #: How many lines there are.
    lines: int = 0


class Temporary:
    """A temporary file that is gone with its owner, and at the latest with the process."""

    def __init__(self, suffix: str) -> None:
        """Make an empty file; what killed runs left is removed first."""
        leftovers.clean(Path(tempfile.gettempdir()), _PREFIX)
        handle, place = tempfile.mkstemp(prefix=f"{_PREFIX}{os.getpid()}-", suffix=suffix)
        os.close(handle)
        self.path = Path(place)
        weakref.finalize(self, partial(self.path.unlink, missing_ok=True))


def copied(chunks: Iterable[bytes], suffix: str = ".csv") -> Temporary:
    """Write bytes to a temporary file."""
    temporary = Temporary(suffix)
    with temporary.path.open("wb") as out:
        out.writelines(chunks)
    return temporary


def chunks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file."""
    with path.open("rb") as stream:
        yield from iter(partial(stream.read, _CHUNK), b"")


def scan(path: Path, name: str, wanted: str | None) -> tuple[str, str, Marks]:
    """Return the codec of a text file, its name, and what the text holds; raise `TableError` where it is no text."""
    with path.open("rb") as stream:
        codec, encoding = dialect.codec(stream.read(4), wanted)
    try:
        return codec, encoding, _marks(texts(path, codec), name, encoding)
    except UnicodeError as error:
        if encoding != "UTF-8":
            raise dialect.no_text(error, encoding, name) from error
    try:
        return "cp1252", "Windows-1252", _marks(texts(path, "cp1252"), name, "Windows-1252")
    except UnicodeError as error:
        raise dialect.no_text(error, "Windows-1252", name) from error


def texts(path: Path, codec: str) -> Iterator[str]:
    """Yield the text of a file in pieces."""
    decoder = codecs.getincrementaldecoder(codec)()
    for chunk in chunks(path):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _marks(pieces: Iterable[str], name: str, encoding: str) -> Marks:
    quotes = blanks = False
    returns = lines = 0
    last = "\n"
    for piece in pieces:
        dialect.printable(piece, name)
        text = last + piece
        if found := dialect.garbled(text, encoding):
            raise dialect.no_meaning(found[0], name, lines + text.count("\n", len(last), found.start()) + 1)
        quotes = quotes or '"' in piece
        blanks = blanks or "\n\n" in text
        if "\r" in text:  # to look for one character first is many times as fast
            blanks = blanks or "\n\r\n" in text
            returns += piece.count("\r") - piece.count("\r\n") - (last.endswith("\r") and piece.startswith("\n"))
        lines += piece.count("\n")
        last = text[-2:]
    return Marks(quotes, blanks, returns != 0, lines + (not last.endswith("\n")))


def in_utf8(path: Path, codec: str) -> Temporary:
    """Return a copy of a text file in UTF-8."""
    return copied(piece.encode("utf-8") for piece in texts(path, codec))


def cut(path: Path, line: int) -> Temporary:
    """Return a copy of a text file that ends before a line, counted from 1."""
    temporary = Temporary(".csv")
    left = line - 1
    with temporary.path.open("wb") as out, path.open("rb") as stream:
        while left and (chunk := stream.read(_CHUNK)):
            count = chunk.count(b"\n")
            if count < left:
                out.write(chunk)
                left -= count
                continue
            for piece in chunk.splitlines(keepends=True)[:left]:
                out.write(piece)
            break
    return temporary


def below(path: Path, lines: int) -> Temporary:
    """Return a copy of a text file without its first lines."""
    with path.open("rb") as stream:
        for _ in range(lines):
            stream.readline()
        return copied(iter(partial(stream.read, _CHUNK), b""))
