"""Doubts about the law that verdicts rest on, as annotations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from udsat.law.schema import CriteriaVersion, Doubt, Measure
from udsat.messages.annotation import Annotation
from udsat.messages.text import Text

#: Keys that a verdict does not rest on: where a rule stands. Years matter only where means over
#: years are formed.
_CITATIONS = frozenset({"source", "danish", "english", "label"})
#: Keys that bear on counts of calendar years alone: a share that a list prints has them in it.
_OF_YEARS = frozenset({"years", "counted", "unapproved_education"})
#: Keys by which a measure means some persons and not others.
PERSONS = (
    "population", "ages", "excludes", "unknown_education", "unapproved_education", "counted",
)  # fmt: skip
#: What annotations are about, besides criteria and measures.
RESIDENTS, YEARS, CRITERIA = "residents", "years in a row", "criteria"


def as_annotations(
    doubts: Iterable[Doubt], about: Iterable[str], continues: bool = False
) -> tuple[Annotation, ...]:
    """Return doubts as annotations that are written in one note; with `continues` in that of what
    stands before them.
    """
    topics = tuple(about)
    found = [
        Annotation(
            "doubt",
            topics,
            Text(doubt.text),
            doubt.status,
            doubt.id or "",
            tuple(point.rpartition(".")[2] for point in doubt.about),
            continues=True,
        )
        for doubt in doubts
    ]
    return tuple([replace(one, continues=continues) for one in found[:1]] + found[1:])


def doubts_on(
    version: CriteriaVersion, blocks: tuple[str, ...], by_year: bool
) -> tuple[Doubt, ...]:
    """Return the doubts about blocks of a criteria file that a verdict rests on."""

    def matters(point: str) -> bool:
        key = point.rpartition(".")[2]
        return key not in _CITATIONS and (by_year or key not in _OF_YEARS)

    return tuple(
        doubt
        for doubt in version.doubts_about(*blocks)
        if any(map(matters, doubt.points_in(*blocks)))
    )


def of_criterion(version: CriteriaVersion, criterion: str, by_year: bool) -> tuple[Doubt, ...]:
    """Return the doubts that the outcome of a criterion rests on."""
    blocks = (f"criteria.{criterion}", f"measures.{version.criteria[criterion].measure}")
    return doubts_on(version, blocks, by_year)


def of_measure(version: CriteriaVersion, measure: str, by_year: bool) -> tuple[Annotation, ...]:
    """Return the annotations that criteria on a measure carry; criteria with the same doubts share
    them.
    """
    sharing: dict[tuple[Doubt, ...], list[str]] = {}
    for name, block in version.criteria.items():
        if block.measure == measure and (doubts := of_criterion(version, name, by_year)):
            sharing.setdefault(doubts, []).append(name)
    return tuple(one for doubts, names in sharing.items() for one in as_annotations(doubts, names))


def of_rounding(version: CriteriaVersion) -> tuple[Doubt, ...]:
    """Return the doubts about all criteria alike, on which a verdict rests where a value is on its
    line.
    """
    return tuple(
        doubt for doubt in version.doubts if doubt.status != "stated" and CRITERIA in doubt.about
    )


def of_residents(version: CriteriaVersion) -> tuple[Doubt, ...]:
    """Return the doubts about how many residents an area must have."""
    return doubts_on(version, ("area.min_residents", "area.min_residents_2010"), False)


def of_years_in_row(version: CriteriaVersion) -> tuple[Doubt, ...]:
    """Return the doubts about years in a row, of a version that counts them for a category."""
    counting = [name for name, category in version.categories.items() if category.years_in_row]
    blocks = (*(f"categories.{name}" for name in counting), "years_in_row")
    return doubts_on(version, blocks, False) if counting else ()


def changed(old: CriteriaVersion, new: CriteriaVersion) -> list[str]:
    """Return the measures by which two versions mean different persons."""
    return [
        name
        for name, block in old.measures.items()
        if name in new.measures and _differs(block, new.measures[name])
    ]


def _differs(one: Measure, other: Measure) -> bool:
    return any(getattr(one, key) != getattr(other, key) for key in PERSONS)
