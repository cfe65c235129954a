"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): the sheet that holds the table, as text with the row each line stands in."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum, ZipError

from udsat.errors import Problem, TableError, UsageError
from udsat.tables import layout
from udsat.tables.cells import Plain
from udsat.tables.dialect import Dialect
from udsat.tables.layout import Line
from udsat.tables.long import LongTable
from udsat.tables.raw import TextTable
from udsat.tables.reading import Reading

#: A full sheet of a million rows unpacks to less than this.
MOST_BYTES = 2 * 2**30
_CHUNK = 2**20
_ERROR_CELL = re.compile(rb'\st=["\']e["\']')
_PERCENT = re.compile(rb'numFmtId=["\'](9|10)["\']|formatCode=["\'][^"\']*%')
_LOOKED_AT = 32
#: Up to so many rows go through the model one by one.
LONG = 4_000
#: A cell of a sheet, by row and column from 0.
Place = tuple[int, int]


def read(path: Path, name: str, how: Reading, connection: duckdb.DuckDBPyConnection) -> TextTable | LongTable:
    """Return the table of a workbook; raise `TableError` where it has none, or more than one."""
    odd = _guard(path, name)
    try:
        with CalamineWorkbook.from_path(path) as book:
            sheet = _sheet(book, name, how)
            marks = _odd_cells(path, sheet, name) if odd else {}
            return _table(_Sheet(path, name, sheet, marks, book.get_sheet_by_name(sheet)), how, connection)
    except PasswordError:
        raise TableError(Problem("UD303", "is protected by a password", "save a copy without it", name)) from None
    except (CalamineError, ZipError, zipfile.BadZipFile) as error:
        raise TableError(Problem("UD303", f"is no workbook that can be read: {error}", "save it again as .xlsx or CSV", name)) from error


@dataclass(frozen=True, slots=True)
class _Sheet:
    """An open sheet, with the cells that the fast reader does not tell apart."""

    path: Path
    name: str
    sheet: str
    marks: Mapping[Place, str]
    cells: CalamineSheet

    def lines(self) -> Iterator[Line]:
        """Yield each row that holds anything, as text, with its number."""
        for number, row in enumerate(self.cells.iter_rows()):
            texts = [_text(cell, self.marks.get((number, place), "")) for place, cell in enumerate(row)]
            if any(text.strip() for text in texts):
                yield number + 1, texts

    def digest(self) -> str:
        """Return the SHA-256 of the file."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


def _table(sheet: _Sheet, how: Reading, connection: duckdb.DuckDBPyConnection) -> TextTable | LongTable:
    lines = list(islice(sheet.lines(), LONG + 1))
    if not lines:
        raise TableError(Problem("UD302", f"the sheet '{sheet.sheet}' is empty", file=sheet.name))
    if len(lines) > LONG and layout.header(lines, how.header_row, how.known) is not None:
        from udsat.tables import long

        return long.of_lines(sheet.name, f"sheet '{sheet.sheet}'", sheet.lines, how, sheet.digest(), connection)
    return _short(sheet, list(sheet.lines()) if len(lines) > LONG else lines, how)


def _short(sheet: _Sheet, lines: list[Line], how: Reading) -> TextTable:
    found = layout.find(lines, how.header_row, how.known)
    if found is None:
        problem = f"there is no row {how.header_row} for the headings"
        raise TableError(Problem("UD501", problem, "look again at --header-row", sheet.name))
    if not found.rows:
        raise TableError(Problem("UD302", f"the sheet '{sheet.sheet}' holds a header alone", file=sheet.name))
    return TextTable.of(sheet.name, found, Dialect(f"sheet '{sheet.sheet}'", None, "", str(found)), sheet.digest())


def _guard(path: Path, name: str) -> bool:
    """Refuse a file that would fill the memory; return whether it may have cells that the fast reader does not tell apart.

    Those are percentages, stored as fractions, and errors such as #N/A, which it reads as empty.
    """
    if not zipfile.is_zipfile(path):
        return False
    total, odd = 0, False
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                sought = _ERROR_CELL if "worksheets/" in entry.filename else _PERCENT if entry.filename.endswith("styles.xml") else None
                for chunk in _unpacked(archive, entry):
                    total += len(chunk)
                    odd = odd or bool(sought and sought.search(chunk))
                    if total > MOST_BYTES:
                        raise TableError(Problem("UD303", f"unpacks to more than {MOST_BYTES >> 30} GiB", "save the table as CSV", name))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise TableError(Problem("UD303", f"is a damaged workbook: {error}", "save it again", name)) from error
    return odd


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield an entry in pieces that overlap a little, so that what is looked for is not cut in two."""
    with archive.open(entry) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            yield tail + chunk
            tail = chunk[-64:]


