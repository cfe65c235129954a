"""Which rows of a table may be wrong: the ranges of the model, and what must agree within a row."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from udsat import engine, ticks
from udsat.engine import ROW_NUMBER, identifier
from udsat.tables.headings import PROXIES, SHARE_MEASURES, UNITS
from udsat.tables.validate.column_facts import ColumnFacts
from udsat.tables.validate.model import MOST_LETTERS, RANGES


class ColumnMasks(ColumnFacts):
    """The known columns of a table, and the masks over them of rows that may be wrong."""

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
        masks = [self.odd_names()] if facts["odd"] else []
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


def _apart(one: tuple[str, str], other: tuple[str, str], slack: float) -> str:
    """Whether two spans of values lie further apart than that."""
    return f"({one[0]} - {other[1]} > {slack} OR {other[0]} - {one[1]} > {slack})"
