"""Ways out of a category and into it: every set is enough, none has a member too many, and none is missing."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from breadth import dear, examples
from oracle.hypothesis_tables import random_tables
from oracle.tables import Table
from support import IN_THEIR_UNITS, published, raw_table, reference_table
from udsat import engine
from udsat.analysis.explain.minimal_changes import CriteriaState, Finder, state
from udsat.analysis.records import kept, with_residents
from udsat.law import loader
from udsat.law.evaluate import NO, UNKNOWN, YES, Truth, holds
from udsat.law.schema import CriteriaVersion
from udsat.scoring.score import Options, score
from udsat.tables.readers.options import Reading
from udsat.tables.validate.check import check
from udsat.tables.validate.part import Calendar

VERSIONS = loader.shipped().versions
TRUTHS = (YES, NO, UNKNOWN)


@st.composite
def states(draw: st.DrawFn) -> tuple[CriteriaVersion, CriteriaState]:
    version = draw(st.sampled_from(VERSIONS))
    outcomes = tuple(draw(st.sampled_from(TRUTHS)) for _ in version.criteria)
    low = draw(st.integers(0, 6))
    return version, CriteriaState(
        outcomes, draw(st.sampled_from((YES, YES, NO, UNKNOWN))), (low, draw(st.integers(low, 7)))
    )


def brute(
    version: CriteriaVersion, category: str, now: CriteriaState, goal: Truth, free: list[str]
) -> set[tuple[str, ...]]:
    """Try every subset of the criteria, and keep those that no smaller one makes needless."""
    own = dict(zip(version.criteria, now.outcomes, strict=True))
    years = {
        name: Truth(
            int(now.years[0] >= block.years_in_row), int(now.years[1] >= block.years_in_row)
        )
        for name, block in version.categories.items()
        if block.years_in_row
    }
    enough = [
        set(some)
        for size in range(len(free) + 1)
        for some in itertools.combinations(free, size)
        if holds(version, category, own | dict.fromkeys(some, goal), now.residents, years) == goal
    ]
    return {
        tuple(name for name in free if name in some)
        for some in enough
        if not any(other < some for other in enough)
    } - {()}


@given(states(), st.booleans(), st.booleans())
@settings(max_examples=400, deadline=None)
def test_the_ways_are_exactly_the_minimal_sets(
    case: tuple[CriteriaVersion, CriteriaState], into: bool, origin: bool
) -> None:
    version, now = case
    finder, goal = Finder(version, origin), YES if into else NO
    for category in version.categories:
        ways = finder.on(category, now) if into else finder.off(category, now)
        free = [
            name
            for name in version.members(category)
            if origin or version.criteria[name].measure != "non_western"
        ]
        if finder.membership(category, now) == goal:
            assert (ways.sets, ways.why) == ((), "it is there already")
            continue
        assert set(ways.sets) == brute(version, category, now, goal, free)
        assert bool(ways.sets) is not bool(ways.why)


@given(states())
@settings(max_examples=200, deadline=None)
def test_a_category_can_always_be_left_if_every_criterion_may_change(
    case: tuple[CriteriaVersion, CriteriaState],
) -> None:
    version, now = case
    finder = Finder(version, include_origin=True)
    for category in version.categories:
        assert finder.membership(category, now) == NO or finder.off(category, now).sets


def verdicts(table: Table) -> Any:
    """Return the engine's verdicts on a random table, held in the engine."""
    law, connection = loader.shipped(), engine.connect()
    checked = check(
        [raw_table(table.rows, "csv", connection)],
        connection,
        Calendar(law),
        Reading("comma", units=IN_THEIR_UNITS),
    )
    references, lists = reference_table(table.references, law), published(table.lists)
    found = score(
        checked.table,
        law,
        references,
        lists,
        Options("published", table.list_year, False),
        connection,
    )
    return kept(found, connection)


