"""The engine agrees with the oracle, which was written apart from it, on tables that are hard on the lines of the law."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from breadth import spread
from oracle.law import judge
from oracle.tables import (
    CONVICTED,
    DATES,
    WORK,
    Row,
    Table,
    boundary_table,
    count_table,
    random_year_table,
    streak_table,
    year_table,
)
from support import VIAS, agreement, columns_of, run, typed_rows
from udsat import engine

VERSIONS = tuple(DATES)
LIST_YEARS = (2012, 2016, 2019, 2023)
#: Each table takes the engine a second or two, so not all go through every door here; `-m long` has them all.
VERSIONS_AND_VIAS = [
    *((version, "csv") for version in VERSIONS),
    ("2014", "parquet"),
    ("2021", "parquet"),
    ("2018", "pandas"),
]
YEARS_AND_VIAS = [*((year, "csv") for year in LIST_YEARS), (2019, "parquet"), (2023, "pandas")]
Record = Callable[[str, object], None]


def disagreements(
    table: Table, via: str = "csv", folder: Path | None = None, **options: Any
) -> tuple[int, list[str]]:
    """Return on how many areas both were asked, and where they differ.

    What comes in as floats is judged by the oracle as what floats stand for: their shortest decimals.
    """
    rows = table.rows if via == "csv" else typed_rows(table.rows)
    given = {
        "references": table.references,
        "lists": table.lists,
        "list_year": table.list_year,
        **options,
    }
    theirs = judge(rows, **given)
    ours = run(
        table.rows,
        table.references,
        table.lists,
        via=via,
        folder=folder,
        list_year=table.list_year,
        **options,
    )
    return len(theirs), agreement(ours, theirs)


@pytest.mark.parametrize(
    ("version", "via"),
    [
        pytest.param(*one, marks=[] if one in VERSIONS_AND_VIAS else pytest.mark.long)
        for one in product(VERSIONS, VIAS)
    ],
)
def test_values_at_the_line_and_one_printed_unit_from_it(
    version: str, via: str, tmp_path: Path
) -> None:
    assert disagreements(
        boundary_table(Random(f"{version} {via}"), version, 2000), via, tmp_path
    ) == (2000, [])


@pytest.mark.parametrize(("version", "via"), VERSIONS_AND_VIAS)
def test_rounded_values_at_the_line_and_up_to_two_printed_units_from_it(
    version: str, via: str, tmp_path: Path
) -> None:
    table = boundary_table(
        Random(f"{version} {via}"), version, 1000, as_printed=True, steps=(-2, -1, 0, 1, 2)
    )
    assert disagreements(table, via, tmp_path, rounded=True) == (1000, [])


@pytest.mark.parametrize(("version", "via"), VERSIONS_AND_VIAS)
def test_counts_whose_ratio_ties_the_line_or_misses_it_by_one_person(
    version: str, via: str, tmp_path: Path
) -> None:
    assert disagreements(count_table(Random(f"{version} {via}"), version, 1000), via, tmp_path) == (
        1000,
        [],
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_counts_of_a_whole_country(version: str) -> None:
    assert disagreements(count_table(Random(version), version, 500, largest_base=19_000_000)) == (
        500,
        [],
    )


def mixed(rows: Sequence[Row]) -> bool:
    """Whether a mean over the years 2008-2011 is of counts in some years, and of a share in one without counts."""
    years = [row for row in rows if 2008 <= int(row["year"]) <= 2011]
    return any(
        len({bool(row[f"{measure}_base"]) for row in years}) > 1 for measure in (WORK, CONVICTED)
    )


def unmixed(table: Table) -> Table:
    """Return a table without areas that the engine may leave open: see the two tests below that are expected to fail."""
    by_area: dict[tuple[str, str], list[Row]] = {}
    for row in table.rows:
        by_area.setdefault((row["area"], row["municipality"]), []).append(row)
    return table._replace(
        rows=[row for rows in by_area.values() if not mixed(rows) for row in rows]
    )


@pytest.mark.parametrize(("list_year", "via"), YEARS_AND_VIAS)
def test_means_over_years_that_tie_the_line_though_no_year_does(
    list_year: int, via: str, tmp_path: Path
) -> None:
    table = year_table(Random(f"{list_year} {via}"), list_year, 150)
    asked, wrong = disagreements(unmixed(table) if list_year == 2012 else table, via, tmp_path)
    assert (asked > 40, wrong) == (True, [])


@pytest.mark.parametrize(
    ("list_year", "largest_base"),
    [(2012, 400_000), (2016, 4_000_000), (2019, 4_000_000), (2023, 4_000_000)],
)
def test_means_over_years_of_counts_of_a_whole_country(list_year: int, largest_base: int) -> None:
    table = year_table(Random(list_year), list_year, 150, largest_base=largest_base)
    asked, wrong = disagreements(unmixed(table) if list_year == 2012 else table)
    assert (asked > 30, wrong) == (True, [])


def four_years(*cells: Row) -> Table:
    """Return an area without work or education of exactly 40 percent over 2008-2011, which does not exceed 40."""
    rows = [
        {"area": "Lunden", "year": str(2008 + n), "residents": "2000"} | cell
        for n, cell in enumerate(cells)
    ]
    return Table(
        [{column: row.get(column, "") for column in columns_of(rows)} for row in rows], [], 2012, {}
    )


def share(percent: str) -> Row:
    return {f"{WORK}_pct": percent}


def counts(persons: int, base: int) -> Row:
    return {WORK: str(persons), f"{WORK}_base": str(base)}


@pytest.mark.xfail(
    strict=True,
    reason="a mean over four years, of shares for some and thirds for others, is enclosed and not exact",
)
def test_a_mean_of_two_shares_and_two_ratios_that_ties_the_line_is_decided() -> None:
    table = four_years(share("39.9"), share("40.1"), counts(1, 3), counts(7, 15))
    assert disagreements(table) == (1, [])


def test_a_mean_of_four_ratios_of_large_counts_that_ties_the_line_is_decided() -> None:
    table = four_years(
        counts(100_000, 300_000), counts(140_000, 300_000), counts(1, 3), counts(210_000, 450_000)
    )
    assert disagreements(table) == (1, [])
    table = four_years(
        counts(200_000, 600_000), counts(280_000, 600_000), counts(1, 3), counts(280_000, 600_000)
    )
    assert disagreements(table) == (1, [])


STREAKS: dict[str, tuple[str, dict[str, Any]]] = {
    **{via: (via, {}) for via in VIAS},
    "computed": ("csv", {"basis": "computed"}),
    "assumed residents": ("parquet", {"assume_min_residents": True}),
    "criteria 2014": ("csv", {"criteria": "2014"}),
    "criteria 2018": ("pandas", {"criteria": "2018"}),
    "criteria 2021": ("csv", {"criteria": "2021"}),
}


@pytest.mark.parametrize(("via", "options"), STREAKS.values(), ids=STREAKS)
def test_years_in_a_row_over_lists_with_gaps_bounds_and_printed_references(
    via: str, options: dict[str, Any], tmp_path: Path
) -> None:
    table = streak_table(Random(f"{options} {via}"), 30, printed=True)
    asked, wrong = disagreements(table, via, tmp_path, **options)
    assert (asked > 180, wrong) == (True, [])


@pytest.mark.parametrize("via", VIAS)
def test_years_in_a_row_of_rounded_values(via: str, tmp_path: Path) -> None:
    table = streak_table(Random(via), 40, printed=True, long_decimals=False)
    asked, wrong = disagreements(table, via, tmp_path, rounded=True)
    assert (asked > 250, wrong) == (True, [])


ORDERS: dict[str, Callable[[Row], Any]] = {
    "area": lambda row: (row["area"], row["municipality"], row["list_date"]),
    "municipality": lambda row: (row["municipality"], row["area"], row["list_date"]),
    "date": lambda row: (row["list_date"], row["area"]),
    "latest first": lambda row: (
        row["area"],
        row["municipality"],
        -int(row["list_date"].replace("-", "")),
    ),
}


#: Order, door, basis.
ORDERED = [
    *(("area", via, "computed") for via in VIAS), ("municipality", "parquet", "computed"),
    ("date", "parquet", "computed"), ("latest first", "csv", "computed"),
    ("area", "parquet", "published"), ("date", "csv", "published"),
]  # fmt: skip


@pytest.mark.parametrize(("order", "via", "basis"), ORDERED)
def test_years_in_a_row_of_long_tables_in_any_order(
    order: str, via: str, basis: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("udsat.engine.relations.MANY", 50)
    monkeypatch.setattr(engine, "MANY", 50)
    table = streak_table(Random(f"{order} {via} {basis}"), 25, printed=True)
    asked, wrong = disagreements(
        table._replace(rows=sorted(table.rows, key=ORDERS[order])), via, tmp_path, basis=basis
    )
    assert (asked > 150, wrong) == (True, [])


def test_rows_that_are_not_in_their_order_are_never_given_what_others_have() -> None:
    connection = engine.connect()
    rows = connection.sql("FROM (VALUES (1, 'a'), (0, 'b')) t(row, area)")
    years = connection.sql("FROM (VALUES (0, 7), (1, 9)) t(row, years)")
    with pytest.raises(duckdb.Error, match="not in the order of row"):
        engine.beside(connection, rows, years, "row").fetchall()


@pytest.mark.parametrize("changed", ["no date again", "a date again", "an area again", "a gap"])
def test_a_table_is_in_order_only_if_no_area_comes_again_and_no_date_of_it(changed: str) -> None:
    rows = [
        (area, town, f"201{year}-12-01") for area in "ABC" for town in "xy" for year in range(4, 10)
    ]
    place = {"no date again": len(rows), "a date again": 7, "an area again": len(rows), "a gap": 3}[
        changed
    ]
    more = {
        "a date again": rows[6],
        "an area again": ("A", "x", "2020-12-01"),
        "a gap": ("A", None, "2030-12-01"),
    }.get(changed)
    rows[place:place] = [more] if more else []
    columns = dict(zip(("area", "town", "date"), map(list, zip(*rows, strict=True)), strict=True))
    relation = engine.table(engine.connect(), columns, dict.fromkeys(columns, "VARCHAR"))
    assert engine.ascends(relation, ("area", "town", "date")) == (changed == "no date again")


@pytest.mark.parametrize(("list_year", "via"), YEARS_AND_VIAS)
def test_lists_formed_from_calendar_years_with_gaps_and_bounds(
    list_year: int, via: str, tmp_path: Path
) -> None:
    table = random_year_table(Random(f"{list_year} {via}"), 50, list_year, printed=True)
    asked, wrong = disagreements(table, via, tmp_path)
    assert (asked > 40, wrong) == (True, [])


@pytest.mark.parametrize(
    "options", [{"basis": "computed"}, {"assume_min_residents": True}, {"rounded": True}], ids=str
)
def test_lists_formed_from_calendar_years_under_options(options: dict[str, Any]) -> None:
    table = random_year_table(Random(str(options)), 80, 2023, printed=True, long_decimals=False)
    asked, wrong = disagreements(table, **options)
    assert (asked > 70, wrong) == (True, [])


# The long run: `pytest -m long`. More than a million areas at the lines, each with four or five values.

CHUNK = 10_000
KINDS: dict[str, tuple[Callable[..., Table], str, dict[str, Any], dict[str, Any]]] = {
    "values": (boundary_table, "csv", {}, {}),
    "values as floats": (boundary_table, "parquet", {}, {}),
    "rounded": (
        boundary_table,
        "csv",
        {"as_printed": True, "steps": (-2, -1, 0, 1, 2)},
        {"rounded": True},
    ),
    "counts": (count_table, "parquet", {}, {}),
}
SEEDS = range(7)
LONG = [(kind, version, seed) for seed in spread(SEEDS) for kind in KINDS for version in VERSIONS]


def test_the_long_run_judges_more_than_a_million_areas() -> None:
    assert len(SEEDS) * len(KINDS) * len(VERSIONS) * CHUNK >= 1_000_000


@pytest.mark.long
@pytest.mark.parametrize(("kind", "version", "seed"), LONG)
def test_a_million_areas_at_the_lines(
    kind: str, version: str, seed: int, tmp_path: Path, record_property: Record
) -> None:
    make, via, drawn, options = KINDS[kind]
    table = make(Random(f"{kind} {version} {seed}"), version, CHUNK, **drawn)
    asked, wrong = disagreements(table, via, tmp_path, **options)
    print(f"judged {asked:,} areas at the lines of {version}: {kind}, seed {seed}")
    record_property("judged", asked)
    assert (asked, wrong) == (CHUNK, [])


@pytest.mark.long
@pytest.mark.parametrize("seed", spread(range(4)))
@pytest.mark.parametrize("via", VIAS)
@pytest.mark.parametrize("list_year", LIST_YEARS)
def test_thousands_of_means_over_years(
    list_year: int, via: str, seed: int, tmp_path: Path, record_property: Record
) -> None:
    table = year_table(Random(f"{list_year} {seed}"), list_year, 2000)
    asked, wrong = disagreements(unmixed(table) if list_year == 2012 else table, via, tmp_path)
    record_property("judged", asked)
    assert (asked > 500, wrong) == (True, [])


@pytest.mark.long
@pytest.mark.parametrize("seed", spread(range(3)))
@pytest.mark.parametrize("via", VIAS)
@pytest.mark.parametrize("list_year", LIST_YEARS)
def test_thousands_of_lists_formed_from_calendar_years(
    list_year: int, via: str, seed: int, tmp_path: Path, record_property: Record
) -> None:
    asked, wrong = disagreements(
        random_year_table(Random(f"{list_year} {seed}"), 500, list_year, printed=True),
        via,
        tmp_path,
    )
    record_property("judged", asked)
    assert (asked > 400, wrong) == (True, [])


@pytest.mark.long
@pytest.mark.parametrize("seed", spread(range(4)))
@pytest.mark.parametrize("via", VIAS)
@pytest.mark.parametrize("options", [options for _, options in STREAKS.values()][2:], ids=str)
def test_thousands_of_years_in_a_row(
    options: dict[str, Any], via: str, seed: int, tmp_path: Path, record_property: Record
) -> None:
    asked, wrong = disagreements(
        streak_table(Random(f"long {seed}"), 300, printed=True), via, tmp_path, **options
    )
    record_property("judged", asked)
    assert (asked > 2000, wrong) == (True, [])
