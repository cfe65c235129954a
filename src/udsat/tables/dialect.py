"""How a text file is written: its encoding, the mark between cells, and the decimal mark. Found in the file, never in the system."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from udsat.errors import Problem, TableError

DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "pipe"}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with BOM"), (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
         (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"))  # fmt: skip
_CONTROL = frozenset(chr(code) for code in range(32)) - set("\t\n\r\f\x1a")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What was found, in the words that one line on standard error uses."""

    #: `semicolon` and so on, or `sheet 'Ark1'`.
    cells: str
    decimal: str | None = None
    encoding: str = ""
    #: What lay around the table: `3 title rows skipped`.
    around: str = ""

    def __str__(self) -> str:
        """Return the dialect in words: `semicolon, decimal comma, Windows-1252`."""
        decimal = f"decimal {self.decimal}" if self.decimal else "no decimals" if self.encoding else ""
        return ", ".join(filter(None, (self.cells, decimal, self.encoding, self.around)))


def codec(data: bytes, wanted: str | None) -> tuple[str, str]:
    """Return the codec of a file that starts with some bytes, and its name: as said, by BOM, else UTF-8 to be tried."""
    for bom, found, name in _BOMS:
        if data.startswith(bom) and wanted in {None, found, "utf-8" if found == "utf-8-sig" else found}:
            return found, name
    return (wanted, wanted) if wanted else ("utf-8", "UTF-8")


def decode(data: bytes, file: str, wanted: str | None = None) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding: by BOM, then UTF-8, then Windows-1252.

    Raises `TableError` where the bytes are no text in the encoding that they must have.
    """
    found, name = codec(data, wanted)
    if name != "UTF-8":
        return _decoded(data, found, name, file), name
    try:
        return printable(data.decode("utf-8"), file), name
    except UnicodeDecodeError:
        return _decoded(data, "cp1252", "Windows-1252", file), "Windows-1252"


def _decoded(data: bytes, codec: str, name: str, file: str) -> str:
    try:
        return printable(data.decode(codec), file)
    except UnicodeError as error:
        raise no_text(error, name, file) from error


def no_text(error: UnicodeError, name: str, file: str) -> TableError:
    """Return the message for bytes that are no text in an encoding."""
    where = f": byte {error.start}" if isinstance(error, UnicodeDecodeError) else ""
    return TableError(Problem("UD303", f"is no text in {name}{where}", "say --encoding, or save it again as CSV in UTF-8", file))


def printable(text: str, file: str) -> str:
    """Return a text; raise `TableError` where it has characters that no table has."""
    if any(character in text for character in _CONTROL):
        raise TableError(Problem("UD303", "holds binary data, so it is no CSV file", "export it again as CSV", file))
    return text


def delimiter(text: str, known: Callable[[Sequence[str]], int] = lambda _: 0) -> str:
    r"""Return the mark between cells: the one that shows most known headings in a line, else cuts lines most evenly.

    >>> delimiter("a;b;c\n1,5;2,5;3\n")
    ';'
    """
    lines = text[:100_000].splitlines()[:32]
    return max(reversed(DELIMITERS), key=lambda mark: _evenness(lines, mark, known))


def _evenness(lines: list[str], mark: str, known: Callable[[Sequence[str]], int]) -> tuple[int, int]:
    """Return how many headings a mark shows in one line, and how many cells it cuts the lines into, most of all alike."""
    rows = [row for row in _cut(lines, mark) if row]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(map(known, rows), default=0), max((count * (width - 1) for width, count in widths.items()), default=0)


def _cut(lines: list[str], mark: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=mark))
    except csv.Error:
        return []
