"""Areas that are near a change: near a line on either side, one criterion short of a category, or
one list short of a streak.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import duckdb

from udsat.analysis.explain.distance import Distance
from udsat.analysis.explain.explain import choose_list, distances
from udsat.analysis.explain.figures import figures
from udsat.analysis.explain.minimal_changes import CriteriaState, Finder, state
from udsat.analysis.records import Record, kept, with_residents
from udsat.law.schema import CriteriaVersion
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text
from udsat.scoring.verdicts import Verdicts
from udsat.tables.area_table import ROW, AreaTable

_WITHIN = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,9})?)\s*(points?|p|persons?)?")


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a line is near: so many points, or so many persons of another status."""

    points: Fraction | None = Fraction(1)
    persons: int | None = None
    #: No further, either, than this share of the line itself; persons have none.
    share: Fraction | None = None

    @classmethod
    def of(cls, text: str) -> Nearness:
        """Return what a text means: `1.5`, `1.5 points` or `15 persons`.

        >>> Nearness.of("15 persons").persons
        15
        """
        found = _WITHIN.fullmatch(text.strip().casefold())
        if found is None:
            raise UsageError(
                Problem(
                    "UD508",
                    Text("--within '{text}' is no distance", text=text),
                    Text("say --within 1.5 for points, or --within '15 persons'"),
                )
            )
        number, unit = Fraction(Decimal(found[1].replace(",", "."))), found[2] or "points"
        if not unit.startswith("person"):
            return cls(number)
        if number.denominator > 1:
            raise UsageError(
                Problem(
                    "UD508",
                    Text("--within '{text}': persons are counted whole", text=text),
                    Text("say --within '15 persons'"),
                )
            )
        return cls(None, int(number))

    def at(self, line: Fraction | None) -> Nearness:
        """Return how near is near at a line (in percent): a point is little at 40 and half of all
        at 2.

        >>> Nearness(Fraction(1), share=Fraction(1, 40)).at(Fraction(2)).points
        Fraction(1, 20)
        """
        if self.share is None or self.points is None or line is None:
            return self
        return replace(self, points=min(self.points, self.share * line))

    def holds(self, one: Distance) -> bool:
        """Whether a distance is near."""
        if self.persons is not None:
            return one.persons_status is not None and one.persons_status <= self.persons
        return one.points is not None and self.points is not None and one.points <= self.points


#: Within a point at lines of 40 % and more, and in the same proportion at lower ones.
IN_PROPORTION = Nearness(Fraction(1), share=Fraction("0.025"))
_NO_DISTANCE = Distance()


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason to watch an area: a criterion near its line or one short of a category, or years
    one short.
    """

    area: Record
    version: CriteriaVersion
    #: Empty where the years in a row are what is short.
    criterion: str = ""
    distance: Distance = _NO_DISTANCE
    near: bool = False
    #: The categories that this criterion alone would bring the area into, or take it out of.
    into: tuple[str, ...] = ()
    out_of: tuple[str, ...] = ()
    #: Other criteria that would do the same, from further away.
    also: tuple[str, ...] = ()
    #: The category that is one list short, and the years needed.
    streak: str = ""
    years_needed: int = 0

    def order(self) -> tuple[int, Fraction, str, str]:
        """Return the key of nearness: one list short first, then by points, then what has no
        distance.
        """
        if self.streak:
            return 0, Fraction(0), self.area["area"], self.streak
        points = self.distance.points
        return (
            1 if points is not None else 2,
            points or Fraction(0),
            self.area["area"],
            self.criterion,
        )


@dataclass(frozen=True, slots=True)
class Watched:
    """What there is to watch on one list, sorted by nearness."""

    list_date: dt.date
    findings: tuple[Finding, ...]
    areas: int
    undecided: int
    include_origin: bool


def watch(
    verdicts: Verdicts,
    given: AreaTable,
    connection: duckdb.DuckDBPyConnection,
    within: Nearness | None = None,
    wanted: str | None = None,
    include_origin: bool = False,
) -> Watched:
    """Return the areas of a list (a year or date; the latest by default) that are near a change.

    Raises `UsageError` where the table has no such list.
    """
    date = choose_list(tuple(verdicts.case.versions), wanted, Text("the table"))
    own = kept(verdicts, connection, dates=[date])
    areas = with_residents(own)
    known = distances(own, figures(own, given), areas, include_origin)
    finder = Finder(own.case.versions[date], include_origin)
    findings = [
        one
        for area in areas
        for one in _of_area(area, finder, known[area[ROW]], within or Nearness())
    ]
    undecided = sum(area["category"] != area["category_possible"] for area in areas)
    return Watched(
        date, tuple(sorted(findings, key=Finding.order)), len(areas), undecided, include_origin
    )


def _of_area(
    area: Record, finder: Finder, known: dict[str, Distance], within: Nearness
) -> list[Finding]:
    now, version = state(area, finder.version), finder.version
    into, out_of = (_alone(finder, now, area, side) for side in (True, False))
    found = [
        Finding(
            area, version, name, one, within.holds(one), into.get(name, ()), out_of.get(name, ())
        )
        for name, one in known.items()
        if within.holds(one) or name in into
    ]
    return [*_merged(found), *_one_list_short(area, version)]


def _alone(
    finder: Finder, now: CriteriaState, area: Record, into: bool
) -> dict[str, tuple[str, ...]]:
    """Return, by criterion, the categories that it alone would bring the area into, or take it out
    of.
    """
    found: dict[str, tuple[str, ...]] = {}
    for category in finder.version.categories:
        if area[category] != ("no" if into else "yes"):
            continue
        ways = finder.on(category, now) if into else finder.off(category, now)
        for name, *more in ways.sets:
            if not more:
                found[name] = (*found.get(name, ()), category)
    return found


def _merged(found: Sequence[Finding]) -> list[Finding]:
    """Keep the near ones, and of the others the nearest that leads into the same categories, with
    the rest named.
    """
    near = [one for one in found if one.near]
    rest: dict[tuple[str, ...], list[Finding]] = {}
    for one in sorted((one for one in found if not one.near), key=Finding.order):
        rest.setdefault(one.into, []).append(one)
    merged = [
        replace(first, also=tuple(one.criterion for one in more)) for first, *more in rest.values()
    ]
    return near + merged


def _one_list_short(area: Record, version: CriteriaVersion) -> list[Finding]:
    """Return the categories that an area on its list is one list short of, or may be where earlier
    years are not known.
    """
    low, high = area["years_in_row"] or 0, area["years_in_row_possible"] or 0
    return [
        Finding(area, version, streak=name, years_needed=block.years_in_row)
        for name, block in version.categories.items()
        if block.years_in_row and 0 < low < block.years_in_row <= high + 1
    ]
