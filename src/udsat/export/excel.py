"""Excel out: typed cells that nothing runs, a bounded memory, and the same bytes for
the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.workbook import Workbook

from udsat import files
from udsat.export.cells import jsonable, text
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

#: What one sheet of an .xlsx file can hold, by its specification.
MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 1_048_576, 16_384, 32_767
#: Excel computes with this many digits: a longer whole number, such as a code, would lose its end.
_DIGITS = 15
_FIRST_DATE = dt.date(1900, 3, 1)
#: A file that says when it was made would differ from run to run.
_MADE = dt.datetime(2000, 1, 1)
_WIDEST, _NARROWEST = 59, 8
#: The words of outcomes and of membership, with the sign that the tables on the screen have too.
_SIGNS: tuple[tuple[tuple[str, ...], str, dict[str, Any]], ...] = (
    (("met", "yes"), "●", {"bold": True}),
    (("not_met", "no"), "○", {}),
    (("unknown",), "?", {"font_color": "#7A4B00"}),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: a header in its first row, and rows that are read one by one.

    By column: `notes` are comments on the headings, `widths` are in characters, `texts` says which
    columns hold text whatever is typed into them, `limits` between which numbers a typed number
    lies without a question.
    """

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]] = ()
    notes: Sequence[str] = ()
    widths: Sequence[int] = ()
    texts: Sequence[bool] = ()
    #: How numbers are shown, in the spreadsheet's own language; an empty text leaves them as they
    #: are.
    formats: Sequence[str] = ()
    #: Which columns hold outcomes: each cell is shown with its sign, and keeps its word.
    signs: Sequence[bool] = ()
    limits: Sequence[tuple[int, int] | None] = ()
    #: Whether long text is shown on several lines.
    wrap: bool = False


class _Exact(float):
    """A number that is written with all digits it has; XlsxWriter writes 16, and some doubles need
    17.
    """

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return repr(float(self))


def check_size(rows: int, columns: Sequence[str], path: str) -> None:
    """Raise `UsageError` where a sheet cannot hold so many rows (without the header) or columns."""
    hint = Text("write .parquet or .csv, or keep some areas with --only")
    if rows + 1 > MOST_ROWS:
        raise UsageError(
            Problem(
                "UD503",
                Text(
                    "{rows:,} rows and a header do not fit in a sheet of {most_rows:,} rows",
                    rows=rows,
                    most_rows=MOST_ROWS,
                ),
                hint,
                path,
            )
        )
    if len(columns) > MOST_COLUMNS:
        raise UsageError(
            Problem(
                "UD503",
                Text(
                    "{columns:,} columns do not fit in a sheet of {most_columns:,}",
                    columns=len(columns),
                    most_columns=MOST_COLUMNS,
                ),
                hint,
                path,
            )
        )


def to_xlsx(path: Path, name: str, sheets: Iterable[Sheet]) -> None:
    """Write sheets as a workbook; `name` is the file as the user calls it.

    Raises `UsageError` where a sheet has more rows or longer cells than Excel holds; nothing is
    ever cut.
    """
    with files.scratch() as folder:  # for rows that wait
        options = {"constant_memory": True, "tmpdir": str(folder), "use_zip64": True}
        book = xlsxwriter.Workbook(str(path), options)
        book.set_properties(
            {"created": _MADE, "comments": "Computed by udsat, not the official list."}
        )
        try:
            for sheet in sheets:
                _write(book, sheet, name)
        except BaseException:
            _let_go(book)
            raise
        _close(book)


def _let_go(book: Workbook) -> None:
    """Close the files of rows that wait: a workbook that is not finished keeps them open, and no
    folder of theirs can go.
    """
    for page in book.worksheets():
        page._opt_close()  # noqa: SLF001 - closing the workbook would write all of it first


def _close(book: Workbook) -> None:
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error


