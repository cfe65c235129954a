"""The last year before a list that a published list breaks: looked up by name once for each area,
and joined to its rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from udsat import engine
from udsat.evidence.published_lists import Lists
from udsat.law.loader import Law
from udsat.law.schema import YearsInRow
from udsat.names.areas import Match
from udsat.names.resolver import Resolver
from udsat.scoring.criteria import Case
from udsat.scoring.three_valued import Expr, by_date
from udsat.scoring.years_in_row.earlier_lists import Steps, Streaks, counted_category, years_block
from udsat.tables.area_table import DATE, ROW, AreaTable

#: The municipality and the identifier of a row as the table gives them, without gaps: the keys of
#: published lists beside the name and the date.
_TOWN, _ID = "municipality_given", "area_id_given"
_LISTED, _LISTED_POSSIBLE = "published_break", "published_break_possible"
#: What the list of a year decides for an area, where lists do not decide for every row: not on it,
#: on it, not known.
OFF_LIST, ON_LIST, NOT_KNOWN = 0, 1, 2
#: The name, municipality and identifiers of an area as the table gives them.
AreaNames = tuple[Any, ...]


def with_keys(frame: nw.LazyFrame[Any], lists: Lists | None, table: AreaTable) -> nw.LazyFrame[Any]:
    """Return the frame with the keys that published lists are joined by."""
    town = nw.col("municipality").fill_null("") if table.municipality else nw.lit("")
    frame = frame.with_columns(town.alias(_TOWN))
    if not (lists and lists.names.has_ids):
        return frame
    identifier = nw.col("area_id").fill_null("") if table.area_id else nw.lit("")
    return frame.with_columns(identifier.alias(_ID))


@dataclass(frozen=True, slots=True)
class PublishedBreaks:
    """Finds the last break on published lists for the areas of a table that may be on them."""

    steps: dict[dt.date, Steps]
    case: Case
    law: Law
    lists: Lists

    def streaks(
        self, frame: nw.LazyFrame[Any], table: AreaTable, connection: engine.Connection
    ) -> Streaks:
        """Return what the years in a row of a frame with keys rest on."""
        matches = list(self._matches(_listed_places(frame, self.lists, table, connection)))
        near = {
            names[:2]: " or ".join(one.name for one in match.areas)
            for names, _, match in matches
            if not match.proven
        }
        more = (_ID,) if self.lists.names.has_ids else ()
        rows = [self._row(*match) for match in matches]
        return Streaks(
            self.steps,
            tuple((*names, listed) for names, listed in near.items()),
            self._relation(rows, more, connection) if rows else None,
            table.unknown_towns,
            more,
        )

    def _matches(self, areas: Sequence[AreaNames]) -> Iterator[tuple[AreaNames, dt.date, Match]]:
        """Yield the listed areas that an area of the table may be, for each list."""
        for names in areas:
            area, town, *ids = names
            for date in self.steps:
                identifier = ids[0] or None if ids else None
                match = self.lists.names.find(area, town, self.case.day(date), identifier)
                if match is not None:
                    yield names, date, match

    def _row(self, names: AreaNames, date: dt.date, match: Match) -> tuple[Any, ...]:
        """Return the keys, the certain and the possible break, and what partial lists decide."""
        steps, block = self.steps[date], years_block(self.case.versions[date])
        states = {
            year: self._state(match, year, block) for year in (*steps.published, *steps.partial)
        }
        none = steps.first - 1
        certain = max((y for y in steps.published if states[y] != ON_LIST), default=none)
        possible = max((y for y in steps.published if states[y] == OFF_LIST), default=none)
        area, town, *ids = names
        partial = (states.get(year, NOT_KNOWN) for year in self._partial())
        return (area, town or "", date, *ids, certain, possible, *partial)

    def _state(self, match: Match, year: int, block: YearsInRow) -> int:
        """Return what the list of a year decides for an area: on it only where the name is proven,
        not on it only where none of the areas that it may be is.
        """
        date = self.law.list_date(year)
        category = counted_category(date, block, self.law) if date else None
        if date is None or category is None:
            return NOT_KNOWN
        states = {self.lists.has((date, category), area) for area in match.areas}
        if states == {False}:
            return OFF_LIST
        return ON_LIST if match.proven and states == {True} else NOT_KNOWN

    def _partial(self) -> list[int]:
        return sorted({year for one in self.steps.values() for year in one.partial})

    def _relation(
        self, rows: Sequence[tuple[Any, ...]], more: Sequence[str], connection: engine.Connection
    ) -> nw.LazyFrame[Any]:
        types = {"area": "VARCHAR", _TOWN: "VARCHAR", DATE: "DATE"}
        types |= dict.fromkeys(more, "VARCHAR")
        states = map(state_name, self._partial())
        types |= dict.fromkeys([_LISTED, _LISTED_POSSIBLE, *states], "INTEGER")
        columns = dict(zip(types, map(list, zip(*rows, strict=True)), strict=True))
        return nw.from_native(engine.table(connection, columns, types))


def _listed_places(
    frame: nw.LazyFrame[Any], lists: Lists, table: AreaTable, connection: engine.Connection
) -> list[AreaNames]:
    """Return the table's areas in municipalities with listed areas.

    Identifiers are there only where lists have some; then all areas are fetched.
    """
    names, ids = lists.names, (_ID,) if lists.names.has_ids else ()
    if not table.municipality:
        areas = _distinct(frame, connection, "area", *ids)
        return sorted((area, None, *more) for area, *more in areas)
    if ids:
        areas = _distinct(frame, connection, "area", "municipality", *ids)
        return sorted((area for area in areas if _may_be_listed(area, names)), key=str)
    towns = _listed_towns(frame, names, connection)
    if not towns:
        return []
    wanted = nw.col("municipality").is_in([town for town in towns if town])
    if None in towns:
        wanted = wanted | nw.col("municipality").is_null()
    return sorted(_distinct(frame.filter(wanted), connection, "area", "municipality"), key=str)


def _may_be_listed(area: AreaNames, names: Resolver) -> bool:
    _, town, identifier = area
    return town is None or names.municipality(town) is not None or bool(names.by_id(identifier))


def _listed_towns(
    frame: nw.LazyFrame[Any], names: Resolver, connection: engine.Connection
) -> list[str | None]:
    towns = [town for (town,) in _distinct(frame, connection, "municipality")]
    return [
        town
        for town in towns
        if town is None or (names.municipality(town) is not None and names.has(town))
    ]


def _distinct(
    rows: nw.LazyFrame[Any], connection: engine.Connection, *columns: str
) -> list[AreaNames]:
    """Return the distinct values of some columns."""
    grouped = rows.group_by(*columns).agg(nw.col(ROW).min())
    return [tuple(values) for *values, _ in engine.rows(connection, grouped.to_native())]


def with_published(frame: nw.LazyFrame[Any], streaks: Streaks) -> nw.LazyFrame[Any]:
    """Join the last break on published lists, and what partial lists decide, to rows with keys."""
    if streaks.published is None:
        return frame
    keys = ["area", _TOWN, DATE, *streaks.more_keys]
    frame = frame.join(streaks.published, on=keys, how="left")
    states = [nw.col(state_name(year)).fill_null(NOT_KNOWN) for year in streaks.partial]
    return frame.with_columns(*states) if states else frame


def state_name(year: int) -> str:
    """Name the column of what a list that is known in part decides."""
    return f"list_of_{year}"


def in_unknown_town(streaks: Streaks) -> Expr:
    """Whether a row's municipality does not exist, so that no published list decides for it."""
    return nw.col(_TOWN).is_in(list(streaks.unknown_towns))


