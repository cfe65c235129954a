"""Exact numbers as ticks: whole numbers in the order of the numbers they stand for.

A number is laid on a grid of 10^13 points per unit. A number on a grid point has an even tick, a
number between two points has the odd tick between theirs. So comparing ticks is comparing numbers,
with no division, no rounding and no overflow: 100 % is 2 * 10^15, and an int64 holds 4,600 times as
much.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

#: The three forms of a number in a frame: its smallest and largest value, and the value as printed.
LOW, HIGH, SHOWN = "__low", "__high", "__shown"
#: Decimals with up to this many places are exact; a number with more stands for an interval.
PLACES = 9
#: Grid points per unit: nine places per 10,000 are eleven in percent, and a mean of four needs two
#: more.
GRID = 10**13
#: Ticks per unit.
TICKS = 2 * GRID
#: A line above this is as good as at it: no figure in percent is as high, and its ticks fit an
#: int64.
MOST = Fraction(400_000)
#: Kroner are kept as billionths, because a national income in ticks would not fit an int64.
NANO = 10**PLACES
#: How many percent one unit of a share is.
PERCENT_PER = {"percent": Fraction(1), "per_1000": Fraction(1, 10), "per_10000": Fraction(1, 100)}


def to_ticks(number: Fraction) -> int:
    """Return the tick of a number.

    >>> to_ticks(Fraction(40)), to_ticks(Fraction(1, 3))
    (800000000000000, 6666666666667)
    """
    point, rest = divmod(number.numerator * GRID, number.denominator)
    return 2 * point + (rest != 0)


def tick_bounds(number: Fraction) -> tuple[int, int]:
    """Return the even ticks that enclose a number: twice its own if it lies on the grid."""
    tick = to_ticks(number)
    return tick - tick % 2, tick + tick % 2


def to_fraction(tick: int) -> Fraction:
    """Return the number of an even tick.

    >>> to_fraction(to_ticks(Fraction("1.98")))
    Fraction(99, 50)
    """
    return Fraction(tick, TICKS)


def around(number: Decimal) -> tuple[Decimal, Decimal]:
    """Return the interval that a number with more than nine places stands for: nine places, and one
    unit either way.

    Such a number was computed elsewhere, by floating point as a rule, so its last places are no
    evidence.

    >>> around(Decimal("39.99999999999999"))
    (Decimal('39.999999999'), Decimal('40.000000001'))
    """
    step = Decimal(1).scaleb(-PLACES)
    middle = number.quantize(step)
    return middle - step, middle + step


def places(number: Decimal) -> int:
    """Return how many decimals a number is written with.

    >>> places(Decimal("2.70")), places(Decimal("270"))
    (2, 0)
    """
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def cut(number: Fraction, digits: int = PLACES) -> str:
    """Return a number in decimals, cut (never rounded up) at so many places.

    >>> cut(Fraction(200, 3)), cut(Fraction(99, 50)), cut(Fraction(-1, 3), 2)
    ('66.666666666', '1.98', '-0.33')
    """
    sign = "-" if number < 0 else ""
    whole, rest = divmod(abs(number.numerator) * 10**digits // number.denominator, 10**digits)
    text = f"{whole}.{rest:0{digits}d}".rstrip("0").rstrip(".") if digits else str(whole)
    return sign + text if text.strip("0.") else "0"
