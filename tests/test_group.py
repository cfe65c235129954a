"""Sections scored together as their area: persons are added up, unknown parts never vanish, and nothing is averaged."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from breadth import dear, examples
from commandline import contents, udsat
from support import ROOT, SAMPLES
from udsat.api import Scored, evaluate
from udsat.messages.problems import UsageError

SECTIONS = SAMPLES / "slagelse_sections.csv"
HEADER = (
    "area,block,municipality,region,list_year,residents,outside_labour_market,outside_labour_market_base,"
    "convicted_pct,basic_education,basic_education_base,basic_education_pct,income_ratio_pct,non_western,non_western_base"
)
WHOLE = [
    "A,North,Ringsted,Sjælland,2017,600,250,500,3.0,120,200,,50,400,600",
    "B,North,Ringsted,Sjælland,2017,500,150,500,2.0,130,250,,56,150,500",
]


def grouped(folder: Path, rows: list[str], **options: Any) -> list[dict[str, Any]]:
    path = folder / "sections.csv"
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    scored = evaluate([path], group="block", decimal="point", **options)
    return scored.areas()


def test_persons_are_added_up_and_percentages_are_not_averaged(tmp_path: Path) -> None:
    (row,) = grouped(tmp_path, WHOLE)
    assert (row["area"], row["residents"], row["labour_market_value"]) == ("North", 1100, 40.0)
    assert row["labour_market"] == "not_met"
    assert row["education_value"] == 55.555555555
    assert row["origin"] == "not_met" and row["origin_value"] == 50.0
    assert row["sections"] == 2


@pytest.mark.parametrize(
    ("column", "gone"),
    [
        ("residents", "residents"),
        ("outside_labour_market", "labour_market_value"),
        ("basic_education", "education_value"),
        ("non_western_base", "origin_value"),
    ],
)
def test_a_missing_part_makes_the_sum_missing_and_never_smaller(
    tmp_path: Path, column: str, gone: str
) -> None:
    cells = WHOLE[1].split(",")
    cells[HEADER.split(",").index(column)] = ""
    (row,) = grouped(tmp_path, [WHOLE[0], ",".join(cells)])
    assert row[gone] is None


def test_bounded_parts_make_a_bounded_sum(tmp_path: Path) -> None:
    (row,) = grouped(tmp_path, [WHOLE[0], WHOLE[1].replace("500,150,500", "500,<5,500")])
    assert row["labour_market_low"] == 25.0 and row["labour_market_high"] == 25.4
    assert row["labour_market"] == "not_met"


def test_shares_of_one_point_in_time_enclose_the_share_of_the_group(tmp_path: Path) -> None:
    rows = [
        row.replace(end, change)
        for row, end, change in zip(
            WHOLE, ("120,200,", "130,250,"), (",,60.0", ",,52.0"), strict=True
        )
    ]
    (row,) = grouped(tmp_path, rows)
    assert (row["education_value"], row["education_low"], row["education_high"]) == (
        None,
        52.0,
        60.0,
    )
    assert row["education"] == "met"  # both exceed the line, so their area does
    assert (row["income_low"], row["income_high"], row["income"]) == (50.0, 56.0, "unknown")


def test_means_over_years_given_as_shares_are_unknown_for_a_group(tmp_path: Path) -> None:
    """Two sections may each have a mean of 50 and their area one of 0: their weights may differ between the years."""
    (row,) = grouped(tmp_path, WHOLE)
    assert (row["crime"], row["crime_value"], row.get("crime_low")) == ("unknown", None, None)


def test_a_group_of_one_row_keeps_what_the_row_has(tmp_path: Path) -> None:
    (row,) = grouped(tmp_path, WHOLE[:1])
    assert (row["crime"], row["crime_value"], row["income_value"]) == ("met", 3.0, 50.0)


def test_an_income_ratio_has_no_span_across_regions(tmp_path: Path) -> None:
    (row,) = grouped(tmp_path, [WHOLE[0], WHOLE[1].replace("Sjælland", "Hovedstaden")])
    assert (row["income"], row.get("income_low"), row["region"]) == ("unknown", None, None)


@pytest.mark.parametrize(
    ("gone", "span"), [(("region",), (50.0, 56.0)), (("region", "municipality"), (None, None))]
)
def test_without_regions_one_municipality_is_one_region(
    tmp_path: Path, gone: tuple[str, ...], span: tuple[float | None, float | None]
) -> None:
    kept = [n for n, name in enumerate(HEADER.split(",")) if name not in gone]
    lines = [",".join(line.split(",")[n] for n in kept) for line in (HEADER, *WHOLE)]
    (tmp_path / "sections.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    (row,) = evaluate([tmp_path / "sections.csv"], group="block", decimal="point").areas()
    assert (row.get("income_low"), row.get("income_high")) == span


def test_one_name_in_two_municipalities_is_two_areas(tmp_path: Path) -> None:
    rows = grouped(tmp_path, [WHOLE[0], WHOLE[1].replace("Ringsted", "Struer")])
    assert [(row["area"], row["municipality"], row["residents"]) for row in rows] == [
        ("North", "Ringsted", 600),
        ("North", "Struer", 500),
    ]


@dear
@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(1, 900), st.integers(1, 2000)),
        min_size=1,
        max_size=6,
    )
)
@settings(
    max_examples=examples(3, 35),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
def test_a_group_has_the_exact_share_of_its_sums(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[int, int, int]]
) -> None:
    rows = [
        f"S{n},North,V,R,2017,{people},{min(top, base)},{base},,,,,,,"
        for n, (top, base, people) in enumerate(parts)
    ]
    path = tmp_path_factory.mktemp("group") / "sections.csv"
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    scored = evaluate([path], group="block", decimal="point")
    (row,) = [row for row in scored.criteria() if row["criterion"] == "labour_market"]
    tops, bases = sum(min(top, base) for top, base, _ in parts), sum(base for _, base, _ in parts)
    assert Fraction(int(row["numerator"]), int(row["base"])) == Fraction(tops, bases)
    assert scored.areas()[0]["residents"] == sum(people for *_, people in parts)
    assert row["outcome"] == ("met" if 100 * tops > 40 * bases else "not_met")


def test_calendar_years_are_grouped_before_their_means_are_formed(tmp_path: Path) -> None:
    """The mean of the area is that of its yearly shares, not of the means of its sections."""
    path = tmp_path / "years.csv"
    rows = ["area,block,year,residents,outside_labour_market,outside_labour_market_base"]
    rows += [
        "A,North,2022,900,0,100",
        "B,North,2022,900,300,300",
        "A,North,2023,900,300,300",
        "B,North,2023,900,0,100",
        "A,North,2024,900,,",
        "B,North,2024,901,,",
    ]
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")
    (row,) = evaluate([path], group="block", list_year=2024).areas()
    assert (row["residents"], row["labour_market_value"]) == (1801, 75.0)


# The Slagelse case ----


def of_case(group: str) -> Scored:
    return evaluate([SECTIONS], group=group, compare=["municipality"])


def test_the_sections_add_up_to_the_printed_totals() -> None:
    with (SAMPLES / "slagelse.csv").open(encoding="utf-8") as stream:
        printed = next(csv.DictReader(stream))
    (row,) = of_case("application").areas()
    assert row["residents"] == int(printed["residents"]) == 5593
    assert row["sections"] == 15
    assert [
        round(row[f"{name}_value"], 1) for name in ("labour_market", "education", "origin")
    ] == [
        float(printed[f"{name}_pct"])
        for name in ("outside_labour_market", "basic_education", "non_western")
    ]
    assert round(10 * row["crime_value"], 1) == float(printed["convicted_per_1000"])


def test_the_four_areas_are_judged_singly_with_every_figure_marked_as_invented() -> None:
    rows = of_case("housing_area").areas()
    assert [row["sections"] for row in rows] == [4, 5, 3, 3]
    assert sum(row["residents"] for row in rows) == 5593
    assert {(row["labour_market"], row["education"]) for row in rows} == {("met", "met")}
    assert all("(invented)" in row["area"] and row["source_note"] == "invented" for row in rows)
    assert all(
        {"convicted", "basic_education"}
        <= {name for one in row["annotations"] if one.code == "proxy" for name in one.about}
        for row in rows
    )
    assert [row["udsat" if "udsat" in row else "ghetto"] for row in rows][
        -1
    ] == "no"  # counts below the residents needed


def test_the_municipality_stands_beside_the_application_area_and_is_not_judged() -> None:
    scored = evaluate([SAMPLES / "slagelse.csv"], compare=["municipality"])
    assert [row["area"] for row in scored.areas()] == ["Ansøgningsområdet (4 boligområder)"]
    run = udsat(
        ROOT,
        "explain",
        str(SAMPLES / "slagelse.csv"),
        "ansøgningsområdet",
        "--compare",
        "municipality",
        "--format",
        "json",
    )
    (area,) = run.json()["areas"]
    assert area["comparison"] == {
        "Slagelse Kommune": {
            "labour_market": 14.0,
            "crime": 1.14,
            "education": 26.0,
            "income": None,
            "origin": 8.0,
        }
    }
    shown = udsat(ROOT, "score", str(SAMPLES / "slagelse.csv"), "--compare", "Slagelse Kommune").out
    above, _, below = shown.partition("For comparison, not judged as an area")
    assert "1 area: " in above and "Slagelse Kommune" not in above
    assert "14 %" in below and "1.14 %" in below


def test_a_comparison_stands_beside_the_areas_of_its_own_municipality_region_and_list(
    tmp_path: Path,
) -> None:
    header = "area,municipality,region,list_year,residents,non_western_pct"
    rows = [
        "Nyvang,Ringsted,Region Sjælland,2019,2000,51",
        "Gammelvang,Struer,Region Fyn,2019,2000,51",
        "Ringsted Kommune,Ringsted,Region Sjælland,2019,,10",
    ]
    rows += [
        "Struer Kommune,Struer,Region Fyn,2019,,11",
        "Region Sjælland,,,2019,,12",
        "Danmark,,,2019,,13",
        "Danmark,,,2018,,14",
    ]
    (tmp_path / "areas.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    words = [
        "--compare",
        "municipality",
        "--compare",
        "region",
        "--compare",
        "country",
        "--format",
        "json",
    ]
    (area,) = udsat(tmp_path, "explain", "areas.csv", "Nyvang", *words).json()["areas"]
    assert {name: values["origin"] for name, values in area["comparison"].items()} == {
        "Ringsted Kommune": 10.0,
        "Region Sjælland": 12.0,
        "Danmark": 13.0,
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--group", "quarter"],
            "UD604 --group: the table has no column 'quarter' to group by (it has block, municipality, region)",
        ),
        (["--group", "block"], "UD604 --group: 1 row without a value in 'block', first 'B'"),
        (["--compare", "country"], "UD605 --compare country: the table has no row of that level"),
        (["--compare", "Nowhere"], "UD601 there is no area 'Nowhere'"),
    ],
)
def test_what_cannot_be_grouped_or_compared_is_said_and_nothing_is_written(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    (tmp_path / "areas.csv").write_text(
        "\n".join([HEADER, WHOLE[0], WHOLE[1].replace("North", ""), ""]), encoding="utf-8"
    )
    before = contents(tmp_path)
    run = udsat(tmp_path, "score", "areas.csv", "--decimal", "point", "-o", "out.csv", *arguments)
    assert (run.status, run.out) == (2, "")
    assert words in run.err
    assert contents(tmp_path) == before


def test_a_column_is_named_as_its_heading_is_typed() -> None:
    with pytest.raises(UsageError):
        evaluate([SECTIONS], group="housing areas")
    assert len(evaluate([SECTIONS], group="Housing Area", compare=["municipality"]).areas()) == 4


def test_provenance_says_what_was_grouped_and_compared() -> None:
    options = of_case("application").provenance()["options"]
    assert (options["group"], options["compare"]) == ("application", ["municipality"])
    assert "group" not in evaluate([SAMPLES / "slagelse.csv"]).provenance()["options"]
