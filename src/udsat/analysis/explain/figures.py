"""The figures behind the verdicts, exactly: values as fractions, with the counts of each year or
the kroner behind them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import narwhals as nw

from udsat import engine, ticks
from udsat.analysis.explain.distance import Figure, Income, PersonCount
from udsat.analysis.records import records
from udsat.law.schema import CriteriaVersion
from udsat.scoring.measures import base, numerator
from udsat.scoring.verdicts import Verdicts
from udsat.tables.area_table import AREA_KEY, DATE, ROW, TOWN_KEY, YEAR, AreaTable
from udsat.ticks import HIGH, LOW, SHOWN

#: Counts of an area in a year: persons and base.
_Counted = tuple[int, int]
Figures = dict[int, dict[str, Figure]]


@dataclass(frozen=True, slots=True)
class _Years:
    """The counts of calendar years that lists were formed from."""

    table: AreaTable
    counts: Mapping[tuple[str, str, int, str], _Counted]

    def of(
        self, row: Mapping[str, Any], measure: str, version: CriteriaVersion
    ) -> PersonCount | None:
        """Return the counts of the latest year that a measure looks at, and the shares of the years
        before it.
        """
        years = [row[DATE].year + offset for offset in sorted(version.measures[measure].years)]
        found = [self.counts.get((row[AREA_KEY], row[TOWN_KEY], year, measure)) for year in years]
        *before, latest = found
        if latest is None or None in before:
            return None
        scale = self.table.counts[measure].scale
        return PersonCount(
            Fraction(latest[0], scale),
            Fraction(latest[1], scale),
            tuple(Fraction(*pair) for pair in before if pair),
        )


def figures(verdicts: Verdicts, given: AreaTable) -> Figures:
    """Return, by row and measure, the value of each measure that has one, with what is behind it.

    `verdicts` are those asked about, `given` is the checked table that was scored: lists, or the
    calendar years behind them.
    """
    case, frame = verdicts.case, verdicts.frame
    names = frame.collect_schema().names()
    columns = [ROW, AREA_KEY, TOWN_KEY, DATE]
    columns += [name for measure in case.values for name in _columns(measure) if name in names]
    rows = records(frame.select(*columns))
    years = _years(given, rows, verdicts) if given.key == "year" else None
    found: Figures = {}
    for row in rows:
        version = case.versions[row[DATE]]
        values = {
            measure: _figure(row, measure, version, verdicts, years)
            for measure in case.values
            if measure in version.measures
        }
        found[row[ROW]] = {measure: value for measure, value in values.items() if value}
    return found


def _columns(measure: str) -> tuple[str, ...]:
    return measure + LOW, measure + HIGH, numerator(measure), base(measure)


def _figure(
    row: Mapping[str, Any],
    measure: str,
    version: CriteriaVersion,
    verdicts: Verdicts,
    years: _Years | None,
) -> Figure | None:
    low = row[measure + LOW]
    high = low if verdicts.case.values[measure].exact else row[measure + HIGH]
    if low is None or high is None:
        return None
    over, under = row.get(numerator(measure)), row.get(base(measure))
    if over is None or under is None:
        return Figure(_floor(low), _ceiling(high))
    share = Fraction(100 * int(over), int(under))
    return Figure(share, share, _behind(row, measure, version, verdicts, years))


def _behind(
    row: Mapping[str, Any],
    measure: str,
    version: CriteriaVersion,
    verdicts: Verdicts,
    years: _Years | None,
) -> PersonCount | Income | None:
    over, under = int(row[numerator(measure)]), int(row[base(measure)])
    if measure == "gross_income":
        return Income(Fraction(over, ticks.NANO), Fraction(under, ticks.NANO))
    if years:
        return years.of(row, measure, version)
    scale = verdicts.table.counts[measure].scale
    return PersonCount(Fraction(over, scale), Fraction(under, scale))


def _floor(tick: int) -> Fraction:
    """An odd tick stands between two grid points."""
    return ticks.to_fraction(tick - tick % 2)


def _ceiling(tick: int) -> Fraction:
    return ticks.to_fraction(tick + tick % 2)


def _years(given: AreaTable, rows: list[dict[str, Any]], verdicts: Verdicts) -> _Years:
    """Fetch the counts of the years that the lists of these rows look at."""
    offsets = {
        offset
        for version in verdicts.case.versions.values()
        for block in version.measures.values()
        for offset in block.years
    }
    dates: set[dt.date] = {row[DATE] for row in rows}
    wanted = sorted({date.year + offset for date in dates for offset in offsets})
    areas = sorted({row[AREA_KEY] for row in rows})
    names = [
        (measure, f"{measure}_count{SHOWN}", f"{measure}_base{SHOWN}") for measure in given.counts
    ]
    frame = given.frame.filter(nw.col(YEAR).is_in(wanted))
    frame = frame.filter(nw.col(AREA_KEY).is_in(areas)) if len(areas) == 1 else frame
    chosen = frame.select(AREA_KEY, TOWN_KEY, YEAR, *(name for _, *pair in names for name in pair))
    counts: dict[tuple[str, str, int, str], _Counted] = {}
    for area, town, year, *cells in engine.fetch(chosen):
        for (measure, *_), over, under in zip(names, cells[::2], cells[1::2], strict=True):
            if over is not None and under:
                counts[area, town, year, measure] = (over, under)
    return _Years(given, counts)
