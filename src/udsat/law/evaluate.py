"""What a category would be if criteria had other outcomes: the law's rule on outcomes that are only
supposed.

The verdicts themselves come from scoring; a test holds that this rule gives the same on the
outcomes as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from udsat.law.schema import CriteriaVersion


class Truth(NamedTuple):
    """An outcome as two numbers, (certain, possible): (1, 1) holds, (0, 0) does not, (0, 1) is not
    known.
    """

    certain: int
    possible: int


YES, NO, UNKNOWN = Truth(1, 1), Truth(0, 0), Truth(0, 1)
OF_WORD = {"met": YES, "not_met": NO, "unknown": UNKNOWN, "yes": YES, "no": NO}


def holds(
    version: CriteriaVersion,
    category: str,
    outcomes: Mapping[str, Truth],
    residents: Truth,
    years: Mapping[str, Truth],
    own: Mapping[str, Truth] | None = None,
) -> Truth:
    """Return whether an area would be in a category.

    `outcomes` has every criterion of the version, `residents` the test of residents, `years`, for
    each category that asks for years in a row, whether it has them, and `own`, for each that asks
    for more residents, whether it has those.
    """
    block = version.categories[category]

    def member(name: str) -> Truth:
        return (
            outcomes[name]
            if name in outcomes
            else holds(version, name, outcomes, residents, years, own)
        )

    parts = [residents, *map(member, block.all_of)]
    if block.count:
        parts.append(_at_least(block.count, [member(name) for name in block.of]))
    if block.min_residents:
        parts.append((own or {}).get(category, UNKNOWN))
    if block.years_in_row:
        parts.append(years[category])
    return Truth(min(part.certain for part in parts), min(part.possible for part in parts))


def _at_least(count: int, members: list[Truth]) -> Truth:
    certain, possible = (sum(member[side] for member in members) for side in (0, 1))
    return Truth(int(certain >= count), int(possible >= count))
