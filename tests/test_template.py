"""What `udsat template` gives comes back as a table that udsat reads, and its references never weaken what ships."""

from __future__ import annotations

import csv
import io
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from commandline import contents, udsat
from udsat.law.loader import shipped
from udsat.tables.dictionary import danish, inputs
from udsat.tables.headings import COLUMNS, plain, synonyms
from udsat.tables.validate.model import AreaRow

YEARS = [2010, 2012, 2014, 2016, 2019, 2022, 2026]
#: A cell of each column that fits every version: an area that meets what its law asks for.
CELLS = {
    "area": "Ravnehøj", "municipality": "Ringsted", "region": "Sjælland", "residents": "2000", "residents_2010": "1500",
    "outside_labour_market_pct": "50,5", "convicted_pct": "3,1", "basic_education_pct": "70,2", "non_western_pct": "60,1",
    "income_ratio_pct": "50,1", "outside_labour_market": "500", "outside_labour_market_base": "1000", "convicted": "40",
    "convicted_base": "1300", "basic_education": "702", "basic_education_base": "1000", "non_western": "601",
    "non_western_base": "1000", "gross_income": "",
}  # fmt: skip


def _rows(path: Path, delimiter: str = ",") -> list[list[str]]:
    return list(
        csv.reader(
            io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=delimiter
        )
    )


def _filled(columns: list[str], year: int) -> list[str]:
    return [str(year) if name in {"list_year", "year"} else CELLS[name] for name in columns]


@pytest.mark.parametrize("danish_", [False, True])
@pytest.mark.parametrize("year", YEARS)
def test_a_filled_template_is_scored(year: int, danish_: bool, tmp_path: Path) -> None:
    assert (
        udsat(
            tmp_path,
            "template",
            "--list-year",
            str(year),
            "-o",
            "areas.csv",
            *(["--excel-dk"] if danish_ else []),
        ).status
        == 0
    )
    mark = ";" if danish_ else ","
    (columns,) = _rows(tmp_path / "areas.csv", mark)
    cells = [cell if danish_ else cell.replace(",", ".") for cell in _filled(columns, year)]
    with (tmp_path / "areas.csv").open("a", encoding="utf-8", newline="") as stream:
        stream.write(mark.join(cells) + "\r\n")
    references = (
        ["--references", "areas.references.csv"]
        if (tmp_path / "areas.references.csv").exists()
        else []
    )
    assert bool(references) == (year > 2012)  # the first law has all its lines in print
    run = udsat(tmp_path, "score", "areas.csv", *references, "--format", "csv")
    assert run.status == 0, run.err
    (found,) = run.csv()
    assert (found["list_date"][:4], found["origin"], found["labour_market"]) == (
        str(year),
        "met",
        "met",
    )


def test_a_filled_template_of_calendar_years_is_scored(tmp_path: Path) -> None:
    udsat(tmp_path, "template", "--list-year", "2026", "--by-year", "-o", "areas.csv")
    (columns,) = _rows(tmp_path / "areas.csv")
    rows = [
        [cell.replace(",", ".") for cell in _filled(columns, year)] for year in range(2024, 2027)
    ]
    (tmp_path / "areas.csv").write_text(
        "\n".join(",".join(row) for row in [columns, *rows]), encoding="utf-8"
    )
    run = udsat(tmp_path, "score", "areas.csv", "--list-year", "2026", "--format", "csv")
    assert run.status == 0, run.err
    (found,) = run.csv()
    assert [
        found[f"{name}_value"] for name in ("labour_market", "education", "origin", "income")
    ] == ["50", "70.2", "60.1", "50.1"]


