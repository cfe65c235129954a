"""The command line: what `udsat score` writes, in which format and where to, and with which exit status."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from commandline import COMMAND, GOOD, Run, contents, environment, process, table, udsat
from support import ROOT, SAMPLES

DETECTED = "comma, decimal point, UTF-8"
#: A row of each version: certainly a member, certainly none, and open for want of residents.
YES = "Ravnehøj,Ringsted,2022-12-01,2000,50.5,3.1,70.2,50.1,60.0"
NO = "Tidselvang,Ringsted,2022-12-01,2000,20.5,0.1,40.2,90.1,20.0"
OPEN = "Sejlvang,Ringsted,2022-12-01,,50.5,3.1,70.2,50.1,60.0"
CRITERIA = ("labour_market", "crime", "education", "income", "origin")
OF_CRITERION = ("", "_value", "_limit", "_margin")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a table of three areas on the list of 2022."""
    (tmp_path / "areas.csv").write_bytes(table(YES, NO, OPEN))
    return tmp_path


def score(folder: Path, *arguments: str, how: Callable[..., Run] = udsat, **more: Any) -> Run:
    run = how(folder, "score", *arguments, **more)
    assert (run.status, "Traceback" in run.err) == (0, False), run.err
    return run


def one_row(folder: Path, row: str, *arguments: str) -> dict[str, str]:
    """Return the verdict on one row."""
    (folder / "row.csv").write_bytes(table(row))
    (found,) = score(folder, "row.csv", "--format", "csv", *arguments).csv()
    return found


# Formats ----


def test_the_version_is_printed(tmp_path: Path) -> None:
    run = process(tmp_path, "--version")
    assert (run.status, run.err) == (0, "")
    assert re.fullmatch(r"udsat \d+\.\d+\.\d+\n", run.out)


def test_the_columns_of_areas_stand_in_the_order_of_the_contract(tmp_path: Path) -> None:
    header = "rank,region,category,list_date,municipality,area,residents,non_western_pct"
    (tmp_path / "areas.csv").write_bytes(
        table("1,Sjælland,A,2022-12-01,Ringsted,Ravnehøj,2000,60", header=header)
    )
    of_criteria = [
        f"{start}{name}{end}"
        for start in ("", "prevention_")
        for name in CRITERIA
        for end in OF_CRITERION
    ]
    expected = [
        "area",
        "municipality",
        "region",
        "list_date",
        "criteria_version",
        "residents",
        *of_criteria,
    ]
    expected += ["met_count", "unknown_count", "prevention_met_count"]
    expected += [
        "forebyggelse",
        "udsat",
        "parallelsamfund",
        "omdannelse",
        "category",
        "category_possible",
    ]
    expected += ["years_in_row", "years_in_row_possible", "notes", "rank", "input_category"]
    assert list(score(tmp_path, "areas.csv", "--format", "csv").csv()[0]) == expected


@pytest.mark.parametrize(
    ("list_date", "criteria", "counts", "categories"),
    [
        (
            "2012-10-01",
            ("labour_market", "crime", "origin"),
            ["met_count", "unknown_count"],
            ["ghetto"],
        ),
        ("2016-12-01", CRITERIA, ["met_count", "unknown_count"], ["ghetto"]),
        (
            "2019-12-01",
            CRITERIA,
            ["met_count", "unknown_count"],
            ["udsat", "ghetto", "haard_ghetto"],
        ),
    ],
)
def test_a_version_has_its_own_criteria_and_categories(
    list_date: str,
    criteria: tuple[str, ...],
    counts: list[str],
    categories: list[str],
    tmp_path: Path,
) -> None:
    found = one_row(tmp_path, GOOD.replace("2015-12-01", list_date))
    expected = ["area", "municipality", "list_date", "criteria_version", "residents"]
    expected += [f"{name}{end}" for name in criteria for end in OF_CRITERION] + counts + categories
    expected += ["category", "category_possible", "years_in_row", "years_in_row_possible", "notes"]
    assert list(found) == expected


def test_a_column_that_a_version_lacks_stays_empty_where_a_table_spans_versions(
    tmp_path: Path,
) -> None:
    (tmp_path / "areas.csv").write_bytes(table(YES, GOOD, GOOD.replace("2015-12-01", "2012-10-01")))
    new, middle, old = score(tmp_path, "areas.csv", "--format", "csv").csv()
    assert (new["ghetto"], new["parallelsamfund"], new["criteria_version"]) == ("", "yes", "2021")
    assert (
        middle["ghetto"],
        middle["udsat"],
        middle["prevention_origin"],
        middle["prevention_met_count"],
    ) == ("yes", "", "", "")
    assert (old["education"], old["income"], old["education_limit"], old["income_value"]) == (
        "",
        "",
        "",
        "",
    )
    assert [row["list_date"] for row in (new, middle, old)] == [
        "2022-12-01",
        "2015-12-01",
        "2012-10-01",
    ]


