"""What changed between two lists, and which change alone did it."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

import udsat
from changing import limits, row, verdicts, write
from commandline import contents
from commandline import udsat as command
from support import SAMPLES
from udsat import changes
from udsat.messages.problems import UsageError

LIMITS = limits(y2018="1.98", y2019="2.03", y2020="2.27")


@pytest.fixture
def references(tmp_path: Path) -> str:
    return write(tmp_path / "references.csv", LIMITS, LIMITS[0])


def compared(folder: Path, rows, start, to, **options):
    return changes.diff(write(folder / "areas.csv", rows), start=start, to=to, **options)


def only(found):
    [area] = [area for area in found.areas if area.kind != "same"]
    return area


# Each cause by itself ----


def test_own_data_alone_bring_an_area_onto_the_list(tmp_path, references) -> None:
    met = {"outside_labour_market_pct": "45.0", "basic_education_pct": "70.0"}
    area = only(
        compared(
            tmp_path,
            [row("A", "2018"), row("A", "2019", **met)],
            2018,
            2019,
            references=[references],
        )
    )
    assert (area.kind, area.causes.sets) == ("entered", (("data",),))


def test_a_moved_reference_alone_takes_an_area_off_the_list(tmp_path, references) -> None:
    same = {"outside_labour_market_pct": "45.0", "convicted_pct": "2.00"}
    area = only(
        compared(
            tmp_path,
            [row("A", "2018", **same), row("A", "2019", **same)],
            2018,
            2019,
            references=[references],
        )
    )
    assert (area.kind, area.causes.sets) == ("left", (("reference",),))
    assert {step.name: step.causes.sets for step in area.steps if step.change == "flipped"} == {
        "crime": (("reference",),)
    }


def test_a_moved_regional_income_is_a_reference_too(tmp_path) -> None:
    figures = [
        {
            "list_date": f"{year}-12-01",
            "measure": "gross_income",
            "scope": "region",
            "region": "Sjælland",
            "value": value,
            "unit": "dkk",
        }
        for year, value in ((2018, "300000"), (2019, "310000"))
    ]
    incomes = write(tmp_path / "incomes.csv", figures, figures[0])
    rows = []
    for year in ("2018", "2019"):
        one = row("A", year, region="Sjælland", outside_labour_market_pct="45.0") | {
            "gross_income": "168000"
        }
        del one["income_ratio_pct"]
        rows.append(one)
    table = write(tmp_path / "kroner.csv", rows, rows[0])
    area = only(changes.diff(table, start=2018, to=2019, references=[incomes]))
    assert (area.kind, area.causes.sets) == ("entered", (("reference",),))


def test_a_new_law_alone_brings_an_area_onto_the_list(tmp_path, references) -> None:
    """The prevention areas of § 61 b came with the law of 2021."""
    same = {
        "outside_labour_market_pct": "35.0",
        "income_ratio_pct": "60.0",
        "non_western_pct": "40.0",
    }
    area = only(
        compared(
            tmp_path,
            [row("A", "2020", **same), row("A", "2021", **same)],
            2020,
            2021,
            references=[references],
        )
    )
    assert (area.kind, area.new["category"], area.causes.sets) == (
        "entered",
        "forebyggelse",
        (("law",),),
    )


def test_a_fifth_year_in_a_row_alone_makes_a_hard_area(tmp_path) -> None:
    met = {
        "outside_labour_market_pct": "50.0",
        "basic_education_pct": "70.0",
        "non_western_pct": "60.0",
        "income_ratio_pct": "50.0",
    }
    rows = [row("A", "2014"), *(row("A", str(year), **met) for year in range(2015, 2020))]
    area = only(compared(tmp_path, rows, 2018, 2019, basis="computed"))
    assert (area.kind, area.old["category"], area.new["category"]) == (
        "changed",
        "ghetto",
        "haard_ghetto",
    )
    assert area.causes.sets == (("years",),)


BORDERS = "list_date,municipality,before,after,note\n2019-12-01,Lemvig,Nord,Nord,\n2019-12-01,Lemvig,Nord,Nordbakken,\n"
COUNTS = (
    "area", "municipality", "list_date", "residents", "outside_labour_market", "outside_labour_market_base", "convicted",
    "convicted_base", "basic_education", "basic_education_base", "non_western", "non_western_base",
)  # fmt: skip


def counted(
    area: str, year: int, residents: int, outside: int, educated: int, non_western: int = 100
) -> dict[str, str]:
    adults = residents // 2
    cells = (
        area,
        "Lemvig",
        f"{year}-12-01",
        residents,
        outside,
        adults,
        0,
        adults,
        educated,
        adults,
        non_western,
        residents,
    )
    return {name: str(cell) for name, cell in zip(COUNTS, cells, strict=True)}


def test_new_borders_alone_take_an_area_off_the_list(tmp_path) -> None:
    """Together the parts are what they were: 1,000 of 2,000 without work, 1,400 of 2,000 with basic schooling."""
    rows = [
        counted("Nord", 2018, 4000, 1000, 1400),
        counted("Nord", 2019, 2000, 300, 500),
        counted("Nordbakken", 2019, 2000, 700, 900),
    ]
    borders = tmp_path / "borders.csv"
    borders.write_text(BORDERS, encoding="utf-8")
    found = changes.diff(
        write(tmp_path / "counts.csv", rows, COUNTS), start=2018, to=2019, borders=[borders]
    )
    north = next(area for area in found.areas if area.area == "Nord")
    assert north.kind == "left"
    assert north.border.kind == "split"
    assert not any("borders" not in some for some in north.causes.sets)
    assert ("borders", "the table has no figures for it") in north.causes.untested


def test_a_split_that_changes_nothing_is_not_the_cause(tmp_path) -> None:
    rows = [
        counted("Nord", 2018, 4000, 1000, 1400),
        counted("Nord", 2019, 2000, 100, 100),
        counted("Nordbakken", 2019, 2000, 100, 100),
    ]
    borders = tmp_path / "borders.csv"
    borders.write_text(BORDERS, encoding="utf-8")
    found = changes.diff(
        write(tmp_path / "counts.csv", rows, COUNTS), start=2018, to=2019, borders=[borders]
    )
    assert next(area for area in found.areas if area.area == "Nord").causes.sets == (("data",),)


def test_a_merger_alone_brings_an_area_onto_the_list(tmp_path) -> None:
    """Neither part had 1,000 residents."""
    borders = tmp_path / "borders.csv"
    borders.write_text(
        "list_date,municipality,before,after\n2019-12-01,Lemvig,Nord,Nord\n2019-12-01,Lemvig,Syd,Nord\n",
        encoding="utf-8",
    )
    rows = [
        counted("Nord", 2018, 800, 300, 300),
        counted("Syd", 2018, 800, 300, 300),
        counted("Nord", 2019, 1600, 600, 600),
    ]
    found = changes.diff(
        write(tmp_path / "counts.csv", rows, COUNTS), start=2018, to=2019, borders=[borders]
    )
    north = next(area for area in found.areas if area.area == "Nord")
    assert (north.kind, north.causes.sets) == ("entered", (("borders",),))


def test_a_renamed_area_is_the_same_area(tmp_path) -> None:
    borders = tmp_path / "borders.csv"
    borders.write_text(
        "list_date,municipality,before,after\n2019-12-01,Lemvig,Gammelby,Nyby\n", encoding="utf-8"
    )
    rows = [row("Gammelby", "2018"), row("Nyby", "2019", outside_labour_market_pct="21.0")]
    table = write(tmp_path / "areas.csv", rows)
    assert [area.kind for area in changes.diff(table, start=2018, to=2019).areas] == [
        "only_new",
        "only_old",
    ]
    found = changes.diff(table, start=2018, to=2019, borders=[borders])
    assert [(area.kind, area.old["area"], area.new["area"]) for area in found.areas] == [
        ("moved", "Gammelby", "Nyby")
    ]


# Only the combination ----


def test_where_only_data_and_reference_together_do_it_no_single_change_is_named(
    tmp_path, references
) -> None:
    """2.02 is below 2.03 and above 1.98, 2.05 above both: the fall and the rise of the line must come together."""
    rows = [
        row("A", year, outside_labour_market_pct="45.0", convicted_pct=crime)
        for year, crime in (("2018", "2.05"), ("2019", "2.02"))
    ]
    area = only(compared(tmp_path, rows, 2018, 2019, references=[references]))
    assert (area.kind, area.causes.sets, area.causes.single) == (
        "left",
        (("data", "reference"),),
        False,
    )


def test_where_each_change_alone_would_do_both_are_named(tmp_path, references) -> None:
    rows = [
        row("A", year, outside_labour_market_pct="45.0", convicted_pct=crime)
        for year, crime in (("2018", "2.00"), ("2019", "1.50"))
    ]
    area = only(compared(tmp_path, rows, 2018, 2019, references=[references]))
    assert area.causes.sets == (("data",), ("reference",))


def test_data_and_law_together(tmp_path) -> None:
    """A row of 2017 has no figure under the education of 2018, so neither change alone is more than open."""
    rows = [
        row("A", "2017", basic_education_pct="55.0"),
        row("A", "2018", basic_education_pct="75.0", income_ratio_pct="50.0"),
    ]
    area = only(compared(tmp_path, rows, 2017, 2018))
    assert (area.kind, area.causes.sets) == ("entered", (("data", "law"),))


# Brute force ----


def _figures(dice: random.Random) -> dict[str, str]:
    return {
        "outside_labour_market_pct": dice.choice(["39.9", "40.0", "40.1", "45.0"]),
        "convicted_pct": dice.choice(["1.97", "1.98", "2.00", "2.02", "2.03", "2.04"]),
        "income_ratio_pct": dice.choice(["54.9", "55.0", "60.0"]),
        "basic_education_pct": dice.choice(["59.9", "60.0", "60.1"]),
        "non_western_pct": dice.choice(["45.0", "55.0"]),
    }


def _smallest(reached: list[set[str]]) -> list[set[str]]:
    size = min(map(len, reached))
    return sorted((some for some in reached if len(some) == size), key=sorted)


def _goal(area, record) -> bool:
    state = record["category"]
    return {
        "entered": state not in {"none", "unknown"},
        "left": state == "none",
        "changed": state == area.new["category"],
    }[area.kind]


def test_the_causes_agree_with_scoring_each_combination_through_the_public_api(
    tmp_path, references
) -> None:
    """Within one law: the figures of one list, dated and held against the limit of the other."""
    dice = random.Random(20191201)
    rows = [row(f"A{n}", year, **_figures(dice)) for n in range(40) for year in ("2018", "2019")]
    told = [
        area
        for area in compared(tmp_path, rows, 2018, 2019, references=[references]).areas
        if area.kind in {"entered", "left", "changed"}
    ]
    assert len(told) > 10
    by_area = {(one["area"], one["list_date"]): one for one in rows}
    reached = {area.area: [] for area in told}
    for data, limit in itertools.product((2018, 2019), ("1.98", "2.03")):
        records = verdicts(
            tmp_path,
            [by_area[area.area, f"{data}-12-01"] | {"list_date": "2018-12-01"} for area in told],
            limits(y2018=limit),
        )
        made = {
            name for name, now in (("data", data == 2019), ("reference", limit == "2.03")) if now
        }
        for area, record in zip(told, records, strict=True):
            reached[area.area] += [made] if _goal(area, record) else []
    for area in told:
        assert sorted(map(set, area.causes.sets), key=sorted) == _smallest(reached[area.area]), area


def test_the_causes_agree_with_brute_force_across_a_new_law(tmp_path) -> None:
    """The limit of prevention areas is known of 2021 alone, so it comes with its law."""
    dice = random.Random(20211201)
    prevention = limits(y2021="1.53")[0] | {"criterion": "prevention_crime"}
    figures = [*limits(y2020="1.98", y2021="2.03"), prevention]
    references = write(tmp_path / "references.csv", figures, figures[0])
    rows = [row(f"A{n}", year, **_figures(dice)) for n in range(40) for year in ("2020", "2021")]
    found = compared(tmp_path, rows, 2020, 2021, references=[references])
    told = [area for area in found.areas if area.kind in {"entered", "left"}]
    assert len(told) > 7
    by_area = {(one["area"], one["list_date"]): one for one in rows}
    reached = {area.area: [] for area in told}
    for data, limit, law in itertools.product((2020, 2021), ("1.98", "2.03"), ("2018", "2021")):
        of = [by_area[area.area, f"{data}-12-01"] | {"list_date": "2020-12-01"} for area in told]
        records = verdicts(
            tmp_path,
            of,
            [*limits(y2020=limit), prevention | {"list_date": "2020-12-01"}],
            criteria=law,
        )
        made = {
            name
            for name, now in (
                ("data", data == 2021),
                ("reference", limit == "2.03"),
                ("law", law == "2021"),
            )
            if now
        }
        for area, record in zip(told, records, strict=True):
            reached[area.area] += [made] if _goal(area, record) else []
    for area in told:
        assert sorted(map(set, area.causes.sets), key=sorted) == _smallest(reached[area.area]), area


def test_a_diff_of_two_files_is_that_of_their_verdicts(tmp_path, references) -> None:
    dice = random.Random(7)
    old, new = (
        [row(f"A{n}", year, **_figures(dice)) for n in range(30)] for year in ("2018", "2019")
    )
    one, two = write(tmp_path / "old.csv", old), write(tmp_path / "new.csv", new)
    found = changes.diff(one, two, references=[references])
    before, after = (
        {r["area"]: r["category"] for r in udsat.evaluate([name], references=[references]).areas()}
        for name in (one, two)
    )
    expected = {
        "entered": {
            a for a in before if before[a] == "none" and after[a] not in {"none", "unknown"}
        },
        "left": {a for a in before if after[a] == "none" and before[a] not in {"none", "unknown"}},
    }
    assert {
        kind: {area.area for area in found.areas if area.kind == kind} for kind in expected
    } == expected
    assert sum(found.counts.values()) == 30


# Pairing and definitions ----


def test_areas_pair_up_whatever_way_their_names_are_spelt(tmp_path) -> None:
    rows = [
        row("Skovvejen/Skovparken", "2018", municipality="Kolding"), row("Skovparken / skovvejen mv.", "2019", municipality="Kolding Kommune"),
        row("Ringparken", "2018", municipality="Slagelse"), row("Ringparken, Slagelse", "2019", municipality="Slagelse"),
    ]  # fmt: skip
    found = compared(tmp_path, rows, 2018, 2019)
    assert (found.counts["moved"], found.counts["only_new"], found.counts["only_old"]) == (2, 0, 0)


def test_an_area_of_one_name_in_two_municipalities_is_two_areas(tmp_path) -> None:
    rows = [
        row("Ringparken", "2018", municipality="Slagelse"),
        row("Ringparken", "2019", municipality="Esbjerg"),
    ]
    assert compared(tmp_path, rows, 2018, 2019).counts["only_new"] == 1


def test_education_of_2017_is_not_held_against_that_of_2018_without_a_warning(tmp_path) -> None:
    rows = [
        row("A", "2017", basic_education_pct="57.2"),
        row("A", "2018", basic_education_pct="58.8"),
    ]
    write(tmp_path / "areas.csv", rows)
    for arguments in ([], ["--criteria", "2018"]):
        run = command(
            tmp_path,
            "diff",
            "areas.csv",
            "--from",
            "2017",
            "--to",
            "2018",
            "--format",
            "json",
            *arguments,
        )
        assert "warning: education is not comparable" in run.err
        document = run.json()
        assert document["not_comparable"] == ["basic_education"]
        assert document["areas"] == [] or document["areas"][0]["criteria"]["education"][
            "change"
        ] in {"not_comparable", "flipped"}


def test_a_renamed_category_is_no_change(tmp_path) -> None:
    met = {
        "outside_labour_market_pct": "50.0",
        "basic_education_pct": "70.0",
        "non_western_pct": "60.0",
        "income_ratio_pct": "50.0",
    }
    found = compared(
        tmp_path, [row("A", "2020", **met), row("A", "2021", **met)], 2020, 2021, basis="computed"
    )
    assert found.renamed == {"ghetto": "parallelsamfund", "haard_ghetto": "omdannelse"}
    assert not found.counts["changed"]


def test_a_category_asked_about_has_entrants_and_leavers_of_its_own(tmp_path) -> None:
    udsat_only = {"outside_labour_market_pct": "45.0", "basic_education_pct": "70.0"}
    rows = [
        row("A", "2018", non_western_pct="60.0", **udsat_only),
        row("A", "2019", non_western_pct="40.0", **udsat_only),
    ]
    assert only(compared(tmp_path, rows, 2018, 2019)).kind == "changed"
    assert only(compared(tmp_path, rows, 2018, 2019, category="ghetto")).kind == "left"
    assert compared(tmp_path, rows, 2018, 2019, category="udsat").counts["left"] == 0


def test_two_drafts_of_one_list_differ_by_their_own_data(tmp_path) -> None:
    old = write(tmp_path / "draft1.csv", [row("A", "2019"), row("B", "2019")])
    new = write(
        tmp_path / "draft2.csv",
        [
            row("A", "2019"),
            row("B", "2019", outside_labour_market_pct="50.0", basic_education_pct="70.0"),
        ],
    )
    area = only(changes.diff(old, new))
    assert (area.area, area.kind, area.causes.sets) == ("B", "entered", (("data",),))


def test_tables_of_calendar_years_are_compared_by_the_lists_formed_from_them(tmp_path) -> None:
    header = "area,municipality,year,residents,outside_labour_market,outside_labour_market_base,basic_education_pct\n"
    cells = "".join(
        f"A,Lemvig,{year},2000,{n},1000,70.0\n"
        for year, n in ((2016, 390), (2017, 390), (2018, 430), (2019, 430))
    )
    (tmp_path / "years.csv").write_text(header + cells, encoding="utf-8")
    area = only(changes.diff(str(tmp_path / "years.csv"), start=2018, to=2019))
    assert [step.name for step in area.steps if step.change == "flipped"] == ["labour_market"]


# Published lists ----


def test_the_published_lists_of_2018_and_2019_have_three_leavers_and_two_entrants() -> None:
    found = changes.listed(2018, 2019)
    ghetto = next(step for step in found.steps if step.after == "ghetto")
    assert {area.name for area in ghetto.left} == {
        "Charlotteager",
        "Ellekonebakken",
        "Gadelandet/Husumgård",
    }
    assert {area.name for area in ghetto.entered} == {"Karlemoseparken", "Korskærparken"}


def test_published_lists_follow_a_category_through_its_new_name() -> None:
    steps = {step.after: step for step in changes.listed(2020, 2021).steps}
    assert (steps["parallelsamfund"].before, steps["omdannelse"].before) == (
        "ghetto",
        "haard_ghetto",
    )
    assert len(steps["parallelsamfund"].left) == 4


# The command ----


def test_the_command_says_the_sentence_first_and_gives_1_only_where_asked(
    tmp_path, references
) -> None:
    met = {"outside_labour_market_pct": "45.0", "basic_education_pct": "70.0"}
    write(
        tmp_path / "areas.csv",
        [row("A", "2018", **met), row("A", "2019"), row("B", "2018"), row("B", "2019")],
    )
    run = command(
        tmp_path, "diff", "areas.csv", "--from", "2018", "--to", "2019", "--references", references
    )
    assert run.status == 0
    assert (
        run.out.splitlines()[2]
        == "1 area left, 0 entered, 1 only nearer to or further from a threshold."
    )
    assert (
        command(
            tmp_path, "diff", "areas.csv", "--from", "2018", "--to", "2019", "--exit-code"
        ).status
        == 1
    )
    write(
        tmp_path / "calm.csv",
        [row("B", "2018"), row("B", "2019", outside_labour_market_pct="21.0")],
    )
    assert (
        command(
            tmp_path, "diff", "calm.csv", "--from", "2018", "--to", "2019", "--exit-code"
        ).status
        == 0
    )


def test_all_formats_tell_of_the_same_areas(tmp_path) -> None:
    arguments = ["diff", str(SAMPLES / "published_areas.csv"), "--from", "2017", "--to", "2018"]
    document = command(tmp_path, *arguments, "--format", "json").json()
    rows = command(tmp_path, *arguments, "--format", "csv").csv()
    page = command(tmp_path, *arguments, "--format", "markdown").out
    names = [area["area"] for area in document["areas"]]
    assert [one["area"] for one in rows if one["subject"] == "category"] == names
    assert all(name in page for name in names)
    assert command(tmp_path, *arguments, "-o", "out.json").out == ""
    assert (
        (tmp_path / "out.json")
        .read_text(encoding="utf-8")
        .startswith('{\n  "schema": "udsat.diff/1"')
    )


BAD = [
    (["a.csv", "a.csv"], "UD623"),
    (["a.csv"], "UD622"),
    (["a.csv", "--from", "2018"], "UD622"),
    (["a.csv", "--from", "2018", "--to", "2016"], "UD622"),
    (["a.csv", "--from", "2019", "--to", "2018"], "UD622"),
    (["a.csv", "--from", "soon", "--to", "2018"], "UD622"),
    (["a.csv", "other.csv"], "UD622"),
    (["one.csv", "units.csv"], "UD624"),
    (["a.csv", "--from", "2018", "--to", "2019", "--category", "getto"], "UD509"),
    (["a.csv", "--from", "2018", "--to", "2019", "--borders", "circle.csv"], "UD621"),
    (["a.csv", "--from", "2018", "--to", "2019", "--borders", "none.csv"], "UD301"),
    (["a.csv", "--from", "2018", "--to", "2019", "--list-year", "2018"], "UD510"),
    (["--published", "--from", "2018"], "UD622"),
    (["--published", "--from", "2018", "--to", "2025"], "UD622"),
    ([], "UD511"),
]


@pytest.mark.parametrize(
    ("arguments", "code"),
    BAD,
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_bad_input_is_said_clearly_and_nothing_is_written(tmp_path, arguments, code) -> None:
    write(tmp_path / "a.csv", [row("A", "2018"), row("A", "2019")])
    write(tmp_path / "one.csv", [row("A", "2018")])
    write(tmp_path / "other.csv", [row("A", "2015"), row("A", "2019")])
    (tmp_path / "units.csv").write_text(
        "area,municipality,list_year,residents,convicted_per_10000\nA,Lemvig,2019,2000,150\n",
        encoding="utf-8",
    )
    (tmp_path / "circle.csv").write_text(
        "list_date,municipality,before,after\n2019-12-01,Lemvig,A,B\n2019-12-01,Lemvig,B,A\n",
        encoding="utf-8",
    )
    before = contents(tmp_path)
    run = command(tmp_path, "diff", *arguments, "-o", "out.csv")
    assert (run.status, run.out) == (2, "")
    assert code in run.err
    assert contents(tmp_path) == before


def test_a_library_user_gets_the_same_errors(tmp_path) -> None:
    with pytest.raises(UsageError, match="UD622"):
        udsat.diff(write(tmp_path / "a.csv", [row("A", "2018"), row("A", "2019")]))
