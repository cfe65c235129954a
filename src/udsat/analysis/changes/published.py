"""What changed from one published list to another: by names alone, no figures needed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from udsat.analysis.changes.diff import successors
from udsat.evidence.borders import BorderChange as Border
from udsat.evidence.borders import Borders
from udsat.evidence.published_lists import Lists
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text
from udsat.names.areas import Area


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


def listed(
    dates: tuple[dt.date, dt.date],
    lists: Lists,
    law: Law,
    borders: Borders,
    category: str | None = None,
) -> Listed:
    """Return who entered and left each category that is known by name on both dates.

    Raises `UsageError` where a date has no list, or there is no category known on both.
    """
    old, new = (_version(date, lists, law) for date in dates)
    before = {other: name for name, other in successors(old, new).items()}
    pairs = {
        name: before.get(name, name)
        for name in new.categories
        if category in {None, name, before.get(name)}
    }
    known = {
        after: name
        for after, name in pairs.items()
        if _known(dates[0], name, lists) and _known(dates[1], after, lists)
    }
    if not known:
        hint = Text("known are {names}", names="; ".join(_words(date, lists) for date in dates))
        raise UsageError(
            Problem(
                "UD622",
                Text(
                    "no list is known by name on both {dates} and {dates2}",
                    dates=dates[0],
                    dates2=dates[1],
                ),
                hint,
            )
        )
    steps = tuple(_step(name, after, dates, lists) for after, name in known.items())
    unknown = tuple(name for name in pairs if name not in known)
    touched = {area for step in steps for area in (*step.entered, *step.left)} | _on_either(
        dates, lists
    )
    redrawn = tuple(
        border
        for border in borders.between(*dates)
        if any(
            lists.names.is_same(name, border.municipality, area)
            for name in border.before
            for area in touched
        )
    )
    return Listed(dates, (old, new), steps, unknown, redrawn)


def _version(date: dt.date, lists: Lists, law: Law) -> CriteriaVersion:
    version = law.on(date)
    if version is None or not any(day == date for day, _ in lists.lists):
        known = ", ".join(str(day) for day in sorted({day for day, _ in lists.lists}))
        raise UsageError(
            Problem(
                "UD622",
                Text("no list of {date} is known by name", date=date),
                Text("known are {known}", known=known),
            )
        )
    return version


def _known(date: dt.date, category: str, lists: Lists) -> bool:
    """Whether the list of a date and category is known in full, whatever rule it was made under."""
    one = lists.lists.get((date, category))
    return one is not None and one.complete


def _words(date: dt.date, lists: Lists) -> str:
    return (
        f"{date}:"
        f" {', '.join(sorted(category for day, category in lists.lists if day == date and _known(day, category, lists)))}"  # noqa: E501
    )


def _step(before: str, after: str, dates: tuple[dt.date, dt.date], lists: Lists) -> ListStep:
    old, new = lists.lists[dates[0], before].on, lists.lists[dates[1], after].on
    return ListStep(
        before, after, tuple(sorted(new - old)), tuple(sorted(old - new)), len(old & new)
    )


def _on_either(dates: tuple[dt.date, dt.date], lists: Lists) -> set[Area]:
    return {area for (day, _), one in lists.lists.items() if day in dates for area in one.on}
