"""How far a criterion is from its line: in points, in persons, in kroner; whole numbers and
fractions throughout.

Every distance is to where the outcome is certainly the other one, with all other figures held
fixed. Persons are counted in two ways: persons whose status changes (the base stays), and persons
who move (the base changes with them).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from udsat import ticks
from udsat.messages.text import EMPTY, Text
from udsat.scoring.thresholds import Threshold

WantedOutcome = Literal["met", "not_met"]


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a value must get: above or below a bound in percent, and whether the bound itself is
    enough.
    """

    bound: Fraction
    above: bool
    reached: bool

    def holds(self, value: Fraction) -> bool:
        """Whether a value in percent is there."""
        return (self.reached and value == self.bound) or (
            value > self.bound if self.above else value < self.bound
        )


def goal(line: Threshold, towards: WantedOutcome) -> Goal | None:
    """Return where a value certainly has an outcome; None where no line is known that may decide.

    A line that is only known as printed is a span, so each outcome is certain on its own side of
    it.
    """
    if line.low is None or line.high is None:
        return None
    above = line.above == (towards == "met")
    bound = ticks.to_fraction(line.high if above else line.low)
    return Goal(bound, above, (line.comparator == "at_least") == (towards == "met"))


@dataclass(frozen=True, slots=True)
class PersonCount:
    """Persons counted, of a base of persons, in the latest year; and the shares of the other years
    of a mean.

    Both may be fractions where the law counts full-time persons. Shares are from 0 to 1.
    """

    persons: Fraction
    base: Fraction
    other_years: tuple[Fraction, ...] = ()

    def share(self, persons: Fraction | int = 0, base: Fraction | int = 0) -> Fraction:
        """Return the value in percent if so many more persons were counted, in a base so much
        larger, this year.
        """
        latest = (self.persons + persons) / (self.base + base)
        return 100 * (latest + sum(self.other_years, Fraction(0))) / (1 + len(self.other_years))


@dataclass(frozen=True, slots=True)
class Income:
    """Mean income of an area and of its region, in kroner."""

    own: Fraction
    region: Fraction


@dataclass(frozen=True, slots=True)
class Figure:
    """A value in percent, as all it may be from `low` to `high`, with what is behind it."""

    low: Fraction
    high: Fraction
    behind: PersonCount | Income | None = None


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a criterion is from the other outcome; what cannot be known is None, and `why` says
    so.
    """

    towards: WantedOutcome | None = None
    #: In percentage points of the value; `more_than` tells that the line itself is not enough.
    points: Fraction | None = None
    more_than: bool = False
    #: Persons whose status would change.
    persons_status: int | None = None
    #: Persons who would move out: of those counted towards "not met", of the others towards "met".
    persons_moving_out: int | None = None
    #: Persons counted who would move in; only towards "met".
    persons_moving_in: int | None = None
    #: Whole kroner for each taxpayer, on average.
    kroner: int | None = None
    #: How many other years of a mean are held fixed in the numbers of persons.
    other_years: int = 0
    why: Text = EMPTY


NO_COUNTS = Text(
    "the table has no exact counts behind this value, so the number of persons cannot be calculated"
)
NO_KRONER = Text(
    "the table has no income in kroner with a mean of its region, so kroner cannot be calculated"
)
UNREACHABLE = Text(
    "this year alone cannot bring it there: the mean of the years would stay on its side of the"
    " threshold"
)
TOO_FEW = Text("no number of persons brings it there")


def distance(
    outcome: str, line: Threshold, figure: Figure | None, is_income: bool = False
) -> Distance:
    """Return how far a criterion is from the other outcome."""
    if outcome not in {"met", "not_met"} or figure is None:
        return Distance(
            why=Text("the outcome is not decided, so there is no distance to the other one")
        )
    towards: WantedOutcome = "not_met" if outcome == "met" else "met"
    wanted = goal(line, towards)
    if wanted is None:
        return Distance(why=Text("no threshold is known that may decide"))
    points = wanted.bound - figure.low if wanted.above else figure.high - wanted.bound
    found = Distance(towards, points, not wanted.reached)
    if isinstance(figure.behind, Income):
        return _with(found, kroner=_kroner(wanted, figure.behind))
    if figure.behind is None:
        return _with(found, why=NO_KRONER if is_income else NO_COUNTS)
    return _in_persons(found, wanted, figure.behind)


def _with(found: Distance, kroner: int | None = None, why: Text = EMPTY) -> Distance:
    return Distance(found.towards, found.points, found.more_than, kroner=kroner, why=why)


def _kroner(wanted: Goal, income: Income) -> int:
    """The line in kroner is a share of the region's mean, which is held fixed."""
    line = wanted.bound * income.region / 100
    return _least(line - income.own if wanted.above else income.own - line, wanted)


def _least(number: Fraction, wanted: Goal) -> int:
    """Return the smallest whole number that is enough: at least `number`, or above it where the
    line is not enough.
    """
    return math.ceil(number) if wanted.reached else math.floor(number) + 1


def _in_persons(found: Distance, wanted: Goal, count: PersonCount) -> Distance:
    status, out, into = (_up if wanted.above else _down)(
        count, _line_of_this_year(wanted, count.other_years), wanted
    )
    why = EMPTY
    if status is None:
        why = UNREACHABLE if count.other_years else TOO_FEW
    return Distance(
        found.towards,
        found.points,
        found.more_than,
        status,
        out,
        into,
        other_years=len(count.other_years),
        why=why,
    )


def _line_of_this_year(wanted: Goal, others: Sequence[Fraction]) -> Fraction:
    """Return the line, as a share, that this year must get past if the other years of the mean stay
    as they are.
    """
    return (1 + len(others)) * wanted.bound / 100 - sum(others, Fraction(0))


Persons = tuple[int | None, int | None, int | None]


def _down(count: PersonCount, line: Fraction, wanted: Goal) -> Persons:
    """Return how many counted persons change status, or move out, until the share is below the
    line.
    """
    over = count.persons - line * count.base
    status = _within(_least(over, wanted), count.persons)
    out = _within(_least(over / (1 - line), wanted), count.persons) if line < 1 else None
    return status, None if out is None or out >= count.base else out, None


def _up(count: PersonCount, line: Fraction, wanted: Goal) -> Persons:
    """Return how many other persons change status, how many of them move out, and how many counted
    ones move in.
    """
    under, rest = line * count.base - count.persons, count.base - count.persons
    status = _within(_least(under, wanted), rest)
    out = (
        _within(_least(count.base - count.persons / line, wanted), rest)
        if line > 0 and count.persons > 0
        else None
    )
    return status, out, _least(under / (1 - line), wanted) if line < 1 else None


def _within(number: int, most: Fraction) -> int | None:
    return number if number <= most else None
