"""Which rows of a table are about one area: a key that they have in common, whatever
they call it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from udsat import engine
from udsat.engine import identifier, literal
from udsat.names.areas import Area
from udsat.names.resolver import Resolver
from udsat.tables.area_table import AREA_KEY, DATE, ROW, TOWN_KEY, YEAR

#: The column of an identifier that does not change with the name.
AREA_ID = "area_id"
#: Steps, in SQL, to a form in which all plain names that are equal are equal, and perhaps others;
#: cheap for many names.
_COARSE = (
    r"CASE WHEN regexp_matches({0}, '\p{{M}}') THEN nfc_normalize({0}) ELSE {0} END",
    r"regexp_replace(replace(lower({0}), 'å', 'aa'), '[^\p{{L}}\p{{N}}/]+', '', 'g')",
    r"regexp_replace({0}, '(mv|mfl)(/|$)', '\2', 'g')",
)


@dataclass(frozen=True, slots=True)
class Keyed:
    """Rows with `area_key` and `municipality_key`, which are equal where rows are
    about one area.
    """

    relation: duckdb.DuckDBPyRelation
    #: Municipalities that are not in the register, as the table spells them.
    unknown_towns: tuple[str, ...]
    #: Whether any key is another text than the names of its row.
    respelled: bool


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in the table, with the first row that has it."""

    area: str
    town: str
    area_id: str | None
    day: dt.date | None
    row: int


def with_keys(
    relation: duckdb.DuckDBPyRelation, connection: engine.Connection, names: Resolver
) -> Keyed:
    """Return rows with what those of one area have in common.

    A key is the spelling of the area's first row, so that a table with one spelling for each area
    needs no look-up. In other engines than the embedded one the municipality alone is resolved, and
    areas are distinguished as they are spelled.
    """
    towns = _towns(relation, connection)
    unknown = tuple(town for town in towns if names.municipality(town) is None)
    town = _town_key("municipality" in relation.columns, _spellings(towns, names))
    if not isinstance(connection, duckdb.DuckDBPyConnection):
        area = f"coalesce({AREA_ID}, area)" if AREA_ID in relation.columns else "area"
        return Keyed(
            engine.select(
                relation, "t", f"SELECT *, {area} AS {AREA_KEY}, {town} AS {TOWN_KEY} FROM t"
            ),
            unknown,
            False,
        )
    found = _respelled(_suspects(relation, town, names, connection), names)
    if not found:
        return Keyed(
            engine.select(
                relation, "t", f"SELECT *, area AS {AREA_KEY}, {town} AS {TOWN_KEY} FROM t"
            ),
            unknown,
            town.startswith("CASE"),
        )
    return Keyed(_joined(relation, connection, found, town), unknown, True)


def _towns(relation: duckdb.DuckDBPyRelation, connection: engine.Connection) -> list[str]:
    if "municipality" not in relation.columns:
        return []
    query = "SELECT DISTINCT municipality FROM t WHERE municipality IS NOT NULL ORDER BY 1"
    return [town for (town,) in engine.ask(connection, relation, "t", query)]


def _spellings(towns: Sequence[str], names: Resolver) -> dict[str, str]:
    """Return the municipalities that the table also spells in another way, with the one spelling
    that stands for all.
    """
    first: dict[str, str] = {}
    for town in towns:
        first.setdefault(names.town(town), town)
    return {town: first[names.town(town)] for town in towns if town != first[names.town(town)]}


def _town_key(has_town: bool, spellings: dict[str, str]) -> str:
    """Return, in SQL, what rows of one municipality have in common."""
    if not has_town:
        return "''"
    cases = " ".join(f"WHEN {literal(town)} THEN {literal(one)}" for town, one in spellings.items())
    return (
        f"CASE municipality {cases} ELSE coalesce(municipality, '') END"
        if cases
        else "coalesce(municipality, '')"
    )


def _coarse(column: str) -> str:
    """Return, in SQL, the coarse form of a name; the parts around "/" are in order."""
    text = column
    for step in _COARSE:
        text = step.format(text)
    return (
        f"CASE WHEN contains({column}, '/') THEN array_to_string(list_sort(string_split({text},"
        f" '/')), '/') ELSE {text} END"
    )


