"""Numbers as people read them: as many decimals as they have, and never so few that
they mislead.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from udsat.messages import language

#: A number with so many decimals is shown as it is.
_SHORT = 4


def plain(number: float | None, limit: float | None = None) -> str:
    """Return a number with its own decimals, or with fewer where it has many and its place beside
    the limit stays clear.

    >>> plain(41.2), plain(57.0), plain(2.275), plain(42.2204213, 40.0), plain(2.0350000001, 2.035)
    ('41.2', '57', '2.275', '42.22', '2.0350000001')
    """
    return "" if number is None else language.figure(_shown(number, limit))


@lru_cache(maxsize=100_000)  # a page says the same figures in its lists, sentences and data
def _shown(number: float, limit: float | None) -> str:
    exact = Decimal(repr(number))
    line = None if limit is None else Decimal(repr(limit))
    for places in range(2, 14):
        short = exact.quantize(Decimal(1).scaleb(-places))
        near = line is None or 2 * abs(short - exact) <= abs(exact - line)
        if short == exact or (
            near and places >= 2 and exact != exact.quantize(Decimal(1).scaleb(-_SHORT))
        ):
            return _text(short)
    return _text(exact)


def _text(number: Decimal) -> str:
    return format(
        number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize(),
        "f",
    )


def signed(number: float | None) -> str:
    """Return a difference with its sign; a difference that is not nothing never reads 0.

    >>> signed(1.2), signed(-0.004), signed(0.0)
    ('+1.2', '-0.004', '0')
    """
    if number is None:
        return ""
    text = plain(number, 0.0)
    return text if number <= 0 else f"+{text}"