def _write(book: Workbook, sheet: Sheet, name: str) -> None:
    page = book.add_worksheet(sheet.name)
    bold = book.add_format({"bold": True, "text_wrap": False})
    dated = book.add_format({"num_format": "yyyy-mm-dd"})
    widths = sheet.widths or [
        min(_WIDEST, max(_NARROWEST, len(column) + 2)) for column in sheet.columns
    ]
    words = book.add_format({"num_format": "@"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"}) if sheet.wrap else None
    for place, width in enumerate(widths):
        page.set_column(
            place,
            place,
            width,
            words if place < len(sheet.texts) and sheet.texts[place] else wrapped,
        )
    page.freeze_panes(1, 1)
    for place, column in enumerate(sheet.columns):
        _text(page, 0, place, column, name, bold)
    for place, note in enumerate(sheet.notes):
        page.write_comment(0, place, note, {"x_scale": 2.5, "y_scale": 1.5, "author": "udsat"})
    shown = [book.add_format({"num_format": kind}) if kind else None for kind in sheet.formats] or [
        None
    ] * len(sheet.columns)
    line = 0
    for line, row in enumerate(sheet.rows, 1):
        if line >= MOST_ROWS:
            check_size(line, sheet.columns, name)
        for place, cell in enumerate(row):
            if cell is not None:
                _cell(page, line, place, cell, name, dated, shown[place])
    page.autofilter(0, 0, max(line, 1), len(sheet.columns) - 1)
    for place in (place for place, outcomes in enumerate(sheet.signs) if outcomes and line):
        _signed(book, page, place, line)
    for place, limits in enumerate(sheet.limits):
        if limits:
            page.data_validation(1, place, MOST_ROWS - 1, place, _question(*limits))


def _signed(book: Workbook, page: Any, place: int, last: int) -> None:
    """Show a sign before each outcome of a column: met is no success, so it is bold and has no
    colour of its own.
    """
    for words, sign, style in _SIGNS:
        shown = book.add_format({"num_format": f';;;"{sign} "@', **style})
        for word in words:
            page.conditional_format(
                1,
                place,
                last,
                place,
                {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": shown},
            )


def _question(low: int, high: int) -> dict[str, Any]:
    """Return the question that Excel asks about a number outside its range; bounds such as <5 may
    be let through.
    """
    text = f"A number from {low} to {high:,}, or a bound such as <5 or 3-7. Keep it?"
    between = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
    return between | {"error_type": "warning", "error_title": "udsat", "error_message": text}


def _cell(
    page: Any, line: int, place: int, cell: Any, name: str, dated: Any, shown: Any = None
) -> None:
    """Write one cell by its type; what Excel has no exact type for becomes text."""
    if isinstance(cell, str):
        _text(page, line, place, cell, name)
    elif isinstance(cell, bool):
        page.write_boolean(line, place, cell)
    elif isinstance(cell, Decimal) and isinstance(jsonable(cell), (int, float)):
        _cell(page, line, place, jsonable(cell), name, dated, shown)
    elif isinstance(cell, int) and abs(cell) < 10**_DIGITS:
        page.write_number(line, place, cell, shown)
    elif isinstance(cell, float) and isinstance(jsonable(cell), (int, float)):
        page.write_number(line, place, _Exact(cell), shown)
    elif isinstance(cell, dt.date) and not isinstance(cell, dt.datetime) and cell >= _FIRST_DATE:
        page.write_datetime(line, place, cell, dated)
    else:
        _text(page, line, place, str(text(cell)), name)


def _text(page: Any, line: int, place: int, words: str, name: str, style: Any = None) -> None:
    if len(words.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
        hint = Text("write .parquet or .csv, which hold it")
        raise UsageError(
            Problem(
                "UD504",
                Text(
                    "a cell has more than {most_characters:,} characters, which Excel cannot hold",
                    most_characters=MOST_CHARACTERS,
                ),
                hint,
                name,
                line + 1,
            )
        )
    if words:
        page.write_string(line, place, words, style)
