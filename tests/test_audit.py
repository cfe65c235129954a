"""Verdicts against published lists: what agrees, and what would make the rest agree."""

from __future__ import annotations

import pytest

import udsat
from changing import limits, row, write
from commandline import contents
from commandline import udsat as command
from support import SAMPLES

MET = {
    "outside_labour_market_pct": "50.0",
    "basic_education_pct": "70.0",
    "non_western_pct": "60.0",
}
LIST = "list_date,category,area,municipality\n"


def official(
    folder, *areas: str, category: str = "ghetto", year: int = 2019, town: str = "Lemvig"
) -> str:
    path = folder / "official.csv"
    path.write_text(
        LIST + "".join(f"{year}-12-01,{category},{area},{town}\n" for area in areas),
        encoding="utf-8",
    )
    return str(path)


def item(found, name: str = "A"):
    return next(one for one in found.items if one.area.name == name)


def causes(found, name: str = "A") -> dict[str, str]:
    return {one.kind: one.about for one in item(found, name).causes}


def test_misses_extras_and_agreement_are_told_apart(tmp_path) -> None:
    table = write(
        tmp_path / "a.csv",
        [row("A", "2019"), row("B", "2019", **MET), row("C", "2019", **MET), row("D", "2019")],
    )
    found = udsat.audit(table, official=[official(tmp_path, "A", "C")])
    assert {one.area.name: one.kind for one in found.items} == {
        "A": "miss",
        "B": "extra",
        "C": "agrees",
        "D": "agrees",
    }
    assert found.disagrees


def test_what_is_not_decided_contradicts_no_list_and_says_what_is_missing(tmp_path) -> None:
    table = write(tmp_path / "a.csv", [row("A", "2019", **MET, residents="")])
    found = udsat.audit(table, official=[official(tmp_path, "A")])
    assert (item(found).kind, causes(found), found.disagrees) == (
        "open",
        {"missing": "residents"},
        False,
    )


def test_a_rounded_value_on_the_line_is_found_by_taking_it_as_rounded(tmp_path) -> None:
    table = write(tmp_path / "a.csv", [row("A", "2019", **MET | {"basic_education_pct": "60.0"})])
    found = udsat.audit(table, official=[official(tmp_path, "A")])
    assert (item(found).kind, causes(found)["rounding"]) == ("miss", "education")


def test_a_reference_of_the_list_before_is_found_by_taking_it(tmp_path) -> None:
    """2.00 lies above the limit of 2018, 1.98, and below that of 2019, 2.03."""
    figures = limits(y2018="1.98", y2019="2.03")
    references = write(tmp_path / "references.csv", figures, figures[0])
    table = write(
        tmp_path / "a.csv",
        [
            row(
                "A",
                "2019",
                outside_labour_market_pct="50.0",
                convicted_pct="2.00",
                non_western_pct="60.0",
            )
        ],
    )
    found = udsat.audit(table, official=[official(tmp_path, "A")], references=[references])
    assert causes(found)["reference"] == "the list before"


def test_another_law_is_found_by_judging_under_it(tmp_path) -> None:
    """Three of the five criteria of 2014 without two of the four of 2018: crime of 2.7 and education of 55."""
    figures = limits(y2019="5.00")
    references = write(tmp_path / "references.csv", figures, figures[0])
    values = {
        "outside_labour_market_pct": "30.0",
        "convicted_pct": "2.80",
        "basic_education_pct": "55.0",
        "non_western_pct": "60.0",
    }
    table = write(tmp_path / "a.csv", [row("A", "2019", **values)])
    found = udsat.audit(table, official=[official(tmp_path, "A")], references=[references])
    assert ("definition", "2014") in [(one.kind, one.about) for one in item(found).causes]


def test_other_borders_are_found_by_adding_up_the_parts(tmp_path) -> None:
    (tmp_path / "borders.csv").write_text(
        "list_date,municipality,before,after\n2019-12-01,Lemvig,A,A\n2019-12-01,Lemvig,A,B\n",
        encoding="utf-8",
    )
    header = (
        "area,municipality,list_year,residents,outside_labour_market,outside_labour_market_base,basic_education,basic_education_base,"
        "non_western,non_western_base,convicted_pct,income_ratio_pct\n"
    )
    cells = "A,Lemvig,2019,2000,300,1000,500,1000,500,2000,1.0,80\nB,Lemvig,2019,2000,900,1000,900,1000,2000,2000,1.0,80\n"
    (tmp_path / "a.csv").write_text(header + cells, encoding="utf-8")
    found = udsat.audit(
        str(tmp_path / "a.csv"),
        official=[official(tmp_path, "A", "B")],
        borders=[tmp_path / "borders.csv"],
    )
    assert item(found).kind == "miss"
    assert causes(found)["border"].startswith("A (split of 2019-12-01")


def test_years_on_another_basis_are_found_by_counting_on_it(tmp_path) -> None:
    """The table's own rows break the run that the shipped lists have."""
    rows = [
        row("Ringparken", str(year), municipality="Slagelse", **(MET if year != 2017 else {}))
        for year in range(2014, 2020)
    ]
    table = write(tmp_path / "a.csv", rows)
    given = [official(tmp_path, "Ringparken", category="haard_ghetto", town="Slagelse")]
    found = udsat.audit(table, official=given, basis="computed")
    assert (item(found, "Ringparken").kind, causes(found, "Ringparken")) == (
        "miss",
        {"years": "published"},
    )
    assert not udsat.audit(table, official=given).disagrees


