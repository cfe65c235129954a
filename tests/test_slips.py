"""Slips of the hand: empty names, years that are none, files in the way, full disks; and what a verdict must say it rests on."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import udsat as library
from commandline import COMMAND, GOOD, contents, environment, table, udsat
from support import SAMPLES
from udsat import changes

COUNTS = "area,year,residents,outside_labour_market,outside_labour_market_base\nRavnehøj,2023,2000,400,1000\n"
SAMPLE = str(SAMPLES / "omraader.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_bytes(table(GOOD))
    (tmp_path / "counts.csv").write_text(COUNTS, encoding="utf-8")
    (tmp_path / "place").mkdir()
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04 and so on")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("template", "--list-year", "99999"), "UD509 there was no list in 99999"),
        (("score", "counts.csv", "--list-year", "99999"), "UD509 there was no list in 99999"),
        (("score", "counts.csv", "--list-year", "9999"), "UD509 there was no list in 9999"),
        (("score", "counts.csv", "--list-year", "-3"), "UD509 there was no list in -3"),
        (("score", ""), "UD511 the name of a table is empty"),
        (("validate", ""), "UD511 the name of a table is empty"),
        (("score", "a.csv", "-o", ""), "UD511 the name of the output is empty"),
        (("score", "a.csv", "--criteria-dir", "nowhere"), "UD401 there is no folder 'nowhere'"),
        (("score", "a.csv", "-o", f"{'x' * 300}.csv"), "UD502 cannot be written"),
        (("score", "a.csv", "-o", "place"), "UD512 the ending of 'place'"),
        (
            ("score", "a.csv", "--vary", "udsat.count=2", "--excel-dk"),
            "UD510 --vary does not go with --excel-dk",
        ),
        (
            ("score", "a.csv", "-o", "out.csv", "--format", "json"),
            "UD512 'out.csv' does not end as json does",
        ),
        (("score", "a.csv", "--history", "book.xlsx"), "book.xlsx: UD303 is a damaged workbook"),
        (
            ("criteria", "schema", "-o", "a.csv"),
            "UD512 the ending of 'a.csv' does not say a format that fits (end it in .json)",
        ),
        (("criteria", "new", "--from", "a.csv", "own.toml"), "UD402"),
        (
            ("report", "a.csv", "--municipality", "Ringsted", "-o", "r.html"),
            "UD511 --municipality needs --area",
        ),
        (
            ("plot", "a.csv", "--criterion", "crime", "--municipality", "Ringsted", "-o", "p.svg"),
            "UD511 --municipality needs --area",
        ),
        (
            (
                "plot",
                "a.csv",
                "--criterion",
                "crime",
                "--years",
                "--area",
                "Ravnehøj",
                "-o",
                "p.svg",
            ),
            "UD510 --area does not go with --years",
        ),
        (("score", "a.csv", "--only", "udsat,ghetto"), "give the option once for each category"),
        (("score", "a.csv", "--columns", "book.xlsx"), "UD312 is no TOML file"),
        (
            ("explain", "a.csv", "Ravnehøj", "--municipality", "Struer"),
            "UD601 there is no area in a municipality 'Struer'",
        ),
        (
            ("aggregate", "a.csv", "-o", "c.csv", "--references-out", "./c.csv"),
            "UD513 'c.csv' would be written twice",
        ),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else "",
)
def test_a_slip_is_refused_with_a_clear_word_and_touches_no_file(
    arguments: tuple[str, ...], message: str, folder: Path
) -> None:
    before = contents(folder)
    run = udsat(folder, *arguments)
    assert (run.status, contents(folder)) == (2, before), run.err
    assert message in run.err


@pytest.mark.parametrize("beside", ["--manifest", "--datapackage"])
def test_a_folder_in_the_way_of_a_file_beside_the_output_leaves_the_output_unwritten(
    beside: str, folder: Path
) -> None:
    (folder / ("o.csv.manifest.json" if beside == "--manifest" else "datapackage.json")).mkdir()
    run = udsat(folder, "score", "a.csv", "-o", "o.csv", beside)
    assert run.status == 2
    assert not (folder / "o.csv").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [[], ["--format", "csv"]], ids=["table", "csv"])
def test_a_full_disk_behind_standard_output_is_no_bug(arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*COMMAND, "score", SAMPLE, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(),
            check=False,
        )
    assert done.returncode == 2
    assert b"UD502 cannot be written: No space left on device" in done.stderr


@pytest.mark.parametrize(
    ("redirect", "given", "status"), [(">&-", SAMPLE, 0), ("<&-", "-", 2)], ids=["output", "input"]
)
def test_a_stream_that_is_closed_is_no_bug(redirect: str, given: str, status: int) -> None:
    shell = ["/bin/sh", "-c", f'"$@" {redirect}', "sh", *COMMAND, "score", given]
    done = subprocess.run(shell, capture_output=True, env=environment(), check=False)
    assert (done.returncode, b"bug" in done.stderr) == (status, False), done.stderr


# What a verdict must say it rests on ----


def notes(folder: Path, *rows: str, **options: object) -> list[str]:
    (folder / "rows.csv").write_bytes(table(*rows))
    return [
        " | ".join(row["notes"])
        for row in library.evaluate([str(folder / "rows.csv")], **options).areas()
    ]


@pytest.mark.parametrize("residents", ["966", "1000", "1500", ""])
def test_every_verdict_says_that_the_residents_test_is_practice(
    residents: str, tmp_path: Path
) -> None:
    [note] = notes(tmp_path, f"Ravnehøj,Ringsted,2023-12-01,{residents},45,1,70,50,60")
    assert "residents: practice (min_residents)" in note


@pytest.mark.parametrize(("share", "rests"), [("40.0", True), ("40.3", False)])
def test_a_value_on_its_line_rests_on_how_figures_are_rounded(
    share: str, rests: bool, tmp_path: Path
) -> None:
    (tmp_path / "rows.csv").write_bytes(
        table(f"Ravnehøj,Ringsted,2019-12-01,2000,{share},1.0,70.0,50.0,60.0")
    )
    doubt = "no source says whether rounded or unrounded figures are compared"
    runs = [
        udsat(tmp_path, "explain", "rows.csv", "Ravnehøj"),
        udsat(tmp_path, "score", "rows.csv"),
    ]
    assert [doubt in " ".join(run.out.split()) for run in runs] == [rests, rests]


def test_the_first_year_in_a_row_says_what_it_rests_on_and_no_place_on_the_list_nothing(
    tmp_path: Path,
) -> None:
    on, off = (
        "Ravnehøj,Ringsted,2023-12-01,1500,45,1,70,50,60",
        "Lavhøj,Ringsted,2023-12-01,1500,25,1,50,80,60",
    )
    first, none = notes(tmp_path, on, off)
    assert "years in a row: published lists 2014-2022" in first
    assert "years in a row" not in none


def test_too_few_residents_in_2010_are_named(tmp_path: Path) -> None:
    header = "area,list_date,residents,residents_2010,outside_labour_market_pct,basic_education_pct,non_western_pct"
    rows = [
        "A,2018-12-01,1000,999,50,70,60",
        "B,2018-12-01,1000,,50,70,60",
        "C,2018-12-01,1000,1000,50,70,60",
    ]
    (tmp_path / "rows.csv").write_bytes(table(*rows, header=header))
    few, missing, enough = (
        " | ".join(row["notes"]) for row in library.evaluate([str(tmp_path / "rows.csv")]).areas()
    )
    assert "residents: 999 in 2010, 1000 needed" in few
    assert "residents: those of 2010 missing" in missing
    assert "in 2010" not in enough


# Limits that only one of two lists has, and limits that are only inferred ----


def test_a_limit_that_is_not_known_on_the_later_list_is_the_cause_and_not_own_data(
    tmp_path: Path,
) -> None:
    rows = [f"Ravnehøj,Ringsted,{year}-12-01,1500,25,1.2,50,80,45" for year in (2022, 2023)]
    (tmp_path / "rows.csv").write_bytes(table(*rows))
    found = changes.diff(str(tmp_path / "rows.csv"), start="2022", to="2023")
    [step] = [step for area in found.areas for step in area.steps if step.change == "flipped"]
    assert (step.name, step.old["outcome"], step.new["outcome"]) == (
        "prevention_crime",
        "not_met",
        "unknown",
    )
    assert step.causes is not None
    assert step.causes.sets == (("reference",),)
    assert found.references["prevention_crime"][1] is None


def test_residents_that_cross_the_gate_stand_among_the_changes(tmp_path: Path) -> None:
    rows = [
        f"Ravnehøj,Ringsted,{year}-12-01,{residents},45,1.2,65,50,60"
        for year, residents in ((2019, 990), (2020, 1010))
    ]
    (tmp_path / "rows.csv").write_bytes(table(*rows))
    run = udsat(tmp_path, "diff", "rows.csv", "--from", "2019", "--to", "2020", COLUMNS="160")
    assert "990 residents, 1,000 needed" in run.out
    assert "1,010 residents, 1,000 needed" in run.out


def test_means_that_the_user_gives_by_year_beat_a_limit_that_is_only_inferred(
    tmp_path: Path,
) -> None:
    (tmp_path / "rows.csv").write_bytes(table("Ravnehøj,Ringsted,2022-12-01,1500,30,2.25,65,80,60"))
    figures = "year,measure,scope,region,criterion,value,unit,source,status\n"
    figures += "2020,convicted,national,,,0.70,percent,own,stated\n2021,convicted,national,,,0.80,percent,own,stated\n"
    (tmp_path / "figures.csv").write_text(figures, encoding="utf-8")
    for files, outcome in (([], "unknown"), ([str(tmp_path / "figures.csv")], "met")):
        [row] = library.evaluate([str(tmp_path / "rows.csv")], references=files).areas()
        assert row["crime"] == outcome
