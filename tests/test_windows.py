"""Which measures are means of years is asked of the definition: when a share is compared with the counts beside it, and what sections add up to."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from support import ROOT
from udsat import api
from udsat.messages.problems import InvalidTable
from udsat.tables.readers import open as read

VIAS = ("small CSV", "large CSV", "Parquet", "pandas")
MEAN, POINT = "years = [-2, -1]", "years = [-1]"


def definition(folder: Path, windows: dict[str, str]) -> str:
    """Return a copy of the law of 2021 in which some measures have other windows."""
    text = (
        (ROOT / "criteria" / "2021.toml")
        .read_text(encoding="utf-8")
        .replace('id = "2021"', 'id = "own"', 1)
    )
    for measure, years in windows.items():
        before, start, block = text.partition(f"[measures.{measure}]")
        old = next(line for line in block.splitlines() if line.startswith("years"))
        text = before + start + block.replace(old, years, 1)
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def refused(
    measure: str, windows: dict[str, str], via: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> set[str]:
    """Return the codes of problems with a share of 2.07 beside counts of 90 in 1,000, under a definition with these windows."""
    frame = pd.DataFrame(
        {
            "area": ["Engen"],
            "list_year": [2023],
            f"{measure}_pct": [2.07],
            measure: [90],
            f"{measure}_base": [1000],
        },
    )
    if via == "large CSV":
        monkeypatch.setattr(read, "LONG", 0)
    frame.to_csv(folder / "rows.csv", index=False)
    frame.to_parquet(folder / "rows.parquet")
    data = {"pandas": frame, "Parquet": [str(folder / "rows.parquet")]}.get(
        via, [str(folder / "rows.csv")]
    )
    problems = api.examine(data, criteria=definition(folder, windows), warnings=False)
    return {problem.code for problem in problems}


@pytest.mark.parametrize("via", VIAS)
@pytest.mark.parametrize("measure", ["convicted", "outside_labour_market"])
def test_a_share_of_one_year_is_compared_with_the_counts_beside_it(
    measure: str, via: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(measure, {measure: POINT}, via, tmp_path, monkeypatch) == {"UD109"}
    assert refused(measure, {}, via, tmp_path, monkeypatch) == set()


@pytest.mark.parametrize("via", VIAS)
@pytest.mark.parametrize("measure", ["basic_education", "non_western"])
def test_a_share_that_is_a_mean_of_years_is_not_compared_with_counts_of_one_year(
    measure: str, via: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(measure, {measure: MEAN}, via, tmp_path, monkeypatch) == set()
    assert refused(measure, {}, via, tmp_path, monkeypatch) == {"UD109"}


def test_under_a_window_of_one_year_a_share_that_its_counts_contradict_is_not_scored(
    tmp_path: Path,
) -> None:
    """The counts give 9 percent; the table was scored as 9 though it prints 2.07."""
    path = tmp_path / "rows.csv"
    path.write_text(
        "area,list_year,convicted_pct,convicted,convicted_base\nEngen,2023,2.07,90,1000\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidTable, match="UD109"):
        api.evaluate([str(path)], criteria=definition(tmp_path, {"convicted": POINT}))


SECTIONS = """area,estate,municipality,list_year,outside_labour_market_pct,non_western_pct,income_ratio_pct
Engen 1,Engen,Ringsted,2023,41.0,61.0,50.0
Engen 2,Engen,Ringsted,2023,45.0,65.0,52.0
"""


@pytest.mark.parametrize(
    ("windows", "known"),
    [
        ({}, {"labour_market": "unknown", "origin": "met", "income": "met"}),
        (
            {"outside_labour_market": POINT},
            {"labour_market": "met", "origin": "met", "income": "met"},
        ),
        ({"non_western": MEAN}, {"labour_market": "unknown", "origin": "unknown", "income": "met"}),
    ],
    ids=["the law", "one year for a mean", "means for points"],
)
def test_the_shares_of_sections_bound_that_of_their_area_only_where_the_definition_takes_no_mean(
    windows: dict[str, str], known: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(SECTIONS, encoding="utf-8")
    [row] = api.evaluate(
        [str(path)], criteria=definition(tmp_path, windows), group="estate"
    ).areas()
    assert {name: row[name] for name in known} == known
