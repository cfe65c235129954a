"""A user's remark on a proxy is the user's: no output splits it, translates it or takes it for a note of the law."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from commandline import GOOD, HEADER, udsat
from udsat import engine
from udsat.messages import language
from udsat.messages.annotation import SEPARATOR, Annotation, escaped, joined
from udsat.messages.display import line
from udsat.messages.text import Text
from udsat.render.annotations import notes
from udsat.render.markdown import cell
from udsat.scoring.annotation_rules import AnnotationRule, RowValue, numbers_of
from udsat.tables.validate import cells

REPORTED = "counted by Statbank | table STRAF11; equals its threshold, practice (ages), assumed"
#: Notes of every kind that the tool writes itself: said by a user, they are words like others.
OF_THE_LAW = (
    "crime: practice (ages)", "education: practice (unknown_education), inferred (ages)", "residents: missing",
    "residents: assumed to be as many as the law asks", "residents: known only as 900 to 1100", "residents: practice (min_residents)",
    "residents: those of 2010 missing", "residents: 900 in 2010, 1000 needed", "convicted: proxy, counted by us",
    "crime: the value equals its threshold to the printed decimals", "crime: unknown, no limit is known for this list",
    "crime: unknown, the limit 2.03 is inferred and does not decide; against it it would be met",
    "income: unknown, no mean income of its region that may decide is known for this list",
    "crime: unknown, the threshold is within what the value or the limit may be",
    "crime: the counts of one year stand for the law's mean over years",
    "criteria: 2018 by choice; the law of this list is 2014, which defines convicted and basic_education otherwise",
    "years in a row: the name is near 'Vollsmose' on the published lists, not proven to be the same",
    "years in a row: published lists 2014-2018; own rows, if any, of 2019; practice (counting)", "missing", "semicolon", "none of it",
    "practice, the statute text counts residents in 2010",
)  # fmt: skip
HOSTILE = (
    REPORTED, "|", "||", "a|b", r"a \| b", "\\", "a | \\", ";", "x; y", ", practice", "a\nb", "a\r\nb | residents: missing", "[x](y)",
    "<b>&amp;", "*a* _b_ `c`", "{0} {text} %s", "proxy, proxy, x", "'=1+1", "a  |  b", "æøå | Ø", *OF_THE_LAW,
    *(f"{one} | {one}; {one}" for one in OF_THE_LAW),
)  # fmt: skip
PIECES = st.sampled_from(
    [*HOSTILE, "|", " | ", "; ", ", ", ": ", "\\", "\n", "proxy, ", "x", "(ages)"]
)
REMARKS = (
    st.lists(st.one_of(PIECES, st.text(max_size=4)), min_size=1, max_size=5)
    .map("".join)
    .map(str.strip)
    .filter(cells.words)
)
SETTINGS = settings(deadline=None, max_examples=60)


@given(st.lists(st.text(min_size=1) | PIECES.filter(bool), max_size=6))
@SETTINGS
def test_notes_come_apart_as_they_were_put_together(some: list[str]) -> None:
    assert split(joined(some)) == some


def split(text: str) -> list[str]:
    """Return the notes of a cell, each as it was before it stood among others, as the documents say."""
    return [note.replace(r"\|", "|") for note in text.split(SEPARATOR)] if text else []


def in_engine(name: str, texts: Sequence[str], made: nw.Expr) -> list[str]:
    """Return what an engine makes of texts in a column `x`."""
    frame = (
        pl.LazyFrame({"x": texts})
        if name == "polars"
        else engine.table(engine.connect(), {"x": texts}, {"x": "VARCHAR"})
    )
    found = nw.from_native(frame).select(made.alias("x")).collect("polars")
    return [str(one) for one in found["x"].to_list()]


@pytest.mark.parametrize("engine_name", ["duckdb", "polars"])
def test_an_engine_escapes_a_remark_as_a_single_text_is(engine_name: str) -> None:
    made = RowValue(nw.col("x"), is_text=True).as_note()
    assert in_engine(engine_name, HOSTILE, made) == [escaped(one) for one in HOSTILE]


@pytest.mark.parametrize("engine_name", ["duckdb", "polars"])
def test_a_remark_comes_out_of_an_engine_as_a_value_as_it_went_in(engine_name: str) -> None:
    texts = [*HOSTILE, "a\tb", r"a\tb", r"a\\tb", "\\\n", "1\t2\n3"]
    one = Annotation("proxy", ("convicted",), Text("proxy, {remark}"), "proxy")
    rule = AnnotationRule(nw.lit(True), (one,), {"remark": RowValue(nw.col("x"), is_text=True)})
    day = dt.date(2024, 12, 1)
    found = []
    for text in in_engine(engine_name, texts, rule.numbered(7)):
        ((number, cells),) = numbers_of(text)
        found.append((number, str(rule.read(day, cells)[0].text)))
    assert found == [(7, f"proxy, {text}") for text in texts]


def test_a_remark_without_a_bar_is_written_as_it_is() -> None:
    assert (
        escaped("decisions in one year (2015), not persons; of C:\\data")
        == "decisions in one year (2015), not persons; of C:\\data"
    )


@given(REMARKS)
@example(REPORTED)
@SETTINGS
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_a_remark_keeps_its_words_in_every_language(lang: str, remark: str) -> None:
    def said(words: str) -> str:
        one = Annotation("proxy", ("convicted",), Text("proxy, {remark}", remark=words), "proxy")
        return notes([one])[0]

    with language.spoken(lang):
        assert said(remark) == said("TOKEN").replace("TOKEN", line(remark))


OPEN = GOOD.replace("60.2,50.1", ",")  # without the values that would decide it


def written(folder: Path, remarks: Sequence[str], *arguments: str) -> list[str]:
    """Return what a command writes of areas, of which every other one is open, each with a remark of its own."""
    rows = [[f"Område {n:03}", *(GOOD, OPEN)[n % 2].split(",")[1:]] for n in range(len(remarks))]
    columns = {
        name: pa.array(cells)
        for name, cells in zip(HEADER.split(","), zip(*rows, strict=True), strict=True)
    }
    pyarrow.parquet.write_table(
        pa.table(columns | {"convicted_proxy": list(remarks)}), folder / "areas.parquet"
    )
    run = udsat(folder, *arguments)
    assert run.status == 0, run.err
    if "csv" in arguments:
        return [cell for row in run.csv() for cell in row.values()]
    if "json" in arguments:
        return list(leaves(run.json()["areas"]))
    text = (folder / "report.html").read_text("utf-8") if "report.html" in arguments else run.out
    return re.sub(
        r"\b[0-9a-f]{64}\b", "", text
    ).splitlines()  # the files differ, and so do their digests


def leaves(value: Any, key: str = "") -> Iterator[str]:
    """Yield every text of a document; the note of a criterion is several, as in a cell."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from leaves(part, name)
    elif isinstance(value, list):
        yield from (text for part in value for text in leaves(part))
    elif key == "note":
        yield from split(value)
    else:
        yield str(value)


OUTPUTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "table": ("score areas.parquet", line),
    "csv": ("score areas.parquet --format csv", escaped),
    "markdown": ("score areas.parquet --format markdown", cell),
    "json": ("score areas.parquet --format json", str),
    "long": ("score areas.parquet --format csv --detail criteria", escaped),
    "report": ("report areas.parquet -o report.html", lambda text: str(escape(line(text)))),
    "explain": ("explain areas.parquet 'Område 000'", line),
}
FOR_MACHINES = {"csv", "json", "long"}  # these have no Danish


@pytest.mark.parametrize(
    ("name", "lang"),
    [
        (name, lang)
        for name in OUTPUTS
        for lang in ("en", "da")
        if lang == "en" or name not in FOR_MACHINES
    ],
)
def test_a_remark_is_whole_in_every_output_and_changes_nothing_beside_it(
    name: str, lang: str, tmp_path: Path
) -> None:
    command, rendered = OUTPUTS[name]
    remarks = [REPORTED, f"{REPORTED} | {OF_THE_LAW[12]}", *HOSTILE[1:]]
    tokens = [f"TOKEN{n:03}" for n in range(len(remarks))]
    expected = "\0".join(written(tmp_path, tokens, *shlex.split(command), "--lang", lang))
    for token, remark in zip(tokens, remarks, strict=True):
        assert token in expected or name.startswith("explain")
        expected = expected.replace(token, rendered(remark))
    found = "\0".join(written(tmp_path, remarks, *shlex.split(command), "--lang", lang))
    assert found.replace("\n", "\0").replace("\r", "") == expected.replace("\n", "\0").replace(
        "\r", ""
    )
