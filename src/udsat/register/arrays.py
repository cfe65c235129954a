"""Columns of person rows as arrays: different cells with a place for each row, and numbers as whole
numbers of parts.
"""

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

from udsat import ticks
from udsat.register.cells import MOST

T = TypeVar("T")
Whole = npt.NDArray[Any]
#: What a number says: itself, nothing, or something that is no number here.
TOLD, EMPTY, BAD = 0, 1, 2
#: Whole numbers in a span no wider than this are places themselves: every number of the span is a
#: cell, though it may not occur.
_SPAN = 4096
#: So many columns of cells are remembered.
_MOST_KEPT = 16
#: A list of different texts that has become longer is begun anew.
_MOST_LISTED = 1 << 17
#: Sums of whole numbers below this are exact in floating point, in which they are formed fastest.
_EXACT = 2**53
_SHIFT = 30
#: How places are kept where there are few, and where there are not too many.
_NARROW, _MOST_NARROW, _MOST_SHORT = np.uint16, 1 << 16, 1 << 31
#: How columns store numbers.
_KINDS = {
    getattr(pa, kind)(): np.dtype(kind)
    for kind in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "float64")
}


@dataclass(frozen=True, slots=True)
class CellFactor:
    """A column as its different cells, and for each row the place of its own (`narrow`); there may
    be cells that no row has.
    """

    cells: tuple[Any, ...]
    index: Whole


class Once(Generic[T]):
    """Makes something of the cells of a column once for all batches that have the
    very same ones.
    """

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


def constant(cell: Any, rows: int) -> CellFactor:
    """Return the column of what is the same for all rows."""
    return CellFactor(_span(cell, cell), np.zeros(rows, _NARROW))


class ArrayColumn:
    """Turns a column, batch after batch, into its different cells with places: the very cells of
    before where they are the same.

    Of a column whose cells are to last, they are the very ones of before while no others come.
    """

    def __init__(self, lasting: bool = False) -> None:
        """Begin without any batch."""
        self._lasting, self._cells = lasting, ()
        self._span, self._gaps = range(0), False
        self._known: pa.Array | None = None
        self._listed: tuple[pa.Array, Whole] | None = None

    def factor(self, column: pa.Array) -> CellFactor:
        """Return the next batch, in which all cells are texts or all are whole numbers; an empty
        cell is None.
        """
        return self._wholes(column) if pa.types.is_integer(column.type) else self._texts(column)

    def _texts(self, column: pa.Array) -> CellFactor:
        listed = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        index = _stored(listed.indices).astype(np.int32, copy=False) + 1
        if column.null_count:
            index *= _told(listed.indices)
        if self._listed is None or not listed.dictionary.equals(self._listed[0]):
            self._listed = (listed.dictionary, self._placed(listed.dictionary))
        return CellFactor(
            self._cells,
            self._listed[1].take(index) if self._lasting else narrow(index, len(self._cells)),
        )

    def _placed(self, listed: pa.Array) -> Whole:
        """Return the place of an empty cell, and of each text of a list."""
        if self._known is None or not self._lasting or len(self._known) > _MOST_LISTED:
            self._known, self._cells = listed, (None, *listed.to_pylist())
        places = pc.index_in(listed, value_set=self._known)
        if places.null_count:
            others = listed.filter(places.is_null())
            self._known, self._cells = (
                pa.concat_arrays([self._known, others]),
                (*self._cells, *others.to_pylist()),
            )
            places = pc.index_in(listed, value_set=self._known)
        return narrow(
            np.concatenate([np.zeros(1, np.int32), numbers_of(places) + 1]), len(self._cells)
        )

    def _wholes(self, column: pa.Array) -> CellFactor:
        values = numbers_of(column)
        low, high = int(values.min()), int(values.max())
        if high - low > _SPAN:
            found, index = np.unique(values, return_inverse=True)
            cells = (*found.tolist(), None)
        else:
            self._widen(low, high, bool(column.null_count))
            cells, low = self._cells, self._span.start
            index = np.subtract(
                values, low, dtype=values.dtype if values.itemsize > 1 else np.int16
            )
        index = narrow(index, len(cells))
        return CellFactor(
            cells,
            (
                np.where(_told(column), index, index.dtype.type(len(cells) - 1))
                if column.null_count
                else index
            ),
        )

    def _widen(self, low: int, high: int, gaps: bool) -> None:
        """Let the span have all numbers from one to another, and those of before where it does not
        become too wide.
        """
        if self._span and low in self._span and high in self._span and self._gaps >= gaps:
            return
        first, last = (
            (min(low, self._span[0]), max(high, self._span[-1])) if self._span else (low, high)
        )
        if last - first > _SPAN:
            first, last = low, high
        self._span, self._gaps = range(first, last + 1), self._gaps or gaps
        self._cells = _span(first, last, self._gaps)


