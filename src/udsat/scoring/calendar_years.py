"""From calendar years to lists: the law's lags and its means over years, formed exactly."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import add, and_, mul
from typing import Any

import narwhals as nw

from udsat.evidence.references import ReferenceTable
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion
from udsat.scoring.measures import (
    MOST_LONG,
    Regions,
    base,
    incomes,
    numerator,
    ratio_ticks,
    ratios,
    regional,
)
from udsat.scoring.three_valued import Expr
from udsat.tables.area_table import AREA_KEY, DATE, ROW, TOWN_KEY, YEAR, AreaTable, Share
from udsat.tables.headings import SHARE_MEASURES
from udsat.ticks import HIGH, LOW, SHOWN

_LIST_YEAR = "list_year_of_row"
_KEYS = (AREA_KEY, TOWN_KEY, _LIST_YEAR)
_FORMS = (LOW, HIGH, SHOWN)
#: The years, relative to the list year, that each measure looks at.
Windows = tuple[tuple[str, tuple[int, ...]], ...]


def form(
    table: AreaTable, dates: Sequence[dt.date], law: Law, references: ReferenceTable
) -> AreaTable:
    """Return the table of these lists: one row per list and area with any row in the years that the
    list looks at.
    """
    groups: dict[Windows, list[dt.date]] = {}
    for date in dates:
        if version := law.on(date):
            groups.setdefault(_windows(version), []).append(date)
    lists = [_Lists(table, windows, some, references) for windows, some in groups.items()]
    frames = [one.frame() for one in lists]
    return replace(
        table,
        frame=nw.concat(frames, how="vertical") if len(frames) > 1 else frames[0],
        key="list_date",
        dates=tuple(dates),
        years=(),
        shares={
            name: Share(name in _points(table), share.half) for name, share in _known(table).items()
        },
        counts={},
        kroner=None,
        from_years=True,
        formed=frozenset(table.counts) | ({"gross_income"} if table.kroner else set()),
    )


def _windows(version: CriteriaVersion) -> Windows:
    measures = {name: block.years for name, block in version.measures.items()}
    return tuple(sorted((measures | {"area": version.area.years}).items()))


def _known(table: AreaTable) -> dict[str, Share]:
    """Return every measure that the lists will have a share of."""
    names = [name for name in SHARE_MEASURES if name in table.shares or name in table.counts]
    known = {name: table.shares.get(name, Share(False, 0)) for name in names}
    return known | (
        {"income": table.shares.get("income", Share(False, 0))}
        if "income" in table.shares or table.kroner
        else {}
    )


def _points(table: AreaTable) -> set[str]:
    """Return the measures whose shares are points on the grid: those given as such, every year."""
    given = {
        name for name, share in table.shares.items() if share.exact and name not in table.counts
    }
    return given - ({"income"} if table.kroner else set())


class _Lists:
    """Lists whose measures look at the same years, formed together."""

    def __init__(
        self,
        table: AreaTable,
        windows: Windows,
        dates: Sequence[dt.date],
        references: ReferenceTable,
    ) -> None:
        self.table = table
        self.windows = dict(windows)
        self.date_of = {date.year: date for date in dates}
        self.regions: Regions = {date: self._means(date, references) for date in dates}

    def _means(self, date: dt.date, references: ReferenceTable) -> Mapping[str, Any]:
        year = date.year + self._years("gross_income")[0]
        return references.regions(date, "gross_income") or references.regions(year, "gross_income")

    def _years(self, measure: str) -> tuple[int, ...]:
        return self.windows.get(measure, (0,))

    def frame(self) -> nw.LazyFrame[Any]:
        """Return the rows of the lists with the columns of a table keyed by list date."""
        keyed = self.table.frame
        offsets = sorted({offset for years in self.windows.values() for offset in years})
        frame = self._spine(keyed, offsets)
        for offset in offsets:
            names = self._needed(offset)
            year = self._of_offset(
                keyed, offset, [nw.col(name).alias(_at(name, offset)) for name in names]
            )
            frame = frame.join(year, on=list(_KEYS), how="left") if names else frame
        frame = frame.with_columns(self._date().alias(DATE))
        named = [*self._crossed(), *regional(self.table, self.regions), *self._counted()]
        frame = frame.with_columns(*named) if named else frame
        return frame.select(*self._columns())

    def _of_offset(
        self, keyed: nw.LazyFrame[Any], offset: int, columns: Sequence[Expr]
    ) -> nw.LazyFrame[Any]:
        """Return the rows that lie so many years from a list, with that list's year."""
        here = keyed.filter(nw.col(YEAR).is_in([year + offset for year in self.date_of]))
        return here.select(AREA_KEY, TOWN_KEY, (nw.col(YEAR) - offset).alias(_LIST_YEAR), *columns)

    def _spine(self, keyed: nw.LazyFrame[Any], offsets: Sequence[int]) -> nw.LazyFrame[Any]:
        """Return one row for each list and area that has a row in any year the list looks at."""
        columns = [nw.col(name) for name in (ROW, *self._texts())]
        frames = [self._of_offset(keyed, offset, columns) for offset in offsets]
        rows = nw.concat(frames, how="vertical") if len(frames) > 1 else frames[0]
        return rows.group_by(*_KEYS).agg(
            nw.col(ROW).min(), *(nw.col(name).max() for name in self._texts())
        )

    def _texts(self) -> list[str]:
        has = {
            "area": True,
            "area_id": self.table.area_id,
            "municipality": self.table.municipality,
            "region": self.table.region,
        }
        return [name for name, there in has.items() if there]

    def _date(self) -> Expr:
        expression: Expr = nw.lit(None, dtype=nw.Date)
        for year, date in self.date_of.items():
            expression = (
                nw.when(nw.col(_LIST_YEAR) == year).then(nw.lit(date)).otherwise(expression)
            )
        return expression

    def _needed(self, offset: int) -> list[str]:
        """Return the columns that lists need of the year so far away."""
        names: list[str] = []
        if offset in self._years("area"):
            has = {"residents": self.table.residents, "residents_2010": self.table.residents_2010}
            names += [name + end for name, there in has.items() for end in _FORMS if there]
            names += self.table.passed.values()
        for measure in (
            name for name in (*SHARE_MEASURES, "gross_income") if offset in self._years(name)
        ):
            stems = [f"{measure}_share"] if measure in self.table.shares else []
            stems += [f"{measure}_count", f"{measure}_base"] if measure in self.table.counts else []
            if measure == "gross_income":
                stems = ["income_share"] if "income" in self.table.shares else []
                stems += ["kroner"] if self.table.kroner else []
            names += [stem + end for stem in stems for end in _FORMS]
            names += [f"{measure}_proxy"] if measure in self.table.proxies else []
        return names

    def _columns(self) -> list[Expr]:
        columns = [nw.col(name) for name in (ROW, DATE, AREA_KEY, TOWN_KEY, *self._texts())]
        now = self._years("area")[0]
        for name, has in (
            ("residents", self.table.residents),
            ("residents_2010", self.table.residents_2010),
        ):
            columns += [nw.col(_at(name + end, now)).alias(name + end) for end in _FORMS if has]
        for measure in _known(self.table):
            columns += self._income() if measure == "income" else self._mean(measure)
        for measure in self.table.proxies:
            remarks = [nw.col(_at(f"{measure}_proxy", offset)) for offset in self._years(measure)]
            columns.append(
                (nw.coalesce(*remarks) if len(remarks) > 1 else remarks[0]).alias(
                    f"{measure}_proxy"
                )
            )
        return columns + [nw.col(_at(name, now)).alias(name) for name in self.table.passed.values()]

    def _counted(self) -> list[Expr]:
        """The share of each year that has none but counts, so that every year has one
        where it can.
        """
        columns = []
        for measure in self.table.counts:
            for offset in self._years(measure):
                names = [_at(f"{measure}_share{end}", offset) for end in _FORMS]
                counted = ratios(measure, _at("", offset))
                given = measure in self.table.shares
                forms = [
                    nw.coalesce(nw.col(name), one) if given else one
                    for name, one in zip(names, counted, strict=True)
                ]
                columns += [form.alias(name) for form, name in zip(forms, names, strict=True)]
        return columns

    def _income(self) -> list[Expr]:
        offset = self._years("gross_income")[0]
        given = (
            [nw.col(_at(f"income_share{end}", offset)) for end in _FORMS]
            if "income" in self.table.shares
            else None
        )
        null = nw.lit(None, dtype=nw.Int64)
        has_means = bool(regional(self.table, self.regions))
        made, fraction = (
            incomes(_at("", offset)) if has_means else ((null, null, null), (null, null))
        )
        forms: Sequence[Expr] = made
        if given:
            forms = [nw.coalesce(one, other) for one, other in zip(given, made, strict=True)]
            fraction = (
                nw.when(given[0].is_null()).then(fraction[0]),
                nw.when(given[0].is_null()).then(fraction[1]),
            )
        named = [one.alias(f"income_share{end}") for one, end in zip(forms, _FORMS, strict=True)]
        return named + (_fraction("gross_income", *fraction) if self.table.kroner else [])

    def _mean(self, measure: str) -> list[Expr]:
        """The mean of the years' shares: of ratios of counts where every year has them, else of
        shares.
        """
        years = self._years(measure)
        shares = _mean_of_ticks(
            [[nw.col(_at(f"{measure}_share{end}", offset)) for end in _FORMS] for offset in years]
        )
        if measure not in self.table.counts:
            return _shares(measure, shares)
        if not self._fits(measure):
            return _shares(measure, shares) + _fraction(
                measure, nw.lit(None, dtype=nw.Int64), nw.lit(None, dtype=nw.Int64)
            )
        over, under = _over(measure), _under(measure)
        complete = reduce(
            and_, [~self._count(measure, "count", LOW, offset).is_null() for offset in years]
        )
        ticks = [ratio_ticks(over + end, under + end, self._most(measure)) for end in _FORMS]
        forms = [
            nw.when(complete).then(one).otherwise(other)
            for one, other in zip(ticks, shares, strict=True)
        ]
        behind = [nw.when(complete).then(nw.col(name + SHOWN)) for name in (over, under)]
        return _shares(measure, forms) + _fraction(measure, *behind)

    def _fits(self, measure: str) -> bool:
        """Whether the mean of ratios, as one fraction, fits 128 bits; else it is enclosed between
        two grid points.
        """
        return self._most(measure) <= MOST_LONG

    def _most(self, measure: str) -> int:
        """The largest number that the mean of ratios can have above or below its line."""
        years = len(self._years(measure))
        return years * math.prod([self.table.counts[measure].largest] * years)

    def _crossed(self) -> list[Expr]:
        """The mean of the years' ratios of each counted measure, as numerator and base."""
        columns = []
        for measure in (name for name in self.table.counts if self._fits(name)):
            for end in _FORMS:
                over, under = self._fraction_of_years(measure, end, self._years(measure))
                columns += [over.alias(_over(measure) + end), under.alias(_under(measure) + end)]
        return columns

    def _count(self, measure: str, what: str, end: str, offset: int) -> Expr:
        return nw.col(_at(f"{measure}_{what}{end}", offset))

    def _fraction_of_years(self, measure: str, end: str, years: Sequence[int]) -> tuple[Expr, Expr]:
        """The mean of the years' ratios as one fraction of whole numbers of 128 bits."""
        opposite = {LOW: HIGH, HIGH: LOW, SHOWN: SHOWN}[end]
        tops = [self._count(measure, "count", end, offset).cast(nw.Int128) for offset in years]
        bases = [self._count(measure, "base", opposite, offset).cast(nw.Int128) for offset in years]
        if end == HIGH:  # no more than the whole base can be meant
            tops = [
                nw.when(top > under).then(under).otherwise(top)
                for top, under in zip(tops, bases, strict=True)
            ]
        crossed = [
            reduce(mul, [top, *(under for k, under in enumerate(bases) if k != n)])
            for n, top in enumerate(tops)
        ]
        return reduce(add, crossed), reduce(mul, bases) * len(years)