def published_breaks(streaks: Streaks, possible: bool) -> list[Expr]:
    """Return the latest years that published lists break, complete ones and each partial one."""
    complete = any(one.published for one in streaks.steps.values())
    first = [_complete_break(streaks, possible)] if complete else []
    return [*first, *(_partial_break(streaks, year, possible) for year in streaks.partial)]


def _complete_break(streaks: Streaks, possible: bool) -> Expr:
    """Return the latest year whose published list does not name the area; where the municipality
    does not exist, the latest one for which no row counts either.
    """
    years = {date: one.published for date, one in streaks.steps.items()}
    last = _latest(streaks.steps, years)
    if streaks.published is not None:
        last = nw.coalesce(nw.col(_LISTED_POSSIBLE if possible else _LISTED), last)
    if not streaks.unknown_towns:
        return last
    open_years = {
        date: () if possible else tuple(set(one.published) - set(one.behind))
        for date, one in streaks.steps.items()
    }
    return (
        nw.when(in_unknown_town(streaks)).then(_latest(streaks.steps, open_years)).otherwise(last)
    )


def _latest(steps: Mapping[dt.date, Steps], years: Mapping[dt.date, tuple[int, ...]]) -> Expr:
    """Return the latest of some years for each list; the year before the first that counts where
    there are none.
    """
    return by_date(
        {date: max((one.first - 1, *years[date])) for date, one in steps.items()}, nw.lit
    )


def _partial_break(streaks: Streaks, year: int, possible: bool) -> Expr:
    """Return a year whose list is known in part, where it breaks a run; `own_breaks` has the rows
    of the year.
    """
    state = nw.col(state_name(year))

    def build(spec: tuple[int, bool, bool]) -> Expr:
        none, is_partial, is_unknown = spec
        if not is_partial:
            return nw.lit(none)
        breaks = (state == OFF_LIST) if possible or not is_unknown else (state != ON_LIST)
        return nw.when(breaks).then(nw.lit(year)).otherwise(nw.lit(none))

    specs = {
        date: (one.first - 1, year in one.partial, year in one.unknown)
        for date, one in streaks.steps.items()
    }
    return by_date(specs, build)
