"""A first look at person rows: which years and codes occur, and which columns hold something that must be looked at closely."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from udsat.errors import Problem, TableError
from udsat.register.cells import MOST, Cells
from udsat.register.mapping import WORDS, PersonMap
from udsat.register.source import Source

#: Columns of codes with more different cells than this are no columns of codes.
_MOST_CELLS = 1000
#: Whole numbers with no more between the smallest and the largest are taken to occur all.
_SHORT = 100
#: Ages and years beyond these are slips.
OLDEST, YEARS = 125, (1970, 2100)
NUMBERS = ("outside_labour_market", "gross_income")
_RANGES = {"year": YEARS, "age": (0, OLDEST), "outside_labour_market": (0, 1)}


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of one source before its rows are counted."""

    cells: Cells
    rows: int
    #: The years of the rows, maybe with some between that have none.
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
    """Return what is known of a source after a look at each column; raise `TableError` where it holds no rows."""
    cells = Cells(source, people)
    coded = [name for name in needed if name in WORDS]
    tests = {name: _doubt(name, cells) for name in ("year", "age", *NUMBERS) if name in needed}
    tests |= {f"{name} cut": f"count_if({cells.number(name)[2]}) > 0" for name in NUMBERS if name in needed}
    ends = {name: _ends(name, cells) for name in ("year", *coded)}
    tests |= {f"{name} {end}": test for name, some in ends.items() for end, test in some.items()}
    row = connection.execute(f"SELECT count(*), {', '.join(tests.values())} FROM {source.sql()}").fetchall()[0]
    if not row[0]:
        raise TableError([Problem("UD302", "holds no rows", file=file) for file in source.files])
    found = dict(zip(tests, row[1:], strict=True))
    occurring = {name: _between(name, found) or _distinct(cells.raw(name), source, connection) for name in ends}
    present = {name: frozenset(map(_code, occurring[name])) for name in coded}
    bad = {name for name in ("year", "age", *NUMBERS) if found.get(name)}
    bad |= {name for name in coded if not present[name] <= _known(name, people)}
    few = {name: codes for name, codes in present.items() if len(codes) <= _MOST_CELLS}
    bare = frozenset(name for name in coded if all(map(_is_bare, occurring[name])))
    clean = frozenset(name for name in NUMBERS if name in needed and name not in bad)
    whole = frozenset(name for name in NUMBERS if name in needed and not found[f"{name} cut"])
    return Survey(Cells(source, people, few, bare, clean, whole), row[0], _years(occurring["year"]), frozenset(bad))


def _ends(name: str, cells: Cells) -> dict[str, str]:
    """Return what is asked of a column of whole numbers, so that its cells need not be gone through one by one."""
    raw = cells.raw(name)
    plain = cells.kind(name) == "integer" and cells.map.column(name) and cells.source.types[cells.map.column(name)] != "BOOLEAN"
    return {"low": f"min({raw})", "high": f"max({raw})", "empty": f"count(*) > count({raw})"} if plain else {}


def _between(name: str, found: Mapping[str, Any]) -> list[object]:
    """Return every cell that a column of whole numbers in a short span may have: maybe more than it has, never fewer."""
    low, high = found.get(f"{name} low"), found.get(f"{name} high")
    if low is None or high is None or high - low > _SHORT:
        return []
    return [*range(low, high + 1), *([None] if found[f"{name} empty"] else [])]


def _distinct(cell: str, source: Source, connection: duckdb.DuckDBPyConnection) -> list[object]:
    """Return the different cells of a column; of one that has too many for codes, only some."""
    rows = connection.execute(f"SELECT DISTINCT {cell} AS cell FROM {source.sql()} LIMIT {_MOST_CELLS + 1}").fetchall()
    return [row[0] for row in rows]


def _doubt(name: str, cells: Cells) -> str:
    """Return whether some row may not tell a number: from the ends of a column of numbers, else cell by cell."""
    low, high = _RANGES.get(name, (None, None))
    if cells.kind(name) in {"integer", "float"} and cells.map.column(name):
        raw = cells.raw(name)
        outside = f" OR min({raw}) < {low} OR max({raw}) > {high}" if high is not None else f" OR max(abs({raw})) >= {MOST}"
        parts = f" OR bool_or({raw} != trunc({raw}))" if cells.kind(name) == "float" and name in {"year", "age"} else ""
        return f"coalesce(count({raw}) < count(*){outside}{parts}, true)"
    return f"bool_or({is_untold(name, cells) if name in NUMBERS else is_wrong(name, cells)})"


def _known(name: str, people: PersonMap) -> set[str | None]:
    """Return the cells of a column of codes that the map knows."""
    codes: set[str | None] = {code for some in people.words(name).values() for code in some}
    return codes | ({None} if people.missing(name) != "error" else set())


def _is_bare(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and bool(cell) and cell == cell.strip())


def _code(cell: object) -> str | None:
    """Return a cell as the map writes codes: 1.0 and true are 1."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if isinstance(cell, (bool, float)) and cell == int(cell):
        return str(int(cell))
    return str(cell).strip() or None


def _years(found: Sequence[object]) -> tuple[int, ...]:
    texts = {_code(cell) for cell in found}
    years = {int(text) for text in texts if text and text.isdecimal() and len(text) == 4}
    return tuple(sorted(year for year in years if YEARS[0] <= year <= YEARS[1]))


def is_untold(name: str, cells: Cells) -> str:
    """Return whether a row lacks a number, or has one that is none or out of its range; never null."""
    number, parts, _ = cells.number(name)
    if name == "outside_labour_market":
        return f"coalesce(NOT (({number}) BETWEEN 0 AND {parts}), true)"
    return f"(({number}) IS NULL)"
