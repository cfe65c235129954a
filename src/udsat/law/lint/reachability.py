"""Which categories an area can be in at all: one that nobody or everybody is in is a mistake of
writing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise, product

from udsat.law.definition import Definition
from udsat.law.evaluate import NO, YES, holds
from udsat.law.schema import CriteriaVersion, Criterion
from udsat.messages.problems import Problem
from udsat.messages.text import Text
from udsat.ticks import PERCENT_PER

#: What is true of an area that may be: of each criterion, and of each category with years in a row.
World = Mapping[str, bool]
#: With more ways to be, a category is not looked through.
_MOST = 100_000


def unreachable(one: Definition, version: CriteriaVersion) -> Iterator[Problem]:
    """Return a problem for each category that never or always holds, whatever the measures are."""
    for name in version.categories:
        found = {_holds(version, name, world) for world in _worlds(version, name)}
        if found and len(found) == 1:
            words = (
                Text("{name} is always met: its rules leave no area out", name=name)
                if True in found
                else Text("{name} is never met: its rules exclude each other", name=name)
            )
            yield one.problem(
                "UD412", ("categories", name), words, Text("compare the thresholds of its criteria")
            )


def needless(one: Definition, version: CriteriaVersion) -> Iterator[Problem]:
    """Return a problem for each gate of a category that holds wherever the rest of
    its rules does.
    """
    for name, block in version.categories.items():
        worlds = list(_worlds(version, name))
        for place, gate in enumerate(block.all_of):
            rest = tuple(other for other in block.all_of if other != gate)
            without = version.model_copy(
                update={
                    "categories": (
                        version.categories | {name: block.model_copy(update={"all_of": rest})}
                    )
                }
            )
            if worlds and all(
                _holds(without, name, world) == _holds(version, name, world) for world in worlds
            ):
                words = Text(
                    "'{gate}' holds wherever the rest of {name} does", gate=gate, name=name
                )
                yield one.problem(
                    "UD427",
                    ("categories", name, "all_of", place),
                    words,
                    Text("leave it out"),
                    gate,
                )


def _holds(version: CriteriaVersion, name: str, world: World) -> bool:
    """Return whether an area with enough residents and years is in a category."""
    truths = {key: YES if is_true else NO for key, is_true in world.items()}
    outcomes = {key: truth for key, truth in truths.items() if key in version.criteria}
    gates = dict.fromkeys(version.categories, YES) | truths
    return holds(version, name, outcomes, YES, gates, gates) == YES


def _worlds(version: CriteriaVersion, name: str) -> Iterator[World]:
    """Return every way to be on one side or the other of the lines that a category rests on."""
    by_measure: dict[tuple[str, bool], list[str]] = {}
    for criterion in version.members(name):
        block = version.criteria[criterion]
        by_measure.setdefault((block.measure, block.reference == "national"), []).append(criterion)
    sides = [_sides({one: version.criteria[one] for one in some}) for some in by_measure.values()]
    sides += [[{inner: False}, {inner: True}] for inner in _gated(version, name)]
    ways = 1
    for some in sides:
        ways *= len(some)
    if ways <= _MOST:
        for parts in product(*sides):
            yield {key: holds for part in parts for key, holds in part.items()}


def _gated(version: CriteriaVersion, name: str) -> Iterator[str]:
    """Return every category, from one down, with a gate that is no measure: years in a row or more
    residents.
    """
    if name in version.categories:
        block = version.categories[name]
        if block.years_in_row or block.min_residents:
            yield name
        for member in (*block.all_of, *block.of):
            yield from _gated(version, member)


def _sides(criteria: Mapping[str, Criterion]) -> list[World]:
    """Return what values of one measure make of the criteria on it, each way once."""
    lines = sorted({block.line for block in criteria.values()})
    most = (
        []
        if any(block.reference for block in criteria.values())
        else [100 * PERCENT_PER["percent"]]
    )
    ends = [Fraction(0), *lines, *(most or [lines[-1] + 1])]
    points = sorted({*ends, *((low + high) / 2 for low, high in pairwise(ends))})
    found = [
        {name: _met(block, point) for name, block in criteria.items()}
        for point in points
        if not most or point <= most[0]
    ]
    return [world for place, world in enumerate(found) if world not in found[:place]]


def _met(block: Criterion, value: Fraction) -> bool:
    tests = {
        "exceeds": value > block.line,
        "at_least": value >= block.line,
        "below": value < block.line,
    }
    return tests[block.comparator]
