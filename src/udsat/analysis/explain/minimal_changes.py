"""Which criteria would have to change for an area to leave a category or to come into it: all
minimal sets of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from udsat.law.evaluate import NO, OF_WORD, UNKNOWN, YES, Truth, holds
from udsat.law.schema import CriteriaVersion
from udsat.messages.text import EMPTY, Text
from udsat.scoring.categories import RESIDENTS, own_test
from udsat.scoring.criteria import certain, possible

#: The measure of the criteria that are left out unless they are asked for.
ORIGIN = "non_western"
CriteriaSet = tuple[str, ...]
#: More years in a row than any category asks for: what is possible on a list that counts none.
_ANY = 1_000


@dataclass(frozen=True, slots=True)
class Ways:
    """The minimal sets of criteria that would take an area out of a category, or into it.

    `sets` is empty where no change of criteria alone does; `why` then says what else stands in the
    way.
    """

    category: str
    sets: tuple[CriteriaSet, ...] = ()
    why: Text = EMPTY


@dataclass(frozen=True, slots=True)
class CriteriaState:
    """What of a row decides its categories: the outcomes, the test of residents, the years in a
    row.
    """

    outcomes: tuple[Truth, ...]
    residents: Truth
    years: tuple[int, int]
    #: The tests of categories that ask for more residents than the area needs.
    own: tuple[tuple[str, Truth], ...] = ()


def is_origin(version: CriteriaVersion, criterion: str) -> bool:
    """Whether a criterion is about origin."""
    return version.criteria[criterion].measure == ORIGIN


def state(row: Mapping[str, Any], version: CriteriaVersion) -> CriteriaState:
    """Return the state of a row of `Verdicts.areas()` that also has both columns of the residents
    test.
    """
    low, high = row["years_in_row"], row["years_in_row_possible"]
    years = (0, _ANY) if low is None else (low, high)
    outcomes = tuple(OF_WORD[row[name]] for name in version.criteria)
    asking = [name for name, block in version.categories.items() if block.min_residents]
    own = tuple(
        (name, Truth(row[certain(own_test(name))], row[possible(own_test(name))]))
        for name in asking
    )
    return CriteriaState(
        outcomes, Truth(row[certain(RESIDENTS)], row[possible(RESIDENTS)]), years, own
    )


@dataclass(slots=True)
class Finder:
    """Finds ways under one version of the law; areas with the same outcomes are looked at once."""

    version: CriteriaVersion
    include_origin: bool = False
    _found: dict[tuple[str, bool, CriteriaState], Ways] = field(default_factory=dict)
    _members: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def off(self, category: str, now: CriteriaState) -> Ways:
        """Return the sets of criteria that, were they not met, would certainly take an area out of
        a category.
        """
        return self._ways(category, now, False)

    def on(self, category: str, now: CriteriaState) -> Ways:
        """Return the sets of criteria that, were they met, would certainly bring an area into a
        category.
        """
        return self._ways(category, now, True)

    def membership(
        self, category: str, now: CriteriaState, changed: Iterable[str] = (), to: Truth = NO
    ) -> Truth:
        """Return whether an area would be in a category if some criteria had another outcome."""
        outcomes = dict(zip(self.version.criteria, now.outcomes, strict=True)) | dict.fromkeys(
            changed, to
        )
        return holds(
            self.version, category, outcomes, now.residents, self._years(now), dict(now.own)
        )

    def _years(self, now: CriteriaState) -> dict[str, Truth]:
        needed = {
            name: block.years_in_row
            for name, block in self.version.categories.items()
            if block.years_in_row
        }
        return {
            name: Truth(int(now.years[0] >= least), int(now.years[1] >= least))
            for name, least in needed.items()
        }

    def _ways(self, category: str, now: CriteriaState, into: bool) -> Ways:
        own = self._own(category, now)
        key = (category, into, own)
        if key not in self._found:
            self._found[key] = self._search(category, own, into)
        return self._found[key]

    def _own(self, category: str, now: CriteriaState) -> CriteriaState:
        """Return a state without what is of no account for a category: few states are left of many
        areas.
        """
        if category not in self._members:
            self._members[category] = self.version.members(category)
        members = self._members[category]
        outcomes = zip(self.version.criteria, now.outcomes, strict=True)
        return CriteriaState(
            tuple(outcome if name in members else NO for name, outcome in outcomes),
            now.residents,
            now.years,
            now.own,
        )

    def _search(self, category: str, now: CriteriaState, into: bool) -> Ways:
        goal = YES if into else NO
        if self.membership(category, now) == goal:
            return Ways(category, why=Text("it is there already"))
        outcomes = dict(zip(self.version.criteria, now.outcomes, strict=True))
        free = [name for name in self.version.members(category) if outcomes[name] != goal]
        own = [name for name in free if self.include_origin or not is_origin(self.version, name)]
        sets = tuple(self._minimal(category, now, own, goal))
        return Ways(category, sets, EMPTY if sets else self._obstacle(category, now, free, own))

    def _minimal(
        self, category: str, now: CriteriaState, free: Sequence[str], goal: Truth
    ) -> list[CriteriaSet]:
        found: list[CriteriaSet] = []
        for size in range(1, len(free) + 1):
            for some in combinations(free, size):
                smaller = any(set(one) <= set(some) for one in found)
                if not smaller and self.membership(category, now, some, goal) == goal:
                    found.append(some)
        return found

    def _obstacle(
        self, category: str, now: CriteriaState, free: Sequence[str], own: Sequence[str]
    ) -> Text:
        """Say why no change of these criteria brings an area into a category (out of it there is
        always a way).
        """
        tests = (
            now.residents,
            *(dict(now.own)[name] for name in self._needed(category) if name in dict(now.own)),
        )
        if NO in tests:
            return Text("it has too few residents")
        if UNKNOWN in tests:
            return Text("the number of residents is not known")
        if own != free and self._minimal(category, now, free, YES):
            return Text("only with the criterion on origin, which --include-origin shows")
        least = next(
            (
                block.years_in_row
                for name, block in self.version.categories.items()
                if name == category
            ),
            None,
        )
        if least:
            return Text("it needs {least} years in a row", least=least)
        return Text("no change of criteria does")

    def _needed(self, category: str) -> list[str]:
        """Return a category and those that its members must all be in."""
        gates = [
            name
            for name in self.version.categories[category].all_of
            if name in self.version.categories
        ]
        return [category, *(name for gate in gates for name in self._needed(gate))]
