"""What one thread counts: rows are distinguished by group and by what the law makes of them, and
added up some batches at a time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from udsat import ticks
from udsat.register import arrays
from udsat.register.arrays import Whole
from udsat.register.batches import Batch
from udsat.register.classifier import Teller
from udsat.register.groups import Groups
from udsat.register.mapping import NUMBERS
from udsat.register.person_classes import Kinds
from udsat.register.sums import Sums

#: In how many parts a measure that adds numbers is summed up; the others count whole persons.
PARTS = dict.fromkeys(NUMBERS, ticks.NANO)
#: What is summed for a measure that counts persons, and for one that adds numbers: persons, ones,
#: parts of one, and cut parts.
COUNTED, ADDED = ("base", "low", "high"), ("base", "ones", "parts", "cut")
#: So many batches are added up before their sums go on: these fit 64 bits where those of one batch
#: are exact in floating point.
_BATCHES = 1 << 9
#: So many sums, of groups by outcomes, are kept in a table.
_MOST_COUNTS = 1 << 20


def columns(measures: Sequence[str]) -> list[str]:
    """Return the names of what is summed."""
    return [
        "residents",
        *(f"{name}_{part}" for name in measures for part in (ADDED if name in PARTS else COUNTED)),
    ]


class Tally:
    """Counts batches of one stretch after the other; what is counted goes to sums."""

    def __init__(self, measures: Sequence[str], kinds: Kinds, sums: Sums) -> None:
        """Begin without any rows."""
        self.measures, self.kinds, self.sums = measures, kinds, sums
        #: What some rows do not tell, though a measure needs it.
        self.untold = set[str]()
        self._teller = Teller(kinds)
        #: In how many parts the numbers of a measure come.
        self._parts: dict[str, int] = {}
        self._begin()

    def _begin(self, groups: Groups | None = None) -> None:
        """Begin anew with groups, or where none are given with those of the next batch."""
        self._groups, self._names, self._keys = groups, self.sums.names, np.zeros(0, np.int64)
        #: No outcome has this number or a larger one.
        self._wide = 1 << max(len(self.kinds.outcomes) - 1, 0).bit_length()
        self._clear()

    def _clear(self) -> None:
        #: What has been added up for each outcome of each group: persons, and of the numbers of
        #: measures their parts and so on.
        self._tables: dict[tuple[str, str], Whole] = {}
        self._batches = 0

    def add(self, batch: Batch) -> None:
        """Take the next rows."""
        outcomes = self._teller.of(batch.factors, batch.numbers)
        groups, new = self._fitting(batch).of(batch.factors)
        if len(new):
            self._keys = np.concatenate(
                [self._keys, self.sums.keys(self._names, batch.factors, new)]
            )
        if len(self._keys) * self._wide > _MOST_COUNTS and batch.rows > 1:
            parts = [batch] if self._batches else batch.halves()
            self.count()
            self._begin()
            for part in parts:
                self.add(part)
            return
        self._add_up(batch, groups * np.intp(self._wide) + outcomes)
        if self._batches == _BATCHES:
            self.count()

    def _fitting(self, batch: Batch) -> Groups:
        """Return groups that a batch can be distinguished by, new ones where those of before do not
        fit.
        """
        groups = self._groups
        if groups is None or not groups.fit(batch.factors) or len(self.kinds.outcomes) > self._wide:
            self.count()
            groups = Groups(batch.factors)
            self._begin(groups)
        return groups

    def _add_up(self, batch: Batch, cells: Whole) -> None:
        """Add the persons and numbers of rows to the tables; a cell is the place in a table of a
        group and an outcome.
        """
        size, many = len(self._keys) * self._wide, len(self.kinds.outcomes)
        self._more("", "persons", np.bincount(cells, minlength=size))
        for measure, amounts in batch.numbers.items():
            self._parts[measure] = amounts.parts
            self._more(measure, "parts", arrays.sums(cells, amounts.values, size, amounts.most))
            if self.kinds.counting(f"{measure}_persons", many):
                self._more(measure, "heads", arrays.sums(cells, amounts.values > 0, size, 1))
            if amounts.cut is not None:
                self._more(measure, "cut", arrays.sums(cells, amounts.cut, size, 1))
        self._batches += 1

    def _more(self, measure: str, what: str, found: Whole) -> None:
        """Add to a table, which may have become longer."""
        before = self._tables.get((measure, what), found[:0])
        if before.dtype == found.dtype:
            found[: len(before)] += before
        else:  # one of them has numbers of more than 64 bits
            found = np.concatenate([found[: len(before)] + before, found[len(before) :]])
        self._tables[measure, what] = found

    def _table(self, measure: str, what: str) -> Whole:
        """Return a table with a row for each outcome and a column for each group."""
        size, found = (
            len(self._tables["", "persons"]),
            self._tables.get((measure, what), np.zeros(0, np.int64)),
        )
        return (
            np.concatenate([found, np.zeros(size - len(found), np.int64)])
            .reshape(-1, self._wide)
            .T.copy()
        )

    def count(self) -> None:
        """Add what has been added up to the sums: of the persons of each outcome, what the names of
        measures count.
        """
        if not self._batches:
            return
        persons, many = self._table("", "persons"), min(len(self.kinds.outcomes), self._wide)
        for outcome, names in self.kinds.wanting(many):
            if names - self.untold and persons[outcome].any():
                self.untold |= names
        found = [persons.sum(0)]
        for measure in self.measures:
            if measure in PARTS:
                found += self._numbers(measure, persons, many)
            else:
                base, low, high = (
                    self.kinds.counting(f"{measure}_{part}", many) for part in COUNTED
                )
                certain = _together(persons, low)
                found += [
                    _together(persons, base),
                    certain,
                    certain if low == high else _together(persons, high),
                ]
        self.sums.add(self._names, self._keys[: persons.shape[1]], np.array(found, np.int64))
        self._clear()

    def _numbers(self, measure: str, persons: Whole, many: int) -> list[Whole]:
        """Return persons, ones, parts of one and cut parts of a measure that adds numbers, for each
        group.
        """
        by_number, by_head = (
            self.kinds.counting(f"{measure}_{how}", many) for how in ("base", "persons")
        )
        total, cut = (_together(self._table(measure, what), by_number) for what in ("parts", "cut"))
        heads, parts = _together(self._table(measure, "heads"), by_head), self._parts[measure]
        rest = total % parts * (PARTS[measure] // parts)
        return [_together(persons, [*by_number, *by_head]), total // parts + heads, rest, cut]


def _together(rows: Whole, outcomes: Sequence[int]) -> Whole:
    """Return the sum of the rows of some outcomes."""
    total = np.zeros(rows.shape[1], rows.dtype)
    for outcome in outcomes:
        total += rows[outcome]
    return total
