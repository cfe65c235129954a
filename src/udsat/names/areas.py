"""An area as lists name it, other names that it goes by, and what a name that was looked up stands
for.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple


class Area(NamedTuple):
    """An area of a municipality, under one name and in one spelling."""

    name: str
    municipality: str


class Match(NamedTuple):
    """The areas that a name may stand for: one where that is proven, else every one that it is
    near.
    """

    areas: tuple[Area, ...]
    proven: bool

    @property
    def area(self) -> Area:
        """The first of the areas."""
        return self.areas[0]


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a listed area: proven by a source, or a reason to leave open whether it is
    the area.
    """

    area: Area
    name: str
    proven: bool


@dataclass(frozen=True, slots=True)
class SameAs:
    """What a user says: an area goes by another name, on lists or in years from one
    day to another.
    """

    area: Area
    other: Area
    first: dt.date | None = None
    last: dt.date | None = None

    def holds(self, date: dt.date | None) -> bool:
        """Whether it holds on a day; without a day only what always holds does."""
        if date is None:
            return self.first is None and self.last is None
        return (self.first is None or self.first <= date) and (
            self.last is None or date <= self.last
        )
