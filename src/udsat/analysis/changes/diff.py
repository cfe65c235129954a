"""What changed between two tables of verdicts: found by a join in the engine, so that only what
changed comes out of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from udsat import engine
from udsat.analysis.changes import pairing
from udsat.analysis.changes.causes import (
    BLANKED,
    CauseOutcome,
    CauseRequest,
    Causes,
    Comparison,
    Redrawn,
)
from udsat.analysis.changes.join import (
    KINDS,
    NONE,
    UNKNOWN,
    VERDICTS,
    AreaState,
    changed_rows,
    joined,
)
from udsat.analysis.changes.moved_references import redefined
from udsat.analysis.records import Record
from udsat.analysis.run import TOWN, Side, key_of
from udsat.evidence.borders import BorderChange as Border
from udsat.evidence.borders import Borders
from udsat.law.schema import CriteriaVersion
from udsat.names.resolver import Resolver

_DATA = Causes((("data",),))


@dataclass(frozen=True, slots=True)
class Step:
    """One criterion of an area before and after."""

    name: str
    #: `flipped`, `nearer`, `further`, `same`, or `not_comparable`.
    change: str
    old: Record
    new: Record
    causes: Causes | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """One area that changed, with the records of its verdicts before and after; None where a table
    has no row of it.
    """

    area: str
    municipality: str
    kind: str
    old: Record | None
    new: Record | None
    steps: tuple[Step, ...] = ()
    causes: Causes | None = None
    border: Border | None = None


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed between two lists, or between two tables of the same lists."""

    old: Side
    new: Side
    #: The two lists, or None where every list is compared with itself.
    dates: tuple[dt.date, dt.date] | None
    counts: dict[str, int]
    areas: tuple[Changed, ...]
    #: By criterion, or `income, <region>`: the figure before and after.
    references: dict[str, Any]
    #: Measures that the two lists define differently, which are therefore not compared.
    redefined: tuple[str, ...]
    #: Categories of the old law under the names of the new.
    renamed: dict[str, str]
    borders: tuple[Border, ...]
    #: The one category that was asked about.
    category: str | None = None

    @property
    def differs(self) -> bool:
        """Whether any verdict differs."""
        return any(self.counts.get(kind) for kind in VERDICTS)


def diff(
    old: Side,
    new: Side,
    dates: tuple[dt.date, dt.date] | None,
    borders: Borders,
    category: str | None = None,
    most_moved: int | None = None,
) -> Diff:
    """Return what changed between two lists of two sides, or where `dates` is None between the
    sides list by list.

    `category` asks about places in one category alone. `most_moved` limits how many areas are told
    of which only values moved; their number is counted all the same.
    """
    renamed = successors(old.version(dates[0]), new.version(dates[1])) if dates else {}
    states = AreaState(category, renamed), AreaState(category, renamed if category else {})
    kept = old.kept()
    tables = kept, kept if new is old else new.kept()
    changed_borders = borders.between(*dates) if dates else ()
    same = pairing.pairs(tables, (old, new), dates)
    versions, shared = _versions(old, new, dates), _criteria(old, new)
    blurred = _blurred(versions)
    rows = joined(tables, dates, same, states, shared, blurred, new.connection)
    found = engine.select(rows, "j", "SELECT kind, count(*) FROM j GROUP BY kind").fetchall()
    counts = {kind: dict(found).get(kind, 0) for kind in KINDS}
    areas = [
        _changed(*row, shared, changed_borders, blurred, new.lists.names)
        for row in changed_rows(tables, rows, most_moved)
    ]
    comparison = Comparison(old, new, *dates) if dates else None
    areas = (
        _explained(areas, comparison, renamed, category)
        if comparison
        else [_own(area) for area in areas]
    )
    moved = comparison.moved if comparison else {}
    return Diff(
        old,
        new,
        dates,
        counts,
        tuple(areas),
        moved,
        tuple(sorted(_redefined(versions))),
        renamed,
        changed_borders,
        category,
    )


def successors(old: CriteriaVersion, new: CriteriaVersion) -> dict[str, str]:
    """Return the categories of an older version that go by another name in a newer one: as its
    count of years has them.
    """
    counted, deep = new.years_in_row, _deep(new)
    found = {}
    for name, block in old.categories.items():
        if name in new.categories:
            continue
        if counted and counted.category_in(old.id) == name:
            found[name] = counted.of
        elif block.years_in_row and deep:
            found[name] = deep
    return found


def _deep(version: CriteriaVersion) -> str | None:
    return next((name for name, block in version.categories.items() if block.years_in_row), None)


def _versions(
    old: Side, new: Side, dates: tuple[dt.date, dt.date] | None
) -> tuple[CriteriaVersion, ...]:
    """Return the versions that were in force on two lists: what their figures mean does not depend
    on a chosen one.
    """
    if not dates:
        return ()
    return tuple(
        side.law.in_force(date) or side.version(date)
        for side, date in zip((old, new), dates, strict=True)
    )


