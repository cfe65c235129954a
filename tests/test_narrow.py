"""Terminals of any width: no line is longer, no word is broken or lost."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

import udsat
from udsat.changes import history
from udsat.render import history as histories
from udsat.render import verdict_table
from udsat.render.responsive_table import Fitting

SAMPLE = Path(__file__).parents[1] / "data" / "samples" / "omraader.csv"
words = st.text(
    st.characters(categories=["L", "N"], include_characters="/-"), min_size=1, max_size=14
)
cells = st.lists(words, max_size=6).map(" ".join)


def printed(what: object, width: int) -> str:
    stream = io.StringIO()
    Console(
        file=stream, width=width, force_terminal=True, color_system=None, highlight=False
    ).print(what)
    return stream.getvalue()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 6).flatmap(
        lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=1, max_size=5)
    ),
    st.integers(30, 120),
)
def test_a_table_keeps_every_word_whole_and_within_the_width(
    rows: list[list[str]], width: int
) -> None:
    table = Fitting(box=SIMPLE_HEAD, padding=(0, 2, 0, 0))
    for n in range(len(rows[0])):
        table.add_column(f"head{n}")
    for row in rows:
        table.add_row(*map(Text, row))
    out = printed(table, width)
    assert max(map(cell_len, out.splitlines())) <= width
    for row in rows:
        for cell in row:
            for word in cell.split():
                assert word in out


@pytest.mark.parametrize("width", [36, 50, 60, 80, 100, 200])
def test_verdicts_keep_within_the_width_and_name_every_area(width: int) -> None:
    scored = udsat.evaluate([SAMPLE])
    console = Console(
        file=io.StringIO(), width=width, force_terminal=True, color_system=None, highlight=False
    )
    console.print(verdict_table.verdicts(scored.areas(), scored.verdicts.case, console))
    out = console.file.getvalue()  # type: ignore[attr-defined]
    assert max(map(cell_len, out.splitlines())) <= width
    assert "Gellerupparken/Toveshøj" in out and "not decided" in out


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_history_has_every_list_once_for_each_area_within_the_width(width: int) -> None:
    out = printed(histories.table(history(SAMPLE)), width)
    first = out.split("\n\n")[0].splitlines()
    assert max(map(cell_len, first)) <= width
    lists = [word for line in first if line.startswith("  list") for word in line.split()[1:]]
    assert lists == [str(year) for year in range(2014, 2024)]
