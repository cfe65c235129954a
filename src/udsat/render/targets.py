"""Areas on their way to an aim: as a sheet, as records for CSV, and as a JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from udsat.analysis.explain.minimal_changes import Ways
from udsat.analysis.targets import NONE, SCENARIOS, Course, Courses, Scenario
from udsat.messages.language import _, day
from udsat.messages.text import translated
from udsat.render import distances, words
from udsat.render.blocks import Block, Grid, Heading, Lines
from udsat.render.numbers import plain

SCHEMA = "udsat.watch.aim/1"
COLUMNS = (
    "area",
    "municipality",
    "baseline",
    "list_date",
    "target",
    "target_category",
    "at_baseline",
    "now",
    "holds_now",
    *SCENARIOS,
    "left",
)
LABELS: dict[Scenario, str] = {
    "this_year_repeats": "scenario: this year repeats",
    "last_change_repeats": "scenario: the last change repeats",
}
NO_FORECAST = (
    "The scenarios only repeat what was, with the law, thresholds and residents of the latest"
    " list. They are no forecast."
)
_HEAD = ("area", "criterion", "at baseline %", "now %", "limit %", "outcome")


def sheet(found: Courses) -> list[Block]:
    """Return where each area started, stands and would be, what is left, and how each criterion
    moved.
    """
    aim = (
        _("no category")
        if found.aim.category == NONE
        else _("at most {category}", category=found.aim.category)
    )
    labels = (_(LABELS[one]) for one in SCENARIOS)
    lists = [_("list of {date}", date=day(date)) for date in (found.start, found.now)]
    head = (_("area"), *lists, _("aim reached now"), *labels, _("left: one row is enough"))
    left = _("left: one row is enough").partition(":")[0]
    below = (*map(_, _HEAD), left)
    blocks: list[Block] = [
        Heading(
            _("From {start} to {year}: {aim}", start=day(found.start), year=found.aim.year, aim=aim)
        ),
        Grid(head, [_line(one) for one in found.courses]),
        Lines([_scenarios(found), _(NO_FORECAST)]),
        Heading(_("Criteria")),
        Grid(
            below, [row for one in found.courses for row in _progress(one)], frozenset(below[2:5])
        ),
        Lines([_(distances.ARITHMETIC)]),
    ]
    return [*blocks, Lines(["", words.not_official()])]


def _scenarios(found: Courses) -> str:
    if not found.before:
        return _("The last change is that not known: the table has no earlier list.")
    return _(
        "The last change is that from {start} to {end}.",
        start=day(found.before),
        end=day(found.now),
    )


def _line(one: Course) -> tuple[str, ...]:
    ahead = [_category(one, *one.scenarios[name]) for name in SCENARIOS]
    start = _start(one)
    return (
        words.place(one.area["area"], one.area.get("municipality"), "\n"),
        start,
        _category(one, one.area["category"], one.area["category_possible"]),
        words.member(one.holds),
        *ahead,
        _left(one),
    )


def _start(one: Course) -> str:
    return (
        _category(one, one.start["category"], one.start["category_possible"], start=True)
        if one.start
        else _("no row")
    )


def _category(one: Course, sure: str, most: str, *, start: bool = False) -> str:
    version = one.start_version if start else one.version
    return words.state(version, sure, most)


def _left(one: Course) -> str:
    if one.holds == "yes":
        return _("nothing")
    return "\n".join(
        f"{words.category(one.version, ways.category)}: {text}"
        for ways in one.left
        for text in _sets(ways)
    )


def _sets(ways: Ways) -> list[str]:
    return [words.all_of([words.criterion(name) for name in some]) for some in ways.sets] or [
        translated(ways.why)
    ]


def _progress(one: Course) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for n, criterion in enumerate(one.progress):
        start = plain(criterion.start) if criterion.comparable else _("defined otherwise")
        sign = f"{words.SIGNS[criterion.outcome]} {words.outcome(criterion.outcome)}"
        far = distances.points(criterion.distance)
        left = ", ".join(
            part
            for part in (
                _("{number} points", number=far) if far else "",
                distances.persons(criterion.distance),
            )
            if part
        )
        name = words.place(one.area["area"]) if n == 0 else ""
        now, limit = plain(criterion.now, criterion.limit), plain(criterion.limit)
        rows.append(
            (
                name,
                words.criterion(criterion.criterion),
                start,
                now,
                limit,
                sign,
                left if criterion.outcome == "met" else "",
            )
        )
    return rows


def record(one: Course, found: Courses) -> dict[str, Any]:
    """Return a course with the columns of `COLUMNS`."""
    keys = {
        "area": one.area["area"],
        "municipality": one.area.get("municipality"),
        "baseline": str(found.start),
        "list_date": str(found.now),
    }
    aim = {"target": found.aim.year, "target_category": found.aim.category}
    stands = {
        "at_baseline": one.start["category"] if one.start else None,
        "now": one.area["category"],
        "holds_now": one.holds,
    }
    ahead = {
        name: sure if sure == most else f"{sure} (at most {most})"
        for name, (sure, most) in one.scenarios.items()
    }
    return (
        keys
        | aim
        | stands
        | ahead
        | {"left": "" if one.holds == "yes" else " | ".join(_left(one).split("\n"))}
    )


def document(found: Courses, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document for JSON."""
    areas = [
        record(one, found) | {"left": _left_sets(one), "criteria": _criteria(one)}
        for one in found.courses
    ]
    return {"schema": SCHEMA, "provenance": dict(provenance), "remark": NO_FORECAST, "areas": areas}


def _left_sets(one: Course) -> dict[str, list[list[str]]]:
    return (
        {}
        if one.holds == "yes"
        else {ways.category: [list(some) for some in ways.sets] for ways in one.left}
    )


def _criteria(one: Course) -> dict[str, Any]:
    return {
        each.criterion: {
            "at_baseline": each.start, "comparable": each.comparable, "value": each.now,
            "limit": each.limit, "outcome": each.outcome,
            "distance": distances.document(each.distance),
        }
        for each in one.progress
    }  # fmt: skip
