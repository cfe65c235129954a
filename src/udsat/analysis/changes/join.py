"""Two tables of verdicts side by side: a join in the engine that tells for each area what kind of
change it saw.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from udsat import engine
from udsat.analysis.changes import pairing
from udsat.analysis.changes.pairing import Tables
from udsat.analysis.records import Record
from udsat.engine import identifier, literal
from udsat.tables.area_table import AREA_KEY, DATE, TOWN_KEY

OptionalRecord = dict[str, Any] | None
#: Every way in which a verdict can change, and the two in which only values do.
VERDICTS = (
    "entered",
    "left",
    "changed",
    "decided",
    "undecided",
    "possible",
    "flipped",
    "only_new",
    "only_old",
)
KINDS = (*VERDICTS, "moved", "same")
#: A category that is none, and one that cannot be decided.
NONE, UNKNOWN = "none", "unknown"


@dataclass(frozen=True, slots=True)
class AreaState:
    """Where an area stands, as SQL on a table of verdicts: its category and the innermost that is
    possible.
    """

    category: str | None
    names: Mapping[str, str]

    def sql(self, table: str, possible: bool, columns: Sequence[str]) -> str:
        """Return the expression of the category, or of the innermost possible one, in the names of
        the newer law.
        """
        if self.category is None:
            column = f"{table}.category_possible" if possible else f"{table}.category"
            cases = " ".join(
                f"WHEN {literal(old)} THEN {literal(new)}" for old, new in self.names.items()
            )
            return f"CASE {column} {cases} ELSE {column} END" if cases else column
        found = [f"{table}.{identifier(name)}" for name in self._names() if name in columns]
        word = f"coalesce({', '.join([*found, repr('no')])})"
        other = f"WHEN 'no' THEN '{NONE}' ELSE " + (
            literal(self.category) if possible else f"'{UNKNOWN}'"
        )
        return f"CASE {word} WHEN 'yes' THEN {literal(self.category)} {other} END"

    def of(self, record: Record) -> tuple[str, str]:
        """Return the same of a record."""
        if self.category is None:
            both = record["category"], record["category_possible"]
            return self.names.get(both[0], both[0]), self.names.get(both[1], both[1])
        word = next((record[name] for name in self._names() if record.get(name) is not None), "no")
        return {"yes": self.category, "no": NONE}.get(word, UNKNOWN), (
            NONE if word == "no" else self.category
        )

    def _names(self) -> list[str]:
        return [
            str(self.category),
            *(old for old, new in self.names.items() if new == self.category),
        ]


def joined(
    tables: Tables,
    dates: tuple[dt.date, dt.date] | None,
    same: duckdb.DuckDBPyRelation | None,
    states: tuple[AreaState, AreaState],
    criteria: Sequence[str],
    blurred: set[str],
    connection: duckdb.DuckDBPyConnection,
) -> duckdb.DuckDBPyRelation:
    """Return, kept in the engine, the row of each area in both tables (`o_row`, `n_row`) and the
    kind of its change.
    """
    old, new = tables
    kind = _kind(states, (old.columns, new.columns), criteria, blurred)
    on = f"o.area_now = n.{AREA_KEY} AND o.town_now = n.{TOWN_KEY}"
    on += "" if dates else f" AND o.{DATE} = n.{DATE}"
    where = [f" WHERE {DATE} = DATE '{date}'" for date in dates] if dates else ["", ""]
    before, after = (
        pairing.now(old, where[0], same),
        f"SELECT * FROM {identifier(new.alias)}{where[1]}",
    )
    query = (
        f"SELECT o.row AS o_row, n.row AS n_row, {kind} AS kind FROM ({before}) o FULL JOIN"
        f" ({after}) n ON {on}"
    )
    return engine.materialise(connection, engine.select(old, "unused", query))


def _kind(
    states: tuple[AreaState, AreaState],
    columns: tuple[Sequence[str], Sequence[str]],
    criteria: Sequence[str],
    blurred: set[str],
) -> str:
    (one, one_possible), (two, two_possible) = (
        (state.sql(side, False, names), state.sql(side, True, names))
        for state, side, names in zip(states, "on", columns, strict=True)
    )
    flips = " OR ".join(f"o.{c} <> n.{c}" for c in map(identifier, criteria)) or "false"
    open_ = f"('{NONE}', '{UNKNOWN}')"
    shifts = [
        f"o.{m} IS DISTINCT FROM n.{m}"
        for c in criteria
        if c not in blurred
        for m in [identifier(f"{c}_margin")]
    ]
    return (
        f"CASE WHEN o.row IS NULL THEN 'only_new' WHEN n.row IS NULL THEN 'only_old' WHEN {one} ="
        f" '{NONE}' AND {two} NOT IN {open_} THEN 'entered' WHEN {two} = '{NONE}' AND {one} NOT IN"
        f" {open_} THEN 'left' WHEN {one} <> {two} AND {two} = '{UNKNOWN}' THEN 'undecided' WHEN"
        f" {one} <> {two} AND {one} = '{UNKNOWN}' THEN 'decided' WHEN {one} <> {two} THEN 'changed'"
        f" WHEN {one_possible} <> {two_possible} THEN 'possible' WHEN {flips} THEN 'flipped' WHEN"
        f" {' OR '.join(shifts) or 'false'} THEN 'moved' ELSE 'same' END"
    )


def changed_rows(
    tables: Tables, kinds: duckdb.DuckDBPyRelation, most_moved: int | None
) -> list[tuple[str, OptionalRecord, OptionalRecord]]:
    """Return the kind and both records of the areas that changed, in the order of the newer table.

    Of the areas in which only values moved, at most so many are returned.
    """
    limit = "" if most_moved is None else f" LIMIT {most_moved}"
    parts = [("kind NOT IN ('moved', 'same')", ""), ("kind = 'moved'", limit)]
    return [row for where, most in parts for row in _rows(tables, kinds, where, most)]


def _rows(
    tables: Tables, kinds: duckdb.DuckDBPyRelation, where: str, limit: str
) -> list[tuple[str, OptionalRecord, OptionalRecord]]:
    old, new = tables
    some = (
        f"SELECT * FROM {identifier(kinds.alias)} WHERE {where} ORDER BY n_row NULLS LAST,"
        f" o_row{limit}"
    )
    query = (
        f"SELECT k.kind, o.*, n.* FROM ({some}) k LEFT JOIN {identifier(old.alias)} o ON o.row ="
        f" k.o_row LEFT JOIN {identifier(new.alias)} n ON n.row = k.n_row ORDER BY k.n_row NULLS"
        " LAST, k.o_row"
    )
    width = 1 + len(old.columns)
    rows = engine.select(kinds, "unused", query).fetchall()
    return [
        (row[0], _record(old.columns, row[1:width]), _record(new.columns, row[width:]))
        for row in rows
    ]


def _record(names: Sequence[str], cells: Sequence[Any]) -> OptionalRecord:
    """Return a row of a table as a record; None where there is none."""
    found = dict(zip(names, cells, strict=True))
    return None if found["row"] is None else found
