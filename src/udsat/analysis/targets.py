"""Where areas started, where they stand, and what is left to an aim; with two scenarios that only
repeat what was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import duckdb

from udsat.analysis.explain.distance import Distance, Figure, Goal, goal
from udsat.analysis.explain.explain import choose_list, distances
from udsat.analysis.explain.figures import Figures, figures
from udsat.analysis.explain.minimal_changes import CriteriaState, Finder, Ways, is_origin, state
from udsat.analysis.records import Record, kept, with_residents
from udsat.law.doubts import changed
from udsat.law.evaluate import NO, UNKNOWN, YES, Truth
from udsat.law.schema import CriteriaVersion
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text
from udsat.scoring.verdicts import Verdicts
from udsat.tables.area_table import ROW, AreaTable

#: "This year repeats": all figures stay. "The last change repeats": each goes on as from the list
#: before to this one.
Scenario = Literal["this_year_repeats", "last_change_repeats"]
SCENARIOS: tuple[Scenario, ...] = ("this_year_repeats", "last_change_repeats")
NONE = "none"


@dataclass(frozen=True, slots=True)
class Aim:
    """The list that an aim is measured from, the year it is set for, and the category aimed at."""

    baseline: str
    year: int
    category: str = NONE

    @classmethod
    def of(cls, baseline: str | None, year: int | None, category: str | None) -> Aim | None:
        """Return the aim that options tell of, or none; raise `UsageError` where they tell of half
        of one.
        """
        if baseline is None and year is None and category is None:
            return None
        if baseline is None or year is None:
            hint = Text("say both, such as --baseline 2014 --target 2025 --target-category none")
            raise UsageError(Problem("UD511", Text("an aim needs --baseline and --target"), hint))
        return cls(baseline, year, category or NONE)


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """One criterion of an area from the baseline to now."""

    criterion: str
    #: The value at the baseline, in percent; None where there is none, or where the measure meant
    #: something else then.
    start: float | None
    now: float | None
    limit: float | None
    outcome: str
    distance: Distance
    #: The measure is defined as it was at the baseline.
    comparable: bool


@dataclass(frozen=True, slots=True)
class Course:
    """One area from the baseline to the aim."""

    area: Record
    version: CriteriaVersion
    start: Record | None
    #: The baseline was judged by this version.
    start_version: CriteriaVersion
    progress: tuple[TargetProgress, ...]
    #: Whether the aim holds now: yes, no or unknown.
    holds: str
    #: What would take the area out of the categories beyond the aim, as it stands.
    left: tuple[Ways, ...]
    #: By scenario: the innermost category in the year of the aim that is certain, and the innermost
    #: that is possible.
    scenarios: Mapping[Scenario, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Courses:
    """All areas of the latest list on their way to an aim."""

    aim: Aim
    start: dt.date
    before: dt.date | None
    now: dt.date
    courses: tuple[Course, ...]


def courses(
    verdicts: Verdicts,
    given: AreaTable,
    connection: duckdb.DuckDBPyConnection,
    aim: Aim,
    wanted: str | None = None,
    include_origin: bool = False,
) -> Courses:
    """Return where each area of a list (the latest by default) stands on its way to an aim.

    Raises `UsageError` where the table lacks a list, or the aim lies before it or names no
    category.
    """
    dates = sorted(verdicts.case.versions)
    now, start = (
        choose_list(dates, wanted, Text("the table")),
        choose_list(dates, aim.baseline, Text("the table")),
    )
    before = max((date for date in dates if date < now), default=None)
    _possible(aim, start, now, verdicts.case.versions[now])
    own = kept(verdicts, connection, dates={start, now} | ({before} if before else set()))
    rows = with_residents(own)
    of_list = {
        date: {_key(row): row for row in rows if row["list_date"] == date}
        for date in own.case.versions
    }
    known = figures(own, given)
    far = distances(own, known, list(of_list[now].values()), include_origin)
    maker = _Maker(
        own,
        aim,
        known,
        Finder(own.case.versions[now], include_origin),
        start,
        before,
        now,
        _goals(own, now),
        _same(own, now),
    )
    found = [
        maker.course(
            row,
            of_list[start].get(key),
            of_list[before].get(key) if before else None,
            far[row[ROW]],
        )
        for key, row in of_list[now].items()
    ]
    return Courses(aim, start, before, now, tuple(found))


def _key(row: Record) -> tuple[str, str]:
    return row["area"], row.get("municipality") or ""


def _possible(aim: Aim, start: dt.date, now: dt.date, version: CriteriaVersion) -> None:
    if start > now:
        raise UsageError(
            Problem(
                "UD510",
                Text("the baseline {start} is after the list {now}", start=start, now=now),
                Text("name an earlier list with --baseline"),
            )
        )
    if aim.year < now.year:
        raise UsageError(
            Problem(
                "UD510",
                Text("the aim {year} is before the list {now}", year=aim.year, now=now),
                Text("name a later year with --target, or --list"),
            )
        )
    if aim.category not in {NONE, *version.categories}:
        hint = Text("give {none} or one of {names}", none=NONE, names=", ".join(version.categories))
        raise UsageError(
            Problem(
                "UD509",
                Text(
                    "criteria {id} have no category '{category}'",
                    id=version.id,
                    category=aim.category,
                ),
                hint,
            )
        )


@dataclass(frozen=True, slots=True)
class _Maker:
    verdicts: Verdicts
    aim: Aim
    known: Figures
    finder: Finder
    start: dt.date
    before: dt.date | None
    now: dt.date
    goals: Mapping[str, tuple[Goal, Goal]]
    #: By list, the measures that meant then what they mean now.
    same: Mapping[dt.date, frozenset[str]]

    @property
    def version(self) -> CriteriaVersion:
        return self.finder.version

    def course(
        self, row: Record, first: Record | None, last: Record | None, far: Mapping[str, Distance]
    ) -> Course:
        standing = state(row, self.version)
        ahead = {scenario: self._innermost(standing, row, last, scenario) for scenario in SCENARIOS}
        start_version = self.verdicts.case.versions[self.start]
        holds = self._holds(row["category"], row["category_possible"])
        left = tuple(
            self.finder.off(name, standing) for name in self._beyond() if row[name] != "no"
        )
        return Course(
            row,
            self.version,
            first,
            start_version,
            self._progress(row, first, far),
            holds,
            left,
            ahead,
        )

    def _progress(
        self, row: Record, first: Record | None, far: Mapping[str, Distance]
    ) -> tuple[TargetProgress, ...]:
        found = []
        for name in self.version.criteria:
            if not self.finder.include_origin and is_origin(self.version, name):
                continue
            same = self._comparable(name, self.start)
            start = first.get(f"{name}_value") if first and same else None
            found.append(
                TargetProgress(
                    name,
                    start,
                    row[f"{name}_value"],
                    row[f"{name}_limit"],
                    row[name],
                    far[name],
                    same,
                )
            )
        return tuple(found)

    def _comparable(self, criterion: str, date: dt.date) -> bool:
        """Whether the measure of a criterion meant then what it means now."""
        return self._same(self.version.criteria[criterion].measure, date)

    def _same(self, measure: str, date: dt.date) -> bool:
        return measure in self.same[date]

    def _beyond(self) -> list[str]:
        """Return the categories that the aim rules out, without those that rest on
        another of them.
        """
        names = list(self.version.categories)
        aimed = names.index(self.aim.category) + 1 if self.aim.category != NONE else 0
        beyond = names[aimed:]
        return [
            name for name in beyond if not set(self.version.categories[name].all_of) & set(beyond)
        ]

    def _holds(self, sure: str, most: str) -> str:
        ranks = {NONE: 0, "unknown": 0} | {
            name: rank for rank, name in enumerate(self.version.categories, 1)
        }
        aimed = ranks[self.aim.category]
        return "yes" if ranks[most] <= aimed else "no" if ranks[sure] > aimed else "unknown"

    def _innermost(
        self, standing: CriteriaState, row: Record, last: Record | None, scenario: Scenario
    ) -> tuple[str, str]:
        """Return the innermost category in the year of the aim, certain and possible, if a scenario
        came true each year.
        """
        years, then = standing.years, standing
        for ahead in range(1, self.aim.year - self.now.year + 1):
            outcomes = (
                standing.outcomes
                if scenario == "this_year_repeats"
                else self._outcomes(row, last, ahead)
            )
            then = replace(standing, outcomes=outcomes, years=years)
            years = self._count(then)
            then = replace(standing, outcomes=outcomes, years=years)
        found = [(name, self.finder.membership(name, then)) for name in self.version.categories]
        sure = [name for name, truth in found if truth.certain]
        most = [name for name, truth in found if truth.possible]
        return (sure[-1] if sure else "unknown" if most else NONE), most[-1] if most else NONE

    def _count(self, then: CriteriaState) -> tuple[int, int]:
        """Return the years in a row after one more list."""
        block = self.version.years_in_row
        if block is None:
            return then.years
        member = self.finder.membership(block.of, then)
        return (
            then.years[0] + 1 if member.certain else 0,
            then.years[1] + 1 if member.possible else 0,
        )

    def _outcomes(self, row: Record, last: Record | None, ahead: int) -> tuple[Truth, ...]:
        """Return the outcomes if every last change went on for so many years, against the lines of
        now.
        """
        values = (
            {name: self._value(name, row, last, ahead) for name in self.version.measures}
            if last
            else {}
        )
        return tuple(
            _judged(values.get(block.measure), self.goals.get(name))
            for name, block in self.version.criteria.items()
        )

    def _value(self, measure: str, row: Record, last: Record, ahead: int) -> Figure | None:
        now, then = self.known[row[ROW]].get(measure), self.known[last[ROW]].get(measure)
        if (
            now is None
            or then is None
            or self.before is None
            or not self._same(measure, self.before)
        ):
            return None
        return _extended(
            now,
            then,
            Fraction(ahead, self.now.year - self.before.year or 1),
            measure != "gross_income",
        )


def _judged(value: Figure | None, goals: tuple[Goal, Goal] | None) -> Truth:
    """Return the outcome of a supposed value: met or not met where all it may be is,
    else unknown.
    """
    if value is None or goals is None:
        return UNKNOWN
    for wanted, truth in zip(goals, (YES, NO), strict=True):
        if wanted.holds(value.low) and (value.low == value.high or wanted.holds(value.high)):
            return truth
    return UNKNOWN


def _same(verdicts: Verdicts, now: dt.date) -> dict[dt.date, frozenset[str]]:
    """Return, for each list, the measures that meant then what they mean on the list of now."""
    versions = verdicts.case.versions
    return {
        date: frozenset(then.measures) - frozenset(changed(then, versions[now]))
        for date, then in versions.items()
    }


def _goals(verdicts: Verdicts, date: dt.date) -> dict[str, tuple[Goal, Goal]]:
    """Return, for each criterion with a line that decides, where a value is certainly met and where
    it is certainly not.
    """
    found = {}
    for name in verdicts.case.versions[date].criteria:
        met, not_met = (
            goal(verdicts.case.lines[date, name], towards) for towards in ("met", "not_met")
        )
        if met and not_met:
            found[name] = (met, not_met)
    return found


def _extended(now: Figure, then: Figure, times: Fraction, share: bool) -> Figure:
    """Return a value that goes on changing as it did, so many times; a share stays from 0 to 100
    percent.
    """
    low = now.low + times * (now.low - then.high)
    point = now.low == now.high and then.low == then.high
    high = low if point else now.high + times * (now.high - then.low)
    return Figure(_kept(low, share), _kept(high, share))


def _kept(value: Fraction, share: bool) -> Fraction:
    return max(Fraction(0), min(value, Fraction(100)) if share else value)