@pytest.mark.skipif(find_spec("python_calamine") is None, reason="nothing here reads workbooks")
def test_a_filled_workbook_is_scored(tmp_path: Path) -> None:
    udsat(tmp_path, "template", "--list-year", "2026", "-o", "areas.xlsx")
    book = openpyxl.load_workbook(tmp_path / "areas.xlsx")
    columns = [str(cell.value) for cell in book["areas"][1]]
    numbers = [
        cell
        if name in {"area", "municipality", "region"}
        else cell and float(cell.replace(",", "."))
        for name, cell in zip(columns, _filled(columns, 2026), strict=True)
    ]
    book["areas"].append([None if cell == "" else cell for cell in numbers])
    book.save(tmp_path / "areas.xlsx")
    run = udsat(tmp_path, "score", "areas.xlsx", "--format", "csv")
    assert run.status == 0, run.err
    (found,) = run.csv()
    assert (found["area"], found["labour_market_value"], found["income_value"]) == (
        "Ravnehøj",
        "50.5",
        "50.1",
    )


@pytest.mark.parametrize("year", YEARS)
def test_the_columns_are_those_that_the_law_of_the_list_measures(year: int, tmp_path: Path) -> None:
    law = shipped()
    version = law.on(law.list_date(year) or pytest.fail("no list"))
    udsat(tmp_path, "template", "--list-year", str(year), "-o", "areas.csv")
    (columns,) = _rows(tmp_path / "areas.csv")
    assert version is not None
    measured = {
        name for name in version.measures if any(column.startswith(name) for column in columns)
    }
    assert measured == set(version.measures)
    assert ("residents_2010" in columns) == bool(version.area.min_residents_2010)
    assert columns == [name for name in AreaRow.model_fields if name in columns]


def test_every_column_of_the_table_is_described() -> None:
    described = inputs(shipped().versions[-1])
    assert set(described) == set(COLUMNS) == set(AreaRow.model_fields)
    assert all(len(column.holds) > 10 for column in described.values())


@pytest.mark.parametrize("column", COLUMNS)
def test_a_danish_heading_means_its_column(column: str) -> None:
    heading = danish(column)
    assert synonyms().get(plain(heading), column) == column
    assert bool(heading) == (not column.endswith(("_proxy", "non_western_base")))


def test_the_sheets_of_a_workbook_explain_columns_and_name_what_is_missing(tmp_path: Path) -> None:
    run = udsat(tmp_path, "template", "--list-year", "2026", "-o", "areas.xlsx")
    assert (run.status, run.out) == (0, "")
    book = openpyxl.load_workbook(tmp_path / "areas.xlsx")
    assert book.sheetnames == ["areas", "columns", "references"]
    header = book["areas"][1]
    assert book["areas"].max_row == 1
    assert all(cell.comment and len(cell.comment.text) > 20 for cell in header)
    assert "mean of 2024 and 2025" in next(
        cell.comment.text for cell in header if cell.value == "convicted_pct" and cell.comment
    )
    assert book["areas"].column_dimensions["A"].number_format == "@"
    missing = [[cell.value for cell in row] for row in book["references"].iter_rows(min_row=2)]
    assert {(row[1], row[2]) for row in missing} == {
        ("convicted", "national"),
        ("convicted", "limit"),
        ("gross_income", "region"),
    }
    assert {row[3] for row in missing if row[2] == "region"} == {
        "Hovedstaden",
        "Sjælland",
        "Syddanmark",
        "Midtjylland",
        "Nordjylland",
    }
    assert {row[5] for row in missing} == {None}


def test_what_ships_is_shown_beside_an_empty_value_so_that_it_stays_in_force(
    tmp_path: Path,
) -> None:
    """A figure in a user's file is exact; a printed one stands for all that round to it, and must not become exact."""
    udsat(tmp_path, "template", "--list-year", "2020", "-o", "areas.csv")
    head, *rows = _rows(tmp_path / "areas.references.csv")
    limit = next(dict(zip(head, row, strict=True)) for row in rows if row[2] == "limit")
    assert (limit["value"], limit["udsat_has"].split(";")[0]) == ("", "2.27 percent")
    (tmp_path / "a.csv").write_text(
        "area,list_date,convicted_pct,non_western_pct\nA,2020-12-01,2.27,1\n", encoding="utf-8"
    )
    for more in ([], ["--references", "areas.references.csv"]):
        (found,) = udsat(tmp_path, "score", "a.csv", "--format", "csv", *more).csv()
        assert (found["crime"], found["crime_limit"]) == ("unknown", "2.27")