def _suspects(
    relation: duckdb.DuckDBPyRelation,
    town: str,
    names: Resolver,
    connection: duckdb.DuckDBPyConnection,
) -> list[_Name]:
    """Return the names of the table that may be of one area with another of its names."""
    has_id = AREA_ID in relation.columns
    key = YEAR if YEAR in relation.columns else DATE
    day = identifier(key) if names.depends_on_date else "NULL"
    own = (
        f"SELECT area, {town} AS town, {AREA_ID if has_id else 'NULL'} AS area_id, {day} AS day,"
        f" min({identifier(ROW)}) AS place"
    )
    several = " OR ".join(
        ["count(DISTINCT area) > 1", *(["count(DISTINCT area_id) > 1"] if has_id else [])]
    )
    alike = [f"(coarse, town) IN (SELECT coarse, town FROM named GROUP BY ALL HAVING {several})"]
    if has_id:
        moved = (
            "SELECT area_id FROM named WHERE area_id IS NOT NULL GROUP BY area_id HAVING"
            " count(DISTINCT (area, town)) > 1"
        )
        alike.append(
            f"(coarse, town) IN (SELECT coarse, town FROM named WHERE area_id IN ({moved}))"
        )
    if others := names.with_other_names():
        listed = ", ".join(map(literal, others))
        alike.append(
            f"coarse IN (SELECT {_coarse('other')} FROM (SELECT unnest([{listed}]) AS other))"
        )
    query = (
        f"SELECT * FROM (WITH once AS ({own} FROM t WHERE area IS NOT NULL GROUP BY ALL), named AS"
        f" MATERIALIZED (SELECT *, {_coarse('area')} AS coarse FROM once) SELECT area, town,"
        f" area_id, day, place FROM named WHERE {' OR '.join(alike)}) ORDER BY place"
    )
    rows = engine.ask(connection, relation, "t", query)
    return [
        _Name(area, own_town, area_id, _day(when), row)
        for area, own_town, area_id, when, row in rows
    ]


def _day(when: dt.date | int | None) -> dt.date | None:
    """Return the day on which a name is used; in a table of calendar years that of most lists."""
    return dt.date(when, 12, 1) if isinstance(when, int) else when


def _respelled(names_: Iterable[_Name], names: Resolver) -> dict[_Name, Area]:
    """Return the key of every name that is of one area with another name, where that is not its own
    spelling.

    The same identifier makes two names one area, and two identifiers make one name two areas.
    """
    own = list(names_)
    identities = {one: names.identity(one.area, one.town or None, one.day) for one in own}
    ids: dict[Area, dict[str, None]] = {}
    for one in own:
        if one.area_id is not None:
            ids.setdefault(identities[one], {})[one.area_id] = None

    def group(one: _Name) -> tuple[str, object]:
        of_name = ids.get(identities[one], {})
        area_id = (
            one.area_id
            if one.area_id is not None
            else next(iter(of_name))
            if len(of_name) == 1
            else None
        )
        return ("id", area_id) if area_id is not None else ("name", identities[one])

    keys: dict[tuple[str, object], Area] = {}
    taken: dict[Area, tuple[str, object]] = {}
    for one in own:
        key = Area(one.area, one.town)
        if taken.setdefault(key, group(one)) != group(one):  # one name of two areas
            key = Area(f"{one.area} [{group(one)[1]}]", one.town)
        keys.setdefault(group(one), key)
    return {one: key for one in own if (key := keys[group(one)]) != (one.area, one.town)}


def _joined(
    relation: duckdb.DuckDBPyRelation,
    connection: duckdb.DuckDBPyConnection,
    found: dict[_Name, Area],
    town: str,
) -> duckdb.DuckDBPyRelation:
    """Return rows with their keys, in the order of the table: those of respelled names looked up,
    others as they are.
    """
    has_id = AREA_ID in relation.columns
    kinds = {
        "own_area": "VARCHAR",
        "own_town": "VARCHAR",
        "own_id": "VARCHAR",
        "own_day": "DATE",
        "key_area": "VARCHAR",
        "key_town": "VARCHAR",
    }
    rows = [(one.area, one.town, one.area_id, one.day, *key) for one, key in found.items()]
    table = engine.table(
        connection, dict(zip(kinds, map(list, zip(*rows, strict=True)), strict=True)), kinds
    )
    key = YEAR if YEAR in relation.columns else DATE
    day = f"make_date({identifier(key)}, 12, 1)" if key == YEAR else identifier(key)
    same = (
        "t.area = m.own_area AND t.udsat_town = m.own_town AND (m.own_day IS NULL OR m.own_day ="
        f" {day})"
    )
    same += f" AND t.{AREA_ID} IS NOT DISTINCT FROM m.own_id" if has_id else ""
    query = (
        f"SELECT t.* EXCLUDE (udsat_town), coalesce(m.key_area, t.area) AS {AREA_KEY},"
        f" coalesce(m.key_town, t.udsat_town) AS {TOWN_KEY} FROM (SELECT *, {town} AS udsat_town"
        f" FROM t) t LEFT JOIN {identifier(table.alias)} m ON {same} ORDER BY t.{identifier(ROW)}"
    )
    return engine.select(relation, "t", query)
