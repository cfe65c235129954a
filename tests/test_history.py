"""How areas went from list to list, by verdicts and by published lists."""

from __future__ import annotations

import datetime as dt

import pytest

import udsat
from changing import row, write
from commandline import udsat as command
from support import SAMPLES
from udsat import changes
from udsat.names.areas import Area
from udsat.render.history import spark

MET = {
    "outside_labour_market_pct": "50.0",
    "basic_education_pct": "70.0",
    "non_western_pct": "60.0",
    "income_ratio_pct": "50.0",
}


def entries(found, name: str):
    line = next(line for line in found.lines if line.area.name == name)
    return dict(zip(found.dates, line.entries, strict=True))


def december(year: int) -> dt.date:
    return dt.date(year, 12, 1)


def test_the_history_of_a_table_is_that_of_its_verdicts(tmp_path) -> None:
    table = write(
        tmp_path / "a.csv",
        [row("A", str(year), **(MET if year != 2017 else {})) for year in range(2014, 2024)],
    )
    found = entries(udsat.history(table, basis="computed"), "A")
    for one in udsat.evaluate([table], basis="computed").areas():
        entry = found[one["list_date"]]
        assert (entry.category, entry.years, entry.years_possible) == (
            one["category"],
            one["years_in_row"],
            one["years_in_row_possible"],
        )


def test_a_list_without_a_row_is_a_gap(tmp_path) -> None:
    table = write(tmp_path / "a.csv", [row("A", "2015"), row("A", "2018"), row("B", "2016")])
    found = entries(udsat.history(table), "A")
    assert [date.year for date, entry in found.items() if entry is None] == [2016, 2017]
    assert "2016-12-01,,,,,,,,,,," in command(tmp_path, "history", "a.csv", "--format", "csv").out


def test_all_years_can_be_judged_again_under_one_law(tmp_path) -> None:
    write(tmp_path / "a.csv", [row("A", "2016", **MET), row("A", "2022", **MET)])
    document = command(
        tmp_path, "history", "a.csv", "--criteria", "2021", "--format", "json"
    ).json()
    known = [one for one in document["areas"][0]["lists"] if one["known"]]
    assert {one["criteria_version"] for one in known} == {"2021"}
    assert known[0]["category"] == "parallelsamfund"


def test_the_published_history_counts_years_as_the_verdicts_do() -> None:
    """Ringparken 2019: on all lists 2014-2019."""
    found = entries(changes.published(["Ringparken"]), "Ringparken, Slagelse")
    assert (found[december(2019)].category, found[december(2019)].years) == ("haard_ghetto", 6)


@pytest.mark.parametrize("year", range(2018, 2024))
def test_five_published_years_in_a_row_are_the_published_hard_areas(year: int) -> None:
    found = changes.published()
    inner = "haard_ghetto" if year < 2021 else "omdannelse"
    five = {
        line.area
        for line, entry in (
            (line, dict(zip(found.dates, line.entries))[december(year)]) for line in found.lines
        )
        if entry.years >= 5
    }
    hard = {
        line.area
        for line, entry in (
            (line, dict(zip(found.dates, line.entries))[december(year)]) for line in found.lines
        )
        if entry.category == inner
    }
    assert five == hard
    assert len(hard) > 5


def test_a_step_of_the_published_lists_is_the_same_in_history_and_diff() -> None:
    found = changes.published()
    on = {
        year: {
            line.area
            for line in found.lines
            if entries_of(found, line)[december(year)].category in {"ghetto", "haard_ghetto"}
        }
        for year in (2018, 2019)
    }
    step = next(step for step in changes.listed(2018, 2019).steps if step.after == "ghetto")
    assert (set(step.left), set(step.entered)) == (on[2018] - on[2019], on[2019] - on[2018])
    assert (len(step.left), len(step.entered)) == (3, 2)


def entries_of(found, line):
    return dict(zip(found.dates, line.entries, strict=True))


def test_a_break_starts_the_count_again() -> None:
    """Agervang left in 2020 and was back in 2021."""
    found = entries(changes.published(["Agervang"]), "Agervang")
    assert [found[december(year)].years for year in (2019, 2020, 2021, 2022)] == [6, 0, 1, 0]


def test_interim_and_trial_lists_are_shown_and_are_no_years() -> None:
    entry = entries(changes.published(["Vollsmose"]), "Vollsmose")[dt.date(2018, 5, 9)]
    assert (entry.status, entry.category, entry.years) == ("interim", "ghetto", None)


def test_an_area_that_is_on_no_known_list_is_not_said_to_be_on_none() -> None:
    """The list of udsatte areas of 2022 is known in part, and does not name Munkebo."""
    entry = entries(changes.published(["Munkebo"]), "Munkebo")[december(2022)]
    assert (entry.category, entry.category_possible, entry.unlisted) == (
        "unknown",
        "udsat",
        ("forebyggelse", "udsat"),
    )


@pytest.mark.parametrize(
    "name",
    [
        "vollsmose",
        "GELLERUP",
        "Toveshøj/Gellerupparken",
        "Taastrupgaard",
        "Ringparken, Slagelse",
        "Ringparken,slagelse kommune",
        "Solbakken",
    ],
)
def test_names_are_found_as_people_type_them(name: str) -> None:
    assert len(changes.published([name]).lines) == 1


@pytest.mark.parametrize(
    ("name", "near"),
    [("Volsmose", "'Vollsmose' in Odense"), ("Motalavei", "'Motalavej' in Slagelse")],
)
def test_an_unknown_name_is_answered_with_a_suggestion(tmp_path, name: str, near: str) -> None:
    run = command(tmp_path, "history", "--published", name, "-o", "out.csv")
    assert (run.status, run.out) == (2, "")
    assert "UD601" in run.err
    assert near in run.err
    assert not (tmp_path / "out.csv").exists()


def test_an_area_of_one_name_in_two_municipalities_has_two_lines(tmp_path) -> None:
    write(
        tmp_path / "a.csv",
        [
            row("Ringparken", "2019", municipality="Slagelse"),
            row("Ringparken", "2019", municipality="Esbjerg"),
        ],
    )
    areas = command(
        tmp_path, "history", "a.csv", "--area", "ringparken", "--format", "json"
    ).json()["areas"]
    assert [area["municipality"] for area in areas] == ["Slagelse", "Esbjerg"]
    only = command(
        tmp_path, "history", "a.csv", "--area", "Ringparken, Esbjerg", "--format", "json"
    ).json()["areas"]
    assert [area["municipality"] for area in only] == ["Esbjerg"]


def test_a_measure_that_changed_its_meaning_is_marked_in_the_chart_and_below() -> None:
    run = command(SAMPLES, "history", "published_areas.csv", "--area", "Agervang")
    education = next(line for line in run.out.splitlines() if line.startswith("  education"))
    assert "61.1 ╎ 70.4" in education
    assert "basic_education does not mean the same before and from 2018-12-01" in run.out


def test_a_chart_stands_above_its_line_only_where_the_value_does() -> None:
    assert spark([-0.1, 0.0, 0.1, None, None], [True, True, True, False, True]) == "▁─█·?"
    assert spark([-0.01, 2.0, 0.01], [True] * 3) == "▄█▅"


def test_without_a_table_or_published_there_is_a_clear_message(tmp_path) -> None:
    run = command(tmp_path, "history")
    assert (run.status, "UD511" in run.err) == (2, True)


def test_all_listed_areas_have_a_history() -> None:
    areas = {line.area for line in changes.published().lines}
    assert Area("Motalavej", "Slagelse") in areas
    assert len(areas) > 50
