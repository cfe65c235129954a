"""What counts of persons rest on that the statute does not state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from udsat.law.doubts import PERSONS, as_annotations
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion, Measure
from udsat.messages.annotation import Annotation

if TYPE_CHECKING:
    from udsat.register.aggregate import Counted


def doubts(found: Counted) -> dict[Annotation, list[str]]:
    """Return what counts rest on that the statute does not state, each with the versions that it is
    about.
    """
    used: dict[Annotation, list[str]] = {}
    for version in (found.law.chosen,) if found.law.chosen else found.law.versions:
        for measure, block in version.measures.items():
            if any(_looks_at(version, block, year, found.law) for year in found.years):
                for doubt in version.doubts_about(
                    *(f"measures.{measure}.{key}" for key in PERSONS)
                ):
                    (one,) = as_annotations([doubt], [measure])
                    used.setdefault(one, []).append(version.id)
    return used


def _looks_at(version: CriteriaVersion, block: Measure, year: int, law: Law) -> bool:
    """Whether a list under a version takes a measure of a year."""
    if law.chosen:
        return True
    dates = [law.list_date(year - offset) for offset in block.years]
    return any(law.in_force(date) is version for date in dates if date)
