"""What all threads have counted so far, by year, area, municipality and region, before it is handed
to the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa

from udsat.engine import arrow
from udsat.register.arrays import CellFactor, Once, Whole
from udsat.register.batches import PLACES

KEYS = ("year", *PLACES)
#: So many groups, or different cells of their keys, are handed to the engine at once: what does not
#: fit into memory it puts elsewhere.
_MOST_GROUPS, _MOST_CELLS = 50_000, 1 << 20
#: Binary digits of the number of a year, area and so on in a key: for more than there can be before
#: they are handed on.
_DIGITS = {"year": 9, "area": 22, "municipality": 22, "region": 10}
#: Lists of different cells that are longer are not gone through whole: only what the groups of a
#: batch have of them.
_LONG = 1 << 16
#: How the cells of each part of a key are written.
Written = Mapping[str, Callable[[Any], Any]]


class NameColumn:
    """The keys of groups: one number made of those of what is written for their year, area and so
    on.
    """

    def __init__(self, written: Written) -> None:
        """Begin without any names."""
        self._written = written
        #: The number of each cell, and of what is written for cells: several may be written alike.
        self.cells: dict[str, dict[Any, int]] = {name: {} for name in KEYS}
        self.texts: dict[str, dict[Any, int]] = {name: {} for name in KEYS}
        self._numbers = {name: Once(partial(self._numbered, name)) for name in KEYS}

    def keys(self, factors: Mapping[str, CellFactor], rows: Whole) -> Whole:
        """Return the keys of the groups of some rows."""
        found = []
        for name, numbers in self._numbers.items():
            cells, at = factors[name].cells, factors[name].index[rows]
            if len(cells) > _LONG:
                some, at = np.unique(at, return_inverse=True)
                cells = tuple(cells[place] for place in some.tolist())
            found.append(numbers.of(cells)[at])
        return self._packed(found)

    def written(self, keys: Whole) -> dict[str, list[Any]]:
        """Return what is written for each part of some keys."""
        found = {}
        for name in reversed(KEYS):
            texts = list(self.texts[name])
            found[name] = [texts[number] for number in (keys & ((1 << _DIGITS[name]) - 1)).tolist()]
            keys = keys >> _DIGITS[name]
        return {name: found[name] for name in KEYS}

    def keys_written(self, written: Mapping[str, Sequence[Any]]) -> Whole:
        """Return the keys of groups from what is written for each part."""
        known = self.texts
        return self._packed(
            [
                np.array(
                    [known[name].setdefault(text, len(known[name])) for text in written[name]],
                    np.int64,
                )
                for name in KEYS
            ]
        )

    def _packed(self, numbers: Sequence[Whole]) -> Whole:
        """Return keys from the numbers of their parts."""
        keys = np.zeros(len(numbers[0]), np.int64)
        for name, some in zip(KEYS, numbers, strict=True):
            if len(self.texts[name]) > 1 << _DIGITS[name]:
                raise OverflowError(
                    f"{name}: more than {1 << _DIGITS[name]} names before any were handed on"
                )
            keys = (keys << _DIGITS[name]) + some
        return keys

    def _numbered(self, name: str, cells: Sequence[Any]) -> Whole:
        """Return for each cell the number of what is written for it, a new one where
        that is new.
        """
        known, texts, write = self.cells[name], self.texts[name], self._written[name]
        for one in cells:
            if one not in known:
                known[one] = texts.setdefault(write(one), len(texts))
        return np.array([known[one] for one in cells], np.int64)


class Sums:
    """Counts of groups; what becomes too much is handed on."""

    def __init__(
        self, columns: Sequence[str], written: Written, hand_on: Callable[[pa.Table], object]
    ) -> None:
        """Begin without any groups."""
        self.columns, self._written, self._hand_on = columns, written, hand_on
        self._lock = Lock()
        self._begin()

    def _begin(self) -> None:
        self.names = NameColumn(self._written)
        #: The keys in their order, and for each column the sums in the order of the keys.
        self._keys = np.zeros(0, np.int64)
        self._table = np.zeros((len(self.columns), 0), np.int64)

    def keys(self, names: NameColumn, factors: Mapping[str, CellFactor], rows: Whole) -> Whole:
        """Return the keys of the groups of some rows by names of which several threads may make
        use.
        """
        with self._lock:
            return names.keys(factors, rows)

    def add(self, names: NameColumn, keys: Whole, more: Whole) -> None:
        """Add the counts of some groups by their keys, of which several may be the same."""
        with self._lock:
            self._add(
                keys if names is self.names else self.names.keys_written(names.written(keys)), more
            )
            if (
                len(self._keys) > _MOST_GROUPS
                or max(map(len, self.names.cells.values())) > _MOST_CELLS
            ):
                self._hand_on(self.taken())

    def _add(self, keys: Whole, more: Whole) -> None:
        places = np.searchsorted(self._keys, keys)
        if (
            not len(self._keys)
            or (self._keys[np.minimum(places, len(self._keys) - 1)] != keys).any()
        ):
            self._widen(np.union1d(self._keys, keys))
            places = np.searchsorted(self._keys, keys)
        if np.bincount(places).max() > 1:
            np.add.at(self._table.T, places, more.T)
        else:
            for sums, some in zip(self._table, more, strict=True):
                sums[places] += some

    def _widen(self, keys: Whole) -> None:
        table = np.zeros((len(self.columns), len(keys)), np.int64)
        table[:, np.searchsorted(keys, self._keys)] = self._table
        self._keys, self._table = keys, table

    def taken(self) -> pa.Table:
        """Return what has been counted, and begin anew: other names may still be in use."""
        written = self.names.written(self._keys)
        found = {name: arrow.texts(texts) for name, texts in written.items() if name != "year"}
        found = {"year": arrow.whole_numbers(np.array(written["year"], np.int64))} | found
        found |= {
            name: arrow.whole_numbers(sums)
            for name, sums in zip(self.columns, self._table, strict=True)
        }
        self._begin()
        return pa.table(found)
