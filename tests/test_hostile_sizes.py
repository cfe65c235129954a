"""Files of hostile sizes: a clear answer, in bounded time and memory. Bounds are in the names of the tests or beside them."""

from __future__ import annotations

import gzip
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet
import pytest

from breadth import BREADTH
from commandline import COMMAND, environment

sys.path.insert(0, str(Path(__file__).parent / "corpus"))
from book import book, packed, sheet

HEADER = "area;list_year;convicted_pct"
MIB = 2**20


_MEASURED = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[2:])
open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)
"""


class Cost(NamedTuple):
    """What a run gave and took."""

    status: int
    out: str
    err: str
    seconds: float
    mib: int


def score(folder: Path, *arguments: str) -> Cost:
    """Score a file in a process of its own, and measure its memory."""
    if sys.platform == "win32":
        pytest.skip("the memory of a process is measured as POSIX systems do")
    out, err = folder / "stdout", folder / "stderr"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        start = time.monotonic()
        command = [*COMMAND, "score", "--format", "csv", *arguments]
        # A small process starts the command: the peak of a child counts what it shared with its parent at first.
        started = [sys.executable, "-c", _MEASURED, str(folder / "peak"), *map(str, command)]
        status = subprocess.call(
            started, cwd=folder, stdout=stdout, stderr=stderr, env=environment()
        )
        seconds = time.monotonic() - start
    factor = 1 if sys.platform == "darwin" else 1024
    peak = int((folder / "peak").read_text("utf-8")) * factor // MIB
    return Cost(status, out.read_text("utf-8"), err.read_text("utf-8"), seconds, peak)


def refused(cost: Cost, status: int, code: str, mib: int, seconds: int = 60) -> None:
    """Check that a run said why it refused a file, and what it took."""
    assert (cost.status, code in cost.err, "Traceback" in cost.err, cost.out) == (
        status,
        True,
        False,
        "",
    ), cost.err[:2000]
    assert max(map(len, cost.err.splitlines())) < 3_000
    assert (cost.mib < mib, cost.seconds < seconds) == (True, True), cost


CELLS = {
    "digits": "9" * 2 * MIB,
    "digits and commas": "1," * MIB,
    "digits and points": "1.234" * (2 * MIB // 5),
    "spaces": "1" + " " * 2 * MIB + "1",
    "spaces and commas": "1" + " , " * (2 * MIB // 3),
    "dashes": "3-" * MIB,
    "letters": "x" * 2 * MIB,
}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_cell_of_two_megabytes_that_is_no_number_is_named_in_a_short_line_and_400_mib(
    cell: str, tmp_path: Path
) -> None:
    (tmp_path / "big.csv").write_text(
        f"{HEADER}\nBispehaven;2019;{cell}\nVollsmose;2019;1,5\n", "utf-8"
    )
    refused(score(tmp_path, "big.csv"), 1, "big.csv:2: convicted_pct: UD101", mib=400)


def test_a_name_of_two_megabytes_is_handed_on_in_500_mib(tmp_path: Path) -> None:
    (tmp_path / "big.csv").write_text(f"{HEADER}\n{'Bispehaven ' * 190_000};2019;1,5\n", "utf-8")
    cost = score(tmp_path, "big.csv")
    assert (cost.status, cost.out.count("Bispehaven") >= 190_000) == (0, True), cost.err[:500]
    assert (cost.mib < 500, cost.seconds < 60) == (True, True), cost[3:]


def test_a_heading_of_two_megabytes_makes_no_long_message(tmp_path: Path) -> None:
    (tmp_path / "big.csv").write_text(
        f"{HEADER};{'Andel dømte ' * 170_000}\nBispehaven;2019;1,5;2\n", "utf-8"
    )
    cost = score(tmp_path, "big.csv")
    assert (cost.status, max(map(len, cost.err.splitlines())) < 3_000, cost.mib < 500) == (
        0,
        True,
        True,
    ), cost.err[:500]


def wide(columns: int) -> tuple[list[str], list[object]]:
    """Return headings and a row with so many columns more than needed."""
    return [*HEADER.split(";"), *(f"x{n}" for n in range(columns))], [
        "Bispehaven",
        2019,
        1.5,
        *range(columns),
    ]


@pytest.mark.long
def test_ten_thousand_columns_are_refused_in_400_mib_whatever_they_come_in(tmp_path: Path) -> None:
    headings, row = wide(10_000)
    (tmp_path / "wide.csv").write_text(
        "\n".join(";".join(map(str, line)) for line in (headings, row)), "utf-8"
    )
    (tmp_path / "wide.xlsx").write_bytes(book({"Ark1": sheet([headings, row])}))
    pyarrow.parquet.write_table(
        pa.table(dict(zip(headings, ([value] for value in row), strict=True))),
        tmp_path / "wide.parquet",
    )
    for name in ("wide.csv", "wide.xlsx", "wide.parquet"):
        refused(score(tmp_path, name), 2, f"{name}:1: UD319", mib=400)


@pytest.mark.long
def test_five_hundred_columns_are_handed_through(tmp_path: Path) -> None:
    headings, row = wide(500)
    (tmp_path / "wide.csv").write_text(
        "\n".join(";".join(map(str, line)) for line in (headings, row)), "utf-8"
    )
    cost = score(tmp_path, "wide.csv")
    assert (
        cost.status,
        cost.out.splitlines()[0].endswith("x499"),
        cost.seconds < 60,
        cost.mib < 500,
    ) == (0, True, True, True), cost[2:]


def zeros(mib: int) -> Iterable[bytes]:
    """Yield so many mebibytes of nothing."""
    return (b" " * MIB for _ in range(mib))


@pytest.mark.long
def test_a_zip_bomb_as_a_workbook_is_refused_in_400_mib(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as stream:
            for chunk in zeros(700):
                stream.write(chunk)
    assert (tmp_path / "bomb.xlsx").stat().st_size < MIB
    refused(score(tmp_path, "bomb.xlsx"), 2, "bomb.xlsx: UD315", mib=400)


@pytest.mark.long
def test_a_gzip_bomb_is_refused_in_800_mib(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "bomb.csv.gz", "wb") as stream:
        for chunk in zeros(1500):
            stream.write(chunk)
    refused(score(tmp_path, "bomb.csv.gz"), 2, "bomb.csv.gz: UD315", mib=800)


def test_a_workbook_whose_cells_lie_far_apart_is_refused_before_room_is_made_for_them(
    tmp_path: Path,
) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    corners = sheet([HEADER.split(";"), ["Bispehaven", 2019, 1.5]]).replace("</sheetData>", far)
    (tmp_path / "far.xlsx").write_bytes(book({"Ark1": corners}))
    refused(score(tmp_path, "far.xlsx"), 2, "far.xlsx: UD315", mib=400)


def test_entities_that_unfold_to_gigabytes_are_refused_in_400_mib(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    text = sheet([HEADER.split(";"), ["Bispehaven", 2019, 1.5]])
    text = text.replace(
        "<worksheet", f'<!DOCTYPE x [<!ENTITY e0 "0123456789">{entities}]><worksheet'
    ).replace("Bispehaven", "&e11;")
    (tmp_path / "laughs.xlsx").write_bytes(book({"Ark1": text}))
    refused(score(tmp_path, "laughs.xlsx"), 2, "laughs.xlsx: UD303", mib=400)


def test_a_hundred_thousand_sheets_or_parts_do_not_hang(tmp_path: Path) -> None:
    (tmp_path / "parts.xlsx").write_bytes(
        packed({f"xl/worksheets/sheet{n}.xml": b"<worksheet/>" for n in range(20_000)})
    )
    refused(score(tmp_path, "parts.xlsx"), 2, "parts.xlsx: UD303", mib=500)


def million_rows(path: Path, rows: int) -> None:
    """Write a sheet of a million rows in a stream."""
    empty = book({"Ark1": sheet([])})
    path.write_bytes(empty)
    with zipfile.ZipFile(path) as archive:
        parts = {
            entry.filename: archive.read(entry)
            for entry in archive.infolist()
            if "worksheets" not in entry.filename
        }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream:
            start, _, end = sheet([HEADER.split(";")]).partition("</sheetData>")
            stream.write(start.encode())
            for row in range(2, rows + 2):
                cells = f'<c r="A{row}" t="inlineStr"><is><t>Område {row}</t></is></c><c r="B{row}"><v>2019</v></c><c r="C{row}"><v>{row % 97 / 10}</v></c>'
                stream.write(f'<row r="{row}">{cells}</row>'.encode())
            stream.write(f"</sheetData>{end}".encode())


@pytest.mark.long
def test_a_workbook_of_a_million_rows_is_scored_in_2_gib(tmp_path: Path) -> None:
    rows = int(1_000_000 * BREADTH)
    million_rows(tmp_path / "million.xlsx", rows)
    cost = score(tmp_path, "million.xlsx", "-o", "out.csv")
    assert cost.status == 0, cost.err[:2000]
    with (tmp_path / "out.csv").open("rb") as stream:
        assert sum(1 for _ in stream) == rows + 1
    assert cost.mib < 2048, cost[3:]
