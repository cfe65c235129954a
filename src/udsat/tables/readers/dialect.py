"""How a text file is written: its encoding, the mark between cells, and the decimal mark. Found in
the file, never in the system.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from udsat.messages.problems import Problem, TableError
from udsat.messages.text import EMPTY, Text, joined, verbatim

DELIMITERS = {
    ";": Text("semicolon"), ",": Text("comma"), "\t": Text("tab"), "|": Text("pipe"),
}  # fmt: skip
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with BOM"), (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),  # noqa: E501
         (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"))  # fmt: skip
#: UTF-8 that was read as Windows-1252: Ã¸ for ø, also within one file of two encodings.
_GARBLED = re.compile("[ÃÂ][\u00a0-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|\ufffd")
#: Letters of DOS or of the Macintosh that were read as Windows-1252, within or before a word: › is
#: ø, ‘ is æ, Œ is å.
_FOREIGN = re.compile("[a-z][†›¿¾Œ‘][a-z]|[†›¿¾Œ][a-z]{2}")
_CONTROL = frozenset(chr(code) for code in range(32)) - set("\t\n\r\f\x1a")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What was found, in the words that one line on standard error uses."""

    #: `semicolon` and so on, or `sheet 'Ark1'`.
    cells: Text
    decimal: str | None = None
    encoding: str = ""
    #: What lay around the table: `3 title rows skipped`.
    around: Text = EMPTY

    def of(self, file: str) -> Text:
        """Return how a file was read: `liste.csv: semicolon, decimal comma, Windows-1252`."""
        decimal = Text("no decimals") if self.encoding else EMPTY
        if self.decimal:
            decimal = Text("decimal comma") if self.decimal == "comma" else Text("decimal point")
        encoding = (
            Text("UTF-8 with BOM") if self.encoding == "UTF-8 with BOM" else verbatim(self.encoding)
        )
        words = joined(filter(None, (self.cells, decimal, encoding, self.around)))
        return Text("{file}: {words}", file=file, words=words)


def codec(data: bytes, wanted: str | None) -> tuple[str, str]:
    """Return the codec of a file that starts with some bytes, and its name: as said, by BOM, else
    UTF-8 to be tried.
    """
    for bom, found, name in _BOMS:
        if data.startswith(bom) and wanted in {
            None,
            found,
            "utf-8" if found == "utf-8-sig" else found,
        }:
            return found, name
    return (wanted, wanted) if wanted else ("utf-8", "UTF-8")


def decode(data: bytes, file: str, wanted: str | None = None) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding: by BOM, then UTF-8, then
    Windows-1252.

    Raises `TableError` where the bytes are no text in the encoding that they must have.
    """
    found, name = codec(data, wanted)
    if name != "UTF-8":
        return _as_meant(_decoded(data, found, name, file), name, file), name
    try:
        return _as_meant(printable(data.decode("utf-8"), file), name, file), name
    except UnicodeDecodeError:
        return (
            _as_meant(_decoded(data, "cp1252", "Windows-1252", file), "Windows-1252", file),
            "Windows-1252",
        )


def _as_meant(text: str, name: str, file: str) -> str:
    """Return a text; refuse it where its letters show that it was read, now or before, in an
    encoding it is not written in.
    """
    if found := garbled(text, name):
        line = text.count("\n", 0, found.start()) + 1
        raise no_meaning(found[0], file, line)
    return text


def garbled(text: str, name: str) -> re.Match[str] | None:
    """Return the first letters of a text that show that it is written in another encoding than it
    was read in.
    """
    # To look for single letters first is many times as fast as a pattern.
    if any(letter in text for letter in "ÃÂ\ufffd") and (found := _GARBLED.search(text)):
        return found
    return (
        _FOREIGN.search(text)
        if name == "Windows-1252" and any(letter in text for letter in "†›¿¾Œ‘")
        else None
    )


def no_meaning(letters: str, file: str, line: int | None = None) -> TableError:
    """Return the message for a text of garbled letters."""
    hint = Text(
        "save it again as UTF-8, or say --encoding, such as cp865 (DOS), mac-roman or utf-8"
    )
    return TableError(
        Problem(
            "UD316",
            Text("has letters that no Danish text has: '{letters}'", letters=letters),
            hint,
            file,
            line,
        )
    )


def _decoded(data: bytes, codec: str, name: str, file: str) -> str:
    try:
        return printable(data.decode(codec), file)
    except UnicodeError as error:
        raise no_text(error, name, file) from error


def no_text(error: UnicodeError, name: str, file: str) -> TableError:
    """Return the message for bytes that are no text in an encoding."""
    message = (
        Text("is no text in {name}: byte {start}", name=name, start=error.start)
        if isinstance(error, UnicodeDecodeError)
        else Text("is no text in {name}", name=name)
    )
    return TableError(
        Problem(
            "UD303",
            message,
            Text("say --encoding, or save it again as CSV in UTF-8"),
            file,
        )
    )


def printable(text: str, file: str) -> str:
    """Return a text; raise `TableError` where it has characters that no table has."""
    if any(character in text for character in _CONTROL):
        raise TableError(
            Problem(
                "UD303",
                Text("contains binary data, so it is no CSV file"),
                Text("export it again as CSV"),
                file,
            )
        )
    return text


def delimiter(
    text: str, known: Callable[[Sequence[str]], int] = lambda _: 0, skipped: int = 0
) -> str:
    r"""Return the mark between cells: the one that shows most known headings in a line, else cuts
    lines most evenly.

    >>> delimiter("a;b;c\n1,5;2,5;3\n")
    ';'
    """
    lines = text[:100_000].splitlines()[skipped:][:32]
    return max(reversed(DELIMITERS), key=lambda mark: _evenness(lines, mark, known))


def _evenness(
    lines: list[str], mark: str, known: Callable[[Sequence[str]], int]
) -> tuple[int, int]:
    """Return how many headings a mark shows in one line, and how many cells it cuts the lines into,
    most of all alike.
    """
    rows = [row for row in _cut(lines, mark) if row]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(map(known, rows), default=0), max(
        (count * (width - 1) for width, count in widths.items()), default=0
    )


def _cut(lines: list[str], mark: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=mark))
    except csv.Error:
        return []
