"""The workbook in headless LibreOffice: it opens, every sheet has the values that were written, and no name is run as a formula."""

from __future__ import annotations

import csv
import datetime as dt
import math
import shutil
import subprocess
import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from commandline import table, udsat
from support import SAMPLES

pytestmark = pytest.mark.office
SHEETS = ("verdicts", "criteria", "changes", "unknowns", "columns", "provenance")
#: As a CSV file has them, with what they mean where that is not the same.
MEANT = {'="=Nord"': "=Nord", '="=1+1"': "=1+1"}
NAMES = (*MEANT, "-Nord", "@Nord", "+Nord", "'Nord", "Nord =1+1", 'Nørre\tby, "øst"')
#: Comma, quotation marks, UTF-8, values as they are and not as they are shown, every sheet into a file of its own.
FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


def opened(path: Path) -> dict[str, list[list[str]]]:
    """Return the cells of each sheet as LibreOffice understands them."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("there is no LibreOffice here: apt-get install libreoffice-calc-nogui")
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [
        office,
        "--headless",
        profile,
        "--convert-to",
        FILTER,
        "--outdir",
        str(path.parent),
        str(path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=180)
    assert "Error" not in done.stdout + done.stderr and "repair" not in done.stderr
    found = {}
    for sheet in SHEETS:
        file = path.with_name(f"{path.stem}-{sheet}.csv")
        if file.exists():
            with file.open(encoding="utf-8", newline="") as stream:
                found[sheet] = list(csv.reader(stream))
    return found


def written(path: Path) -> dict[str, list[list[Any]]]:
    """Return the cells of each sheet as they are in the file; a workbook that is out of the ordinary warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = openpyxl.load_workbook(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def same(cell: Any, text: str) -> bool:
    if cell is None:
        return text == ""
    if isinstance(cell, bool):
        return text.lower() == str(cell).lower()
    if isinstance(cell, (int, float)):
        return math.isclose(float(text), cell, rel_tol=1e-14)
    if isinstance(cell, dt.datetime):
        return text == f"{cell:%Y-%m-%d}"
    return text == cell


@pytest.mark.parametrize("name", ["sample", "names"])
def test_every_sheet_has_the_values_that_were_written(tmp_path: Path, name: str) -> None:
    if name == "sample":
        source = str(SAMPLES / "omraader.csv")
    else:
        rows = [
            f'"{one.replace(chr(34), chr(34) * 2)}",Ringsted,{year}-12-01,2000,45.5,3.1,,50.1,60,=1+1'
            for one in NAMES
            for year in (2018, 2019)
        ]
        header = "area,municipality,list_date,residents,outside_labour_market_pct,convicted_pct,basic_education_pct,income_ratio_pct,non_western_pct,=remark"
        (tmp_path / "names.csv").write_bytes(table(*rows, header=header))
        source = "names.csv"
    assert udsat(tmp_path, "score", source, "-o", "out.xlsx").status == 0
    meant, found = written(tmp_path / "out.xlsx"), opened(tmp_path / "out.xlsx")
    assert tuple(meant) == tuple(found) == SHEETS
    for sheet, rows in meant.items():
        assert len(rows) == len(found[sheet]), sheet
        for cells, texts in zip(rows, found[sheet], strict=True):
            assert [
                (cell, text)
                for cell, text in zip(cells, texts, strict=True)
                if not same(cell, text)
            ] == [], sheet
    if name == "names":
        assert {row[0] for row in found["verdicts"][1:]} == {MEANT.get(one, one) for one in NAMES}
        assert {row[-1] for row in found["verdicts"]} == {"=remark", "=1+1"}
