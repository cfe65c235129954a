"""Rows of one key: all of them are found and counted, also where one of them has another problem."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from udsat import api
from udsat.messages.problems import InvalidTable, Problem
from udsat.tables.readers import open as read

HEAD = "area,municipality,list_year,residents,non_western_pct,convicted,convicted_base"
GOOD = "Ravnehøj,Ringsted,2019,2000,50.5,10,1000"
OTHER = "Lavhøj,Ringsted,2019,2000,40.5,10,1000"
WRONG = {
    "a share above 100 percent": GOOD.replace("50.5", "150.5"),
    "more persons than their base": GOOD.replace("10,1000", "1001,1000"),
    "a word for a number": GOOD.replace("2000", "many"),
}
VIAS = ("small CSV", "large CSV", "Parquet", "pandas")


def problems(
    rows: list[str], via: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> list[Problem]:
    """Return what is wrong with rows, read in one of the ways that tables are read."""
    path = folder / "rows.csv"
    path.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    if via == "small CSV":
        return api.examine([str(path)], warnings=False)
    if via == "large CSV":
        monkeypatch.setattr(read, "LONG", 0)
        return api.examine([str(path)], warnings=False)
    frame = pd.read_csv(path)
    if via == "pandas":
        return api.examine(frame, warnings=False)
    frame.to_parquet(folder / "rows.parquet")
    return api.examine([str(folder / "rows.parquet")], warnings=False)


@pytest.mark.parametrize("via", VIAS)
@pytest.mark.parametrize("wrong", WRONG)
def test_a_row_with_a_wrong_cell_still_counts_when_keys_are_compared(
    wrong: str, via: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = problems([GOOD, OTHER, WRONG[wrong]], via, tmp_path, monkeypatch)
    repeated = [(problem.message, problem.line) for problem in found if problem.code == "UD201"]
    first = 1 if via in {"Parquet", "pandas"} else 2
    assert [line for _, line in repeated] == [first, first + 2]
    assert all("occurs 2 times" in message for message, _ in repeated)
    assert len(found) == 3


@pytest.mark.parametrize("via", VIAS)
def test_three_rows_of_one_key_are_counted_as_three_though_one_of_them_is_wrong(
    via: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = problems(
        [GOOD, WRONG["a share above 100 percent"], OTHER, GOOD], via, tmp_path, monkeypatch
    )
    messages = [problem.message for problem in found if problem.code == "UD201"]
    assert len(messages) == 3
    assert all("occurs 3 times" in message for message in messages)


def test_a_row_whose_name_or_date_cannot_be_read_has_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        GOOD,
        GOOD.replace("2019", "19"),
        GOOD.replace("Ravnehøj", "#N/A"),
        GOOD.replace("Ringsted", "#N/A"),
    ]
    assert "UD201" not in {
        problem.code for problem in problems(rows, "small CSV", tmp_path, monkeypatch)
    }


def test_two_measures_with_more_persons_than_their_bases_are_two_problems(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(
        "area,list_year,convicted,convicted_base,non_western,non_western_base\nA,2019,9,1,9,1\n",
        encoding="utf-8",
    )
    assert [problem.column for problem in api.examine([str(path)])] == ["convicted", "non_western"]


def test_a_key_that_a_wrong_row_of_another_file_repeats_is_found_and_no_such_row_is_scored(
    tmp_path: Path,
) -> None:
    for name, row in (("a", GOOD), ("b", WRONG["a share above 100 percent"]), ("c", OTHER)):
        (tmp_path / f"{name}.csv").write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    paths = [str(tmp_path / f"{name}.csv") for name in "abc"]
    with pytest.raises(InvalidTable) as raised:
        api.evaluate(paths)
    assert [(problem.code, Path(problem.file).name) for problem in raised.value.problems] == [
        ("UD102", "b.csv"),
        ("UD201", "a.csv"),
        ("UD201", "b.csv"),
    ]
    assert [row["area"] for row in api.evaluate(paths, skip_invalid=True).areas()] == ["Lavhøj"]