def _redefined(versions: Sequence[CriteriaVersion]) -> set[str]:
    return set(redefined(*versions)) if len(versions) == 2 else set()


def _blurred(versions: Sequence[CriteriaVersion]) -> set[str]:
    """Return the criteria whose measure means something else on the two lists."""
    measures = _redefined(versions)
    return {
        name
        for version in versions
        for name, block in version.criteria.items()
        if block.measure in measures
    }


def _criteria(old: Side, new: Side) -> tuple[str, ...]:
    """Return the criteria that both sides know."""
    return tuple(
        name for name in new.verdicts.case.criteria() if name in old.verdicts.case.criteria()
    )


def _changed(
    kind: str,
    old: Record | None,
    new: Record | None,
    criteria: Sequence[str],
    borders: Sequence[Border],
    blurred: set[str],
    names: Resolver,
) -> Changed:
    known = new or old or {}
    steps = [
        _step(name, old, new, name in blurred)
        for name in criteria
        if old and new and old[name] and new[name]
    ]
    return Changed(
        known["area"],
        known.get(TOWN) or "",
        kind,
        old,
        new,
        tuple(steps),
        None,
        pairing.border_of(known, borders, names),
    )


def _step(name: str, old: Record, new: Record, blurred: bool) -> Step:
    before, after = (
        {key: side[f"{name}_{key}"] for key in ("value", "limit", "margin")}
        | {"outcome": side[name]}
        for side in (old, new)
    )
    if before["outcome"] != after["outcome"]:
        return Step(name, "flipped", before, after)
    if blurred:
        return Step(name, "not_comparable", before, after)
    if before["margin"] is None or after["margin"] is None or before["margin"] == after["margin"]:
        return Step(name, "same", before, after)
    return Step(
        name, "nearer" if abs(after["margin"]) < abs(before["margin"]) else "further", before, after
    )


def _own(area: Changed) -> Changed:
    """Return a change within one list with its cause: only the table's own data can differ."""
    if area.old is None or area.new is None or area.kind not in VERDICTS:
        return area
    steps = tuple(_with(step, _DATA) if step.change == "flipped" else step for step in area.steps)
    return _replaced(area, steps, _DATA if area.kind != "flipped" else None)


def _with(step: Step, causes: Causes | None) -> Step:
    return Step(step.name, step.change, step.old, step.new, causes)


def _replaced(area: Changed, steps: tuple[Step, ...], causes: Causes | None) -> Changed:
    return Changed(
        area.area, area.municipality, area.kind, area.old, area.new, steps, causes, area.border
    )


def _explained(
    areas: Sequence[Changed],
    comparison: Comparison,
    renamed: Mapping[str, str],
    category: str | None,
) -> list[Changed]:
    state = AreaState(category, renamed)
    asked = {}
    for number, area in enumerate(areas):
        if area.old and area.new and area.kind in VERDICTS:
            redrawn = pairing.redrawn(area.border, comparison) if area.border else None
            asked[number] = _asked(area, area.old, area.new, state, comparison, redrawn)
    found = comparison.explain(list(asked.values()))
    done = list(areas)
    for number, one in asked.items():
        causes = found[one.new]
        steps = tuple(_with(step, causes.get(step.name)) for step in areas[number].steps)
        done[number] = _replaced(areas[number], steps, causes.get("category"))
    return done


def _asked(
    area: Changed,
    old: Record,
    new: Record,
    state: AreaState,
    comparison: Comparison,
    redrawn: Redrawn | None,
) -> CauseRequest:
    blocks = comparison.new.version(comparison.new_date).criteria
    outcomes = {
        step.name: _criterion(step.name, blocks[step.name].measure, step.new["outcome"])
        for step in area.steps
        if step.change == "flipped"
    }
    if area.kind != "flipped":
        outcomes["category"] = _category(area.kind, state, state.of(new))
    by_years = area.kind not in {"entered", "left", "flipped"}
    if state.category:
        block = comparison.new.version(comparison.new_date).categories.get(state.category)
        by_years = block is not None and block.years_in_row is not None
    return CauseRequest(key_of(old), key_of(new), outcomes, by_years, redrawn)


def _category(kind: str, state: AreaState, target: tuple[str, str]) -> CauseOutcome:
    def reached(record: Record) -> bool:
        own = state.of(record)
        if (
            target[0] == UNKNOWN and record[BLANKED]
        ):  # open because a figure was left out, not because of what changed
            return False
        if kind == "entered":
            return own[0] not in {NONE, UNKNOWN}
        return own == target if kind == "possible" else own[0] == target[0]

    return CauseOutcome(reached, lambda record: state.of(record)[0] == UNKNOWN)


def _criterion(name: str, measure: str, target: str) -> CauseOutcome:
    def reached(record: Record) -> bool:
        return record[name] == target and not (target == UNKNOWN and measure in record[BLANKED])

    return CauseOutcome(reached, lambda record: record[name] == UNKNOWN)
