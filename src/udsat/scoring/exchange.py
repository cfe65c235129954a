"""What two lists measure and hold against differently, and the yardsticks of one in the place of another's."""

from __future__ import annotations

import datetime as dt

from udsat.law.model import CriteriaVersion
from udsat.scoring import lines
from udsat.scoring.notes import changed
from udsat.tables.references import Reference, ReferenceTable


def with_figures(
    made: ReferenceTable, at: dt.date, references: ReferenceTable, of: dt.date, other: dt.date, version: CriteriaVersion
) -> ReferenceTable:
    """Return made-up figures with those that references have of the list `of`, on the date `at`, as a version asks for them.

    A figure that is not known for that list is taken from the `other` one: a yardstick that only one of two lists has
    came with its law and did not move by itself.
    """
    limits: dict[str, tuple[str, Reference]] = {}
    for name, block in version.criteria.items():
        if block.reference == "national":
            figure = lines.yardstick(name, version, of, references) or lines.yardstick(name, version, other, references)
            limits |= {name: (block.measure, figure)} if figure else {}
    regions = lines.regions(version, other, references) | lines.regions(version, of, references)
    return made.instead(at, limits, regions)


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
