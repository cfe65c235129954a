"""Persons to counts: one streaming pass that groups rows by area and year, and what becomes of the groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

import duckdb

from udsat import exact
from udsat.errors import Problem
from udsat.register import populations
from udsat.register.cells import Cells
from udsat.register.mapping import PersonMap
from udsat.register.populations import Definition, Run
from udsat.register.survey import Survey
from udsat.tables.engine import identifier, literal

_names = count()
KEYS = ("year", "area", "municipality", "region")
#: In how many parts a measure that adds numbers is summed up; the others count whole persons.
PARTS = {"outside_labour_market": exact.NANO, "gross_income": exact.NANO}
Runs = Mapping[str, tuple[Run, ...]]


def grouped(surveys: Sequence[Survey], runs: Runs, connection: duckdb.DuckDBPyConnection) -> str:
    """Return the name of a new table of sums by year, area, municipality and region; area is null for who lives in none."""
    name = f"register_{next(_names)}"
    parts = [_typed(one, runs) for one in surveys]
    sums = ", ".join(f"CAST(sum({column}) AS {kind}) AS {column}" for column, kind in columns(runs).items())
    query = f"SELECT {', '.join(KEYS)}, {sums} FROM ({' UNION ALL '.join(parts)}) GROUP BY ALL"
    connection.execute(f"CREATE TEMP TABLE {name} AS {query}")
    return name


def columns(runs: Runs) -> dict[str, str]:
    """Return the columns of sums with their types."""
    found = {"residents": "BIGINT"}
    for measure in runs:
        kind = "HUGEINT" if measure in PARTS else "BIGINT"
        found |= {f"{measure}_low": kind, f"{measure}_high": kind, f"{measure}_base": "BIGINT"}
    return found


def _typed(one: Survey, runs: Runs) -> str:
    """Return the sums of one source as SQL, with keys that all sources share."""
    cells = one.cells
    summed = f"({_summed(cells, runs)})"
    keys = [cells.whole("year", "key_year"), *(cells.text(name, f"key_{name}") for name in ("area", "municipality")), _region(cells)]
    named = [f"{key} AS {name}" for key, name in zip(keys, KEYS, strict=True)]
    return f"SELECT {', '.join(named)}, {', '.join(columns(runs))} FROM {summed}"


def _summed(cells: Cells, runs: Runs) -> str:
    """Return one pass over a source: the raw keys, so that no row need be rewritten, and a sum for each column."""
    tests: dict[str, str] = {}
    sums = ["count(*) AS residents"]
    for measure, some in runs.items():
        sums += _sums(measure, some, cells, tests)
    named = [f"{cells.raw(name)} AS key_{name}" for name in KEYS]
    named += [f"{test} AS {name}" for name, test in tests.items()]
    aged = f"SELECT *, {cells.whole('age')} AS {populations.AGE} FROM {cells.source.sql()}"
    inner = f"SELECT {', '.join(named)} FROM ({aged})"
    keys = ", ".join(f"key_{name}" for name in KEYS)
    return f"SELECT {keys}, {', '.join(sums)} FROM ({inner}) GROUP BY {keys}"


def _sums(measure: str, some: Sequence[Run], cells: Cells, tests: dict[str, str]) -> list[str]:
    """Return the sums of a measure, and add to `tests` the columns that they are over."""

    def named(what: str, of: Mapping[Run, str]) -> str:
        name = f"{measure}_{what}"
        tests[name] = by_year(of, cells)
        return name

    counted = {run: run.definition for run in some if run.definition}
    base = named("in_base", {run: populations.base(one, cells) for run, one in counted.items()})
    sums = [f"count_if({base}) AS {measure}_base"]
    if measure in PARTS:
        return sums + _totals(measure, base, counted, cells, tests)
    low = named("certain", {run: populations.numerator(one, cells)[0] for run, one in counted.items()})
    high = named("possible", {run: populations.numerator(one, cells)[1] for run, one in counted.items()})
    sums.append(f"count_if({base} AND {low}) AS {measure}_low")
    same = tests[low] == tests[high]
    return [*sums, f"{measure}_low AS {measure}_high" if same else f"count_if({base} AND {high}) AS {measure}_high"]


def _totals(measure: str, base: str, counted: Mapping[Run, Definition], cells: Cells, tests: dict[str, str]) -> list[str]:
    """Return the sums of a measure that adds numbers: in billionths, and one more or less for each that was cut."""
    number, parts, cut = cells.number(measure)
    if any(one.block.counted == "persons" for one in counted.values()) and measure == "outside_labour_market":
        number = by_year({run: f"CASE WHEN {number} > 0 THEN {parts} ELSE 0 END" if one.block.counted == "persons" else number
                          for run, one in counted.items()}, cells)  # fmt: skip
    tests[f"{measure}_number"] = number
    times = PARTS[measure] // parts
    # A product, which is 0 or null outside the base: to leave rows out takes the engine longer.
    total = f"coalesce(sum({measure}_number * CAST({base} AS BIGINT)), 0) * {times}"
    if cut == "false":
        return [f"{total} AS {measure}_low", f"{total} AS {measure}_high"]
    tests[f"{measure}_cut"] = cut
    many = f"count_if({base} AND {measure}_cut)"
    return [f"{total} - {many} AS {measure}_low", f"{total} + {many} AS {measure}_high"]


def by_year(of: Mapping[Run, str], cells: Cells) -> str:
    """Return one expression for rows of many years; years that no list looks at count nobody."""
    found = set(of.values())
    if len(found) == 1:
        return found.pop()
    year = cells.whole("year")
    cases = " ".join(f"WHEN {year} BETWEEN {run.first} AND {run.last} THEN {test}" for run, test in of.items())
    return f"CASE {cases} END"


def _region(cells: Cells) -> str:
    """The name of a region, from its code; `error` where the map does not know the code."""
    if not cells.map.given("region"):
        return "CAST(NULL AS VARCHAR)"
    missing = cells.map.missing("region")
    key = cells.text("region", "key_region")
    cases = " ".join(
        f"WHEN {key} IN ({', '.join(map(literal, codes))}) THEN {literal(name)}"
        for name, codes in cells.map.words("region").items()
        if codes
    )
    return f"CASE WHEN {key} IS NULL THEN {literal(missing)} {cases} ELSE 'error' END"


def two_regions(table: str, connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Return a problem for each area whose persons live in two regions in one year."""
    query = f"""SELECT area, municipality, year, count(DISTINCT region) FROM {identifier(table)}
        WHERE area IS NOT NULL AND region != 'error' GROUP BY ALL HAVING count(DISTINCT region) > 1 ORDER BY ALL"""
    hint = "give areas of different municipalities different codes, or name the column of the municipality"
    return [
        Problem("UD710", f"the persons of {', '.join(filter(None, (area, town)))} in {year} live in {many} regions", hint)
        for area, town, year, many in connection.execute(query).fetchall()
    ]


def unknown_regions(table: str, people: PersonMap, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a code of a region is not in the map."""
    if not people.given("region"):
        return False
    return bool(connection.execute(f"SELECT 1 FROM {identifier(table)} WHERE region = 'error' LIMIT 1").fetchall())
