"""The one check of a table in the engine: it reads the cells that are certainly right, and every
row with another cell goes through the pydantic model.

The model reads the suspects, finds fault with them or not, and what it says of them is the report.
Good rows of which the engine could not read a cell take their place among the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import duckdb

from udsat import engine, ticks
from udsat.engine import ROW_NUMBER
from udsat.messages.problems import Problem
from udsat.messages.text import Text
from udsat.tables.area_table import Source
from udsat.tables.headings import INCOMES, SHARE_MEASURES, SHARES, recognise
from udsat.tables.readers.options import Reading
from udsat.tables.readers.raw import ColumnTable, TextTable
from udsat.tables.validate import merged, scale
from udsat.tables.validate.engine_columns import Columns
from udsat.tables.validate.part import Calendar, Part
from udsat.tables.validate.plain_cells import (
    FEWER_PLACES,
    KEYS,
    CellColumn,
    writer,
)
from udsat.tables.validate.prepared import Prepared, prepare
from udsat.tables.validate.rows import Parsed, parse
from udsat.tables.validate.suspects import Model

#: Columns of which it matters with how many decimals they are printed.
_PRINTED = frozenset((*SHARES, *INCOMES))
#: So many dates are read at once; rows of further ones are read one by one.
_MOST_DATES = 5_000


def read_columns(
    raw: ColumnTable, connection: duckdb.DuckDBPyConnection, calendar: Calendar, how: Reading
) -> Part:
    """Return a table as a part: the same rows, numbers and problems as when the model reads every
    row.

    Raises `TableError` for what is wrong with the table as a whole.
    """
    found = recognise(raw.headings, raw.name, how.columns, raw.header_line)
    days = replace(calendar, by_list_year="list_year" in found)
    prepared = prepare(raw, found, how, connection)
    columns = Columns(prepared.table, {c: f"c{n}" for c, n in found.items()}, connection)
    printed = _printed(raw, prepared.cells, [], connection)
    facts = columns.facts({c: most for c, most in printed.items() if c not in FEWER_PLACES})
    if facts["fractions"]:
        columns.scaled(facts)
    dates = _Dates.of(columns, raw.kinds, found, days)
    signed = _signed(prepared, found)
    beside = _beside_percent(prepared, [found[column] for column in signed])
    suspects = columns.suspects(facts, days.counted(SHARE_MEASURES, dates.known.values()))
    model = Model(raw, found, days, replace(how, decimal=prepared.mark or "point"), connection)
    judged = model.judged(prepared, beside, {*suspects, *dates.rows(columns)})
    if judged.replaced:
        printed = _printed(raw, prepared.cells, judged.replaced, connection)
        printed |= _without(prepared, columns, facts, judged.replaced)
    facts |= _places(printed, judged.unread)
    bulk = every = columns.part(facts, dates.known, how)
    if judged.replaced:
        bulk = merged.without(bulk, judged.replaced, connection)
    if judged.unread.good:
        halves = {
            column: _half(facts[f"places {column}"]) for column in found if column in _PRINTED
        }
        read = judged.unread.part(connection, halves if how.rounded else {})
        bulk = merged.merged(bulk, read, judged.places, every.relation, connection)
    return Part(
        source=_source(raw, prepared.mark),
        relation=bulk.relation,
        length=facts["rows"],
        rows=facts["rows"] + len(raw.ragged) - judged.empty,
        headings={column: raw.headings[n] for column, n in found.items()},
        signed=signed | raw.signed,
        header_line=raw.header_line,
        measured=bulk.measured,
        passed={
            heading: f"passed_{n}"
            for n, heading in enumerate(raw.headings)
            if n not in found.values()
        },
        problems=tuple(
            sorted([*judged.problems, *_ragged(raw)], key=lambda problem: problem.line or 0)
        ),
        wrong=tuple(judged.wrong),
        line=raw.line,
        keep=(raw,),
    )


def _without(
    prepared: Prepared, columns: Columns, facts: dict[str, Any], rows: Sequence[int]
) -> dict[str, int | None]:
    """Return with how many decimals the columns are printed that the engine has as numbers, some
    rows left out; set how exact they are.
    """
    typed = [cell for cell in prepared.cells if cell.column in _PRINTED and not cell.is_text_number]
    if not typed:
        return {}
    numbered = prepared.table.numbered
    view = engine.without(columns.connection, numbered, ROW_NUMBER, rows)
    good = Columns(replace(prepared.table, view=view), columns.names, columns.connection)
    counts = ", ".join(f"count({cell.cell})" for cell in typed)
    counted = engine.select(view, "t", f"SELECT {counts} FROM t").fetchall()[0]
    of_good = good.facts({})
    facts |= {f"exact {cell.column}": of_good[f"exact {cell.column}"] for cell in typed}
    for cell in typed:
        good.half(cell.column, of_good)
    return {
        cell.column: of_good[f"places {cell.column}"] if count else None
        for cell, count in zip(typed, counted, strict=True)
    }


def _source(raw: ColumnTable, mark: str | None) -> Source:
    if raw.dialect is None:
        return Source(raw.name, raw.digest)
    shown = None if raw.decimal and not raw.decimal[1] else mark
    return Source(raw.name, raw.digest, replace(raw.dialect, decimal=shown).of(raw.name))


def _half(places: int | None) -> Decimal:
    """Return half a unit of the last of so many decimals."""
    return Decimal(5).scaleb(-(places or 0) - 1)


def _signed(prepared: Prepared, found: Mapping[str, int]) -> frozenset[str]:
    """Return the columns of which cells carry the sign of percent, which the engine does not
    read.
    """

    def has_sign(n: int) -> bool:
        query = f"SELECT 1 FROM t WHERE regexp_matches(c{n}, '(?i)(%|pct[.]?)\\s*$') LIMIT 1"
        return bool(engine.select(prepared.texts, "t", query).fetchall())

    columns = [column for column in found if column.endswith("_pct")] if prepared.unread else []
    return frozenset(column for column in columns if has_sign(found[column]))


def _beside_percent(prepared: Prepared, signed: Iterable[int]) -> list[int]:
    """Return the rows of shares from 0 to 1 in columns where other cells carry the sign of
    percent.
    """
    rows: list[int] = []
    for n in signed:
        small = f"SELECT {ROW_NUMBER} FROM t WHERE c{n} > 0 AND c{n} <= 1 ORDER BY 1"
        rows += [row[0] for row in engine.select(prepared.table.numbered, "t", small).fetchall()]
    return rows


@dataclass(frozen=True, slots=True)
class _Dates:
    """The texts in the key column, and which date or year each means."""

    known: dict[str, dt.date | int]
    cell: str
    #: Every row has a date that is known.
    complete: bool

    @classmethod
    def of(
        cls, columns: Columns, kinds: Sequence[str], found: Mapping[str, int], days: Calendar
    ) -> _Dates:
        """Read each distinct text once, by the model."""
        key = next(column for column in KEYS if column in found)
        cell = f"CAST(c{found[key]} AS VARCHAR)"
        query = f"SELECT DISTINCT {cell} AS d FROM t ORDER BY d NULLS FIRST LIMIT {_MOST_DATES}"
        given = [row[0] for row in engine.ask(columns.connection, columns.raw.view, "t", query)]
        texts = [text for text in given if text is not None]
        write = writer(kinds[found[key]])
        rows = [(n, ["x", write(text)]) for n, text in enumerate(texts)]
        parsed = parse(
            TextTable("", ["area", key], rows), {"area": 0, key: 1}, days, Reading(decimal="point")
        )
        known = {texts[row.position]: row.date for row in parsed.good}
        return cls(known, cell, len(known) == len(given) < _MOST_DATES)

    def rows(self, columns: Columns) -> list[int]:
        """Return the rows without a date that is known."""
        if self.complete:
            return []
        known = ", ".join(map(engine.literal, self.known))
        unknown = f"{self.cell} NOT IN ({known})" if known else "true"
        query = f"SELECT {ROW_NUMBER} FROM t WHERE {self.cell} IS NULL OR {unknown} ORDER BY 1"
        return [row[0] for row in engine.ask(columns.connection, columns.numbered, "t", query)]


def _printed(
    raw: ColumnTable,
    columns: Sequence[CellColumn],
    without: list[int],
    connection: duckdb.DuckDBPyConnection,
) -> dict[str, int | None]:
    """Return with how many decimals each column of shares and incomes that is text is printed in
    plain cells, some rows left out.
    """
    asked = [column for column in columns if column.column in _PRINTED and column.is_text_number]
    if not asked:
        return {}
    good = engine.without(connection, raw.numbered, ROW_NUMBER, without)
    picks = ", ".join(column.decimals() for column in asked)
    row = engine.select(good, "t", f"SELECT {picks} FROM t").fetchall()[0]
    return {column.column: most for column, most in zip(asked, row, strict=True)}


def _places(printed: Mapping[str, int | None], parsed: Parsed) -> dict[str, Any]:
    """Return the largest number of decimals that each column is printed with, in plain cells and in
    those that the model has read.
    """
    both = {column: (most, scale.places(parsed.rows, column)) for column, most in printed.items()}
    most = {
        column: max((number for number in some if number is not None), default=ticks.PLACES)
        for column, some in both.items()
    }
    return {f"places {column}": number for column, number in most.items()} | {
        f"many {column}": True for column in most
    }


def _ragged(raw: ColumnTable) -> list[Problem]:
    hint = Text("look for a stray separator, a missing cell or a file cut short")
    return [
        Problem(
            "UD202",
            Text("the row has {count} cells, the header has {width}", count=count, width=raw.width),
            hint,
            raw.name,
            line,
        )
        for line, count in raw.ragged
    ]
