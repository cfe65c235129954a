"""CSV out: for programs with decimal points, and for a Danish spreadsheet with decimal commas and
guards.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from udsat.export.cells import danish, guarded, text

#: The mark at the start by which Excel knows UTF-8.
BOM = "\ufeff"


def to_csv(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as CSV: UTF-8, comma, decimal point, LF; a gap is an empty cell."""
    writer = csv.writer(stream, lineterminator="\n")
    quoting = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
    (quoting if _breaks(columns) else writer).writerow(columns)
    for row in rows:
        cells = [text(cell) for cell in row]
        (quoting if _breaks(cells) else writer).writerow(cells)


def _breaks(cells: Sequence[Any]) -> bool:
    """Whether a cell holds a return, which ends a line for readers though the writer does not quote
    it.
    """
    return any(isinstance(cell, str) and "\r" in cell for cell in cells)


def to_danish_csv(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as a Danish Excel opens them: UTF-8 with BOM, semicolon, decimal comma, CRLF, no
    cell that runs.
    """
    stream.write(BOM)
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([guarded(column) for column in columns])
    writer.writerows([danish(cell) for cell in row] for row in rows)
