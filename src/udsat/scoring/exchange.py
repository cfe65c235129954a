"""What would be if one thing were another: the law or the yardsticks of another list in place of a list's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from udsat.law.library import Law
from udsat.law.model import CriteriaVersion
from udsat.scoring import lines
from udsat.scoring.notes import changed
from udsat.tables.references import Reference, ReferenceTable


@dataclass(frozen=True, slots=True)
class Exchanged(Law):
    """The law with other versions than their own on some dates."""

    instead: Mapping[dt.date, CriteriaVersion] = field(default_factory=dict)

    def on(self, date: dt.date) -> CriteriaVersion | None:
        """Return the version to judge a date by."""
        return self.instead.get(date) or Law.on(self, date)


def law_with(law: Law, date: dt.date, version: CriteriaVersion) -> Law:
    """Return the law with this version on one date."""
    return Exchanged(law.versions, law.digests, law.chosen, {date: version})


def references_with(references: ReferenceTable, at: dt.date, of: dt.date, other: dt.date, version: CriteriaVersion) -> ReferenceTable:
    """Return the figures with those of the list `of` on the date `at`, as a version asks for them.

    A figure that is not known for that list is taken from the `other` one: a yardstick that only one of two lists has
    came with its law and did not move by itself.
    """
    limits: dict[str, tuple[str, Reference]] = {}
    for name, block in version.criteria.items():
        if block.reference == "national":
            figure = lines.yardstick(name, version, of, references) or lines.yardstick(name, version, other, references)
            limits |= {name: (block.measure, figure)} if figure else {}
    regions = lines.regions(version, other, references) | lines.regions(version, of, references)
    return references.instead(at, limits, regions)


def moved(references: ReferenceTable, one: dt.date, other: dt.date, version: CriteriaVersion) -> dict[str, tuple[Reference, Reference]]:
    """Return the yardsticks that two lists both have and that differ: by criterion, or `income, <region>`."""
    pairs = {
        name: (lines.yardstick(name, version, one, references), lines.yardstick(name, version, other, references))
        for name, block in version.criteria.items()
        if block.reference == "national"
    }
    before, after = (lines.regions(version, date, references) for date in (one, other))
    pairs |= {f"income, {region}": (before.get(region), figure) for region, figure in after.items()}
    return {name: (old, new) for name, (old, new) in pairs.items() if old and new and _bounds(old) != _bounds(new)}


def _bounds(figure: Reference) -> tuple[object, ...]:
    return figure.low, figure.high, figure.decides


def redefined(one: CriteriaVersion, other: CriteriaVersion) -> tuple[str, ...]:
    """Return the measures that two versions define differently: other persons, or a mean over more or fewer years."""
    persons = changed(one, other)
    both = [name for name in other.measures if name in one.measures]
    return tuple(name for name in both if name in persons or len(one.measures[name].years) != len(other.measures[name].years))