@lru_cache(maxsize=256)
def _span(low: Any, high: Any, gaps: bool = False) -> tuple[Any, ...]:
    """Return all whole numbers of a span, or one cell; with None behind them where there are empty
    cells.
    """
    cells = range(low, high + 1) if low != high else (low,)
    return (*cells, None) if gaps else tuple(cells)


def numbers_of(column: pa.Array) -> Whole:
    """Return the numbers of a column, with 0 for what is missing; as they stand in the column,
    where nothing is.
    """
    found = _stored(column)
    return np.where(_told(column), found, found.dtype.type(0)) if column.null_count else found


def _stored(column: pa.Array) -> Whole:
    """Return what a column of numbers stores; where a cell is empty, that may be anything."""
    kind = _KINDS[column.type]
    return np.frombuffer(column.buffers()[1], kind, len(column), column.offset * kind.itemsize)


def _told(column: pa.Array) -> Whole:
    """Return for each row of a column with empty cells whether its own is none."""
    return _bits(column.buffers()[0], column.offset, len(column))


def truths(column: pa.Array) -> Whole:
    """Return a column of truths, of which an empty one is false."""
    found = _bits(column.buffers()[1], column.offset, len(column))
    return found & _told(column) if column.null_count else found


def _bits(buffer: pa.Buffer, first: int, many: int) -> Whole:
    """Return some bits of a buffer as truths."""
    some = np.frombuffer(buffer, np.uint8, (first + many + 7) // 8 - first // 8, first // 8)
    return np.unpackbits(some, bitorder="little")[first % 8 : first % 8 + many].view(np.bool_)


def amounts(column: pa.Array) -> Amounts:
    """Return whole numbers or floating-point ones as they are in a file."""
    return whole_amounts(column) if pa.types.is_integer(column.type) else float_amounts(column)


def whole_amounts(column: pa.Array) -> Amounts:
    """Return whole numbers, of which each is one part."""
    values, most = numbers_of(column), 1 << 32
    states = np.where(_told(column), np.uint8(TOLD), np.uint8(EMPTY)) if column.null_count else None
    if values.itemsize > 4:
        most = max(int(values.max()), -int(values.min()))
        if most >= MOST:
            far = (values >= MOST) | (values <= -MOST)
            states = np.where(far, np.uint8(BAD), TOLD if states is None else states)
            values, most = np.where(far, 0, values), MOST
    return Amounts(values, 1, most, states)


def float_amounts(column: pa.Array) -> Amounts:
    """Return floating-point numbers in billionths: each stands for its shortest decimal, of which
    the ninth is the nearest.
    """
    values, states = numbers_of(column), None
    low, high = values.min(), values.max()
    if column.null_count or not (low > -MOST and high < MOST):  # not where one is not-a-number
        empty = np.isnan(values) | ~_told(column) if column.null_count else np.isnan(values)
        states = np.where(
            empty, np.uint8(EMPTY), np.where(np.abs(values) < MOST, np.uint8(TOLD), np.uint8(BAD))
        )
        values = np.where(states == TOLD, values, 0.0)
        low, high = values.min(), values.max()
    nano = np.rint(values * ticks.NANO)
    cut = nano / ticks.NANO != values
    return Amounts(
        nano,
        ticks.NANO,
        math.ceil(max(high, -low)) * ticks.NANO,
        states,
        cut if cut.any() else None,
    )


def told_amounts(values: pa.Array, empty: pa.Array, cut: pa.Array, parts: int) -> Amounts:
    """Return numbers that the engine has put into parts already; it tells none where a cell is
    empty or no number.
    """
    states = None
    if values.null_count:
        states = np.where(
            _told(values), np.uint8(TOLD), np.where(truths(empty), np.uint8(EMPTY), np.uint8(BAD))
        )
    numbers, some = numbers_of(values), truths(cut)
    return Amounts(
        numbers,
        parts,
        max(int(numbers.max()), -int(numbers.min())),
        states,
        some if some.any() else None,
    )


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


def narrow(places: Whole, size: int) -> Whole:
    """Return places in as few bytes as so many possible ones need."""
    return places.astype(
        _NARROW if size <= _MOST_NARROW else np.int32 if size < _MOST_SHORT else np.int64,
        copy=False,
    )


def joined(factors: Sequence[CellFactor], places: Whole, size: int = 1) -> tuple[Whole, int]:
    """Return places that tell apart the cells of all factors, and given places of which so many are
    possible, and how many are then.
    """
    for one in factors:
        if size == 1:
            places, size = one.index, len(one.cells)
        elif len(one.cells) > 1:
            size *= len(one.cells)
            places = narrow(places, size) * len(one.cells)
            places += one.index
    return places, size