def test_the_long_form_has_a_row_for_each_criterion_with_its_paragraph(folder: Path) -> None:
    found = score(folder, "areas.csv", "--detail", "criteria", "--format", "csv").csv()
    names = [
        "area",
        "municipality",
        "list_date",
        "criteria_version",
        "criterion",
        "measure",
        "value",
        "unit",
        "comparator",
        "limit",
    ]
    assert list(found[0]) == [*names, "margin", "outcome", "reference", "source", "status", "note"]
    assert [(row["area"], row["criterion"]) for row in found] == [
        (area, f"{start}{name}")
        for area in ("Ravnehøj", "Tidselvang", "Sejlvang")
        for start in ("", "prevention_")
        for name in CRITERIA
    ]
    one = {
        "value": "50.5",
        "unit": "percent",
        "comparator": "exceeds",
        "limit": "40",
        "margin": "10.5",
        "outcome": "met",
    }
    assert one.items() <= found[0].items()
    assert (found[0]["measure"], found[0]["source"]) == (
        "outside_labour_market",
        "§ 61 a, stk. 1, nr. 1",
    )
    assert {row["unit"] for row in found} == {"percent"}


IN_JSON = [
    "value",
    "unit",
    "comparator",
    "limit",
    "margin",
    "outcome",
    "reference",
    "source",
    "status",
    "note",
]


def test_json_has_the_shape_of_the_contract(folder: Path) -> None:
    document = score(folder, "areas.csv", "--format", "json").json()
    assert list(document) == ["schema", "provenance", "areas"]
    assert document["schema"] == "udsat.score/1"
    area = document["areas"][0]
    keys = [
        "area",
        "municipality",
        "list_date",
        "criteria_version",
        "residents",
        "criteria",
        "categories",
        "category",
    ]
    keys += [
        "category_possible",
        "met_count",
        "unknown_count",
        "prevention_met_count",
        "years_in_row",
        "years_in_row_possible",
        "notes",
        "annotations",
    ]
    assert list(area) == keys
    assert list(area["criteria"]) == [
        f"{start}{name}" for start in ("", "prevention_") for name in CRITERIA
    ]
    assert {tuple(criterion) for criterion in area["criteria"].values()} == {tuple(IN_JSON)}
    labour = {
        "value": 50.5,
        "unit": "percent",
        "comparator": "exceeds",
        "limit": 40,
        "margin": 10.5,
        "outcome": "met",
    }
    assert labour.items() <= area["criteria"]["labour_market"].items()
    assert list(area["categories"]) == ["forebyggelse", "udsat", "parallelsamfund", "omdannelse"]
    assert area["categories"] == {
        "forebyggelse": "yes",
        "udsat": "yes",
        "parallelsamfund": "yes",
        "omdannelse": "no",
    }
    assert (area["category"], area["category_possible"], area["list_date"]) == (
        "parallelsamfund",
        "parallelsamfund",
        "2022-12-01",
    )
    assert all(isinstance(note, str) for note in area["notes"])
    assert [one["residents"] for one in document["areas"]] == [2000, 2000, None]


def test_a_value_that_does_not_terminate_is_cut_and_has_its_fraction_beside_it(
    tmp_path: Path,
) -> None:
    header = "area,list_date,convicted,convicted_base,basic_education,basic_education_base,non_western_pct"
    (tmp_path / "areas.csv").write_bytes(
        table("Ravnehøj,2015-12-01,521,1234,2,3,60.1", header=header)
    )
    criteria = score(tmp_path, "areas.csv", "--format", "json").json()["areas"][0]["criteria"]
    assert (criteria["crime"]["value"], criteria["crime"]["value_exact"]) == (
        42.220421393,
        "521/1234",
    )
    assert (criteria["education"]["value"], criteria["education"]["value_exact"]) == (
        66.666666666,
        "2/3",
    )
    assert "value_exact" not in criteria["origin"]


