"""What a person reads holds no sign that a terminal obeys or that turns a line, wherever it came from; data keep what they hold."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import unicodedata
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.text import Text

from commandline import COMMAND, GOOD, HEADER, environment, table, udsat
from sweep import hidden
from test_files import POSIX
from udsat.messages import display
from udsat.messages.problems import Problem
from udsat.render.console import console

ANY = st.text(st.characters(), max_size=40)
#: A name that would clear a screen, print a verdict of its own on a new line, and turn what follows.
EVIL = "Ra\x1b[2Jvn\u202ehøj\nBispehaven 2015 ● met\u2028\u009b31m\u2066\U000e0041\x07"
TOWN = "Vest\x1b]0;x\x07by\u200f"
SHOWN = "Ra\\x1b[2Jvn\\u202ehøj\\nBispehaven 2015 ● met\\u2028\\x9b31m\\u2066\\U000e0041\\x07"


@given(ANY)
@example(EVIL)
def test_every_medium_for_people_shows_what_is_hidden(text: str) -> None:
    assert not hidden(display.line(text)) and "\n" not in display.line(text)
    assert not hidden(display.lines(text)) and display.lines(text).count("\n") == text.count("\n")
    assert not hidden(display.markdown(text)) and "\n" not in display.markdown(text)
    assert not hidden(display.page(text).replace("\t", "").replace("\r", ""))
    display.encodable(text).encode("utf-8")


@given(ANY)
@example(EVIL)
def test_a_console_prints_its_styles_and_shows_the_rest(text: str) -> None:
    stream = io.StringIO()
    console(stream).print(Text(text, style="bold"))
    assert not hidden(stream.getvalue())


@given(st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=20))
def test_a_message_is_one_line_whatever_its_parts_hold(one: str, other: str) -> None:
    said = str(Problem("UD101", one, other, file=other, line=1, column=one))
    assert not hidden(said) and "\n" not in said


@pytest.mark.parametrize(
    "text",
    [
        "Sønderjyllands Allé",
        "e\u0301",
        "1\u00a0000",
        "bolig\u00adområde",
        "👨\u200d👩\u200d👧 Emojiby",
        "حي الأمل",
        "Ærø & Å",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert (
        display.line(text)
        == display.lines(text)
        == display.page(text)
        == display.encodable(text)
        == text
    )
    assert unicodedata.normalize("NFC", display.line("A\u030a")) == "Å"


def parquet(path: Path, *rows: tuple[object, ...]) -> None:
    """Write rows under the headings of the tests: text files with control characters are refused as binary."""
    columns = dict(zip(HEADER.split(","), map(list, zip(*rows, strict=True)), strict=True))
    pyarrow.parquet.write_table(pa.table(columns), path)


def hostile(folder: Path) -> Path:
    """Write two lists of an area under a hostile name, and of one beside it."""
    figures = (2000, 50.5, 3.1, 60.2, 50.1)
    rows = [
        (EVIL, TOWN, "2015-12-01", *figures, 60.0),
        ("Bispehaven", TOWN, "2015-12-01", *figures, 60.0),
    ]
    later = [
        (EVIL, TOWN, "2016-12-01", *figures, 40.0),
        ("Bispehaven", TOWN, "2016-12-01", *figures, 40.0),
    ]
    parquet(folder / "areas.parquet", *rows, *later)
    parquet(folder / "older.parquet", *rows)
    listed = '2015,ghetto,"Ravn\u202e\nBispehaven 2015 ● met",Ringsted'
    (folder / "list.csv").write_bytes(table(listed, header="list_year,category,area,municipality"))
    return folder


QUESTIONS = {
    "score": ("score", "areas.parquet"), "criteria": ("score", "areas.parquet", "--detail", "criteria"), "many": ("score", "areas.parquet", "--compare", EVIL),
    "explain": ("explain", "areas.parquet", EVIL, "--ways-off", "--ways-on"), "diff": ("diff", "older.parquet", "areas.parquet", "--from", "2015", "--to", "2016"),
    "history": ("history", "areas.parquet"), "watch": ("watch", "areas.parquet", "--within", "99"), "audit": ("audit", "areas.parquet", "--official", "list.csv"),
    "aim": ("watch", "areas.parquet", "--baseline", "2015", "--target", "2020"), "validate": ("validate", "areas.parquet"),
    "vary": ("score", "areas.parquet", "--vary", "labour_market.threshold=40..45:5"),
    "by law": ("criteria", "diff", "2014", "2018", "--data", "areas.parquet"),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "da"])
@pytest.mark.parametrize("format", ["table", "markdown"])
@pytest.mark.parametrize("words", QUESTIONS.values(), ids=QUESTIONS)
def test_a_hostile_name_is_shown_in_every_answer(
    words: tuple[str, ...], format: str, lang: str, tmp_path: Path
) -> None:
    if (
        format == "markdown"
        and words[0] in {"validate", "criteria"}
        or "--vary" in words
        and format == "markdown"
    ):
        pytest.skip("has no Markdown")
    run = udsat(hostile(tmp_path), *words, "--format", format, "--lang", lang)
    assert (run.status in {0, 1}, hidden(run.out), hidden(run.err)) == (True, "", ""), run.err[:500]
    assert not any(
        line.lstrip(" |").startswith("Bispehaven 2015 ● met") for line in run.out.splitlines()
    )


def test_a_page_shows_hostile_names(tmp_path: Path) -> None:
    for words in (("areas.parquet",), ("areas.parquet", "--area", EVIL)):
        run = udsat(hostile(tmp_path), "report", *words, "-o", "out.html")
        assert (run.status, hidden(run.err)) == (0, ""), run.err[:500]
        page = (tmp_path / "out.html").read_text("utf-8")
        assert (hidden(page.replace("\t", "")), "Ra\\x1b[2Jvn\\u202eh" in page) == ("", True)


def test_hostile_headings_files_and_options_are_shown_in_messages(tmp_path: Path) -> None:
    name = "a\x1b[31m\u202eb.csv"
    (tmp_path / name).write_bytes(
        table(
            GOOD.replace("50.5", "x\u202e\u009b") + ",1", header=f"{HEADER},Andel\u202e dømte\u2066"
        )
    )
    for words in (("score", name), ("validate", name), ("score", EVIL), ("score", "nothing.csv", "--criteria", EVIL), ("score", "--" + EVIL),
                  ("score", "nothing.csv", "--list-year", EVIL), (EVIL,), ("explain", EVIL), ("score", name, "--skip-invalid", "--sheet", EVIL)):  # fmt: skip
        for lang in ("en", "da"):
            run = udsat(tmp_path, *words, UDSAT_LANG=lang)
            assert (run.status in {1, 2}, hidden(run.out), hidden(run.err)) == (True, "", ""), (
                words,
                run.err,
            )


def test_data_keep_what_they_hold(tmp_path: Path) -> None:
    name = EVIL.replace("\n", " ")
    columns = {
        "area": [name],
        "municipality": ["Ringsted"],
        "list_year": [2015],
        "residents": [2000],
        "convicted_pct": [3.1],
        "own\u202e": ["x\x1b"],
    }
    pyarrow.parquet.write_table(pa.table(columns), tmp_path / "areas.parquet")
    for ending in ("csv", "json", "parquet", "xlsx"):
        assert udsat(tmp_path, "score", "areas.parquet", "-o", f"out.{ending}").status == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        assert next(csv.DictReader(stream))["area"] == name
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["areas"][0]["area"] == name
    assert pyarrow.parquet.read_table(tmp_path / "out.parquet")["area"].to_pylist() == [name]
    cell = openpyxl.load_workbook(tmp_path / "out.xlsx")["verdicts"]["A2"].value
    assert openpyxl.utils.escape.unescape(cell) == name


@POSIX
def test_csv_on_a_terminal_is_shown_and_in_a_pipe_is_data(tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [*COMMAND, "score", "areas.parquet", "--format", "csv"]
    done = subprocess.run(
        command,
        cwd=hostile(tmp_path),
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env=environment(),
        check=False,
        timeout=60,
    )
    os.close(theirs)
    parts = []
    try:
        while part := os.read(ours, 65536):
            parts.append(part)
    except OSError:
        pass
    printed = b"".join(parts).decode().replace("\r\n", "\n")
    assert (done.returncode, hidden(printed), SHOWN.replace("\\n", "\n") in printed) == (
        0,
        "",
        True,
    )
    assert EVIL in udsat(tmp_path, "score", "areas.parquet", "--format", "csv").out
