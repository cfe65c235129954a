"""What is missing to decide a category that cannot be decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from udsat.law.doubts import RESIDENTS, YEARS
from udsat.law.schema import CriteriaVersion


def open_questions(
    row: Mapping[str, Any], version: CriteriaVersion, category: str | None = None
) -> tuple[str, ...]:
    """Return the criteria, and `residents` or `years in a row`, that leave a category of a scored
    row open, or only this one.

    `row` is a row of `Verdicts.areas()`. A count that is already reached leaves none of its
    criteria open.
    """
    found: dict[str, None] = {}
    for name in (category,) if category else version.categories:
        if row[name] == "unknown":
            found |= dict.fromkeys(_open(row, version, name))
    order = [*version.criteria, RESIDENTS, YEARS]
    return tuple(name for name in order if name in found)


def _open(row: Mapping[str, Any], version: CriteriaVersion, name: str) -> list[str]:
    block = version.categories[name]
    found: list[str] = []
    for member in block.all_of:
        if member in version.categories:
            found += _open(row, version, member) if row[member] == "unknown" else []
        elif row[member] == "unknown":
            found.append(member)
    met = sum(row[member] == "met" for member in block.of)
    if block.count and met < block.count:
        found += [member for member in block.of if row[member] == "unknown"]
    if block.years_in_row and (row["years_in_row"] or 0) < block.years_in_row:
        found.append(YEARS)
    if row["residents"] is None or not found:
        found.append(RESIDENTS)
    return found
