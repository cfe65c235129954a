"""From a checked table to verdicts: measure, judge, categorise, count the years."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

import duckdb
import narwhals as nw

from udsat import engine
from udsat.evidence.published_lists import Lists
from udsat.evidence.references import ReferenceTable
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion
from udsat.messages.problems import Problem, TableError, UsageError
from udsat.messages.text import Text
from udsat.scoring import (
    calendar_years,
    categories,
    criteria,
    thresholds,
)
from udsat.scoring import (
    measures as measure,
)
from udsat.scoring.annotation_rules import Given
from udsat.scoring.verdicts import Verdicts
from udsat.scoring.years_in_row import look_back as streak
from udsat.scoring.years_in_row.earlier_lists import Streaks, earlier, is_published
from udsat.tables.area_table import DATE, ROW, AreaTable


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may say about how a table is scored."""

    #: Whether earlier years come from the published lists where these are known, or from the
    #: table's rows alone.
    basis: Literal["published", "computed"] = "published"
    #: The list to form from a table of calendar years.
    list_year: int | None = None
    assume_min_residents: bool = False


def score(
    table: AreaTable,
    law: Law,
    references: ReferenceTable,
    lists: Lists,
    options: Options,
    connection: engine.Connection,
) -> Verdicts:
    """Return the verdicts on every row of a table, or on the list of one year formed from calendar
    years.

    Raises `UsageError` where a table of calendar years comes without a list year, or a table of
    lists with one, and `TableError` where a table of lists has what a version takes from calendar
    years alone.
    """
    here = connection if isinstance(connection, duckdb.DuckDBPyConnection) else None
    many = (table.rows or 0) > engine.MANY
    if here and many:
        engine.take_time(here)
    context = prepare(table, law, references, lists, options)
    table, case, asked = context.table, context.case, context.asked
    frame, streaks = streak.look_back(
        context.frame, case, law, context.published, table, connection
    )
    frame = judged(frame, context, case, options)
    frame = _computed_once(frame, table, asked is not None, here)
    joined = streak.with_breaks(frame, streaks, case)
    if asked:
        frame, joined = _on(frame, asked), _on(joined, asked)
    frame = _in_order(frame, joined, streaks, here)
    frame = _with(
        streak.with_years(frame, streaks, case), categories.memberships(case, in_a_row=True)
    )
    case = case.on((asked,)) if asked else case
    return Verdicts(
        frame, Given(case, table, streaks, asked is not None, options.assume_min_residents, law)
    )


def _on(frame: nw.LazyFrame[Any], date: dt.date) -> nw.LazyFrame[Any]:
    return frame.filter(nw.col(DATE) == date)


def _computed_once(
    frame: nw.LazyFrame[Any],
    table: AreaTable,
    formed: bool,
    here: duckdb.DuckDBPyConnection | None,
) -> nw.LazyFrame[Any]:
    """Return the frame as a table of the embedded engine, where it is short, or formed from
    calendar years and thus in no order.
    """
    if here is None:
        return frame
    if formed:
        return nw.from_native(engine.materialise(here, frame.sort(ROW).to_native()))
    length = engine.MANY + 1 if table.rows is None else table.rows
    return nw.from_native(engine.materialise_short(here, frame.to_native(), length))


def _in_order(
    frame: nw.LazyFrame[Any],
    joined: nw.LazyFrame[Any],
    streaks: Streaks,
    here: duckdb.DuckDBPyConnection | None,
) -> nw.LazyFrame[Any]:
    """Return the rows of the frame in their order, with the breaks that were joined to them.

    Other engines have no order to lose, and nothing was joined where breaks depend on dates alone.
    """
    if here is None or not streaks.by_area:
        return joined
    breaks = joined.select(ROW, streak.BREAK, streak.BREAK_POSSIBLE)
    return nw.from_native(engine.beside(here, frame.to_native(), breaks.to_native(), ROW))


