"""From person rows to counts per area and year: read, survey, count, check, and put into the columns of the area table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from udsat import __version__
from udsat.errors import ExitCode, Problem, TableError, UdsatError
from udsat.law.library import Law
from udsat.register import count, faults, once, populations, rows
from udsat.register.cells import check_columns
from udsat.register.count import Runs
from udsat.register.mapping import Mapped, PersonMap
from udsat.register.places import Places
from udsat.register.source import Source, digests, expand, sources
from udsat.register.survey import survey
from udsat.register.yardsticks import Yardsticks, yardsticks
from udsat.tables import engine

#: Called with what is about to be done, and over how many rows, where that is known.
Tell = Callable[[str, int], None]


class InvalidPersons(UdsatError):
    """Person rows were read, and some of them are wrong: nothing was counted."""

    exit_code = ExitCode.FINDINGS


def _silent(what: str, rows: int) -> None:
    """Say nothing of what is being done."""
    del what, rows


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of one run: `sql` gives the rows of the area table, in order, on `connection`."""

    connection: duckdb.DuckDBPyConnection
    sql: str
    yardsticks: Yardsticks
    persons: int
    years: tuple[int, ...]
    runs: Runs
    files: tuple[str, ...]
    law: Law
    people: Mapped
    least: int

    def relation(self) -> duckdb.DuckDBPyRelation:
        """Return the counts as a relation of the engine."""
        return self.connection.sql(self.sql)

    def provenance(self) -> dict[str, Any]:
        """Return what decided the counts: version, criteria, map, inputs with their SHA-256, and options."""
        used = (self.law.chosen,) if self.law.chosen else self.law.versions
        names = [Path(file).name for file in self.files]
        return {
            "udsat": __version__,
            "criteria": [{"id": one.id, "sha256": self.law.digests[one.id]} for one in used],
            "inputs": [{"name": name, "sha256": sha} for name, sha in zip(names, digests(self.files), strict=True)],
            "map": {"name": Path(self.people.name).name, "sha256": self.people.sha256} if self.people.name else None,
            "options": {"criteria": self.law.chosen.id if self.law.chosen else None, "min_count": self.least},
        }


def aggregate(
    names: Sequence[str],
    law: Law,
    people: Mapped,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    least: int = 0,
    tell: Tell | None = None,
) -> Counted:
    """Return the counts of person rows in files, globs and folders.

    `least` is the smallest number of persons that is told; `folder` takes temporary files.

    Raises:
        TableError: where a file cannot be read or lacks a column.
        InvalidPersons: where rows are wrong; `problems` names file, row group and row.
        UsageError: where the criteria count what persons do not tell.
    """
    files = expand(names)
    given = sources(files, connection, folder)
    try:
        return _counted(given, files, law, people, connection, least, tell or _silent)
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.SerializationException) as error:
        raise TableError(faults.unreadable(error, files)) from error


def _counted(
    given: Sequence[Source],
    files: Sequence[str],
    law: Law,
    people: Mapped,
    connection: duckdb.DuckDBPyConnection,
    least: int,
    tell: Tell,
) -> Counted:
    check_columns(given, people.map, ("person", "year", "area", "region"))
    needed = needs(law, people.map)
    check_columns(given, people.map, needed)
    engine.forget_order(connection)
    tell("looking at the rows", 0)
    surveys = [survey(source, people.map, needed, connection) for source in given]
    years = sorted({year for one in surveys for year in one.years})
    runs = populations.runs(law, years) if years else {}
    total, places = sum(one.rows for one in surveys), Places(connection)
    problems = faults.faults(surveys, runs, False, places, connection)
    if problems:
        raise InvalidPersons(problems)
    tell("counting persons", total)
    with once.rising(surveys, connection) as rising:
        table = count.grouped(surveys, runs, connection)
        problems = count.two_regions(table, connection)
        if count.unknown_regions(table, people.map, connection):
            problems += faults.faults(surveys, {}, True, places, connection)
        tell("looking for persons counted twice", total)
        once_each = rising.result()
    if not once_each:
        problems += once.twice(surveys, places, connection)
    if problems:
        raise InvalidPersons(problems)
    years = [year for (year,) in connection.execute(f"SELECT DISTINCT year FROM {table} ORDER BY 1").fetchall()]
    _has_areas(table, files, people.map, connection)
    shape = rows.Shape(runs, people.map, least, rows.proxies(law, law.chosen, years))
    figures = yardsticks(table, runs, law, people.map, least, connection)
    sql = rows.area_rows(table, shape, connection)
    return Counted(connection, sql, figures, total, tuple(years), runs, tuple(files), law, people, least)


def needs(law: Law, people: PersonMap) -> tuple[str, ...]:
    """Return the properties of persons that the measures of the law need, and those that every row needs."""
    versions = (law.chosen,) if law.chosen else law.versions
    found = ["person", "year", "age"]
    for version in versions:
        for name, block in version.measures.items():
            found += populations.Definition(name, block).needs()
    optional = [name for name in ("taxpayer",) if people.given(name)]
    return tuple(dict.fromkeys([*found, *optional]))


def _has_areas(table: str, files: Sequence[str], people: PersonMap, connection: duckdb.DuckDBPyConnection) -> None:
    if not connection.execute(f"SELECT 1 FROM {table} WHERE area IS NOT NULL LIMIT 1").fetchall():
        hint = "give persons the code of their housing area; an area is empty only for who lives in none"
        place = ", ".join(files[:3])
        raise TableError(Problem("UD705", f"the column {people.column('area')} is empty in every row", hint, place))
