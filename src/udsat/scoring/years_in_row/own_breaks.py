"""The last year before a list that the table's own rows break: two numbers for each area, with a
bit for each year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from udsat.scoring.criteria import Case, pair
from udsat.scoring.three_valued import Expr, by_date, on_dates
from udsat.scoring.years_in_row.earlier_lists import Streaks, is_step, years_block
from udsat.scoring.years_in_row.published_breaks import NOT_KNOWN, in_unknown_town, state_name
from udsat.tables.area_table import AREA_KEY, TOWN_KEY

#: The years in which an area is certainly on its list, and certainly not. After `with_own`, the
#: earlier years that break a run: the certain count, and the possible one.
_ON, _OFF = "own_years_on", "own_years_off"
#: The bit above those of all years before a row's list.
_NEXT = "next_bit"
_WEIGHT, _GROUP = "weight", "group_of_list"
#: So many bits an integer of the engines has without its sign and a bit above all years; wider ones
#: cost time and memory.
_BITS = 62


@dataclass(frozen=True, slots=True)
class _OwnLists:
    """The lists of the table whose rows count as years."""

    years: tuple[int, ...]
    #: The bit of each list's year, and the category whose members are on the list.
    weights: dict[dt.date, int]
    of: dict[dt.date, str]

    @property
    def type(self) -> type[nw.Int64 | nw.Int128]:
        """The integer with a bit for each year, and one above."""
        return nw.Int64 if len(self.years) <= _BITS else nw.Int128


def _own_lists(streaks: Streaks, case: Case) -> _OwnLists:
    years = streaks.row_years
    groups = {case.group(date) for date in streaks.steps}
    counted = {
        date: day
        for group in groups
        for day, date in case.behind(group).items()
        if day.year in years and is_step(day, case.versions[date])
    }
    weights = {date: 2 ** years.index(day.year) for date, day in counted.items()}
    return _OwnLists(
        years, weights, {date: years_block(case.versions[date]).of for date in weights}
    )


def with_own(
    frame: nw.LazyFrame[Any],
    joined: nw.LazyFrame[Any],
    streaks: Streaks,
    case: Case,
    keys: tuple[str, ...],
) -> nw.LazyFrame[Any]:
    """Join to rows the earlier years in which their area's rows of `frame` break a run.

    `joined` has the rows of `frame` with what partial lists decide; rows that differ in `keys` do
    not look back on each other.
    """
    own = _own_lists(streaks, case)
    if not own.years:
        return joined
    keys = (AREA_KEY, TOWN_KEY, *keys)
    if case.trial_lists:
        keys = (*keys, _GROUP)
        frame, joined = (rows.with_columns(_group(case)) for rows in (frame, joined))
    joined = joined.join(_sums(frame, own, case, keys), on=list(keys), how="left")
    # Each step has a name: the expressions that read it would otherwise repeat it at every link.
    on, off = (nw.col(name).fill_null(0) for name in (_ON, _OFF))
    joined = joined.with_columns(on, off, _next_bit(streaks, case, own).alias(_NEXT))
    joined = joined.with_columns(*_breaking())
    undecided = _without_decided(streaks, own)
    return joined.with_columns(*undecided) if undecided else joined


def _group(case: Case) -> Expr:
    """Return which lists a row's list belongs with."""
    groups = {date: case.group(date) for date in case.versions}
    return by_date(groups, lambda group: nw.lit(group, dtype=nw.Int32)).alias(_GROUP)


def _sums(
    frame: nw.LazyFrame[Any], own: _OwnLists, case: Case, keys: tuple[str, ...]
) -> nw.LazyFrame[Any]:
    """Return the years on the list, and those certainly off it, of each area."""
    rows = frame.filter(on_dates(own.weights, case.versions)).select(
        *keys,
        by_date(own.weights, lambda weight: nw.lit(weight, dtype=own.type)).alias(_WEIGHT),
        by_date(own.of, lambda name: pair(name).certain).alias(_ON),
        by_date(own.of, lambda name: 1 - pair(name).possible).alias(_OFF),
    )
    bits = [(nw.col(name) * nw.col(_WEIGHT)).alias(name) for name in (_ON, _OFF)]
    sums = rows.select(*keys, *bits).group_by(*keys).agg(nw.col(_ON).sum(), nw.col(_OFF).sum())
    return sums.with_columns(nw.col(_ON).cast(own.type), nw.col(_OFF).cast(own.type))


def _next_bit(streaks: Streaks, case: Case, own: _OwnLists) -> Expr:
    """Return the bit above those of all years before a row's list."""
    places = {date: sum(year < case.day(date).year for year in own.years) for date in streaks.steps}
    return by_date(places, lambda place: nw.lit(2**place, dtype=own.type))


def _breaking() -> tuple[Expr, Expr]:
    """Return the years on a list and off it as the earlier years that break a run."""
    on, off = (nw.col(name) % nw.col(_NEXT) for name in (_ON, _OFF))
    return (nw.col(_NEXT) - 1 - on).alias(_ON), off.alias(_OFF)


def _without_decided(streaks: Streaks, own: _OwnLists) -> list[Expr]:
    """Return both numbers without the years that a list decides for a row: its own rows do not
    count then.
    """
    decided = {
        year: nw.col(state_name(year)) != NOT_KNOWN for year in streaks.partial if year in own.years
    }
    decided |= {year: ~in_unknown_town(streaks) for year in streaks.behind}
    return [_cleared(name, decided, own) for name in (_ON, _OFF)] if decided else []


def _cleared(name: str, decided: Mapping[int, Expr], own: _OwnLists) -> Expr:
    """Return a number without the bits of years under a condition each."""
    number: Expr = nw.col(name)
    for year, condition in decided.items():
        weight = 2 ** own.years.index(year)
        bit = nw.col(name) // weight % 2 * weight
        number = number - nw.when(condition).then(bit).otherwise(0)
    return number.alias(name)


def own_break(years: tuple[int, ...], possible: bool) -> Expr:
    """Return the latest earlier year that an area's own rows break: that of the highest bit."""
    breaking = nw.col(_OFF if possible else _ON)
    last: Expr = nw.lit(0)
    for place, year in enumerate(years):
        last = nw.when(breaking >= 2**place).then(nw.lit(year)).otherwise(last)
    return last
