"""Distances in words and for machines."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from udsat import ticks
from udsat.analysis.explain.distance import Distance
from udsat.law.schema import CriteriaVersion
from udsat.messages.language import _, figure, whole
from udsat.render import words
from udsat.render.blocks import Grid

ARITHMETIC = (
    "This is arithmetic on the figures of the table, one criterion at a time with everything"
    " else unchanged. It is no advice."
)
#: So many decimals are shown of a number that does not end before.
_PLACES = 4


def decimal(number: Fraction) -> str:
    """Return a number with up to four decimals; dots tell that it goes on.

    >>> decimal(Fraction(6, 5)), decimal(Fraction(1, 24)), decimal(Fraction(1, 10**6))
    ('1.2', '0.0416…', '0.000001')
    """
    full = ticks.cut(number)
    if Fraction(full) == number and len(full.partition(".")[2]) <= ticks.PLACES:
        return figure(full)
    short = ticks.cut(number, _PLACES)
    return figure((short if short.strip("-0.") else full) + "…")


def points(found: Distance) -> str:
    """Return a distance in points: `more than 2.7`."""
    if found.points is None:
        return ""
    number = decimal(found.points)
    return _("more than {number}", number=number) if found.more_than else number


def number(count: int | None) -> str:
    """Return a whole number with marks between its thousands."""
    return "" if count is None else whole(count)


def persons(found: Distance) -> str:
    """Return a distance in persons or kroner in a few words; nothing where it is not known."""
    parts = []
    if found.persons_status is not None:
        parts.append(words.plural(found.persons_status, "person"))
    if found.kroner is not None:
        parts.append(_("{kroner} kroner per taxpayer", kroner=whole(found.kroner)))
    return ", ".join(parts)


def grid(distances: Mapping[str, Distance], version: CriteriaVersion) -> Grid:
    """Return the distances as a grid: one line for each criterion with one."""
    names = (
        "criterion",
        "would be",
        "points",
        "persons: status",
        "moving out",
        "moving in",
        "kroner per taxpayer",
    )
    head = tuple(map(_, names))
    rows = [
        (
            words.criterion(name),
            _towards(found, version, name),
            points(found),
            *map(number, _counts(found)),
        )
        for name, found in distances.items()
        if found.towards
    ]
    return Grid(head, rows, frozenset(head[2:]))


def _counts(found: Distance) -> tuple[int | None, ...]:
    return found.persons_status, found.persons_moving_out, found.persons_moving_in, found.kroner


def _towards(found: Distance, version: CriteriaVersion, name: str) -> str:
    up = (version.criteria[name].comparator != "below") == (found.towards == "met")
    if found.towards == "met":
        return _("met, if higher by") if up else _("met, if lower by")
    return _("not met, if higher by") if up else _("not met, if lower by")


def document(found: Distance) -> dict[str, Any]:
    """Return a distance for JSON: the four measures, what they lead to, and why one is missing."""
    exactly: dict[str, Any] = (
        {} if found.points is None or _ends(found.points) else {"points_exact": str(found.points)}
    )
    why = {"why": found.why} if found.why else {}
    return {
        "towards": found.towards,
        "persons_status": found.persons_status,
        "persons_moving_out": found.persons_moving_out,
        "persons_moving_in": found.persons_moving_in,
        "kroner": found.kroner,
        "points": None if found.points is None else as_number(found.points),
        "more_than_points": found.more_than,
        "other_years_held_fixed": found.other_years,
    } | exactly | why  # fmt: skip


def _ends(value: Fraction) -> bool:
    return Fraction(ticks.cut(value)) == value


def as_number(value: Fraction) -> int | float:
    """Return a number as JSON has it, cut at nine places."""
    return int(value) if value.denominator == 1 else float(ticks.cut(value))