def _at(name: str, offset: int) -> str:
    """Name a column of another year: the suffix stands before the form (`__low`)."""
    stem, mark, end = name.partition("__")
    return f"{stem}_y{-offset}{mark}{end}"


def _over(measure: str) -> str:
    return f"{measure}_crossed_over"


def _under(measure: str) -> str:
    return f"{measure}_crossed_under"


def _shares(measure: str, forms: Sequence[Expr]) -> list[Expr]:
    return [form.alias(f"{measure}_share{end}") for form, end in zip(forms, _FORMS, strict=True)]


def _fraction(measure: str, over: Expr, under: Expr) -> list[Expr]:
    return [
        over.cast(nw.Int128).alias(numerator(measure)),
        under.cast(nw.Int128).alias(base(measure)),
    ]


def _mean_of_ticks(years: Sequence[Sequence[Expr]]) -> list[Expr]:
    """Return the mean of several years' shares; exact for shares of up to nine decimals over one,
    two or four years.

    An odd tick stands between two grid points, so it is first widened to them.
    """
    count = len(years)
    if count == 1:
        return list(years[0])
    low = reduce(add, [forms[0] - forms[0] % 2 for forms in years])
    high = reduce(add, [forms[1] + forms[1] % 2 for forms in years])
    shown = reduce(add, [forms[2] for forms in years])
    return [low // count, (high + count - 1) // count, shown // count]
