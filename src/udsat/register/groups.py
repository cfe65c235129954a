"""Groups of rows by region, municipality, area and year: the number of each row's group, the same
batch after batch.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from udsat.register.arrays import CellFactor, Whole, joined

#: What is distinguished first, and what then: after each step places are numbered without gaps, so
#: that few are possible.
_STEPS = (("region", "municipality"), ("area",), ("year",))
#: More places than this are sorted, not looked up.
_MOST_PLACES = 1 << 22


class Groups:
    """Numbers groups in the order in which they are met, while columns have the very same cells."""

    def __init__(self, factors: Mapping[str, CellFactor]) -> None:
        """Begin with the cells of some columns, and without any group."""
        self._cells = {name: factors[name].cells for names in _STEPS for name in names}
        some = [[name for name in names if len(self._cells[name]) > 1] for names in _STEPS]
        self._steps = [(names, _GroupNumbers()) for names in some if names]
        self._told = 0

    def fit(self, factors: Mapping[str, CellFactor]) -> bool:
        """Whether columns have the cells that these groups are distinguished by."""
        return all(factors[name].cells is cells for name, cells in self._cells.items())

    def of(self, factors: Mapping[str, CellFactor]) -> tuple[Whole, Whole]:
        """Return the number of the group of each row, and one row of each new group, in the order
        of their numbers.
        """
        places, many = factors["year"].index, 1
        for names, numbers in self._steps:
            places = numbers.of(*joined([factors[name] for name in names], places, many))
            many = numbers.many
        rows = np.zeros(many - self._told, np.intp)
        if len(rows):
            new = np.flatnonzero(places >= self._told)
            rows[places[new] - self._told] = new
            self._told = many
        return places, rows


class _GroupNumbers:
    """Numbers places without gaps, in the order in which they are met."""

    def __init__(self) -> None:
        self.many = 0
        self._table = np.zeros(0, np.int32)
        #: Where there are too many for a table: the places in their order, and the number of each.
        self._sorted: tuple[Whole, Whole] | None = None

    def of(self, places: Whole, size: int) -> Whole:
        """Return the numbers of places, of which so many are possible."""
        self._grow(size)
        found = self._known(places)
        if found.min() < 0:
            self._number(np.unique(places[found < 0]))
            found = self._known(places)
        return found

    def _grow(self, size: int) -> None:
        if self._sorted is None and size > _MOST_PLACES:
            there = np.flatnonzero(self._table >= 0)
            self._sorted, self._table = (there, self._table[there]), np.zeros(0, np.int32)
        elif self._sorted is None and size > len(self._table):
            self._table = np.concatenate(
                [self._table, np.full(size - len(self._table), -1, np.int32)]
            )

    def _known(self, places: Whole) -> Whole:
        """Return the numbers of places, -1 for those that have none yet."""
        if self._sorted is None:
            return self._table.take(places)
        known, numbers = self._sorted
        if not len(known):
            return np.full(len(places), -1, np.int32)
        at = np.minimum(np.searchsorted(known, places), len(known) - 1)
        return np.where(known[at] == places, numbers[at], np.int32(-1))

    def _number(self, new: Whole) -> None:
        numbers = np.arange(self.many, self.many + len(new), dtype=np.int32)
        self.many += len(new)
        if self._sorted is None:
            self._table[new] = numbers
            return
        known = np.concatenate([self._sorted[0], new])
        order = np.argsort(known)
        self._sorted = known[order], np.concatenate([self._sorted[1], numbers])[order]
