"""Text files: from bytes to rows with the file line each starts on."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from functools import partial

from udsat.messages.problems import Problem, TableError
from udsat.messages.text import Text
from udsat.tables.readers import dialect, layout
from udsat.tables.readers.layout import TextLine
from udsat.tables.readers.options import Reading
from udsat.tables.readers.raw import TextTable
from udsat.tables.validate.cells import Plain

csv.field_size_limit(10_000_000)
#: How files begin that are no text at all.
_BINARY = {
    b"PK\x03\x04": Text("is a workbook, not CSV"), b"PAR1": Text("is a Parquet file, not CSV"),
}  # fmt: skip
_OTHER = re.compile(r'[\ufeff\s]*(<(?=[!?a-zA-Z])|\{(?=\s*")|\[(?=\s*[\[{])|\{\\rtf)')


def read(data: bytes, name: str, how: Reading, digest: str = "") -> TextTable:
    """Return the text of a file as a raw table; raise `TableError` where it holds none."""
    text, encoding = _text(data, name, how.encoding)
    known = partial(layout.known, more=how.known)
    mark = how.delimiter or dialect.delimiter(text, known, (how.header_row or 1) - 1)
    lines = list(_lines(text, mark, name))
    found = layout.find(lines, how.header_row, how.known)
    if found is None:
        raise TableError(
            Problem(
                "UD509",
                Text("there is no line {header_row} for the headings", header_row=how.header_row),
                Text("look again at --header-row"),
                name,
            )
        )
    layout.refuse_others(found, name)
    if not found.rows:
        raise TableError(Problem("UD302", Text("has only a header"), file=name))
    cells = dialect.DELIMITERS.get(mark) or Text("'{mark}'", mark=mark)
    return TextTable.of(
        name,
        found,
        dialect.Dialect(cells, None, encoding, found.left_out),
        digest or hashlib.sha256(data).hexdigest(),
    )


def read_plain(data: bytes, name: str) -> TextTable:
    """Return a text file whose first line is the header, as reference tables and lists have it."""
    text, encoding = _text(data, name, None)
    mark = dialect.delimiter(text)
    lines = list(_lines(text, mark, name))
    if len(lines) < 2:
        raise TableError(Problem("UD302", Text("has only a header"), file=name))
    headings = [heading.strip() for heading in lines[0][1]]
    return TextTable(
        name,
        headings,
        lines[1:],
        dialect.Dialect(dialect.DELIMITERS[mark], None, encoding),
        hashlib.sha256(data).hexdigest(),
    )


def cells_of(row: list[str], headings: list[str]) -> dict[str, str]:
    """Return the cells of a row by heading; raise `ValueError` where there are more or fewer than
    headings.
    """
    if len(row) != len(headings):
        raise ValueError(
            Text(
                "the row has {row} cells, the header has {headings}",
                row=len(row),
                headings=len(headings),
            )
        )
    return dict(
        zip(
            headings,
            (cell if isinstance(cell, Plain) else cell.strip() for cell in row),
            strict=True,
        )
    )


def _text(data: bytes, name: str, wanted: str | None) -> tuple[str, str]:
    if not data.strip():
        raise TableError(Problem("UD302", Text("is empty"), file=name))
    for start, what in _BINARY.items():
        if data.startswith(start):
            raise TableError(
                Problem(
                    "UD303",
                    what,
                    Text("give tables by their names, and references and lists as CSV"),
                    name,
                )
            )
    text, encoding = dialect.decode(data, name, wanted)
    if found := _OTHER.match(text):
        what = (
            Text("is a web page or XML file, not CSV")
            if found[1] == "<"
            else Text("is a JSON file, not CSV")
            if found[1] in "{["
            else Text("is a rich text file, not CSV")
        )
        raise TableError(
            Problem(
                "UD303",
                what,
                Text("export the table as CSV"),
                name,
            )
        )
    if not text.strip("\ufeff\x1a \t\r\n"):
        raise TableError(Problem("UD302", Text("is empty"), file=name))
    return text.rstrip("\x1a"), encoding


def _refuse_swallowed(cells: list[str], mark: str, name: str, line: int) -> None:
    """Refuse a row with whole rows inside one cell: two stray quotation marks make one cell of all
    between them.
    """
    for cell in cells:
        ends = cell.count("\n") or cell.count("\r")
        if ends and len(cells) > 1 and cell.count(mark) >= ends * (len(cells) - 1):
            hint = Text("look for a quotation mark that is not closed, or say --delimiter")
            raise TableError(
                Problem(
                    "UD317",
                    Text(
                        "a cell in quotation marks holds {ends} lines of the table", ends=ends + 1
                    ),
                    hint,
                    name,
                    line,
                )
            )


def _lines(text: str, mark: str, name: str) -> Iterator[TextLine]:
    """Yield each line that holds anything, with its number (a quoted cell may span several)."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if reader.line_num > line:
                    _refuse_swallowed(cells, mark, name, line)
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        hint = Text("look for a quotation mark that is not closed, or say --delimiter")
        raise TableError(
            Problem("UD303", Text("is no CSV file: {error}", error=error), hint, name, line)
        ) from error
