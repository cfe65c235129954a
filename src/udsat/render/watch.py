"""Areas to watch as a sheet, as records for CSV, and as a JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from udsat import ticks
from udsat.analysis.watch import Finding, Nearness, Watched
from udsat.messages.language import _, counted, day, figure
from udsat.render import distances, words
from udsat.render.blocks import Block, Grid, Heading, Lines
from udsat.render.numbers import plain

SCHEMA = "udsat.watch/1"
COLUMNS = (
    "area", "municipality", "list_date", "category", "criterion", "outcome", "value", "limit",
    "points", "more_than_points", "persons_status", "kroner", "into", "out_of", "streak", "reason",
)  # fmt: skip
#: By the row of an area and a criterion: the values that stand beside it.
Beside = Mapping[tuple[int, str], str]


def sheet(found: Watched, within: Nearness, beside: Beside | None = None) -> list[Block]:
    """Return the areas to watch, from the nearest, with the reason in words."""
    rows = [_line(one, beside or {}) for one in found.findings]
    names = (
        "area",
        "category now",
        "criterion",
        "value %",
        "limit %",
        "points",
        "persons or kroner",
        "for comparison",
        "reason",
    )
    head = tuple(map(_, names))
    far = (
        words.plural(within.persons, "person")
        if within.persons is not None
        else _points(within.points or Fraction(0))
    )
    about = _(
        "near a threshold: within {far}; one criterion short: at any distance; one list short"
        " of the years in a row",
        far=far,
    )
    areas = len({one.area["row"] for one in found.findings})
    lines = [
        _(
            "{count} of {areas}. Sorted by nearness: one list short first, then by points.",
            count=areas,
            areas=words.plural(found.areas, "area"),
        ),
        _(distances.ARITHMETIC),
    ]
    if found.undecided:
        lines.append(
            counted(
                found.undecided,
                "{count} area not decided, and shown only as far as known; udsat score says what is"
                " missing.",
                "{count} areas not decided, and shown only as far as known; udsat score says what"
                " is missing.",
            )
        )
    lines += (
        []
        if found.include_origin
        else [_("The criterion on origin is left out; --include-origin shows it.")]
    )
    title = Heading(_("To watch on the list of {date}", date=day(found.list_date)))
    grid: Block = (
        Grid(head, rows, frozenset({_("value %"), _("limit %"), _("points")}))
        if rows
        else Lines([_("There is no such area.")])
    )
    return [title, Lines([about]), grid, Lines(lines), Lines(["", words.not_official()])]


def _points(number: Fraction) -> str:
    said = figure(ticks.cut(number))
    return _("{number} point", number=said) if number == 1 else _("{number} points", number=said)


def _line(one: Finding, beside: Beside) -> tuple[str, ...]:
    area, name = one.area, one.criterion
    first = (words.place(area["area"], area.get("municipality"), "\n"), _category(one))
    if one.streak:
        return *first, "", "", "", "", "", "", reason(one)
    limit = area[f"{name}_limit"]
    value = plain(area[f"{name}_value"], limit)
    far = distances.persons(one.distance)
    return (
        *first,
        words.criterion(name),
        value,
        plain(limit),
        distances.points(one.distance),
        far,
        beside.get((area["row"], name), ""),
        reason(one),
    )


def _category(one: Finding) -> str:
    name = one.area["category"]
    return {"none": _("none"), "unknown": _("not decided")}.get(name) or words.category(
        one.version, name
    )


def reason(one: Finding) -> str:
    """Return why an area is to be watched, in words."""
    if one.streak:
        low, high = one.area["years_in_row"], one.area["years_in_row_possible"]
        needed = {"needed": one.years_needed, "category": words.category(one.version, one.streak)}
        if low == high:
            return _("year {year} of {needed}: one list short of {category}", year=low, **needed)
        return _(
            "year {low} to {high} of {needed}: it may be one list short of {category}",
            low=low,
            high=high,
            **needed,
        )
    parts = []
    if one.near:
        parts.append(
            _("near its threshold, met")
            if one.area[one.criterion] == "met"
            else _("near its threshold, not met")
        )
    if one.into:
        also = ", ".join(map(words.criterion, one.also))
        short = _("one criterion short of {categories}", categories=_names(one, one.into))
        parts.append(
            short + (_(" (also {criteria}, from further away)", criteria=also) if also else "")
        )
    if one.out_of:
        parts.append(_("without it not {categories}", categories=_names(one, one.out_of)))
    return "; ".join(parts)


def _names(one: Finding, categories: tuple[str, ...]) -> str:
    return words.all_of([words.category(one.version, name) for name in categories])


def record(one: Finding) -> dict[str, Any]:
    """Return a finding with the columns of `COLUMNS`; what is not known is None."""
    area, name, far = one.area, one.criterion, one.distance
    return {
        "area": area["area"], "municipality": area.get("municipality"),
        "list_date": str(area["list_date"]), "category": area["category"],
        "criterion": name or None, "outcome": area[name] if name else None,
        "value": area[f"{name}_value"] if name else None,
        "limit": area[f"{name}_limit"] if name else None,
        "points": None if far.points is None else distances.as_number(far.points),
        "more_than_points": far.more_than if far.points is not None else None,
        "persons_status": far.persons_status, "kroner": far.kroner, "into": list(one.into),
        "out_of": list(one.out_of), "streak": one.streak or None, "reason": reason(one),
    }  # fmt: skip


def cells(one: Finding) -> list[Any]:
    """Return a finding as a row of CSV, several categories with a space between."""
    return [" ".join(cell) if isinstance(cell, list) else cell for cell in record(one).values()]


def document(found: Watched, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document for JSON."""
    rows = [record(one) for one in found.findings]
    about = {
        "list_date": str(found.list_date),
        "areas": found.areas,
        "undecided": found.undecided,
        "remark": distances.ARITHMETIC,
    }
    return {"schema": SCHEMA, "provenance": dict(provenance)} | about | {"findings": rows}
