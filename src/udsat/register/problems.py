"""What is wrong in person rows, with file, row group and row: asked only where the counts give
cause.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from udsat.messages.problems import Problem
from udsat.register import populations
from udsat.register.cells import PersonCells
from udsat.register.mapping import OLDEST, WORDS, YEARS
from udsat.register.populations import Run, Runs
from udsat.register.row_location import RowLocations

#: So many places of one fault are named; the rest is a number.
_MOST = 10
_MOST_LETTERS = 32


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which rows can be wrong: the property, the test that finds it, and what to say."""

    name: str
    test: str
    code: str
    text: str
    hint: str


def faults(
    tables: Sequence[PersonCells],
    untold: Collection[str],
    runs: Runs,
    places: RowLocations,
    connection: duckdb.DuckDBPyConnection,
) -> list[Problem]:
    """Return every fault of every source; `untold` has the properties that some row
    does not tell.
    """
    return [
        problem
        for cells in tables
        for fault in _possible(cells, untold, runs)
        for problem in _found(fault, cells, places, connection)
    ]


def nobody(
    tables: Sequence[PersonCells], places: RowLocations, connection: duckdb.DuckDBPyConnection
) -> list[Problem]:
    """Return a problem for the first row of each file that does not say who it is."""
    return [
        problem
        for cells in tables
        for problem in _found(_strict("person", cells), cells, places, connection)
    ]


def _possible(cells: PersonCells, untold: Collection[str], runs: Runs) -> Iterator[Fault]:
    """Yield the faults that there may be."""
    yield from (_strict(name, cells) for name in ("year", "age") if name in untold)
    tests: dict[str, list[str]] = {}
    for some in runs.values():
        counted = {run: populations.untold(run.definition, cells) for run in some if run.definition}
        for name in dict.fromkeys(name for found in counted.values() for name in found):
            tests.setdefault(name, []).append(
                _by_year({run: found.get(name, "false") for run, found in counted.items()}, cells)
            )
    yield from (
        _measured(name, " OR ".join(some), cells) for name, some in tests.items() if name in untold
    )
    if "region" in untold:
        yield _coded("region", f"NOT {cells.is_known('region')}", cells)


def _by_year(of: Mapping[Run, str], cells: PersonCells) -> str:
    """Return one test for rows of many years; in years that no list looks at nothing is asked."""
    year = cells.whole("year")
    return (
        "CASE"
        f" {' '.join(f'WHEN {year} BETWEEN {run.first} AND {run.last} THEN {test}' for run, test in of.items())}"  # noqa: E501
        " ELSE false END"
    )


def _is_wrong(name: str, cells: PersonCells) -> str:
    """Return whether the person, year or age of a row is empty or impossible; never null."""
    if name == "person":
        return cells.is_empty(name)
    low, high = (0, OLDEST) if name == "age" else YEARS
    return f"coalesce(NOT ({cells.whole(name)} BETWEEN {low} AND {high}), true)"


def _strict(name: str, cells: PersonCells) -> Fault:
    hint = (
        "every row needs one"
        if name == "person"
        else f"write it as a whole number{f' of 0 to {OLDEST}' if name == 'age' else ''}"
    )
    return Fault(
        name,
        _is_wrong(name, cells),
        "UD702",
        {"person": "is no person", "year": "is no year", "age": "is no age"}[name],
        hint,
    )


def _measured(name: str, test: str, cells: PersonCells) -> Fault:
    if name == "outside_labour_market":
        return Fault(
            name,
            test,
            "UD704",
            "is no part of a year",
            "write 0 to 1, such as 0.25 for three months",
        )
    if name == "gross_income":
        return Fault(
            name, test, "UD704", "is no income", "write kroner, such as 250000 or 250000.50"
        )
    return _coded(name, test, cells)


def _coded(name: str, test: str, cells: PersonCells) -> Fault:
    words = ", ".join(cells.map.words(name)) if name in WORDS else "a region"
    hint = f"say in the map, under [codes.{name}], which of {words} it means"
    return Fault(name, test, "UD703", "is no code that the map knows", hint)


def _found(
    fault: Fault, cells: PersonCells, places: RowLocations, connection: duckdb.DuckDBPyConnection
) -> list[Problem]:
    """Return a problem for each different cell at fault, at its first place, with how often it
    occurs.
    """
    problems: list[Problem] = []
    heading = cells.map.column(fault.name) or fault.name
    for file, placed in zip(cells.source.files, places.of(cells.source), strict=True):
        aged = f"SELECT *, {cells.whole('age')} AS {populations.AGE} FROM ({placed})"
        shown = f"coalesce({cells.text(fault.name)}, '')"
        query = (
            f"SELECT {shown} AS cell, min(number), count(*) FROM ({aged}) WHERE {fault.test} GROUP"
            " BY ALL ORDER BY 2"
        )
        rows = connection.execute(f"{query} LIMIT {_MOST + 1}").fetchall()
        for cell, number, many in rows[:_MOST]:
            what = (
                "an empty cell"
                if not cell or fault.name == "person"
                else f"'{cell[:_MOST_LETTERS]}'"
            )
            times = f"; {many:,} such rows in this file" if many > 1 else ""
            place, line = places.at(file, number)
            problems.append(
                Problem(fault.code, f"{what} {fault.text}{times}", fault.hint, place, line, heading)
            )
        if len(rows) > _MOST:
            problems.append(Problem(fault.code, "and more such cells", "", file, column=heading))
    return problems


def unreadable(error: Exception, sources: Sequence[str]) -> Problem:
    """Return what the engine or Arrow says of a file that it cannot read on; the file is named
    where the engine names it.
    """
    text = " ".join(str(error).split())
    file = next((name for name in sources if name in text), "")
    return Problem(
        "UD708",
        f"cannot be read to its end: {text[:300]}",
        "export it again",
        file or ", ".join(sources[:3]),
    )
