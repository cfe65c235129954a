"""The language of the run: words, numbers and dates as its reader has them; English unless the
command line says otherwise.

Only what people read is put into another language, where it is printed. What travels with data
(messages, notes, columns, codes) is English, and stays so in CSV, JSON and Parquet.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gettext
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "da")
DOMAIN = "udsat"
_SPLIT = "\x04"


def folder() -> Path:
    """Return the folder of the catalogues."""
    return Path(__file__).with_name("locale")


class Catalogue(gettext.GNUTranslations):
    """A catalogue that can also say which texts it has in a context."""

    def of(self, context: str) -> dict[str, str]:
        """Return the texts of a context, each with its translation."""
        texts: dict[str, str] = self._catalog  # type: ignore[attr-defined]
        start = context + _SPLIT
        return {
            str(key).removeprefix(start): text
            for key, text in texts.items()
            if str(key).startswith(start)
        }


class _RunLanguage:
    """The language of this run; the catalogue is None in English, which needs none."""

    catalogue: Catalogue | None = None


@contextlib.contextmanager
def spoken(code: str) -> Iterator[None]:
    """Let a language be that of the run for a while: `en` or `da`."""
    before, _RunLanguage.catalogue = (
        _RunLanguage.catalogue,
        None if code == "en" else _catalogue(code),
    )
    try:
        yield
    finally:
        _RunLanguage.catalogue = before


def _catalogue(code: str) -> Catalogue:
    found = gettext.translation(DOMAIN, folder(), [code], class_=Catalogue)
    assert isinstance(found, Catalogue)  # noqa: S101 - the class asked for
    return found


def catalogue() -> Catalogue | None:
    """Return the catalogue of the language of the run, or None in English."""
    return _RunLanguage.catalogue


def danish() -> bool:
    """Whether the run speaks Danish."""
    return _RunLanguage.catalogue is not None


@contextlib.contextmanager
def english() -> Iterator[None]:
    """Speak English for a while: for what machines read."""
    before, _RunLanguage.catalogue = _RunLanguage.catalogue, None
    try:
        yield
    finally:
        _RunLanguage.catalogue = before


def _(text: str, /, **values: object) -> str:
    """Return a text in the language of the run, with its values in their places.

    >>> _("{year} years", year=3)
    '3 years'
    """
    said = _RunLanguage.catalogue.gettext(text) if _RunLanguage.catalogue and text else text
    return said.format_map(values) if values else said


def counted(count: int, one: str, many: str, /, **values: object) -> str:
    """Return a text that depends on a number, which stands at `{count}`.

    >>> counted(1, "{count} area", "{count} areas"), counted(1200, "{count} area", "{count} areas")
    ('1 area', '1,200 areas')
    """
    said = (
        _RunLanguage.catalogue.ngettext(one, many, count)
        if _RunLanguage.catalogue
        else one
        if count == 1
        else many
    )
    return said.format_map({"count": whole(count), **values})


def whole(count: int) -> str:
    """Return a whole number with marks between its thousands."""
    return figure(f"{count:,}".replace(",", "")) if danish() else f"{count:,}"


def figure(text: str) -> str:
    """Return a number that is written with a decimal point as the reader writes it; all its
    decimals stay.
    """
    if not danish():
        return text
    sign, dots = ("+" if text.startswith("+") else ""), ("…" if text.endswith("…") else "")
    return sign + format(Decimal(text.strip("+…")), ",f").translate(_marks()) + dots


@cache
def _marks() -> dict[int, str]:
    """Return what stands in Danish numbers for the comma between thousands and the
    decimal point.
    """
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return str.maketrans({",": get_group_symbol("da"), ".": get_decimal_symbol("da")})


def day(date: dt.date) -> str:
    """Return a date in words in Danish, and as 2019-12-01 in English.

    >>> day(dt.date(2019, 12, 1))
    '2019-12-01'
    """
    return long_day(date) if danish() else str(date)


def long_day(date: dt.date) -> str:
    """Return a date in words.

    >>> long_day(dt.date(2019, 12, 1))
    '1 December 2019'
    """
    return _danish_day(date) if danish() else f"{date.day} {date:%B %Y}"


@cache
def _danish_day(date: dt.date) -> str:
    from babel.dates import format_date

    return format_date(date, "d. MMMM y", locale="da")


def spans(years: Iterable[int]) -> str:
    """Return years as spans.

    >>> spans((2014, 2015, 2016, 2018))
    '2014-2016, 2018'
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
