"""Workbooks (.xlsx, .xlsm): the sheet that holds the table, as text with the row each line stands
in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import duckdb
from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from udsat.messages.problems import Problem, TableError, UdsatError, UsageError
from udsat.messages.text import Text
from udsat.tables.readers import excel_styles as marks
from udsat.tables.readers import layout, paths
from udsat.tables.readers.dialect import Dialect
from udsat.tables.readers.excel_styles import CellPosition
from udsat.tables.readers.layout import TextLine
from udsat.tables.readers.options import Reading
from udsat.tables.readers.raw import ColumnTable, TextTable
from udsat.tables.validate.cells import Plain

T = TypeVar("T")
#: A full sheet of a million rows unpacks to less than this.
MOST_BYTES = 2 * 2**30
#: The fast reader makes room for the whole rectangle around all cells; so many take it 2 GiB.
MOST_CELLS = 64 * 2**20
#: Workbooks up to this size are always read with care.
_SMALL = 8 * 2**20
_CHUNK = 2**20
_OLE = b"\xd0\xcf\x11\xe0"
_LOOKED_AT = 32
#: A sheet has fewer rows than this.
_DEEPEST = 2**20 + 1
#: Up to so many rows go through the model one by one.
LONG = 4_000


def read(
    path: Path, name: str, how: Reading, connection: duckdb.DuckDBPyConnection
) -> TextTable | ColumnTable:
    """Return the table of a workbook; raise `TableError` where it has none, or more than one."""
    return _opened(
        path,
        name,
        lambda book: _sheet(book, name, how),
        lambda sheet: _table(sheet, how, connection),
    )


def read_plain(path: Path, name: str, wanted: str) -> TextTable:
    """Return the sheet of a name, or the only one, whose first row is the header, as reference
    tables have it.
    """
    return _opened(path, name, lambda book: _named(book, name, wanted), _plain)


def _opened(
    path: Path, name: str, pick: Callable[[CalamineWorkbook], str], use: Callable[[_Sheet], T]
) -> T:
    """Return what is made of one sheet of a workbook, which is closed again."""
    _refuse_others(path, name)
    odd = _guard(path, name)
    try:
        with CalamineWorkbook.from_path(path) as book, zipfile.ZipFile(path) as archive:
            sheet = pick(book)
            found = marks.odd_cells(archive, sheet) if odd else {}
            return use(_Sheet(path, name, sheet, found, book.get_sheet_by_name(sheet)))
    except PasswordError:
        raise TableError(
            Problem(
                "UD303", Text("is protected by a password"), Text("save a copy without it"), name
            )
        ) from None
    except (UdsatError, KeyboardInterrupt):
        raise
    except BaseException as error:  # the readers raise whatever their parts do; a panic of the fast one is no Exception  # noqa: E501
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        words = " ".join(str(error).split())[:200]
        raise TableError(
            Problem(
                "UD303",
                Text("is no workbook that can be read: {words}", words=words),
                Text("save it again as .xlsx or CSV"),
                name,
            )
        ) from error


@dataclass(frozen=True, slots=True)
class _Sheet:
    """An open sheet, with the cells that the fast reader does not tell apart."""

    path: Path
    name: str
    sheet: str
    marks: Mapping[CellPosition, str]
    cells: CalamineSheet

    def lines(self) -> Iterator[TextLine]:
        """Yield each row that holds anything, as text, with its number."""
        for number, row in enumerate(self.cells.iter_rows()):
            texts = [
                _text(cell, self.marks.get((number, place), "")) for place, cell in enumerate(row)
            ]
            if any(text.strip() for text in texts):
                yield number + 1, texts

    def digest(self) -> str:
        """Return the SHA-256 of the file."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


def _table(
    sheet: _Sheet, how: Reading, connection: duckdb.DuckDBPyConnection
) -> TextTable | ColumnTable:
    lines = list(islice(sheet.lines(), LONG + 1))
    if not lines:
        raise TableError(
            Problem(
                "UD302", Text("the sheet '{sheet}' is empty", sheet=sheet.sheet), file=sheet.name
            )
        )
    if len(lines) > LONG and (place := layout.header(lines, how.header_row, how.known)) is not None:
        from udsat.tables.readers import csv_large

        layout.refuse_above(lines[: place + 1], how.header_row, how.known, sheet.name)
        _refuse_merged(sheet, range(lines[place][0] + 1, _DEEPEST))
        try:
            return csv_large.of_lines(
                sheet.name, _in_words(sheet), sheet.lines, how, sheet.digest(), connection
            )
        except csv_large.NotLong:
            return _short(sheet, list(sheet.lines()), how)
    return _short(sheet, list(sheet.lines()) if len(lines) > LONG else lines, how)


