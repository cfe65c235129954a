"""The user's names: which names are of one area, and on which lists or in which years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from udsat.messages.problems import Problem, TableError
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
        hint = (
            "a file of names has area, municipality, same_as, and optionally same_as_municipality,"
            " from and to"
        )
        raise TableError(
            Problem(
                "UD632",
                f"the column {', '.join(missing)} is missing",
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
            problems.append(Problem("UD632", str(error), "", raw.name, line))
    if problems:
        raise TableError(problems)
    return found


def _row(given: Mapping[str, str], register: Municipalities | None) -> SameAs:
    for name in _NEEDED:
        if not given[name]:
            raise ValueError(f"the cell {name} is empty")
    own = Area(given["area"], given["municipality"])
    other = Area(given["same_as"], given.get("same_as_municipality") or given["municipality"])
    for area in (own, other):
        if register and register.find(area.municipality) is None:
            near = " or ".join(register.near(area.municipality))
            raise ValueError(
                f"'{area.municipality}' is no municipality"
                + (f"; did you mean {near}?" if near else "")
            )
    first, last = _day(given.get("from", ""), first=True), _day(given.get("to", ""), first=False)
    if first and last and first > last:
        raise ValueError(f"it ends on {last}, before it begins on {first}")
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
        raise ValueError(f"'{text}' is no list date or year") from None
