"""The numbers of checked rows in the engine's own form: ticks, whole counts and billionths of a
krone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from udsat import ticks
from udsat.tables.area_table import Counts, Kroner, Share
from udsat.tables.headings import INCOMES, RESIDENTS, SHARE_MEASURES, SHARES, UNITS
from udsat.tables.validate.cells import Number
from udsat.tables.validate.model import in_percent
from udsat.ticks import HIGH, LOW, SHOWN

#: The smallest and the largest value, and the printed one: what a cell becomes.
Forms = tuple[int, int, int | None]


@dataclass(frozen=True, slots=True)
class Measured:
    """Columns of numbers, and what is known of each; the income in percent of the region's is the
    share `income`.
    """

    columns: dict[str, list[int | None]] = field(default_factory=dict)
    shares: dict[str, Share] = field(default_factory=dict)
    counts: dict[str, Counts] = field(default_factory=dict)
    kroner: Kroner | None = None
    #: Every number of residents is known to be a point.
    residents_exact: bool = False


def of_rows(rows: Sequence[Any], found: Collection[str], halves: Mapping[str, Decimal]) -> Measured:
    """Return the numbers of the rows; a printed value becomes an interval of `halves`, where its
    column is in there.
    """
    columns: dict[str, list[int | None]] = {}
    shares: dict[str, Share] = {}
    counts: dict[str, Counts] = {}
    points = [
        _add(columns, name, [scaled(getattr(row, name), 1) for row in rows])
        for name in RESIDENTS
        if name in found
    ]
    given = {
        measure: [f"{measure}_{unit}" for unit in UNITS if f"{measure}_{unit}" in found]
        for measure in SHARE_MEASURES
    }
    given["income"] = [column for column in ("income_ratio_pct",) if column in found]
    for measure, names in given.items():
        if names:
            exact_ = _add(columns, f"{measure}_share", [_first(row, names, halves) for row in rows])
            shares[measure] = Share(
                exact_, min(int(_half(rows, name) * factor(name)) for name in names)
            )
    for measure in SHARE_MEASURES:
        if {measure, f"{measure}_base"} <= set(found):
            counts[measure] = _counts(columns, rows, measure)
    kroner = None
    if "gross_income" in found:
        half = halves.get("gross_income", Decimal(0))
        exact_ = _add(
            columns, "kroner", [scaled(row.gross_income, ticks.NANO, half) for row in rows]
        )
        kroner = Kroner(exact_, int(_half(rows, "gross_income") * ticks.NANO))
    return Measured(columns, shares, counts, kroner, all(points))


def halves(rows: Sequence[Any], found: Collection[str]) -> dict[str, Decimal]:
    """Return half a unit of the last printed decimal of each column of shares and incomes, in the
    column's unit.
    """
    return {column: _half(rows, column) for column in (*SHARES, *INCOMES) if column in found}


@lru_cache
def factor(column: str) -> int:
    """Return how many ticks of percent one unit of a column of shares is."""
    return int(ticks.TICKS * in_percent(column, 1))


def _add(columns: dict[str, list[int | None]], name: str, forms: Sequence[Forms | None]) -> bool:
    """Add the three forms of a number as columns; return whether every value is a point."""
    for position, end in enumerate((LOW, HIGH, SHOWN)):
        columns[name + end] = [None if form is None else form[position] for form in forms]
    return all(form is None or form[0] == form[1] for form in forms)


def _first(row: Any, columns: Sequence[str], halves: Mapping[str, Decimal]) -> Forms | None:
    """Return the first share that a row gives, in ticks of percent."""
    for column in columns:
        number: Number | None = getattr(row, column)
        if number is not None:
            return scaled(number, factor(column), halves.get(column, Decimal(0)))
    return None


@lru_cache(maxsize=50_000)
def scaled(number: Number | None, times: int, half: Decimal = Decimal(0)) -> Forms | None:
    """Return a number's forms on a scale, widened by half a printed unit if it is printed as a
    point.

    Numbers have nine places at most and the scale has more, so every product is whole.
    """
    if number is None:
        return None
    low, high = number.low, number.high
    if low == high and half:
        low, high = low - half, high + half
    shown = None if number.shown is None else int(number.shown * times)
    return int(low * times), int(high * times) - number.open_above, shown


def places(rows: Sequence[Any], column: str) -> int | None:
    """Return the largest number of decimals that a column is printed with; None where it has no
    numbers.
    """
    return max(
        (number.places for row in rows if (number := getattr(row, column)) is not None),
        default=None,
    )


def _half(rows: Sequence[Any], column: str) -> Decimal:
    """Return half a unit of the last decimal that a column is printed with, in the
    column's unit.
    """
    found = places(rows, column)
    return Decimal(5).scaleb(-(ticks.PLACES if found is None else found) - 1)


def _counts(columns: dict[str, list[int | None]], rows: Sequence[Any], measure: str) -> Counts:
    """Add a numerator and its base as whole numbers on one scale; a row with only one of them has
    neither.

    Nobody has a share of an empty group: where the base may be 0, the row has neither too.
    """
    pairs = [(getattr(row, measure), getattr(row, f"{measure}_base")) for row in rows]
    whole = [
        (
            (top, base._replace(low=least))
            if top and base and (least := max(top.low, base.low))
            else (None, None)
        )
        for top, base in pairs
    ]
    places = max(
        (number.places for pair in whole for number in pair if number is not None), default=0
    )
    scale = 10 ** min(places, ticks.PLACES)
    points = [
        _add(columns, name, [scaled(pair[position], scale) for pair in whole])
        for position, name in enumerate((f"{measure}_count", f"{measure}_base"))
    ]
    largest = max(
        (base for base in columns[f"{measure}_base{HIGH}"] if base is not None), default=1
    )
    return Counts(all(points), scale, largest)
