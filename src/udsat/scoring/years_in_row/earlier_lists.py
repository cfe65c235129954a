"""Which earlier December lists count as years in a row, and what is known of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from udsat.evidence.published_lists import Lists, PublishedList
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion, YearsInRow
from udsat.scoring.criteria import Case

#: The status of lists that follow from other sources: years that rest on them are inferred.
_DERIVED = frozenset({"derived", "derived_partial"})
#: The fields of `Steps` that hold years.
_YEARS = ("published", "own", "unknown", "derived", "partial", "behind")


@dataclass(frozen=True, slots=True)
class Steps:
    """Which earlier lists a list looks back on, and what is known of each."""

    #: The first year that counts.
    first: int
    #: Earlier years with a published list, oldest first.
    published: tuple[int, ...]
    #: Earlier years that the table itself has rows for.
    own: tuple[int, ...]
    #: Earlier years of which nothing is known.
    unknown: tuple[int, ...]
    #: Those of the published years whose list was derived from its published changes.
    derived: tuple[int, ...] = ()
    #: Years whose list is known in part: among the own or unknown years, but for the areas that the
    #: list decides.
    partial: tuple[int, ...] = ()
    #: Published years that the table has rows for too: these count where a row's municipality is
    #: not known.
    behind: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Streaks:
    """What the years in a row of a run rest on."""

    steps: dict[dt.date, Steps]
    #: Areas whose name is near a listed one: (area, municipality) and the listed name.
    near: tuple[tuple[str, str | None, str], ...] = ()
    #: The last break on published lists, for each area and list that may be on one.
    published: nw.LazyFrame[Any] | None = None
    #: Municipalities of the table that do not exist: no published list decides for their areas.
    unknown_towns: tuple[str, ...] = ()
    #: The keys of published lists beside the name, the municipality and the date.
    more_keys: tuple[str, ...] = ()

    @property
    def partial(self) -> tuple[int, ...]:
        """Years whose list is known in part and may decide for an area of the table."""
        if self.published is None:
            return ()
        return tuple(sorted({year for one in self.steps.values() for year in one.partial}))

    @property
    def behind(self) -> tuple[int, ...]:
        """Published years for which rows count, where a municipality does not exist."""
        years = {year for one in self.steps.values() for year in one.behind}
        return tuple(sorted(years)) if self.unknown_towns else ()

    @property
    def row_years(self) -> tuple[int, ...]:
        """Years for which the table's own rows may count, oldest first."""
        own = {year for one in self.steps.values() for year in one.own}
        return tuple(sorted({*own, *self.behind}))

    @property
    def by_area(self) -> bool:
        """Whether the last break of a row depends on more than its date."""
        return bool(self.row_years) or any(one.published for one in self.steps.values())


def is_step(date: dt.date, version: CriteriaVersion) -> bool:
    """Whether the list of a date counts as a year."""
    block = version.years_in_row
    return block is not None and date >= block.first and date == version.publication.date(date.year)


def earlier(dates: Iterable[dt.date], law: Law) -> tuple[dt.date, ...]:
    """Return every list that lists of these dates look back on."""
    years = {year for date in dates for year in _earlier_years(date, law)}
    return tuple(sorted(date for year in years if (date := law.list_date(year))))


def _earlier_years(date: dt.date, law: Law) -> range:
    version = law.on(date)
    if version is None or version.years_in_row is None or not is_step(date, version):
        return range(0)
    return range(version.years_in_row.first.year, date.year)


def is_published(date: dt.date, asked: dt.date, law: Law, lists: Lists) -> bool:
    """Whether the published list of an earlier date decides for every area, for a list that looks
    back on it.
    """
    version = law.on(asked)
    block = version.years_in_row if version else None
    category = counted_category(date, block, law) if block else None
    return category is not None and lists.complete(date, category)


def years_block(version: CriteriaVersion) -> YearsInRow:
    """Return what a version counts as years; call it only for versions that count them."""
    if version.years_in_row is None:
        raise TypeError(version.id)
    return version.years_in_row


def counted_category(date: dt.date, block: YearsInRow, law: Law) -> str | None:
    """Return the category whose list of a date counts as a step."""
    in_force = law.in_force(date)
    if in_force is None:
        return None
    # A chosen version may be older than a list, and then does not name its category.
    own = in_force.years_in_row
    return block.category_in(in_force.id) or (own.of if own else None)


def steps(
    date: dt.date, version: CriteriaVersion, case: Case, law: Law, lists: Lists | None
) -> Steps:
    """Return the years that a list looks back on, by what is known of their lists."""
    block, group = years_block(version), case.behind(case.group(date))
    known: dict[int, set[str]] = {}
    for year in range(block.first.year, case.day(date).year):
        list_date = law.list_date(year)
        rows = list_date in group and is_step(list_date, case.versions[group[list_date]])
        known[year] = _fields(_regular(list_date, block, law, lists), rows)
    fields = {name: tuple(year for year in known if name in known[year]) for name in _YEARS}
    return Steps(block.first.year, **fields)


def _regular(
    date: dt.date | None, block: YearsInRow, law: Law, lists: Lists | None
) -> PublishedList | None:
    """Return the published list of a date that counts as a step."""
    category = counted_category(date, block, law) if date else None
    return lists.regular(date, category) if lists and date and category else None


def _fields(published: PublishedList | None, rows: bool) -> set[str]:
    """Return the fields of `Steps` that a year belongs to."""
    if published is not None and published.complete:
        fields = {"published": True, "behind": rows}
    else:
        fields = {"partial": published is not None, "own": rows, "unknown": not rows}
    derived = published is not None and published.status in _DERIVED
    return {name for name, holds in {**fields, "derived": derived}.items() if holds}
