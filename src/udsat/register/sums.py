"""What has been counted so far, by year, area, municipality and region, before it is handed to the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from udsat.register.arrays import Factor, Once, Whole
from udsat.register.batches import PLACES
from udsat.tables import arrow

KEYS = ("year", *PLACES)
#: So many groups, or different cells of their keys, are handed to the engine at once: what does not fit into memory it puts elsewhere.
_MOST_GROUPS, _MOST_CELLS = 50_000, 1 << 20
#: Binary digits of the number of a year, area and so on in a key: for more than there can be before they are handed on.
_DIGITS = {"year": 9, "area": 22, "municipality": 22, "region": 10}
#: Lists of different cells that are longer are not gone through whole: only what the groups of a batch have of them.
_LONG = 1 << 16


class Sums:
    """Counts of groups of rows: the key of a group has the numbers of its year, area and so on."""

    def __init__(self, columns: Sequence[str], written: Mapping[str, Callable[[Any], Any]]) -> None:
        """Begin without any groups; `written` says how the cells of each part of a key are written."""
        self.columns, self._written = columns, written
        self._begin()

    def _begin(self) -> None:
        self.cells: dict[str, dict[Any, int]] = {name: {} for name in self._written}
        self._numbers = {name: Once(partial(_numbered, self.cells[name], write)) for name, write in self._written.items()}
        #: The keys in their order, and for each column the sums in the order of the keys.
        self.keys = np.zeros(0, np.int64)
        self.table = np.zeros((len(self.columns), 0), np.int64)

    def add(self, factors: Mapping[str, Factor], rows: Whole, more: Whole) -> None:
        """Add the counts of some groups, each told by one of its rows; several may be written alike."""
        keys = np.zeros(len(rows), np.int64)
        for name, numbers in self._numbers.items():
            cells, at = factors[name].cells, factors[name].index[rows]
            if len(cells) > _LONG:
                some, at = np.unique(at, return_inverse=True)
                cells = tuple(cells[place] for place in some.tolist())
            keys = (keys << _DIGITS[name]) + numbers.of(cells)[at]
        places = np.searchsorted(self.keys, keys)
        if not len(self.keys) or (self.keys[np.minimum(places, len(self.keys) - 1)] != keys).any():
            self._widen(np.union1d(self.keys, keys))
            places = np.searchsorted(self.keys, keys)
        if np.bincount(places).max() > 1:
            np.add.at(self.table.T, places, more.T)
        else:
            for sums, some in zip(self.table, more, strict=True):
                sums[places] += some

    def are_many(self) -> bool:
        """Whether it is time to hand them on."""
        return len(self.keys) > _MOST_GROUPS or max(map(len, self.cells.values())) > _MOST_CELLS

    def _widen(self, keys: Whole) -> None:
        table = np.zeros((len(self.columns), len(keys)), np.int64)
        table[:, np.searchsorted(keys, self.keys)] = self.table
        self.keys, self.table = keys, table

    def taken(self) -> pa.Table:
        """Return what has been counted, and begin anew."""
        found, keys = {}, self.keys
        for name in reversed(KEYS):
            cells = list(self.cells[name])
            written = [cells[number] for number in (keys & ((1 << _DIGITS[name]) - 1)).tolist()]
            keys = keys >> _DIGITS[name]
            found[name] = arrow.whole_numbers(np.array(written, np.int64)) if name == "year" else arrow.texts(written)
        found = {name: found[name] for name in KEYS}
        found |= {name: arrow.whole_numbers(sums) for name, sums in zip(self.columns, self.table, strict=True)}
        self._begin()
        return pa.table(found)


def _numbered(known: dict[Any, int], write: Callable[[Any], Any], cells: Sequence[Any]) -> Whole:
    """Return for each cell the number of what is written for it, a new one where that is new."""
    return np.array([known.setdefault(write(cell), len(known)) for cell in cells], np.intp)
