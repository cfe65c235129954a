"""What is plain input to a person and was a bug to the engine or to Python: long names, deep and long TOML, many lists."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pandas as pd
import pytest

import udsat as udsat_library
from commandline import GOOD, table, udsat
from sweep import HEADER
from udsat import engine

LONG = "x" * 300


@pytest.fixture
def areas(tmp_path: Path) -> Path:
    (tmp_path / "areas.csv").write_bytes(table(GOOD))
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        (LONG,), (f"{LONG}.csv",), (f"{LONG}.parquet",), (f"{LONG}.xlsx",), ("areas.csv", "--references", LONG), ("areas.csv", "--history", LONG),
        ("areas.csv", "--columns", LONG), ("areas.csv", "--criteria", f"{LONG}.toml"), ("areas.csv", "--criteria-dir", LONG),
        ("a\0b.csv",), ("areas.csv", "--history", "a\0b.csv"), ("areas.csv", "--columns", "\0"),
    ],
)  # fmt: skip
def test_a_name_that_no_file_can_have_is_a_file_that_cannot_be_read(
    arguments: tuple[str, ...], areas: Path
) -> None:
    run = udsat(areas, "score", *arguments)
    assert (run.status, run.out, " UD" in run.err) == (2, "", True), run.err[:300]


@pytest.mark.parametrize("name", [f"{LONG}.html", "a\0b.html"])
def test_a_page_under_a_name_that_no_file_can_have_cannot_be_written(
    name: str, areas: Path
) -> None:
    run = udsat(areas, "report", "areas.csv", "-o", name)
    assert (run.status, "UD502" in run.err) == (2, True), run.err[:300]


TOML = {
    "arrays": "a = " + "[" * 5_000 + "]" * 5_000,
    "tables": "[" + ".".join(["a"] * 5_000) + "]\nb = 1",
    "a mistake, then a deep table": "a = = 1\n[" + ".".join(["a"] * 5_000) + "]\nb = 1",
    "a mistake, then deep arrays": "a = = 1\nb = " + "[" * 5_000 + "]" * 5_000,
    "inline tables": "a = " + "{a=" * 3_000 + "1" + "}" * 3_000,
    "a number of 5,000 digits": "a = " + "9" * 5_000,
    "a number of 30 digits": "a = " + "9" * 30,
    "a decimal of 5,000 digits": "a = 0." + "9" * 5_000,
    "a large power of ten": "a = 1e999999999",
}


@pytest.mark.parametrize("text", TOML.values(), ids=TOML)
@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "areas.csv", "--criteria"), ("score", "areas.csv", "--columns"), ("criteria", "check"), ("criteria", "test"),
        ("criteria", "show"), ("criteria", "diff", "2018"), ("criteria", "new", "mine.toml", "--from"), ("aggregate", "areas.csv", "--map"),
    ],
)  # fmt: skip
def test_toml_of_any_depth_and_length_is_refused_with_a_code(
    arguments: tuple[str, ...], text: str, areas: Path
) -> None:
    (areas / "own.toml").write_text(f"{text}\n", "utf-8")
    run = udsat(areas, *arguments, "own.toml")
    assert (run.status, " UD" in run.err + run.out, len(run.err) < 5_000) == (
        2 if run.err else 1,
        True,
        True,
    ), run.err[:300]


def lists(areas: int, years: range) -> bytes:
    """Return a table of areas on December lists in order; an area is on every list but that of its own year."""
    rows = [
        f"A{n:05},Ringsted,{year},2000,50,3,60,50,{40 if year == years[n % len(years)] else 70}"
        for n in range(areas)
        for year in years
    ]
    return table(*rows, header=HEADER)


@pytest.mark.parametrize("kind", ["duckdb", "polars"])
def test_more_december_lists_than_an_engine_has_bits_are_counted_year_by_year(
    kind: str, tmp_path: Path
) -> None:
    years = range(2018, 2099)
    (tmp_path / "areas.csv").write_bytes(lists(2, years))
    run = udsat(
        tmp_path, "score", "areas.csv", "--basis", "computed", "--format", "csv", "--engine", kind
    )
    found = [int(row["years_in_row"]) for row in run.csv() if row["area"] == "A00001"]
    assert (run.status, found[:5], found[-1]) == (0, [1, 0, 1, 2, 3], 79), run.err[:300]


def test_a_long_table_in_order_of_many_lists_is_counted_as_in_any_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MANY", 1_000)
    years = range(2018, 2052)
    header, *rows = lists(40, years).decode().splitlines()
    (tmp_path / "ordered.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
    random.Random(1).shuffle(rows)
    (tmp_path / "mixed.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
    verdicts = []
    for name in ("ordered.csv", "mixed.csv"):
        run = udsat(tmp_path, "score", name, "--basis", "computed", "-o", f"out-{name}")
        assert run.status == 0, run.err[:300]
        verdicts.append(sorted((tmp_path / f"out-{name}").read_text("utf-8").splitlines()))
    assert verdicts[0] == verdicts[1]


def test_a_name_of_bytes_that_are_no_utf_8_is_read_and_printed(tmp_path: Path) -> None:
    name = os.fsdecode(b"omr\xe5der.csv")
    (tmp_path / name).write_bytes(table(GOOD))
    run = udsat(tmp_path, "score", name, "--format", "json")
    assert (run.status, "omr\\udce5der.csv: comma" in run.err, len(run.json()["areas"])) == (
        0,
        True,
        1,
    ), run.err


def test_a_frame_with_a_time_zone_is_scored_without_pytz(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pytz", None)
    rows = {
        name: [value]
        for name, value in zip(
            HEADER.split(","),
            ("Ringparken", "Slagelse", 2019, 2008, 41.2, 2.07, 70.2, 57.7, 57.0),
            strict=True,
        )
    }
    frame = pd.DataFrame(
        rows | {"seen": pd.to_datetime(["2019-01-01 12:00"]).tz_localize("Europe/Copenhagen")}
    )
    scored = udsat_library.score(frame)
    assert (scored["category"][0], str(scored["seen"][0])) == (
        "haard_ghetto",
        "2019-01-01 11:00:00",
    )