@dear
@given(random_tables())
@settings(
    max_examples=examples(3, 25),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
def test_the_rule_on_outcomes_says_what_the_verdicts_say(table: Table) -> None:
    found = verdicts(table)
    words = {YES: "yes", NO: "no", UNKNOWN: "unknown"}
    for row in with_residents(found):
        version = found.case.versions[row["list_date"]]
        now = state(row, version)
        assert {
            name: words[Finder(version).membership(name, now)] for name in version.categories
        } == {name: row[name] for name in version.categories}


NEWEST = VERSIONS[-1]
FOUR = {"labour_market": YES, "crime": NO, "education": YES, "income": NO}


def of(
    outcomes: dict[str, Truth], residents: Truth = YES, years: tuple[int, int] = (1, 1)
) -> CriteriaState:
    return CriteriaState(
        tuple(outcomes.get(name, NO) for name in NEWEST.criteria), residents, years
    )


def test_two_of_four_are_left_by_either_and_three_of_four_by_any_two() -> None:
    finder = Finder(NEWEST)
    assert finder.off("udsat", of(FOUR)).sets == (("labour_market",), ("education",))
    three = of(FOUR | {"crime": YES})
    assert finder.off("udsat", three).sets == (
        ("labour_market", "crime"),
        ("labour_market", "education"),
        ("crime", "education"),
    )


def test_origin_is_a_way_only_where_it_is_asked_for() -> None:
    now = of(FOUR | {"origin": YES})
    assert ("origin",) not in Finder(NEWEST).off("parallelsamfund", now).sets
    assert ("origin",) in Finder(NEWEST, include_origin=True).off("parallelsamfund", now).sets
    missing = Finder(NEWEST).on("parallelsamfund", of(FOUR))
    assert (missing.sets, missing.why) == (
        (),
        "only with the criterion on origin, which --include-origin shows",
    )
    assert Finder(NEWEST, include_origin=True).on("parallelsamfund", of(FOUR)).sets == (
        ("origin",),
    )


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (of(FOUR | {"origin": YES}, residents=NO), "it has too few residents"),
        (of(FOUR | {"origin": YES}, residents=UNKNOWN), "the number of residents is not known"),
        (of(FOUR | {"origin": YES}, years=(4, 4)), "it needs 5 years in a row"),
    ],
)
def test_where_criteria_alone_bring_no_area_in_it_says_what_does_not(
    now: CriteriaState, why: str
) -> None:
    found = Finder(NEWEST, include_origin=True).on("omdannelse", now)
    assert (found.sets, found.why) == ((), why)


def test_an_unknown_criterion_must_be_settled_too_before_an_area_is_certainly_out() -> None:
    assert Finder(NEWEST).off("udsat", of({"labour_market": YES, "crime": UNKNOWN})).sets == (
        ("labour_market",),
        ("crime",),
    )


def test_ways_of_ten_thousand_areas_are_looked_at_once_for_each_state(tmp_path: Path) -> None:
    finder = Finder(NEWEST)
    outcomes = list(itertools.product(TRUTHS, repeat=4))
    areas = [of(dict(zip(FOUR, outcomes[n % len(outcomes)], strict=True))) for n in range(10_000)]
    found = [finder.off("udsat", now) for now in areas]
    assert len({id(ways) for ways in found}) == len(outcomes)


def test_a_category_that_asks_for_more_residents_than_its_area_is_left_and_entered_by_its_own_test() -> (
    None
):
    category = NEWEST.categories["parallelsamfund"].model_copy(update={"min_residents": 3000})
    version = NEWEST.model_copy(
        update={"categories": NEWEST.categories | {"parallelsamfund": category}}
    )
    finder = Finder(version, include_origin=True)
    few, many = (
        CriteriaState(
            of(FOUR | {"origin": YES}).outcomes, YES, (1, 1), (("parallelsamfund", test),)
        )
        for test in (NO, YES)
    )
    assert finder.membership("parallelsamfund", many) == YES
    assert finder.membership("udsat", few) == YES
    assert finder.membership("parallelsamfund", few) == NO
    assert finder.on("parallelsamfund", few).sets == ()
    assert finder.on("parallelsamfund", few).why == "it has too few residents"
