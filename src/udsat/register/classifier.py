"""What the law makes of rows, for one thread: columns are looked up in tables made for the cells
that they have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from udsat.register.arrays import Amounts, CellFactor, Whole, joined, narrow
from udsat.register.person_classes import AT_ONCE, EACH_STATE, UNASKED, Kinds

#: So many plans are remembered.
_MOST_PLANS = 16


@dataclass(slots=True)
class _Plan:
    """How columns of certain cells are looked up: as many at once as may be."""

    #: Kept, as plans are found by which these are.
    columns: list[tuple[str, tuple[Any, ...]]]
    #: Which columns are looked up together, and for each place the sum of the parts of a kind's
    #: number.
    runs: list[tuple[slice, Whole]]
    #: What was last known of the outcome of each place, where one run has all columns.
    outcomes: Whole | None = None


class Teller:
    """Tells the outcome of rows from their cells, in tables made for the cells that
    columns have.
    """

    def __init__(self, kinds: Kinds) -> None:
        """Begin without any cells."""
        self._kinds, self._steps = kinds, kinds.steps()
        self._plans: dict[tuple[tuple[str, int], ...], _Plan] = {}

    def of(self, factors: Mapping[str, CellFactor], numbers: Mapping[str, Amounts]) -> Whole:
        """Return the outcome of each row: its number among those of the kinds."""
        looked_up = [
            (name, one) for name in self._steps if (one := _looked_up(name, factors, numbers))
        ]
        plan = self._plan([(name, one.cells) for name, one in looked_up])
        columns = [one for _, one in looked_up]
        places = [joined(columns[some], columns[0].index)[0] for some, _ in plan.runs]
        if plan.outcomes is not None:
            found: Whole = plan.outcomes.take(places[0])
            if found.max() != UNASKED:
                return found
        kinds = reduce(
            np.add, (table.take(at) for at, (_, table) in zip(places, plan.runs, strict=True))
        )
        found = self._kinds.outcome(kinds)
        if found.max() == UNASKED:
            self._kinds.ask(kinds[found == UNASKED])
            found = self._kinds.outcome(kinds)
        if len(plan.runs) == 1:
            plan.outcomes = self._kinds.outcome(plan.runs[0][1])
        return found

    def _plan(self, columns: list[tuple[str, tuple[Any, ...]]]) -> _Plan:
        """Return the plan for columns of certain cells; most batches have the very cells of the one
        before.
        """
        key = tuple((name, id(cells)) for name, cells in columns)
        if key not in self._plans:
            if len(self._plans) >= _MOST_PLANS:
                self._plans = {}
            self._plans[key] = _Plan(columns, list(self._runs(columns)))
        return self._plans[key]

    def _runs(
        self, columns: Sequence[tuple[str, tuple[Any, ...]]]
    ) -> Iterator[tuple[slice, Whole]]:
        start = 0
        while start < len(columns):
            end, size = start + 1, len(columns[start][1])
            while end < len(columns) and size * len(columns[end][1]) <= AT_ONCE:
                size, end = size * len(columns[end][1]), end + 1
            parts = [self._steps[name].of(cells) for name, cells in columns[start:end]]
            yield (
                slice(start, end),
                reduce(lambda so_far, more: np.add.outer(so_far, more).ravel(), parts),
            )
            start = end


def _looked_up(
    name: str, factors: Mapping[str, CellFactor], numbers: Mapping[str, Amounts]
) -> CellFactor | None:
    """Return a column to look up: of numbers whether they are told, and nothing where all are."""
    if name not in numbers:
        return factors[name]
    states = numbers[name].states
    return None if states is None else CellFactor(EACH_STATE, narrow(states, len(EACH_STATE)))
