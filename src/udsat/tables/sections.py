"""Rows of housing sections put together as their area: persons are added up, and no percentages are
averaged.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import duckdb
import narwhals as nw

from udsat import engine
from udsat.engine import identifier
from udsat.law.loader import Law
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text
from udsat.names.resolver import Resolver
from udsat.tables.area_table import AREA_KEY, ROW, TOWN_KEY, AreaTable, Counts, Kroner, Share
from udsat.tables.headings import plain, synonyms
from udsat.tables.validate.area_keys import AREA_ID, with_keys
from udsat.ticks import HIGH, LOW, SHOWN

#: The column, passed through, with the number of rows that an area was put together from.
SECTIONS = "sections"
_FORMS = (LOW, HIGH, SHOWN)


def grouped(
    table: AreaTable,
    column: str,
    connection: duckdb.DuckDBPyConnection,
    law: Law,
    names: Resolver,
    alone: Collection[str] = (),
) -> AreaTable:
    """Return the table with one row for each value of a column, municipality and list (or year).

    Numbers of persons are added up; one that is missing anywhere makes the sum missing, bounds make
    it a span. A share or income without counts lies between the smallest and largest of the
    sections, if it is of one point in time; else it is missing. Rows named in `alone` need no value
    in the column and stay as they are.

    Raises `UsageError` where the table lacks the column, or a row has no value in it.
    """
    relation: duckdb.DuckDBPyRelation = table.frame.to_native()
    name = _column(table, column)
    label = f"coalesce(nullif(trim(CAST({name} AS VARCHAR)), ''), {_own_name(alone)})"
    _complete(relation, column, label)
    made = _Grouping(table, law)
    made.passed.pop(
        next((heading for heading, own in table.passed.items() if own == name.strip('"')), ""), None
    )
    of_sections = ", ".join([AREA_KEY, TOWN_KEY, *([AREA_ID] if table.area_id else [])])
    rows = engine.select(
        relation, "t", f"SELECT * EXCLUDE ({of_sections}) REPLACE ({label} AS area) FROM t"
    )
    rows = with_keys(rows, connection, names).relation
    grouped_rows = engine.materialise(connection, engine.select(rows, "t", made.query()))
    return made.table(grouped_rows)


def _column(table: AreaTable, wanted: str) -> str:
    keys = [name for name in ("municipality", "region") if getattr(table, name)]
    known = {heading: name for heading, name in synonyms().items() if name in keys}
    known |= {plain(heading): own for heading, own in table.passed.items()}
    if plain(wanted) not in known:
        there = ", ".join([*table.passed, *keys]) or Text("no column that could group its rows")
        raise UsageError(
            Problem(
                "UD604",
                Text("--group: the table has no column '{wanted}' to group by", wanted=wanted),
                Text("it has {there}", there=there),
            )
        )
    return identifier(known[plain(wanted)])


def _own_name(alone: Collection[str]) -> str:
    names = ", ".join(engine.literal(name) for name in sorted(alone))
    return f"CASE WHEN area IN ({names}) THEN area END" if alone else "NULL"


def _complete(relation: duckdb.DuckDBPyRelation, column: str, label: str) -> None:
    missing = engine.select(
        relation, "t", f'SELECT area FROM t WHERE {label} IS NULL ORDER BY "row"'
    ).fetchall()
    if missing:
        names = ", ".join(f"'{area}'" for (area,) in missing[:3])
        message = (
            Text(
                "--group: 1 row without a value in '{column}', first {names}",
                column=column,
                names=names,
            )
            if len(missing) == 1
            else Text(
                "--group: {missing} rows without a value in '{column}', first {names}",
                missing=len(missing),
                column=column,
                names=names,
            )
        )
        raise UsageError(
            Problem(
                "UD604",
                message,
                Text("write in each row which area it belongs to, or leave the row out"),
            )
        )


class _Grouping:
    """The SELECT that puts the rows of a table together, and what is known of its result."""

    def __init__(self, source: AreaTable, law: Law) -> None:
        self.source = source
        self.law = law
        self.passed = dict(source.passed)
        self.key = source.key
        self.town = ["municipality"] if source.municipality else []

    def query(self) -> str:
        """Return the SELECT, in the order of the input."""
        picks = {ROW: f"min({identifier(ROW)})"} | {
            name: name for name in (AREA_KEY, TOWN_KEY, self.key)
        }
        picks |= {name: f"arg_min({name}, {identifier(ROW)})" for name in ("area", *self.town)}
        picks |= {"region": _same("region")} if self.source.region else {}
        picks |= self._persons() | self._shares() | self._proxies()
        picks |= {name: _same(name) for name in self.passed.values()} | {SECTIONS: "count(*)"}
        columns = ", ".join(f"{what} AS {identifier(name)}" for name, what in picks.items())
        return f"SELECT {columns} FROM t GROUP BY {AREA_KEY}, {TOWN_KEY}, {self.key} ORDER BY 1"

    def _persons(self) -> dict[str, str]:
        has = {"residents": self.source.residents, "residents_2010": self.source.residents_2010}
        stems = [name for name, there in has.items() if there]
        stems += [
            f"{measure}_{what}" for measure in self.source.counts for what in ("count", "base")
        ]
        names = [stem + end for stem in stems for end in _FORMS]
        return {
            name: f"CASE WHEN count({name}) = count(*) THEN CAST(sum({name}) AS BIGINT) END"
            for name in names
        }

    def _shares(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for measure in self.source.shares:
            if measure == "income":
                found |= _span(
                    "income_share", f"{self._one_region()} AND {self._one_time('gross_income')}"
                )
            else:
                found |= _span(f"{measure}_share", self._one_time(measure))
        return found | (
            _span("kroner", self._one_time("gross_income")) if self.source.kroner else {}
        )

    def _one_time(self, measure: str) -> str:
        """Whether the figures of a group are of one point in time: those of a calendar year are, on
        a list the law says it.
        """
        dates = [date for date in self.source.dates if self.law.at_one_time(measure, date)]
        if self.key == "year" or len(dates) == len(self.source.dates):
            return "true"
        lists = ", ".join(f"DATE '{date}'" for date in dates)
        return f"{self.key} IN ({lists})" if dates else "false"

    def _one_region(self) -> str:
        """Whether all rows of a group are of one region: as they say, or because they are of one
        municipality.
        """
        if self.source.region:
            return "count(DISTINCT region) = 1 AND count(region) = count(*)"
        return "count(municipality) = count(*)" if self.source.municipality else "false"

    def _proxies(self) -> dict[str, str]:
        names = [f"{measure}_proxy" for measure in self.source.proxies]
        return {name: f"string_agg(DISTINCT {name}, '; ' ORDER BY {name})" for name in names}

    def table(self, relation: duckdb.DuckDBPyRelation) -> AreaTable:
        """Return the result as a checked table."""
        source = self.source
        heading = (
            SECTIONS
            if SECTIONS not in {plain(name) for name in self.passed}
            else f"grouped_{SECTIONS}"
        )
        return replace(
            source,
            frame=nw.from_native(relation),
            shares={name: Share(False, share.half) for name, share in source.shares.items()},
            counts={
                name: Counts(known.exact, known.scale, _largest(relation, name))
                for name, known in source.counts.items()
            },
            kroner=Kroner(False, source.kroner.half) if source.kroner else None,
            passed=self.passed | {heading: SECTIONS},
            area_id=False,
        )


def _same(name: str) -> str:
    """Return what all rows of a group have in a column; nothing where they differ."""
    column = identifier(name)
    return (
        f"CASE WHEN count(DISTINCT {column}) = 1 AND count({column}) = count(*) THEN"
        f" min({column}) END"
    )


def _span(stem: str, fits: str) -> dict[str, str]:
    """Return the three forms of a share of a group: a span from its smallest to its largest part,
    where a condition holds.

    A weighted mean lies between its parts at one time, and against one region. Over several years
    it need not, because the weights of the years may differ.
    """
    low, high, shown = (identifier(stem + end) for end in _FORMS)
    one = "count(*) = 1"
    whole = f"({one} OR (count({low}) = count(*) AND count({high}) = count(*) AND {fits}))"
    return {
        stem + LOW: f"CASE WHEN {whole} THEN min({low}) END",
        stem + HIGH: f"CASE WHEN {whole} THEN max({high}) END",
        stem + SHOWN: (
            f"CASE WHEN {one} OR ({whole} AND min({low}) = max({high})) THEN min({shown}) END"
        ),
    }


def _largest(relation: duckdb.DuckDBPyRelation, measure: str) -> int:
    rows: Sequence[tuple[int | None]] = engine.select(
        relation, "t", f'SELECT max("{measure}_base{HIGH}") FROM t'
    ).fetchall()
    return rows[0][0] or 1
