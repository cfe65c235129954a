"""From the columns of a checked table to what the law measures: one value per measure, in ticks of
percent.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import narwhals as nw

from udsat import ticks as exact
from udsat.evidence.references import Reference, plain_region
from udsat.law.schema import CriteriaVersion, Measure
from udsat.messages.problems import Problem
from udsat.messages.text import Bilingual, Text
from udsat.scoring.three_valued import Expr, by_date
from udsat.tables.area_table import AREA_KEY, DATE, ROW, TOWN_KEY, AreaTable
from udsat.ticks import HIGH, LOW, SHOWN

#: The mean incomes of the regions by list date, then by plain name.
Regions = Mapping[dt.date, Mapping[str, Reference]]

#: The column that says where an income in kroner has no regional mean to be compared with.
WITHOUT_MEAN = "income_without_mean"
#: The columns with the mean income of a row's region.
REGIONAL = "regional_income"
#: One whole in ticks of percent.
WHOLE = 100 * exact.TICKS
#: The largest number that every engine holds: 128 bits here, 38 digits in Spark.
_LARGEST = 10**38 - 1
#: The largest numerator whose ratio on the grid is no larger.
MOST_OVER = _LARGEST // 10**15
#: The largest numerator whose ratio is no larger in two steps: four bases of 22 million persons.
MOST_LONG = _LARGEST // 10**8


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """What is known of a measure's value in the frame, in columns `<measure>__low`, `__high` and
    `__shown`.
    """

    measure: str
    #: Every value is a point on the grid, so that it can be shown as it is.
    exact: bool
    #: Half a unit of the last printed decimal, in ticks; 0 where values are counted and not
    #: printed.
    half: int = 0
    #: A flag column: the counts of one year stand for the law's mean of several.
    one_year: bool = False
    #: Columns with the numerator and base behind the shown value exist.
    counted: bool = False

    @property
    def low(self) -> Expr:
        """The smallest value."""
        return nw.col(self.measure + LOW)

    @property
    def high(self) -> Expr:
        """The largest value."""
        return nw.col(self.measure + (LOW if self.exact else HIGH))

    @property
    def shown(self) -> Expr:
        """The value as printed or counted; null where only bounds are known."""
        return nw.col(self.measure + (LOW if self.exact else SHOWN))


def numerator(measure: str) -> str:
    """Name the column with the numerator behind a measure's value."""
    return f"{measure}__numerator"


def base(measure: str) -> str:
    """Name the column with the base behind a measure's value."""
    return f"{measure}__base"


def one_year(measure: str) -> str:
    """Name the column that says whether one year's counts stand for a mean."""
    return f"{measure}__one_year"


def values(
    table: AreaTable, measures: Mapping[str, bool], regions: Regions
) -> tuple[nw.LazyFrame[Any], dict[str, MeasuredValue]]:
    """Return the frame with a value for each measure that the table has, and what is known of each.

    `measures` tells of each measure whether the law takes a mean over years; `regions` has the mean
    incomes by list date.
    """
    columns: list[Expr] = []
    known: dict[str, MeasuredValue] = {}
    for measure, is_mean in measures.items():
        made = (
            _income(table, regions)
            if measure == "gross_income"
            else _share(table, measure, is_mean)
        )
        if made:
            known[measure], more = made
            columns += more
    means = regional(table, regions)
    frame = table.frame.with_columns(*means) if means else table.frame
    return frame.select(*_kept(table), *columns, *_without_mean(table, bool(means))), known


def misplaced(table: AreaTable, versions: Iterable[CriteriaVersion]) -> list[Problem]:
    """Return a problem for each measure of a table of lists that a version takes from calendar
    years alone.
    """
    if table.key != "list_date" or table.from_years:
        return []
    given = {
        *table.shares,
        *table.counts,
        *(["gross_income"] if table.kroner or "income" in table.shares else []),
    }
    refused = {
        (name, version.id): block
        for version in versions
        for name, block in version.measures.items()
        if block.tables == "calendar_years" and name in given
    }
    return [_misplaced(name, version, block) for (name, version), block in refused.items()]


def _misplaced(name: str, version: str, block: Measure) -> Problem:
    words = Text(
        "in a table of lists '{name}' is what the law of the list prescribes; {version}"
        " measures another thing: {english}",
        name=name,
        version=version,
        english=Bilingual(block.english, block.danish),
    )
    hint = Text(
        "give a row for each calendar year (a column year instead of the list date),"
        " and say --list-year"
    )
    return Problem("UD436", words, hint, column=name)


