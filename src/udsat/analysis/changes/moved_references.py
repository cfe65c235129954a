"""What two lists measure and compare with differently, and the references of one in the place of
another's.
"""

from __future__ import annotations

import datetime as dt

from udsat.evidence.references import Reference, ReferenceTable
from udsat.law.doubts import changed
from udsat.law.schema import CriteriaVersion
from udsat.scoring import thresholds


def with_figures(
    made: ReferenceTable,
    at: dt.date,
    references: ReferenceTable,
    of: dt.date,
    other: dt.date,
    version: CriteriaVersion,
    own: CriteriaVersion,
) -> ReferenceTable:
    """Return made-up figures with those that references have of the list `of`, on the date `at`, as
    a version asks for them.

    A figure that the `own` law of that list does not ask for is taken from the `other` list: such a
    reference came with its law and did not move by itself.
    """
    limits: dict[str, tuple[str, Reference]] = {}
    for name, block in version.criteria.items():
        if block.reference == "national":
            figure = thresholds.national_reference(name, version, of, references)
            if figure is None and not _asks(own, name):
                figure = thresholds.national_reference(name, version, other, references)
            limits |= {name: (block.measure, figure)} if figure else {}
    regions = thresholds.regions(version, of, references)
    return made.instead(
        at,
        limits,
        (
            regions
            if "gross_income" in own.measures
            else thresholds.regions(version, other, references) | regions
        ),
    )


def moved(
    references: ReferenceTable,
    one: dt.date,
    other: dt.date,
    versions: tuple[CriteriaVersion, CriteriaVersion],
) -> dict[str, tuple[Reference | None, Reference | None]]:
    """Return the references that both lists ask for and that differ, or are known for one alone: by
    criterion, or `income, <region>`.

    `versions` are those of the two lists.
    """
    old, new = versions
    pairs = {
        name: (
            thresholds.national_reference(name, new, one, references),
            thresholds.national_reference(name, new, other, references),
        )
        for name in new.criteria
        if _asks(old, name) and _asks(new, name)
    }
    if "gross_income" in old.measures:
        before, after = (thresholds.regions(new, date, references) for date in (one, other))
        pairs |= {
            f"income, {region}": (before.get(region), after.get(region))
            for region in before | after
        }
    return {
        name: (first, second)
        for name, (first, second) in pairs.items()
        if _bounds(first) != _bounds(second)
    }


def _asks(version: CriteriaVersion, criterion: str) -> bool:
    """Whether a version compares a criterion with a national figure."""
    return criterion in version.criteria and version.criteria[criterion].reference == "national"


def _bounds(figure: Reference | None) -> tuple[object, ...] | None:
    return (figure.low, figure.high, figure.decides) if figure else None


def redefined(one: CriteriaVersion, other: CriteriaVersion) -> tuple[str, ...]:
    """Return the measures that two versions define differently: other persons, or a mean over more
    or fewer years.
    """
    persons = changed(one, other)
    both = [name for name in other.measures if name in one.measures]
    return tuple(
        name
        for name in both
        if name in persons or len(one.measures[name].years) != len(other.measures[name].years)
    )
