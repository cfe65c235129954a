"""Every small change of what decides verdicts in a criteria file: numbers, comparators, units, windows, lists, dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from udsat.law.definition import parse
from udsat.law.positions import Path as Way
from udsat.law.positions import Position

WORDS = {
    "comparator": ("exceeds", "at_least", "below"),
    "unit": ("percent", "per_1000", "per_10000", "times"),
    "reference": ("national", "region"),
    "kind": ("share", "mean"),
    "population": ("residents", "taxpayers"),
    "unknown_education": ("counted", "not_counted"),
}
BLOCKS = ("version", "publication", "area", "measures", "criteria", "categories", "years_in_row")
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Mutant:
    """A changed file: where, what it was, what it is, and its text."""

    key: str
    old: str
    new: str
    text: str

    def __str__(self) -> str:
        return f"{self.key}: {self.old} -> {self.new}"


def mutants(text: str) -> Iterator[Mutant]:
    """Return every mutant of a criteria file."""
    one = parse(text.encode(), "mutant.toml")
    for way, value in _values(one.tree):
        # The revision decides no verdict: it says which release of the rest a file is.
        if way[0] in BLOCKS and way != ("version", "revision"):
            place, key = one.places.of(way, value=True), ".".join(map(str, way))
            old = _token(text, place)
            for new in dict.fromkeys(_changed(way, value, one.tree)):
                if new != old:
                    yield Mutant(key, old, new, _replaced(text, place, old, new))


def _values(tree: Any, way: Way = ()) -> Iterator[tuple[Way, Any]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _values(value, (*way, key))
    else:
        yield way, tree


def _changed(way: Way, value: Any, tree: dict[str, Any]) -> Iterator[str]:
    key = str(way[-1])
    if key in WORDS:
        yield from (f'"{word}"' for word in WORDS[key])
    elif key == "measure":
        yield from (f'"{name}"' for name in tree["measures"])
    elif way == ("years_in_row", "of"):
        yield from (f'"{name}"' for name in tree["categories"])
    elif way == ("publication", "day"):
        yield from ('"12-02"', '"11-30"', '"10-01"', '"10-02"')
    elif isinstance(value, dt.date) and key != "checked_on":
        yield from (
            str(value + _DAY),
            str(value - _DAY),
            str(value.replace(year=value.year + 1)),
            str(value.replace(year=value.year - 1)),
        )
    elif isinstance(value, (int, Decimal)):
        steps = (1, Decimal("0.01")) if key == "threshold" else (1,)
        yield from (str(value + sign * step) for step in steps for sign in (1, -1))
    elif isinstance(value, list) and key not in {"sources"}:
        yield from map(_toml, _lists(key, value, tree))


def _lists(key: str, value: list[Any], tree: dict[str, Any]) -> Iterator[list[Any]]:
    yield from ([*value[:n], *value[n + 1 :]] for n in range(len(value)))
    if key == "years":
        yield from ([year + step for year in value] for step in (1, -1))
        yield from ([value[0] - 1, *value], [*value, value[-1] + 1])
    elif key == "ages":
        yield from (
            [*value[:n], value[n] + step, *value[n + 1 :]]
            for n in range(len(value))
            for step in (1, -1)
        )
        yield [*value, 99]
    else:
        known = _steps(value) if key == "counting" else [*tree["criteria"], *tree["categories"]]
        others = [name for name in known if name not in value]
        yield from ([*value, other] for other in others)
        yield from (
            [*value[:n], other, *value[n + 1 :]] for n in range(len(value)) for other in others
        )


def _steps(value: list[str]) -> list[str]:
    categories = (
        "ghetto",
        "udsat",
        "haard_ghetto",
        "forebyggelse",
        "parallelsamfund",
        "omdannelse",
    )
    return [f"{step.partition(':')[0]}:{category}" for step in value for category in categories]


def _toml(value: list[Any]) -> str:
    return (
        "[" + ", ".join(f'"{part}"' if isinstance(part, str) else str(part) for part in value) + "]"
    )


def _token(text: str, place: Position) -> str:
    """Return the value that begins at a place: a flat list, a text, or a word."""
    rest = "\n".join(text.split("\n")[place.line - 1 :])[place.position - 1 :]
    found = re.match(r'\[[^\]]*\]|"[^"]*"|[^\s,}]+', rest)
    assert found
    return found[0]


def _replaced(text: str, place: Position, old: str, new: str) -> str:
    start = sum(len(line) + 1 for line in text.split("\n")[: place.line - 1]) + place.position - 1
    assert text[start : start + len(old)] == old
    return text[:start] + new + text[start + len(old) :]