def _plain(sheet: _Sheet) -> TextTable:
    lines = list(sheet.lines())
    if len(lines) < 2:
        raise TableError(
            Problem(
                "UD302",
                Text("the sheet '{sheet}' has only a header", sheet=sheet.sheet),
                file=sheet.name,
            )
        )
    headings = [heading.strip() for heading in lines[0][1]]
    while headings and not headings[-1]:
        headings.pop()
    rows = [
        (number, [*cells[: len(headings)], *filter(None, cells[len(headings) :])])
        for number, cells in lines[1:]
    ]
    return TextTable(
        sheet.name, headings, rows, Dialect(_in_words(sheet), None, ""), sheet.digest()
    )


def _in_words(sheet: _Sheet) -> Text:
    return Text("sheet '{sheet}'", sheet=sheet.sheet)


def _short(sheet: _Sheet, lines: list[TextLine], how: Reading) -> TextTable:
    found = layout.find(lines, how.header_row, how.known)
    if found is None:
        problem = Text("there is no row {header_row} for the headings", header_row=how.header_row)
        raise TableError(Problem("UD509", problem, Text("look again at --header-row"), sheet.name))
    layout.refuse_others(found, sheet.name)
    _refuse_merged(sheet, {number for number, _ in found.rows})
    if not found.rows:
        raise TableError(
            Problem(
                "UD302",
                Text("the sheet '{sheet}' has only a header", sheet=sheet.sheet),
                file=sheet.name,
            )
        )
    return TextTable.of(
        sheet.name, found, Dialect(_in_words(sheet), None, "", found.left_out), sheet.digest()
    )


def _refuse_merged(sheet: _Sheet, body: Container[int]) -> None:
    """Refuse cells merged over several rows of the table: only the first of them would have a
    value.
    """
    for (first, _), (last, _) in sheet.cells.merged_cell_ranges or ():
        if last > first and sum(row in body for row in range(first + 1, last + 2)) > 1:
            hint = Text("unmerge them, and write the value in each row")
            raise TableError(
                Problem(
                    "UD314",
                    Text(
                        "rows {first} to {last} share a merged cell", first=first + 1, last=last + 1
                    ),
                    hint,
                    sheet.name,
                    first + 1,
                )
            )


def _refuse_others(path: Path, name: str) -> None:
    """Refuse what is no .xlsx: of other formats nobody can tell which numbers are percentages, and
    which gaps are errors.
    """
    with path.open("rb") as stream:
        start = stream.read(4096)
        rest = stream.read(_CHUNK) if start.startswith(_OLE) else b""
    what = _what(path, start, start + rest)
    if what == "encrypted":
        raise TableError(
            Problem(
                "UD303", Text("is protected by a password"), Text("save a copy without it"), name
            )
        )
    if what:
        raise TableError(
            Problem(
                "UD303",
                Text("is {what}, not an .xlsx workbook", what=what),
                Text("open it and save it as .xlsx or CSV"),
                name,
            )
        )


def _what(path: Path, start: bytes, more: bytes) -> str:
    """Return what a file is, in words; empty for an .xlsx workbook, or what may be one that is
    damaged.
    """
    if start.startswith(_OLE):
        return (
            "encrypted"
            if "EncryptedPackage".encode("utf-16-le") in more
            else Text("an old Excel file (.xls)")
        )
    if start.startswith(b"PK"):
        return _what_zip(path)
    if start.startswith(b"PAR1"):
        return Text("a Parquet file")
    text = start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")
    if text.startswith(b"<"):
        return Text("a web page or XML file")
    return "" if b"\0" in start else Text("a text file")


def _what_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
    ):  # NotImplementedError is a RuntimeError
        return ""
    if "content.xml" in names:
        return Text("an OpenDocument sheet (.ods)")
    if "xl/workbook.bin" in names:
        return Text("a binary workbook (.xlsb)")
    if not any("workbook" in part for part in names):
        return Text("a zip file")
    return (
        "" if path.suffix.lower() in {".xlsx", ".xlsm"} else Text("a workbook under a wrong ending")
    )


