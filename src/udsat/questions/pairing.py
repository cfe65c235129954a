"""Which row of one table is the same area as which row of the other: by name, by a proven other name, by a border table."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from udsat.questions.causes import Comparison, Redrawn
from udsat.questions.sides import TOWN, Area, Side
from udsat.tables import engine
from udsat.tables.area_table import DATE
from udsat.tables.borders import Change as Border
from udsat.tables.engine import identifier
from udsat.tables.lists import Matcher, plain_municipality, plain_name

Tables = tuple[duckdb.DuckDBPyRelation, duckdb.DuckDBPyRelation]
Dates = tuple[dt.date, dt.date]


def names(tables: Tables, sides: tuple[Side, Side], dates: Dates | None, borders: Sequence[Border]) -> duckdb.DuckDBPyRelation | None:
    """Return the names of the older table that the newer one spells differently, with the newer spelling; None for none.

    Names that stand in both tables are the same area. Of the others, those pair up that are the same but for their
    spelling, that are proven names of one listed area, or that a border table says were renamed; a name that fits
    several pairs with none.
    """
    old, new = tables
    if old.alias == new.alias and dates is None:
        return None
    left, right = (_unmatched(one, other, dates, n) for one, other, n in ((old, new, 0), (new, old, 1)))
    matcher = sides[1].lists.matcher()
    renames = {(plain_name(b.before[0]), plain_municipality(b.municipality)): plain_name(b.after[0]) for b in borders if b.kind == "rename"}
    before = {area: _key(area, matcher, renames) for area in left}
    after = {area: _key(area, matcher, {}) for area in right}
    twice = [key for keys in (before, after) for key, count in Counter(keys.values()).items() if count > 1]
    by_key = {key: area for area, key in after.items() if key not in twice}
    pairs = [(*area, *by_key[key]) for area, key in before.items() if key in by_key and key not in twice]
    if not pairs:
        return None
    kinds = dict.fromkeys(("old_area", "old_town", "new_area", "new_town"), "VARCHAR")
    columns = dict(zip(kinds, map(list, zip(*pairs, strict=True)), strict=True))
    return engine.table(sides[1].connection, columns, kinds)


def _unmatched(one: duckdb.DuckDBPyRelation, other: duckdb.DuckDBPyRelation, dates: Dates | None, number: int) -> list[Area]:
    """Return the areas of one table (on its list) that the other (on its own) does not name in the same words."""
    cells = f"area, coalesce({TOWN}, '')" if TOWN in one.columns else "area, ''"
    where = [f" WHERE {DATE} = DATE '{date}'" for date in dates] if dates else ["", ""]
    here, there = (f"SELECT {cells} FROM {identifier(table.alias)}{where[n]}" for table, n in ((one, number), (other, 1 - number)))
    query = f"{here} EXCEPT {there}"
    return sorted(engine.select(one, "unused", query).fetchall())


def _key(area: Area, matcher: Matcher, renames: Mapping[Area, str]) -> Area:
    """Return what an area is compared by: its plain name after a renaming, or that of the listed area it certainly is."""
    plain, town = plain_name(area[0]), plain_municipality(area[1])
    if (plain, town) in renames:
        return renames[plain, town], town
    match = matcher.find(*area) if area[1] and matcher.has(area[1]) else None
    return (plain_name(match.area.name), plain_municipality(match.area.municipality)) if match and match.proven else (plain, town)


def now(old: duckdb.DuckDBPyRelation, where: str, mapped: duckdb.DuckDBPyRelation | None, town: bool) -> str:
    """Return the older table as SQL, with the newer table's name of each area in `area_now` and `town_now`."""
    own = f"SELECT * FROM {identifier(old.alias)}{where}"
    place = f"t.{TOWN}" if town else "''"
    if mapped is None:
        return f"SELECT *, t.area AS area_now, {place} AS town_now FROM ({own}) t"
    same = "t.area = m.old_area" + (f" AND coalesce(t.{TOWN}, '') = m.old_town" if town else "")
    cells = f"coalesce(m.new_area, t.area) AS area_now, coalesce(m.new_town, {place}) AS town_now"
    return f"SELECT t.*, {cells} FROM ({own}) t LEFT JOIN {identifier(mapped.alias)} m ON {same}"


def border_of(record: Mapping[str, Any], borders: Iterable[Border]) -> Border | None:
    """Return the change of borders that touched an area, if any."""
    return next((border for border in borders if _touches(record, border)), None)


def _touches(record: Mapping[str, Any], border: Border) -> bool:
    town = record.get(TOWN)
    if town and plain_municipality(town) != plain_municipality(border.municipality):
        return False
    return plain_name(record["area"]) in {plain_name(name) for name in (*border.before, *border.after)}


def redrawn(border: Border, comparison: Comparison) -> Redrawn | None:
    """Return the parts of an area whose borders changed, as both tables name them; None for a mere renaming."""
    if border.kind == "rename":
        return None
    if border.kind in {"redrawn", "regrouped"}:
        return Redrawn((), (), "the table cannot tell which figures belong to which part")
    sides = (comparison.old, comparison.old_date, border.before), (comparison.new, comparison.new_date, border.after)
    found: list[tuple[Area, ...]] = []
    for side, date, parts in sides:
        areas, missing = _rows_of(side, date, parts, border.municipality)
        if missing and len(parts) > 1:
            return Redrawn((), (), f"the table of {date} has no row of {' and '.join(missing)}")
        found.append(areas)
    return Redrawn(found[0], found[1])


def _rows_of(side: Side, date: dt.date, parts: Sequence[str], municipality: str) -> tuple[tuple[Area, ...], list[str]]:
    town = f"coalesce({TOWN}, '')" if side.table.municipality else "''"
    query = f"SELECT area, {town} FROM t WHERE {DATE} = DATE '{date}'"
    rows = engine.select(side.table.frame.to_native(), "t", query).fetchall()
    wanted = plain_municipality(municipality)
    own = {plain_name(area): (area, place) for area, place in rows if not place or plain_municipality(place) == wanted}
    missing = [part for part in parts if plain_name(part) not in own]
    return tuple(own[plain_name(part)] for part in parts if part not in missing), missing
