"""Why one area has its verdict: the row of its list, how far each criterion is from its line, and
the ways in and out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import narwhals as nw

from udsat import engine
from udsat.analysis.comparison_rows import ComparisonRows, beside
from udsat.analysis.explain.distance import Distance, distance
from udsat.analysis.explain.figures import Figures, figures
from udsat.analysis.explain.minimal_changes import Finder, Ways, is_origin, state
from udsat.analysis.records import (
    Record,
    area_records,
    criterion_records,
    kept,
    with_residents,
)
from udsat.law.schema import CriteriaVersion
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text
from udsat.names.areas import Area
from udsat.names.resolver import Resolver
from udsat.names.search import find_one
from udsat.scoring.verdicts import Verdicts
from udsat.tables.area_table import AREA_KEY, DATE, ROW, TOWN_KEY, AreaTable


@dataclass(frozen=True, slots=True)
class ExplainRequest:
    """What a person wants to know of an area: which, on which list, and how much of it."""

    area: str
    municipality: str | None = None
    #: A year or a date; the latest list of the area by default.
    list: str | None = None
    include_origin: bool = False
    ways_off: bool = False
    ways_on: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """One row of the verdicts with what explains it."""

    area: Record
    criteria: tuple[Record, ...]
    version: CriteriaVersion
    #: By criterion; those on origin only where they were asked for.
    distances: Mapping[str, Distance]
    #: The other lists of the table that the area is in.
    other_lists: tuple[dt.date, ...]
    ways_off: tuple[Ways, ...] | None
    ways_on: tuple[Ways, ...] | None
    #: The verdicts on this row alone.
    verdicts: Verdicts
    #: The row as `Verdicts.complete` has it: names of columns, and cells.
    complete: tuple[tuple[str, ...], tuple[Any, ...]]
    #: Rows shown beside it, which are not judged as areas: their name, and their criteria.
    compared: tuple[tuple[str, tuple[Record, ...]], ...] = ()


def explain(
    verdicts: Verdicts,
    given: AreaTable,
    names: Resolver,
    asked: ExplainRequest,
    connection: duckdb.DuckDBPyConnection,
    compared: ComparisonRows | None = None,
) -> Explanation:
    """Return what explains the verdict on an area.

    Raises `UsageError` where no area has the name, several have, or it is not on the list asked
    for.
    """
    row, date, others = _choose(verdicts, names, asked)
    own = _about(kept(verdicts, connection, [row], [date]))
    (area,) = area_records(own)
    criteria = criterion_records(own)
    whole = own.complete()
    version = own.case.versions[date]
    finder, now = Finder(version, asked.include_origin), state(with_residents(own)[0], version)
    return Explanation(
        area=area,
        criteria=tuple(criteria),
        version=version,
        distances=distances(own, figures(own, given), [area], asked.include_origin)[row],
        other_lists=others,
        ways_off=(
            tuple(finder.off(name, now) for name in version.categories if area[name] != "no")
            if asked.ways_off
            else None
        ),
        ways_on=(
            tuple(finder.on(name, now) for name in version.categories if area[name] != "yes")
            if asked.ways_on
            else None
        ),
        verdicts=own,
        complete=_without_row(whole.collect_schema().names(), engine.fetch(whole)[0]),
        compared=tuple(beside(area, compared.criteria(), names)) if compared else (),
    )


def _about(own: Verdicts) -> Verdicts:
    """Return the verdicts on one row without what is said of the names of other areas."""
    town = ["municipality"] if own.table.municipality else []
    ((name, *towns),) = engine.fetch(own.frame.select("area", *town))
    near = tuple(
        one for one in own.streaks.near if one[0] == name and [one[1]][: len(town)] == towns
    )
    return Verdicts(own.frame, replace(own.given, streaks=replace(own.streaks, near=near)))


def distances(
    verdicts: Verdicts, known: Figures, areas: Sequence[Record], include_origin: bool
) -> dict[int, dict[str, Distance]]:
    """Return how far each criterion of each row is from the other outcome."""
    case = verdicts.case
    found: dict[int, dict[str, Distance]] = {}
    for area in areas:
        date, version, of_row = area[DATE], case.versions[area[DATE]], known[area[ROW]]
        names = [
            name for name in version.criteria if include_origin or not is_origin(version, name)
        ]
        measures = {name: version.criteria[name].measure for name in names}
        found[area[ROW]] = {
            name: distance(
                area[name], case.lines[date, name], of_row.get(measure), measure == "gross_income"
            )
            for name, measure in measures.items()
        }
    return found


def _choose(
    verdicts: Verdicts, names: Resolver, asked: ExplainRequest
) -> tuple[int, dt.date, tuple[dt.date, ...]]:
    """Return the row that is meant, its date, and the dates of the area's other rows."""
    keys = keys_by_area(verdicts)
    area = find_one(asked.area, list(keys), names, asked.municipality)
    frame = verdicts.frame.filter(
        (nw.col(AREA_KEY) == keys[area][0]) & (nw.col(TOWN_KEY) == keys[area][1])
    )
    rows = {date: row for row, date in engine.fetch(frame.select(ROW, DATE))}
    date = choose_list(tuple(rows), asked.list, Text("'{name}'", name=area.name))
    return rows[date], date, tuple(sorted(other for other in rows if other != date))


def keys_by_area(verdicts: Verdicts) -> dict[Area, tuple[str, str]]:
    """Return what the rows of each area have in common, by the area as its first row names it, in
    order.
    """
    town = ["municipality"] if verdicts.table.municipality else []
    rows = engine.fetch(verdicts.frame.select(ROW, AREA_KEY, TOWN_KEY, "area", *town))
    first: dict[tuple[str, str], Area] = {}
    for _, area_key, town_key, area, *municipality in sorted(rows):
        first.setdefault(
            (area_key, town_key), Area(area, (municipality[0] if municipality else None) or "")
        )
    return {area: key for key, area in sorted(first.items(), key=lambda one: one[1])}


def choose_list(dates: Sequence[dt.date], wanted: str | None, whose: Text) -> dt.date:
    """Return the list of a date, the last one of a year, or the latest of all; raise `UsageError`
    where there is none.
    """
    found = [date for date in dates if wanted in {None, str(date), str(date.year)}]
    if found:
        return max(found)
    there = ", ".join(str(date) for date in sorted(dates))
    raise UsageError(
        Problem(
            "UD603",
            Text("{whose} has no row on a list of '{wanted}'", whose=whose, wanted=wanted),
            Text("it has {there}", there=there),
        )
    )


def _without_row(
    names: list[str], cells: tuple[Any, ...]
) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    place = names.index(ROW)
    return (*names[:place], *names[place + 1 :]), (*cells[:place], *cells[place + 1 :])
