"""From calendar years to lists: the law's lags and its means over years, formed exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from operator import add, and_, mul
from typing import Any

import narwhals as nw

from udsat.law.library import Law
from udsat.law.model import CriteriaVersion
from udsat.scoring.measure import base, incomes, numerator, ratio_ticks, ratios
from udsat.scoring.outcome import Expr
from udsat.tables.area_table import DATE, HIGH, LOW, ROW, SHOWN, YEAR, AreaTable, Share
from udsat.tables.columns import SHARE_MEASURES
from udsat.tables.references import ReferenceTable

_TOWN = "municipality_key"
_FORMS = (LOW, HIGH, SHOWN)
_MOST_128 = 2**127 - 1


def form(table: AreaTable, dates: Sequence[dt.date], law: Law, references: ReferenceTable) -> AreaTable:
    """Return the table of these lists: one row per list and area with any row in the years that the list looks at."""
    lists = [_List(table, date, version, references) for date in dates if (version := law.on(date))]
    frames = [one.frame() for one in lists]
    shares = {name: Share(name in lists[0].exact_shares(), share.half) for name, share in lists[0].known().items()}
    return replace(
        table,
        frame=nw.concat(frames, how="vertical") if len(frames) > 1 else frames[0],
        key="list_date",
        dates=tuple(one.date for one in lists),
        years=(),
        shares=shares,
        counts={},
        kroner=None,
        formed=frozenset(lists[0].formed()),
    )


class _List:
    """One list, formed from the calendar years that its version of the law looks at."""

    def __init__(self, table: AreaTable, date: dt.date, version: CriteriaVersion, references: ReferenceTable) -> None:
        self.table = table
        self.date = date
        self.version = version
        self.regions = {
            offset: references.regions(date, "gross_income") or references.regions(date.year + offset, "gross_income")
            for offset in version.measures["gross_income"].years
        } if "gross_income" in version.measures else {}  # fmt: skip

    def frame(self) -> nw.LazyFrame[Any]:
        """Return the rows of the list with the columns of a table keyed by list date."""
        offsets = sorted({offset for measure in self.version.measures.values() for offset in measure.years} | {*self.version.area.years})
        keyed = self.table.frame.with_columns(self._town().alias(_TOWN))
        looked_at = keyed.filter(nw.col(YEAR).is_in([self.date.year + offset for offset in offsets]))
        texts = [name for name in ("municipality", "region") if name in self._have()]
        joined = looked_at.group_by("area", _TOWN).agg(nw.col(ROW).min(), *(nw.col(name).max() for name in texts))
        for offset in offsets:
            picks = [nw.col(name).alias(_at(name, offset)) for name in self._needed()]
            year = keyed.filter(nw.col(YEAR) == self.date.year + offset).select("area", _TOWN, *picks)
            joined = joined.join(year, on=["area", _TOWN], how="left")
        return joined.select(*self._columns(texts))

    def _town(self) -> Expr:
        return nw.col("municipality").fill_null("") if self.table.municipality else nw.lit("")

    def _have(self) -> set[str]:
        return set(self.table.frame.collect_schema().names())

    def _needed(self) -> list[str]:
        keys = {ROW, YEAR, "area", "municipality", "region"}
        return [name for name in self.table.frame.collect_schema().names() if name not in keys]

    def _columns(self, texts: Sequence[str]) -> list[Expr]:
        columns = [nw.col(ROW), nw.lit(self.date).cast(nw.Date).alias(DATE), nw.col("area"), *(nw.col(name) for name in texts)]
        now = self.version.area.years[0]
        for name, has in (("residents", self.table.residents), ("residents_2010", self.table.residents_2010)):
            columns += [nw.col(_at(name + end, now)).alias(name + end) for end in _FORMS if has]
        for measure in self.known():
            name = "gross_income" if measure == "income" else measure
            columns += self._income() if measure == "income" else self._mean(measure)
            if name in self.table.proxies:
                years = self._years(name)
                columns.append(nw.coalesce(*(nw.col(_at(f"{name}_proxy", offset)) for offset in years)).alias(f"{name}_proxy"))
        return columns + [nw.col(_at(name, now)).alias(name) for name in self.table.passed.values()]

    def _years(self, measure: str) -> Sequence[int]:
        found = self.version.measures.get(measure)
        return found.years if found else (0,)

    def known(self) -> dict[str, Share]:
        """Return every measure that the list will have a share of."""
        table = self.table
        names = [name for name in SHARE_MEASURES if name in table.shares or name in table.counts]
        known = {name: table.shares.get(name, Share(False, 0)) for name in names}
        if "income" in table.shares or table.kroner:
            known["income"] = table.shares.get("income", Share(False, 0))
        return known

    def exact_shares(self) -> set[str]:
        """Return the measures whose shares are points on the grid: those given as such, every year."""
        given = {name for name, share in self.table.shares.items() if share.exact and name not in self.table.counts}
        return given - ({"income"} if self.table.kroner else set())

    def formed(self) -> set[str]:
        """Return the measures with a fraction behind their share."""
        return set(self.table.counts) | ({"gross_income"} if self.table.kroner else set())

    def _income(self) -> list[Expr]:
        offset = self._years("gross_income")[0]
        given = [nw.col(_at(f"income_share{end}", offset)) for end in _FORMS] if "income" in self.table.shares else None
        made = incomes(self.table, {self.date: self.regions.get(offset, {})}, _at("", offset))
        null = nw.lit(None, dtype=nw.Int64)
        forms: Sequence[Expr] = made[0] if made else (null, null, null)
        behind: Sequence[Expr] = made[1] if made else (null, null)
        if given:
            forms = [nw.coalesce(one, other) for one, other in zip(given, forms, strict=True)]
            behind = [nw.when(given[0].is_null()).then(one) for one in behind]
        named = [one.alias(f"income_share{end}") for one, end in zip(forms, _FORMS, strict=True)]
        return named + (_fraction("gross_income", *behind) if self.table.kroner else [])

    def _mean(self, measure: str) -> list[Expr]:
        """The mean of the years' shares: of ratios of counts where every year has them, else of shares."""
        years = self._years(measure)
        shares = [self._share(measure, offset) for offset in years]
        if measure not in self.table.counts:
            return _shares(measure, _mean_of_ticks(shares))
        exactly = self.table.counts[measure].largest ** len(years) * len(years) * 10**8 < _MOST_128
        if len(years) > 1 and not exactly:
            return _shares(measure, _mean_of_ticks(shares)) + _fraction(measure, *[nw.lit(None, dtype=nw.Int64)] * 2)
        counted = [self._fraction_of_years(measure, end, years) for end in _FORMS]
        complete = reduce(and_, [~self._count(measure, "count", LOW, offset).is_null() for offset in years])
        ticks = [ratio_ticks(over, under) for over, under in counted]
        mixed = _mean_of_ticks(shares)
        forms = [nw.when(complete).then(one).otherwise(other) for one, other in zip(ticks, mixed, strict=True)]
        behind = [nw.when(complete).then(one) for one in counted[2]]
        return _shares(measure, forms) + _fraction(measure, *behind)

    def _count(self, measure: str, what: str, end: str, offset: int) -> Expr:
        return nw.col(_at(f"{measure}_{what}{end}", offset))

    def _share(self, measure: str, offset: int) -> list[Expr]:
        """One year's share: as given, else from its counts."""
        given = [nw.col(_at(f"{measure}_share{end}", offset)) for end in _FORMS] if measure in self.table.shares else None
        counted = list(ratios(measure, _at("", offset))) if measure in self.table.counts else None
        if given and counted:
            return [nw.coalesce(one, other) for one, other in zip(given, counted, strict=True)]
        return given or counted or []

    def _fraction_of_years(self, measure: str, end: str, years: Sequence[int]) -> tuple[Expr, Expr]:
        """The mean of the years' ratios as one fraction of whole numbers of 128 bits."""
        opposite = {LOW: HIGH, HIGH: LOW, SHOWN: SHOWN}[end]
        tops = [self._count(measure, "count", end, offset).cast(nw.Int128) for offset in years]
        bases = [self._count(measure, "base", opposite, offset).cast(nw.Int128) for offset in years]
        if end == HIGH:  # no more than the whole base can be meant
            tops = [nw.when(top > under).then(under).otherwise(top) for top, under in zip(tops, bases, strict=True)]
        crossed = [reduce(mul, [top, *(under for k, under in enumerate(bases) if k != n)]) for n, top in enumerate(tops)]
        return reduce(add, crossed), reduce(mul, bases) * len(years)


def _at(name: str, offset: int) -> str:
    """Name a column of another year: the suffix stands before the form (`__low`)."""
    stem, mark, end = name.partition("__")
    return f"{stem}_y{-offset}{mark}{end}"


def _shares(measure: str, forms: Sequence[Expr]) -> list[Expr]:
    return [form.alias(f"{measure}_share{end}") for form, end in zip(forms, _FORMS, strict=True)]


def _fraction(measure: str, over: Expr, under: Expr) -> list[Expr]:
    return [over.cast(nw.Int128).alias(numerator(measure)), under.cast(nw.Int128).alias(base(measure))]


def _mean_of_ticks(years: Sequence[Sequence[Expr]]) -> list[Expr]:
    """Return the mean of several years' shares; exact for shares of up to nine decimals over one, two or four years.

    An odd tick stands between two grid points, so it is first widened to them.
    """
    count = len(years)
    if count == 1:
        return list(years[0])
    low = reduce(add, [forms[0] - forms[0] % 2 for forms in years])
    high = reduce(add, [forms[1] + forms[1] % 2 for forms in years])
    shown = reduce(add, [forms[2] for forms in years])
    return [low // count, (high + count - 1) // count, shown // count]
