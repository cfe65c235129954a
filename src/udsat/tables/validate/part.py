"""One input file after its cells were read: a relation in the engine's own numbers, and what is
known of its columns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import duckdb

from udsat.law.loader import Law
from udsat.messages.problems import Problem
from udsat.messages.text import Text
from udsat.tables.area_table import Source
from udsat.tables.headings import SHARE_MEASURES, UNITS
from udsat.tables.validate.model import in_percent, share, share_of_counts
from udsat.tables.validate.scale import Measured


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which dates a row may carry: those of the law, without the lists that did not follow it."""

    law: Law
    #: Dates of trial and interim lists, which need criteria chosen by the user.
    refused: frozenset[dt.date] = frozenset()
    #: The table has a column list_year instead of list_date.
    by_list_year: bool = False

    def date(self, row: object) -> dt.date | Problem:
        """Return the list date of a checked row, or what is wrong with it."""
        date: dt.date | None = getattr(row, "list_date", None)
        year: int | None = getattr(row, "list_year", None)
        first, column = (
            self.law.first_list(),
            "list_date" if date or not self.by_list_year else "list_year",
        )
        value = str(date or year or "")
        if date is None and year is None:
            return Problem(
                "UD105",
                Text("the row has no list date"),
                Text("write the date of the list, such as 2019-12-01"),
                column=column,
            )
        if date is None and year is not None:
            date = self.law.list_date(year)
        if date is None or date < first:
            message = Text(
                "'{value}' is before the first list, that of {first}", value=value, first=first
            )
            return Problem(
                "UD107",
                message,
                Text("correct it, or leave the row out"),
                column=column,
                value=value,
            )
        if problem := self._swapped(date, column):
            return problem
        if date in self.refused and self.law.chosen is None:
            hint = Text("say under which criteria to score it with --criteria")
            message = Text(
                "the trial or interim list of '{date}' did not follow the law in force",
                date=str(date),
            )
            return Problem("UD108", message, hint, column=column, value=value)
        return date

    def counted(self, measures: Iterable[str], dates: Iterable[dt.date | int]) -> frozenset[str]:
        """Return the measures whose counts mean what the share beside them means, in some of the
        lists or years.

        Counts are of one year, and so is every figure of a calendar year. On a list, the law may
        take a mean of several.
        """
        lists = [date for date in dates if isinstance(date, dt.date)]
        if not lists:
            return frozenset(measures)
        return frozenset(
            measure
            for measure in measures
            if any(self.law.at_one_time(measure, date) for date in lists)
        )

    def _swapped(self, date: dt.date, column: str) -> Problem | None:
        """Return a problem where a date is that of a list once day and month change places: nobody
        can tell which was meant.
        """
        if date.day > 12 or date == self.law.list_date(date.year):
            return None
        turned = date.replace(month=date.day, day=date.month)
        if turned == date or turned != self.law.list_date(date.year):
            return None
        message = Text(
            "'{date}' is no date of a list, but {turned} is, with day and month the other way"
            " round",
            date=str(date),
            turned=turned,
        )
        return Problem(
            "UD115",
            message,
            Text("write {turned} if that is meant, else the right date", turned=turned),
            column=column,
            value=str(date),
        )


class RowKey(NamedTuple):
    """Which area a row is of, and for which list or year; `row` is its position in the file."""

    row: int
    area: str
    municipality: str | None
    date: dt.date | int


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one file. `relation` has the columns of `AreaTable.frame`; `row`
    counts from 0.
    """

    source: Source
    relation: duckdb.DuckDBPyRelation
    length: int
    #: The known columns that the file has, with their headings.
    headings: Mapping[str, str]
    measured: Measured
    #: Headings that are passed through, with their name in the relation.
    passed: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    #: Columns of which cells carry the sign of percent: nobody need ask for their unit.
    signed: frozenset[str] = frozenset()
    header_line: int = 1
    #: The keys of rows with problems, as far as they can be read: such rows are not in the
    #: relation.
    wrong: tuple[RowKey, ...] = ()
    #: The file line of a row.
    line: Callable[[int], int] = int
    #: How many rows the file has, where that is not the length: empty rows have a number, and
    #: ragged ones have none.
    rows: int | None = None
    #: What must live as long as the relation: temporary files that it reads.
    keep: tuple[object, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """The known columns that the file has."""
        return frozenset(self.headings)


def compared(found: Collection[str]) -> tuple[str, ...]:
    """Return the measures that a table gives twice over, so that what it says of them
    can disagree.
    """

    def ways(measure: str) -> int:
        return sum(f"{measure}_{unit}" in found for unit in UNITS) + (
            {measure, f"{measure}_base"} <= set(found)
        )

    return tuple(measure for measure in SHARE_MEASURES if ways(measure) > 1)


def row_problems(
    row: object, measures: Sequence[str], with_counts: Collection[str]
) -> list[Problem]:
    """Return what is wrong between the cells of a row: shares of one measure that disagree beyond
    rounding.

    Shares are compared with the counts beside them for the measures `with_counts`.
    """
    problems = []
    for measure in measures:
        ranges = [
            (column, in_percent(column, number.low) - half, in_percent(column, number.high) + half)
            for column, number in share(row, measure).items()
            for half in [half_in_percent(column, number.places)]
        ]
        counted = share_of_counts(row, measure)
        if counted and measure in with_counts:
            ranges.append((measure, *counted))
        if ranges and max(low for _, low, _ in ranges) > min(high for _, _, high in ranges):
            names_and = " and ".join(column for column, _, _ in ranges)
            hint = Text("correct the wrong one, or drop a column")
            problems.append(
                Problem(
                    "UD109",
                    Text("{names_and} disagree by more than rounding", names_and=names_and),
                    hint,
                    column=ranges[0][0],
                )
            )
    return problems


def half_in_percent(column: str, places: int) -> Fraction:
    """Return half a unit of the last decimal of a column, in percent for a share and in kroner for
    an income.
    """
    half = Fraction(1, 2 * 10**places)
    return half if column == "gross_income" else in_percent(column, Decimal(1)) * half


def place(parts: Sequence[Part], row: int) -> tuple[str, int]:
    """Return the file and the line of a row of several parts below one another."""
    for part in parts:
        if row < part.length:
            return part.source.name, part.line(row)
        row -= part.length
    raise IndexError(row)
