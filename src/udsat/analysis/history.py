"""How areas went from list to list: by the verdicts on a table, or by the published lists alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from udsat.analysis.changes.moved_references import redefined
from udsat.analysis.records import Record
from udsat.analysis.run import TOWN, key_of
from udsat.evidence.published_lists import Lists, PublishedList
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion
from udsat.names.areas import Area
from udsat.scoring.criteria import Case

#: The figures of one criterion in a record of verdicts.
_FIGURES = ("value", "limit", "margin")


@dataclass(frozen=True, slots=True)
class Entry:
    """An area on one list."""

    date: dt.date
    version: CriteriaVersion
    #: The innermost category that is certain; `none`, or `unknown` where it cannot be decided.
    category: str
    category_possible: str
    #: Years in a row, certain and possible; None where the list is no step.
    years: int | None
    years_possible: int | None
    #: By criterion: value, limit, margin and outcome. Published lists have none.
    criteria: Mapping[str, Record]
    #: Categories whose list of this date is not known by name; of a table none.
    unlisted: tuple[str, ...] = ()
    #: How the list is known (`printed`, `derived`, `interim`, `trial`); `computed` of a table.
    status: str = "computed"


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One area through the lists; a list without a row of it is None."""

    #: The area as its first row or the lists name it.
    area: Area
    entries: tuple[Entry | None, ...]
    #: What the rows of the area have in common in a table.
    key: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class History:
    """Areas through the lists, oldest first, with the lists between which a measure came to mean
    something else.
    """

    dates: tuple[dt.date, ...]
    lines: tuple[HistoryLine, ...]
    #: By measure, the dates from which on it means something else than on the list before.
    breaks: Mapping[str, tuple[dt.date, ...]]
    #: Whether the entries are published ones.
    published: bool


def computed(
    rows: Iterable[Record], case: Case, law: Law, areas: Sequence[Area] | None = None
) -> History:
    """Return the history of a table from its verdicts (records of `Verdicts.areas` with keys), in
    the order of the table.

    `areas` are some areas of the table, named as in their first rows.
    """
    dates = _with_gaps(tuple(case.versions), law)
    found: dict[tuple[str, str], dict[dt.date, Entry]] = {}
    named: dict[tuple[str, str], Area] = {}
    for row in rows:
        key = key_of(row)
        named.setdefault(key, Area(row["area"], row.get(TOWN) or ""))
        found.setdefault(key, {})[row["list_date"]] = _entry(row, case.versions[row["list_date"]])
    wanted = (
        [key for area in areas for key in named if named[key] == area] if areas else list(found)
    )
    lines = tuple(
        HistoryLine(named[key], tuple(found[key].get(date) for date in dates), key)
        for key in wanted
    )
    return History(dates, lines, breaks(dates, law), False)


def _with_gaps(dates: Sequence[dt.date], law: Law) -> tuple[dt.date, ...]:
    """Return the lists of a table and the regular ones between its first and last."""
    years = range(dates[0].year, dates[-1].year + 1)
    between = {
        date for year in years if (date := law.list_date(year)) and dates[0] < date < dates[-1]
    }
    return tuple(sorted(between | set(dates)))


def _entry(row: Record, version: CriteriaVersion) -> Entry:
    criteria = {
        name: {key: row[f"{name}_{key}"] for key in _FIGURES} | {"outcome": row[name]}
        for name in version.criteria
    }
    years = row["years_in_row"], row["years_in_row_possible"]
    return Entry(
        row["list_date"], version, row["category"], row["category_possible"], *years, criteria
    )


def breaks(dates: Sequence[dt.date], law: Law) -> dict[str, tuple[dt.date, ...]]:
    """Return, by measure, the lists from which on it means something else: what figures mean
    follows the law in force.
    """
    found: dict[str, list[dt.date]] = {}
    for before, after in pairwise(dates):
        old, new = law.in_force(before), law.in_force(after)
        for measure in redefined(old, new) if old and new else ():
            found.setdefault(measure, []).append(after)
    return {measure: tuple(some) for measure, some in found.items()}


def published(areas: Sequence[Area], lists: Lists, law: Law) -> History:
    """Return the history of listed areas from the published lists that are known by name."""
    dates = _with_gaps(tuple(sorted({date for date, _ in lists.lists})), law)
    lines = tuple(
        HistoryLine(area, tuple(_listed(area, date, lists, law) for date in dates))
        for area in areas
    )
    return History(dates, lines, breaks(dates, law), True)


def _listed(area: Area, date: dt.date, lists: Lists, law: Law) -> Entry | None:
    """Return what the lists of a date say of an area; None where no list of it is known by name."""
    version = law.on(date)
    known = {category: one for (day, category), one in lists.lists.items() if day == date}
    if version is None or not known:
        return None
    status = _status(known)
    if not all(one.regular for one in known.values()):
        outermost = next((name for name, one in known.items() if one.has(area)), "none")
        return Entry(date, version, outermost, outermost, None, None, {}, (), status)
    states = {name: known[name].has(area) if name in known else None for name in version.categories}
    on = [name for name, state in states.items() if state]
    unlisted = tuple(name for name, state in states.items() if state is None)
    deeper = [name for name in unlisted if not on or _rests_on(version, name, on[-1])]
    sure = on[-1] if on else "unknown" if unlisted else "none"
    most = deeper[-1] if deeper else sure
    return Entry(
        date, version, sure, most, *_years(area, date, version, lists, law), {}, unlisted, status
    )


def _status(known: Mapping[str, PublishedList]) -> str:
    """Return how the lists of a date are known: as their first complete one is, where one is
    complete.
    """
    return next(
        (one.status for one in known.values() if one.complete), next(iter(known.values())).status
    )


def _rests_on(version: CriteriaVersion, name: str, other: str) -> bool:
    """Whether a category is a narrower one of another."""
    block = version.categories.get(name)
    return block is not None and any(
        one == other or _rests_on(version, one, other) for one in block.all_of
    )


def _years(
    area: Area, date: dt.date, version: CriteriaVersion, lists: Lists, law: Law
) -> tuple[int | None, int | None]:
    """Return the years in a row on the lists, certain and possible: a list that is not known breaks
    only what is certain.
    """
    block = version.years_in_row
    if block is None or date != version.publication.date(date.year) or date < block.first:
        return None, None
    back = [_on(area, year, lists, law) for year in range(date.year, block.first.year - 1, -1)]
    certain = next((n for n, on in enumerate(back) if on is not True), len(back))
    possible = next((n for n, on in enumerate(back) if on is False), len(back))
    return certain, possible


def _on(area: Area, year: int, lists: Lists, law: Law) -> bool | None:
    date = law.list_date(year)
    version = law.in_force(date) if date else None
    if date is None or version is None or version.years_in_row is None:
        return None
    one = lists.lists.get((date, version.years_in_row.of))
    return one.has(area) if one and one.regular else None
