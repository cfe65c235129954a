"""The numbers of checked rows in the engine's own form: ticks, whole counts and billionths of a krone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from udsat import exact
from udsat.tables.area_table import HIGH, LOW, SHOWN, Counts, Kroner, Share
from udsat.tables.cells import Number
from udsat.tables.columns import SHARE_MEASURES, UNITS
from udsat.tables.model import in_percent

#: The smallest and the largest value, and the printed one: what a cell becomes.
Forms = tuple[int, int, int | None]


@dataclass(frozen=True, slots=True)
class Measured:
    """Columns of numbers, and what is known of each."""

    columns: dict[str, list[int | None]] = field(default_factory=dict)
    shares: dict[str, Share] = field(default_factory=dict)
    counts: dict[str, Counts] = field(default_factory=dict)
    income_share: Share | None = None
    kroner: Kroner | None = None


def of_rows(rows: Sequence[Any], found: Collection[str], halves: Mapping[str, Fraction]) -> Measured:
    """Return the numbers of the rows; a printed value becomes an interval of `halves`, where its column is in there."""
    measured = Measured()
    for name in ("residents", "residents_2010"):
        if name in found:
            _add(measured, name, [_whole(getattr(row, name), 1) for row in rows])
    for measure in SHARE_MEASURES:
        columns = [f"{measure}_{unit}" for unit in UNITS if f"{measure}_{unit}" in found]
        if columns:
            forms = [_first(row, columns, halves) for row in rows]
            measured.shares[measure] = _share(_add(measured, f"{measure}_share", forms), rows, columns)
        if {measure, f"{measure}_base"} <= set(found):
            measured.counts[measure] = _counts(measured, rows, measure)
    if "income_ratio_pct" in found:
        forms = [_first(row, ["income_ratio_pct"], halves) for row in rows]
        share = _share(_add(measured, "income_share", forms), rows, ["income_ratio_pct"])
        measured = Measured(measured.columns, measured.shares, measured.counts, share)
    if "gross_income" in found:
        half = halves.get("gross_income", Fraction(0))
        forms = [_scaled(row.gross_income, half, lambda value: int(value * exact.NANO)) for row in rows]
        kroner = Kroner(_add(measured, "kroner", forms), int(_half(rows, "gross_income") * exact.NANO))
        measured = Measured(measured.columns, measured.shares, measured.counts, measured.income_share, kroner)
    return measured


def _add(measured: Measured, name: str, forms: Sequence[Forms | None]) -> bool:
    """Add the three forms of a number as columns; return whether every value is a point."""
    for position, end in enumerate((LOW, HIGH, SHOWN)):
        measured.columns[name + end] = [None if form is None else form[position] for form in forms]
    return all(form is None or form[0] == form[1] for form in forms)


def _first(row: Any, columns: Sequence[str], halves: Mapping[str, Fraction]) -> Forms | None:
    """Return the first share that a row gives, in ticks of percent."""
    for column in columns:
        number: Number | None = getattr(row, column)
        if number is not None:
            per = in_percent(column, 1)
            return _scaled(number, halves.get(column, Fraction(0)), lambda value, per=per: exact.to_ticks(value * per), per)
    return None


def _scaled(number: Number | None, half: Fraction, scale: Callable[[Fraction], int], per: Fraction = Fraction(1)) -> Forms | None:
    """Return a number's forms on a scale, widened by half a printed unit if it is printed as a point."""
    if number is None:
        return None
    low, high = Fraction(number.low), Fraction(number.high)
    if low == high and half:
        low, high = low - half / per, high + half / per
    shown = None if number.shown is None else scale(Fraction(number.shown))
    return scale(low), scale(high) - number.open_above, shown


def _whole(number: Number | None, scale: int) -> Forms | None:
    if number is None:
        return None
    shown = None if number.shown is None else int(number.shown * scale)
    return int(number.low * scale), int(number.high * scale), shown


def _share(exact_: bool, rows: Sequence[Any], columns: Sequence[str]) -> Share:
    """Return what is known of a column of shares; its half unit is that of its finest column."""
    half = min((_half(rows, column) * in_percent(column, 1) for column in columns), default=Fraction(0))
    return Share(exact_, int(half * exact.TICKS))


def _half(rows: Sequence[Any], column: str) -> Fraction:
    places = max((number.places for row in rows if (number := getattr(row, column)) is not None), default=exact.PLACES)
    return Fraction(1, 2 * 10**places)


def _counts(measured: Measured, rows: Sequence[Any], measure: str) -> Counts:
    """Add a numerator and its base as whole numbers on one scale; a row with only one of them has neither."""
    pairs = [(getattr(row, measure), getattr(row, f"{measure}_base")) for row in rows]
    whole = [pair if None not in pair and pair[1].high else (None, None) for pair in pairs]
    places = max((number.places for pair in whole for number in pair if number is not None), default=0)
    scale = 10 ** min(places, exact.PLACES)
    points = [
        _add(measured, name, [_whole(pair[position], scale) for pair in whole])
        for position, name in enumerate((f"{measure}_count", f"{measure}_base"))
    ]
    largest = max((base for base in measured.columns[f"{measure}_base{HIGH}"] if base is not None), default=1)
    return Counts(all(points), scale, largest)