def test_where_nothing_else_is_found_the_figures_that_alone_would_do_are_named(tmp_path) -> None:
    """Munkebo 2017: the press printed newer education figures beside the list."""
    found = udsat.audit(str(SAMPLES / "published_areas.csv"))
    [miss] = [one for one in found.items if one.kind == "miss"]
    assert (miss.area.name, miss.date.year) == ("Munkebo", 2017)
    assert {one.about for one in miss.causes} == {"basic_education", "convicted", "gross_income"}
    assert not found.of("extra")


def test_another_figure_is_not_named_beside_a_cause_because_the_area_has_another_disagreement(
    tmp_path,
) -> None:
    table = write(tmp_path / "a.csv", [row("A", "2022", **MET | {"non_western_pct": "50.0"})])
    rows = "2022-12-01,parallelsamfund,A,Lemvig\n2022-12-01,forebyggelse,B,Lemvig\n"
    (tmp_path / "lists.csv").write_text(LIST + rows, encoding="utf-8")
    items = udsat.audit(table, official=[str(tmp_path / "lists.csv")]).items
    kinds = {one.category: {cause.kind for cause in one.causes} for one in items}
    assert kinds == {"parallelsamfund": {"rounding"}, "forebyggelse": {"figure"}}


def test_the_list_before_is_that_list_as_it_was_where_both_lists_disagree(tmp_path) -> None:
    """2.20 lies above the limit of 2019, 2.00, and below those of 2018 and 2020."""
    figures = limits(y2018="3.00", y2019="2.00", y2020="2.50")
    references = write(tmp_path / "references.csv", figures, figures[0])
    crime = {
        "outside_labour_market_pct": "50.0",
        "convicted_pct": "2.20",
        "non_western_pct": "60.0",
    }
    table = write(tmp_path / "a.csv", [row("A", "2020", **crime), row("B", "2019")])
    path = tmp_path / "official.csv"
    path.write_text(
        LIST + "2019-12-01,ghetto,B,Lemvig\n2020-12-01,ghetto,A,Lemvig\n", encoding="utf-8"
    )
    found = udsat.audit(table, official=[str(path)], references=[references])
    assert causes(found)["reference"] == "the list before"


def test_too_few_residents_are_a_figure_too(tmp_path) -> None:
    table = write(tmp_path / "a.csv", [row("A", "2019", **MET, residents="999")])
    assert causes(udsat.audit(table, official=[official(tmp_path, "A")])) == {"figure": "residents"}


def test_a_verdict_that_no_single_change_explains_has_no_cause(tmp_path) -> None:
    table = write(tmp_path / "a.csv", [row("A", "2019")])
    found = udsat.audit(table, official=[official(tmp_path, "A")])
    assert (item(found).kind, item(found).causes) == ("miss", ())
    run = command(tmp_path, "audit", "a.csv", "--official", "official.csv")
    assert "no cause was found" in run.out


def test_a_name_that_is_only_near_is_no_match_and_no_miss(tmp_path) -> None:
    table = write(tmp_path / "a.csv", [row("Skovparken", "2019", municipality="Kolding", **MET)])
    found = udsat.audit(table)
    assert {one.kind for one in found.items} == {"name"}
    assert item(found, "Skovparken").causes[0].result == "agrees"
    assert not found.disagrees


def test_every_cause_that_is_named_makes_the_verdict_agree_through_the_public_api(tmp_path) -> None:
    """Rounding and definitions again, by the options of `score`."""
    rows = [row("A", "2019", **MET | {"basic_education_pct": "60.0"})]
    table = write(tmp_path / "a.csv", rows)
    assert udsat.evaluate([table]).areas()[0]["ghetto"] == "no"
    assert udsat.evaluate([table], rounded=True).areas()[0]["ghetto"] == "unknown"


def test_listed_areas_without_a_row_are_named_and_are_no_disagreement(tmp_path) -> None:
    table = write(tmp_path / "a.csv", [row("A", "2019", **MET)])
    found = udsat.audit(table, official=[official(tmp_path, "A", "B")])
    [(own, elsewhere)] = found.absent.values()
    assert ([area.name for area in own], elsewhere, found.disagrees) == (["B"], 0, False)


@pytest.mark.parametrize(("areas", "status"), [(("A",), 0), (("B",), 1)])
def test_the_exit_status_is_1_where_a_verdict_contradicts_the_list(tmp_path, areas, status) -> None:
    write(tmp_path / "a.csv", [row("A", "2019", **MET), row("B", "2019")])
    official(tmp_path, *areas)
    for form in ("table", "csv", "json", "markdown"):
        run = command(tmp_path, "audit", "a.csv", "--official", "official.csv", "--format", form)
        assert (run.status, "A" in run.out or status == 0) == (status, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["a.csv"], "UD626"),
        (["a.csv", "--official", "none.csv"], "UD301"),
        (["b.csv", "--official", "bad.csv"], "UD310"),
    ],
)
def test_bad_input_is_said_clearly_and_nothing_is_written(tmp_path, arguments, code) -> None:
    write(tmp_path / "a.csv", [row("A", "2025")])
    write(tmp_path / "b.csv", [row("A", "2019")])
    (tmp_path / "bad.csv").write_text(
        "list_date,category,area,municipality\n2019-12-01,getto,A,E\n", encoding="utf-8"
    )
    before = contents(tmp_path)
    run = command(tmp_path, "audit", *arguments, "-o", "out.csv")
    assert (run.status, run.out) == (2, "")
    assert code in run.err
    assert contents(tmp_path) == before
