"""Three-valued truth as two small integers, (certain, possible): the only place where a value meets
a line.

(1, 1) is certain, (0, 0) is ruled out, (0, 1) is unknown. "k of n" is a sum, "and" a product; no
nullable boolean takes part, because engines disagree on what an unknown is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import add, and_, mul
from typing import TypeVar

import narwhals as nw

from udsat.tables.area_table import DATE

T = TypeVar("T", bound=Hashable)
Expr = nw.Expr


@dataclass(frozen=True, slots=True)
class Pair:
    """An outcome as two expressions of 0 and 1, neither ever null."""

    certain: Expr
    possible: Expr


#: What an outcome is called that is ruled out, unknown, and certain: in the order of certain +
#: possible.
YES_OR_NO = ("no", "unknown", "yes")
MET_OR_NOT = ("not_met", "unknown", "met")


def flag(condition: Expr) -> Expr:
    """Return 1 where a condition holds and 0 where it does not or cannot be told (null)."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def unless(condition: Expr) -> Expr:
    """Return 0 where a condition holds and 1 where it does not or cannot be told (null)."""
    return nw.when(condition).then(nw.lit(0)).otherwise(nw.lit(1))


def compare(above: bool, low: Expr, high: Expr, cut: Expr, cut_possible: Expr) -> Pair:
    """Hold every value from low to high against a line: met above the cut, or below it.

    Cuts are ticks, as `Line` makes them, so that "at least" is "above the tick before"; a null cut
    or value is unknown.
    """
    if above:
        return Pair(flag(low > cut), unless(high <= cut_possible))
    return Pair(flag(high < cut), unless(low >= cut_possible))


def at_least(count: int | Expr, pairs: Sequence[Pair]) -> Pair:
    """Return whether at least so many of some outcomes hold: yes when enough are certain, no when
    not enough are possible.
    """
    certain, possible = (
        total([getattr(p, side) for p in pairs]) for side in ("certain", "possible")
    )
    return Pair(flag(certain >= count), flag(possible >= count))


def all_of(pairs: Sequence[Pair]) -> Pair:
    """Return whether all outcomes hold."""
    return Pair(reduce(mul, [p.certain for p in pairs]), reduce(mul, [p.possible for p in pairs]))


def total(flags: Sequence[Expr]) -> Expr:
    """Return the sum of flags."""
    return reduce(add, flags)


def any_of(conditions: Sequence[Expr]) -> Expr:
    """Return whether one of some conditions holds: joined by halves, as a chain of many would be
    too deep for a parser.
    """
    if len(conditions) == 1:
        return conditions[0]
    half = len(conditions) // 2
    return any_of(conditions[:half]) | any_of(conditions[half:])


def word(pair: Pair, words: tuple[str, str, str]) -> Expr:
    """Return an outcome as one of three words, for what is ruled out, unknown, and certain."""
    no, unknown, yes = map(nw.lit, words)
    return (
        nw.when(pair.certain == 1)
        .then(yes)
        .otherwise(nw.when(pair.possible == 0).then(no).otherwise(unknown))
    )


def by_date(specs: Mapping[dt.date, T], build: Callable[[T], Expr]) -> Expr:
    """Return one expression for rows of many list dates: dates with equal specs share a branch.

    One spec for all dates needs no branch at all, which is the usual case of one list. What rows of
    other dates get is left open.
    """
    dates = sorted(specs)
    ends = [date for date, after in pairwise(dates) if specs[date] != specs[after]] + dates[-1:]
    if len(ends) == len(set(specs.values())):  # each spec holds for one span, as most do
        return _by_span([(end, build(specs[end])) for end in ends])
    dates_of: dict[T, list[dt.date]] = {}
    for date in dates:
        dates_of.setdefault(specs[date], []).append(date)
    *others, (last, _) = sorted(dates_of.items(), key=lambda item: len(item[1]))
    expression = build(last)
    for spec, of in others:
        expression = nw.when(nw.col(DATE).is_in(of)).then(build(spec)).otherwise(expression)
    return expression


def _by_span(spans: Sequence[tuple[dt.date, Expr]]) -> Expr:
    """Return one expression from those of spans in order, each with its last date: found by halves,
    as lists may be many.
    """
    if len(spans) == 1:
        return spans[0][1]
    half = len(spans) // 2
    return (
        nw.when(nw.col(DATE) <= spans[half - 1][0])
        .then(_by_span(spans[:half]))
        .otherwise(_by_span(spans[half:]))
    )


def on_dates(dates: Collection[dt.date], known: Collection[dt.date]) -> Expr:
    """Return whether a row is of one of these dates of a table: as a span where the table has no
    others between.
    """
    first, last = min(dates), max(dates)
    if sum(first <= date <= last for date in known) > len(dates):
        return nw.col(DATE).is_in(list(dates))
    ends = [nw.col(DATE) >= first] * (first > min(known)) + [nw.col(DATE) <= last] * (
        last < max(known)
    )
    return reduce(and_, ends) if ends else nw.lit(True)


def text(words: str) -> Expr:
    """Return a text, or none for an empty one."""
    return nw.lit(words or None, dtype=nw.String)
