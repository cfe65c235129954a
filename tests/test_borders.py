"""The border table: what kind of change it tells of, and what it refuses."""

from __future__ import annotations

import datetime as dt

import pytest

from udsat.evidence.borders import borders
from udsat.law.loader import shipped
from udsat.messages.problems import TableError

HEAD = "list_date,municipality,before,after\n"
EVER = dt.date.min, dt.date.max


def known(folder, *rows: str):
    path = folder / "borders.csv"
    path.write_text(HEAD + "".join(f"2030-12-01,Lemvig,{one}\n" for one in rows), encoding="utf-8")
    return [
        change
        for change in borders([str(path)], shipped()).between(*EVER)
        if change.municipality == "Lemvig"
    ]


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (["A,B"], "rename"),
        (["A,A"], "redrawn"),
        (["A,A mv."], "redrawn"),
        (["A,B", "A,C"], "split"),
        (["A,A", "A,C"], "split"),
        (["A,C", "B,C"], "merger"),
        (["A,C", "A,D", "B,D"], "regrouped"),
    ],
)
def test_links_that_hang_together_are_one_change(tmp_path, rows, kind) -> None:
    assert [change.kind for change in known(tmp_path, *rows)] == [kind]


def test_links_that_do_not_hang_together_are_several_changes(tmp_path) -> None:
    assert [change.kind for change in known(tmp_path, "A,B", "C,D")] == ["rename", "rename"]


@pytest.mark.parametrize(
    "rows", [["A,B", "B,A"], ["A,B", "B,C", "C,A"], ["A,B", "A,C", "C,A"]], ids=str
)
def test_links_in_a_circle_are_refused(tmp_path, rows) -> None:
    with pytest.raises(TableError, match="UD621"):
        known(tmp_path, *rows)


def test_a_merger_that_is_undone_on_a_later_list_is_no_circle(tmp_path) -> None:
    path = tmp_path / "borders.csv"
    path.write_text(HEAD + "2030-12-01,Skive,A,B\n2032-12-01,Skive,B,A\n", encoding="utf-8")
    assert (
        len(
            [
                change
                for change in borders([str(path)], shipped()).between(*EVER)
                if change.municipality == "Skive"
            ]
        )
        == 2
    )


@pytest.mark.parametrize(
    "text",
    [
        "list_date,before,after\n2019-12-01,A,B\n",
        f"{HEAD}2019-12-01,Skive,A,\n",
        f"{HEAD}soon,Skive,A,B\n",
        f"{HEAD}2019-12-01,Skive,A,B\n2019-12-01,Skive,A,B\n",
    ],
)
def test_a_border_table_that_is_not_usable_is_refused(tmp_path, text) -> None:
    path = tmp_path / "borders.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match="UD620"):
        borders([str(path)], shipped())


def test_the_known_changes_of_borders_ship_with_their_sources() -> None:
    known = {
        (change.date.year, change.before[0], change.kind)
        for change in borders([], shipped()).between(*EVER)
    }
    assert known == {
        (2018, "Vollsmose", "split"),
        (2018, "Helsingør Syd", "split"),
        (2019, "Stengårdsvej", "split"),
    }
    assert all(link.source.startswith("https://") for link in borders([], shipped()).links)
