"""Every file of the corpus: what it is read as, or why it is not, as `corpus/expected.csv` says; docs in `corpus/make.py`."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

import sweep
from commandline import Run, udsat

CORPUS = Path(__file__).parent / "corpus"
FILES = CORPUS / "files"
with (CORPUS / "expected.csv").open(encoding="utf-8", newline="") as stream:
    CASES = list(csv.DictReader(stream))


def run(case: dict[str, str]) -> Run:
    """Score the file of a case."""
    options = shlex.split(case["options"])
    return udsat(FILES, "score", "--format", "json", *options, case["file"])


def found(run: Run) -> list[str]:
    """Return the problems of a run as the table writes them: `UD101@2:heading`."""
    return sorted(
        _problem(line) for line in run.problems if not line.startswith("UD634 ")
    )  # names alone prove nothing: not of the file


def _problem(line: str) -> str:
    match = re.match(r"(?:left out: )?(?P<place>.*?)\b(?P<code>UD\d{3}) ", line, re.DOTALL)
    assert match, line
    place = re.fullmatch(
        r".*?(?::(?P<line>\d+))?: (?:(?P<column>.*): )?", match["place"]
    ) or re.fullmatch("", "")
    groups = place.groupdict() if place else {}
    at = f"@{groups['line']}" if groups.get("line") else ""
    column = f":{groups['column']}" if groups.get("column") else ""
    return f"{match['code']}{at}{column}"


def expected_codes(case: dict[str, str]) -> list[str]:
    """Return the problems that a case must give."""
    return sorted(
        code.replace("\n", " ") for code in re.split(r" (?=UD\d{3})", case["codes"]) if code
    )


def value(areas: list[dict[str, Any]], area: str, key: str) -> str:
    """Return what an area of the JSON says under a key: of a criterion its value, of anything else itself."""
    record = next(one for one in areas if one["area"] == area)
    if key.startswith("input."):
        return str(record["input"][key.removeprefix("input.")])
    name, _, part = key.partition(".")
    if name in record["criteria"]:
        return str(record["criteria"][name].get(part or "value"))
    return str(record.get(name))


def differences(values: str, areas: list[dict[str, Any]]) -> list[str]:
    """Return each value that is not as a case says: `Bispehaven: crime=3.45 residents=2000 | Vollsmose: ...`."""
    wrong = []
    if count := re.match(r"rows=(\d+) ?", values):
        wrong += [f"{len(areas)} rows"] if len(areas) != int(count[1]) else []
        values = values[count.end() :]
    for one in filter(None, values.split(" | ")):
        area, _, pairs = one.rpartition(": ")
        for key, _, want in (pair.partition("=") for pair in pairs.split(" ")):
            got = value(areas, area, key)
            wrong += [f"{area}: {key} is {got}, not {want}"] if got != want else []
    return wrong


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case['file']} {case['options']}".strip() for case in CASES]
)
def test_a_file_of_the_corpus_is_read_or_refused_as_the_table_says(case: dict[str, str]) -> None:
    given = run(case)
    assert ("Traceback" in given.err, given.status in {0, 1, 2}, sweep.hidden(given.err)) == (
        False,
        True,
        "",
    )
    assert (given.status, found(given)) == (int(case["status"]), expected_codes(case)), given.err
    assert case["says"] in given.err
    if given.out == "":
        assert (case["values"], given.status != 0) == ("", True)
    else:
        assert differences(case["values"], given.json()["areas"]) == []


def test_the_table_of_the_corpus_names_every_file_and_says_what_is_odd() -> None:
    named = {case["file"] for case in CASES} | {
        word for case in CASES for word in case["options"].split()
    }
    folders = tuple(name for name in named if (FILES / name).is_dir())
    files = {str(path.relative_to(FILES)) for path in FILES.rglob("*") if path.is_file()}
    assert [name for name in sorted(files - named) if not name.startswith(folders)] == []
    assert [case["file"] for case in CASES if not case["odd"].strip()] == []


def test_a_file_is_read_the_same_through_standard_input() -> None:
    for name in (
        "dialects/semicolon.csv",
        "encodings/cp1252.csv",
        "packed/liste.csv.gz",
        "around/title_rows.csv",
    ):
        data = (FILES / name).read_bytes()
        piped = udsat(FILES, "score", "--format", "json", "-", stdin=data)
        assert (
            piped.json()["areas"] == udsat(FILES, "score", "--format", "json", name).json()["areas"]
        )
