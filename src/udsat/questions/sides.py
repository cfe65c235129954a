"""The two sides of a comparison, and small tables that put the figures of one list in place of another's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import duckdb
import narwhals as nw

from udsat.law.library import Law
from udsat.law.model import CriteriaVersion
from udsat.scoring.score import Options, score
from udsat.scoring.verdicts import Verdicts
from udsat.tables import engine
from udsat.tables.area_table import DATE, ROW, AreaTable, Share
from udsat.tables.columns import MEASURES, RESIDENTS
from udsat.tables.engine import identifier
from udsat.tables.lists import Lists
from udsat.tables.part import POINT_MEASURES
from udsat.tables.references import ReferenceTable

#: The municipality of a key where the table has none.
TOWN = "municipality"
_names = count()
#: An area as a table spells it: name and municipality ("" where there is none).
Area = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Side:
    """The verdicts on one side of a comparison, with all that scoring it again takes."""

    verdicts: Verdicts
    law: Law
    references: ReferenceTable
    lists: Lists
    options: Options
    connection: duckdb.DuckDBPyConnection
    #: The file, as messages call it.
    name: str

    @property
    def table(self) -> AreaTable:
        """The table of lists that was scored."""
        return self.verdicts.table

    def version(self, date: dt.date) -> CriteriaVersion:
        """Return the version that a list of the table was judged by."""
        return self.verdicts.case.versions[date]

    def kept(self) -> duckdb.DuckDBPyRelation:
        """Return the bare verdicts as a table that stays in the engine, so that they are scored once."""
        return keep(self.verdicts.areas(bare=True).to_native(), self.connection)

    def rescored(
        self, table: AreaTable, law: Law | None = None, references: ReferenceTable | None = None, **options: Any
    ) -> list[dict[str, Any]]:
        """Return the verdicts on another table, as records without notes, under this side's law unless another is given."""
        chosen = replace(self.options, list_year=None, **options)
        found = score(table, law or self.law, references or self.references, self.lists, chosen, self.connection)
        frame = found.areas(bare=True)
        names = frame.collect_schema().names()
        return [dict(zip(names, row, strict=True)) for row in engine.fetch(frame)]


