"""Which change turned one verdict into another: found by scoring with some of the changes made and the others not.

The changes between two lists are the area's own data, its borders, the yardsticks that the law points to, the law, and
the earlier lists behind it (another year in a row). A set of changes is a cause if it alone turns the old verdict into
the new one and no smaller set does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

from udsat.law.model import CriteriaVersion
from udsat.questions.sides import Area, Pick, Side, small_table
from udsat.scoring.exchange import law_with, moved, redefined, references_with

Factor = Literal["data", "borders", "yardstick", "law", "years"]
#: In the order in which they are named.
FACTORS: tuple[Factor, ...] = ("data", "borders", "yardstick", "law", "years")
Set = frozenset[Factor]
Record = Mapping[str, Any]
#: The key of a record that names the measures that were left out of it.
BLANKED = "blanked"


@dataclass(frozen=True, slots=True)
class Causes:
    """What turned an outcome into another: the smallest sets of changes that do, each without the others."""

    sets: tuple[tuple[Factor, ...], ...]
    #: Single changes after which the outcome could not be decided.
    undecided: tuple[Factor, ...] = ()
    #: Changes that could not be tested by themselves, with the reason.
    untested: tuple[tuple[Factor, str], ...] = ()

    @property
    def single(self) -> bool:
        """Whether one change alone is enough."""
        return any(len(one) == 1 for one in self.sets)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome to explain: whether a record has it, and whether a record leaves it open."""

    reached: Callable[[Record], bool]
    open: Callable[[Record], bool]


