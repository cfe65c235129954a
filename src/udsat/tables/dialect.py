"""How a text file is written: its encoding, the mark between cells, and the decimal mark. Found in the file, never in the system."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from dataclasses import dataclass

from udsat.errors import Problem, TableError

DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "pipe"}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with BOM"), (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
         (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"))  # fmt: skip
_CONTROL = frozenset(chr(code) for code in range(32)) - set("\t\n\r\f\x1a")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What was found, in the words that one line on standard error uses."""

    encoding: str
    delimiter: str
    decimal: str | None = None

    def __str__(self) -> str:
        """Return the dialect in words: `semicolon, decimal comma, Windows-1252`."""
        decimal = f"decimal {self.decimal}" if self.decimal else "no decimals"
        return f"{DELIMITERS[self.delimiter]}, {decimal}, {self.encoding}"


def decode(data: bytes, file: str) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding: by BOM, then UTF-8, then Windows-1252."""
    for bom, codec, name in _BOMS:
        if data.startswith(bom):
            return _decoded(data, codec, name, file), name
    try:
        return _printable(data.decode("utf-8"), file), "UTF-8"
    except UnicodeDecodeError:
        return _decoded(data, "cp1252", "Windows-1252", file), "Windows-1252"


def _decoded(data: bytes, codec: str, name: str, file: str) -> str:
    try:
        return _printable(data.decode(codec), file)
    except UnicodeDecodeError as error:
        hint = "save it again as CSV in UTF-8"
        raise TableError(Problem("UD303", f"is no text in {name}: byte {error.start}", hint, file)) from error


def _printable(text: str, file: str) -> str:
    if any(character in text for character in _CONTROL):
        raise TableError(Problem("UD303", "holds binary data, so it is no CSV file", "export it again as CSV", file))
    return text


def delimiter(text: str) -> str:
    r"""Return the mark between cells: the one that cuts the first lines into the same number of cells, most of all.

    >>> delimiter("a;b;c\n1,5;2,5;3\n")
    ';'
    """
    sample = text[:20_000].splitlines()[:20]
    best, mark = 0, ","
    for candidate in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=candidate) if row)
        header = len(next(csv.reader(sample[:1], delimiter=candidate), []))
        score = widths[header] * (header - 1)
        if score > best:
            best, mark = score, candidate
    return mark
