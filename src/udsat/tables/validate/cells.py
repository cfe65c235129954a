"""One cell of a table: from the text in the file to the number, bound or gap that it stands for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from udsat import ticks
from udsat.messages.text import Text

#: A cell longer than this holds no number, and is not searched for one.
LONGEST = 200
MISSING = frozenset(
    {"", "..", ".", "…", ":", "-", "–", "—", "nan", "<na>", "none", "null", "n/a", "na"}
)
_SPACES = re.compile("[\\s\u00a0\u202f\u2009]+")
#: So many letters of a cell are shown in a message.
_SHOWN = 64
_UNIT = re.compile(r"(%|pct\.?|kr\.?)$", re.IGNORECASE)
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)[-–](\d+(?:\.\d+)?)")
_BELOW = re.compile(r"<(\d+(?:\.\d+)?)")
_CLEAN = {"point": re.compile(r"\d+(\.\d+)?"), "comma": re.compile(r"\d+(,\d+)?")}
_GROUPS = {
    "point": re.compile(r"(?<![\d.,])([+-]?\d{1,3}(?:[, ]\d{3})+)(?![\d,])"),
    "comma": re.compile(r"(?<![\d.,])([+-]?\d{1,3}(?:[. ]\d{3})+)(?![\d.])"),
}
_EVIDENCE = {
    "comma": re.compile(r"\d,(\d{1,2}|\d{4,})(?!\d)|\d\.\d{3}[.,]\d|\d{4,},\d|(?<!\d)0,\d"),
    "point": re.compile(r"\d\.(\d{1,2}|\d{4,})(?!\d)|\d,\d{3}[.,]\d|\d{4,}\.\d|(?<!\d)0\.\d"),
}
_UNCLEAR = re.compile(r"(?<![\d.,])(?:[1-9]\d{0,2}|0\d{1,2})[.,]\d{3}(?![\d.,])")
_BROKEN = re.compile(
    r"#(N/A|I/T|REF!|REFERENCE!|VALUE!|VÆRDI!|DIV/0!|DIVISION/0!|NAME\?|NAVN\?|NUM!|NULL!|NUL!|SPILL!|OVERLØB!|CALC!|BEREGN!|GETTING_DATA|#+)"
    r"|=.*",
    re.IGNORECASE | re.DOTALL,
)
_AS_TEXT = re.compile(r'="([^"]*)"')


class Plain(str):
    """A number that a file holds as a number, not as text: its decimal mark is a point and says
    nothing of the file's texts.
    """

    __slots__ = ()


class Number(NamedTuple):
    """What a cell says of a number: every value from `low` to `high`; `shown` is the value as
    printed, if it is one.
    """

    low: Decimal
    high: Decimal
    #: The largest value itself is ruled out: `<5` is from 0 up to but not 5.
    open_above: bool = False
    shown: Decimal | None = None
    #: With how many decimals the value is printed.
    places: int = 0


def evidence(texts: Iterable[str]) -> tuple[str | None, str | None, str | None]:
    """Return the first cell that shows a decimal comma, a decimal point, and one that can be read
    in two ways.

    >>> evidence(["41,2", "1.234"])
    ('41,2', None, '1.234')
    """
    comma = point = unclear = None
    for text in texts:
        if ("," not in text and "." not in text) or isinstance(text, Plain) or len(text) > LONGEST:
            continue
        cell = _SPACES.sub("", text)
        shows = [_EVIDENCE[mark].search(cell) is not None for mark in ("comma", "point")]
        if shows == [True, False]:
            comma = comma or text
        if shows == [False, True]:
            point = point or text
        if unclear is None and _UNCLEAR.search(cell):
            unclear = text
    return comma, point, unclear


def unit(text: str) -> str:
    """Return the unit that a cell carries behind its number, as `%` or `kr`; empty where it has
    none.

    >>> unit("41,5 pct."), unit("165.000 kr."), unit("41,5")
    ('%', 'kr', '')
    """
    match = _UNIT.search(text.strip())
    return "" if match is None else "kr" if match[1].lower().startswith("kr") else "%"


def broken(text: str) -> bool:
    """Whether a cell is an error of a spreadsheet, or a formula without its value.

    >>> broken("#DIV/0!"), broken("=B2*2"), broken("#4")
    (True, True, False)
    """
    return text[:1] in {"#", "="} and bool(_BROKEN.fullmatch(text))


def shown(text: str) -> str:
    """Return a cell as messages show it: without space around it, and cut where it is long."""
    return text.strip()[:_SHOWN]


def words(text: str) -> str | None:
    """Return the text of a cell that holds no number; None where it is missing.

    >>> words(" Bispehaven "), words('="084"'), words("..")
    ('Bispehaven', '084', None)
    """
    cell = text.strip()
    if match := _AS_TEXT.fullmatch(cell):
        cell = match[1].strip()
    return None if cell.lower() in MISSING else str(cell)


@lru_cache(maxsize=50_000)
def normal(text: str, decimal: str = "point", dash_is_zero: bool = False) -> str:
    """Return a cell with a decimal point and without thousands marks, spaces and unit; empty where
    it is missing.

    >>> normal("1.453,5 pct.", "comma"), normal("52, 9", "comma"), normal("..")
    ('1453.5', '52.9', '')
    """
    if _CLEAN[decimal].fullmatch(text):
        return text.replace(",", ".")
    cell = text.strip()
    if dash_is_zero and cell in {"-", "–", "—"}:
        return "0"
    if len(cell) > LONGEST:
        return "too long"
    if cell.lower() in MISSING:
        return ""
    cell = _UNIT.sub("", cell).strip()
    mark = "," if decimal == "comma" else "."
    cell = re.sub(rf"\s*{re.escape(mark)}\s*", mark, _SPACES.sub(" ", cell))
    cell = _GROUPS[decimal].sub(lambda match: re.sub(r"[., ]", "", match[1]), cell)
    cell = re.sub(r"\s*([-–<])\s*", r"\1", cell)
    if decimal == "point":
        return cell
    return "a point that groups no thousands" if "." in cell else cell.replace(",", ".")


@lru_cache(maxsize=50_000)
def number(cell: str) -> Number:
    """Return what a normal cell says; raise `ValueError` where it is no number.

    >>> number("<5")
    Number(low=Decimal('0'), high=Decimal('5'), open_above=True, shown=None, places=0)
    """
    if match := _BELOW.fullmatch(cell):
        return Number(Decimal(0), Decimal(match[1]), True, None, ticks.places(Decimal(match[1])))
    if match := _RANGE.fullmatch(cell):
        low, high = Decimal(match[1]), Decimal(match[2])
        if low > high:
            raise ValueError(Text("the bounds are in the wrong order"))
        return Number(low, high, False, None, max(ticks.places(low), ticks.places(high)))
    if not _PLAIN.fullmatch(cell) or len(cell) > 60:
        raise ValueError(Text("is no number"))
    value = Decimal(cell)
    if ticks.places(value) > ticks.PLACES and value != value.quantize(
        Decimal(1).scaleb(-ticks.PLACES)
    ):
        return Number(*ticks.around(value), False, value, ticks.PLACES)
    return Number(
        value,
        value,
        False,
        value,
        ticks.places(value.normalize()) if "e" in cell.lower() else ticks.places(value),
    )


def date(cell: str) -> dt.date:
    """Return the date of a cell: `2019-12-01`, `01-12-2019`, `1.12.2019` or `1/12/2019`, day before
    month.

    >>> date("1.12.2019")
    datetime.date(2019, 12, 1)
    """
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?", cell):
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})", cell):
        return dt.date(int(match[3]), int(match[2]), int(match[1]))
    raise ValueError(Text("is no date"))
