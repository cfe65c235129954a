"""A first look at person rows: which years and codes occur, and which columns hold something that must be looked at closely."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from udsat.errors import Problem, TableError
from udsat.register.cells import Cells
from udsat.register.mapping import WORDS, PersonMap
from udsat.register.source import Source

#: Columns of codes with more different cells than this are no columns of codes.
_MOST_CELLS = 1000
#: Ages and years beyond these are slips.
OLDEST, YEARS = 125, (1970, 2100)


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of one source before its rows are counted."""

    cells: Cells
    rows: int
    years: tuple[int, ...]
    #: Properties that some row does not tell, whatever population the row is in.
    untold: frozenset[str]


def is_wrong(name: str, cells: Cells) -> str:
    """Return whether the person, year or age of a row is empty or impossible; never null."""
    if name == "person":
        return cells.is_empty(name)
    low, high = (0, OLDEST) if name == "age" else YEARS
    return f"coalesce(NOT ({cells.whole(name)} BETWEEN {low} AND {high}), true)"


def survey(source: Source, people: PersonMap, needed: Sequence[str], connection: duckdb.DuckDBPyConnection) -> Survey:
    """Return what one pass over a source tells; raise `TableError` where it holds no rows."""
    cells = Cells(source, people)
    coded = [name for name in needed if name in WORDS]
    doubts = {name: is_wrong(name, cells) for name in ("person", "year", "age") if name in needed}
    doubts |= {name: is_untold(name, cells) for name in ("outside_labour_market", "gross_income") if name in needed}
    counts = "".join(f", count(*) FILTER ({test})" for test in doubts.values())
    raw = ", ".join(f"{cells.raw(name)} AS k{n}" for n, name in enumerate(["year", *coded]))
    query = f"SELECT k0{''.join(f', k{n}' for n in range(1, len(coded) + 1))}, count(*){counts}"
    inner = f"SELECT *, {raw} FROM {source.sql()}"
    found = connection.execute(f"{query} FROM ({inner}) GROUP BY {', '.join(f'k{n}' for n in range(len(coded) + 1))}").fetchall()
    if not found:
        raise TableError([Problem("UD302", "holds no rows", file=file) for file in source.files])
    width = len(coded) + 1
    sums = [sum(row[width + n] for row in found) for n in range(len(doubts) + 1)]
    bad = {name for name, count in zip(doubts, sums[1:], strict=True) if count}
    present = {name: frozenset(_code(row[n]) for row in found) for n, name in enumerate(coded, 1)}
    known = {name: {code for codes in people.words(name).values() for code in codes} for name in coded}
    may_be_empty = {name for name in coded if people.missing(name) != "error"}
    bad |= {name for name in coded if present[name] - known[name] - ({None} if name in may_be_empty else set())}
    few = {name: codes for name, codes in present.items() if len(codes) <= _MOST_CELLS}
    clean = frozenset(doubts) - bad
    texts = {name: {row[n] for row in found} for n, name in enumerate(coded, 1)}
    bare = frozenset(
        name for name, cells_ in texts.items() if all(c is None or (isinstance(c, str) and c and c == c.strip()) for c in cells_)
    )
    return Survey(Cells(source, people, few, bare, clean), sums[0], _years(found), frozenset(bad))


def _code(cell: object) -> str | None:
    """Return a cell as the map writes codes: 1.0 and true are 1."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if isinstance(cell, (bool, float)) and cell == int(cell):
        return str(int(cell))
    return str(cell).strip() or None


def _years(found: Sequence[tuple[object, ...]]) -> tuple[int, ...]:
    texts = {_code(row[0]) for row in found}
    years = {int(text) for text in texts if text and text.isdecimal() and len(text) == 4}
    return tuple(sorted(year for year in years if YEARS[0] <= year <= YEARS[1]))


def is_untold(name: str, cells: Cells) -> str:
    """Return whether a row lacks a number, or has one that is none or out of its range; never null."""
    number, parts, _ = cells.number(name)
    if name == "outside_labour_market":
        return f"coalesce(NOT (({number}) BETWEEN 0 AND {parts}), true)"
    return f"(({number}) IS NULL)"
