"""Large text files as the engine can read them: in UTF-8 on disk, copied to a temporary file only
where that is needed.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from udsat.files import Temporary
from udsat.tables.readers import dialect

_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Marks:
    """What a text holds that makes its lines harder to count."""

    quotes: bool = False
    blanks: bool = False
    bare_returns: bool = False
    #: How many lines there are.
    lines: int = 0


def copied(chunks: Iterable[bytes], suffix: str = ".csv") -> Temporary:
    """Write bytes to a temporary file."""
    temporary = Temporary(suffix)
    temporary.fill(chunks)
    return temporary


def chunks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file."""
    with path.open("rb") as stream:
        yield from iter(partial(stream.read, _CHUNK), b"")


def scan(path: Path, name: str, wanted: str | None) -> tuple[str, str, Marks]:
    """Return the codec of a text file, its name, and what the text holds; raise `TableError` where
    it is no text.
    """
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
            raise dialect.no_meaning(
                found[0], name, lines + text.count("\n", len(last), found.start()) + 1
            )
        quotes = quotes or '"' in piece
        blanks = blanks or "\n\n" in text
        if "\r" in text:  # to look for one character first is many times as fast
            blanks = blanks or "\n\r\n" in text
            returns += (
                piece.count("\r")
                - piece.count("\r\n")
                - (last.endswith("\r") and piece.startswith("\n"))
            )
        lines += piece.count("\n")
        last = text[-2:]
    return Marks(quotes, blanks, returns != 0, lines + (not last.endswith("\n")))


def in_utf8(path: Path, codec: str) -> Temporary:
    """Return a copy of a text file in UTF-8."""
    return copied(piece.encode("utf-8") for piece in texts(path, codec))


def cut(path: Path, line: int) -> Temporary:
    """Return a copy of a text file that ends before a line, counted from 1."""
    return copied(_above(path, line - 1))


def _above(path: Path, lines: int) -> Iterator[bytes]:
    """Yield the first lines of a text file, in pieces."""
    for chunk in chunks(path) if lines else ():
        count = chunk.count(b"\n")
        if count >= lines:
            yield from chunk.splitlines(keepends=True)[:lines]
            return
        yield chunk
        lines -= count


def below(path: Path, lines: int) -> Temporary:
    """Return a copy of a text file without its first lines."""
    with path.open("rb") as stream:
        for _ in range(lines):
            stream.readline()
        return copied(iter(partial(stream.read, _CHUNK), b""))
