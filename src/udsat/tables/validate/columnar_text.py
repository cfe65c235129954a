"""Long text tables: clean cells by the engine, and every row with any other cell through the
pydantic model.

A cell is clean if a pattern shows beyond doubt what it says. What the pattern does not know makes
its row suspect; the model reads the suspects, finds fault with them or not, and the good ones take
their place among the others.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import duckdb

from udsat import engine, ticks
from udsat.engine import ROW_NUMBER, literal
from udsat.messages.problems import Problem
from udsat.messages.text import Text
from udsat.tables.area_table import Counts, Kroner, Share, Source
from udsat.tables.columns import (
    COUNTS,
    INCOMES,
    NUMBERS,
    PROXIES,
    RESIDENTS,
    SHARE_MEASURES,
    SHARES,
    recognise,
)
from udsat.tables.readers.csv_large import LongTable, NotLong
from udsat.tables.readers.options import Reading
from udsat.tables.readers.raw import TextTable, TypedTable
from udsat.tables.validate import cells
from udsat.tables.validate import scale as numbers
from udsat.tables.validate.columnar import WORDS, Columns
from udsat.tables.validate.model import MOST_LETTERS
from udsat.tables.validate.part import Calendar, Part
from udsat.tables.validate.rows import Parsed, decimal_mark, parse
from udsat.tables.validate.scale import Measured

_KEYS = ("list_date", "list_year", "year")
#: So many rows are looked at to find the decimal mark; rows below that say otherwise are found
#: among the suspects.
_SAMPLE = 20_000
_MOST_DATES = 5_000
_DASHES = ("-", "–", "—")
_MISSING = tuple(
    sorted(
        {form for word in cells.MISSING if word for form in (word, word.upper(), word.capitalize())}
    )
)
#: A text that certainly has no space around it, of whatever kind; others are rare enough for the
#: model.
_TRIMMED = "[0-9A-Za-zÆØÅæøå](?s:.*[0-9A-Za-zÆØÅæøå.)])?"
#: What a clean number is, by the decimal mark of the file; without one, only digits are.
_CLEAN = {
    "comma": r"[0-9]{1,9}(,[0-9]{1,%d})?|[0-9]{1,3}(\.[0-9]{3}){1,2}(,[0-9]{1,%d})?",
    "point": r"[0-9]{1,9}(\.[0-9]{1,%d})?|[0-9]{1,3}(,[0-9]{3}){1,2}(\.[0-9]{1,%d})?",
    None: r"[0-9]{1,9}",
}
_WHOLE = {
    "comma": r"[0-9]{1,9}|[0-9]{1,3}(\.[0-9]{3}){1,2}",
    "point": r"[0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2}",
    None: r"[0-9]{1,9}",
}
#: An amount with more decimals than this could lose a billionth on its way through a double.
_PLACES = {"gross_income": 4}


@dataclass(frozen=True, slots=True)
class _Marked:
    """A long table by its decimal mark: numbers as doubles, and which rows have a cell that is not
    clean.
    """

    mark: str | None
    table: TypedTable
    odd: list[int]
    #: The odd rows as they stand in the file, with `ROW_NUMBER`.
    texts: duckdb.DuckDBPyRelation


def read_long(
    raw: LongTable, connection: duckdb.DuckDBPyConnection, calendar: Calendar, how: Reading
) -> Part:
    """Return a long table as a part: the same rows, numbers and problems as when it is read row by
    row.

    Raises `TableError` for what is wrong with the table as a whole, and `NotLong` where it has too
    many dates.
    """
    found = recognise(raw.headings, raw.name, how.columns, raw.header_line)
    days = replace(calendar, by_list_year="list_year" in found)
    marked = _marked(raw, found, how, connection)
    names = {column: f"c{n}" for column, n in found.items()}
    columns = Columns(marked.table, names, connection)
    printed = _printed(raw, marked.mark, [], found, connection)
    facts = columns.facts(
        {column: places for column, places in printed.items() if column not in _PLACES}
    )
    dates = _Dates.of(marked.table, names, days)
    signed = _signed(marked, found)
    beside = _beside_percent(marked, [found[column] for column in signed])
    suspects = sorted(
        {
            *marked.odd,
            *columns.suspects(facts, days.counted(SHARE_MEASURES, dates.known.values())),
            *dates.rows(marked.table),
            *beside,
        }
    )
    parsed = _parsed(
        raw, marked, suspects, found, days, replace(how, decimal=marked.mark or "point"), connection
    )
    places = _places(
        _printed(raw, marked.mark, suspects, found, connection) if suspects else printed, parsed
    )
    facts |= {f"places {column}": number for column, number in places.items()} | {
        f"many {column}": True for column in places
    }
    bulk = columns.part(facts, dates.known, (), how)
    odd = parsed.part(
        connection,
        (
            {column: Decimal(5).scaleb(-number - 1) for column, number in places.items()}
            if how.rounded
            else {}
        ),
    )
    problems = [*parsed.problems, *_ragged(raw)]
    at = {raw.line(row): row for row in suspects}
    relation = _merged(bulk, odd, suspects, at, parsed, connection)
    said = replace(raw.dialect, decimal=None if raw.decimal and not raw.decimal[1] else marked.mark)
    return Part(
        source=Source(raw.name, raw.digest, said.of(raw.name)),
        relation=relation,
        length=facts["rows"],
        rows=facts["rows"] + len(raw.ragged) - (len(suspects) - len(parsed.raw.rows)),
        headings={column: raw.headings[n] for column, n in found.items()},
        signed=signed | raw.signed,
        header_line=raw.header_line,
        measured=_together(bulk.measured, odd.measured),
        passed={
            raw.headings[n]: f"passed_{n}"
            for n in range(len(raw.headings))
            if n not in found.values()
        },
        problems=tuple(sorted(problems, key=lambda problem: problem.line or 0)),
        wrong=tuple(key._replace(row=at[parsed.raw.rows[key.row][0]]) for key in parsed.wrong),
        line=raw.line,
        keep=(raw,),
    )


def _signed(marked: _Marked, found: dict[str, int]) -> frozenset[str]:
    """Return the columns of which cells carry the sign of percent, which is odd."""

    def has_sign(n: int) -> bool:
        query = f"SELECT 1 FROM t WHERE regexp_matches(c{n}, '(?i)(%|pct[.]?)\\s*$') LIMIT 1"
        return bool(engine.select(marked.texts, "t", query).fetchall())

    return frozenset(
        column for column, n in found.items() if column.endswith("_pct") and has_sign(n)
    )


def _beside_percent(marked: _Marked, signed: Iterable[int]) -> list[int]:
    """Return the rows of shares from 0 to 1 in columns where other cells carry the
    sign of percent.
    """
    rows: list[int] = []
    for n in signed:
        small = f"SELECT {ROW_NUMBER} FROM t WHERE c{n} > 0 AND c{n} <= 1 ORDER BY 1"
        rows += [row[0] for row in engine.select(marked.table.numbered, "t", small).fetchall()]
    return rows


def _marked(
    raw: LongTable, found: dict[str, int], how: Reading, connection: duckdb.DuckDBPyConnection
) -> _Marked:
    """Return a table by its decimal mark.

    The first rows show the mark. Rows below them that do not go with it are odd, and their cells
    are asked too.
    """
    numbers = [f"c{n}" for column, n in found.items() if column in NUMBERS]
    seen = _cells(engine.select(raw.view, "t", f"SELECT * FROM t LIMIT {_SAMPLE}"), numbers)
    while True:
        evidence = cells.evidence(seen)
        mark = how.decimal or ("comma" if evidence[0] else "point" if evidence[1] else None)
        marked = _by_mark(raw, found, mark, how.dash_is_zero, connection)
        seen |= _cells(marked.texts, numbers)
        if decimal_mark(cells.evidence(seen), how, raw.name) == mark:
            return marked


def _cells(relation: duckdb.DuckDBPyRelation, columns: Sequence[str]) -> dict[str, None]:
    """Return the distinct cells of some columns that hold a mark, in order."""
    rows = (
        engine.select(relation, "t", f"SELECT {', '.join(columns)} FROM t").fetchall()
        if columns
        else []
    )
    return dict.fromkeys(
        cell for row in rows for cell in row if cell and ("," in cell or "." in cell)
    )


def _rows(
    relation: duckdb.DuckDBPyRelation, rows: Sequence[int], connection: duckdb.DuckDBPyConnection
) -> duckdb.DuckDBPyRelation:
    """Return some rows of a relation."""
    wanted = engine.table(connection, {ROW_NUMBER: list(rows)}, {ROW_NUMBER: "BIGINT"})
    return engine.select(
        relation,
        "t",
        f"SELECT t.* FROM t SEMI JOIN ({wanted.sql_query()}) w ON t.{ROW_NUMBER} = w.{ROW_NUMBER}",
    )


def _by_mark(
    raw: LongTable,
    found: dict[str, int],
    mark: str | None,
    dash_is_zero: bool,
    connection: duckdb.DuckDBPyConnection,
) -> _Marked:
    """Return a table as a decimal mark makes it; the text it is made of stays as it is."""
    column_of = {n: column for column, n in found.items()}
    columns = [(n, column_of.get(n, "")) for n in range(len(raw.headings))]
    picks = ", ".join(f"{_pick(n, column, mark, dash_is_zero)} AS c{n}" for n, column in columns)
    view = engine.select(raw.view, "t", f"SELECT {picks} FROM t")
    numbered = engine.select(raw.numbered, "t", f"SELECT {picks}, {ROW_NUMBER} FROM t")
    types = {name: str(kind) for name, kind in zip(view.columns, view.types, strict=True)}
    clean = frozenset(f"c{n}" for n, column in columns if column in NUMBERS)
    odd = (
        " OR ".join(
            _odd(n, column, mark, dash_is_zero)
            for n, column in columns
            if column and column not in _KEYS
        )
        or "false"
    )
    query = f"SELECT {ROW_NUMBER} FROM t WHERE {odd} ORDER BY 1"
    odd_rows = [row[0] for row in engine.ask(connection, raw.numbered, "t", query)]
    texts = engine.materialise(connection, _rows(raw.numbered, odd_rows, connection))
    return _Marked(
        mark,
        TypedTable(raw.name, view, numbered, types, clean=clean),
        odd_rows,
        texts,
    )


def _odd(n: int, column: str, mark: str | None, dash_is_zero: bool) -> str:
    """Return whether a cell is neither a gap nor clean."""
    cell = f"c{n}"
    if column in NUMBERS:
        words = "|".join(map(re.escape, ["", *_missing(dash_is_zero)]))
        return f"{engine.whole(cell, f'{_pattern(column, mark, dash_is_zero)}|{words}')} != {cell}"
    odd = f"{engine.whole(cell, _TRIMMED)} != {cell}"
    if column in PROXIES:  # of names, `Columns` asks the rest
        odd += f" OR {engine.whole(cell, WORDS)} != '' OR length({cell}) > {MOST_LETTERS}"
    return odd


def _pick(n: int, column: str, mark: str | None, dash_is_zero: bool) -> str:
    """Return what is kept of a cell: a number, or its text."""
    cell = f"c{n}"
    if column in NUMBERS:
        return (
            f"TRY_CAST({_point(engine.whole(cell, _pattern(column, mark, dash_is_zero)), mark, dash_is_zero)}"  # noqa: E501
            " AS DOUBLE)"
        )
    if column and column != "area":
        return f"CASE WHEN {cell} NOT IN ('', '..', '.') THEN {cell} END"
    return f"nullif({cell}, '')"


def _point(number: str, mark: str | None, dash_is_zero: bool) -> str:
    """Return a clean number as the engine reads it."""
    comma, thousands = (",", ".") if mark == "comma" else (".", ",")
    if mark:
        number = f"replace({number}, '{thousands}', '')"
    if comma == ",":
        number = f"replace({number}, ',', '.')"
    for dash in _DASHES if dash_is_zero else ():
        number = f"replace({number}, '{dash}', '0')"
    return number


def _missing(dash_is_zero: bool) -> list[str]:
    return [word for word in _MISSING if not (dash_is_zero and word in _DASHES)]


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(literal(word) for word in words)


def _pattern(column: str, mark: str | None, dash_is_zero: bool = False) -> str:
    dashes = f"|{'|'.join(_DASHES)}" if dash_is_zero else ""
    if column in (*COUNTS, *RESIDENTS) or mark is None:
        return _WHOLE[mark] + dashes
    places = _PLACES.get(column, ticks.PLACES)
    return _CLEAN[mark].replace("%d", str(places)) + dashes


@dataclass(frozen=True, slots=True)
class _Dates:
    """The texts in the key column, and which date or year each means."""

    known: dict[str, dt.date | int]
    cell: str

    @classmethod
    def of(cls, table: TypedTable, names: Mapping[str, str], days: Calendar) -> _Dates:
        """Read each distinct text once, by the model; raise `NotLong` where there are too many."""
        key = next(column for column in _KEYS if column in names)
        query = (
            f"SELECT DISTINCT {names[key]} AS d FROM t WHERE d IS NOT NULL ORDER BY d LIMIT"
            f" {_MOST_DATES + 1}"
        )
        texts = [row[0] for row in engine.select(table.view, "t", query).fetchall()]
        if len(texts) > _MOST_DATES:
            raise NotLong
        rows = [(n, ["x", text]) for n, text in enumerate(texts)]
        parsed = parse(
            TextTable("", ["area", key], rows), {"area": 0, key: 1}, days, Reading(decimal="point")
        )
        return cls({texts[row.position]: row.date for row in parsed.good}, names[key])

    def rows(self, table: TypedTable) -> list[int]:
        """Return the rows without a date that is known."""
        known = f" OR {self.cell} NOT IN ({_quoted(self.known)})" if self.known else " OR true"
        query = f"SELECT {ROW_NUMBER} FROM t WHERE {self.cell} IS NULL{known} ORDER BY 1"
        return [row[0] for row in engine.select(table.numbered, "t", query).fetchall()]


def _parsed(
    raw: LongTable,
    marked: _Marked,
    suspects: list[int],
    found: dict[str, int],
    days: Calendar,
    how: Reading,
    connection: duckdb.DuckDBPyConnection,
) -> Parsed:
    """Return what the model says of the suspects, the odd rows among them; rows of empty cells are
    no rows.
    """
    more = sorted({*suspects} - {*marked.odd})
    rows = marked.texts.fetchall() + (
        _rows(raw.numbered, more, connection).fetchall() if more else []
    )
    rows.sort(key=lambda row: row[-1])
    texts = [(raw.line(row), [cell or "" for cell in given]) for *given, row in rows]
    texts = [(line, given) for line, given in texts if any(cell.strip() for cell in given)]
    return parse(
        TextTable(raw.name, raw.headings, texts, header_line=raw.header_line), found, days, how
    )


def _printed(
    raw: LongTable,
    mark: str | None,
    without: list[int],
    found: dict[str, int],
    connection: duckdb.DuckDBPyConnection,
) -> dict[str, int | None]:
    """Return with how many decimals each column of shares and incomes is printed in clean cells,
    some rows left out.
    """
    comma = "," if mark == "comma" else "."

    def ask(column: str) -> str:
        number = engine.whole(f"c{found[column]}", _pattern(column, mark))
        start = f"strpos({number}, '{comma}')"
        return (
            f"max(CASE WHEN {start} > 0 THEN length({number}) - {start} WHEN {number} != '' THEN 0"
            " END)"
        )

    columns = [column for column in (*SHARES, *INCOMES) if column in found]
    if not columns:
        return {}
    good = engine.without(connection, raw.numbered, ROW_NUMBER, without)
    row = engine.select(good, "t", f"SELECT {', '.join(map(ask, columns))} FROM t").fetchall()[0]
    return dict(zip(columns, row, strict=True))


def _places(printed: Mapping[str, int | None], parsed: Parsed) -> dict[str, int]:
    """Return the largest number of decimals that each column is printed with, in clean rows and in
    parsed ones.
    """
    both = {column: (most, numbers.places(parsed.rows, column)) for column, most in printed.items()}
    return {
        column: max((number for number in some if number is not None), default=ticks.PLACES)
        for column, some in both.items()
    }


def _ragged(raw: LongTable) -> list[Problem]:
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


def _merged(
    bulk: Part,
    odd: Part,
    suspects: list[int],
    at: Mapping[int, int],
    parsed: Parsed,
    connection: duckdb.DuckDBPyConnection,
) -> duckdb.DuckDBPyRelation:
    """Return all good rows in order: those of clean cells, and in their places the suspects that
    were found good.

    `at` says which row starts on a line.
    """
    if not suspects:
        return bulk.relation
    others = engine.without(connection, bulk.relation, "row", suspects)
    if not parsed.positions:
        return others
    places = [at[parsed.raw.rows[n][0]] for n in parsed.positions]
    looked = engine.table(
        connection,
        {"at": places, "place": list(range(len(places)))},
        {"at": "BIGINT", "place": "BIGINT"},
    )
    found = engine.select(odd.relation, "t", "SELECT row_number() OVER () - 1 AS place, t.* FROM t")
    times = {
        f"{measure}_{what}": counts.scale
        for measure, counts in odd.measured.counts.items()
        for what in ("count", "base")
    }
    names = [name for name in bulk.relation.columns if name != "row"]
    scaled = {
        name: (
            f" * {times[name.partition('__')[0]]}"
            if times.get(name.partition("__")[0], 1) > 1
            else ""
        )
        for name in names
    }
    clean = ", ".join(f"{name}{scaled[name]} AS {name}" for name in names)
    mended = engine.select(
        found,
        "o",
        f"SELECT s.at, {', '.join(names)} FROM o JOIN ({looked.sql_query()}) s ON s.place ="
        " o.place",
    )
    query = (
        f'SELECT * FROM (SELECT "row", {clean} FROM b UNION ALL SELECT * FROM'
        f' ({mended.sql_query()})) ORDER BY "row"'
    )
    return engine.select(others, "b", query)


def _together(bulk: Measured, odd: Measured) -> Measured:
    """Return what is known of the columns when the suspects stand among the others."""
    shares = {
        name: Share(share.exact and odd.shares[name].exact, share.half)
        for name, share in bulk.shares.items()
    }
    counts = {
        name: Counts(
            one.exact and odd.counts[name].exact,
            odd.counts[name].scale,
            max(one.largest * odd.counts[name].scale, odd.counts[name].largest),
        )
        for name, one in bulk.counts.items()
    }
    kroner = (
        Kroner(bulk.kroner.exact and odd.kroner.exact, bulk.kroner.half)
        if bulk.kroner and odd.kroner
        else bulk.kroner
    )
    return Measured({}, shares, counts, kroner, bulk.residents_exact and odd.residents_exact)
