"""Figures that may be in another unit than their column: fractions of 1 among percent, per 1,000
among percent, percent among kroner.

The checks look at the rows after they were read, so that they are the same for every kind of file
and engine. A column of which that is certain stops the run; so does a cell that its own row
contradicts; another odd cell is a warning.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import duckdb

from udsat import engine, ticks
from udsat.law.loader import Law
from udsat.messages.problems import Problem, TableError
from udsat.messages.text import EMPTY, Text
from udsat.tables.area_table import ROW
from udsat.tables.headings import COLUMN_UNITS, SHARE_MEASURES, UNITS, plain
from udsat.tables.readers.options import Reading
from udsat.tables.validate.part import Part, RowKey
from udsat.ticks import SHOWN

#: More percent than a measure has anywhere whose values are often below one percent.
_MUCH = 20
#: No mean income of a year is so small: thousands of kroner are, and percent.
_LEAST_KRONER = 10_000
#: A share and the counts beside it may be of different years, but not so many times apart.
_TIMES = 10
#: So many odd rows of a table in another engine are looked at.
_MOST_ELSEWHERE = 10_000
_PERCENT_WORDS = frozenset({"pct", "procent", "percent"})


@dataclass(frozen=True, slots=True)
class _Figures:
    """One column of figures: its name, its heading, the measure, and where its figures are in the
    relation.
    """

    column: str
    heading: str
    measure: str
    #: The printed figure: ticks of percent, or billionths of a krone.
    shown: str
    #: Values below one percent are usual.
    small: bool
    #: The table has a numerator and base for the measure.
    counted: bool

    @property
    def kroner(self) -> bool:
        """Whether the figures are kroner."""
        return self.column == "gross_income"

    @property
    def percent(self) -> bool:
        """Whether the figures are given in percent."""
        return self.column.endswith("_pct")

    @property
    def contradicted(self) -> str:
        """Whether the counts of a row are many times from its share, in SQL."""
        count, base = (
            f"CAST({self.measure}_{what}{SHOWN} AS DOUBLE)" for what in ("count", "base")
        )
        share, given = (
            f"({_TIMES} * CAST({self.shown} AS DOUBLE) * {base})",
            f"({100 * ticks.TICKS}.0 * {count})",
        )
        return (
            f"({count} > 0 AND {share} > 0 AND ({share} <= {given} OR {share} >= {_TIMES**2} *"
            f" {given}))"
            if self.counted
            else "false"
        )

    @property
    def odd(self) -> str:
        """Whether a figure is odd for its unit, in SQL."""
        if self.kroner:
            return f"({self.shown} < {_LEAST_KRONER * ticks.NANO})"
        if not self.percent:
            return "false"
        return (
            f"({self.shown} > {_MUCH * ticks.TICKS})"
            if self.small
            else f"({self.shown} > 0 AND {self.shown} < {ticks.TICKS})"
        )

    def value(self, shown: int) -> Fraction:
        """Return a printed figure in the unit of the column."""
        return (
            Fraction(shown, ticks.NANO)
            if self.kroner
            else Fraction(shown, ticks.TICKS) / ticks.PERCENT_PER[COLUMN_UNITS[self.column]]
        )

    def confirmed(self) -> Text:
        """Return what to write to confirm the unit."""
        line = (
            f'{json.dumps(self.heading, ensure_ascii=False)} = {{ column = "{self.column}", unit ='
            f' "{COLUMN_UNITS[self.column]}" }}'
        )
        return Text(
            "correct the figures; if they are right, write {line} under [columns] in the file of"
            " --columns",
            line=line,
        )


@dataclass(frozen=True, slots=True)
class _ColumnFacts:
    """What is known of a column: how many figures it has, their bounds, and how many are odd or
    contradicted by counts.
    """

    given: int
    least: int | None
    most: int | None
    #: A figure is no whole number of its unit.
    broken: bool
    odd: int
    contradicted: int

    @property
    def fractions(self) -> bool:
        """Whether the figures lie between 0 and 1, and not all are whole."""
        return self.most is not None and self.most <= ticks.TICKS and self.broken


def examined(part: Part, law: Law, how: Reading, connection: engine.Connection) -> Part:
    """Return a part with what is wrong with the units of its figures; raise `TableError` where
    whole columns are in another unit.
    """
    figures = [
        one
        for one in _figures(part, law)
        if plain(one.heading) not in how.units and one.column not in part.signed
    ]
    if not figures:
        return part
    known = dict(
        zip((one.column for one in figures), _known(part, figures, connection), strict=True)
    )
    warnings = [*_of_columns(part, figures, known, how)]
    if not any(one.odd or one.contradicted for one in known.values()):
        return replace(part, warnings=tuple(warnings))
    return _with_rows(
        part, warnings, _SuspectRows(part, law, figures, known, connection), connection
    )


def _figures(part: Part, law: Law) -> Iterator[_Figures]:
    """Yield the columns of shares and incomes; a measure in two units is compared with itself
    elsewhere.
    """
    for measure in SHARE_MEASURES:
        given = [f"{measure}_{unit}" for unit in UNITS if f"{measure}_{unit}" in part.columns]
        if len(given) == 1:
            counted = {measure, f"{measure}_base"} <= part.columns
            yield _Figures(
                given[0],
                part.headings[given[0]],
                measure,
                f"{measure}_share{SHOWN}",
                law.may_be_small(measure),
                counted,
            )
    for column, shown in (
        ("income_ratio_pct", f"income_share{SHOWN}"),
        ("gross_income", f"kroner{SHOWN}"),
    ):
        if column in part.columns:
            yield _Figures(
                column,
                part.headings[column],
                "gross_income",
                shown,
                law.may_be_small("gross_income"),
                False,
            )


def _known(
    part: Part, figures: Sequence[_Figures], connection: engine.Connection
) -> Iterator[_ColumnFacts]:
    asks = [
        ask
        for one in figures
        for ask in (
            f"count({one.shown})",
            f"min({one.shown})",
            f"max({one.shown})",
            f"coalesce(max({one.shown} % {ticks.TICKS}), 0) > 0",
            f"count(CASE WHEN {one.odd} THEN 1 END)",
            f"count(CASE WHEN {one.contradicted} THEN 1 END)",
        )
    ]
    [row] = engine.ask(connection, part.relation, "t", f"SELECT {', '.join(asks)} FROM t")
    return (_ColumnFacts(*row[start : start + 6]) for start in range(0, len(row), 6))


def _of_columns(
    part: Part, figures: Sequence[_Figures], known: Mapping[str, _ColumnFacts], how: Reading
) -> Iterator[Problem]:
    """Yield warnings on whole columns; raise `TableError` for columns whose figures are not in
    their unit.
    """
    fractions = [one for one in figures if one.percent and known[one.column].fractions]
    usual = [one for one in fractions if not one.small]
    refused = (
        fractions
        if len(usual) > 1
        else [one for one in fractions if known[one.column].contradicted]
    )
    message = Text(
        "all figures lie between 0 and 1, and so do those of other columns, or counts"
        " contradict them: fractions of 1, not percent"
    )
    problems = [_problem(part, "UD322", message, one) for one in refused]
    for one in (one for one in figures if known[one.column].given > 1):
        least, most = known[one.column].least or 0, known[one.column].most or 0
        if one.kroner and most < _LEAST_KRONER * ticks.NANO:
            problems.append(
                _problem(
                    part,
                    "UD323",
                    Text(
                        "no figure reaches {least_kroner:,} kroner: no mean incomes of a year",
                        least_kroner=_LEAST_KRONER,
                    ),
                    one,
                )
            )
        if one.percent and one.small and least > _MUCH * ticks.TICKS:
            problems.append(
                _problem(
                    part,
                    "UD323",
                    Text("every figure is above {much} percent: another unit?", much=_MUCH),
                    one,
                )
            )
    large = any(one.percent and (known[one.column].most or 0) > ticks.TICKS for one in figures)
    problems += [
        _unclear(part, one)
        for one in fractions
        if not problems and _unnamed(one, how) and not (one.small and large)
    ]
    if problems:
        raise TableError(problems)
    yield from (
        _problem(
            part, "UD117", Text("all figures lie between 0 and 1: percent, or fractions of 1?"), one
        )
        for one in usual
    )


def _unnamed(one: _Figures, how: Reading) -> bool:
    """Whether a heading means percent without saying so, and the user has not said it either."""
    return (
        not _PERCENT_WORDS & set(plain(one.heading).split())
        and plain(one.heading) not in how.columns
    )


def _unclear(part: Part, one: _Figures) -> Problem:
    hint = Text(
        "name the unit in the heading, such as 'pct.', or declare the column with --columns"
    )
    return replace(
        _problem(
            part,
            "UD112",
            Text("all shares lie between 0 and 1: percentages, or fractions of 1?"),
            one,
        ),
        hint=hint,
    )


def _problem(part: Part, code: str, message: Text, one: _Figures) -> Problem:
    return Problem(code, message, one.confirmed(), part.source.name, part.header_line, one.heading)


@dataclass(frozen=True, slots=True)
class _SuspectRows:
    """The rows with odd figures, and what is said of each of their cells."""

    part: Part
    law: Law
    figures: Sequence[_Figures]
    known: Mapping[str, _ColumnFacts]
    connection: engine.Connection

    def found(self) -> Iterator[tuple[RowKey, Problem]]:
        """Yield each odd cell with its row."""
        key = "year" if "year" in self.part.columns else "list_date"
        town = "municipality" if "municipality" in self.part.columns else "NULL"
        picks = [f'"{ROW}"', "area", town, key]
        picks += [
            pick
            for one in self.figures
            for pick in (
                one.shown,
                f"coalesce({one.odd}, false)",
                f"coalesce({one.contradicted}, false)",
            )
        ]
        where = " OR ".join(
            f"coalesce({test}, false)"
            for one in self.figures
            for test in (one.odd, one.contradicted)
            if test != "false"
        )
        most = (
            ""
            if isinstance(self.connection, duckdb.DuckDBPyConnection)
            else f" LIMIT {_MOST_ELSEWHERE}"
        )
        query = f"SELECT {', '.join(picks)} FROM t WHERE {where}{most}"
        for row in sorted(
            engine.ask(self.connection, self.part.relation, "t", query),
            key=lambda row: row[0],
        ):
            yield from self._row(
                RowKey(*row[:4]),
                dict(zip((one.column for one in self.figures), _threes(row[4:]), strict=True)),
            )

    def _row(
        self, key: RowKey, cells: Mapping[str, tuple[int | None, bool, bool]]
    ) -> Iterator[tuple[RowKey, Problem]]:
        small = [
            one for one in self.figures if cells[one.column][1] and one.percent and not one.small
        ]
        for one in self.figures:
            shown, odd, contradicted = cells[one.column]
            if shown is None or not (odd or contradicted):
                continue
            why = (
                Text("the counts of its row")
                if contradicted
                else self._rest(one, small, key, {name: cell[0] for name, cell in cells.items()})
            )
            value = ticks.cut(one.value(shown), ticks.PLACES)
            if why:
                yield (
                    key,
                    self._cell(
                        key,
                        one,
                        "UD116",
                        Text(
                            "'{value}' is contradicted by {why}: another unit?",
                            value=value,
                            why=why,
                        ),
                        value,
                    ),
                )
            elif not self.known[one.column].fractions:
                yield (
                    key,
                    self._cell(
                        key,
                        one,
                        "UD117",
                        Text("'{value}' is odd for the unit of its column", value=value),
                        value,
                    ),
                )

    def _rest(
        self, one: _Figures, small: Sequence[_Figures], key: RowKey, shown: Mapping[str, int | None]
    ) -> Text:
        """Return what else in a row contradicts a figure: another fraction, or a mean that no
        region has.
        """
        if one.kroner:
            ratio = shown.get("income_ratio_pct")
            mean = (
                Fraction(100 * (shown[one.column] or 0) * ticks.TICKS, ratio * ticks.NANO)
                if ratio
                else _LEAST_KRONER
            )
            return (
                Text("the income in percent of the region's in its row")
                if mean < _LEAST_KRONER
                else EMPTY
            )
        if len(small) > 1 and one in small:
            return Text("other figures of its row that lie between 0 and 1")
        reached = [
            other
            for other in self.figures
            if other not in small and self._reaches_line(other, key.date, shown[other.column])
        ]
        return Text("the other shares of its row") if one in small and len(reached) > 1 else EMPTY

    def _reaches_line(self, one: _Figures, date: dt.date | int, shown: int | None) -> bool:
        """Whether a share is as large as the law of its list asks for."""
        day = self.law.list_date(date) if isinstance(date, int) else date
        version = self.law.on(day) if day else None
        lines = version.lines(one.measure) if version else ()
        return (
            shown is not None
            and not one.kroner
            and bool(lines)
            and Fraction(shown, ticks.TICKS) >= max(lines)
        )

    def _cell(self, key: RowKey, one: _Figures, code: str, message: Text, value: str) -> Problem:
        if isinstance(self.connection, duckdb.DuckDBPyConnection):
            return Problem(
                code,
                message,
                one.confirmed(),
                self.part.source.name,
                self.part.line(key.row),
                one.heading,
                value,
            )
        words = ", ".join(str(part) for part in key[1:] if part is not None)
        return Problem(
            code,
            message,
            one.confirmed(),
            f"{self.part.source.name}, {words}",
            None,
            one.heading,
            value,
        )


def _threes(cells: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    return (tuple(cells[start : start + 3]) for start in range(0, len(cells), 3))


def _with_rows(
    part: Part, warnings: Sequence[Problem], rows: _SuspectRows, connection: engine.Connection
) -> Part:
    """Return a part without the rows that are wrong, and with what is wrong or odd in them."""
    found = list(rows.found())
    wrong = list(dict.fromkeys(key for key, problem in found if problem.severity == "error"))
    errors = [problem for _, problem in found if problem.severity == "error"]
    return replace(
        part,
        relation=engine.without(connection, part.relation, ROW, [key.row for key in wrong]),
        problems=(
            tuple(sorted((*part.problems, *errors), key=lambda problem: problem.line or 0))
            if errors
            else part.problems
        ),
        warnings=(*warnings, *(problem for _, problem in found if problem.severity == "warning")),
        wrong=(*part.wrong, *wrong),
    )
