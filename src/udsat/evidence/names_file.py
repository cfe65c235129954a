"""The user's names: which names are of one area, and on which lists or in which years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from udsat.evidence.given_files import no_municipality
from udsat.messages.problems import Problem, TableError
from udsat.messages.text import EMPTY, Text, of_error
from udsat.names.areas import Area, SameAs
from udsat.names.municipalities import Municipalities
from udsat.tables.readers.csv import cells_of
from udsat.tables.readers.raw import TextTable
from udsat.tables.validate import cells

_NEEDED = ("area", "municipality", "same_as")


def read_names(raw: TextTable, register: Municipalities | None) -> list[SameAs]:
    """Return what a file of names says; raise `TableError` with every problem of its rows.

    Its columns are `area`, `municipality`, `same_as`, and optionally `same_as_municipality`, `from`
    and `to`: the first and last list date or year on which it holds.
    """
    headings = [heading.strip().casefold() for heading in raw.headings]
    if missing := [name for name in _NEEDED if name not in headings]:
        hint = Text(
            "a file of names has area, municipality, same_as, and optionally"
            " same_as_municipality, from and to"
        )
        raise TableError(
            Problem(
                "UD632",
                Text("the column {names} is missing", names=", ".join(missing)),
                hint,
                raw.name,
                raw.header_line,
            )
        )
    found: list[SameAs] = []
    problems = []
    for line, row in raw.rows:
        try:
            found.append(_row(cells_of(row, headings), register))
        except ValueError as error:
            problems.append(Problem("UD632", of_error(error), EMPTY, raw.name, line))
    if problems:
        raise TableError(problems)
    return found


def _row(given: Mapping[str, str], register: Municipalities | None) -> SameAs:
    for name in _NEEDED:
        if not given[name]:
            raise ValueError(Text("the cell {name} is empty", name=name))
    own = Area(given["area"], given["municipality"])
    other = Area(given["same_as"], given.get("same_as_municipality") or given["municipality"])
    for area in (own, other):
        if register and register.find(area.municipality) is None:
            raise no_municipality(area.municipality, register.near(area.municipality))
    first, last = _day(given.get("from", ""), first=True), _day(given.get("to", ""), first=False)
    if first and last and first > last:
        raise ValueError(
            Text("it ends on {last}, before it begins on {first}", last=last, first=first)
        )
    return SameAs(own, other, first, last)


def _day(text: str, *, first: bool) -> dt.date | None:
    """Return the day that a cell names; a year stands for its first or its last day."""
    if not text:
        return None
    if text.isdecimal() and len(text) == 4:
        return dt.date(int(text), 1, 1) if first else dt.date(int(text), 12, 31)
    try:
        return cells.date(text)
    except ValueError:
        raise ValueError(Text("'{text}' is no list date or year", text=text)) from None
