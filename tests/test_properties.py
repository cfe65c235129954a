"""What holds of every table: order, splitting and the door it comes in by do not matter, and more knowledge only settles more."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import udsat
from breadth import dear, examples
from oracle.figures import count, figure
from oracle.hypothesis_tables import count_tables, random_tables, random_year_tables
from oracle.tables import CONVICTED, ORIGIN, SCHOOL, WORK, Row, Table, decimal, reference
from support import SAMPLES, Published, columns_of, judged, run, run_parts
from udsat import api
from udsat.analysis.records import area_records, criterion_records, records
from udsat.messages.annotation import joined, notes
from udsat.scoring.score import Options

Verdict = dict[str, Any]
#: Each example runs the engine twice, which takes a second or two, so there are few; the long tests have more.
#: More still search longer: UDSAT_EXAMPLES=300 pytest tests/test_properties.py
few = settings(
    max_examples=examples(2, 20),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ),  # to shrink a table takes minutes, and it is small as it is
)
TABLES = st.one_of(random_tables(), random_year_tables(), count_tables())
MEASURES = (WORK, CONVICTED, SCHOOL, ORIGIN)
CERTAIN = ("met", "not_met", "yes", "no")


def verdicts(table: Table, **options: Any) -> list[Verdict]:
    return run(table.rows, table.references, table.lists, list_year=table.list_year, **options)


def keys(found: Sequence[Verdict]) -> list[tuple[object, ...]]:
    """Return area, municipality and list of each verdict."""
    return [(one["area"], one.get("municipality"), str(one["list_date"])) for one in found]


def by_key(found: Sequence[Verdict], *without: str) -> dict[tuple[object, ...], Verdict]:
    """Return what verdicts say by area, municipality and list, without their place in the input."""
    left_out = {"row", *without}
    said = [
        {name: cell for name, cell in one.items() if name not in left_out and cell is not None}
        for one in found
    ]
    return dict(zip(keys(found), said, strict=True))


# Order, files and formats ----


@dear
@few
@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_of_columns_does_not_matter(table: Table, random: Any) -> None:
    names = random.sample(columns_of(table.rows), len(columns_of(table.rows)))
    shuffled = [
        {name: row[name] for name in names} for row in random.sample(table.rows, len(table.rows))
    ]
    found, turned = verdicts(table), verdicts(table._replace(rows=shuffled))
    assert by_key(turned) == by_key(found)
    if table.list_year is None:
        assert keys(found) == [
            (row["area"], row["municipality"], row["list_date"]) for row in table.rows
        ]
        assert keys(turned) == [
            (row["area"], row["municipality"], row["list_date"]) for row in shuffled
        ]


def without_empty_measures(rows: Sequence[Row]) -> list[Row]:
    """Return rows without the columns of measures that no row fills; one measure stays."""
    kept = [
        name
        for name in columns_of(rows)
        if not name.startswith(MEASURES) or any(row[name] for row in rows)
    ]
    return [{name: row[name] for name in (*kept, "income_ratio_pct")} for row in rows]


@dear
@few
@given(
    st.one_of(random_tables(), random_year_tables()),
    st.data(),
    st.sampled_from(("csv", "parquet")),
    st.sampled_from(("csv", "parquet")),
)
def test_splitting_a_table_into_two_files_changes_nothing(
    table: Table, data: st.DataObject, one: str, other: str
) -> None:
    at = data.draw(st.integers(0, len(table.rows)), label="first row of the second file")
    parts = [
        (without_empty_measures(rows), via)
        for rows, via in ((table.rows[:at], one), (table.rows[at:], other))
        if rows
    ]
    with tempfile.TemporaryDirectory() as folder:
        split = run_parts(
            parts, table.references, table.lists, list_year=table.list_year, folder=Path(folder)
        )
    # A share without decimals reads as such in CSV and as a float in Parquet: only the note on printed ties may tell.
    assert by_key(split, "notes") == by_key(verdicts(table), "notes")


@pytest.mark.parametrize("files", [["csv"], ["csv", "pandas"], ["pandas", "csv"]])
def test_a_number_of_residents_that_is_a_span_is_told_wherever_it_stands(files: list[str]) -> None:
    row = {"municipality": "Ringsted", "list_date": "2018-12-01", "income_ratio_pct": "50"}
    span, point = (
        {"area": area, "residents": number} | row
        for area, number in (("Engen", "999-1002"), ("Kæret", "1000"))
    )
    parts = (
        [([span, point], "csv")]
        if len(files) == 1
        else [([span if via == "csv" else point], via) for via in files]
    )
    notes = {one["area"]: one["notes"] for one in run_parts(parts)}
    assert {
        area: "residents: known only as 999 to 1002" in text for area, text in notes.items()
    } == {"Engen": True, "Kæret": False}


@dear
@few
@given(TABLES)
def test_csv_and_pandas_agree(table: Table) -> None:
    assert by_key(verdicts(table, via="pandas"), "notes") == by_key(verdicts(table), "notes")


@dear
@few
@given(TABLES)
def test_annotations_as_values_read_as_the_notes_that_an_engine_writes(table: Table) -> None:
    options = Options("published", table.list_year)
    found = judged([(table.rows, "csv")], table.references, table.lists, options)
    texts = {row["row"]: row["notes"] for row in records(found.areas())}
    for row in area_records(found):
        assert (joined(notes(row["annotations"])) or None) == texts[row["row"]]
    long = records(found.criteria(), ("row", "position"))
    for one, text in zip(criterion_records(found), long, strict=True):
        assert (joined(notes(one["annotations"], full=True)) or None) == text["note"]


@pytest.mark.parametrize("detail", ["areas", "criteria"])
def test_every_kind_of_frame_gives_the_same_verdicts(detail: Any) -> None:
    table = pyarrow.parquet.read_table(SAMPLES / "published_areas.parquet").drop_columns(
        "source_note"
    )
    from_arrow = udsat.score(table, detail=detail).to_pylist()
    from_polars = udsat.score(pl.from_arrow(table), detail=detail).to_dicts()
    from_pandas = udsat.score(table.to_pandas(), detail=detail)
    assert from_polars == from_arrow
    assert pl.from_pandas(from_pandas).select(pl.exclude("list_date")).to_dicts() == [
        {name: cell for name, cell in row.items() if name != "list_date"} for row in from_arrow
    ]
    assert list(pd.to_datetime(from_pandas["list_date"]).dt.date) == [
        row["list_date"] for row in from_arrow
    ]


@pytest.mark.parametrize(
    "residents",
    [
        [2000, 2000],
        ["2000", "2000"],
    ],
)
def test_how_far_a_rounded_value_reaches_does_not_rest_on_other_columns(
    residents: list[Any],
) -> None:
    """165,000 kroner as printed are 164,999.50 to 165,000.50; the line is 165,000.275."""
    areas = pa.table(
        {
            "area": ["Ravnehøj", "Tidselvang"],
            "region": ["Sjælland"] * 2,
            "list_date": [dt.date(2019, 12, 1)] * 2,
            "residents": residents,
            "gross_income": [165_000.0, 200_000.0],
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "given.csv"
        line = "2019-12-01,gross_income,region,Sjælland,,300000.5,dkk"
        path.write_text(
            f"list_date,measure,scope,region,criterion,value,unit\n{line}\n", encoding="utf-8"
        )
        found = udsat.score(areas, references=path, rounded=True).to_pylist()
    assert [one["income"] for one in found] == ["unknown", "not_met"]


@dear
@few
@given(st.one_of(random_tables(), random_year_tables()), st.data())
def test_an_area_alone_is_judged_as_among_others(table: Table, data: st.DataObject) -> None:
    area, municipality = data.draw(
        st.sampled_from(sorted({(row["area"], row["municipality"]) for row in table.rows}))
    )
    own = [row for row in table.rows if (row["area"], row["municipality"]) == (area, municipality)]
    alone = by_key(verdicts(table._replace(rows=own), basis="computed"), "notes")
    among = by_key(verdicts(table, basis="computed"), "notes")
    assert alone == {key: one for key, one in among.items() if key[:2] == (area, municipality)}


# More knowledge ----


def settled(draw: st.DrawFn, column: str, cell: str, row: Row) -> str:
    """Return one of the values that a cell may stand for: a bound shrinks to a value in it, a gap is filled."""
    if column.startswith("residents"):
        span = count(cell) if cell not in ("", "..") else None
        return (
            str(draw(st.sampled_from((int(span.low), int(span.high)))))
            if span
            else draw(st.sampled_from(("999", "1000")))
        )
    if column.endswith("_pct") and (cell.startswith("<") or "-" in cell):
        span = figure(cell)
        assert span is not None
        return decimal(
            int(
                (span.low + (span.high - span.low) * Fraction(draw(st.integers(0, 9)), 10)) * 10**9
            ),
            9,
        )
    if column.endswith("_pct") and cell in ("", ".."):
        is_known = (
            any(row[name] for name in ("gross_income",))
            if column == "income_ratio_pct"
            else row[column.removesuffix("_pct")]
        )
        return cell if is_known else draw(st.sampled_from(("0", "30", "40.1", "50", "64.9", "100")))
    if column.removesuffix("_base") in MEASURES and cell and not cell.isdecimal():
        span = count(cell)
        assert span is not None
        return str(draw(st.integers(int(span.low), int(span.high))))
    return cell


@st.composite
def tables_with_more(draw: st.DrawFn) -> tuple[Table, Table]:
    """Return a table, and the same one with some gaps filled and bounds narrowed, with more references and more lists."""
    table = draw(st.one_of(random_tables(), random_year_tables()))
    filled = [
        {
            name: settled(draw, name, cell, row) if draw(st.booleans()) else cell
            for name, cell in row.items()
        }
        for row in table.rows
    ]
    days = {row["list_date"] for row in table.rows if "list_date" in row}
    known = {(ref["list_date"], ref["measure"], ref["region"]) for ref in table.references}
    references = [{**ref, "status": "stated"} for ref in table.references]
    for day in sorted(days):
        if (day, CONVICTED, "") not in known:
            references.append(
                reference(
                    measure=CONVICTED, scope="national", value="0.7", unit="percent", list_date=day
                )
            )
        if (day, "gross_income", "Sjælland") not in known:
            income = {
                "measure": "gross_income",
                "scope": "region",
                "region": "Sjælland",
                "value": "300000",
                "unit": "dkk",
            }
            references.append(reference(list_date=day, **income))
    keys = {(row["area"], row["municipality"]) for row in table.rows}
    more = draw(st.sets(st.sampled_from(range(2014, 2026)))) if days else set()
    lists = dict(table.lists)
    for date in (dt.date(year, 12, 1) for year in sorted(more)):
        category = "ghetto" if date.year <= 2020 else "parallelsamfund"
        if category not in lists.get(date, {}) and date.isoformat() not in days:
            lists[date] = {
                **lists.get(date, {}),
                category: draw(st.sets(st.sampled_from(sorted(keys)))),
            }
    return table, Table(filled, references, table.list_year, lists)


@dear
@few
@given(tables_with_more())
def test_more_knowledge_never_turns_what_was_certain(tables: tuple[Table, Table]) -> None:
    before, after = (by_key(verdicts(table)) for table in tables)
    assert before.keys() == after.keys()
    for key, one in before.items():
        more = after[key]
        assert {name: more[name] for name, cell in one.items() if cell in CERTAIN} == {
            name: cell for name, cell in one.items() if cell in CERTAIN
        }
        assert one["met_count"] <= more["met_count"]
        assert more["met_count"] + more["unknown_count"] <= one["met_count"] + one["unknown_count"]
        if one["category"] == one["category_possible"]:
            assert (more["category"], more["category_possible"]) == (
                one["category"],
                one["category_possible"],
            )
        if "years_in_row" in one:
            years = [
                one["years_in_row"],
                more["years_in_row"],
                more["years_in_row_possible"],
                one["years_in_row_possible"],
            ]
            assert years == sorted(years)


# One value across one line ----

LISTS = {"2010": "2012-10-01", "2014": "2016-12-01", "2018": "2019-12-01", "2021": "2022-12-01"}
COUNTED = {
    "2010": ("labour_market", "crime", "origin"),
    "2014": ("labour_market", "crime", "education", "income", "origin"),
    "2018": ("labour_market", "crime", "education", "income"),
    "2021": ("labour_market", "crime", "education", "income"),
}
PREVENTION = (
    "prevention_labour_market",
    "prevention_crime",
    "prevention_education",
    "prevention_income",
)
COLUMN = {
    "labour_market": f"{WORK}_pct",
    "crime": f"{CONVICTED}_pct",
    "education": f"{SCHOOL}_pct",
    "income": "income_ratio_pct",
    "origin": f"{ORIGIN}_pct",
}
#: The national share is 0.65 percent: three times it is 1.95, twice it is 1.30.
NATIONAL = "0.65"
LINES: dict[str, dict[str, str]] = {
    "2010": {"labour_market": "40", "crime": "2.7", "origin": "50"},
    "2014": {
        "labour_market": "40",
        "crime": "2.7",
        "education": "50",
        "income": "55",
        "origin": "50",
    },
    "2018": {
        "labour_market": "40",
        "crime": "1.95",
        "education": "60",
        "income": "55",
        "origin": "50",
    },
    "2021": {
        "labour_market": "40",
        "crime": "1.95",
        "education": "60",
        "income": "55",
        "origin": "50",
        "prevention_labour_market": "30",
        "prevention_crime": "1.3",
        "prevention_education": "60",
        "prevention_income": "65",
        "prevention_origin": "30",
    },
}
#: Values on the far side of every line, and on the near side of every line.
MET = {"labour_market": "80", "crime": "9", "education": "90", "income": "20", "origin": "90"}
NOT_MET = {"labour_market": "10", "crime": "0.1", "education": "20", "income": "95", "origin": "10"}
CROSSINGS = [(version, criterion) for version, lines in LINES.items() for criterion in lines]


def beside_line(version: str, criterion: str) -> tuple[str, str]:
    """Return the last value that does not meet a criterion, and the first that does, a billionth apart."""
    line = Fraction(LINES[version][criterion])
    includes_line = criterion.endswith("crime") and version in ("2018", "2021")
    step = Fraction(-1 if criterion.endswith("income") or includes_line else 1, 10**9)
    without, within = (line + step, line) if includes_line else (line, line + step)
    return decimal(int(without * 10**9), 9), decimal(int(within * 10**9), 9)


def expected_categories(version: str, met: Mapping[str, bool]) -> dict[str, bool]:
    """Return what the law makes of outcomes that are all known; the area stands on no earlier list."""
    enough = sum(met[name] for name in COUNTED[version]) >= (3 if version == "2014" else 2)
    if version in ("2010", "2014"):
        return {"ghetto": enough}
    if version == "2018":
        return {"udsat": enough, "ghetto": enough and met["origin"], "haard_ghetto": False}
    prevented = met["prevention_origin"] and sum(met[name] for name in PREVENTION) >= 2
    inner = enough and met["origin"]
    return {
        "forebyggelse": prevented,
        "udsat": enough,
        "parallelsamfund": inner,
        "omdannelse": False,
    }


def crossing_rows(version: str, criterion: str, others: Mapping[str, bool]) -> list[Row]:
    """Return an area just before a line and one just beyond it, alike in all else."""
    own = criterion.removeprefix("prevention_")
    cells = {COLUMN[name]: (MET if others[name] else NOT_MET)[name] for name in COLUMN}
    key = {"list_date": LISTS[version], "municipality": "Ringsted", "residents": "1000"}
    sides = zip(("Ravnehøj", "Tidselvang"), beside_line(version, criterion), strict=True)
    return [{"area": area, **key, **cells, COLUMN[own]: value} for area, value in sides]


@dear
@few
@given(st.sampled_from(CROSSINGS), st.fixed_dictionaries(dict.fromkeys(COLUMN, st.booleans())))
def test_a_value_across_a_line_flips_its_criterion_and_what_rests_on_it(
    crossing: tuple[str, str], others: Mapping[str, bool]
) -> None:
    check_crossing(*crossing, others)


@pytest.mark.parametrize(("version", "criterion"), CROSSINGS)
def test_every_criterion_is_crossed_at_its_line(version: str, criterion: str) -> None:
    check_crossing(
        version,
        criterion,
        {
            "labour_market": True,
            "crime": False,
            "education": False,
            "income": False,
            "origin": True,
        },
    )


def check_crossing(version: str, criterion: str, others: Mapping[str, bool]) -> None:
    """Compare an area just before a line with one just beyond it, on every column of the result."""
    day = LISTS[version]
    national = reference(
        measure=CONVICTED, scope="national", value=NATIONAL, unit="percent", list_date=day
    )
    decembers: Published = {
        dt.date(year, 12, 1): {"ghetto" if year <= 2020 else "parallelsamfund": set()}
        for year in range(2014, 2022)
    }
    before, after = run(crossing_rows(version, criterion, others), [national], decembers)
    assert (before[criterion], after[criterion]) == ("not_met", "met")
    measure = criterion.removeprefix("prevention_")
    same_measure = [name for name in LINES[version] if name.removeprefix("prevention_") == measure]
    # In 2021 education has one line in both paragraphs; every other pair of lines lies apart.
    flipped = [name for name in same_measure if LINES[version][name] == LINES[version][criterion]]
    outcomes = [{name: one[name] == "met" for name in LINES[version]} for one in (before, after)]
    assert {name for name in LINES[version] if outcomes[0][name] != outcomes[1][name]} == set(
        flipped
    )
    for one, met in zip((before, after), outcomes, strict=True):
        assert {name: one[name] for name in expected_categories(version, met)} == {
            name: "yes" if member else "no"
            for name, member in expected_categories(version, met).items()
        }
        assert (one["met_count"], one["unknown_count"]) == (
            sum(met[name] for name in COUNTED[version]),
            0,
        )
        if version == "2021":
            assert one["prevention_met_count"] == sum(met[name] for name in PREVENTION)
    dependants = {
        "row",
        "area",
        "notes",
        *flipped,
        *expected_categories(version, outcomes[0]),
        "category",
        "category_possible",
    }
    dependants |= {f"{name}_{what}" for name in same_measure for what in ("value", "margin")}
    dependants |= {"met_count", "prevention_met_count", "years_in_row", "years_in_row_possible"}
    assert {name for name in before if before[name] != after[name]} <= dependants


ALL_MET: Callable[[], dict[str, str]] = lambda: {COLUMN[name]: value for name, value in MET.items()}  # noqa: E731


@pytest.mark.parametrize("version", LISTS)
def test_a_thousandth_resident_makes_every_category_and_changes_no_criterion(version: str) -> None:
    key = {"list_date": LISTS[version], "municipality": "Ringsted"}
    rows = [
        {"area": area, **key, **ALL_MET(), "residents": number}
        for area, number in (("Ravnehøj", "999"), ("Tidselvang", "1000"))
    ]
    below, enough = run(rows)
    categories = expected_categories(version, dict.fromkeys(LINES[version], True))
    assert {below[name] for name in categories} == {"no"}
    assert {name: enough[name] == "yes" for name in categories} == categories
    assert {name: below[name] for name in LINES[version]} == {
        name: enough[name] for name in LINES[version]
    }


def test_many_rows_in_no_order_come_out_in_the_order_of_the_input(tmp_path: Path) -> None:
    """Enough rows for several row groups, read and judged side by side, with a join for the years in a row."""
    count = 400_000
    numbers = pl.Series("n", range(count)).sample(fraction=1, shuffle=True, seed=1)
    table = pl.DataFrame(
        {
            "area": (numbers // 4).cast(pl.String),
            "municipality": "Slagelse",
            "list_year": 2015 + numbers % 4,
            "residents": 1000 + numbers % 900,
            "outside_labour_market_pct": ((300 + numbers % 200) / 10).round(1),
            "non_western_pct": ((400 + numbers % 300) / 10).round(1),
        }
    )
    table.write_parquet(tmp_path / "in.parquet", row_group_size=20_000)
    scored = api.evaluate([tmp_path / "in.parquet"])
    out = scored.relation().pl()
    wanted = table.select("area", year="list_year").cast({"year": pl.Int32})
    assert out.select("area", year=pl.col("list_date").dt.year()).equals(wanted)
    assert out["labour_market_value"].equals(table["outside_labour_market_pct"])
