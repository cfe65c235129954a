"""What one pass over the columns of numbers and names tells: ranges, decimals, odd names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from udsat import engine, ticks
from udsat.engine import identifier
from udsat.tables.headings import COUNTS, NUMBERS, RESIDENTS, SHARE_MEASURES
from udsat.tables.readers.raw import TypedTable
from udsat.tables.validate.model import RANGES
from udsat.tables.validate.part import half_in_percent
from udsat.tables.validate.plain_cells import FLOATS, WORDS, double

#: Columns that say which area a row is of.
NAMES = ("area", "area_id", "municipality", "region")
#: Published shares have one or two decimals: so many are looked for in the pass that every table
#: gets.
_FEW_PLACES = 4
#: Billionths of a number up to this are whole numbers in a double, however it was rounded.
_SMALL = 10_000
_BLANK = " \t\n\r\u00a0\u2007\u202f"
BLANKS = engine.literal(_BLANK)


def first_enough(found: Sequence[bool]) -> int:
    """Return the first number of decimals that is enough."""
    return next((places for places, enough in enumerate(found) if enough), ticks.PLACES)


class ColumnFacts:
    """The known columns of a table as SQL, and what is asked of them."""

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
        #: The headings of known columns; the others are passed through.
        self.headings = names

    def value(self, column: str) -> str:
        """A number as a double that stands for its shortest decimal; not-a-number is a gap."""
        heading = self.names[column]
        return (
            identifier(heading)
            if heading in self.raw.clean
            else double(heading, self.types[heading])
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
        asks = {"rows": "count(*)", "odd": f"count(*) FILTER ({self.odd_names()})"}
        for column in (column for column in NAMES if column in self.names):
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
        if not counted:
            return True
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
            if self.raw.types[self.names[column]] in FLOATS
            else text
        )

    def odd_names(self) -> str:
        """Whether a name may be missing, a total, an error or a formula: it begins with no letter
        or digit, or is such a word.
        """
        odd = []
        for column in NAMES:
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