def _guard(path: Path, name: str) -> bool:
    """Refuse a file that would fill the memory; return whether it may have cells
    that need marks.
    """
    total, odd = 0, False
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                extent = marks.Extent()
                for chunk in _unpacked(archive, entry):
                    total += len(chunk)
                    odd = odd or marks.is_odd(chunk, entry.filename)
                    if marks.is_sheet(entry.filename):
                        extent.widen(chunk)
                    _refuse_bomb(total, path, name)
                if (
                    extent.cells > MOST_CELLS
                    and (cells := marks.exact_cells(_unpacked(archive, entry))) > MOST_CELLS
                ):
                    hint = Text("delete what is far from the table, or save the table as CSV")
                    raise TableError(
                        Problem(
                            "UD315",
                            Text("has a sheet that spans {cells:,} cells", cells=cells),
                            hint,
                            name,
                        )
                    )
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
    ) as error:
        raise TableError(
            Problem(
                "UD303",
                Text("is a damaged workbook: {error}", error=error),
                Text("save it again"),
                name,
            )
        ) from error
    return odd or total < _SMALL


def _refuse_bomb(total: int, path: Path, name: str) -> None:
    if total > MOST_BYTES or (
        total > paths.FREE_BYTES and total > paths.MOST_TIMES * path.stat().st_size
    ):
        raise TableError(
            Problem(
                "UD315",
                Text("unpacks to more than {total:,} MiB", total=total >> 20),
                Text("save the table as CSV"),
                name,
            )
        )


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield an entry in pieces that overlap a little, so that what is looked for is
    not cut in two.
    """
    with archive.open(entry) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            yield tail + chunk
            tail = chunk[-256:]


def _sheets(book: CalamineWorkbook) -> tuple[list[str], list[str]]:
    """Return the names of all sheets with cells, and of those that can be seen."""
    cells = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    return [one.name for one in cells], [
        one.name for one in cells if one.visible == SheetVisibleEnum.Visible
    ]


def _named(book: CalamineWorkbook, name: str, wanted: str) -> str:
    """Return the sheet of a name, else the only one."""
    names, visible = _sheets(book)
    if wanted not in names and len(visible) != 1:
        hint = Text("call the one that is meant {wanted}, or save it as CSV", wanted=wanted)
        raise TableError(
            Problem(
                "UD313",
                Text(
                    "has no sheet {wanted}, but {visible}",
                    wanted=wanted,
                    visible=", ".join(visible) or Text("none"),
                ),
                hint,
                name,
            )
        )
    return wanted if wanted in names else visible[0]


def _sheet(book: CalamineWorkbook, name: str, how: Reading) -> str:
    """Return the name of the sheet to read: the one asked for, else the only one that has a table
    of areas.
    """
    names, visible = _sheets(book)
    if how.sheet is not None:
        if how.sheet in names:
            return how.sheet
        if how.sheet.isdecimal() and 0 < int(how.sheet) <= len(names):
            return names[int(how.sheet) - 1]
        raise UsageError(
            Problem(
                "UD509",
                Text("there is no sheet '{sheet}'", sheet=how.sheet),
                Text("the sheets are {names}", names=", ".join(names)),
                name,
            )
        )
    if not visible:
        raise TableError(Problem("UD302", Text("has no sheet that can be seen"), file=name))
    known = partial(layout.known, more=how.known)
    counts = (
        {sheet: max(map(known, _texts(book, sheet)), default=0) for sheet in visible}
        if len(visible) > 1
        else {visible[0]: 2}
    )
    tables = [
        sheet for sheet, count in counts.items() if count > 1 and _has_area(book, sheet, how)
    ] or visible[:1]
    if len(tables) > 1:
        hint = Text("say which one with --sheet, such as --sheet '{tables}'", tables=tables[0])
        raise TableError(
            Problem(
                "UD313",
                Text("has several sheets with a table: {names}", names=", ".join(tables)),
                hint,
                name,
            )
        )
    return tables[0]


def _texts(book: CalamineWorkbook, sheet: str) -> list[list[str]]:
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=_LOOKED_AT)
    return [[cell if isinstance(cell, str) else "" for cell in row] for row in rows]


def _has_area(book: CalamineWorkbook, sheet: str, how: Reading) -> bool:
    return any(layout.has_area(cells, how.columns) for cells in _texts(book, sheet))


def _text(cell: Any, mark: str) -> str:
    """Return a cell as text; a number keeps its shortest decimal, a percentage is written out, a
    date in ISO form.
    """
    if mark.startswith(("#", "=")):
        return mark
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, (int, float)):
        number = Decimal(repr(cell))
        if mark == "%":
            return Plain(f"{_digits(number * 100)}%")
        return Plain(_digits(number).zfill(len(mark)))
    if isinstance(cell, dt.datetime):
        return str(cell.date()) if cell.time() == dt.time() else str(cell)
    return str(cell)


def _digits(number: Decimal) -> str:
    """Return a number in digits, without powers of ten and without zeros after its last decimal."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
