"""The names that ship: every area of the published lists, with other names that it goes by."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from udsat.law.loader import criteria_folder
from udsat.names.areas import Alias, Area, SameAs
from udsat.names.municipalities import REGISTERS
from udsat.names.resolver import Resolver

#: The lists that ship: those known in full, and those known in part.
SHIPPED = ("membership.csv", "partial_membership.csv")


def resolver(register: str | None, same: Sequence[SameAs] = ()) -> Resolver:
    """Return a resolver that knows the shipped names, the municipalities of a register, and what a
    user says is the same.
    """
    areas, aliases = _shipped()
    return Resolver(areas, aliases, REGISTERS[register]() if register else None, same)


@lru_cache
def _shipped() -> tuple[tuple[Area, ...], tuple[Alias, ...]]:
    folder = criteria_folder() / "published"
    areas = dict.fromkeys(_area(row) for name in SHIPPED for row in _rows(folder / name))
    aliases = [
        Alias(_area(row), row["alias"], row["status"] == "stated")
        for row in _rows(folder / "aliases.csv")
    ]
    return tuple(areas), tuple(aliases)


def _area(row: dict[str, str]) -> Area:
    return Area(row["area"], row["municipality"])


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)
