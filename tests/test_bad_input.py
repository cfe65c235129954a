"""Bad input: the right exit status, one clear line for each problem, and nothing written."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from commandline import GOOD, Run, contents, process, table, udsat
from support import misstated
from udsat import InvalidTable, TableError, UdsatError, score

FINDINGS, UNUSABLE = 1, 2
KEPT = b"what stood here before\n"


def parquet(folder: Path, **columns: Any) -> bytes:
    """Return a Parquet file of two areas, with some of its columns replaced."""
    given: dict[str, Any] = {
        "area": ["Ravnehøj", "Tidselvang"],
        "list_date": [dt.date(2015, 12, 1)] * 2,
        "residents": [2000, 1500],
        "convicted_pct": [3.1, 2.0],
    }
    path = folder / "made.parquet"
    pyarrow.parquet.write_table(
        pa.table({name: pa.array(values) for name, values in (given | columns).items()}), path
    )
    data = path.read_bytes()
    path.unlink()
    return data


def check_refused(
    folder: Path, arguments: tuple[str, ...], status: int, patterns: list[str], stdin: bytes = b""
) -> None:
    """Run udsat to standard output, then to a file that is there: it says what is wrong, line by line, and writes nothing."""
    (folder / "out.csv").write_bytes(KEPT)
    before = contents(folder)
    says_where = {"-o", "--format", "--manifest"} & set(arguments)
    for output in ([],) if says_where else ([], ["-o", "out.csv"]):
        run = udsat(folder, "score", *arguments, *output, stdin=stdin)
        check_messages(run, status, patterns)
        assert run.out == ""
        assert contents(folder) == before


def check_messages(run: Run, status: int, patterns: list[str]) -> None:
    """Check the exit status, and that each pattern is one line on standard error and no other line is a problem."""
    assert "Traceback" not in run.err
    assert [
        line
        for line, pattern in zip(run.problems, patterns, strict=False)
        if not re.fullmatch(pattern, line)
    ] == []
    assert (run.status, len(run.problems)) == (status, len(patterns)), run.err


CELLS = {
    "share of 145": ("Tidselvang,Ringsted,2015-12-01,2000,145,3.1,60.2,50.1,60.0", r"bad\.csv:3: outside_labour_market_pct: UD102 '145' .*0 to 100.*"),
    "share below 0": ("Tidselvang,Ringsted,2015-12-01,2000,50.5,3.1,60.2,50.1,-0.1", r"bad\.csv:3: non_western_pct: UD102 '-0\.1' .*"),
    "share of -999": ("Tidselvang,Ringsted,2015-12-01,2000,50.5,-999,60.2,50.1,60.0", r"bad\.csv:3: convicted_pct: UD102 '-999' .*missing.*empty.*"),
    "residents -999": ("Tidselvang,Ringsted,2015-12-01,-999,50.5,3.1,60.2,50.1,60.0", r"bad\.csv:3: residents: UD103 '-999' .*missing.*empty.*"),
    "ratio of 1001": ("Tidselvang,Ringsted,2015-12-01,2000,50.5,3.1,60.2,1001,60.0", r"bad\.csv:3: income_ratio_pct: UD103 '1001' .*"),
    "text in a number": ("Tidselvang,Ringsted,2015-12-01,2000,many,3.1,60.2,50.1,60.0", r"bad\.csv:3: outside_labour_market_pct: UD101 'many' is no number"),
    "half a resident": ("Tidselvang,Ringsted,2015-12-01,2000.5,50.5,3.1,60.2,50.1,60.0", r"bad\.csv:3: residents: UD110 '2000\.5' is no whole number"),
    "bounds turned round": ("Tidselvang,Ringsted,2015-12-01,7-3,50.5,3.1,60.2,50.1,60.0", r"bad\.csv:3: residents: UD101 '7-3' .*order.*"),
    "a row cut short": ("Tidselvang,Ringsted,2015-12-01,2000,50.5", r"bad\.csv:3: UD202 the row has 5 cells, the header has 9 .*"),
    "a row too long": (f"{GOOD.replace('Ravnehøj', 'Tidselvang')},7", r"bad\.csv:3: UD202 the row has 10 cells, the header has 9 .*"),
    "date before the first list": ("Tidselvang,Ringsted,2009-12-01,2000,50.5,3.1,60.2,50.1,60.0", r"bad\.csv:3: .*UD107 .*2010-10-26.*"),
    "date of the trial list": ("Tidselvang,Ringsted,2013-06-10,2000,50.5,3.1,60.2,50.1,60.0", r"bad\.csv:3: .*UD108 .*2013-06-10.*--criteria.*"),
    "date of the interim list": ("Tidselvang,Ringsted,2018-05-09,2000,50.5,3.1,60.2,50.1,60.0", r"bad\.csv:3: .*UD108 .*2018-05-09.*--criteria.*"),
    "no date": ("Tidselvang,Ringsted,,2000,50.5,3.1,60.2,50.1,60.0", r"bad\.csv:3: .*UD105 the row has no list date .*"),
    "no area": (",Ringsted,2015-12-01,2000,50.5,3.1,60.2,50.1,60.0", r"bad\.csv:3: area: UD105 .*empty.*"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "pattern"), CELLS.values(), ids=CELLS)
def test_a_bad_row_is_named_with_its_place_and_nothing_is_scored(
    row: str, pattern: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_bytes(table(GOOD, row))
    check_refused(tmp_path, ("bad.csv",), FINDINGS, [pattern])


@pytest.mark.parametrize("date", ["2015-13-01", "yesterday", "1. december"])
def test_a_date_that_is_none_is_one_problem(date: str, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(
        table(GOOD, f"Tidselvang,Ringsted,{date},2000,50.5,3.1,60.2,50.1,60.0")
    )
    check_refused(
        tmp_path,
        ("bad.csv",),
        FINDINGS,
        [rf"bad\.csv:3: list_date: UD106 '{re.escape(date)}' is no date.*"],
    )


@pytest.mark.parametrize("date", ["2009-12-01", "2013-06-10", "2018-05-09", ""])
def test_a_date_that_is_refused_is_named_with_column_and_value(date: str, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(
        table(GOOD, f"Tidselvang,Ringsted,{date},2000,50.5,3.1,60.2,50.1,60.0")
    )
    check_refused(
        tmp_path, ("bad.csv",), FINDINGS, [rf"bad\.csv:3: list_date: UD10[578] .*{date}.*"]
    )


def test_a_repeated_key_is_named_at_every_row_that_has_it(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(table(GOOD, GOOD.replace("Ravnehøj", "Tidselvang"), GOOD))
    key = "UD201 the key Ravnehøj, Ringsted, 2015-12-01 occurs 2 times"
    check_refused(
        tmp_path,
        ("bad.csv",),
        FINDINGS,
        [rf"bad\.csv:2: {key}.*", rf"bad\.csv:4: {key}.*bad\.csv line 2.*"],
    )


def test_a_key_repeated_in_another_file_names_both_files(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_bytes(table(GOOD))
    (tmp_path / "two.csv").write_bytes(table(GOOD))
    check_refused(
        tmp_path,
        ("one.csv", "two.csv"),
        FINDINGS,
        [r"one\.csv:2: UD201 .*", r"two\.csv:2: UD201 .*one\.csv line 2.*"],
    )


def test_one_name_in_two_municipalities_is_no_repeated_key(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_bytes(table(GOOD, GOOD.replace("Ringsted", "Skive")))
    assert udsat(tmp_path, "score", "good.csv", "--format", "csv").status == 0


def test_a_numerator_above_its_base_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(
        table("Ravnehøj,2015-12-01,50,40", header="area,list_date,convicted,convicted_base")
    )
    check_refused(
        tmp_path,
        ("bad.csv",),
        FINDINGS,
        [r"bad\.csv:2: convicted: UD104 .*50 is more than its base 40"],
    )


def test_a_share_that_disagrees_with_its_counts_is_named(tmp_path: Path) -> None:
    header = "area,list_date,non_western_pct,non_western,non_western_base"
    (tmp_path / "bad.csv").write_bytes(
        table("Ravnehøj,2015-12-01,50.1,1,2", "Tidselvang,2015-12-01,33.3,1,3", header=header)
    )
    check_refused(
        tmp_path, ("bad.csv",), FINDINGS, [r"bad\.csv:2: non_western_pct: UD109 .*rounding.*"]
    )


def test_lines_are_those_of_the_file_though_a_cell_spans_several(tmp_path: Path) -> None:
    rows = ['"Ravne\nhøj\nnord",2015-12-01,60', "", "Tidselvang,2015-12-01,600"]
    (tmp_path / "bad.csv").write_bytes(table(*rows, header="area,list_date,non_western_pct"))
    check_refused(
        tmp_path, ("bad.csv",), FINDINGS, [r"bad\.csv:6: non_western_pct: UD102 '600' .*"]
    )


def test_a_heading_is_named_as_the_file_has_it_and_a_cell_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(
        "Område;Listeår;Andel dømte (pct.)\nRavnehøj;2015;145,5 %\n".encode("cp1252")
    )
    check_refused(
        tmp_path, ("bad.csv",), FINDINGS, [r"bad\.csv:2: Andel dømte \(pct\.\): UD102 '145,5 %' .*"]
    )


def test_every_problem_of_every_file_is_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_bytes(
        table(
            GOOD,
            "Tidselvang,Ringsted,2015-12-01,-1,145,x,60.2,50.1,60.0",
            "Sejlvang,Ringsted,2015-12-01,2000,1",
        )
    )
    (tmp_path / "two.csv").write_bytes(
        table(GOOD, "Kobberlund,Ringsted,2013-06-10,2000,50.5,3.1,60.2,50.1,160.0")
    )
    (tmp_path / "three.csv").write_bytes(table(GOOD.replace("2015", "2016")))
    patterns = [
        r"one\.csv:3: residents: UD103 '-1' .*",
        r"one\.csv:3: outside_labour_market_pct: UD102 '145' .*",
        r"one\.csv:3: convicted_pct: UD101 'x' .*",
        r"one\.csv:4: UD202 .*",
        r"two\.csv:3: non_western_pct: UD102 '160\.0' .*",
        r"two\.csv:3: .*UD108 .*",
        r"one\.csv:2: UD201 .*",
        r"two\.csv:2: UD201 .*",
    ]
    check_refused(tmp_path, ("one.csv", "two.csv", "three.csv"), FINDINGS, patterns)
    run = udsat(tmp_path, "score", "one.csv", "two.csv", "three.csv")
    assert run.messages[-1].startswith(
        "udsat: nothing was scored; 8 problems: 1 x UD101, 2 x UD102, "
    )


def test_what_is_left_out_is_named_and_the_other_rows_are_scored(tmp_path: Path) -> None:
    rows = [
        GOOD,
        "Tidselvang,Ringsted,2015-12-01,2000,145,3.1,60.2,50.1,60.0",
        GOOD.replace("Ravnehøj", "Sejlvang"),
        "Kobberlund",
    ]
    (tmp_path / "bad.csv").write_bytes(table(*rows))
    run = udsat(tmp_path, "score", "bad.csv", "--skip-invalid", "--format", "csv")
    assert [row["area"] for row in run.csv()] == ["Ravnehøj", "Sejlvang"]
    check_messages(
        run, FINDINGS, [r"left out: bad\.csv:3: .*UD102 .*", r"left out: bad\.csv:5: UD202 .*"]
    )
    to_file = udsat(tmp_path, "score", "bad.csv", "--skip-invalid", "-o", "out.csv")
    assert (to_file.status, (tmp_path / "out.csv").read_text(encoding="utf-8")) == (
        FINDINGS,
        run.out,
    )


def test_skipping_rows_of_a_repeated_key_leaves_out_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(table(GOOD, GOOD.replace("Ravnehøj", "Tidselvang"), GOOD))
    run = udsat(tmp_path, "score", "bad.csv", "--skip-invalid", "--format", "csv")
    assert (run.status, [row["area"] for row in run.csv()]) == (FINDINGS, ["Tidselvang"])


# Files from which no table can be formed ----

ONE_MEASURE = "area,list_date,non_western_pct"
FILES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("bad.csv", b"", r"bad\.csv: UD302 is empty"),
    "blank lines alone": ("bad.csv", b"\n \n\n", r"bad\.csv: UD302 is empty"),
    "byte-order mark alone": ("bad.csv", b"\xef\xbb\xbf", r"bad\.csv: UD302 is empty"),
    "header alone": ("bad.csv", table(), r"bad\.csv: UD302 has only a header"),
    "binary": ("bad.csv", b"\x00\x01\x02\xff\x00" * 50, r"bad\.csv: UD303 contains binary data.*"),
    "unterminated quote": (
        "bad.csv",
        table(GOOD, '"Tidselvang,Ringsted,2015-12-01,2000'),
        r"bad\.csv:3: UD303 is no CSV file.*",
    ),
    "CSV named .parquet": (
        "bad.parquet",
        table(GOOD),
        r"bad\.parquet: UD303 is no Parquet file, whatever its ending says.*",
    ),
    "empty .parquet": ("bad.parquet", b"", r"bad\.parquet: UD302 is empty"),
    "zip named .csv": (
        "bad.csv",
        b"PK\x03\x04" + b"\x14" * 40,
        r"bad\.csv: UD303 is a zip or Excel file, not what its ending says.*",
    ),
    "gzip named .csv": (
        "bad.csv",
        b"\x1f\x8b\x08\x00" + b"\x14" * 40,
        r"bad\.csv: UD303 is a damaged gzip file.*",
    ),
    "repeated column": (
        "bad.csv",
        table("Ravnehøj,2015-12-01,60,61", header=f"{ONE_MEASURE},non_western_pct"),
        r"bad\.csv:1: non_western_pct: UD304 .*twice.*",
    ),
    "one column under two names": (
        "bad.csv",
        table("Ravnehøj,2015-12-01,60,Vangen", header=f"{ONE_MEASURE},Område"),
        r"bad\.csv:1: Område: UD304 .*area occurs twice.*'area' means the same.*",
    ),
    "unknown column near a known one": (
        "bad.csv",
        table("Ravnehøj,2015-12-01,60,40", header=f"{ONE_MEASURE},outside_labor_market_pct"),
        r"bad\.csv:1: outside_labor_market_pct: UD306 .*did you mean 'outside_labour_market_pct'\?.*",
    ),
    "no area column": (
        "bad.csv",
        table("2015-12-01,60", header="list_date,non_western_pct"),
        r"bad\.csv:1: UD305 .*area.*",
    ),
    "no date column": (
        "bad.csv",
        table("Ravnehøj,60", header="area,non_western_pct"),
        r"bad\.csv:1: UD305 .*list_date.*year.*",
    ),
    "no measure": (
        "bad.csv",
        table("Ravnehøj,2015-12-01,9", header="area,list_date,rank"),
        r"bad\.csv:1: UD305 .*measure.*",
    ),
    "a numerator without its base": (
        "bad.csv",
        table("Ravnehøj,2015-12-01,60,9", header=f"{ONE_MEASURE},convicted"),
        r"bad\.csv:1: convicted: UD305 .*convicted have no base.*convicted_base.*convicted_pct.*",
    ),
    "list date and calendar year": (
        "bad.csv",
        table("Ravnehøj,2015-12-01,60,2015", header=f"{ONE_MEASURE},year"),
        r"bad\.csv:1: UD307 the table has both list_date and year.*",
    ),
    "list date and list year": (
        "bad.csv",
        table("Ravnehøj,2015-12-01,60,2015", header=f"{ONE_MEASURE},list_year"),
        r"bad\.csv:1: UD307 the table has both list_date and list_year.*",
    ),
    "1.234 alone": (
        "bad.csv",
        table("Ravnehøj,2015-12-01,60,1.234", header=f"{ONE_MEASURE},residents"),
        r"bad\.csv: UD308 '1\.234' .*--decimal comma or --decimal point.*",
    ),
    "1,234 alone": (
        "bad.csv",
        b"area;list_date;non_western_pct;residents\nA;2015-12-01;60;1,234\n",
        r"bad\.csv: UD308 '1,234' .*--decimal.*",
    ),
    "two decimal marks": (
        "bad.csv",
        b"area;list_date;non_western_pct;convicted_pct\nA;2015-12-01;60,5;2.5\n",
        r"bad\.csv: UD308 '60,5' has a decimal comma and '2\.5' a decimal point.*",
    ),
    "UTF-16 cut short": ("bad.csv", b"\xff\xfea\x00r", r"bad\.csv: UD303 is no text in UTF-16.*"),
}


@pytest.mark.parametrize(("name", "data", "pattern"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_table_is_refused(
    name: str, data: bytes, pattern: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    check_refused(tmp_path, (name,), UNUSABLE, [pattern])


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    check_refused(tmp_path, ("none.csv",), UNUSABLE, [r"none\.csv: UD301 does not exist .*"])
    (tmp_path / "folder.csv").mkdir()
    check_refused(tmp_path, ("folder.csv",), UNUSABLE, [r"folder\.csv: UD301 is a folder .*"])


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(("bad.csv",), FINDINGS), (("none.csv",), UNUSABLE), (("bad.csv", "--slum"), UNUSABLE)],
)
def test_a_process_ends_with_the_same_status_and_words(
    arguments: tuple[str, ...], status: int, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_bytes(table(GOOD, "Tidselvang"))
    run = process(tmp_path, "score", *arguments)
    assert (run.status, run.out, "Traceback" in run.err) == (status, "", False)
    assert run.problems == udsat(tmp_path, "score", *arguments).problems


def test_standard_input_is_named_where_it_is_bad(tmp_path: Path) -> None:
    check_refused(tmp_path, ("-",), UNUSABLE, [r"<stdin>: UD302 is empty"])
    row = "Tidselvang,Ringsted,2015-12-01,2000,145,3.1,60.2,50.1,60.0"
    check_refused(
        tmp_path,
        ("-",),
        FINDINGS,
        [r"<stdin>:2: outside_labour_market_pct: UD102 '145' .*"],
        stdin=table(row),
    )


def test_a_parquet_file_that_is_damaged_or_misnamed_is_refused(tmp_path: Path) -> None:
    data = parquet(tmp_path)
    (tmp_path / "cut.parquet").write_bytes(data[: len(data) // 2])
    check_refused(
        tmp_path, ("cut.parquet",), UNUSABLE, [r"cut\.parquet: UD303 is a damaged Parquet file.*"]
    )
    (tmp_path / "heading.parquet").write_bytes(data.replace(b"residents", b"resident\xf8"))
    check_refused(
        tmp_path,
        ("heading.parquet",),
        UNUSABLE,
        [r"heading\.parquet: UD303 .*a heading is no UTF-8.*"],
    )
    (tmp_path / "named.csv").write_bytes(data)
    check_refused(
        tmp_path,
        ("named.csv",),
        UNUSABLE,
        [r"named\.csv: UD303 is a Parquet file, not what its ending says.*"],
    )


def test_a_parquet_file_that_kills_an_engine_leaves_the_files_after_it_readable(
    tmp_path: Path,
) -> None:
    bad = Path(__file__).parent / "data" / "kills_an_engine.parquet"
    (tmp_path / "good.csv").write_bytes(table(GOOD))
    run = udsat(tmp_path, "validate", str(bad), "good.csv", "--format", "json", "--no-warnings")
    assert (run.status, [problem["code"] for problem in json.loads(run.out)["findings"]]) == (
        UNUSABLE,
        ["UD303"],
    )


def test_a_parquet_file_without_rows_is_refused(tmp_path: Path) -> None:
    columns: dict[str, Any] = {
        "area": pa.array([], pa.string()),
        "list_date": pa.array([], pa.date32()),
    }
    columns |= {"residents": pa.array([], pa.int64()), "convicted_pct": pa.array([], pa.float64())}
    (tmp_path / "bad.parquet").write_bytes(parquet(tmp_path, **columns))
    check_refused(tmp_path, ("bad.parquet",), UNUSABLE, [r"bad\.parquet: UD302 has no rows"])


@pytest.mark.parametrize(
    ("columns", "pattern"),
    [
        ({"convicted_pct": [3.1, 145.5]}, r"bad\.parquet:2: convicted_pct: UD102 '145\.5' .*"),
        ({"residents": [2000, -999]}, r"bad\.parquet:2: residents: UD103 '-999' .*"),
        ({"residents": [2000.0, 1500.5]}, r"bad\.parquet:2: residents: UD110 '1500\.5' .*"),
        ({"convicted_pct": ["3.1", "many"]}, r"bad\.parquet:2: convicted_pct: UD101 'many' .*"),
        (
            {"list_date": [dt.date(2015, 12, 1), dt.date(2009, 12, 1)]},
            r"bad\.parquet:2: .*UD107 .*",
        ),
        ({"list_date": [dt.date(2015, 12, 1), None]}, r"bad\.parquet:2: .*UD105 .*date.*"),
        ({"area": ["Ravnehøj", " "]}, r"bad\.parquet:2: area: UD105 .*"),
    ],
)
def test_a_bad_row_of_a_parquet_file_is_named_by_its_number(
    columns: dict[str, Any], pattern: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.parquet").write_bytes(parquet(tmp_path, **columns))
    check_refused(tmp_path, ("bad.parquet",), FINDINGS, [pattern])


@pytest.mark.parametrize(
    ("value", "code"), [(float("inf"), "UD101"), (1e300, "UD10[12]"), (-1e300, "UD10[12]")]
)
def test_a_number_beyond_measure_in_a_parquet_file_is_named(
    value: float, code: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.parquet").write_bytes(parquet(tmp_path, convicted_pct=[3.1, value]))
    check_refused(
        tmp_path, ("bad.parquet",), FINDINGS, [rf"bad\.parquet:2: convicted_pct: {code} .*"]
    )


def test_a_not_a_number_in_a_parquet_file_is_a_gap(tmp_path: Path) -> None:
    areas = {
        "area": ["Ravnehøj", "Tidselvang", "Sejlvang"],
        "list_date": [dt.date(2015, 12, 1)] * 3,
        "residents": [2000] * 3,
    }
    (tmp_path / "areas.parquet").write_bytes(
        parquet(tmp_path, **areas, convicted_pct=[float("nan"), 2.0, 3.0])
    )
    run = udsat(tmp_path, "score", "areas.parquet", "--format", "csv")
    assert (run.status, [row["crime"] for row in run.csv()]) == (0, ["unknown", "not_met", "met"])


def lying(cells: dict[str, Any], said: dict[str, Any]) -> bytes:
    """Return a Parquet file that says of the cells of two areas what is true of others."""
    names = {"area": ["Ravnehøj", "Tidselvang"], "residents": [2000, 1500]}
    return misstated(pa.table(names | cells), pa.table(names | said))


@pytest.mark.parametrize(
    ("cells", "said", "crime"),
    [
        ([0.5, 0.5], [9.5, 9.5], ["not_met", "not_met"]),
        ([9.5, 9.5], [0.5, 0.5], ["met", "met"]),
        ([0.5, 9.5], [2.0, 2.0], ["not_met", "met"]),
    ],
)
def test_what_a_parquet_file_says_wrongly_of_its_cells_changes_no_verdict(
    cells: list[float], said: list[float], crime: list[str], tmp_path: Path
) -> None:
    years = {"list_year": [2019, 2019]}
    (tmp_path / "areas.parquet").write_bytes(
        lying(years | {"convicted_pct": cells}, years | {"convicted_pct": said})
    )
    run = udsat(tmp_path, "score", "areas.parquet", "--format", "csv")
    assert (run.status, [row["crime"] for row in run.csv()]) == (0, crime)


def test_bad_cells_that_a_parquet_file_denies_are_found(tmp_path: Path) -> None:
    good, bad = (
        {"list_year": [2019, 2019], "convicted_pct": [2.0, 2.0]},
        {"list_year": [2019, 2**46], "convicted_pct": [145.0, 2.0]},
    )
    (tmp_path / "bad.parquet").write_bytes(lying(bad, good))
    expected = [
        r"bad\.parquet:1: convicted_pct: UD102 '145' .*",
        r"bad\.parquet:2: list_year: UD106 .*",
    ]
    check_refused(tmp_path, ("bad.parquet",), FINDINGS, expected)


def frame(**columns: Any) -> pd.DataFrame:
    """Return a data frame of two areas, with some of its columns replaced."""
    given: dict[str, Any] = {
        "area": ["Ravnehøj", "Tidselvang"],
        "list_date": ["2015-12-01"] * 2,
        "convicted_pct": [3.1, 2.0],
    }
    return pd.DataFrame(given | columns)


def test_every_problem_of_a_data_frame_is_in_the_error() -> None:
    with pytest.raises(InvalidTable) as caught:
        score(frame(convicted_pct=[145.0, 2.0], list_date=["2015-12-01", "2009-12-01"]))
    assert [(problem.code, problem.line) for problem in caught.value.problems] == [
        ("UD102", 1),
        ("UD107", 2),
    ]


def test_an_infinite_number_in_a_data_frame_is_a_problem() -> None:
    with pytest.raises(InvalidTable, match=r"UD10[12]"):
        score(frame(convicted_pct=[float("inf"), 2.0]))


def test_a_data_frame_without_rows_is_no_table() -> None:
    with pytest.raises(TableError, match=r"UD302"):
        score(frame().iloc[:0])


@pytest.mark.parametrize("thing", [[1, 2], {"area": ["Ravnehøj"]}, "areas.csv", None], ids=str)
def test_what_is_no_data_frame_is_refused(thing: Any) -> None:
    with pytest.raises(UdsatError):
        score(thing)


def test_a_good_part_of_several_files_does_not_hide_a_bad_one(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_bytes(table(GOOD))
    check_refused(tmp_path, ("good.csv", "none.csv"), UNUSABLE, [r"none\.csv: UD301 .*"])
    (tmp_path / "years.csv").write_bytes(
        table("Ravnehøj,2015,60", header="area,year,non_western_pct")
    )
    check_refused(tmp_path, ("good.csv", "years.csv"), UNUSABLE, [r"UD307 .*years\.csv.*"])


# Options that cannot be used as given ----

REFERENCES = "list_date,measure,scope,region,criterion,value,unit"
LISTS = "list_date,category,area,municipality"
OPTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "unknown category to keep": (
        ("good.csv", "--only", "slum"),
        r"UD509 there is no category 'slum' .*ghetto.*",
    ),
    "unknown category to fail on": (
        ("good.csv", "--fail-on", "slum"),
        r"UD509 there is no category 'slum' .*ghetto.*",
    ),
    "calendar years without a list year": (
        ("years.csv",),
        r"UD511 .*calendar years.*--list-year.*",
    ),
    "a list year for list dates": (
        ("good.csv", "--list-year", "2015"),
        r"UD510 --list-year is for tables of calendar years.*",
    ),
    "a list year without a list": (
        ("years.csv", "--list-year", "2009"),
        r"UD509 there was no list in 2009.*",
    ),
    "unknown criteria": (
        ("good.csv", "--criteria", "2019"),
        r"UD401 there are no criteria '2019' .*2010, 2014, 2018, 2021.*",
    ),
    "missing criteria file": (
        ("good.csv", "--criteria", "own.toml"),
        r"own\.toml: UD401 cannot be read.*",
    ),
    "a criteria file that is none": (
        ("good.csv", "--criteria", "bad.toml"),
        r"bad\.toml:1:1: UD402 is no TOML.*",
    ),
    "missing references": (
        ("good.csv", "--references", "none.csv"),
        r"none\.csv: UD301 does not exist.*",
    ),
    "missing history": (
        ("good.csv", "--history", "none.csv"),
        r"none\.csv: UD301 does not exist.*",
    ),
    "references without their columns": (
        ("good.csv", "--references", "good.csv"),
        r"good\.csv:1: UD309 .*measure.*missing.*",
    ),
    "history without its columns": (
        ("good.csv", "--history", "years.csv"),
        r"years\.csv:1: UD310 .*category.*missing.*",
    ),
    "an ending that is no format": (
        ("good.csv", "-o", "out.doc"),
        r"UD512 .*'out\.doc'.*\.csv, \.json, .*\.parquet.*",
    ),
    "an ending that is another format": (
        ("good.csv", "-o", "out.csv", "--format", "json"),
        r"UD512 .*'out\.csv'.*",
    ),
    "no ending": (("good.csv", "-o", "out"), r"UD512 .*'out'.*"),
    "output over an input": (("good.csv", "-o", "good.csv"), r"UD513 'good\.csv' is an input.*"),
    "output over an input by another path": (
        ("good.csv", "-o", "../{folder}/good.csv"),
        r"UD513 .*good\.csv' is an input.*",
    ),
    "output into a folder that is not there": (
        ("good.csv", "-o", "none/out.csv"),
        r"none/out\.csv: UD502 cannot be written.*",
    ),
    "Parquet to standard output": (
        ("good.csv", "--format", "parquet"),
        r"UD511 Parquet needs -o FILE.*",
    ),
    "a manifest without a file": (("good.csv", "--manifest"), r"UD511 --manifest needs -o FILE.*"),
}


@pytest.mark.parametrize(("arguments", "pattern"), OPTIONS.values(), ids=OPTIONS)
def test_an_option_that_cannot_be_used_is_refused(
    arguments: tuple[str, ...], pattern: str, tmp_path: Path
) -> None:
    (tmp_path / "good.csv").write_bytes(table(GOOD))
    (tmp_path / "years.csv").write_bytes(
        table("Ravnehøj,2015,60", header="area,year,non_western_pct")
    )
    (tmp_path / "bad.toml").write_bytes(b"version = [")
    given = tuple(argument.format(folder=tmp_path.name) for argument in arguments)
    check_refused(tmp_path, given, UNUSABLE, [pattern])


@pytest.mark.parametrize("option", ["--references", "--history"])
def test_the_output_is_no_reference_or_history_file_of_the_run(option: str, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_bytes(table(GOOD))
    header = REFERENCES if option == "--references" else LISTS
    row = (
        "2015-12-01,convicted,national,,,0.9,percent"
        if option == "--references"
        else "2014-12-01,ghetto,Ravnehøj,Ringsted"
    )
    (tmp_path / "given.csv").write_bytes(table(row, header=header))
    check_refused(
        tmp_path,
        ("good.csv", option, "given.csv", "-o", "given.csv"),
        UNUSABLE,
        [r"UD513 'given\.csv' is an input.*"],
    )


GIVEN: dict[str, tuple[str, str, str, str]] = {
    "unknown measure": (
        "--references",
        REFERENCES,
        "2015-12-01,crime,national,,,0.9,percent",
        "UD309 'crime' is no measure.*convicted.*",
    ),
    "unknown unit": (
        "--references",
        REFERENCES,
        "2015-12-01,convicted,national,,,0.9,pct",
        "UD309 'pct' is no unit.*percent.*",
    ),
    "kroner for a share": (
        "--references",
        REFERENCES,
        "2015-12-01,convicted,national,,,9,dkk",
        "UD309 the unit of convicted cannot be dkk",
    ),
    "limit without criterion": (
        "--references",
        REFERENCES,
        "2015-12-01,convicted,limit,,,0.9,percent",
        "UD309 a limit names its criterion",
    ),
    "region without a name": (
        "--references",
        REFERENCES,
        "2015-12-01,gross_income,region,,,9,dkk",
        "UD309 .* names its region",
    ),
    "a bound": (
        "--references",
        REFERENCES,
        "2015-12-01,convicted,national,,,<5,percent",
        "UD309 '<5' is no figure.*",
    ),
    "nothing": (
        "--references",
        REFERENCES,
        "2015-12-01,convicted,national,,,0,percent",
        "UD309 '0' is no figure.*",
    ),
    "no date": (
        "--references",
        REFERENCES,
        "soon,convicted,national,,,0.9,percent",
        "UD309 .*date.*",
    ),
    "unknown category": (
        "--history",
        LISTS,
        "2014-12-01,slum,Ravnehøj,Ringsted",
        "UD310 'slum' is no category.*ghetto.*",
    ),
    "no list date": ("--history", LISTS, "soon,ghetto,Ravnehøj,Ringsted", "UD310 .*date.*"),
}


@pytest.mark.parametrize(("option", "header", "row", "said"), GIVEN.values(), ids=GIVEN)
def test_a_reference_or_list_that_cannot_be_used_is_refused(
    option: str, header: str, row: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "good.csv").write_bytes(table(GOOD))
    (tmp_path / "given.csv").write_bytes(table(row, header=header))
    check_refused(tmp_path, ("good.csv", option, "given.csv"), UNUSABLE, [rf"given\.csv:2: {said}"])


@pytest.mark.parametrize(("option", "header"), [("--references", REFERENCES), ("--history", LISTS)])
def test_a_reference_or_list_with_a_ragged_row_is_refused_in_clear_words(
    option: str, header: str, tmp_path: Path
) -> None:
    (tmp_path / "good.csv").write_bytes(table(GOOD))
    (tmp_path / "given.csv").write_bytes(table("2015-12-01,convicted", header=header))
    check_refused(
        tmp_path,
        ("good.csv", option, "given.csv"),
        UNUSABLE,
        [r"given\.csv:2: (UD202|UD309|UD310) .*2 cells.*"],
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("--format", "doc"),
        ("--detail", "rows"),
        ("--basis", "guessed"),
        ("--list-year", "x"),
        ("--slum",),
    ],
)
def test_a_wrong_word_on_the_command_line_is_wrong_usage(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "good.csv").write_bytes(table(GOOD))
    run = udsat(tmp_path, "score", "good.csv", *arguments)
    assert (run.status, run.out) == (UNUSABLE, "")
    assert arguments[0] in run.err
    assert "Traceback" not in run.err
