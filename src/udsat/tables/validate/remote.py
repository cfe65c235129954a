"""Reading a table in another engine: the checks of typed tables, and numbers written as text or as
decimals.

What is plainly a number, the engine reads. Of all other cells each distinct one is read by the
model here, and what it stands for goes into the query: there are few, such as `<5` and `3-7`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from udsat import engine, ticks
from udsat.engine import ROW_NUMBER, identifier, literal
from udsat.engine.remote.base import RemoteEngine
from udsat.messages.problems import Problem, TableError
from udsat.messages.text import Text
from udsat.tables.headings import COUNTS, NUMBERS, RESIDENTS, SHARE_MEASURES, TOTALS, recognise
from udsat.tables.readers.options import Reading
from udsat.tables.readers.raw import TextTable, TypedTable
from udsat.tables.validate import cells
from udsat.tables.validate import scale as numbers
from udsat.tables.validate.cells import MISSING, Number, Plain
from udsat.tables.validate.column_facts import BLANKS, first_enough
from udsat.tables.validate.engine_columns import Columns
from udsat.tables.validate.one_table import refuse_bytes
from udsat.tables.validate.part import Calendar, Part
from udsat.tables.validate.plain_cells import plain_float
from udsat.tables.validate.rows import decimal_mark, parse
from udsat.ticks import HIGH, LOW, SHOWN

#: So many different cells of a column that are no plain numbers are read, and so many suspect rows.
MOST_ODD, MOST_SUSPECTS = 1_000, 10_000
#: Dates with more distinct values than this are no lists.
_MOST_DATES = 200
#: So many cells are looked at to see that their mark is a point.
MOST_SHOWN = 200
#: What is plainly a number, and goes through a double without losing a billionth.
_SHARE = r"[0-9]{1,9}(\.[0-9]{1,9}0*)?"
_PLAIN = (
    dict.fromkeys(RESIDENTS, r"[0-9]{1,9}(\.0+)?")
    | dict.fromkeys(COUNTS, r"[0-9]{1,9}(\.0+)?|[0-9]{1,6}\.[0-9]{1,9}0*")
    | {"gross_income": r"[0-9]{1,9}(\.[0-9]{1,4}0*)?"}
)


def planned(place: RemoteEngine) -> TypedTable:
    """Return a table of another engine, planned on one with the same columns and no rows.

    Raises `TableError` where it has no columns.
    """
    types, own = place.types(), place.source()
    if not types:
        raise TableError(Problem("UD302", Text("has no rows"), file=place.name))
    columns = ", ".join(f"{identifier(column)} {kind}" for column, kind in types.items())
    place.plans.execute(f"CREATE TABLE {own} ({columns})")
    view = place.plans.table(own)
    # Rows have no numbers there: nothing is found again by its place.
    numbered = view.project(f"*, CAST(0 AS BIGINT) AS {ROW_NUMBER}")
    return TypedTable(place.name, view, numbered, types)


def read_elsewhere(
    raw: TypedTable, place: engine.Elsewhere, calendar: Calendar, how: Reading
) -> Part:
    """Return a table in another engine as a part; raise `TableError` for what that engine cannot be
    asked.
    """
    found = recognise(raw.headings, raw.name, how.columns)
    names = {column: raw.headings[position] for column, position in found.items()}
    refuse_bytes(raw, found)
    _refuse_floats(raw, names)
    columns = _Written(raw, names, place, calendar, how)
    facts = columns.facts({})
    dates = columns.dates(calendar)
    if isinstance(dates, str):
        hint = Text("give each row the date or year of a list")
        raise TableError(
            Problem(
                "UD303",
                Text("cannot be dated: {dates}", dates=dates),
                hint,
                raw.name,
                column=names[columns.key],
            )
        )
    if facts["fractions"] and not columns.scaled(facts):
        raise TableError(
            Problem(
                "UD303",
                Text("has counts with more than nine decimals"),
                Text("round them"),
                raw.name,
            )
        )
    problems = columns.problems(facts, found, calendar.counted(SHARE_MEASURES, dates.values()))
    return replace(columns.part(facts, dates, how), problems=problems)


def _refuse_floats(raw: TypedTable, names: Mapping[str, str]) -> None:
    """Refuse names that became floats, and short floats: engines write their shortest decimals
    differently.
    """
    for column, heading in names.items():
        kind = raw.types[heading]
        if kind == "FLOAT" or (column not in NUMBERS and kind == "DOUBLE"):
            hint = (
                Text("make it text")
                if column not in NUMBERS
                else Text("make it a decimal or a double, from the figures as they were printed")
            )
            raise TableError(
                Problem(
                    "UD303",
                    Text("the column cannot be of the type {lower} here", lower=kind.lower()),
                    hint,
                    raw.name,
                    column=heading,
                )
            )


@dataclass(frozen=True, slots=True)
class _Odd:
    """The cells of a column that are no plain numbers: what they stand for, and which of them the
    model finds wrong.
    """

    good: dict[str, Number] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()


class _Written(Columns):
    """The known columns of a table, of which some hold numbers as text or as decimals."""

    def __init__(
        self,
        raw: TypedTable,
        names: dict[str, str],
        place: engine.Elsewhere,
        calendar: Calendar,
        how: Reading,
    ) -> None:
        texts = [
            column
            for column in names
            if column in NUMBERS and raw.types[names[column]].startswith(("VARCHAR", "DECIMAL"))
        ]
        self.cells = {column: f"CAST({identifier(names[column])} AS VARCHAR)" for column in texts}
        picks = [
            f"{value} AS {name}" for column in texts for name, value in self._read(column).items()
        ]
        view, numbered = (
            engine.select(one, "t", f"SELECT {', '.join(['*', *picks])} FROM t")
            for one in (raw.view, raw.numbered)
        )
        super().__init__(
            replace(raw, view=view, numbered=numbered),
            names | {column: _value(column) for column in texts},
            place,
        )
        self.types = raw.types | dict.fromkeys(map(_value, texts), "DOUBLE")
        self.headings = names
        self.calendar, self.how = calendar, how
        self.odd = self._odd()

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

    def _read(self, column: str) -> dict[str, str]:
        """Return a cell's number, where it is plainly one, and with how many decimals it is
        written.
        """
        cell, plain = self.cells[column], self._plain(column)
        point = f"strpos({cell}, '.')"
        places = (
            f"CASE WHEN {plain} THEN CASE WHEN {point} > 0 THEN length({cell}) - {point} ELSE 0"
            " END END"
        )
        return {
            _value(column): f"CASE WHEN {plain} THEN CAST({cell} AS DOUBLE) END",
            _places(column): places,
        }

    def _plain(self, column: str) -> str:
        return f"regexp_matches({self.cells[column]}, '^({_PLAIN.get(column, _SHARE)})$')"

    def is_word(self, text: str) -> str:
        """Whether a text is a word that no area is called; patterns are not the same everywhere."""
        return (
            f"lower(trim({text}, {BLANKS})) IN"
            f" ({', '.join(map(engine.literal, sorted(MISSING | TOTALS)))})"
        )

    def ends_blank(self, text: str) -> str:
        """Whether a text has a blank at its end."""
        return f"{text} != trim({text}, {BLANKS})"

    def _distinct(self, where: Callable[[str], str], most: int) -> dict[str, list[str]]:
        """Return the distinct cells of each column for which a condition holds, up to a number of
        them, in one query.
        """
        asks = [
            f"(SELECT DISTINCT {literal(column)} AS c, {cell} AS d FROM view WHERE {where(column)}"
            f" LIMIT {most})"
            for column, cell in self.cells.items()
        ]
        found: dict[str, list[str]] = {column: [] for column in self.cells}
        for column, cell in self._rows(" UNION ALL ".join(asks)) if asks else ():
            found[column].append(cell)
        return {column: sorted(texts) for column, texts in found.items()}

    def _odd(self) -> dict[str, _Odd]:
        texts = self._distinct(lambda column: f"NOT {self._plain(column)}", MOST_ODD + 1)
        points = self._distinct(
            lambda column: f"{self._plain(column)} AND strpos({self.cells[column]}, '.') > 0",
            MOST_SHOWN,
        )
        return {
            column: self._read_odd(column, texts[column], points[column]) for column in self.cells
        }

    def _read_odd(self, column: str, texts: list[str], points: list[str]) -> _Odd:
        heading = self.headings[column]
        if len(texts) > MOST_ODD:
            message = Text(
                "more than {most_odd:,} different cells are no plain numbers, such as '{shown}'",
                most_odd=MOST_ODD,
                shown=cells.shown(texts[0]),
            )
            hint = Text("give numbers with at most nine decimals")
            raise TableError(Problem("UD303", message, hint, self.raw.name, column=heading))
        if self.raw.types[heading] == "VARCHAR":
            self._refuse_commas(heading, texts, points)
        how = replace(self.how, decimal="point")
        rows = [(n, ["x", "2020", text]) for n, text in enumerate(texts)]
        parsed = parse(
            TextTable(self.raw.name, ["area", "year", heading], rows),
            {"area": 0, "year": 1, column: 2},
            self.calendar,
            how,
        )
        good = {texts[one.position]: getattr(one.row, column) for one in parsed.good}
        return _Odd(
            {text: number for text, number in good.items() if number},
            tuple(text for text in texts if text not in good),
        )

    def _refuse_commas(self, heading: str, texts: list[str], points: list[str]) -> None:
        """Refuse texts with a decimal comma, and those that do not show which mark they have."""
        decimal_mark(cells.evidence([*points, *texts]), self.how, self.raw.name)
        if cells.evidence(texts)[0]:
            hint = Text("write numbers with a decimal point")
            raise TableError(
                Problem(
                    "UD308",
                    Text("the numbers have a decimal comma"),
                    hint,
                    self.raw.name,
                    column=heading,
                )
            )

    def facts(self, printed: Mapping[str, int | None]) -> dict[str, Any]:
        """Return what one pass over the table tells, and what is known of the cells that are no
        plain numbers.
        """
        facts = super().facts(printed)
        written = [column for column in self.cells if f"places {column}" in facts]
        picks = ", ".join(f"max({_places(column)})" for column in written)
        most = (
            dict(zip(written, self._rows(f"SELECT {picks} FROM view")[0], strict=True))
            if written
            else {}
        )
        for column, odd in self.odd.items():
            given = [number.places for number in odd.good.values()]
            if column in most:
                found = [places for places in (most[column], *given) if places is not None]
                facts |= {
                    f"places {column}": max(found, default=ticks.PLACES),
                    f"many {column}": True,
                }
                facts[f"exact {column}"] &= all(
                    number.low == number.high for number in odd.good.values()
                )
            facts["fractions"] |= column in COUNTS and any(given)
        return facts | self._many(facts)

    def _many(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Return the decimals of all columns that have more than a few, in one pass."""
        deep = [
            column
            for column in self.numbers
            if facts.get(f"places {column}") == ticks.PLACES and f"many {column}" not in facts
        ]
        if not deep:
            return {}
        found = self._rows(
            f"SELECT {', '.join(ask for column in deep for ask in self._by_places(column))} FROM"
            " view"
        )[0]
        parts = {
            column: found[n * ticks.PLACES : (n + 1) * ticks.PLACES]
            for n, column in enumerate(deep)
        }
        return {f"places {column}": first_enough(part) for column, part in parts.items()} | {
            f"many {column}": True for column in deep
        }

    def mask(self, facts: dict[str, Any], with_counts: Collection[str]) -> str:
        """Return what is true of rows that may be wrong; empty if the facts already rule it out."""
        wrong = {
            column: ", ".join(map(literal, odd.wrong))
            for column, odd in self.odd.items()
            if odd.wrong
        }
        masks = [
            f"coalesce({self.cells[column]} IN ({texts}), false)" for column, texts in wrong.items()
        ]
        return " OR ".join(filter(None, [super().mask(facts, with_counts), *masks]))

    def problems(
        self, facts: dict[str, Any], found: dict[str, int], with_counts: Collection[str]
    ) -> tuple[Problem, ...]:
        """Return what is wrong with the rows that may be wrong, with their keys in
        place of lines.
        """
        if not (mask := self.mask(facts, with_counts)):
            return ()
        picks = ", ".join(map(identifier, self.raw.headings))
        rows = self._rows(f"SELECT {picks} FROM view WHERE {mask} LIMIT {MOST_SUSPECTS + 1}")
        texts = [(n, [_text(cell) for cell in row]) for n, row in enumerate(rows[:MOST_SUSPECTS])]
        problems = parse(
            TextTable(self.raw.name, self.raw.headings, texts),
            found,
            self.calendar,
            replace(self.how, decimal="point"),
        ).problems
        if len(rows) > MOST_SUSPECTS and not problems:
            message = Text(
                "more than {most_suspects:,} rows would have to be read one by one, such as"
                " that of {key}",
                most_suspects=MOST_SUSPECTS,
                key=self._key(texts[0][1], found),
            )
            raise TableError(
                Problem(
                    "UD303",
                    message,
                    Text("look for names that begin with signs, and shares beside counts"),
                    self.raw.name,
                )
            )
        named = (
            replace(
                problem,
                file=f"{self.raw.name}, {self._key(texts[problem.line or 0][1], found)}",
                line=None,
            )
            for problem in problems
        )
        return tuple(sorted(named, key=str))

    def _key(self, row: list[str], found: dict[str, int]) -> str:
        return ", ".join(
            row[found[column]] for column in ("area", "municipality", self.key) if column in found
        )

    def _more_places(self, column: str) -> int:
        odd = self.odd.get(column, _Odd())
        return max(
            super()._more_places(column), *(number.places for number in odd.good.values()), 0
        )

    def low(self, column: str) -> str:
        """The smallest value of a number, as a double."""
        return self._or_odd(column, self.value(column), lambda number: float(number.low))

    def high(self, column: str) -> str:
        """The largest value of a number, as a double."""
        return self._or_odd(column, self.value(column), lambda number: float(number.high))

    def _on_scale(self, column: str, end: str, scale: int) -> str:
        return self._or_odd(column, super()._on_scale(column, end, scale), _form(end, scale))

    def _spread(self, column: str, end: str, factor: int, half: int, facts: dict[str, Any]) -> str:
        times = factor * ticks.NANO
        return self._or_odd(
            column,
            super()._spread(column, end, factor, half, facts),
            _form(end, times, Decimal(half) / times),
        )

    def _or_odd(self, column: str, own: str, of: Callable[[Number], float | int | None]) -> str:
        """What is made of a plain number, or of one of the other cells."""
        odd = self.odd[column].good if column in self.odd else {}
        cases = " ".join(
            f"WHEN {literal(text)} THEN {'NULL' if (one := of(number)) is None else one}"
            for text, number in odd.items()
        )
        return f"CASE {self.cells[column]} {cases} ELSE {own} END" if cases else own


def _form(end: str, times: int, half: Decimal = Decimal(0)) -> Callable[[Number], int | None]:
    """Return what makes one of the three forms of a number, on a scale."""

    def form(number: Number) -> int | None:
        forms = numbers.scaled(number, times, half)
        return forms[(LOW, HIGH, SHOWN).index(end)] if forms else None

    return form


def _value(column: str) -> str:
    return f"udsat_value_{column}"


def _places(column: str) -> str:
    return f"udsat_places_{column}"


def _text(cell: object) -> str:
    """Return a cell as the model reads it: a binary float as its shortest decimal."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return plain_float(repr(cell))
    if isinstance(cell, (int, Decimal)) and not isinstance(cell, bool):
        return Plain(format(cell, "f") if isinstance(cell, Decimal) else cell)
    return cell.isoformat() if type(cell) is dt.date else str(cell)
