"""Typed tables (Parquet, data frames): whole columns at once, and only suspect rows through the
pydantic model.

The ranges of the model are compiled to one mask over the columns. What the mask does not understand
counts as suspect; the suspects alone go through the model, and what the model says of them is the
report.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb

from udsat import engine, ticks
from udsat.engine import ROW_NUMBER, identifier
from udsat.messages.problems import Problem, TableError
from udsat.messages.text import Text
from udsat.tables.area_table import Counts, Kroner, Share, Source
from udsat.tables.columns import (
    COUNTS,
    NUMBERS,
    PROXIES,
    RESIDENTS,
    SHARE_MEASURES,
    TOTALS,
    UNITS,
    recognise,
)
from udsat.tables.readers.options import Reading
from udsat.tables.readers.raw import TextTable, TypedTable
from udsat.tables.validate.cells import MISSING, Plain
from udsat.tables.validate.model import MOST_LETTERS, RANGES
from udsat.tables.validate.part import Calendar, Part, RowKey, half_in_percent
from udsat.tables.validate.rows import parse, read_text
from udsat.tables.validate.scale import Measured
from udsat.ticks import HIGH, LOW, SHOWN

_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_FLOATS = {"DOUBLE", "FLOAT"}
#: Columns that say which area a row is of.
_NAMES = ("area", "area_id", "municipality", "region")
#: So many suspect rows go through the model at a time.
_BATCH = 10_000
#: Published shares have one or two decimals: so many are looked for in the pass that every table
#: gets.
_FEW_PLACES = 4
#: Billionths of a number up to this are whole numbers in a double, however it was rounded.
_SMALL = 10_000
#: Dates with more distinct values than this are no lists.
_MOST_DATES = 200
#: Types, also within others, that some format of the output does not have.
_NO_OUTPUT = re.compile(r"\b(BLOB|ZONE|VARIANT|GEOMETRY|INTERVAL|BIT|U?HUGEINT)\b")
_MISSING = ", ".join(map(engine.literal, sorted(MISSING)))
#: A pattern of words that are no name of an area: what stands for a gap, and what is a total.
WORDS = f"(?i:{'|'.join(map(re.escape, sorted(MISSING | TOTALS)))})"
_BLANK = " \t\n\r\u00a0\u2007\u202f"
BLANKS = engine.literal(_BLANK)


def read_typed(
    raw: TypedTable, connection: duckdb.DuckDBPyConnection, calendar: Calendar, how: Reading
) -> Part:
    """Return a typed table as a part; one with numbers as text, or with counts of many decimals,
    goes row by row.
    """
    found = recognise(raw.headings, raw.name, how.columns)
    names = {column: raw.headings[position] for column, position in found.items()}
    refuse_bytes(raw, names)
    if any(
        raw.types[names[column]] not in _INTEGERS | _FLOATS for column in names if column in NUMBERS
    ):
        return _row_by_row(raw, connection, calendar, how)
    columns = Columns(_cleaned(raw, names), names, connection)
    facts = columns.facts({})
    dates = columns.dates(calendar)
    if isinstance(dates, str) or (facts["fractions"] and not columns.scaled(facts)):
        return _row_by_row(raw, connection, calendar, how)
    problems: list[Problem] = []
    left_out: list[RowKey] = []
    suspects = columns.suspects(facts, calendar.counted(SHARE_MEASURES, dates.values()))
    for start in range(0, len(suspects), _BATCH):
        some = suspects[start : start + _BATCH]
        picked = replace(raw, view=columns.picked(some))
        read = _row_by_row(picked, connection, calendar, replace(how, decimal="point"))
        problems += [_at_row(problem, some) for problem in read.problems]
        left_out += [key._replace(row=some[key.row]) for key in read.wrong]
    return replace(columns.part(facts, dates, tuple(problems), how), wrong=tuple(left_out))


def _row_by_row(
    raw: TypedTable, connection: duckdb.DuckDBPyConnection, calendar: Calendar, how: Reading
) -> Part:
    """Return the table read as text, cell by cell; a binary float is written as its shortest
    decimal.
    """
    cells = ", ".join(f"CAST({identifier(heading)} AS VARCHAR)" for heading in raw.headings)
    rows = engine.ask(connection, raw.view, "view", f"SELECT {cells} FROM view")
    writers = [
        plain_float if kind in _FLOATS else Plain if _is_number(kind) else str
        for kind in raw.types.values()
    ]
    texts = [
        [write(cell) if cell else "" for write, cell in zip(writers, row, strict=True)]
        for row in rows
    ]
    text = TextTable(
        raw.name, raw.headings, [(n + 1, row) for n, row in enumerate(texts)], None, raw.digest
    )
    return read_text(text, connection, calendar, how)


def _cleaned(raw: TypedTable, names: dict[str, str]) -> TypedTable:
    """Return a table in which known columns of floats are clean: in a step of its own, so that each
    is made once.
    """
    headings = [
        heading
        for column, heading in names.items()
        if column in NUMBERS and raw.types[heading] in _FLOATS
    ]

    def clean(view: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        picks = ", ".join(
            f"{_double(heading, raw.types[heading])} AS {identifier(heading)}"
            for heading in headings
        )
        return engine.select(view, "t", f"SELECT * REPLACE ({picks}) FROM t") if picks else view

    types = raw.types | dict.fromkeys(headings, "DOUBLE")
    return replace(
        raw,
        view=clean(raw.view),
        numbered=clean(raw.numbered),
        types=types,
        clean=frozenset(headings),
    )


def _double(heading: str, kind: str) -> str:
    """Return, in SQL, a number as a double that stands for its shortest decimal; not-a-number is a
    gap.
    """
    name = identifier(heading)
    if kind in _INTEGERS:
        return f"CAST({name} AS DOUBLE)"
    number = f"CAST(CAST({name} AS VARCHAR) AS DOUBLE)" if kind == "FLOAT" else name
    return f"CASE WHEN isnan({number}) THEN NULL ELSE {number} END"


def refuse_bytes(raw: TypedTable, names: dict[str, str]) -> None:
    """Refuse a known column of bytes: which letters they stand for is not said."""
    if bad := [heading for heading in names.values() if raw.types[heading] == "BLOB"]:
        hint = Text("write it as text (UTF-8)")
        raise TableError(
            [
                Problem(
                    "UD303",
                    Text("the column holds bytes, not text"),
                    hint,
                    raw.name,
                    column=heading,
                )
                for heading in bad
            ]
        )


def _is_number(kind: str) -> bool:
    return kind in _INTEGERS or kind.startswith("DECIMAL")


def plain_float(text: str) -> Plain:
    """Return a float in digits, with the decimals of its shortest form: 165000.0 has none."""
    number = float(text)
    return (
        Plain(format(Decimal(text), "f").removesuffix(".0"))
        if math.isfinite(number)
        else Plain(text)
    )


def _apart(one: tuple[str, str], other: tuple[str, str], slack: float) -> str:
    """Whether two spans of values lie further apart than that."""
    return f"({one[0]} - {other[1]} > {slack} OR {other[0]} - {one[1]} > {slack})"


def first_enough(found: Sequence[bool]) -> int:
    """Return the first number of decimals that is enough."""
    return next((places for places, enough in enumerate(found) if enough), ticks.PLACES)


def _at_row(problem: Problem, suspects: list[int]) -> Problem:
    return replace(problem, line=None if problem.line is None else suspects[problem.line - 1] + 1)


class Columns:
    """The known columns of a typed table as SQL: what is asked of them, and what
    becomes of them.
    """

    def __init__(
        self, raw: TypedTable, names: dict[str, str], connection: engine.Connection
    ) -> None:
        self.raw = raw
        self.names = names
        self.connection = connection
        self.numbers = [column for column in names if column in NUMBERS]
        self.key = next(column for column in ("list_date", "list_year", "year") if column in names)
        self.numbered = raw.numbered
        self.types = raw.types
        #: The headings of known columns; the others are handed through.
        self.headings = names

    def value(self, column: str) -> str:
        """A number as a double that stands for its shortest decimal; not-a-number is a gap."""
        heading = self.names[column]
        return (
            identifier(heading)
            if heading in self.raw.clean
            else _double(heading, self.types[heading])
        )

    def low(self, column: str) -> str:
        """The smallest value of a number, as a double."""
        return self.value(column)

    def high(self, column: str) -> str:
        """The largest value of a number, as a double."""
        return self.value(column)

    def whole(self, column: str) -> str:
        """A number's billionths as a whole number; a gap where there are more than a whole number
        of 64 bits holds.
        """
        return f"TRY_CAST({self.nano(column)} AS BIGINT)"

    def nano(self, column: str) -> str:
        """A number in billionths, as a double without a fraction."""
        return f"round({self.value(column)} * 1e9)"

    def is_exact(self, column: str) -> str:
        """Whether a number has at most nine decimals: then its billionths give it back."""
        return f"({self.nano(column)} / 1e9 = {self.value(column)})"

    def facts(self, printed: Mapping[str, int | None]) -> dict[str, Any]:
        """Return what one pass over the table tells: exactness, decimals, whole counts, largest
        bases.

        Of some columns it is known with how many decimals they are `printed`: none that is not
        exact.
        """
        asks = {"rows": "count(*)", "odd": f"count(*) FILTER ({self._odd_texts()})"}
        for column in (column for column in _NAMES if column in self.names):
            asks[f"blanks {column}"] = (
                f"coalesce(bool_or({self.ends_blank(self.text(column))}), false)"
            )
        wholes = [column for column in self.numbers if column in COUNTS]
        fraction = " OR ".join(
            f"{self.value(column)} != trunc({self.value(column)})" for column in wholes
        )
        asks["fractions"] = f"coalesce(bool_or({fraction}), false)" if fraction else "false"
        for column in self.numbers:
            within = RANGES[column]
            value = self.value(column)
            bad = f"{value} < {within.low} OR {value} > {within.high}" + (
                f" OR {value} != trunc({value})" if within.whole else ""
            )
            asks[f"bad {column}"] = f"count(*) FILTER ({bad})"
            if column in COUNTS:
                asks[f"most {column}"] = f"max({self.high(column)})"
            elif column not in (*RESIDENTS, *printed):
                asks[f"places {column}"] = f"coalesce(max({self._places(column)}), 0)"
        picks = ", ".join(asks.values())
        row = self._rows(f"SELECT {picks} FROM view")[0]
        facts = dict(zip(asks, row, strict=True))
        for column in (column for column in self.numbers if f"places {column}" in facts):
            facts[f"exact {column}"] = facts[f"places {column}"] <= ticks.PLACES
            facts[f"places {column}"] = min(facts[f"places {column}"], ticks.PLACES)
        for column, places in printed.items():
            facts |= {f"exact {column}": True, f"places {column}": places, f"many {column}": True}
        return facts

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return engine.ask(self.connection, self.raw.view, "view", query)

    def scaled(self, facts: dict[str, Any]) -> bool:
        """Find the scale on which the counts of each measure are whole; return whether there is one
        for all of them.
        """
        counted = [
            measure
            for measure in SHARE_MEASURES
            if measure in self.names and f"{measure}_base" in self.names
        ]
        columns = [column for measure in counted for column in (measure, f"{measure}_base")]
        asks = [f"coalesce(bool_and({self.is_exact(column)}), true)" for column in columns]
        row = self._rows(f"SELECT {', '.join(asks)} FROM view")[0]
        for measure in counted:
            facts[f"scale {measure}"] = 10 ** max(
                self._more_places(column) for column in (measure, f"{measure}_base")
            )
        return all(row)

    def text(self, column: str) -> str:
        """A name or code as text; a code that became a float has no decimals."""
        text = f"CAST({identifier(self.names[column])} AS VARCHAR)"
        return (
            f"regexp_replace({text}, '\\.0$', '')"
            if self.raw.types[self.names[column]] in _FLOATS
            else text
        )

    def _odd_texts(self) -> str:
        """Whether a name may be missing, a total, an error or a formula: it begins with no letter
        or digit, or is such a word.
        """
        odd = []
        for column in _NAMES:
            if column in self.names:
                text = self.text(column)
                low = (
                    f"CASE WHEN {text} < 'A' THEN {text} < '0' OR {text} >= ':' ELSE {text} >="
                    " '[' END"
                )
                odd.append(
                    f"CASE WHEN {text} < 'a' THEN {low} WHEN {text} < 'À' THEN {text} >= '{{' ELSE"
                    f" {text} >= '\u2000' END"
                )
                odd.append(self.is_word(text))
        return f"({self.text('area')} IS NULL OR {' OR '.join(odd)})"

    def is_word(self, text: str) -> str:
        """Whether a text is a word that no area is called, with blanks behind it or without."""
        return f"{engine.whole(text, f'{WORDS}[{_BLANK}]*')} != ''"

    def ends_blank(self, text: str) -> str:
        """Whether a text that begins with a letter or digit has a blank at its end: a pattern,
        asked once for each distinct text.
        """
        end = r"\z"
        return f"regexp_extract({text}, {engine.literal(f'[{_BLANK}]{end}')}) != ''"

    def dates(self, calendar: Calendar) -> dict[str, dt.date | int] | str:
        """Return each text in the key column with the date or year it means; a text where one of
        them has no meaning.
        """
        name = identifier(self.names[self.key])
        query = (
            f"SELECT DISTINCT CAST({name} AS VARCHAR) AS d FROM view ORDER BY d LIMIT"
            f" {_MOST_DATES + 1}"
        )
        texts = [row[0] for row in self._rows(query)]
        if None in texts or len(texts) > _MOST_DATES:
            return "gaps or too many dates"
        days = replace(calendar, by_list_year=self.key == "list_year")
        parsed = parse(
            TextTable("", ["area", self.key], [(1, ["x", text]) for text in texts]),
            {"area": 0, self.key: 1},
            days,
            Reading(),
        )
        if parsed.problems:
            return str(parsed.problems[0])
        return {texts[row.position]: row.date for row in parsed.good}

    def suspects(self, facts: dict[str, Any], with_counts: Collection[str]) -> list[int]:
        """Return the numbers of the rows that may be wrong; none if the facts already
        rule it out.
        """
        if not (mask := self.mask(facts, with_counts)):
            return []
        query = f"SELECT {ROW_NUMBER} FROM numbered WHERE {mask} ORDER BY 1"
        return [row[0] for row in engine.ask(self.connection, self.numbered, "numbered", query)]

    def mask(self, facts: dict[str, Any], with_counts: Collection[str]) -> str:
        """Return what is true of rows that may be wrong; empty if the facts already rule it out.

        Shares may have to be compared with the counts beside them for the measures `with_counts`.
        """
        masks = [self._odd_texts()] if facts["odd"] else []
        for column in self.numbers:
            if facts[f"bad {column}"]:
                within, value = RANGES[column], self.value(column)
                masks.append(
                    f"{value} < {within.low} OR {value} > {within.high} OR ({within.whole} AND"
                    f" {value} != trunc({value}))"
                )
        masks += [
            mask
            for measure in SHARE_MEASURES
            for mask in self._between(measure, facts, measure in with_counts)
        ]
        masks += [
            f"length(CAST({identifier(self.names[column])} AS VARCHAR)) > {MOST_LETTERS}"
            for column in PROXIES
            if column in self.names
        ]
        return " OR ".join(f"coalesce({mask}, false)" for mask in masks)

    def _between(self, measure: str, facts: dict[str, Any], with_counts: bool) -> list[str]:
        """Masks for cells of one row that may not go together; a little wider than the
        rule itself.
        """
        given = [f"{measure}_{unit}" for unit in UNITS if f"{measure}_{unit}" in self.names]
        per = {
            column: float(ticks.PERCENT_PER[UNITS[column.removeprefix(measure + "_")]])
            for column in given
        }
        spans = [
            (f"({self.low(column)} * {per[column]})", f"({self.high(column)} * {per[column]})")
            for column in given
        ]
        slack = sum(float(self.half(column, facts)) for column in given) + 1e-6
        masks = [_apart(one, other, slack) for one in spans[:1] for other in spans[1:]]
        if measure in self.names and f"{measure}_base" in self.names:
            base = f"{measure}_base"
            masks.append(f"{self.low(measure)} > {self.high(base)}")
            if with_counts:
                ends = ((self.low(measure), self.high(base)), (self.high(measure), self.low(base)))
                low, high = (f"100 * {over} / nullif({under}, 0)" for over, under in ends)
                masks += [_apart(span, (low, high), slack) for span in spans]
        return masks

    def _places(self, column: str) -> str:
        """How many decimals a number has, as far as they are few: 9 stands for more than that, 10
        for more than nine.
        """
        value, inexact = self.value(column), ticks.PLACES + 1
        few = [
            f"WHEN round({value} * {10**places}) / {10**places} = {value} THEN {places}"
            for places in range(_FEW_PLACES)
        ]
        enough = [
            f"WHEN {self.is_exact(column)} THEN {ticks.PLACES}",
            f"WHEN {value} IS NOT NULL THEN {inexact}",
        ]
        # Below this, what has few decimals is a whole number of billionths in a double; above it
        # has to be asked.
        first = (
            []
            if RANGES[column].high <= _SMALL
            else [f"WHEN NOT {self.is_exact(column)} THEN {inexact}"]
        )
        return f"CASE {' '.join(first + few + enough)} END"

    def half(self, column: str, facts: dict[str, Any]) -> Fraction:
        """Half a unit of the last decimal of a column, in percent or kroner."""
        if facts[f"places {column}"] == ticks.PLACES and f"many {column}" not in facts:
            facts[f"many {column}"] = True
            facts[f"places {column}"] = self._more_places(column)
        return half_in_percent(column, facts[f"places {column}"] or 0)

    def _more_places(self, column: str) -> int:
        """Return the number of decimals of a column that has more than a few: rarely asked, so in a
        pass of its own.
        """
        found = self._rows(f"SELECT {', '.join(self._by_places(column))} FROM view")[0]
        return first_enough(found)

    def _by_places(self, column: str) -> list[str]:
        """Whether so many decimals are enough for a column, for each number of them."""
        nano = self.whole(column)
        return [
            f"coalesce(bool_and({nano} % {10 ** (ticks.PLACES - places)} = 0), true)"
            for places in range(ticks.PLACES)
        ]

    def picked(self, rows: list[int]) -> duckdb.DuckDBPyRelation:
        """Return only these rows, with the user's columns alone."""
        wanted = engine.table(self.connection, {"n": rows}, {"n": "BIGINT"}).sql_query()
        only = (
            f"SELECT t.* EXCLUDE ({ROW_NUMBER}) FROM t SEMI JOIN ({wanted}) w ON t.{ROW_NUMBER} ="
            f" w.n ORDER BY t.{ROW_NUMBER}"
        )
        return engine.select(self.numbered, "t", only)

    def part(
        self,
        facts: dict[str, Any],
        dates: dict[str, dt.date | int],
        problems: tuple[Problem, ...],
        how: Reading,
    ) -> Part:
        """Return the table in the engine's own numbers, without the rows that have problems."""
        halves = {
            column: self.half(column, facts)
            for column in self.numbers
            if f"places {column}" in facts
        }
        measured = self._measured(facts, halves, how.rounded)
        passed = {
            heading: f"passed_{n}"
            for n, heading in enumerate(self.raw.headings)
            if heading not in self.headings.values()
        }
        picks = [f"{ROW_NUMBER} AS {identifier('row')}", *self._keys(dates, facts)]
        picks += [
            f"{value} AS {identifier(name)}"
            for name, value in self._numbers(facts, halves if how.rounded else {}).items()
        ]
        picks += [f"{self._shown(heading)} AS {name}" for heading, name in passed.items()]
        bad = {problem.line - 1 for problem in problems if problem.line is not None}
        good = engine.without(self.connection, self.numbered, ROW_NUMBER, sorted(bad))
        relation = engine.select(good, "good", f"SELECT {', '.join(picks)} FROM good")
        source = Source(self.raw.name, self.raw.digest)
        return Part(
            source,
            relation,
            facts["rows"],
            self.headings,
            measured,
            passed,
            problems,
            line=lambda row: row + 1,
        )

    def _shown(self, heading: str) -> str:
        """A column that is handed through; what not every format has is written out as text."""
        name = identifier(heading)
        return f"CAST({name} AS VARCHAR)" if _NO_OUTPUT.search(self.raw.types[heading]) else name

    def _keys(self, dates: dict[str, dt.date | int], facts: dict[str, Any]) -> list[str]:
        picks = []
        for column in (column for column in (*_NAMES, *PROXIES) if column in self.names):
            text = f"trim({self.text(column)}, {BLANKS})"
            plain = column in _NAMES and not (
                facts["odd"] or facts[f"blanks {column}"]
            )  # as most are: they stay as they stand
            picks.append(
                f"{self.text(column) if plain else f'CASE WHEN lower({text}) NOT IN ({_MISSING}) THEN {text} END'}"  # noqa: E501
                f" AS {column}"
            )
        key, kind = ("year", "INTEGER") if self.key == "year" else ("list_date", "DATE")
        name = identifier(self.names[self.key])
        if key == "year" or (
            self.key == "list_date" and self.raw.types[self.names[self.key]] == "DATE"
        ):
            return [*picks, f"TRY_CAST({name} AS {kind}) AS {key}"]
        cases = " ".join(
            f"WHEN {engine.literal(text)} THEN DATE '{date}'" for text, date in dates.items()
        )
        return [
            *picks,
            (
                f"CASE CAST({name} AS VARCHAR) {cases} END AS {key}"
                if cases
                else f"CAST(NULL AS DATE) AS {key}"
            ),
        ]

    def _measured(
        self, facts: dict[str, Any], halves: dict[str, Fraction], rounded: bool
    ) -> Measured:
        points = all(
            self.low(column) == self.high(column) for column in RESIDENTS if column in self.names
        )
        measured = Measured(residents_exact=points)
        for measure in SHARE_MEASURES:
            given = [f"{measure}_{unit}" for unit in UNITS if f"{measure}_{unit}" in self.names]
            if given:
                half = min(halves[column] for column in given)
                measured.shares[measure] = Share(
                    not rounded and all(facts[f"exact {column}"] for column in given),
                    int(half * ticks.TICKS),
                )
            if measure in self.names and f"{measure}_base" in self.names:
                measured.counts[measure] = self._counts(measure, facts)
        if "income_ratio_pct" in self.names:
            half_ticks = int(halves["income_ratio_pct"] * ticks.TICKS)
            measured.shares["income"] = Share(
                not rounded and facts["exact income_ratio_pct"], half_ticks
            )
        if "gross_income" in self.names:
            kroner = Kroner(
                not rounded and facts["exact gross_income"],
                int(halves["gross_income"] * ticks.NANO),
            )
            measured = replace(measured, kroner=kroner)
        return measured

    @staticmethod
    def _counts(measure: str, facts: dict[str, Any]) -> Counts:
        scale = facts.get(f"scale {measure}", 1)
        return Counts(True, scale, math.ceil((facts[f"most {measure}_base"] or 1) * scale))

    def _numbers(self, facts: dict[str, Any], halves: dict[str, Fraction]) -> dict[str, str]:
        """Return the SQL of each number in its three forms."""
        forms: dict[str, str] = {}
        for column in (column for column in RESIDENTS if column in self.names):
            forms |= {
                f"{column}{end}": self._on_scale(column, end, 1) for end in (LOW, HIGH, SHOWN)
            }
        for measure in SHARE_MEASURES:
            given = [f"{measure}_{unit}" for unit in UNITS if f"{measure}_{unit}" in self.names]
            for end in (LOW, HIGH, SHOWN) if given else ():
                values = [self._ticks(column, end, facts, halves) for column in given]
                forms[f"{measure}_share{end}"] = (
                    values[0] if len(values) == 1 else f"coalesce({', '.join(values)})"
                )
            if measure in self.names and f"{measure}_base" in self.names:
                both = f"{self.low(measure)} IS NOT NULL AND {self.high(f'{measure}_base')} > 0"
                scale = facts.get(f"scale {measure}", 1)
                for name, column in (
                    (f"{measure}_count", measure),
                    (f"{measure}_base", f"{measure}_base"),
                ):
                    wholes = {end: self._on_scale(column, end, scale) for end in (LOW, HIGH, SHOWN)}
                    forms |= {
                        f"{name}{end}": f"CASE WHEN {both} THEN {whole} END"
                        for end, whole in wholes.items()
                    }
        if "income_ratio_pct" in self.names:
            forms |= {
                f"income_share{end}": self._ticks("income_ratio_pct", end, facts, halves)
                for end in (LOW, HIGH, SHOWN)
            }
        if "gross_income" in self.names:
            half = int(halves.get("gross_income", Fraction(0)) * ticks.NANO)
            forms |= {
                f"kroner{end}": self._spread("gross_income", end, 1, half, facts)
                for end in (LOW, HIGH, SHOWN)
            }
        return forms

    def _on_scale(self, column: str, _end: str, scale: int) -> str:
        """A count times its scale, by way of its billionths where that is not one: no product is
        rounded.
        """
        return (
            f"TRY_CAST({self.value(column)} AS BIGINT)"
            if scale == 1
            else f"{self.whole(column)} // {ticks.NANO // scale}"
        )

    def _ticks(
        self, column: str, end: str, facts: dict[str, Any], halves: dict[str, Fraction]
    ) -> str:
        per_nano = int(half_in_percent(column, 0) * 2 * ticks.TICKS / ticks.NANO)
        return self._spread(
            column, end, per_nano, int(halves.get(column, Fraction(0)) * ticks.TICKS), facts
        )

    def _spread(self, column: str, end: str, factor: int, half: int, facts: dict[str, Any]) -> str:
        """The billionths of a column times a factor; a value with more decimals is widened by one,
        a rounded one by half.
        """
        middle = f"{self.whole(column)} * {factor}"
        if end == SHOWN or (facts[f"exact {column}"] and not half):
            return middle
        sign = "-" if end == LOW else "+"
        step = (
            f"CASE WHEN {self.is_exact(column)} THEN {half} ELSE {factor} END"
            if not facts[f"exact {column}"]
            else str(half)
        )
        return f"({middle} {sign} {step})"
