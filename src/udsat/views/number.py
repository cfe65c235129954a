"""Numbers as people read them: as many decimals as they have, and never so few that a tie appears that is none."""

from __future__ import annotations

from decimal import Decimal


def plain(number: float | None, limit: float | None = None) -> str:
    """Return a number with its own decimals, or with two where it has more, if that still tells it from the limit.

    >>> plain(41.2), plain(57.0), plain(42.2204213, 40.0), plain(40.0000001, 40.0)
    ('41.2', '57', '42.22', '40.0000001')
    """
    if number is None:
        return ""
    exact = Decimal(repr(number))
    for places in range(2, 14):
        short = exact.quantize(Decimal(1).scaleb(-places))
        if limit is None or short != Decimal(repr(limit)) or short == exact:
            return format(short.normalize() if short != short.to_integral_value() else short.quantize(Decimal(1)), "f")
    return format(exact, "f")


def signed(number: float | None) -> str:
    """Return a difference with its sign; a difference that is not nothing never reads 0.

    >>> signed(1.2), signed(-0.004), signed(0.0)
    ('+1.2', '-0.004', '0')
    """
    if number is None:
        return ""
    text = plain(number, 0.0)
    return text if number <= 0 else f"+{text}"
