"""Which row of one table is the same area as which row of the other, as the resolver of names
decides.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from udsat import engine
from udsat.analysis.changes.causes import Comparison, Redrawn
from udsat.analysis.run import TOWN, AreaKey, Side
from udsat.engine import identifier
from udsat.evidence.borders import BorderChange as Border
from udsat.messages.text import Text, listed
from udsat.names.areas import Area as Named
from udsat.names.resolver import Resolver
from udsat.tables.area_table import AREA_KEY, DATE, TOWN_KEY
from udsat.tables.validate.area_keys import AREA_ID

Tables = tuple[duckdb.DuckDBPyRelation, duckdb.DuckDBPyRelation]
Dates = tuple[dt.date, dt.date]


def pairs(
    tables: Tables, sides: tuple[Side, Side], dates: Dates | None
) -> duckdb.DuckDBPyRelation | None:
    """Return the keys of the older table that the newer one spells differently, with the newer key;
    None for none.

    Equal keys are the same area. Of the others, those pair up that have one identifier, or that the
    resolver takes for one area on the days of their lists; a name that fits several pairs with
    none.
    """
    old, new = tables
    if old.alias == new.alias and dates is None:
        return None
    known = _by_identifier(old, new, dates)
    left, right = (
        _unmatched(one, other, dates, n) for one, other, n in ((old, new, 0), (new, old, 1))
    )
    resolver = sides[1].lists.names
    before = {
        key: resolver.identity(*key, dates[0] if dates else None)
        for key in left
        if key not in known
    }
    after = {
        key: resolver.identity(*key, dates[1] if dates else None)
        for key in right
        if key not in known.values()
    }
    twice = [
        area
        for some in (before, after)
        for area, count in Counter(some.values()).items()
        if count > 1
    ]
    by_area = {area: key for key, area in after.items() if area not in twice}
    found = [
        (*key, *by_area[area])
        for key, area in before.items()
        if area in by_area and area not in twice
    ]
    found += [(*key, *other) for key, other in known.items() if key != other]
    if not found:
        return None
    kinds = dict.fromkeys(("old_area", "old_town", "new_area", "new_town"), "VARCHAR")
    columns = dict(zip(kinds, map(list, zip(*found, strict=True)), strict=True))
    return engine.table(sides[1].connection, columns, kinds)


def _by_identifier(
    old: duckdb.DuckDBPyRelation, new: duckdb.DuckDBPyRelation, dates: Dates | None
) -> dict[AreaKey, AreaKey]:
    """Return, where both tables have identifiers, the key of each identified area in the newer
    table.

    An area of the older table whose name belongs to another identifier in the newer one gets a key
    that none there has.
    """
    if not (AREA_ID in old.columns and AREA_ID in new.columns):
        return {}
    where = [f" AND {DATE} = DATE '{date}'" for date in dates] if dates else ["", ""]
    cells = f"{AREA_ID}, {AREA_KEY}, {TOWN_KEY}"
    before, after = (
        engine.select(
            table,
            "unused",
            f"SELECT DISTINCT {cells} FROM {identifier(table.alias)} WHERE {AREA_ID} IS NOT"
            f" NULL{on}",
        ).fetchall()
        for table, on in ((old, where[0]), (new, where[1]))
    )
    newer = {area_id: (area, town) for area_id, area, town in after}
    taken = set(newer.values())
    found: dict[AreaKey, AreaKey] = {}
    for area_id, area, town in before:
        if area_id in newer:
            found[area, town] = newer[area_id]
        elif (area, town) in taken:
            found[area, town] = (f"{area} [{area_id}]", town)
    return found


def _unmatched(
    one: duckdb.DuckDBPyRelation, other: duckdb.DuckDBPyRelation, dates: Dates | None, number: int
) -> list[AreaKey]:
    """Return the areas of one table (on its list) whose key the other (on its own)
    does not have.
    """
    where = [f" WHERE {DATE} = DATE '{date}'" for date in dates] if dates else ["", ""]
    cells = f"{AREA_KEY}, {TOWN_KEY}"
    here, there = (
        f"SELECT {cells} FROM {identifier(table.alias)}{where[n]}"
        for table, n in ((one, number), (other, 1 - number))
    )
    query = f"{here} EXCEPT {there}"
    return sorted(engine.select(one, "unused", query).fetchall())


def now(old: duckdb.DuckDBPyRelation, where: str, mapped: duckdb.DuckDBPyRelation | None) -> str:
    """Return the older table as SQL, with the newer table's key of each area in `area_now` and
    `town_now`.
    """
    own = f"SELECT * FROM {identifier(old.alias)}{where}"
    if mapped is None:
        return f"SELECT *, t.{AREA_KEY} AS area_now, t.{TOWN_KEY} AS town_now FROM ({own}) t"
    same = f"t.{AREA_KEY} = m.old_area AND t.{TOWN_KEY} = m.old_town"
    cells = (
        f"coalesce(m.new_area, t.{AREA_KEY}) AS area_now, coalesce(m.new_town, t.{TOWN_KEY}) AS"
        " town_now"
    )
    return f"SELECT t.*, {cells} FROM ({own}) t LEFT JOIN {identifier(mapped.alias)} m ON {same}"


def border_of(
    record: Mapping[str, Any], borders: Iterable[Border], resolver: Resolver
) -> Border | None:
    """Return the change of borders that touched an area, if any."""
    return next(
        (
            border
            for border in borders
            if border.touches(record["area"], record.get(TOWN), resolver)
        ),
        None,
    )


def redrawn(border: Border, comparison: Comparison) -> Redrawn | None:
    """Return the parts of an area whose borders changed, as both tables name them; None for a mere
    renaming.
    """
    if border.kind == "rename":
        return None
    if border.kind in {"redrawn", "regrouped"}:
        return Redrawn((), (), Text("the table does not say which figures belong to which part"))
    sides = (
        (comparison.old, comparison.old_date, border.before),
        (comparison.new, comparison.new_date, border.after),
    )
    found: list[tuple[AreaKey, ...]] = []
    for side, date, parts in sides:
        areas, missing = _rows_of(side, date, parts, border.municipality)
        if missing and len(parts) > 1:
            return Redrawn(
                (),
                (),
                Text(
                    "the table of {date} has no row of {names_and}",
                    date=date,
                    names_and=listed(missing, "and"),
                ),
            )
        found.append(areas)
    return Redrawn(found[0], found[1])


def _rows_of(
    side: Side, date: dt.date, parts: Sequence[str], municipality: str
) -> tuple[tuple[AreaKey, ...], list[str]]:
    """Return the keys of the rows that are these parts of an area on a date, and the parts without
    a row.
    """
    found = rows_of(side, date, parts, municipality)
    return tuple(found[part] for part in parts if part in found), [
        part for part in parts if part not in found
    ]


def rows_of(
    side: Side, date: dt.date, parts: Sequence[str], municipality: str
) -> dict[str, AreaKey]:
    """Return, by the name that a border table gives it, the key of each part of an area that has a
    row on a date.
    """
    town = f"coalesce({TOWN}, '')" if side.table.municipality else "''"
    query = f"SELECT {AREA_KEY}, {TOWN_KEY}, area, {town} FROM t WHERE {DATE} = DATE '{date}'"
    rows = engine.select(side.table.frame.to_native(), "t", query).fetchall()
    resolver = side.lists.names
    return {
        part: (key, town_key)
        for key, town_key, area, own in rows
        for part in parts
        if resolver.is_same(area, own, Named(part, municipality), date)
    }
