"""What is wrong in person rows, with file, row group and row: asked only where the counts give
cause.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from udsat.messages.problems import Problem
from udsat.messages.text import EMPTY, Text
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
    text: Text
    hint: Text


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
    wrong = _is_wrong(name, cells)
    if name == "person":
        return Fault(name, wrong, "UD702", Text("is no person"), Text("every row needs one"))
    if name == "year":
        return Fault(name, wrong, "UD702", Text("is no year"), Text("write it as a whole number"))
    hint = Text("write it as a whole number of 0 to {oldest}", oldest=OLDEST)
    return Fault(name, wrong, "UD702", Text("is no age"), hint)


def _measured(name: str, test: str, cells: PersonCells) -> Fault:
    if name == "outside_labour_market":
        return Fault(
            name,
            test,
            "UD704",
            Text("is no part of a year"),
            Text("write 0 to 1, such as 0.25 for three months"),
        )
    if name == "gross_income":
        return Fault(
            name,
            test,
            "UD704",
            Text("is no income"),
            Text("write kroner, such as 250000 or 250000.50"),
        )
    return _coded(name, test, cells)


def _coded(name: str, test: str, cells: PersonCells) -> Fault:
    words = ", ".join(cells.map.words(name)) if name in WORDS else Text("a region")
    hint = Text(
        "say in the map, under [codes.{name}], which of {words} it means", name=name, words=words
    )
    return Fault(name, test, "UD703", Text("is no code that the map knows"), hint)


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
                Text("an empty cell")
                if not cell or fault.name == "person"
                else Text("'{cell}'", cell=cell[:_MOST_LETTERS])
            )
            message = (
                Text(
                    "{what} {text}; {many:,} such rows in this file",
                    what=what,
                    text=fault.text,
                    many=many,
                )
                if many > 1
                else Text("{what} {text}", what=what, text=fault.text)
            )
            place, line = places.at(file, number)
            problems.append(
                Problem(
                    fault.code,
                    message,
                    fault.hint,
                    place,
                    line,
                    heading,
                )
            )
        if len(rows) > _MOST:
            problems.append(
                Problem(fault.code, Text("and more such cells"), EMPTY, file, column=heading)
            )
    return problems


def unreadable(error: Exception, sources: Sequence[str]) -> Problem:
    """Return what the engine or Arrow says of a file that it cannot read on; the file is named
    where the engine names it.
    """
    text = " ".join(str(error).split())
    file = next((name for name in sources if name in text), "")
    return Problem(
        "UD708",
        Text("cannot be read to its end: {text}", text=text[:300]),
        Text("export it again"),
        file or ", ".join(sources[:3]),
    )