@dataclass(frozen=True, slots=True)
class Redrawn:
    """An area whose borders changed: its parts before and after, one of which is the area itself."""

    before: tuple[Area, ...]
    after: tuple[Area, ...]
    #: Why the change of borders cannot be tested, if it cannot.
    untested: str = ""

    @property
    def testable(self) -> bool:
        """Whether the parts of one side add up to the area on the other."""
        return not self.untested and (len(self.before) == 1 or len(self.after) == 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """An area of both tables, with what is to be explained of it."""

    old: Area
    new: Area
    outcomes: Mapping[str, Outcome]
    #: The earlier lists can make a difference.
    by_years: bool = False
    redrawn: Redrawn | None = None


@dataclass
class Comparison:
    """Two lists of which some areas are to be explained."""

    old: Side
    new: Side
    old_date: dt.date
    new_date: dt.date
    found: dict[tuple[Set, Area], Record] = field(default_factory=dict)

    def factors(self, asked: Asked) -> tuple[Factor, ...]:
        """Return the changes between the lists that can matter to an area."""
        present: dict[Factor, bool] = {
            "data": True,
            "borders": asked.redrawn is not None and asked.redrawn.testable,
            "yardstick": bool(self.moved()),
            "law": self._versions()[0].id != self._versions()[1].id,
            "years": asked.by_years and self.old_date != self.new_date,
        }
        return tuple(factor for factor in FACTORS if present[factor])

    def moved(self) -> dict[str, Any]:
        """Return the yardsticks that both lists have and that differ."""
        return moved(self.new.references, self.old_date, self.new_date, self._versions()[1])

    def _versions(self) -> tuple[CriteriaVersion, CriteriaVersion]:
        return self.old.version(self.old_date), self.new.version(self.new_date)

    def explain(self, areas: Sequence[Asked]) -> dict[Area, dict[str, Causes]]:
        """Return the causes of every outcome of every area: the engine scores all areas of a set of changes at once."""
        sets: dict[tuple[Area, str], list[Set]] = {}
        for size in range(1, len(FACTORS)):
            left = [one for one in areas if any((one.new, name) not in sets for name in one.outcomes) and size < len(self.factors(one))]
            for changes in sorted({frozenset(some) for one in left for some in combinations(self.factors(one), size)}, key=_order):
                self._score(changes, [one for one in left if changes <= set(self.factors(one)) and testable(one, changes)])
            for one in left:
                for name, outcome in one.outcomes.items():
                    hits = [some for some in self._tested(one, size) if outcome.reached(self.found[some, one.new])]
                    if hits and (one.new, name) not in sets:
                        sets[one.new, name] = hits
        return {one.new: {name: self._causes(one, name, sets.get((one.new, name))) for name in one.outcomes} for one in areas}

    def _tested(self, one: Asked, size: int) -> list[Set]:
        every = (frozenset(some) for some in combinations(self.factors(one), size))
        return [some for some in every if (some, one.new) in self.found]

    def _causes(self, one: Asked, name: str, sets: Sequence[Set] | None) -> Causes:
        factors = self.factors(one)
        chosen = tuple(tuple(f for f in FACTORS if f in some) for some in sets or [frozenset(factors)])
        undecided, untested = self._left_open(one, one.outcomes[name])
        return Causes(chosen, undecided, (*untested, *_untestable(one)))

    def _left_open(self, one: Asked, outcome: Outcome) -> tuple[tuple[Factor, ...], tuple[tuple[Factor, str], ...]]:
        """Return the single changes that leave an outcome open, and those that do so because a figure had to be left out."""
        undecided: list[Factor] = []
        untested: list[tuple[Factor, str]] = []
        for changes in self._tested(one, 1):
            record, (factor,) = self.found[changes, one.new], changes
            if not outcome.open(record) or outcome.reached(record):
                continue
            if record[BLANKED]:
                untested.append((factor, f"{' and '.join(sorted(record[BLANKED]))} does not mean the same under both laws"))
            else:
                undecided.append(factor)
        return tuple(undecided), tuple(untested)

    def _score(self, changes: Set, areas: Sequence[Asked]) -> None:
        """Score areas with these changes made and the others not."""
        if not areas:
            return
        old, new = self._versions()
        at = self.new_date if "years" in changes else self.old_date
        side = self.new if "years" in changes else self.old
        version = new if "law" in changes else old
        of, other = (self.new_date, self.old_date) if "yardstick" in changes else (self.old_date, self.new_date)
        table = small_table(self._picks(changes, areas, at, version))
        records = side.rescored(table, law_with(side.law, at, version), references_with(side.references, at, of, other, version))
        blanked = {BLANKED: self._without(changes, version)}
        for record in records:
            if record["list_date"] == at:
                self.found[changes, (record["area"], record.get("municipality") or "")] = record | blanked

    def _without(self, changes: Set, version: CriteriaVersion) -> frozenset[str]:
        """Return the measures that mean something else under a law than in the figures: they are left out."""
        own, date = (self.new, self.new_date) if "data" in changes else (self.old, self.old_date)
        return frozenset(redefined(own.version(date), version))

    def _picks(self, changes: Set, areas: Sequence[Asked], at: dt.date, version: CriteriaVersion) -> list[Pick]:
        own, date = (self.new, self.new_date) if "data" in changes else (self.old, self.old_date)
        without = self._without(changes, version)
        plain = {(one.new if "data" in changes else one.old): one.new for one in areas if not _is_sum(one, changes)}
        summed = {part: one.new for one in areas if _is_sum(one, changes) for part in _parts(one, changes)}
        picks = [Pick(own, date, plain, without, at)] if plain else []
        picks += [Pick(own, date, summed, without, at, added_up=True)] if summed else []
        if any(one.by_years for one in areas):
            picks += self._earlier(changes, areas, at)
        return picks

    def _earlier(self, changes: Set, areas: Sequence[Asked], at: dt.date) -> list[Pick]:
        """Return the areas' own rows on earlier lists, as far as the years in a row rest on them."""
        side = self.new if "years" in changes else self.old
        steps = side.verdicts.streaks.steps.get(at)
        dates = [date for date in side.table.dates if steps and date < at and date.year in steps.own]
        names = {(one.new if "years" in changes else one.old): one.new for one in areas}
        return [Pick(side, date, names) for date in dates]


def testable(one: Asked, changes: Collection[Factor]) -> bool:
    """Whether the figures are at hand for a set of changes: new borders with old figures only where the old parts add up."""
    if one.redrawn is None or not one.redrawn.testable:
        return True
    merged = len(one.redrawn.after) == 1 and len(one.redrawn.before) > 1
    return not ("data" in changes and "borders" not in changes) if merged else not ("borders" in changes and "data" not in changes)


def _untestable(one: Asked) -> Iterator[tuple[Factor, str]]:
    """Yield the change that cannot be made alone where borders changed, with the reason."""
    if one.redrawn and not one.redrawn.testable:
        yield "borders", one.redrawn.untested or "the areas before and after do not add up to each other"
    elif one.redrawn:
        merged = len(one.redrawn.after) == 1 and len(one.redrawn.before) > 1
        yield "data" if merged else "borders", "the table has no figures for it"


def _is_sum(one: Asked, changes: Collection[Factor]) -> bool:
    """Whether the figures are those of several parts: of the one side in the borders of the other."""
    tested = one.redrawn is not None and one.redrawn.testable
    return tested and ("data" in changes) != ("borders" in changes)


def _parts(one: Asked, changes: Collection[Factor]) -> tuple[Area, ...]:
    if one.redrawn is None:
        return ()
    return one.redrawn.after if "data" in changes else one.redrawn.before


def _order(changes: Set) -> tuple[int, ...]:
    return tuple(FACTORS.index(factor) for factor in FACTORS if factor in changes)
