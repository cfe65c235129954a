"""Areas to watch as a sheet, as records for CSV, and as a JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from udsat import __version__, exact
from udsat.questions.watch import Finding, Watched, Within
from udsat.views import distances, words
from udsat.views.number import plain
from udsat.views.sheet import Block, Grid, Heading, Lines

SCHEMA = "udsat.watch/1"
COLUMNS = (
    "area", "municipality", "list_date", "category", "criterion", "outcome", "value", "limit", "points", "more_than_points",
    "persons_status", "kroner", "into", "out_of", "streak", "reason",
)  # fmt: skip
#: By the row of an area and a criterion: the values that stand beside it.
Beside = Mapping[tuple[int, str], str]


def sheet(found: Watched, within: Within, beside: Beside | None = None) -> list[Block]:
    """Return the areas to watch, from the nearest, with the reason in words."""
    rows = [_line(one, beside or {}) for one in found.findings]
    head = ("area", "category now", "criterion", "value %", "limit %", "points", "persons or kroner", "for comparison", "reason")
    far = words.plural(within.persons, "person") if within.persons is not None else _points(within.points or Fraction(0))
    about = f"near a line: within {far}; one criterion short: at any distance; one list short of the years in a row"
    areas = len({one.area["row"] for one in found.findings})
    lines = [
        f"{areas} of {words.plural(found.areas, 'area')}. Sorted by nearness: one list short first, then by points.",
        distances.ARITHMETIC,
    ]
    if found.undecided:
        lines.append(
            f"{words.plural(found.undecided, 'area')} not decided, and shown only as far as known; udsat score says what is missing."
        )
    lines += [] if found.include_origin else ["The criterion on origin is left out; --include-origin shows it."]
    title = Heading(f"To watch on the list of {found.list_date}")
    grid: Block = Grid(head, rows, frozenset({"value %", "limit %", "points"})) if rows else Lines(["There is no such area."])
    return [title, Lines([about]), grid, Lines(lines), Lines(["", words.NOT_OFFICIAL.format(version=__version__)])]


def _points(number: Fraction) -> str:
    return f"{exact.cut(number)} point{'s' * (number != 1)}"


def _line(one: Finding, beside: Beside) -> tuple[str, ...]:
    area, name = one.area, one.criterion
    town = f"\n{area['municipality']}" if area.get("municipality") else ""
    first = (area["area"] + town, _category(one))
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
    return {"none": "none", "unknown": "not decided"}.get(name) or words.category(one.version, name)


def reason(one: Finding) -> str:
    """Return why an area is to be watched, in words."""
    if one.streak:
        low, high = one.area["years_in_row"], one.area["years_in_row_possible"]
        year = str(low) if low == high else f"{low} to {high}"
        short = "one list short" if low == high else "it may be one list short"
        return f"year {year} of {one.years_needed}: {short} of {words.category(one.version, one.streak)}"
    parts = []
    if one.near:
        parts.append("near its line, met" if one.area[one.criterion] == "met" else "near its line, not met")
    if one.into:
        also = f" (also {', '.join(map(words.criterion, one.also))}, from further away)" if one.also else ""
        parts.append(f"one criterion short of {_names(one, one.into)}{also}")
    if one.out_of:
        parts.append(f"without it not {_names(one, one.out_of)}")
    return "; ".join(parts)


def _names(one: Finding, categories: tuple[str, ...]) -> str:
    return " and ".join(words.category(one.version, name) for name in categories)


def record(one: Finding) -> dict[str, Any]:
    """Return a finding with the columns of `COLUMNS`; what is not known is None."""
    area, name, far = one.area, one.criterion, one.distance
    return {
        "area": area["area"], "municipality": area.get("municipality"), "list_date": str(area["list_date"]), "category": area["category"],
        "criterion": name or None, "outcome": area[name] if name else None, "value": area[f"{name}_value"] if name else None,
        "limit": area[f"{name}_limit"] if name else None, "points": None if far.points is None else distances.as_number(far.points),
        "more_than_points": far.more_than if far.points is not None else None, "persons_status": far.persons_status, "kroner": far.kroner,
        "into": list(one.into), "out_of": list(one.out_of), "streak": one.streak or None, "reason": reason(one),
    }  # fmt: skip


def cells(one: Finding) -> list[Any]:
    """Return a finding as a row of CSV, several categories with a space between."""
    return [" ".join(cell) if isinstance(cell, list) else cell for cell in record(one).values()]


def document(found: Watched, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document for JSON."""
    rows = [record(one) for one in found.findings]
    about = {"list_date": str(found.list_date), "areas": found.areas, "undecided": found.undecided, "remark": distances.ARITHMETIC}
    return {"schema": SCHEMA, "provenance": dict(provenance)} | about | {"findings": rows}
