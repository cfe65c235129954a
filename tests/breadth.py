"""How many of their random cases the long tests try: all of them, or a share where time is short (`UDSAT_BREADTH=0.5`)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")
BREADTH = float(os.environ.get("UDSAT_BREADTH", "1"))


def spread(cases: Iterable[T], breadth: float = BREADTH) -> list[T]:
    """Return cases spread evenly over all of them, as many as the breadth asks for, and at least one.

    >>> spread(range(7), 1), spread(range(7), 0.5), spread(range(7), 0.01)
    ([0, 1, 2, 3, 4, 5, 6], [0, 1, 3, 5], [0])
    """
    everything = list(cases)
    count = min(len(everything), max(1, round(len(everything) * breadth)))
    return [everything[n * len(everything) // count] for n in range(count)]
