"""Cells as each format holds them: exact numbers, gaps, and text that no spreadsheet runs."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

#: What Excel, LibreOffice and Google Sheets take for the start of a formula, also in the wide forms
#: of East Asian keyboards.
_STARTS_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d[\d.,\u00a0 ]*%?")
_GUARD = "'"


def text(cell: Any) -> Any:
    """Return a cell as CSV has it: a double as its shortest decimal, never in powers of ten; a gap
    is empty.

    >>> text(1.98), text(1e-07), text(55.0), text(float("nan"))
    ('1.98', '0.0000001', '55', '')
    """
    if isinstance(cell, float):
        plain = repr(cell)
        if plain == "nan":
            return ""
        plain = format(Decimal(plain), "f") if "e" in plain else plain
        return plain.removesuffix(".0")
    if cell is None:
        return ""
    return cell if isinstance(cell, (str, int, dt.date)) else _other(cell)


def _other(cell: Any) -> str:
    """Return a handed-through cell of a rare type as text: lists and structures as JSON."""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    plain = jsonable(cell)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def danish(cell: Any) -> Any:
    """Return a cell as a Danish spreadsheet reads it from CSV: a decimal comma in numbers, guards
    before formulas.

    >>> danish(-0.65), danish("=1+1"), danish("-5,2"), danish("Ringparken")
    ('-0,65', "'=1+1", '-5,2', 'Ringparken')
    """
    if isinstance(cell, str):
        return guarded(cell)
    plain = text(cell)
    if isinstance(cell, (float, Decimal)):
        return plain.replace(".", ",")
    return guarded(plain) if isinstance(plain, str) else plain


def guarded(words: str) -> str:
    """Return text with an apostrophe before what a spreadsheet would run as a formula; numbers stay
    as they are.

    A text that already is an apostrophe before a formula gets another one, so that each guarded
    text has one origin.
    """
    return (
        _GUARD + words if _STARTS_FORMULA.match(words) and not _NUMBER.fullmatch(words) else words
    )


def unguarded(words: str) -> str:
    """Return the text behind a guard.

    >>> unguarded("'=1+1"), unguarded("'s-Gravenhage"), unguarded("-5")
    ('=1+1', "'s-Gravenhage", '-5')
    """
    return (
        words.removeprefix(_GUARD)
        if words.startswith(_GUARD) and _STARTS_FORMULA.match(words)
        else words
    )


def jsonable(cell: Any) -> Any:
    """Return a cell as JSON can hold it: whole doubles as integers, dates as ISO text, bytes in
    hexadecimal, no NaN.
    """
    if cell is None or isinstance(cell, (str, bool, int)):
        return cell
    if isinstance(cell, float):
        return _double(cell)
    if isinstance(cell, Decimal):
        return _decimal(cell)
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    if isinstance(cell, bytes):
        return cell.hex()
    if isinstance(cell, Mapping):
        return {str(key): jsonable(value) for key, value in cell.items()}
    if isinstance(cell, (list, tuple)):
        return [jsonable(value) for value in cell]
    return str(cell)


def _double(number: float) -> Any:
    if math.isnan(number):
        return None
    if math.isinf(number):
        return str(number)
    return int(number) if number.is_integer() else number


def _decimal(number: Decimal) -> Any:
    """Return a decimal as a JSON number if a double holds it, else as text: no digit is lost."""
    if number == number.to_integral_value():
        return int(number)
    short = float(number)
    return short if Decimal(repr(short)) == number else format(number, "f")
