"""How many of their random cases the long tests try: all of them, or a share where time is short (`UDSAT_BREADTH=0.5`)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

T = TypeVar("T")
BREADTH = float(os.environ.get("UDSAT_BREADTH", "1"))
#: Whether the long tests run: `make test-long` names a breadth. Properties that are dear are then tried again, on more tables.
IS_LONG = "UDSAT_BREADTH" in os.environ


def spread(cases: Iterable[T], breadth: float = BREADTH) -> list[T]:
    """Return cases spread evenly over all of them, as many as the breadth asks for, and at least one.

    >>> spread(range(7), 1), spread(range(7), 0.5), spread(range(7), 0.01)
    ([0, 1, 2, 3, 4, 5, 6], [0, 1, 3, 5], [0])
    """
    everything = list(cases)
    count = min(len(everything), max(1, round(len(everything) * breadth)))
    return [everything[n * len(everything) // count] for n in range(count)]


def examples(few: int, many: int) -> int:
    """Return how many examples a dear property has: few in `make test`, in the long tests their breadth of many."""
    if "UDSAT_EXAMPLES" in os.environ:
        return int(os.environ["UDSAT_EXAMPLES"])
    return max(few, round(many * BREADTH)) if IS_LONG else few


def dear(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a property that `make test` tries on few examples and the long tests on more."""
    return pytest.mark.long(test) if IS_LONG else test