def _kept(table: AreaTable) -> list[Expr]:
    """Return the columns that scoring needs beside the measures: few, because every step names them
    all.
    """
    has = {"area_id": table.area_id, "municipality": table.municipality, "region": table.region}
    names = [ROW, DATE, AREA_KEY, TOWN_KEY, "area", *(name for name, there in has.items() if there)]
    tests = ["residents"] * table.residents + ["residents_2010"] * table.residents_2010
    names += [name + end for name in tests for end in (LOW, HIGH, SHOWN)]
    names += [f"{measure}_proxy" for measure in table.proxies] + list(table.passed.values())
    return [nw.col(name) for name in names]


def _without_mean(table: AreaTable, has_means: bool) -> list[Expr]:
    """Return the flag of rows with an income in kroner and no regional mean to compare it with."""
    if not table.kroner:
        return []
    ratio = nw.col("income_share" + LOW).is_null() if "income" in table.shares else nw.lit(True)
    mean = nw.col(REGIONAL + LOW).is_null() if has_means else nw.lit(True)
    return [(~nw.col("kroner" + LOW).is_null() & ratio & mean).alias(WITHOUT_MEAN)]


def _named(measure: str, forms: tuple[Expr, Expr, Expr], points: bool = False) -> list[Expr]:
    """Name the three forms of a value; points need but one."""
    ends = (LOW,) if points else (LOW, HIGH, SHOWN)
    return [form.alias(measure + end) for form, end in zip(forms, ends, strict=False)]


def _given(name: str) -> tuple[Expr, Expr, Expr]:
    return nw.col(name + LOW), nw.col(name + HIGH), nw.col(name + SHOWN)


def _share(
    table: AreaTable, measure: str, is_mean: bool
) -> tuple[MeasuredValue, list[Expr]] | None:
    """A share as given, or from counts. Counts beat a share at one point in time; a mean over years
    beats one year's counts.
    """
    share, counts = table.shares.get(measure), table.counts.get(measure)
    if counts is None:
        known = (
            MeasuredValue(measure, share.exact, share.half, counted=measure in table.formed)
            if share
            else None
        )
        return (
            (
                known,
                _named(measure, _given(f"{measure}_share"), known.exact) + _formed(table, measure),
            )
            if known
            else None
        )
    counted = ratios(measure)
    pair = nw.col(f"{measure}_count{SHOWN}"), nw.col(f"{measure}_base{SHOWN}")
    if share is None:
        flag = counted[0].is_null() if is_mean else None
        extra = [(~flag).alias(one_year(measure))] if flag is not None else []
        named = [*_named(measure, counted), *_behind(measure, pair), *extra]
        return MeasuredValue(measure, False, one_year=is_mean, counted=True), named
    given = _given(f"{measure}_share")
    use_share = ~given[0].is_null() if is_mean else counted[0].is_null()
    low, high, shown = (
        nw.when(use_share).then(one).otherwise(other)
        for one, other in zip(given, counted, strict=True)
    )
    over, under = (nw.when(~use_share).then(one) for one in pair)
    extra = [(~use_share & ~counted[0].is_null()).alias(one_year(measure))] if is_mean else []
    known = MeasuredValue(measure, False, share.half, is_mean, True)
    return known, [*_named(measure, (low, high, shown)), *_behind(measure, (over, under)), *extra]


def ratios(measure: str, suffix: str = "") -> tuple[Expr, Expr, Expr]:
    """Return the smallest, largest and shown share that counts give."""
    count, under = f"{measure}_count{suffix}", f"{measure}_base{suffix}"
    less = nw.col(count + HIGH) < nw.col(under + LOW)
    given = ~nw.col(count + HIGH).is_null() & ~nw.col(under + LOW).is_null()
    most = (
        nw.when(given & ~less).then(nw.lit(WHOLE)).otherwise(ratio_ticks(count + HIGH, under + LOW))
    )
    return ratio_ticks(count + LOW, under + HIGH), most, ratio_ticks(count + SHOWN, under + SHOWN)