def _sheet(book: CalamineWorkbook, name: str, how: Reading) -> str:
    """Return the name of the sheet to read: the one asked for, else the only one that has a table of areas."""
    names = [one.name for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    visible = [one.name for one in book.sheets_metadata if one.name in names and one.visible == SheetVisibleEnum.Visible]
    if how.sheet is not None:
        if how.sheet in names:
            return how.sheet
        if how.sheet.isdecimal() and 0 < int(how.sheet) <= len(names):
            return names[int(how.sheet) - 1]
        raise UsageError(Problem("UD501", f"there is no sheet '{how.sheet}'", f"the sheets are {', '.join(names)}", name))
    if not visible:
        raise TableError(Problem("UD302", "has no sheet that can be seen", file=name))
    known = partial(layout.known, more=how.known)
    counts = {sheet: max(map(known, _texts(book, sheet)), default=0) for sheet in visible} if len(visible) > 1 else {visible[0]: 2}
    tables = [sheet for sheet, count in counts.items() if count > 1 and _has_area(book, sheet, how)] or visible[:1]
    if len(tables) > 1:
        hint = f"say which one with --sheet, such as --sheet '{tables[0]}'"
        raise TableError(Problem("UD313", f"has several sheets with a table: {', '.join(tables)}", hint, name))
    return tables[0]


def _texts(book: CalamineWorkbook, sheet: str) -> list[list[str]]:
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=_LOOKED_AT)
    return [[cell if isinstance(cell, str) else "" for cell in row] for row in rows]


def _has_area(book: CalamineWorkbook, sheet: str, how: Reading) -> bool:
    return any(layout.has_area(cells, how.columns) for cells in _texts(book, sheet))


def _text(cell: Any, mark: str) -> str:
    """Return a cell as text; a number keeps its shortest decimal, a percentage is written out, a date in ISO form."""
    if mark.startswith("#"):
        return mark
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, (int, float)):
        number = Decimal(repr(cell))
        if mark:
            return Plain(f"{_digits(number * 100)}%")
        return Plain(_digits(number))
    if isinstance(cell, dt.datetime):
        return str(cell.date()) if cell.time() == dt.time() else str(cell)
    return str(cell)


def _digits(number: Decimal) -> str:
    """Return a number in digits, without powers of ten and without zeros after its last decimal."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _odd_cells(path: Path, sheet: str, name: str) -> dict[Place, str]:
    """Return the cells of a sheet that are percentages (`%`) or errors (`#N/A`)."""
    if path.suffix.lower() not in {".xlsx", ".xlsm"}:
        return {}
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        rows = book[sheet].iter_rows()
        found = {
            (cell.row - 1, cell.column - 1): str(cell.value) if cell.data_type == "e" else "%"
            for row in rows
            for cell in row
            if cell.value is not None and (cell.data_type == "e" or (cell.data_type == "n" and "%" in str(cell.number_format)))
        }
        book.close()
    except Exception as error:  # the library raises whatever its parts do
        raise TableError(Problem("UD303", f"is a damaged workbook: {error}", "save it again", name)) from error
    return found
