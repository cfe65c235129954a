"""Many problems: some of each kind on standard error, all of them in the file of `--problems`, and a result of a check is complete."""

from __future__ import annotations

import csv
import json
import pickle
from pathlib import Path

import pytest

from commandline import GOOD, table, udsat
from udsat.messages.problems import SHOWN, InvalidTable, Problem

ROWS = 300


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Hold a table in which every row has two wrong cells, and one a third."""
    wrong = [
        GOOD.replace("Ravnehøj", f"A{n}").replace("50.5", "x").replace("60.2", "145")
        for n in range(ROWS)
    ]
    (tmp_path / "areas.csv").write_bytes(
        table(GOOD, *wrong[:-1], wrong[-1].replace("2000", "-999"))
    )
    return tmp_path


def test_some_problems_of_each_kind_are_printed_and_the_others_counted(folder: Path) -> None:
    run = udsat(folder, "score", "areas.csv")
    shares = [line for line in run.problems if "outside_labour_market_pct: UD101 " in line]
    assert (run.status, run.out, len(shares)) == (1, "", SHOWN + 1)
    assert (
        shares[-1]
        == f"areas.csv: outside_labour_market_pct: UD101 {ROWS - SHOWN} more like these; --problems FILE has all"
    )
    assert sum("UD103" in line and "residents" in line for line in run.problems) == 1
    assert f"{2 * ROWS + 1} problems: {ROWS} x UD101, {ROWS} x UD102, 1 x UD103" in run.err


@pytest.mark.parametrize(
    "words",
    [
        ("score",),
        ("score", "--skip-invalid", "--format", "csv"),
        ("validate",),
        ("watch",),
        ("history",),
    ],
)
@pytest.mark.parametrize("name", ["all.csv", "all.json"])
def test_a_file_takes_every_problem_of_a_command(
    words: tuple[str, ...], name: str, folder: Path
) -> None:
    run = udsat(folder, *words, "areas.csv", "--problems", name)
    text = (folder / name).read_text("utf-8")
    found = (
        json.loads(text)["findings"]
        if name.endswith("json")
        else list(csv.DictReader(text.splitlines()))
    )
    assert (run.status, len(found), len(run.err.splitlines()) < 80) == (1, 2 * ROWS + 1, True), (
        run.err[:300]
    )
    first = found[0]
    names = ("file", "line", "column", "value", "code", "severity", "message")
    expected = ("areas.csv", "3", "outside_labour_market_pct", "x", "UD101", "error")
    assert (
        tuple(str(first[one]) for one in names)[:6] == expected
        and first["message"]
        and "hint" in first
    )


@pytest.mark.parametrize("lang", ["en", "da"])
def test_the_table_of_a_check_is_grouped_and_its_formats_for_machines_are_complete(
    lang: str, folder: Path
) -> None:
    run = udsat(folder, "validate", "areas.csv", "--lang", lang)
    assert (
        len(run.out.splitlines()) < 3 * SHOWN
        and "--problems" in run.out
        and f"{ROWS} x UD101" in run.out
    )
    assert (
        len(udsat(folder, "validate", "areas.csv", "--format", "json").json()["findings"])
        == 2 * ROWS + 1
    )
    assert (
        udsat(folder, "validate", "areas.csv", "--format", "junit").out.count("<failure")
        == 2 * ROWS + 1
    )


def test_a_run_without_problems_leaves_a_file_that_says_so(folder: Path) -> None:
    (folder / "good.csv").write_bytes(table(GOOD))
    assert udsat(folder, "score", "good.csv", "--problems", "all.csv").status == 0
    assert (folder / "all.csv").read_text(
        "utf-8"
    ) == "file,line,position,column,value,code,severity,message,expected,hint\n"
    assert udsat(folder, "score", "missing.csv", "--problems", "all.json").status == 2
    assert [
        one["code"] for one in json.loads((folder / "all.json").read_text("utf-8"))["findings"]
    ] == ["UD301"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("all.txt", "UD512"),
        ("areas.csv", "is an input"),
        ("out.csv", "is named twice"),
        ("no/folder/all.csv", "UD502"),
        ("", "UD511"),
        ("a\0.csv", "UD502"),
    ],
)
def test_the_file_of_problems_may_be_no_other_file_of_the_run(
    name: str, said: str, folder: Path
) -> None:
    before = (folder / "areas.csv").read_bytes()
    run = udsat(folder, "score", "areas.csv", "-o", "out.csv", "--problems", name)
    assert (run.status, said in run.err, (folder / "areas.csv").read_bytes()) == (
        2,
        True,
        before,
    ), run.err[:300]


def test_an_error_of_many_problems_is_short_as_a_text_and_whole_as_a_value() -> None:
    error = InvalidTable(
        [
            Problem("UD101", f"'{n}' is no number", file="a.csv", line=n, column="x")
            for n in range(10_000)
        ]
    )
    assert len(str(error).splitlines()) == SHOWN + 1 and "9,980 more" in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert (len(again.problems), str(again)) == (10_000, str(error))