def keep(relation: duckdb.DuckDBPyRelation, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    """Return a relation as a table of the engine, computed once."""
    name = f"udsat_kept_{next(_names)}"
    connection.execute(f"CREATE TEMP TABLE {name} AS {relation.sql_query()}")
    return connection.table(name)


@dataclass(frozen=True, slots=True)
class Pick:
    """Rows of a side that take part in a small table: areas on one date, under their names and date there."""

    side: Side
    date: dt.date
    #: The area in the side's table, and what it is called in the small table.
    areas: Mapping[Area, Area]
    #: Measures whose figures are not to be used, because they mean something else there.
    without: frozenset[str] = frozenset()
    #: The date that the rows get.
    at: dt.date | None = None
    #: Add the rows of areas with the same new name up to one.
    added_up: bool = False


def small_table(picks: Sequence[Pick]) -> AreaTable:
    """Return a table of the picked rows, fit to be scored."""
    tables = [pick.side.table for pick in picks]
    first = tables[0]
    columns = [name for name in first.frame.collect_schema().names() if all(_has(table, name) for table in tables)]
    columns = [name for name in columns if not name.startswith("passed_")]
    scales = {name: max(table.counts[name].scale for table in tables) for name in first.counts}
    parts = [_picked(pick, columns, scales) for pick in picks]
    relation = parts[0]
    for part in parts[1:]:
        relation = relation.union(part)
    relation = engine.select(relation, "t", f"SELECT * REPLACE (row_number() OVER () - 1 AS {identifier(ROW)}) FROM t")
    relation = keep(relation, picks[0].side.connection)
    dates = sorted({row[0] for row in engine.select(relation, "t", f"SELECT DISTINCT {DATE} FROM t").fetchall()})
    changed = any(pick.added_up for pick in picks)
    return _like(tables, relation, columns, dates, scales, changed)


def of_areas(side: Side, areas: Sequence[Area], dates: Sequence[dt.date]) -> AreaTable:
    """Return the rows of some areas on some lists as a table that stays in the engine."""
    kinds = {"an_area": "VARCHAR", "a_town": "VARCHAR"}
    columns = dict(zip(kinds, map(list, zip(*dict.fromkeys(areas), strict=True)), strict=True))
    wanted = engine.table(side.connection, columns, kinds)
    same = "t.area = w.an_area" + (f" AND coalesce(t.{TOWN}, '') = w.a_town" if side.table.municipality else "")
    query = f"SELECT t.* FROM t JOIN {identifier(wanted.alias)} w ON {same} WHERE t.{DATE} IN ({_days(dates)}) ORDER BY t.row"
    table = replace(side.table, dates=tuple(sorted(dates)))
    return _with(table, keep(engine.select(side.table.frame.to_native(), "t", query), side.connection))


def _days(dates: Sequence[dt.date]) -> str:
    return ", ".join(f"DATE '{date}'" for date in dates)


def blanked(table: AreaTable, measure: str) -> AreaTable:
    """Return a table without the figures of a measure, or without its residents."""
    columns = [name for name in table.frame.collect_schema().names() if _measure(name) == measure and name.partition("__")[2]]
    cells = ", ".join(f"NULL::BIGINT AS {identifier(name)}" for name in columns)
    relation: duckdb.DuckDBPyRelation = table.frame.to_native()
    return _with(table, engine.select(relation, "t", f"SELECT * REPLACE ({cells}) FROM t") if columns else relation)


def _with(table: AreaTable, relation: duckdb.DuckDBPyRelation) -> AreaTable:
    return replace(table, frame=nw.from_native(relation), passed={})


def _has(table: AreaTable, name: str) -> bool:
    return name in table.frame.collect_schema().names()


def _like(
    tables: Sequence[AreaTable],
    relation: duckdb.DuckDBPyRelation,
    columns: Sequence[str],
    dates: Sequence[dt.date],
    scales: Mapping[str, int],
    changed: bool,
) -> AreaTable:
    """Return the first table with other rows: what is exact stays so only if it is in all tables."""
    first = tables[0]
    shares = {
        name: Share(not changed and all(table.shares[name].exact for table in tables), min(table.shares[name].half for table in tables))
        for name in first.shares
    }
    counts = {
        name: replace(one, scale=scales[name], exact=False, largest=_most(tables, name, scales, changed))
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
    )


def _most(tables: Sequence[AreaTable], name: str, scales: Mapping[str, int], changed: bool) -> int:
    """Return the largest base that a small table can hold; a sum of areas is no larger than all of them together."""
    largest = max(table.counts[name].largest * (scales[name] // table.counts[name].scale) for table in tables)
    return largest * 1_000 if changed else largest


def _picked(pick: Pick, columns: Sequence[str], scales: Mapping[str, int]) -> duckdb.DuckDBPyRelation:
    table = pick.side.table
    kinds = dict.fromkeys(("old_area", "old_town", "new_area", "new_town"), "VARCHAR")
    rows = [(*old, *new) for old, new in pick.areas.items()]
    lists = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    wanted = engine.table(pick.side.connection, dict(zip(kinds, lists, strict=True)), kinds)
    same = "t.area = w.old_area" + (f" AND coalesce(t.{TOWN}, '') = w.old_town" if table.municipality else "")
    cells = ", ".join(f"{_cell(pick, name, scales)} AS {identifier(name)}" for name in columns)
    query = f"SELECT {cells} FROM t JOIN {identifier(wanted.alias)} w ON {same} WHERE t.{DATE} = DATE '{pick.date}'"
    found = engine.select(table.frame.to_native(), "t", query)
    return _added_up(found, table, columns) if pick.added_up else found


def _cell(pick: Pick, name: str, scales: Mapping[str, int]) -> str:
    """Return where a cell comes from: the row, its new name or date, or nowhere where its figure means something else."""
    own = {"area": "w.new_area", TOWN: "nullif(w.new_town, '')", DATE: f"DATE '{pick.at or pick.date}'"}
    if name in own:
        return own[name]
    measure = _measure(name)
    if measure in pick.without:
        return "NULL"
    counts = pick.side.table.counts.get(measure)
    factor = scales[measure] // counts.scale if counts and "_share" not in name else 1
    return f"t.{identifier(name)}" + (f" * {factor}" if factor > 1 else "")


def _measure(column: str) -> str:
    """Return the measure that a column of figures is about; a column of none gives itself."""
    stem = column.partition("__")[0]
    if stem in {"kroner", "income_share"}:
        return "gross_income"
    return next((measure for measure in MEASURES if stem in {measure, *(f"{measure}_{end}" for end in ("share", "count", "base"))}), stem)


def _added_up(relation: duckdb.DuckDBPyRelation, table: AreaTable, columns: Sequence[str]) -> duckdb.DuckDBPyRelation:
    """Return the areas of one name as one: persons are added; a share of persons lies between the smallest and the largest.

    A mean over years that is only given as a share is lost, because the weight of each area in each year is not known.
    """
    keys = [name for name in columns if name in {"area", TOWN, DATE}]
    cells = ", ".join(f"{_sum(table, name)} AS {identifier(name)}" for name in columns if name not in keys)
    named = ", ".join(keys)
    found = engine.select(relation, "t", f"SELECT {named}, {cells} FROM t GROUP BY {named}")
    return engine.select(found, "t", f"SELECT {', '.join(map(identifier, columns))} FROM t")


def _sum(table: AreaTable, column: str) -> str:
    stem, _, end = column.partition("__")
    cell, measure = identifier(column), _measure(column)
    whole = f"CASE WHEN count({cell}) = count(*) THEN {{}} END"
    if stem in RESIDENTS or stem.endswith(("_count", "_base")):
        lost = measure in table.shares and measure not in POINT_MEASURES
        return "NULL" if lost else whole.format(f"sum({cell})::BIGINT")
    if end in {"low", "high"} and (measure in POINT_MEASURES or measure == "gross_income"):
        return whole.format(f"{'min' if end == 'low' else 'max'}({cell})")
    if end or column == ROW:
        return "NULL::BIGINT"
    return f"CASE WHEN min({cell}) = max({cell}) THEN min({cell}) END"
