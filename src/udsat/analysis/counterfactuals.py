"""Lists made up for trials: rows of tables in the place of others, all of them judged in one run of
the engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import duckdb
import narwhals as nw

from udsat import engine
from udsat.analysis.changes.moved_references import with_figures
from udsat.analysis.records import Record
from udsat.analysis.run import TOWN, AreaKey, Side, key_of
from udsat.engine import identifier
from udsat.evidence.references import ReferenceTable
from udsat.law.loader import Law, TrialList
from udsat.scoring.score import score
from udsat.tables.area_table import AREA_KEY, DATE, ROW, TOWN_KEY, AreaTable, Share
from udsat.tables.headings import MEASURES, RESIDENTS

#: The first date that a list is made up for: no law, list or figure is so old.
_FIRST = dt.date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Pick:
    """Rows of a table that a list is made of: areas on one date, by their keys in the table and on
    the list.
    """

    table: AreaTable
    date: dt.date
    #: The area in the table, and what it is called on the list.
    areas: Mapping[AreaKey, AreaKey]
    #: Measures (or the residents) whose figures are not to be used.
    without: frozenset[str] = frozenset()
    #: Add the rows of areas with the same new name up to one.
    added_up: bool = False


class TrialLists:
    """Lists that are judged together: planning a run takes far longer than judging some more rows
    in it.
    """

    def __init__(self, side: Side) -> None:
        self._side = side
        self._stand_ins: dict[dt.date, TrialList] = {}
        self._picks: list[tuple[dt.date, Pick]] = []
        self._references = ReferenceTable(())
        self._records: dict[dt.date, dict[AreaKey, Record]] = {}

    def group(self) -> int:
        """Return a group that no list is of yet."""
        return max((one.group for one in self._stand_ins.values()), default=0) + 1

    def add(
        self,
        trial_list: TrialList,
        picks: Sequence[Pick],
        references: ReferenceTable,
        of: dt.date | None = None,
        other: dt.date | None = None,
    ) -> dict[AreaKey, Record]:
        """Add a list, with the figures of the list `of` (its own day by default); return where
        `judge` puts its verdicts.
        """
        date = _FIRST + dt.timedelta(len(self._stand_ins))
        self._stand_ins[date] = trial_list
        self._picks += [(date, pick) for pick in picks if pick.areas]
        of = of or trial_list.day
        own = self._side.law.on(of) or trial_list.version
        self._references = with_figures(
            self._references, date, references, of, other or of, trial_list.version, own
        )
        self._records[date] = {}
        return self._records[date]

    def judge(self, **options: Any) -> None:
        """Judge all lists: records of what is decided, by area."""
        if not self._picks:
            return
        side = self._side
        law = replace(side.law, trial_lists=self._stand_ins)
        chosen = replace(side.options, list_year=None, **options)
        verdicts = score(
            _table(self._picks, side.connection, law),
            law,
            self._references,
            side.lists,
            chosen,
            side.connection,
        )
        frame = verdicts.words()
        names = frame.collect_schema().names()
        for row in engine.fetch(frame):
            record = dict(zip(names, row, strict=True))
            self._records[record[DATE]][key_of(record)] = record


def _table(
    picks: Sequence[tuple[dt.date, Pick]], connection: duckdb.DuckDBPyConnection, law: Law
) -> AreaTable:
    """Return a table of the picked rows, fit to be scored."""
    tables = list({id(pick.table): pick.table for _, pick in picks}.values())
    schemas = [table.frame.collect_schema().names() for table in tables]
    columns = [
        name
        for name in schemas[0]
        if all(name in names for names in schemas) and not name.startswith("passed_")
    ]
    scales = {name: max(table.counts[name].scale for table in tables) for name in tables[0].counts}
    kinds = sorted(picks, key=_kind)
    relation, *others = (
        _picked(list(some), columns, scales, connection, law) for _, some in groupby(kinds, _kind)
    )
    for other in others:
        relation = relation.union(other)
    relation = engine.select(
        relation, "t", f"SELECT * REPLACE (row_number() OVER () - 1 AS {identifier(ROW)}) FROM t"
    )
    dates = sorted({date for date, _ in picks})
    return _like(
        tables,
        engine.materialise(connection, relation),
        columns,
        dates,
        scales,
        any(pick.added_up for _, pick in picks),
    )


def _kind(one: tuple[dt.date, Pick]) -> tuple[int, bool]:
    return id(one[1].table), one[1].added_up


def _picked(
    picks: Sequence[tuple[dt.date, Pick]],
    columns: Sequence[str],
    scales: Mapping[str, int],
    connection: duckdb.DuckDBPyConnection,
    law: Law,
) -> duckdb.DuckDBPyRelation:
    """Return the rows of picks from one table."""
    _, first = picks[0]
    without = sorted({measure for _, pick in picks for measure in pick.without})
    kinds = dict.fromkeys(("old_area", "old_town", "new_area", "new_town"), "VARCHAR") | {
        "old_date": "DATE",
        "new_date": "DATE",
    }
    kinds |= {f"without_{measure}": "BOOLEAN" for measure in without}
    rows = [
        (*old, *new, pick.date, date, *(measure in pick.without for measure in without))
        for date, pick in picks
        for old, new in pick.areas.items()
    ]
    wanted = engine.table(
        connection, dict(zip(kinds, map(list, zip(*rows, strict=True)), strict=True)), kinds
    )
    same = f"t.{AREA_KEY} = w.old_area AND t.{TOWN_KEY} = w.old_town"
    cells = ", ".join(
        f"{_cell(first.table, name, scales, without)} AS {identifier(name)}" for name in columns
    )
    query = (
        f"SELECT {cells} FROM t JOIN {identifier(wanted.alias)} w ON {same} AND t.{DATE} ="
        " w.old_date"
    )
    found = engine.select(first.table.frame.to_native(), "t", query)
    if not first.added_up:
        return found
    lists = {(date, pick.date) for date, pick in picks}
    return _added_up(
        found,
        first.table,
        columns,
        {name for name in MEASURES if all(law.at_one_time(name, *both) for both in lists)},
    )


def _cell(table: AreaTable, name: str, scales: Mapping[str, int], without: Iterable[str]) -> str:
    """Return where a cell comes from: the row, its new name or date, or nowhere where its figure is
    not to be used.
    """
    own = {
        "area": "w.new_area",
        TOWN: "nullif(w.new_town, '')",
        AREA_KEY: "w.new_area",
        TOWN_KEY: "w.new_town",
        DATE: "w.new_date",
    }
    if name in own:
        return own[name]
    measure = _measure(name)
    factor = (
        scales[measure] // table.counts[measure].scale
        if measure in table.counts and "_share" not in name
        else 1
    )
    cell = f"t.{identifier(name)}" + (f" * {factor}" if factor > 1 else "")
    return f"CASE WHEN NOT w.without_{measure} THEN {cell} END" if measure in without else cell


def _like(
    tables: Sequence[AreaTable],
    relation: duckdb.DuckDBPyRelation,
    columns: Sequence[str],
    dates: Sequence[dt.date],
    scales: Mapping[str, int],
    changed: bool,
) -> AreaTable:
    """Return the first table with other rows: what is exact stays so only if it is
    in all tables.
    """
    first = tables[0]
    shares = {
        name: Share(
            not changed and all(table.shares[name].exact for table in tables),
            min(table.shares[name].half for table in tables),
        )
        for name in first.shares
    }
    counts = {
        name: replace(
            one, scale=scales[name], exact=False, largest=_most(tables, name, scales, changed)
        )
        for name, one in first.counts.items()
    }
    return replace(
        first,
        frame=nw.from_native(relation),
        dates=tuple(dates),
        shares=shares,
        counts=counts,
        regions=tuple(dict.fromkeys(name for table in tables for name in table.regions)),
        proxies=tuple(name for name in first.proxies if f"{name}_proxy" in columns),
        passed={},
        rows=None,
    )


def _most(tables: Sequence[AreaTable], name: str, scales: Mapping[str, int], changed: bool) -> int:
    """Return the largest base that a small table can hold; a sum of areas is no larger than all of
    them together.
    """
    largest = max(
        table.counts[name].largest * (scales[name] // table.counts[name].scale) for table in tables
    )
    return largest * 1_000 if changed else largest


def _measure(column: str) -> str:
    """Return the measure that a column of figures is about; a column of none gives itself."""
    stem = column.partition("__")[0]
    if stem in {"kroner", "income_share"}:
        return "gross_income"
    return next(
        (
            measure
            for measure in MEASURES
            if stem in {measure, *(f"{measure}_{end}" for end in ("share", "count", "base"))}
        ),
        stem,
    )


def _added_up(
    relation: duckdb.DuckDBPyRelation,
    table: AreaTable,
    columns: Sequence[str],
    one_time: Collection[str],
) -> duckdb.DuckDBPyRelation:
    """Return the areas of one name as one: persons are added; a share of persons lies between the
    smallest and the largest.

    The measures `one_time` are of one point in time. A mean over years that is only given as a
    share is lost, because the weight of each area in each year is not known.
    """
    keys = [name for name in columns if name in {"area", TOWN, AREA_KEY, TOWN_KEY, DATE}]
    cells = ", ".join(
        f"{_sum(table, name, one_time)} AS {identifier(name)}"
        for name in columns
        if name not in keys
    )
    named = ", ".join(keys)
    found = engine.select(relation, "t", f"SELECT {named}, {cells} FROM t GROUP BY {named}")
    return engine.select(found, "t", f"SELECT {', '.join(map(identifier, columns))} FROM t")


def _sum(table: AreaTable, column: str, one_time: Collection[str]) -> str:
    stem, _, end = column.partition("__")
    cell, measure = identifier(column), _measure(column)
    whole = f"CASE WHEN count({cell}) = count(*) THEN {{}} END"
    if stem in RESIDENTS or stem.endswith(("_count", "_base")):
        lost = measure in table.shares and measure not in one_time
        return "NULL" if lost else whole.format(f"sum({cell})::BIGINT")
    if end in {"low", "high"} and measure in one_time:
        return whole.format(f"{'min' if end == 'low' else 'max'}({cell})")
    if end or column == ROW:
        return "NULL::BIGINT"
    return f"CASE WHEN min({cell}) = max({cell}) THEN min({cell}) END"