@dataclass(frozen=True, slots=True)
class RunContext:
    """What is measured, and the thresholds that it is compared with, before anything is judged."""

    frame: nw.LazyFrame[Any]
    case: criteria.Case
    table: AreaTable
    published: Lists | None
    asked: dt.date | None


def prepare(
    table: AreaTable, law: Law, references: ReferenceTable, lists: Lists, options: Options
) -> RunContext:
    """Return the value of every measure and the line of every criterion, for the lists asked for
    and those looked back on.
    """
    asked = _asked(table, law, options)
    published = lists if options.basis == "published" else None
    table = formed(table, law, references, lists, options)
    versions = {date: version for date in table.dates if (version := law.on(date))}
    if misplaced := measure.misplaced(table, versions.values()):
        raise TableError(misplaced)
    measures = _measures(versions)
    frame, values = measure.values(
        table,
        measures,
        {date: thresholds.regions(version, date, references) for date, version in versions.items()},
    )
    known = {
        (date, name): thresholds.line(name, version, date, references)
        for date, version in versions.items()
        for name in version.criteria
    }  # fmt: skip
    return RunContext(
        frame,
        criteria.Case(versions, known, values, trial_lists=law.trial_lists),
        table,
        published,
        asked,
    )


def formed(
    table: AreaTable, law: Law, references: ReferenceTable, lists: Lists, options: Options
) -> AreaTable:
    """Return the table of lists that is scored: the table itself, or what calendar years give for
    the lists needed.
    """
    asked = _asked(table, law, options)
    published = lists if options.basis == "published" else None
    return (
        calendar_years.form(table, _needed(asked, law, published), law, references)
        if asked
        else table
    )


def judged(
    frame: nw.LazyFrame[Any], context: RunContext, case: criteria.Case, options: Options
) -> nw.LazyFrame[Any]:
    """Return a frame with the outcome of every criterion, and membership of every category that
    asks for no years in a row.
    """
    frame = _with(frame, criteria.cuts(case))
    frame = frame.with_columns(
        *criteria.outcomes(case),
        *categories.residents_test(case, context.table, options.assume_min_residents),
    )
    return frame.with_columns(*categories.memberships(case, in_a_row=False))


def _asked(table: AreaTable, law: Law, options: Options) -> dt.date | None:
    if table.key == "list_date":
        if options.list_year is not None:
            hint = Text("leave out --list-year, or give calendar years in a column year")
            raise UsageError(
                Problem(
                    "UD510",
                    Text("--list-year is for tables of calendar years; this one has list dates"),
                    hint,
                )
            )
        return None
    if options.list_year is None:
        hint = Text("say --list-year, such as --list-year 2025")
        raise UsageError(
            Problem(
                "UD511",
                Text("the table has calendar years, so it must be said which list to form"),
                hint,
            )
        )
    date = law.list_date(options.list_year)
    if date is None:
        raise UsageError(
            Problem(
                "UD509",
                Text("there was no list in {list_year}", list_year=options.list_year),
                Text("the first list is that of 2010"),
            )
        )
    return date


def _needed(asked: dt.date, law: Law, published: Lists | None) -> tuple[dt.date, ...]:
    """Return the list asked for and the earlier ones that no published list tells of."""
    before = [
        date
        for date in earlier([asked], law)
        if not (published and is_published(date, asked, law, published))
    ]
    return (*before, asked)


def _measures(versions: dict[dt.date, CriteriaVersion]) -> dict[str, bool]:
    """Return every measure of the versions in use, and whether the law takes its
    mean over years.
    """
    means: dict[str, bool] = {}
    for version in versions.values():
        for name, block in version.measures.items():
            means[name] = means.get(name, False) or block.is_mean_of_years
    return means


def _with(frame: nw.LazyFrame[Any], columns: list[nw.Expr]) -> nw.LazyFrame[Any]:
    return frame.with_columns(*columns) if columns else frame
