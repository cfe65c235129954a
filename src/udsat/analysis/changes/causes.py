"""Which change turned one verdict into another: found by scoring with some of the changes made and
the others not.

The changes between two lists are the area's own data, its borders, the references that the law
points to, the law, and the earlier lists behind it (another year in a row). A set of changes is a
cause if it alone turns the old verdict into the new one and no smaller set does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any, Literal

from udsat.analysis.changes.moved_references import moved, redefined
from udsat.analysis.counterfactuals import Pick, TrialLists
from udsat.analysis.records import Record
from udsat.analysis.run import AreaKey, Side
from udsat.law.loader import TrialList
from udsat.law.schema import CriteriaVersion
from udsat.messages.text import EMPTY, Text, listed

Factor = Literal["data", "borders", "reference", "law", "years"]
#: In the order in which they are named.
FACTORS: tuple[Factor, ...] = ("data", "borders", "reference", "law", "years")
Factors = frozenset[Factor]
#: The key of a record that names the measures that were left out of it.
BLANKED = "blanked"


@dataclass(frozen=True, slots=True)
class Causes:
    """What turned an outcome into another: the smallest sets of changes that do, each without the
    others.
    """

    sets: tuple[tuple[Factor, ...], ...]
    #: Single changes after which the outcome could not be decided.
    undecided: tuple[Factor, ...] = ()
    #: Changes that could not be tested by themselves, with the reason.
    untested: tuple[tuple[Factor, Text], ...] = ()

    @property
    def single(self) -> bool:
        """Whether one change alone is enough."""
        return any(len(one) == 1 for one in self.sets)


@dataclass(frozen=True, slots=True)
class CauseOutcome:
    """An outcome to explain: whether a record has it, and whether a record leaves it open."""

    reached: Callable[[Record], bool]
    open: Callable[[Record], bool]


@dataclass(frozen=True, slots=True)
class Redrawn:
    """An area whose borders changed: its parts before and after, one of which is the
    area itself.
    """

    before: tuple[AreaKey, ...]
    after: tuple[AreaKey, ...]
    #: Why the change of borders cannot be tested, if it cannot.
    untested: Text = EMPTY

    @property
    def testable(self) -> bool:
        """Whether the parts of one side add up to the area on the other."""
        return not self.untested and (len(self.before) == 1 or len(self.after) == 1)


@dataclass(frozen=True, slots=True)
class CauseRequest:
    """An area of both tables, with what is to be explained of it."""

    old: AreaKey
    new: AreaKey
    outcomes: Mapping[str, CauseOutcome]
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
    found: dict[tuple[Factors, AreaKey], Record] = field(default_factory=dict)

    def factors(self, asked: CauseRequest) -> tuple[Factor, ...]:
        """Return the changes between the lists that can matter to an area."""
        present: dict[Factor, bool] = {
            "data": True,
            "borders": asked.redrawn is not None and asked.redrawn.testable,
            "reference": bool(self.moved),
            "law": self._versions()[0].id != self._versions()[1].id,
            "years": asked.by_years and self.old_date != self.new_date,
        }
        return tuple(factor for factor in FACTORS if present[factor])

    @cached_property
    def moved(self) -> dict[str, Any]:
        """Return the references that both lists ask for and that differ."""
        return moved(self.new.references, self.old_date, self.new_date, self._versions())

    def _versions(self) -> tuple[CriteriaVersion, CriteriaVersion]:
        return self.old.version(self.old_date), self.new.version(self.new_date)

    def explain(self, areas: Sequence[CauseRequest]) -> dict[AreaKey, dict[str, Causes]]:
        """Return the causes of every outcome of every area: the engine scores all areas of all sets
        of changes at once.
        """
        self._score(areas)
        return {
            one.new: {name: self._causes(one, outcome) for name, outcome in one.outcomes.items()}
            for one in areas
        }

    def _tested(self, one: CauseRequest, size: int) -> list[Factors]:
        every = (frozenset(some) for some in combinations(self.factors(one), size))
        return [some for some in every if (some, one.new) in self.found]

    def _causes(self, one: CauseRequest, outcome: CauseOutcome) -> Causes:
        factors = self.factors(one)
        sizes = (
            [some for some in self._tested(one, size) if outcome.reached(self.found[some, one.new])]
            for size in range(1, len(factors))
        )
        smallest = next((hits for hits in sizes if hits), [frozenset(factors)])
        chosen = tuple(tuple(f for f in FACTORS if f in some) for some in smallest)
        undecided, untested = self._left_open(one, outcome)
        return Causes(chosen, undecided, (*untested, *_untestable(one)))

    def _left_open(
        self, one: CauseRequest, outcome: CauseOutcome
    ) -> tuple[tuple[Factor, ...], tuple[tuple[Factor, Text], ...]]:
        """Return the single changes that leave an outcome open, and those that do so because a
        figure had to be left out.
        """
        undecided: list[Factor] = []
        untested: list[tuple[Factor, Text]] = []
        for changes in self._tested(one, 1):
            record, (factor,) = self.found[changes, one.new], changes
            if not outcome.open(record) or outcome.reached(record):
                continue
            if record[BLANKED]:
                untested.append(
                    (
                        factor,
                        Text(
                            "{names_and} does not mean the same under both laws",
                            names_and=listed(sorted(record[BLANKED]), "and"),
                        ),
                    )
                )
            else:
                undecided.append(factor)
        return tuple(undecided), tuple(untested)

    def _score(self, areas: Sequence[CauseRequest]) -> None:
        """Score the areas with every set of changes made that can matter to them, but not all of
        the changes.
        """
        asked: dict[Factors, list[CauseRequest]] = {}
        for one in areas:
            factors = self.factors(one)
            sets = (
                frozenset(some)
                for size in range(1, len(factors))
                for some in combinations(factors, size)
            )
            for changes in (some for some in sets if testable(one, some)):
                asked.setdefault(changes, []).append(one)
        lists = TrialLists(self.new)
        records = {changes: self._add(lists, changes, some) for changes, some in asked.items()}
        for later in {
            "years" in changes
            for changes, some in asked.items()
            if any(one.by_years for one in some)
        }:
            self._add_earlier(
                lists,
                [
                    one
                    for changes, some in asked.items()
                    if ("years" in changes) == later
                    for one in some
                ],
                later,
            )
        lists.judge()
        for changes, of_areas in records.items():
            blanked = {BLANKED: self._without(changes)}
            self.found |= {(changes, area): record | blanked for area, record in of_areas.items()}

    def _add(
        self, lists: TrialLists, changes: Factors, areas: Sequence[CauseRequest]
    ) -> dict[AreaKey, dict[str, Any]]:
        """Add the list with these changes made and the others not, and return where its verdicts
        will be found.
        """
        later = "years" in changes
        trial_list = TrialList(
            self.new_date if later else self.old_date,
            self._version(changes),
            int(later),
            counts=False,
        )
        of, other = (
            (self.new_date, self.old_date)
            if "reference" in changes
            else (self.old_date, self.new_date)
        )
        side = self.new if later else self.old
        return lists.add(trial_list, self._picks(changes, areas), side.references, of, other)

    def _version(self, changes: Factors) -> CriteriaVersion:
        return self._versions()["law" in changes]

    def _without(self, changes: Factors) -> frozenset[str]:
        """Return the measures that mean something else under a law than in the figures: they are
        left out.
        """
        own, date = (self.new, self.new_date) if "data" in changes else (self.old, self.old_date)
        return frozenset(redefined(own.version(date), self._version(changes)))

    def _picks(self, changes: Factors, areas: Sequence[CauseRequest]) -> list[Pick]:
        own, date = (self.new, self.new_date) if "data" in changes else (self.old, self.old_date)
        without = self._without(changes)
        plain = {
            (one.new if "data" in changes else one.old): one.new
            for one in areas
            if not _is_sum(one, changes)
        }
        summed = {
            part: one.new for one in areas if _is_sum(one, changes) for part in _parts(one, changes)
        }
        return [
            Pick(own.table, date, plain, without),
            Pick(own.table, date, summed, without, added_up=True),
        ]

    def _add_earlier(self, lists: TrialLists, areas: Sequence[CauseRequest], later: bool) -> None:
        """Add the areas' own rows on earlier lists, as far as the years in a row rest on them."""
        side, at = (self.new, self.new_date) if later else (self.old, self.old_date)
        names = {(one.new if later else one.old): one.new for one in areas}
        steps = side.verdicts.streaks.steps.get(at)
        for date in (
            date for date in side.table.dates if steps and date < at and date.year in steps.own
        ):
            lists.add(
                TrialList(date, side.version(date), int(later)),
                [Pick(side.table, date, names)],
                side.references,
            )


