"""What changed from one published list to another: by names alone, no figures needed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from udsat.errors import Problem, UsageError
from udsat.law.library import Law
from udsat.law.model import CriteriaVersion
from udsat.questions.diff import successors
from udsat.tables.borders import Borders
from udsat.tables.borders import Change as Border
from udsat.tables.lists import Area, Lists, plain_municipality, plain_name


@dataclass(frozen=True, slots=True)
class ListStep:
    """One category on two lists: who entered and who left."""

    #: Its name on the older and on the newer list.
    before: str
    after: str
    entered: tuple[Area, ...]
    left: tuple[Area, ...]
    stayed: int


@dataclass(frozen=True, slots=True)
class Listed:
    """What changed from the lists of one date to those of another."""

    dates: tuple[dt.date, dt.date]
    versions: tuple[CriteriaVersion, CriteriaVersion]
    steps: tuple[ListStep, ...]
    #: Categories of the newer law of which one of the two lists is not known by name.
    unknown: tuple[str, ...]
    borders: tuple[Border, ...]

    @property
    def differs(self) -> bool:
        """Whether any area entered or left."""
        return any(step.entered or step.left for step in self.steps)


def listed(dates: tuple[dt.date, dt.date], lists: Lists, law: Law, borders: Borders, category: str | None = None) -> Listed:
    """Return who entered and left each category that is known by name on both dates.

    Raises `UsageError` where a date has no list, or there is no category known on both.
    """
    old, new = (_version(date, lists, law) for date in dates)
    before = {other: name for name, other in successors(old, new).items()}
    pairs = {name: before.get(name, name) for name in new.categories if category in {None, name, before.get(name)}}
    known = {after: name for after, name in pairs.items() if (dates[0], name) in lists.members and (dates[1], after) in lists.members}
    if not known:
        hint = f"known are {'; '.join(_words(date, lists) for date in dates)}"
        raise UsageError(Problem("UD622", f"no list is known by name on both {dates[0]} and {dates[1]}", hint))
    steps = tuple(_step(name, after, dates, lists) for after, name in known.items())
    unknown = tuple(name for name in pairs if name not in known)
    touched = {plain_name(area.name) for step in steps for area in (*step.entered, *step.left)}
    redrawn = tuple(
        border
        for border in borders.between(*dates)
        if any(plain_name(name) in touched or _on(name, border, dates, lists) for name in border.before)
    )
    return Listed(dates, (old, new), steps, unknown, redrawn)


def _version(date: dt.date, lists: Lists, law: Law) -> CriteriaVersion:
    version = law.on(date)
    if version is None or not any(day == date for day, _ in lists.members):
        known = ", ".join(str(day) for day in sorted({day for day, _ in lists.members}))
        raise UsageError(Problem("UD622", f"no list of {date} is known by name", f"known are {known}"))
    return version


def _words(date: dt.date, lists: Lists) -> str:
    return f"{date}: {', '.join(sorted(category for day, category in lists.members if day == date))}"


def _step(before: str, after: str, dates: tuple[dt.date, dt.date], lists: Lists) -> ListStep:
    old, new = lists.members[dates[0], before], lists.members[dates[1], after]
    return ListStep(before, after, tuple(sorted(new - old)), tuple(sorted(old - new)), len(old & new))


def _on(name: str, border: Border, dates: tuple[dt.date, dt.date], lists: Lists) -> bool:
    """Whether an area whose borders changed is on one of the lists."""
    here = (plain_name(name), plain_municipality(border.municipality))
    return any(
        (plain_name(a.name), plain_municipality(a.municipality)) == here
        for (day, _), some in lists.members.items()
        if day in dates
        for a in some
    )