def ratio_ticks(above: str, below: str, most: int = 0) -> Expr:
    """Return 100 * above / below in ticks, in 128 bits: exact for whole numbers up to `MOST_LONG`.

    The two are columns, not expressions: a quotient is written out as many terms, and each would
    repeat them. Where the largest of them is above `MOST_OVER`, the division is done in two steps.
    """
    # 100 % are 10^15 grid points.
    dividend, divisor = nw.col(above).cast(nw.Int128), nw.col(below).cast(nw.Int128)
    if most <= MOST_OVER:
        points, rest = dividend * 10**15 // divisor, dividend * 10**15 % divisor
    else:
        first = dividend * 10**7 % divisor * 10**8
        points, rest = dividend * 10**7 // divisor * 10**8 + first // divisor, first % divisor
    odd = nw.when(rest == 0).then(nw.lit(0)).otherwise(nw.lit(1))
    whole = nw.when(~nw.col(above).is_null() & (nw.col(below) > 0))
    return whole.then((points * 2 + odd).cast(nw.Int64))


def _income(table: AreaTable, regions: Regions) -> tuple[MeasuredValue, list[Expr]] | None:
    """Mean income in percent of the region's: as given, else from kroner and the region's mean."""
    share = table.shares.get("income")
    if not regional(table, regions):
        known = (
            MeasuredValue(
                "gross_income", share.exact, share.half, counted="gross_income" in table.formed
            )
            if share
            else None
        )
        return (
            (
                known,
                _named("gross_income", _given("income_share"), known.exact)
                + _formed(table, "gross_income"),
            )
            if known
            else None
        )
    forms, behind = incomes()
    if share is None:
        return MeasuredValue("gross_income", False, counted=True), [
            *_named("gross_income", forms),
            *_behind("gross_income", behind),
        ]
    given = _given("income_share")
    missing = given[0].is_null()
    low, high, shown = (
        nw.when(missing).then(other).otherwise(one) for one, other in zip(given, forms, strict=True)
    )
    over, under = (nw.when(missing).then(one) for one in behind)
    named = [*_named("gross_income", (low, high, shown)), *_behind("gross_income", (over, under))]
    return MeasuredValue("gross_income", False, share.half, counted=True), named


def incomes(suffix: str = "") -> tuple[tuple[Expr, Expr, Expr], tuple[Expr, Expr]]:
    """Return income in percent of the region's from kroner, with the two figures behind it."""
    kroner = f"kroner{suffix}"
    forms = tuple(
        ratio_ticks(kroner + end, REGIONAL + other)
        for end, other in ((LOW, HIGH), (HIGH, LOW), (SHOWN, SHOWN))
    )
    return (forms[0], forms[1], forms[2]), (nw.col(kroner + SHOWN), nw.col(REGIONAL + SHOWN))


def regional(table: AreaTable, regions: Regions) -> list[Expr]:
    """Return the mean income of each row's region as columns; none where the table or the
    references have none.
    """
    if not table.kroner or not table.regions or not any(regions.values()):
        return []
    stated = {
        date: {name: figure for name, figure in some.items() if figure.decides}
        for date, some in regions.items()
    }
    return [
        _regional(table.regions, stated, end).alias(REGIONAL + end) for end in (LOW, HIGH, SHOWN)
    ]


def _formed(table: AreaTable, measure: str) -> list[Expr]:
    """Return the fraction behind a share that was formed from years of counts."""
    return [nw.col(numerator(measure)), nw.col(base(measure))] if measure in table.formed else []


def _behind(measure: str, pair: tuple[Expr, Expr]) -> list[Expr]:
    return [pair[0].alias(numerator(measure)), pair[1].alias(base(measure))]


def _regional(spellings: Sequence[str], regions: Regions, end: str) -> Expr:
    """Return the mean income of a row's region in billionths: its smallest, largest or shown
    figure.
    """
    form = (LOW, HIGH, SHOWN).index(end)

    def of_date(figures: tuple[tuple[str, int], ...]) -> Expr:
        expression: Expr = nw.lit(None, dtype=nw.Int64)
        for name, figure in figures:
            expression = (
                nw.when(nw.col("region") == name).then(nw.lit(figure)).otherwise(expression)
            )
        return expression

    specs = {
        date: tuple(
            (name, nano((some[plain].low, some[plain].high, some[plain].shown)[form], end == HIGH))
            for name in spellings
            if (plain := plain_region(name)) in some
        )
        for date, some in regions.items()
    }
    return by_date(specs, of_date)


def nano(value: Fraction, up: bool) -> int:
    """Return kroner in billionths, rounded outwards where there are more decimals."""
    scaled = value * exact.NANO
    number: int = math.ceil(scaled) if up else math.floor(scaled)
    return number
