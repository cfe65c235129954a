"""From person rows to counts per area and year: read, count, check, and put into the columns of the
area table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb

from udsat import __version__, engine
from udsat.law.loader import Law
from udsat.messages.problems import ExitCode, Problem, TableError, UdsatError
from udsat.messages.text import Text
from udsat.register import (
    area_rows as rows,
)
from udsat.register import (
    batches,
    count,
    duplicates,
    populations,
)
from udsat.register import (
    problems as faults,
)
from udsat.register.batches import Stretch
from udsat.register.cells import PersonCells, check_columns
from udsat.register.count import Counter
from udsat.register.duplicates import Order
from udsat.register.files import PersonFiles, named
from udsat.register.mapping import YEARS, Mapped, PersonMap
from udsat.register.populations import Runs
from udsat.register.references import ReferenceRows, reference_rows
from udsat.register.row_location import RowLocations
from udsat.register.source import PersonSource, sources


class ReportProgress(Protocol):
    """Takes what is about to be done, over how many rows where that is known, and what says how
    many of them are done.
    """

    def __call__(self, what: str, rows: int, done: Callable[[], int] | None = None) -> None:
        """Say it."""


class InvalidPersons(UdsatError):
    """Person rows were read, and some of them are wrong: nothing was counted."""

    exit_code = ExitCode.FINDINGS


def _silent(what: str, rows: int, done: Callable[[], int] | None = None) -> None:
    """Say nothing of what is being done."""
    del what, rows, done


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of one run: `sql` gives the rows of the area table, in order, on `connection`."""

    connection: duckdb.DuckDBPyConnection
    sql: str
    references: ReferenceRows
    persons: int
    years: tuple[int, ...]
    runs: Runs
    files: PersonFiles
    law: Law
    people: Mapped
    least: int

    def relation(self) -> duckdb.DuckDBPyRelation:
        """Return the counts as a relation of the engine."""
        return self.connection.sql(self.sql)

    def provenance(self) -> dict[str, Any]:
        """Return what decided the counts: version, criteria, map, inputs with their SHA-256, and
        options.
        """
        used = (self.law.chosen,) if self.law.chosen else self.law.versions
        names = [Path(file).name for file in self.files.paths]
        return {
            "udsat": __version__,
            "criteria": [{"id": one.id, "sha256": self.law.digests[one.id]} for one in used],
            "inputs": [
                {"name": name, "sha256": sha}
                for name, sha in zip(names, self.files.digests(), strict=True)
            ],
            "map": (
                {"name": Path(self.people.name).name, "sha256": self.people.sha256}
                if self.people.name
                else None
            ),
            "options": {
                "criteria": self.law.chosen.id if self.law.chosen else None,
                "min_count": self.least,
            },
        }


def aggregate(
    names: Sequence[str] | PersonFiles,
    law: Law,
    people: Mapped,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    least: int = 0,
    tell: ReportProgress | None = None,
) -> Counted:
    """Return the counts of person rows in files, globs and folders.

    `least` is the smallest number of persons that is told; `folder` takes temporary files.

    Raises:
        TableError: where a file cannot be read or lacks a column.
        InvalidPersons: where rows are wrong; `problems` names file, row group and row.
        UsageError: where the criteria count what persons do not tell.
    """
    files = names if isinstance(names, PersonFiles) else named(names)
    given = sources(files.paths, connection, folder)
    try:
        return _counted(given, files, law, people, connection, least, tell or _silent)
    except (
        duckdb.InvalidInputException,
        duckdb.ConversionException,
        duckdb.SerializationException,
    ) as error:
        raise TableError(faults.unreadable(error, files.paths)) from error


def _counted(
    given: Sequence[PersonSource],
    files: PersonFiles,
    law: Law,
    people: Mapped,
    connection: duckdb.DuckDBPyConnection,
    least: int,
    tell: ReportProgress,
) -> Counted:
    check_columns(given, people.map, ("person", "year", "area", "region"))
    needed = needs(law, people.map)
    check_columns(given, people.map, needed)
    engine.forget_order(connection)
    tables = [PersonCells(source, people.map) for source in given]
    stretches = [one for cells in tables for one in batches.stretches(cells, needed, connection)]
    counter, places = Counter(law, people.map, needed, connection), RowLocations(connection)
    tell("counting persons", sum(one.rows for one in stretches), lambda: counter.rows)
    found = counter.count(stretches)
    files.check()
    _have_rows(stretches, found)
    table = counter.table()
    years = _years(table, connection)
    runs = populations.runs(law, years) if years else {}
    _raise(faults.faults(tables, counter.untold, runs, places, connection), because=counter.untold)
    problems = count.two_regions(table, connection)
    if count.unknown_regions(table, people.map, connection):
        problems += faults.faults(tables, ["region"], {}, places, connection)
        _raise([], because=[] if problems else ["region"])
    if not duplicates.rising([order for _, order in found]):
        tell("looking for persons counted twice", counter.rows)
        problems += duplicates.twice(tables, places, connection)
        files.check()
    _raise(problems)
    _has_areas(table, files.paths, people.map, connection)
    shape = rows.Shape(runs, people.map, least, rows.proxies(law, law.chosen, years))
    figures = reference_rows(table, runs, law, people.map, least, connection)
    sql = rows.area_rows(table, shape, connection)
    return Counted(
        connection, sql, figures, counter.rows, tuple(years), runs, files, law, people, least
    )


def _raise(problems: Sequence[Problem], because: Collection[str] = ()) -> None:
    """Raise `InvalidPersons` where there are problems; where there should be some and are none, the
    engine and the counts disagree.
    """
    if problems:
        raise InvalidPersons(problems)
    if because:
        raise RuntimeError(
            f"rows were counted that do not tell {', '.join(because)}, and none is found"
        )


def _have_rows(stretches: Sequence[Stretch], found: Sequence[tuple[int, Order]]) -> None:
    rows: dict[tuple[str, ...], int] = {}
    for stretch, (more, _) in zip(stretches, found, strict=True):
        rows[stretch.source.files] = rows.get(stretch.source.files, 0) + more
    if problems := [
        Problem("UD302", Text("has no rows"), file=file)
        for files, many in rows.items()
        if not many
        for file in files
    ]:
        raise TableError(problems)


def _years(table: str, connection: duckdb.DuckDBPyConnection) -> list[int]:
    first, last = YEARS
    query = f"SELECT DISTINCT year FROM {table} WHERE year BETWEEN {first} AND {last} ORDER BY 1"
    return [year for (year,) in connection.execute(query).fetchall()]


def needs(law: Law, people: PersonMap) -> tuple[str, ...]:
    """Return the properties of persons that the measures of the law need, and those that every row
    needs.
    """
    versions = (law.chosen,) if law.chosen else law.versions
    found = ["person", "year", "age"]
    for version in versions:
        for name, block in version.measures.items():
            found += populations.PopulationDefinition(name, block).needs()
    optional = [name for name in ("taxpayer",) if people.given(name)]
    return tuple(dict.fromkeys([*found, *optional]))


def _has_areas(
    table: str, files: Sequence[str], people: PersonMap, connection: duckdb.DuckDBPyConnection
) -> None:
    if not connection.execute(f"SELECT 1 FROM {table} WHERE area IS NOT NULL LIMIT 1").fetchall():
        hint = Text(
            "give persons the code of their housing area; an area is empty only for who"
            " lives in none"
        )
        place = ", ".join(files[:3])
        raise TableError(
            Problem(
                "UD705",
                Text("the column {column} is empty in every row", column=people.column("area")),
                hint,
                place,
            )
        )
