"""Columns of person rows as arrays: different cells with a place for each row, and numbers as whole numbers of parts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from udsat import exact
from udsat.register.cells import MOST

T = TypeVar("T")
Whole = npt.NDArray[Any]
#: What a number says: itself, nothing, or something that is no number here.
TOLD, EMPTY, BAD = 0, 1, 2
#: Whole numbers in a span no wider than this are places themselves: every number of the span is a cell, though it may not occur.
_SPAN = 4096
#: So many columns of cells are remembered.
_MOST_KEPT = 16
#: Sums of whole numbers below this are exact in floating point, in which they are formed fastest.
_EXACT = 2**53
_SHIFT = 30
#: So few places need not be numbered without gaps.
_FEW_PLACES = 256
#: More places than this are sorted, not looked up.
_MOST_PLACES = 1 << 22


@dataclass(frozen=True, slots=True)
class Factor:
    """A column as its different cells, and for each row the place of its own; there may be cells that no row has."""

    cells: tuple[Any, ...]
    index: Whole


class Once(Generic[T]):
    """Makes something of the cells of a column once for all batches that have the very same ones."""

    def __init__(self, make: Callable[[tuple[Any, ...]], T]) -> None:
        """Keep what makes it."""
        self._make = make
        self._made: dict[int, tuple[tuple[Any, ...], T]] = {}

    def of(self, cells: tuple[Any, ...]) -> T:
        """Return what is made of some cells."""
        found = self._made.get(id(cells))
        if found is None:
            if len(self._made) >= _MOST_KEPT:
                self._made = {}
            found = self._made[id(cells)] = (cells, self._make(cells))
        return found[1]


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column of numbers as whole numbers of parts; 0 where a row tells none."""

    values: Whole
    #: How many parts make one.
    parts: int
    #: No number is farther from 0.
    most: int
    #: TOLD, EMPTY or BAD for each row; None where every row tells its number.
    states: Whole | None = None
    #: Whether a part of a part was cut off; None where none was.
    cut: Whole | None = None

    def part(self, rows: slice) -> Amounts:
        """Return the numbers of some rows."""
        states, cut = (None if one is None else one[rows] for one in (self.states, self.cut))
        return replace(self, values=self.values[rows], states=states, cut=cut)


def constant(cell: Any, rows: int) -> Factor:
    """Return the column of what is the same for all rows."""
    return Factor(_span(cell, cell), np.zeros(rows, np.int32))


class Texts:
    """Turns a column of texts, batch after batch, into its different cells with places."""

    def __init__(self) -> None:
        """Begin without any batch."""
        self._last: tuple[pa.Array, tuple[Any, ...]] | None = None

    def factor(self, column: pa.Array) -> Factor:
        """Return the next batch; it has the very cells of the one before where they are the same."""
        listed = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        if self._last is None or not listed.dictionary.equals(self._last[0]):
            self._last = (listed.dictionary, (*listed.dictionary.to_pylist(), None))
        cells = self._last[1]
        return Factor(cells, numbers_of(listed.indices, len(cells) - 1).astype(np.int32, copy=False))


def whole_factor(column: pa.Array) -> Factor:
    """Return a column of whole numbers as its different cells with places; an empty cell is None."""
    values = numbers_of(column)
    low, high = int(values.min()), int(values.max())
    if high - low > _SPAN:
        found, index = np.unique(values, return_inverse=True)
        cells = (*found.tolist(), None)
    else:
        cells = _span(low, high, bool(column.null_count))
        index = np.subtract(values, low, dtype=np.int32 if values.itemsize < 4 else np.int64)
    if column.null_count:
        index[plain(column.is_null())] = len(cells) - 1
    return Factor(cells, index.astype(np.int32, copy=False))


@lru_cache(maxsize=256)
def _span(low: Any, high: Any, gaps: bool = False) -> tuple[Any, ...]:
    """Return all whole numbers of a span, or one cell; with None behind them where there are empty cells."""
    cells = range(low, high + 1) if low != high else (low,)
    return (*cells, None) if gaps else tuple(cells)


def numbers_of(column: pa.Array, instead: int = 0) -> Whole:
    """Return the numbers of a column, with one instead of what is missing."""
    if column.null_count:
        kind = np.float64 if column.type == pa.float64() else np.dtype(str(column.type))
        other = pa.Array.from_buffers(column.type, 1, [None, pa.py_buffer(np.array([instead], kind))])
        column = pc.fill_null(column, other[0])  # for a number that is no scalar, Arrow would load pandas
    return plain(column)


def plain(column: pa.Array) -> Whole:
    """Return a column without empty cells as an array; Arrow's own way to do that loads pandas."""
    if pa.types.is_boolean(column.type):
        return plain(column.cast(pa.uint8())).view(np.bool_)
    found: Whole = np.from_dlpack(column)
    return found


