"""What cannot be a figure in the unit of its column stops the run, what is merely odd is a warning, and both are the same in every reader."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from commandline import udsat
from udsat import api
from udsat.messages.problems import InvalidTable, Problem, TableError
from udsat.tables.readers import open as read
from udsat.tables.readers import options

HEADINGS = (
    "area", "list_year", "Andel uden tilknytning til arbejdsmarkedet (pct.)", "Andel dømte (pct.)",
    "Andel med alene grundskoleuddannelse (pct.)", "Gennemsnitlig bruttoindkomst i pct. af regionens",
    "Andel indvandrere og efterkommere fra ikke-vestlige lande (pct.)", "Antal dømte", "Antal 18-årige og derover",
    "Gennemsnitlig bruttoindkomst",
)  # fmt: skip
WORK, CONVICTED, SCHOOL, RATIO, ORIGIN, *_, KRONER = HEADINGS[2:]
USUAL = ("B", "2019", "42.5", "2.1", "61.5", "55.5", "71.5", "", "", "165000")
VIAS = ("small CSV", "large CSV", "Parquet", "pandas")


def row(area: str = "A", **cells: str) -> tuple[str, ...]:
    """Return a row like the usual one, with other cells under some short names."""
    names = (
        "area",
        "year",
        "work",
        "convicted",
        "school",
        "ratio",
        "origin",
        "persons",
        "base",
        "kroner",
    )
    return tuple({**dict(zip(names, USUAL, strict=True)), "area": area, **cells}.values())


#: Rows, and the codes and headings of what is found in them.
CASES: dict[str, tuple[tuple[tuple[str, ...], ...], set[tuple[str, str]]]] = {
    "convicted below one percent in ordinary areas": (
        (
            row(work="12.5", convicted="0.4", school="21.5", ratio="91", origin="8.5"),
            row("B", convicted="0.3", origin="5.5"),
        ),
        set(),
    ),
    "five columns of fractions": (
        tuple(
            row(area, work="0.415", convicted="0.02", school="0.62", ratio="0.55", origin="0.7")
            for area in "AB"
        ),
        {("UD322", heading) for heading in (WORK, CONVICTED, SCHOOL, RATIO, ORIGIN)},
    ),
    "two columns of fractions": (
        tuple(row(area, work="0.415", school="0.62") for area in "AB"),
        {("UD322", WORK), ("UD322", SCHOOL)},
    ),
    "convicted as fractions that counts contradict": (
        (row(convicted="0.021", persons="21", base="1000"), row("B", convicted="0.03")),
        {("UD322", CONVICTED)},
    ),
    "percent of the region's under kroner": (
        (row(kroner="55.5", ratio=""), row("B", kroner="61.2", ratio="")),
        {("UD323", KRONER)},
    ),
    "convicted per 1,000 under percent": (
        (row(convicted="31.2"), row("B", convicted="28.1")),
        {("UD323", CONVICTED)},
    ),
    "a fraction that the other shares of its row contradict": (
        (row(work="0.415"), USUAL),
        {("UD116", WORK)},
    ),
    "a row of fractions": (
        (row(work="0.415", convicted="0.021", school="0.62", ratio="0.55", origin="0.7"), USUAL),
        {("UD116", heading) for heading in (WORK, SCHOOL, RATIO, ORIGIN)},
    ),
    "a small share in an ordinary area": (
        (row(work="12.5", school="21.5", ratio="91", origin="0.8"), USUAL),
        {("UD117", ORIGIN)},
    ),
    "36 percent convicted": ((row(convicted="36"), USUAL), {("UD117", CONVICTED)}),
    "36 percent convicted beside 36 of 1,000": (
        (row(convicted="36", persons="36", base="1000"), USUAL),
        {("UD116", CONVICTED)},
    ),
    "a mean of two years near the counts of one": (
        (row(convicted="2.1", persons="9", base="1000"), USUAL),
        set(),
    ),
    "55 kroner": ((row(kroner="55", ratio=""), USUAL), {("UD117", KRONER)}),
    "55 kroner beside 55 percent of the region's": ((row(kroner="55"), USUAL), {("UD116", KRONER)}),
    "one column of fractions in ordinary areas": (
        tuple(row(area, work="12.5", school="21.5", ratio="91", origin="0.8") for area in "AB"),
        {("UD117", ORIGIN)},
    ),
}


def given(
    rows: tuple[tuple[str, ...], ...], via: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> object:
    """Return rows as one of the ways that tables come in."""
    path = folder / "rows.csv"
    path.write_text("\n".join(map(",".join, [HEADINGS, *rows, ()])), encoding="utf-8")
    if via == "large CSV":
        monkeypatch.setattr(read, "LONG", 0)
    if via in {"small CSV", "large CSV"}:
        return [str(path)]
    frame = pd.read_csv(path)
    frame.to_parquet(folder / "rows.parquet")
    return frame if via == "pandas" else [str(folder / "rows.parquet")]


def units(problems: list[Problem]) -> set[tuple[str, str]]:
    """Return the codes and headings of the problems that are about units."""
    return {
        (one.code, one.column)
        for one in problems
        if one.code in {"UD112", "UD116", "UD117", "UD322", "UD323"}
    }


@pytest.mark.parametrize("case", CASES)
def test_figures_of_another_unit_are_found_alike_by_every_reader(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, expected = CASES[case]
    found = {via: units(api.examine(given(rows, via, tmp_path, monkeypatch))) for via in VIAS}
    assert found == dict.fromkeys(VIAS, expected)


@pytest.mark.parametrize("case", CASES)
def test_errors_of_units_stop_a_run_and_warnings_do_not(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, expected = CASES[case]
    data = given(rows, "small CSV", tmp_path, monkeypatch)
    codes = {code for code, _ in expected}
    if codes - {"UD117"}:
        with pytest.raises((TableError, InvalidTable)) as raised:
            api.evaluate(data)
        assert {(one.code, one.column) for one in raised.value.problems} == expected
    else:
        assert len(api.evaluate(data).areas()) == 2
        assert ("UD117" in udsat(tmp_path, "score", "rows.csv").err) is bool(codes)


@pytest.mark.parametrize("case", [name for name, (_, found) in CASES.items() if found])
def test_the_line_that_a_message_names_confirms_the_unit_and_turns_the_check_off(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, expected = CASES[case]
    data = given(rows, "small CSV", tmp_path, monkeypatch)
    hints = [one.hint for one in api.examine(data) if (one.code, one.column) in expected]
    lines = {hint.partition("write ")[2].partition(" under [columns]")[0] for hint in hints}
    (tmp_path / "own.toml").write_text(
        "\n".join(["[columns]", *sorted(lines), ""]), encoding="utf-8"
    )
    assert len(lines) == len(expected)
    assert units(api.examine(data, how=options.of(columns=str(tmp_path / "own.toml")))) == set()
    assert udsat(tmp_path, "score", "rows.csv", "--columns", "own.toml").status == 0


def test_a_row_with_an_error_of_units_is_left_out_and_still_counts_as_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (row(work="0.415"), USUAL, row("C", work="0.415"), row("C"))
    data = given(rows, "small CSV", tmp_path, monkeypatch)
    found = [(one.code, one.line) for one in api.examine(data, warnings=False)]
    assert found == [("UD116", 2), ("UD116", 4), ("UD201", 4), ("UD201", 5)]
    assert [one["area"] for one in api.evaluate(data, skip_invalid=True).areas()] == ["B"]


def test_a_share_of_convicted_without_a_unit_is_unclear_only_where_no_other_share_is_in_percent(
    tmp_path: Path,
) -> None:
    head = "area,list_year,Andel dømte"
    (tmp_path / "alone.csv").write_text(f"{head}\nA,2019,0.4\nB,2019,0.7\n", encoding="utf-8")
    (tmp_path / "beside.csv").write_text(
        f"{head},non_western_pct\nA,2019,0.4,12.5\nB,2019,0.7,8.5\n", encoding="utf-8"
    )
    assert {one.code for one in api.examine([str(tmp_path / "alone.csv")])} == {"UD112"}
    assert {one.code for one in api.examine([str(tmp_path / "beside.csv")])} == set()


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ('"Andel" = { column = "convicted_pct", unit = "percent" }', ""),
        ('"Andel" = { column = "convicted_per_1000", unit = "per_1000" }', ""),
        ('"Andel" = { column = "convicted_per_10000", unit = "per_10000" }', ""),
        ('"Andel" = { column = "gross_income", unit = "dkk" }', ""),
        ('"Andel" = { column = "income_ratio_pct", unit = "percent" }', ""),
        (
            '"Andel" = { column = "convicted_pct", unit = "per_1000" }',
            "is not in the unit 'per_1000'",
        ),
        ('"Andel" = { column = "gross_income", unit = "percent" }', "is not in the unit 'percent'"),
        ('"Andel" = { column = "residents", unit = "percent" }', "is not in the unit 'percent'"),
        ('"Andel" = { column = "convicted_pct" }', "other keys than column and unit"),
        ('"Andel" = { column = "convicted_pct", unit = 1 }', "other keys than column and unit"),
        ('"Andel" = { column = "convict", unit = "percent" }', "there is no column 'convict'"),
        ('"Andel" = ["convicted_pct"]', "there is no column"),
    ],
)
def test_a_unit_that_contradicts_its_column_is_an_error(
    said: str, wrong: str, tmp_path: Path
) -> None:
    (tmp_path / "own.toml").write_text(f"[columns]\n{said}\n", encoding="utf-8")
    (tmp_path / "rows.csv").write_text(
        "area,list_year,Andel,non_western_pct\nA,2019,0.4,51.5\n", encoding="utf-8"
    )
    run = udsat(tmp_path, "score", "rows.csv", "--columns", "own.toml")
    assert run.status == (2 if wrong else 0), run.err
    assert wrong in run.err


def test_a_definition_says_which_measure_may_be_small(tmp_path: Path) -> None:
    """Under a definition with a line of one percent, a share of non-western residents below one percent is usual."""
    (tmp_path / "rows.csv").write_text(
        "area,list_year,non_western_pct,basic_education_pct\nA,2019,0.4,21.5\nB,2019,9,20\n",
        encoding="utf-8",
    )
    path = [str(tmp_path / "rows.csv")]
    udsat(tmp_path, "criteria", "new", "--from", "2018", "own.toml")
    own = tmp_path / "own.toml"
    before, start, rest = own.read_text(encoding="utf-8").partition("[criteria.origin]")
    own.write_text(
        before + start + rest.replace("threshold = 50", "threshold = 1", 1), encoding="utf-8"
    )
    assert units(api.examine(path)) == {("UD117", "non_western_pct")}
    assert units(api.examine(path, criteria=str(own))) == set()