def test_a_share_of_counts_that_terminates_has_no_fraction(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_bytes(
        table("Ravnehøj,2015-12-01,3,8", header="area,list_date,convicted,convicted_base")
    )
    crime = score(tmp_path, "areas.csv", "--format", "json").json()["areas"][0]["criteria"]["crime"]
    assert (crime["value"], "value_exact" in crime) == (37.5, False)


def test_numbers_are_those_of_exact_arithmetic_in_every_format(tmp_path: Path) -> None:
    """3 x 0.66 is 1.98, and 2.07 is 0.09 above it: binary floats would print 1.9799999999999998 and 0.08999999999999986."""
    (tmp_path / "areas.csv").write_bytes(
        table(
            "Ravnehøj,2019-12-01,2.07,60.1", header="area,list_date,convicted_pct,non_western_pct"
        )
    )
    reference = "2019-12-01,convicted,national,,,0.66,percent"
    (tmp_path / "given.csv").write_bytes(
        table(reference, header="list_date,measure,scope,region,criterion,value,unit")
    )
    options = ("areas.csv", "--references", "given.csv")
    for form in ("csv", "json", "table"):
        text = score(tmp_path, *options, "--format", form).out
        assert re.search(r"\d\.\d{10,}", text) is None
        assert "1.98" in text
    (row,) = score(tmp_path, *options, "--format", "csv").csv()
    assert [row[f"crime{end}"] for end in OF_CRITERION] == ["met", "2.07", "1.98", "0.09"]
    assert row["origin_margin"] == "10.1"
    score(tmp_path, *options, "-o", "out.parquet")
    assert (
        pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist()[0]["crime_margin"] == 0.09
    )


@pytest.mark.parametrize(
    ("cell", "outcome"),
    [("40.000000001", "met"), ("40.000000000001", "unknown"), ("39.999999999999", "unknown")],
)
def test_no_output_shows_a_tie_that_is_none(cell: str, outcome: str, tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_bytes(
        table(f"Ravnehøj,2015-12-01,{cell}", header="area,list_date,outside_labour_market_pct")
    )
    (row,) = score(tmp_path, "areas.csv", "--format", "csv").csv()
    assert (row["labour_market"], row["labour_market_value"]) == (outcome, cell)
    criterion = score(tmp_path, "areas.csv", "--format", "json").json()["areas"][0]["criteria"][
        "labour_market"
    ]
    assert (criterion["outcome"], criterion["value"]) == (outcome, float(cell))
    assert cell in score(tmp_path, "areas.csv").out


def test_parquet_has_typed_columns_and_the_provenance(folder: Path) -> None:
    (csv_rows, document) = (
        score(folder, "areas.csv", "--format", form) for form in ("csv", "json")
    )
    assert score(folder, "areas.csv", "-o", "out.parquet").out == ""
    file = pyarrow.parquet.ParquetFile(folder / "out.parquet")
    types = {field.name: str(field.type) for field in file.schema_arrow}
    assert list(types) == list(csv_rows.csv()[0])
    assert (types["list_date"], types["labour_market_value"]) == ("date32[day]", "double")
    assert types["met_count"] in ("int32", "int64")
    rows = file.read().to_pylist()
    assert [row["category"] for row in rows] == [row["category"] for row in csv_rows.csv()]
    assert [(row["residents"], row["list_date"]) for row in rows] == [
        (n, dt.date(2022, 12, 1)) for n in (2000, 2000, None)
    ]
    assert json.loads(file.metadata.metadata[b"udsat"]) == document.json()["provenance"]


def test_the_table_says_what_it_is_and_that_it_is_not_the_official_list(folder: Path) -> None:
    out = score(folder, "areas.csv").out
    assert out == score(folder, "areas.csv", "--format", "table").out
    for words in (
        "Ravnehøj",
        "Ringsted",
        "parallelsamfund",
        "§ 61 a",
        "not decided",
        "Not decided, and what would settle it:",
    ):
        assert words in out
    assert out.count("not the official list") == 1


@pytest.mark.parametrize(("ending", "form"), [("csv", "csv"), ("json", "json"), ("txt", "table")])
def test_the_ending_of_a_file_decides_its_format_and_nothing_is_printed(
    ending: str, form: str, folder: Path
) -> None:
    printed = score(folder, "areas.csv", "--format", form)
    written = score(folder, "areas.csv", "-o", f"out.{ending}")
    assert (written.out, (folder / f"out.{ending}").read_text(encoding="utf-8")) == (
        "",
        printed.out,
    )


def test_results_go_to_standard_output_and_messages_to_standard_error(folder: Path) -> None:
    run = score(folder, "areas.csv", "--format", "csv")
    assert run.err == f"udsat: areas.csv: {DETECTED}\n"
    assert len(run.out.splitlines()) == 4


# What goes in ----


def test_standard_input_is_read_as_csv(folder: Path) -> None:
    piped = score(
        folder, "-", "--format", "csv", how=process, stdin=(folder / "areas.csv").read_bytes()
    )
    assert piped.out == score(folder, "areas.csv", "--format", "csv").out
    assert piped.err == f"udsat: <stdin>: {DETECTED}\n"


def test_several_files_are_one_table(folder: Path) -> None:
    (folder / "more.csv").write_bytes(
        "Område;Kommune;Listeår;Andel dømte (pct.)\nÅparken;Sønderborg;2014;3,45\n".encode("cp1252")
    )
    run = score(folder, "areas.csv", "more.csv", "--format", "csv")
    assert [row["area"] for row in run.csv()] == ["Ravnehøj", "Tidselvang", "Sejlvang", "Åparken"]
    assert run.messages == [
        f"udsat: areas.csv: {DETECTED}",
        "udsat: more.csv: semicolon, decimal comma, Windows-1252",
    ]


ENCODINGS = {
    "UTF-8": ("utf-8", "UTF-8"),
    "UTF-8 with a mark": ("utf-8-sig", "UTF-8 with BOM"),
    "UTF-16": ("utf-16", "UTF-16"),
    "Windows-1252": ("cp1252", "Windows-1252"),
}


@pytest.mark.parametrize(("encoding", "said"), ENCODINGS.values(), ids=ENCODINGS)
def test_danish_files_are_read_whatever_the_locale(
    encoding: str, said: str, tmp_path: Path
) -> None:
    text = (
        "Område;Kommune;Listeår;Antal beboere;Andel dømte (pct.)\r\nÅparken;Ærø;2014;1.453;3,45\r\n"
    )
    (tmp_path / "areas.csv").write_bytes(text.encode(encoding))
    run = score(
        tmp_path,
        "areas.csv",
        "--format",
        "csv",
        how=process,
        LC_ALL="C",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
    )
    assert run.err == f"udsat: areas.csv: semicolon, decimal comma, {said}\n"
    (row,) = run.csv()
    assert (row["area"], row["municipality"], row["residents"], row["crime_value"]) == (
        "Åparken",
        "Ærø",
        "1453",
        "3.45",
    )


def test_codes_keep_their_leading_zeros(tmp_path: Path) -> None:
    assert one_row(tmp_path, GOOD.replace("Ravnehøj", "0084"))["area"] == "0084"


@pytest.mark.parametrize(("mark", "residents"), [("comma", "1234"), ("point", None)])
def test_the_decimal_mark_can_be_said_where_the_file_does_not_show_it(
    mark: str, residents: str | None, tmp_path: Path
) -> None:
    (tmp_path / "areas.csv").write_bytes(
        table("Ravnehøj,2015-12-01,1.234,60", header="area,list_date,residents,non_western_pct")
    )
    run = udsat(tmp_path, "score", "areas.csv", "--decimal", mark, "--format", "csv")
    if residents:
        assert [row["residents"] for row in run.csv()] == [residents]
    else:
        assert (run.status, "UD110 '1.234' is no whole number" in run.err) == (1, True)


@pytest.mark.parametrize(("option", "outcome"), [([], "unknown"), (["--dash", "zero"], "not_met")])
def test_a_dash_is_missing_unless_it_is_said_to_be_zero(
    option: list[str], outcome: str, tmp_path: Path
) -> None:
    assert one_row(tmp_path, GOOD.replace("3.1", "-"), *option)["crime"] == outcome


# Options that bear on verdicts ----


def test_only_keeps_certain_members_and_says_how_many_are_unknown(folder: Path) -> None:
    run = score(folder, "areas.csv", "--only", "parallelsamfund", "--format", "csv")
    assert [row["area"] for row in run.csv()] == ["Ravnehøj"]
    assert "udsat: --only parallelsamfund: 1 certain, 1 unknown left out" in run.messages
    document = score(folder, "areas.csv", "--only", "parallelsamfund", "--format", "json").json()
    assert [one["area"] for one in document["areas"]] == ["Ravnehøj"]


def test_several_categories_to_keep_are_taken_together(folder: Path) -> None:
    run = score(folder, "areas.csv", "--only", "omdannelse", "--only", "udsat", "--format", "csv")
    assert [row["area"] for row in run.csv()] == ["Ravnehøj"]


def test_no_certain_member_is_an_empty_result(folder: Path) -> None:
    run = score(folder, "areas.csv", "--only", "omdannelse", "--format", "csv")
    assert len(run.out.splitlines()) == 1
    assert (
        score(folder, "areas.csv", "--only", "omdannelse", "--format", "json").json()["areas"] == []
    )
    assert "No areas." in score(folder, "areas.csv", "--only", "omdannelse").out


@pytest.mark.parametrize(
    ("category", "status", "said"),
    [("udsat", 1, "1 certain, 1 unknown"), ("omdannelse", 0, "0 certain, 0 unknown")],
)
def test_fail_on_counts_certain_members_alone(
    category: str, status: int, said: str, folder: Path
) -> None:
    run = udsat(folder, "score", "areas.csv", "--fail-on", category, "-o", "out.csv")
    assert (run.status, f"udsat: --fail-on {category}: {said}" in run.messages) == (status, True)
    assert len((folder / "out.csv").read_text(encoding="utf-8").splitlines()) == 4


def test_a_member_that_is_only_possible_does_not_fail(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_bytes(table(OPEN))
    run = udsat(tmp_path, "score", "areas.csv", "--fail-on", "udsat", "--format", "csv")
    assert (run.status, "udsat: --fail-on udsat: 0 certain, 1 unknown" in run.messages) == (0, True)


REFERENCES = "list_date,measure,scope,region,criterion,value,unit"


def test_references_decide_what_was_open_and_are_named(tmp_path: Path) -> None:
    row = "Ravnehøj,Ringsted,2023-12-01,2000,50.5,2.1,70.2,50.1,60.0"
    assert one_row(tmp_path, row)["crime"] == "unknown"
    (tmp_path / "given.csv").write_bytes(
        table(
            "2023-12-01,convicted,national,,,0.7,percent,own count,stated",
            header=f"{REFERENCES},source,status",
        )
    )
    found = one_row(tmp_path, row, "--references", "given.csv")
    assert [found[f"crime{end}"] for end in OF_CRITERION] == ["met", "2.1", "2.1", "0"]
    assert [found[f"prevention_crime{end}"] for end in OF_CRITERION] == ["met", "2.1", "1.4", "0.7"]
    long = score(
        tmp_path, "row.csv", "--references", "given.csv", "--detail", "criteria", "--format", "csv"
    ).csv()
    assert {one["reference"] for one in long if one["measure"] == "convicted"} == {"own count"}


def test_own_references_for_a_measure_and_date_replace_the_shipped_ones(tmp_path: Path) -> None:
    row = "Ravnehøj,Ringsted,2019-12-01,2000,50.5,2.0,70.2,50.1,60.0"
    assert [one_row(tmp_path, row)[name] for name in ("crime", "crime_limit")] == [
        "not_met",
        "2.03",
    ]
    (tmp_path / "given.csv").write_bytes(
        table("2019-12-01;convicted;national;;;0,65;percent", header=REFERENCES.replace(",", ";"))
    )
    assert [
        one_row(tmp_path, row, "--references", "given.csv")[name]
        for name in ("crime", "crime_limit")
    ] == ["met", "1.95"]


@pytest.mark.parametrize(("share", "would"), [("9", "would be met"), ("0.1", "would not be met")])
def test_an_inferred_reference_never_decides_but_says_what_it_would(
    share: str, would: str, tmp_path: Path
) -> None:
    found = one_row(tmp_path, f"Ravnehøj,Ringsted,2021-12-01,2000,50.5,{share},70.2,50.1,60.0")
    assert (found["crime"], found["crime_limit"]) == ("unknown", "2.35")
    assert (
        f"the limit 2.35 is inferred and does not decide; against it it {would}" in found["notes"]
    )


def test_an_income_is_held_against_its_region(tmp_path: Path) -> None:
    header = "area,region,list_date,gross_income"
    rows = (
        "Ravnehøj,Sjælland,2019-12-01,164999",
        "Tidselvang,Region Sjælland,2019-12-01,165000",
        "Sejlvang,Fyn,2019-12-01,1",
    )
    (tmp_path / "areas.csv").write_bytes(table(*rows, header=header))
    (tmp_path / "given.csv").write_bytes(
        table("2019-12-01,gross_income,region,Sjælland,,300000,dkk", header=REFERENCES)
    )
    found = score(tmp_path, "areas.csv", "--references", "given.csv", "--format", "csv").csv()
    assert [(one["income"], one["income_value"]) for one in found] == [
        ("met", "54.999666666"),
        ("not_met", "55"),
        ("unknown", ""),
    ]


HISTORY = "list_date,category,area,municipality"
HARD = "Ravnehøj,Ringsted,2018-12-01,2000,50.5,3.1,70.2,50.1,60.0"


def test_own_lists_replace_the_published_ones_of_their_date_and_category(tmp_path: Path) -> None:
    assert [
        one_row(tmp_path, HARD)[name]
        for name in ("haard_ghetto", "years_in_row", "years_in_row_possible")
    ] == ["no", "1", "1"]
    lists = [f"{year}-12-01,ghetto,RAVNEHØJ mv.,Ringsted Kommune" for year in range(2014, 2018)]
    (tmp_path / "lists.csv").write_bytes(table(*lists, header=HISTORY))
    found = one_row(tmp_path, HARD, "--history", "lists.csv")
    assert [found[name] for name in ("haard_ghetto", "category", "years_in_row")] == [
        "yes",
        "haard_ghetto",
        "5",
    ]
    assert "years in a row: published lists 2014-2017" in found["notes"]
    (tmp_path / "lists.csv").write_bytes(table(*lists[:3], header=HISTORY))
    assert one_row(tmp_path, HARD, "--history", "lists.csv")["haard_ghetto"] == "no"


@pytest.mark.parametrize(
    ("basis", "years", "hard"), [("published", "1", "no"), ("computed", "5", "yes")]
)
def test_the_basis_says_where_earlier_years_come_from(
    basis: str, years: str, hard: str, tmp_path: Path
) -> None:
    rows = [HARD.replace("2018-12-01", f"{year}-12-01") for year in range(2014, 2019)]
    (tmp_path / "areas.csv").write_bytes(table(*rows))
    *_, last = score(tmp_path, "areas.csv", "--basis", basis, "--format", "csv").csv()
    assert (last["years_in_row"], last["haard_ghetto"]) == (years, hard)
    assert (re.search(r"own rows(, if any, of)? 2014-2017", last["notes"]) is not None) == (
        basis == "computed"
    )


def test_a_year_of_which_nothing_is_known_leaves_the_years_open(tmp_path: Path) -> None:
    rows = [HARD.replace("2018-12-01", f"{year}-12-01") for year in (2014, 2015, 2017, 2018)]
    (tmp_path / "areas.csv").write_bytes(table(*rows))
    *_, last = score(tmp_path, "areas.csv", "--basis", "computed", "--format", "csv").csv()
    found = [
        last[name]
        for name in (
            "years_in_row",
            "years_in_row_possible",
            "haard_ghetto",
            "category",
            "category_possible",
        )
    ]
    assert found == ["2", "5", "unknown", "ghetto", "haard_ghetto"]
    assert "nothing known of 2016" in last["notes"]


@pytest.mark.parametrize(("option", "outcome"), [([], "not_met"), (["--rounded"], "unknown")])
def test_a_printed_value_may_stand_for_all_that_round_to_it(
    option: list[str], outcome: str, tmp_path: Path
) -> None:
    found = one_row(tmp_path, GOOD.replace("50.5", "40.0"), *option)
    assert found["labour_market"] == outcome
    assert "labour_market: the value equals its threshold to the printed decimals" in found["notes"]


@pytest.mark.parametrize(
    ("option", "member"), [([], "unknown"), (["--assume-min-residents"], "yes")]
)
def test_missing_residents_leave_a_category_open_unless_assumed(
    option: list[str], member: str, tmp_path: Path
) -> None:
    found = one_row(tmp_path, GOOD.replace(",2000,", ",,"), *option)
    assert found["ghetto"] == member
    assert ("residents: assumed" in found["notes"]) == bool(option)


def test_a_version_or_a_file_can_be_chosen_for_all_rows(tmp_path: Path) -> None:
    trial = GOOD.replace("2015-12-01", "2013-06-10")
    assert one_row(tmp_path, trial, "--criteria", "2014")["criteria_version"] == "2014"
    own = (
        (ROOT / "criteria" / "2018.toml")
        .read_text(encoding="utf-8")
        .replace('id = "2018"', 'id = "own"')
    )
    (tmp_path / "own.toml").write_text(
        own.replace("threshold = 40\n", "threshold = 51\n"), encoding="utf-8"
    )
    found = one_row(tmp_path, GOOD, "--criteria", "own.toml")
    assert [
        found[name] for name in ("criteria_version", "labour_market", "labour_market_limit")
    ] == ["own", "not_met", "51"]
    used = score(tmp_path, "row.csv", "--criteria", "own.toml", "--format", "json").json()[
        "provenance"
    ]["criteria"]
    assert used == [
        {"id": "own", "sha256": hashlib.sha256((tmp_path / "own.toml").read_bytes()).hexdigest()}
    ]


def test_a_list_is_formed_from_calendar_years(tmp_path: Path) -> None:
    """The list of 2019 takes work of 2017 and 2018, income of 2017, and education, origin and residents of 2019."""
    header = "area,year,residents,outside_labour_market_pct,basic_education_pct,income_ratio_pct,non_western_pct"
    rows = (
        "Ravnehøj,2016,1,99,99,1,99",
        "Ravnehøj,2017,2,39.9,98,54.9,98",
        "Ravnehøj,2018,3,40.3,97,2,97",
        "Ravnehøj,2019,2000,0,60.1,3,50.1",
    )
    (tmp_path / "areas.csv").write_bytes(table(*rows, header=header))
    (found,) = score(tmp_path, "areas.csv", "--list-year", "2019", "--format", "csv").csv()
    values = [found[f"{name}_value"] for name in ("labour_market", "education", "income", "origin")]
    assert (found["list_date"], found["residents"], values) == (
        "2019-12-01",
        "2000",
        ["40.1", "60.1", "54.9", "50.1"],
    )
    assert (found["met_count"], found["unknown_count"], found["ghetto"]) == ("3", "1", "yes")


# Marks ----


def test_a_proxy_is_marked_in_every_format(tmp_path: Path) -> None:
    sample = str(SAMPLES / "slagelse.csv")
    found, _ = score(tmp_path, sample, "--format", "csv").csv()
    assert (
        "convicted: proxy, decisions in one year (2015), not persons over two years"
        in found["notes"]
    )
    area, town = score(tmp_path, sample, "--format", "json").json()["areas"]
    statuses = {name: criterion["status"] for name, criterion in area["criteria"].items()}
    assert {name: "proxy" in status for name, status in statuses.items()} == {
        "labour_market": False, "crime": True, "education": True, "income": True, "origin": False
    }  # fmt: skip
    assert any(note.startswith("convicted: proxy") for note in town["notes"])
    assert "decisions in one year" in score(tmp_path, sample).out
    long = score(tmp_path, sample, "--detail", "criteria", "--format", "csv").csv()
    assert {row["criterion"] for row in long if "proxy" in row["status"]} == {
        "crime",
        "education",
        "income",
    }


def test_a_name_near_a_listed_one_is_said_and_never_taken_for_unlisted(tmp_path: Path) -> None:
    row = "Schackenborgvænge,Slagelse,2018-12-01,2000,50.5,3.1,70.2,50.1,60.0"
    (tmp_path / "areas.csv").write_bytes(table(row))
    run = score(tmp_path, "areas.csv", "--format", "csv")
    assert any(
        "'Schackenborgvænge' in Slagelse is near the listed 'Ringparken, Slagelse'" in line
        for line in run.messages
    )
    (found,) = run.csv()
    assert [found[name] for name in ("haard_ghetto", "years_in_row", "years_in_row_possible")] == [
        "unknown",
        "1",
        "5",
    ]
    assert "near 'Ringparken, Slagelse' on the published lists" in found["notes"]


def test_the_note_on_years_does_not_say_that_an_area_has_rows_which_others_have(
    tmp_path: Path,
) -> None:
    other = [
        HARD.replace("2018-12-01", f"{year}-12-01").replace("Ravnehøj", "Tidselvang")
        for year in range(2014, 2019)
    ]
    (tmp_path / "areas.csv").write_bytes(table(HARD, *other))
    first, *_ = score(tmp_path, "areas.csv", "--basis", "computed", "--format", "csv").csv()
    assert (first["years_in_row"], first["years_in_row_possible"]) == ("1", "5")
    assert "own rows 2014-2017" not in first["notes"]


# Provenance ----


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_provenance_names_what_decided_with_its_digests(folder: Path) -> None:
    (folder / "given.csv").write_bytes(
        table("2022-12-01,convicted,national,,,0.7,percent", header=REFERENCES)
    )
    (folder / "lists.csv").write_bytes(
        table("2021-12-01,parallelsamfund,Ravnehøj,Ringsted", header=HISTORY)
    )
    options = (
        "--references",
        "given.csv",
        "--history",
        "lists.csv",
        "--rounded",
        "--format",
        "json",
    )
    found = score(folder, "areas.csv", *options).json()["provenance"]
    assert list(found) == ["udsat", "criteria", "inputs", "references", "lists", "options"]
    assert found["udsat"] == udsat(folder, "--version").out.split()[1]
    assert found["criteria"] == [{"id": "2021", "sha256": digest(ROOT / "criteria" / "2021.toml")}]
    assert found["inputs"] == [{"name": "areas.csv", "sha256": digest(folder / "areas.csv")}]
    assert {"name": "given.csv", "sha256": digest(folder / "given.csv")} in found["references"]
    assert {"name": "lists.csv", "sha256": digest(folder / "lists.csv")} in found["lists"]
    assert (found["options"]["rounded"], found["options"]["basis"]) == (True, "published")


def test_the_manifest_is_the_provenance_beside_the_file(folder: Path) -> None:
    run = score(folder, "areas.csv", "-o", "out.csv", "--manifest")
    assert run.out == ""
    manifest = json.loads((folder / "out.csv.manifest.json").read_text(encoding="utf-8"))
    assert manifest == score(folder, "areas.csv", "--format", "json").json()["provenance"]
    assert set(contents(folder)) == {"areas.csv", "out.csv", "out.csv.manifest.json"}


@pytest.mark.parametrize("name", ["out.csv", "out.json", "out.parquet", "out.txt"])
def test_the_same_input_gives_the_same_bytes(name: str, folder: Path) -> None:
    runs: list[dict[str, bytes]] = []
    for place in ("one", "two"):
        (folder / place).mkdir()
        (folder / place / "areas.csv").write_bytes((folder / "areas.csv").read_bytes())
        score(
            folder / place,
            "areas.csv",
            "-o",
            name,
            "--manifest",
            how=process,
            PYTHONHASHSEED=str(len(runs)),
        )
        runs.append(contents(folder / place))
    assert runs[0] == runs[1]
    assert re.search(rb"20\d\d-\d\d-\d\dT\d\d:", b"".join(runs[0].values())) is None


def test_an_existing_file_is_replaced_whole(folder: Path) -> None:
    (folder / "out.csv").write_bytes(b"x" * 100_000)
    score(folder, "areas.csv", "-o", "out.csv")
    assert (
        len(list(csv.DictReader((folder / "out.csv").read_text(encoding="utf-8").splitlines())))
        == 3
    )


# Terminals, pipes and signals ----


def test_a_piped_table_is_never_cut(tmp_path: Path) -> None:
    name = "Langelandsvænget " * 30 + "slut"
    (tmp_path / "areas.csv").write_bytes(table(GOOD.replace("Ravnehøj", name)))
    out = score(tmp_path, "areas.csv", how=process, COLUMNS="60").out
    assert any(name in line and "ghettoområde" in line for line in out.splitlines())
    assert "…" not in out


COLOURED = re.compile(r"\x1b\[[0-9;]*[34]\d?m")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("arguments", "more", "coloured"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        (["--color", "never"], {}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
    ],
)
def test_colours_in_a_terminal_can_be_turned_off(
    arguments: list[str], more: dict[str, str], coloured: bool, folder: Path
) -> None:
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "score", "areas.csv", *arguments],
        cwd=folder, stdout=theirs, stderr=subprocess.DEVNULL, env=environment(TERM="xterm-256color", **more),
    ) as run:  # fmt: skip
        os.close(theirs)
        out = _all_of(ours)
    assert (run.returncode, COLOURED.search(out) is not None) == (0, coloured)
    assert "Ravnehøj" in out


def _all_of(terminal: int) -> str:
    """Return what is written to a terminal until it closes, which Linux reports as an error."""
    found = b""
    try:
        while chunk := os.read(terminal, 65_536):
            found += chunk
    except OSError:
        pass
    finally:
        os.close(terminal)
    return found.decode("utf-8", "replace")


def test_a_piped_table_has_no_colours_unless_asked_for(folder: Path) -> None:
    assert "\x1b" not in score(folder, "areas.csv").out
    assert COLOURED.search(score(folder, "areas.csv", "--color", "always").out)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close without a signal there")
@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_a_pipe_that_closes_is_silent(form: str, tmp_path: Path) -> None:
    rows = [GOOD.replace("Ravnehøj", f"Ravnehøj {n}") for n in range(3_000)]
    (tmp_path / "areas.csv").write_bytes(table(*rows))
    with subprocess.Popen(
        [*COMMAND, "score", "areas.csv", "--format", form],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdout and process.stderr
        first = process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read().decode("utf-8")
    assert (process.returncode, err, bool(first)) == (0, f"udsat: areas.csv: {DETECTED}\n", True)


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """Press Ctrl-C as often as it takes: Python misses a signal that comes just before it begins to wait for a pipe."""
    for _ in range(10):
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            continue
        return


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send there")
def test_an_interrupted_run_ends_with_130_and_writes_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "score", "-", "-o", "out.csv"],
        cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    ) as process:  # fmt: skip
        assert process.stdin and process.stdout and process.stderr
        # More than a pipe holds: when all of it is written, the run is reading standard input, and waits for its end.
        process.stdin.write(
            table(*[GOOD.replace("Ravnehøj", f"Ravnehøj {n}") for n in range(20_000)])
        )
        process.stdin.flush()
        _interrupt(process)
        out, err = process.stdout.read(), process.stderr.read().decode("utf-8")
        process.stdin.close()
    assert (process.returncode, out, err) == (130, b"", "udsat: interrupted\n")
    assert contents(tmp_path) == {}