def test_a_filled_reference_decides(tmp_path: Path) -> None:
    udsat(tmp_path, "template", "--list-year", "2026", "-o", "areas.csv", "--excel-dk")
    head, *rows = _rows(tmp_path / "areas.references.csv", ";")
    rows[0][head.index("value")] = "0,7"
    (tmp_path / "filled.csv").write_text(
        "\n".join(";".join(row) for row in [head, *rows]), encoding="utf-8"
    )
    (tmp_path / "a.csv").write_text(
        "area,list_year,convicted_pct,non_western_pct\nA,2026,2.1,1\n", encoding="utf-8"
    )
    (found,) = udsat(
        tmp_path, "score", "a.csv", "--format", "csv", "--references", "filled.csv"
    ).csv()
    assert [found[name] for name in ("crime", "crime_limit", "prevention_crime_limit")] == [
        "met",
        "2.1",
        "1.4",
    ]


@pytest.mark.parametrize("as_percent", [False, True])
def test_a_filled_workbook_is_the_references_too(tmp_path: Path, as_percent: bool) -> None:
    udsat(tmp_path, "template", "--list-year", "2026", "-o", "areas.xlsx")
    book = openpyxl.load_workbook(tmp_path / "areas.xlsx")
    heads = [cell.value for cell in book["references"][1]]
    cell = book["references"].cell(2, heads.index("value") + 1)
    cell.value, cell.number_format = (0.007, "0.0%") if as_percent else (0.7, "General")
    row = {
        "area": "Lunden",
        "list_year": 2026,
        "residents": 2000,
        "convicted_pct": 2.1,
        "non_western_pct": 1,
    }
    for place, head in enumerate([one.value for one in book["areas"][1]], 1):
        book["areas"].cell(2, place).value = row.get(head)
    book.save(tmp_path / "areas.xlsx")
    ran = udsat(tmp_path, "score", "areas.xlsx", "--format", "csv", "--references", "areas.xlsx")
    (found,) = ran.csv()
    assert [found[name] for name in ("crime", "crime_limit", "prevention_crime_limit")] == [
        "met",
        "2.1",
        "1.4",
    ]


def test_a_workbook_without_a_sheet_of_references_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "one"
    book.create_sheet("two")
    book.save(tmp_path / "r.xlsx")
    (tmp_path / "a.csv").write_text("area,list_year,convicted_pct\nA,2026,2.1\n", encoding="utf-8")
    run = udsat(tmp_path, "score", "a.csv", "--references", "r.xlsx")
    assert run.status == 2 and "UD313 has no sheet references, but one, two" in run.err


def test_without_a_file_the_header_alone_is_printed(tmp_path: Path) -> None:
    run = udsat(tmp_path, "template", "--list-year", "2026")
    assert (run.status, run.out.count("\n"), run.out.split(",")[:2]) == (
        0,
        1,
        ["area", "municipality"],
    )
    assert "criteria 2021, list of 2026-12-01" in run.err
    assert contents(tmp_path) == {}


@pytest.mark.parametrize(
    "name", ["areas.csv", "areas.xlsx", "areas.columns.csv", "areas.references.csv"]
)
def test_a_file_that_may_have_been_filled_in_is_never_replaced(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    run = udsat(
        tmp_path,
        "template",
        "--list-year",
        "2026",
        "-o",
        "areas.xlsx" if name.endswith("x") else "areas.csv",
    )
    assert (run.status, "UD506" in run.err, contents(tmp_path)) == (2, True, {name: b"mine"})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--list-year", "2009"], "UD509 there was no list in 2009"),
        (
            ["--list-year", "2026", "-o", "areas.ods"],
            "UD512 the ending of 'areas.ods' does not say a format that fits (end it in .csv, .xlsx)",
        ),
        ([], "Missing option '--list-year'"),
    ],
)
def test_what_is_no_template_is_refused(arguments: list[str], said: str, tmp_path: Path) -> None:
    run: Any = udsat(tmp_path, "template", *arguments)
    assert (run.status, run.out, said in run.err) == (2, "", True)
