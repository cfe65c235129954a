"""Where a figure lies in a drawing: an axis with round marks, and dots that do not
hide each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Steps between marks, times a power of ten.
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class ChartAxis:
    """From figures to places: `low` lies at `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float
    marks: tuple[float, ...]

    def at(self, figure: float) -> float:
        """Return the place of a figure, to a tenth."""
        return round(
            self.start + (figure - self.low) / (self.high - self.low) * (self.end - self.start), 1
        )


def axis(figures: Iterable[float], start: float, end: float, most: int = 8) -> ChartAxis:
    """Return an axis that has room for all figures and marks at round numbers.

    >>> axis([41.2, 59.0], 0, 100).marks
    (40.0, 42.5, 45.0, 47.5, 50.0, 52.5, 55.0, 57.5, 60.0)
    """
    some = list(figures) or [0.0]
    low, high = min(some), max(some)
    if low == high:
        low, high = low - 1, high + 1
    step = _step((high - low) / most)
    first, last = math.floor(low / step), math.ceil(high / step)
    marks = tuple(round(number * step, 6) for number in range(first, last + 1))
    return ChartAxis(marks[0], marks[-1], start, end, marks)


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in _STEPS if step * power >= least * 0.999)


def levels(places: Sequence[float], size: float) -> list[int]:
    """Return, for each place along an axis in rising order, the lowest level on which a dot of a
    size touches no other.

    >>> levels([10.0, 10.4, 30.0], 8)
    [0, 1, 0]
    """
    ends: list[float] = []
    found = []
    for place in places:
        level = next((number for number, end in enumerate(ends) if end <= place - size), len(ends))
        ends[level : level + 1] = [place]
        found.append(level)
    return found
