"""The columns of a table in the engine's own numbers: what becomes of cells that are right."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

from udsat import engine, ticks
from udsat.engine import ROW_NUMBER, identifier
from udsat.tables.area_table import Counts, Kroner, Share, Source
from udsat.tables.headings import PROXIES, RESIDENTS, SHARE_MEASURES, UNITS
from udsat.tables.readers.options import Reading
from udsat.tables.validate.cells import MISSING
from udsat.tables.validate.column_facts import BLANKS, NAMES
from udsat.tables.validate.column_masks import ColumnMasks
from udsat.tables.validate.part import Part, half_in_percent
from udsat.tables.validate.scale import Measured
from udsat.ticks import HIGH, LOW, SHOWN

#: Types, also within others, that some format of the output does not have.
_NO_OUTPUT = re.compile(r"\b(BLOB|ZONE|VARIANT|GEOMETRY|INTERVAL|BIT|U?HUGEINT)\b")
_MISSING = ", ".join(map(engine.literal, sorted(MISSING)))


class Columns(ColumnMasks):
    """The known columns of a table as SQL: what is asked of them, and what becomes of them."""

    def part(
        self,
        facts: dict[str, Any],
        dates: dict[str, dt.date | int],
        how: Reading,
    ) -> Part:
        """Return the table in the engine's own numbers, the rows that have problems among them."""
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
        relation = engine.select(self.numbered, "t", f"SELECT {', '.join(picks)} FROM t")
        source = Source(self.raw.name, self.raw.digest)
        return Part(
            source,
            relation,
            facts["rows"],
            self.headings,
            measured,
            passed,
            line=lambda row: row + 1,
        )

    def _shown(self, heading: str) -> str:
        """A column that is passed through; what not every format has is written out as text."""
        name = identifier(heading)
        return f"CAST({name} AS VARCHAR)" if _NO_OUTPUT.search(self.raw.types[heading]) else name

    def _keys(self, dates: dict[str, dt.date | int], facts: dict[str, Any]) -> list[str]:
        picks = []
        for column in (column for column in (*NAMES, *PROXIES) if column in self.names):
            text = f"trim({self.text(column)}, {BLANKS})"
            plain = column in NAMES and not (
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