def testable(one: CauseRequest, changes: Collection[Factor]) -> bool:
    """Whether the figures are at hand for a set of changes: new borders with old figures only where
    the old parts add up.
    """
    if one.redrawn is None or not one.redrawn.testable:
        return True
    merged = len(one.redrawn.after) == 1 and len(one.redrawn.before) > 1
    return (
        not ("data" in changes and "borders" not in changes)
        if merged
        else not ("borders" in changes and "data" not in changes)
    )


def _untestable(one: CauseRequest) -> Iterator[tuple[Factor, Text]]:
    """Yield the change that cannot be made alone where borders changed, with the reason."""
    if one.redrawn and not one.redrawn.testable:
        yield (
            "borders",
            one.redrawn.untested or Text("the areas before and after do not add up to each other"),
        )
    elif one.redrawn:
        merged = len(one.redrawn.after) == 1 and len(one.redrawn.before) > 1
        yield "data" if merged else "borders", Text("the table has no figures for it")


def _is_sum(one: CauseRequest, changes: Collection[Factor]) -> bool:
    """Whether the figures are those of several parts: of the one side in the borders
    of the other.
    """
    tested = one.redrawn is not None and one.redrawn.testable
    return tested and ("data" in changes) != ("borders" in changes)


def _parts(one: CauseRequest, changes: Collection[Factor]) -> tuple[AreaKey, ...]:
    if one.redrawn is None:
        return ()
    return one.redrawn.after if "data" in changes else one.redrawn.before