def amounts(column: pa.Array) -> Amounts:
    """Return whole numbers or floating-point ones as they are in a file."""
    return whole_amounts(column) if pa.types.is_integer(column.type) else float_amounts(column)


def whole_amounts(column: pa.Array) -> Amounts:
    """Return whole numbers, of which each is one part."""
    values, most = numbers_of(column), 1 << 32
    states = np.where(plain(column.is_null()), np.uint8(EMPTY), np.uint8(TOLD)) if column.null_count else None
    if values.itemsize > 4:
        most = max(int(values.max()), -int(values.min()))
        if most >= MOST:
            far = (values >= MOST) | (values <= -MOST)
            states = np.where(far, np.uint8(BAD), TOLD if states is None else states)
            values, most = np.where(far, 0, values), MOST
    return Amounts(values, 1, most, states)


def float_amounts(column: pa.Array) -> Amounts:
    """Return floating-point numbers in billionths: each stands for its shortest decimal, of which the ninth is the nearest."""
    values, states = numbers_of(column), None
    low, high = values.min(), values.max()
    if column.null_count or not (low > -MOST and high < MOST):  # not where one is not-a-number
        empty = np.isnan(values) | plain(column.is_null())
        states = np.where(empty, np.uint8(EMPTY), np.where(np.abs(values) < MOST, np.uint8(TOLD), np.uint8(BAD)))
        values = np.where(states == TOLD, values, 0.0)
        low, high = values.min(), values.max()
    nano = np.rint(values * exact.NANO)
    cut = nano / exact.NANO != values
    return Amounts(nano, exact.NANO, math.ceil(max(high, -low)) * exact.NANO, states, cut if cut.any() else None)


def told_amounts(values: pa.Array, empty: pa.Array, cut: pa.Array, parts: int) -> Amounts:
    """Return numbers that the engine has put into parts already; it tells none where a cell is empty or no number."""
    states = None
    if values.null_count:
        states = np.where(plain(values.is_valid()), np.uint8(TOLD), np.where(plain(empty), np.uint8(EMPTY), np.uint8(BAD)))
    numbers, some = numbers_of(values), plain(cut.is_valid()) & numbers_of(cut.cast(pa.uint8())).astype(np.bool_)
    return Amounts(numbers, parts, max(int(numbers.max()), -int(numbers.min())), states, some if some.any() else None)


def as_part(one: Amounts) -> Amounts:
    """Return numbers that are parts of one: others are none."""
    if one.values.min() >= 0 and one.values.max() <= one.parts:
        return replace(one, most=one.parts)
    within = (one.values >= 0) & (one.values <= one.parts)
    states = np.where(within, TOLD if one.states is None else one.states, np.uint8(BAD))
    return replace(one, values=np.where(within, one.values, 0), most=one.parts, states=states)


def sums(places: Whole, values: Whole, groups: int, most: int) -> Whole:
    """Return the exact sum of whole numbers in each group; none is farther from 0 than `most`.

    >>> sums(np.array([0, 1, 0]), np.array([2**62, 1, 2**62]), 2, 2**62)
    array([9223372036854775808, 1], dtype=object)
    """
    if most * len(values) < _EXACT:
        return np.bincount(places, values, groups).astype(np.int64)
    values, unit = values.astype(np.int64), 1 << _SHIFT
    high = sums(places, values >> _SHIFT, groups, (most >> _SHIFT) + 1)
    return high.astype(object) * unit + sums(places, values & (unit - 1), groups, unit)


def grouped(factors: Sequence[Factor]) -> tuple[Whole, Whole]:
    """Return for each row the number of its group, by the cells of all factors, and for each group one of its rows."""
    places, size = factors[0].index, len(factors[0].cells)
    for one in factors[1:]:
        if size > _FEW_PLACES:
            places, rows = _compact(places, size)
            size = len(rows)
        size *= len(one.cells)
        places = joined(places if size < _MOST_PLACES else places.astype(np.int64), one)
    return _compact(places, size)


def joined(places: Whole, one: Factor) -> Whole:
    """Return places that tell the cells of one more factor apart."""
    return places if len(one.cells) == 1 else places * places.dtype.type(len(one.cells)) + one.index


def _compact(places: Whole, size: int) -> tuple[Whole, Whole]:
    """Return places numbered without gaps, and one row of each."""
    if size > _MOST_PLACES:
        _, rows, found = np.unique(places, return_index=True, return_inverse=True)
        return found.astype(np.int32), rows
    at = places.astype(np.intp)
    last: Whole = np.full(size, -1, np.int32)
    last[at] = np.arange(len(at), dtype=np.int32)
    there = np.flatnonzero(last >= 0)
    rows = last[there]
    last[there] = np.arange(len(there), dtype=np.int32)
    return last[at], rows
