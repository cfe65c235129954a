"""`udsat watch`: who is near a change, from the nearest; and the way from a baseline to an aim, with scenarios that only repeat."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from commandline import HEADER, contents, table, udsat
from support import SAMPLES
from udsat.analysis.targets import Aim, Courses
from udsat.analysis.watch import Finding, Nearness
from udsat.api import Scored, evaluate
from udsat.messages.problems import UsageError
from udsat.render.watch import reason

#: Two met and far from every line; one met, near no line; none met, labour market near; origin alone near.
FAR = "Fjernhøj,Ringsted,2019-12-01,2000,50,5,50,70,10"
ONE = "Enhøj,Ringsted,2019-12-01,2000,50,1,50,70,10"
NEAR = "Nærhøj,Ringsted,2019-12-01,2000,39.9,1,50,70,10"
ORIGIN = "Oprindhøj,Ringsted,2019-12-01,2000,30,1,50,70,49.9"


def scored(folder: Path, *rows: str, **options: Any) -> Scored:
    (folder / "areas.csv").write_bytes(table(*rows))
    return evaluate([folder / "areas.csv"], decimal="point", **options)


def by_area(found: tuple[Finding, ...]) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for one in found:
        said.setdefault(one.area["area"], []).append(one.criterion)
    return said


def test_an_area_one_criterion_short_and_one_near_a_line_are_found_and_others_are_not(
    tmp_path: Path,
) -> None:
    found = scored(tmp_path, FAR, ONE, NEAR, ORIGIN).watch(Nearness.of("0.5"))
    assert by_area(found.findings) == {"Nærhøj": ["labour_market"], "Enhøj": ["crime"]}
    near, short = found.findings
    assert (near.near, near.into, near.distance.points) == (True, (), Fraction("0.1"))
    assert (short.near, short.into, short.also) == (False, ("udsat",), ("education", "income"))
    assert (
        reason(short)
        == "one criterion short of udsat boligområde (also education, income, from further away)"
    )


def test_origin_is_watched_only_where_it_is_asked_for(tmp_path: Path) -> None:
    both = scored(tmp_path, FAR, ORIGIN)
    assert by_area(both.watch(Nearness.of("0.5")).findings) == {}
    found = both.watch(Nearness.of("0.5"), include_origin=True).findings
    assert by_area(found) == {"Oprindhøj": ["origin"], "Fjernhøj": ["origin"]}
    assert found[1].into == ("ghetto",)


def test_the_nearest_comes_first_on_either_side_of_a_line(tmp_path: Path) -> None:
    values = ["40.4", "39.7", "40.2", "39.99", "44"]
    rows = [f"V{value},Ringsted,2019-12-01,2000,{value},1,50,70,10" for value in values]
    found = scored(tmp_path, *rows).watch(Nearness.of("0.5")).findings
    near = [one for one in found if one.near]
    assert [one.area["area"] for one in near] == ["V39.99", "V40.2", "V39.7", "V40.4"]
    assert [one.distance.points for one in found if one.distance.points] == sorted(
        one.distance.points for one in found if one.distance.points
    )


def test_within_counts_persons_where_it_is_said_in_persons() -> None:
    found = evaluate(
        [SAMPLES / "slagelse_sections.csv"], group="housing_area", compare=["municipality"]
    ).watch(Nearness.of("10 persons"))
    assert all(
        one.distance.persons_status is not None and one.distance.persons_status <= 10
        for one in found.findings
        if one.near
    )
    assert {one.area["area"] for one in found.findings if one.near} >= {
        "Sydbyen (invented)",
        "Ringparken/Schackenborgvænge (invented)",
    }


@pytest.mark.parametrize("text", ["near", "-1", "1.5 persons", "1,5,5", ""])
def test_a_distance_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="UD508 --within"):
        Nearness.of(text)


def years(name: str, *on: int, last: int = 2023) -> list[str]:
    """Return rows of an area that is a member in some years and certainly none in the others."""
    return [
        f"{name},Ringsted,{year}-12-01,2000,{'50,9,70,50,60' if year in on else '0,0,0,90,0'}"
        for year in range(2018, last + 1)
    ]


def test_an_area_one_list_short_of_the_years_in_a_row_stands_first(tmp_path: Path) -> None:
    rows = [
        *years("Fire", 2020, 2021, 2022, 2023),
        *years("Fem", 2019, 2020, 2021, 2022, 2023),
        *years("Tre", 2021, 2022, 2023),
    ]
    references = tmp_path / "limits.csv"
    limits = [
        f"{year},convicted,limit,,{name},2.1,percent"
        for year in (2021, 2022, 2023)
        for name in ("crime", "prevention_crime")
    ]
    references.write_text(
        "\n".join(["list_year,measure,scope,region,criterion,value,unit", *limits, ""]),
        encoding="utf-8",
    )
    found = (
        scored(tmp_path, *rows, basis="computed", references=[references])
        .watch(Nearness.of("0.1"))
        .findings
    )
    streaks = [one for one in found if one.streak]
    assert [(one.area["area"], one.streak) for one in streaks] == [("Fire", "omdannelse")]
    assert found[0] is streaks[0]
    assert reason(found[0]) == "year 4 of 5: one list short of omdannelsesområde"


def test_only_the_latest_list_is_watched_unless_another_is_named(tmp_path: Path) -> None:
    both = scored(tmp_path, NEAR, NEAR.replace("2019", "2018").replace("39.9", "20"))
    assert [one.area["list_date"].year for one in both.watch().findings] == [2019]
    assert [one.area["list_date"].year for one in both.watch(list="2018").findings] == [2018]
    assert both.watch(Nearness.of("0.5"), list="2018").findings == ()


@pytest.mark.parametrize("format", ["table", "json", "csv", "markdown"])
def test_every_format_names_the_same_areas_in_the_same_order(tmp_path: Path, format: str) -> None:
    (tmp_path / "areas.csv").write_bytes(table(FAR, ONE, NEAR))
    run = udsat(tmp_path, "watch", "areas.csv", "--format", format, "--decimal", "point")
    assert run.status == 0
    assert run.out.index("Nærhøj") < run.out.index("Enhøj")
    assert "Fjernhøj" not in run.out


# Aims ----

START = "Nyhøj,Ringsted,2019-12-01,2000,52,3,61,50,10"
BEFORE = "Nyhøj,Ringsted,2022-12-01,2000,46,3,61.5,58,10"
NOW = "Nyhøj,Ringsted,2023-12-01,2000,44,1,61,59,10"


def aimed(folder: Path, *rows: str, aim: Aim | None = None, **options: Any) -> Courses:
    return scored(folder, *rows, **options).courses(aim or Aim("2019", 2026))


def test_a_course_shows_where_an_area_started_stands_and_what_is_left(tmp_path: Path) -> None:
    (course,) = aimed(tmp_path, START, BEFORE, NOW).courses
    assert course.start is not None
    assert (course.start["category"], course.area["category"], course.holds) == (
        "udsat",
        "udsat",
        "no",
    )
    pairs = (
        ("labour_market", "crime"),
        ("labour_market", "education"),
        ("crime", "education"),
    )  # crime has no known limit
    assert [(ways.category, ways.sets) for ways in course.left] == [("udsat", pairs)]
    work = next(one for one in course.progress if one.criterion == "labour_market")
    assert (work.start, work.now, work.limit, work.distance.points) == (
        52.0,
        44.0,
        40.0,
        Fraction(4),
    )


def test_the_last_change_repeats_each_year_against_the_line_of_now(tmp_path: Path) -> None:
    """44 falls by 2 a year: 38 in 2026. 61 falls by half a point: 59.5. Both are then below their lines."""
    rows = [row.replace(",3,", ",0,").replace(",1,", ",0,") for row in (START, BEFORE, NOW)]
    limits = tmp_path / "limits.csv"
    lines = [f"2023,convicted,limit,,{name},2.1,percent" for name in ("crime", "prevention_crime")]
    limits.write_text(
        "\n".join(["list_year,measure,scope,region,criterion,value,unit", *lines, ""]),
        encoding="utf-8",
    )
    options = {"references": [limits]}
    by_year = {
        year: aimed(tmp_path, *rows, aim=Aim("2019", year), **options)
        .courses[0]
        .scenarios["last_change_repeats"]
        for year in (2023, 2024, 2025, 2026)
    }
    assert by_year == {
        2023: ("udsat", "udsat"),
        2024: ("udsat", "udsat"),
        2025: ("none", "none"),
        2026: ("none", "none"),
    }
    (course,) = aimed(tmp_path, *rows, aim=Aim("2019", 2026), **options).courses
    assert course.scenarios["this_year_repeats"] == ("udsat", "udsat")


def test_this_year_repeats_counts_the_years_in_a_row_on(tmp_path: Path) -> None:
    rows = years("Fire", 2020, 2021, 2022, 2023)
    limits = tmp_path / "limits.csv"
    lines = [
        f"{year},convicted,limit,,{name},2.1,percent"
        for year in (2021, 2022, 2023)
        for name in ("crime", "prevention_crime")
    ]
    limits.write_text(
        "\n".join(["list_year,measure,scope,region,criterion,value,unit", *lines, ""]),
        encoding="utf-8",
    )
    found = {
        year: aimed(tmp_path, *rows, aim=Aim("2018", year), basis="computed", references=[limits])
        .courses[0]
        .scenarios["this_year_repeats"]
        for year in (2023, 2024)
    }
    assert found == {
        2023: ("parallelsamfund", "parallelsamfund"),
        2024: ("omdannelse", "omdannelse"),
    }


def test_without_an_earlier_list_the_last_change_is_not_known(tmp_path: Path) -> None:
    found = aimed(tmp_path, NOW, aim=Aim("2023", 2026))
    assert found.before is None
    assert found.courses[0].scenarios["last_change_repeats"] == (
        "unknown",
        "parallelsamfund",
    )  # four years at most


def test_education_of_2014_is_not_compared_with_that_of_2018(tmp_path: Path) -> None:
    (course,) = aimed(tmp_path, START.replace("2019", "2014"), NOW, aim=Aim("2014", 2026)).courses
    comparable = {one.criterion: one.comparable for one in course.progress}
    assert (comparable["labour_market"], comparable["education"]) == (True, False)
    assert next(one for one in course.progress if one.criterion == "education").start is None


@pytest.mark.parametrize(
    ("category", "holds"),
    [("none", "no"), ("udsat", "yes"), ("parallelsamfund", "yes")],
)
def test_an_aim_holds_where_no_category_beyond_it_is_possible(
    tmp_path: Path, category: str, holds: str
) -> None:
    assert (
        aimed(tmp_path, START, BEFORE, NOW, aim=Aim("2019", 2026, category)).courses[0].holds
        == holds
    )


@pytest.mark.parametrize("format", ["table", "json", "csv", "markdown"])
def test_scenarios_are_labelled_as_such_in_every_format(tmp_path: Path, format: str) -> None:
    (tmp_path / "areas.csv").write_bytes(table(START, BEFORE, NOW))
    run = udsat(
        tmp_path,
        "watch",
        "areas.csv",
        "--baseline",
        "2019",
        "--target",
        "2026",
        "--target-category",
        "none",
        "--format",
        format,
    )
    assert run.status == 0, run.err
    assert "this_year_repeats" in run.out or "scenario: this year repeats" in run.out
    assert "last_change_repeats" in run.out or "scenario: the last change repeats" in run.out
    assert format == "csv" or "They are no forecast." in run.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--within", "near"], "UD508 --within 'near' is no distance"),
        (["--list", "2016"], "UD603 the table has no row on a list of '2016' (it has 2019-12-01)"),
        (["--baseline", "2014"], "UD511 an aim needs --baseline and --target"),
        (["--target-category", "none"], "UD511 an aim needs --baseline and --target"),
        (
            ["--baseline", "2014", "--target", "2025"],
            "UD603 the table has no row on a list of '2014'",
        ),
        (
            ["--baseline", "2019", "--target", "2018"],
            "UD510 the aim 2018 is before the list 2019-12-01",
        ),
        (
            ["--baseline", "2019", "--target", "2025", "--target-category", "slum"],
            "UD509 criteria 2018 have no category 'slum'",
        ),
    ],
)
def test_what_cannot_be_watched_is_said_and_nothing_is_printed(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    (tmp_path / "areas.csv").write_bytes(table(NEAR))
    before = contents(tmp_path)
    run = udsat(tmp_path, "watch", "areas.csv", "--decimal", "point", *arguments)
    assert (run.status, run.out) == (2, "")
    assert words in run.err
    assert contents(tmp_path) == before


def test_the_header_of_the_tests_has_the_columns_that_the_rows_mean() -> None:
    assert HEADER.split(",")[4:] == [
        "outside_labour_market_pct",
        "convicted_pct",
        "basic_education_pct",
        "income_ratio_pct",
        "non_western_pct",
    ]


def test_persons_in_a_table_without_any_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "area,list_date,convicted_pct\nLunden,2015-12-01,2.7\n", encoding="utf-8"
    )
    assert (
        "the table has no numbers of persons"
        in udsat(tmp_path, "watch", "a.csv", "--within", "15 persons").err
    )
