"""`udsat validate`: every problem of every file, warnings on what is right in form, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commandline import udsat
from udsat import api

HEAD = "area;municipality;list_year;residents;outside_labour_market_pct;non_western_pct"


def write(folder: Path, *rows: str, name: str = "liste.csv", head: str = HEAD) -> str:
    path = folder / name
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return str(path)


def codes(path: str, **more: object) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.line) for problem in api.examine([path], **more)]


def test_a_share_that_jumps_in_a_year_is_a_warning_on_the_later_row(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "A;Skive;2019;2000;41,0;50,5",
        "A;Skive;2020;2000;61,0;50,5",
        "A;Skive;2021;2000;80,9;50,5",
        "C;Skive;2020;2000;1,0;1,0",
    )
    assert codes(path) == [("UD211", 3)]


def test_a_jump_over_a_gap_of_years_is_none(tmp_path: Path) -> None:
    assert (
        codes(write(tmp_path, "A;Skive;2019;2000;41,5;50,5", "A;Skive;2021;2000;81,5;50,5")) == []
    )


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [(2000, 1000, True), (2000, 1001, False), (1000, 2000, True), (1000, 1999, False)],
)
def test_residents_that_halve_or_double_are_a_warning(
    tmp_path: Path, before: int, now: int, found: bool
) -> None:
    path = write(tmp_path, f"A;Skive;2019;{before};41,5;50,5", f"A;Skive;2020;{now};41,5;50,5")
    assert codes(path) == ([("UD212", 3)] if found else [])


def test_a_value_on_its_line_is_a_warning(tmp_path: Path) -> None:
    assert codes(write(tmp_path, "A;Skive;2019;2000;40,0;50,5", "C;Skive;2019;2000;40,1;49,9")) == [
        ("UD213", 2)
    ]


def test_what_looks_like_a_total_is_a_warning_and_what_is_one_an_error(tmp_path: Path) -> None:
    rows = [f"{name};Skive;2019;2000;41,5;50,5" for name in ("A", "I alt Aarhus", "Totalvej")]
    assert codes(write(tmp_path, *rows)) == [("UD215", 3)]
    assert codes(write(tmp_path, *rows[::2], rows[1].replace("I alt Aarhus", "I alt"))) == [
        ("UD113", 4)
    ]


def test_a_measure_that_changes_its_meaning_between_lists_is_a_warning(tmp_path: Path) -> None:
    head = "area;municipality;list_year;residents;basic_education_pct"
    assert codes(
        write(tmp_path, "A;Skive;2017;2000;51,5", "A;Skive;2018;2000;61,5", head=head)
    ) == [("UD214", None)]
    assert (
        codes(write(tmp_path, "A;Skive;2018;2000;61,5", "A;Skive;2019;2000;61,5", head=head)) == []
    )


def test_problems_of_all_files_are_listed_also_of_files_that_are_no_tables(tmp_path: Path) -> None:
    good = write(tmp_path, "A;Skive;2019;2000;145;50,5", name="a.csv")
    bad = write(
        tmp_path, "A;Skive;2019;2000;41,5;50,5", name="b.csv", head=HEAD.replace("area", "areaa")
    )
    again = write(
        tmp_path, "A;Skive;2019;2000;42,5;50,5", "A;Skive;2019;2000;43,5;50,5", name="c.csv"
    )
    found = api.examine([good, bad, str(tmp_path / "none.csv"), again])
    assert {problem.code for problem in found} == {"UD102", "UD306", "UD305", "UD301", "UD201"}
    assert {Path(problem.file).name for problem in found} == {"a.csv", "b.csv", "none.csv", "c.csv"}


def test_a_key_that_two_files_share_is_a_problem_in_both(tmp_path: Path) -> None:
    first = write(tmp_path, "A;Skive;2019;2000;41,5;50,5", name="a.csv")
    second = write(tmp_path, "A;Skive;2019;2000;41,5;50,5", name="b.csv")
    assert [
        (problem.code, Path(problem.file).name) for problem in api.examine([first, second])
    ] == [("UD201", "a.csv"), ("UD201", "b.csv")]


@pytest.mark.parametrize(
    ("rows", "options", "status"),
    [
        (["A;Skive;2019;2000;41,5;50,5"], [], 0),
        (["A;Skive;2019;2000;40,0;50,5"], [], 0),
        (["A;Skive;2019;2000;40,0;50,5"], ["--strict"], 1),
        (["A;Skive;2019;2000;40,0;50,5"], ["--strict", "--no-warnings"], 0),
        (["A;Skive;2019;2000;140,0;50,5"], [], 1),
        ([], [], 2),
    ],
)
def test_errors_give_1_warnings_give_0_unless_strict_and_no_table_gives_2(
    tmp_path: Path, rows: list[str], options: list[str], status: int
) -> None:
    assert udsat(tmp_path, "validate", write(tmp_path, *rows), *options).status == status


def test_json_has_place_value_code_expectation_and_hint_of_each_problem(tmp_path: Path) -> None:
    path = write(tmp_path, "A;Skive;2019;-999;41,5;50,5")
    done = udsat(tmp_path, "validate", path, "--format", "json")
    [found] = json.loads(done.out)["findings"]
    assert found["line"] == 2
    assert (found["column"], found["value"], found["code"], found["severity"]) == (
        "residents",
        "-999",
        "UD103",
        "error",
    )
    assert found["expected"] == "a whole number from 0 to 20,000,000, or nothing"


def test_the_headings_in_messages_are_those_of_the_file(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "A;Aarhus;2019;2000;145",
        head="Område;Kommune;Listeår;Antal beboere;Andel dømte (pct.)",
    )
    [found] = api.examine([path])
    assert found.column == "Andel dømte (pct.)"


def test_a_table_is_held_against_a_definition_of_ones_own_in_a_folder(tmp_path: Path) -> None:
    """40.0 is on the line of the law; with a threshold of 41 it is on none."""
    path = write(tmp_path, "A;Skive;2023;2000;40,0;60,5")
    (tmp_path / "models").mkdir()
    udsat(tmp_path, "criteria", "new", "--from", "2021", "models/mine.toml")
    own = tmp_path / "models" / "mine.toml"
    before, after = own.read_text(encoding="utf-8").split("[criteria.labour_market]", 1)
    own.write_text(
        before + "[criteria.labour_market]" + after.replace("threshold = 40", "threshold = 41", 1),
        encoding="utf-8",
    )
    law = udsat(tmp_path, "validate", path)
    mine = udsat(tmp_path, "validate", path, "--criteria", "mine", "--criteria-dir", "models")
    assert ("UD213" in law.out, "UD213" in mine.out) == (True, False)
    assert udsat(tmp_path, "validate", path, "--criteria", "mine").status == 2
