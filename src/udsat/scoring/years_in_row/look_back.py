"""Years in a row on the December lists: from published lists where they are known, else from the
table's own rows.

A run of years ends at its last break. So the years in a row are the year of the list minus the year
of the last break before it, certain or possible: a list that is known and does not name the area is
a break for both, a year of which nothing is known is a break only for the certain count.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw

from udsat import engine
from udsat.evidence.published_lists import Lists
from udsat.law.loader import Law
from udsat.scoring.categories import YEARS_IN_ROW, YEARS_IN_ROW_POSSIBLE
from udsat.scoring.criteria import Case, pair
from udsat.scoring.three_valued import Expr, by_date
from udsat.scoring.years_in_row.earlier_lists import Streaks, is_step, steps
from udsat.scoring.years_in_row.own_breaks import own_break, with_own
from udsat.scoring.years_in_row.published_breaks import (
    PublishedBreaks,
    published_breaks,
    with_keys,
    with_published,
)
from udsat.tables.area_table import DATE, AreaTable

#: The last year before a row's list that breaks a run: the certain count takes the first, the
#: possible one the second.
BREAK, BREAK_POSSIBLE = "last_break", "last_break_possible"


def look_back(
    frame: nw.LazyFrame[Any],
    case: Case,
    law: Law,
    lists: Lists | None,
    table: AreaTable,
    connection: engine.Connection,
) -> tuple[nw.LazyFrame[Any], Streaks]:
    """Return the frame with the keys of published lists, and what its years in a row rest on.

    `lists` are the published lists that may be used; None counts on the table's own rows alone.
    """
    found = {
        date: steps(date, version, case, law, lists)
        for date, version in case.versions.items()
        if is_step(case.day(date), version)
    }
    if not found:
        return frame, Streaks({})
    frame = with_keys(frame, lists, table)
    if lists is None or not any(one.published or one.partial for one in found.values()):
        return frame, Streaks(found)
    return frame, PublishedBreaks(found, case, law, lists).streaks(frame, table, connection)


def with_breaks(
    frame: nw.LazyFrame[Any], streaks: Streaks, case: Case, keys: tuple[str, ...] = ()
) -> nw.LazyFrame[Any]:
    """Join, to judged rows, the last year before theirs that breaks a run, as `BREAK` and
    `BREAK_POSSIBLE`; the rows lose their order.

    Rows that differ in `keys` do not look back on each other.
    """
    if not streaks.steps:
        return frame
    joined = with_own(frame, with_published(frame, streaks), streaks, case, keys)
    return joined.with_columns(
        _last_break(streaks, False).cast(nw.Int32).alias(BREAK),
        _last_break(streaks, True).cast(nw.Int32).alias(BREAK_POSSIBLE),
    )


def _last_break(streaks: Streaks, possible: bool) -> Expr:
    """Return the latest earlier year that breaks a run: not on its list, or (for the certain count)
    not known to be.
    """
    breaks = [_unknown_break(streaks, possible), *published_breaks(streaks, possible)]
    if years := streaks.row_years:
        breaks.append(own_break(years, possible))
    return nw.max_horizontal(*breaks) if len(breaks) > 1 else breaks[0]


def _unknown_break(streaks: Streaks, possible: bool) -> Expr:
    """Return the latest year of which nothing is known; none breaks the possible count."""
    years = {
        date: [one.first - 1, *(() if possible else set(one.unknown) - set(streaks.partial))]
        for date, one in streaks.steps.items()
    }
    return by_date({date: max(some) for date, some in years.items()}, nw.lit)


def with_years(frame: nw.LazyFrame[Any], streaks: Streaks, case: Case) -> nw.LazyFrame[Any]:
    """Return a judged frame with `years_in_row` and `years_in_row_possible`, null on dates that are
    no December list.
    """
    if not streaks.steps:
        null = nw.lit(None, dtype=nw.Int32)
        return frame.with_columns(null.alias(YEARS_IN_ROW), null.alias(YEARS_IN_ROW_POSSIBLE))
    return frame.with_columns(
        _years(streaks, case, False).alias(YEARS_IN_ROW),
        _years(streaks, case, True).alias(YEARS_IN_ROW_POSSIBLE),
    )


def _years(streaks: Streaks, case: Case, possible: bool) -> Expr:
    """Return the year of the list minus that of the last break, where the area is on its own list;
    0 where it is not.
    """
    last = nw.col(BREAK_POSSIBLE if possible else BREAK)

    def build(category: str) -> Expr:
        if not category:
            return nw.lit(None, dtype=nw.Int32)
        is_on = pair(category).possible if possible else pair(category).certain
        years = (_year(streaks, case) - last).cast(nw.Int32)
        return nw.when(is_on == 1).then(years).otherwise(nw.lit(0, dtype=nw.Int32))

    return by_date(_counted(streaks, case), build)


def _year(streaks: Streaks, case: Case) -> Expr:
    """Return the year of a row's list."""
    if case.trial_lists:
        return by_date({date: case.day(date).year for date in streaks.steps}, nw.lit)
    return nw.col(DATE).dt.year()


def _counted(streaks: Streaks, case: Case) -> dict[dt.date, str]:
    """Return the category whose list counts as a year, for each list; empty where none does."""
    return {
        date: version.years_in_row.of if date in streaks.steps and version.years_in_row else ""
        for date, version in case.versions.items()
    }
