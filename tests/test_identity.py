"""Rows, lists and questions are about areas, never about the texts that name them: spellings, codes, names, identifiers."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import udsat
from changing import row, write
from commandline import udsat as command
from udsat.law import loader
from udsat.messages.problems import InvalidTable

#: Meets every criterion of 2018 and 2021 but crime.
ALL = {
    "outside_labour_market_pct": "50.0",
    "basic_education_pct": "70.0",
    "non_western_pct": "60.0",
    "income_ratio_pct": "50.0",
}
HEAD = "list_date,category,area,municipality"
ODENSE = ["Odense", "Odense Kommune", "ODENSE", "461", "0461 Odense", "Odense Komm."]
AARHUS = [
    "Aarhus",
    "Århus",
    "AARHUS",
    "Aarhus Kommune",
    "751",
    "751 Aarhus",
    "Arhus",
    "Aarhus Komm.",
]
VOLLSMOSE = ["Vollsmose", "vollsmose", "VOLLSMOSE", " Vollsmose ", "Voll\xadsmose"]


def lists(folder: Path, *rows: str, head: str = HEAD, name: str = "lists.csv") -> str:
    (folder / name).write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return str(folder / name)


def verdicts(folder: Path, *rows: dict[str, str], **options: Any) -> list[dict[str, Any]]:
    return udsat.evaluate([write(folder / "areas.csv", list(rows))], **options).areas()


def verdict(
    folder: Path, area: str, municipality: str, year: str, **options: Any
) -> tuple[str, int, int]:
    (one,) = verdicts(folder, row(area, year, municipality=municipality, **ALL), **options)
    return one["category"], one["years_in_row"], one["years_in_row_possible"]


# Lists that users give ----


@pytest.mark.parametrize("town", ODENSE)
@pytest.mark.parametrize("name", VOLLSMOSE)
def test_a_list_names_an_area_in_whatever_spelling(tmp_path: Path, name: str, town: str) -> None:
    history = lists(tmp_path, f"2023-12-01,parallelsamfund,{name},{town}")
    assert verdict(tmp_path, "Vollsmose", "Odense", "2024", history=[history]) == (
        "omdannelse",
        11,
        11,
    )


@pytest.mark.parametrize(
    ("name", "town"),
    [
        ("Taastrupgård", "Høje-Taastrup"),
        ("Tåstrupgård", "Høje Tåstrup Kommune"),
        ("TAASTRUPGAARD", "169"),
    ],
)
def test_an_audit_compares_areas_and_not_spellings(tmp_path: Path, name: str, town: str) -> None:
    official = lists(
        tmp_path,
        f"2023-12-01,parallelsamfund,{name},{town}",
        "2023-12-01,parallelsamfund,Gellerup,AARHUS",
    )
    table = write(
        tmp_path / "a.csv",
        [
            row("Tåstrupgård", "2023", municipality="Høje-Taastrup", **ALL),
            row("Gellerupparken/Toveshøj", "2023", municipality="Aarhus", **ALL),
        ],
    )
    found = udsat.audit(table, official=[official])
    assert [item.kind for item in found.items] == ["agrees", "agrees"]
    assert not found.disagrees


@pytest.mark.parametrize("town", AARHUS)
def test_a_table_names_a_municipality_by_name_known_spelling_code_or_both(
    tmp_path: Path, town: str
) -> None:
    assert verdict(tmp_path, "Gellerupparken/Toveshøj", town, "2019") == ("haard_ghetto", 6, 6)


def test_a_list_in_any_spelling_gives_the_same_bytes_but_for_its_digest(tmp_path: Path) -> None:
    table = write(tmp_path / "a.csv", [row("Vollsmose", "2024", municipality="Odense", **ALL)])
    outs = set()
    for name, town in itertools.product(VOLLSMOSE, ODENSE):
        history = lists(tmp_path, f"2023-12-01,parallelsamfund,{name},{town}")
        outs.add(command(tmp_path, "score", table, "--history", history, "--format", "csv").out)
    assert len(outs) == 1


def test_a_category_of_a_list_goes_by_its_id_or_its_danish_name(tmp_path: Path) -> None:
    for word in ("parallelsamfund", "Parallelsamfund", "parallel society"):
        history = lists(tmp_path, f"2024-12-01,{word},Vollsmose,Odense")
        assert (
            verdict(tmp_path, "Vollsmose", "Odense", "2025", history=[history])[0] == "omdannelse"
        )


def test_a_list_can_be_a_workbook(tmp_path: Path) -> None:
    rows = {
        "list_date": ["2024-12-01"],
        "category": ["parallelsamfund"],
        "area": ["vollsmose"],
        "municipality": ["461"],
    }
    pd.DataFrame(rows).to_excel(tmp_path / "list.xlsx", index=False)
    assert verdict(tmp_path, "Vollsmose", "Odense", "2025", history=[tmp_path / "list.xlsx"]) == (
        "omdannelse",
        12,
        12,
    )


def test_an_area_that_only_a_users_list_names_is_found_in_every_spelling(tmp_path: Path) -> None:
    history = lists(
        tmp_path,
        *(
            f"{year}-12-01,parallelsamfund,{name},{town}"
            for year, name, town in [(2024, "Nyvang", "Skive"), (2025, "NYVANG mv.", "779")]
        ),
    )
    assert verdict(tmp_path, "nyvang", "Skive Kommune", "2026", history=[history]) == (
        "parallelsamfund",
        3,
        3,
    )


def test_a_name_on_a_list_that_is_near_another_is_unknown_and_said(tmp_path: Path) -> None:
    history = lists(
        tmp_path,
        "2024-12-01,parallelsamfund,Vollsmosse,Odense",
        "2024-12-01,parallelsamfund,Bispehaven,Aarhus",
    )
    assert verdict(tmp_path, "Vollsmose", "Odense", "2025", history=[history]) == (
        "parallelsamfund",
        1,
        12,
    )
    assert verdict(tmp_path, "Vollsmosse", "Odense", "2025", history=[history]) == (
        "parallelsamfund",
        2,
        12,
    )
    assert verdict(tmp_path, "Bispehaven", "Aarhus", "2025", history=[history]) == (
        "omdannelse",
        12,
        12,
    )
    run = command(tmp_path, "score", "areas.csv", "--history", history)
    assert "UD630 'Vollsmosse' in Odense is near 'Vollsmose', not proven to be the same" in run.err
    assert run.status == 0


def test_a_list_with_a_municipality_that_is_none_is_refused(tmp_path: Path) -> None:
    run = command(
        tmp_path,
        "history",
        "--published",
        "--history",
        lists(tmp_path, "2024-12-01,parallelsamfund,Vollsmose,Odensee"),
    )
    assert (run.status, "UD310 'Odensee' is no municipality; did you mean Odense?" in run.err) == (
        2,
        True,
    )


def test_an_inner_list_that_names_an_area_which_the_outer_lacks_is_refused(tmp_path: Path) -> None:
    outer, inner = (
        "2024-12-01,parallelsamfund,Bispehaven,Aarhus",
        "2024-12-01,omdannelse,Vollsmose,Odense",
    )
    both = lists(tmp_path, outer, inner)
    one, other = lists(tmp_path, inner, name="inner.csv"), lists(tmp_path, outer, name="outer.csv")
    for files in ([both], [one, other], [other, one]):
        run = command(
            tmp_path,
            "history",
            "--published",
            *(word for file in files for word in ("--history", file)),
        )
        assert run.status == 2
        assert (
            "UD631 'Vollsmose' in Odense is on the list of omdannelse of 2024-12-01, and not on that of parallelsamfund"
            in run.err
        )
    assert (
        command(
            tmp_path,
            "history",
            "--published",
            "--history",
            lists(tmp_path, outer, "2024-12-01,omdannelse,BISPEHAVEN,751"),
        ).status
        == 0
    )


# Municipalities that are none ----


def test_without_a_known_municipality_earlier_lists_say_nothing(tmp_path: Path) -> None:
    for name in ("Vollsmose", "Nyvang"):
        assert verdict(tmp_path, name, "Odensee", "2024") == ("parallelsamfund", 1, 11)
    run = command(tmp_path, "score", "areas.csv", "--format", "json")
    assert run.status == 0
    assert "UD135 'Odensee' is no municipality (did you mean 'Odense'?)" in run.err
    assert any(
        "'Odensee' is no known municipality" in note for note in run.json()["areas"][0]["notes"]
    )


def test_validate_counts_an_unknown_municipality_as_an_error_on_each_row(tmp_path: Path) -> None:
    write(
        tmp_path / "a.csv",
        [
            row("A", "2019", municipality="461 Aarhus"),
            row("B", "2019", municipality="Skive"),
            row("C", "2020", municipality="Odensee"),
        ],
    )
    run = command(tmp_path, "validate", "a.csv", "--no-warnings", "--format", "json")
    assert run.status == 1
    assert [
        (one["line"], one["column"], one["value"])
        for one in json.loads(run.out)["findings"]
        if one["code"] == "UD135"
    ] == [
        (2, "municipality", "461 Aarhus"),
        (4, "municipality", "Odensee"),
    ]


def test_own_rows_count_under_a_municipality_that_is_none(tmp_path: Path) -> None:
    rows = [
        row("Vollsmose", str(year), municipality="Odensee", **ALL) for year in range(2014, 2026)
    ]
    last = verdicts(tmp_path, *rows)[-1]
    assert (last["category"], last["years_in_row"], last["years_in_row_possible"]) == (
        "omdannelse",
        12,
        12,
    )
    gap = verdicts(tmp_path, *(one for one in rows if not one["list_date"].startswith("2020")))[-1]
    assert (gap["category"], gap["years_in_row"], gap["years_in_row_possible"]) == (
        "omdannelse",
        5,
        12,
    )
    off = verdicts(
        tmp_path,
        *(
            one | ({"non_western_pct": "10.0"} if one["list_date"].startswith("2022") else {})
            for one in rows
        ),
    )[-1]
    assert (off["years_in_row"], off["years_in_row_possible"]) == (3, 3)


def test_a_known_municipality_beside_an_unknown_one_still_goes_by_the_lists(tmp_path: Path) -> None:
    rows = [
        row("Vollsmose", "2018", municipality=town, **ALL | {"non_western_pct": share})
        for town, share in (("Odense", "10.0"), ("Odensee", "10.0"))
    ]
    rows += [row("Vollsmose", "2019", municipality=town, **ALL) for town in ("Odense", "Odensee")]
    found = [
        (one["years_in_row"], one["years_in_row_possible"]) for one in verdicts(tmp_path, *rows)[2:]
    ]
    assert found == [(6, 6), (1, 1)]


def test_a_definition_that_names_no_register_takes_any_municipality(tmp_path: Path) -> None:
    source = (loader.criteria_folder() / "2021.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(
        source.replace('id = "2021"', 'id = "own"').replace('municipalities = "dk"\n', ""),
        encoding="utf-8",
    )
    write(tmp_path / "a.csv", [row("A", "2024", municipality="Malmö", **ALL)])
    assert "UD135" in command(tmp_path, "score", "a.csv").err
    assert "UD135" not in command(tmp_path, "score", "a.csv", "--criteria", "own.toml").err


# One table in several spellings ----


def test_rows_of_one_area_in_several_spellings_count_for_one_another(tmp_path: Path) -> None:
    spellings = [
        ("Nyvang", "Aarhus"),
        ("NYVANG", "Århus"),
        ("nyvang mv.", "751"),
        ("Ny\xadvang", "Aarhus Kommune"),
    ]
    rows = [
        row(name, str(2024 + n), municipality=town, **ALL)
        for n, (name, town) in enumerate(spellings)
    ]
    found = verdicts(tmp_path, *rows, basis="computed")
    assert [one["years_in_row"] for one in found] == [1, 2, 3, 4]
    assert [(one["area"], one["municipality"]) for one in found] == [
        (name.strip(), town) for name, town in spellings
    ]


def test_two_proven_names_of_a_listed_area_are_one_area(tmp_path: Path) -> None:
    rows = [
        row("Gellerup", "2024", municipality="Aarhus", **ALL),
        row("Toveshøj/Gellerupparken", "2025", municipality="Aarhus", **ALL),
    ]
    assert [one["years_in_row"] for one in verdicts(tmp_path, *rows)] == [11, 12]


def test_two_spellings_of_one_area_on_one_list_are_a_repeated_key(tmp_path: Path) -> None:
    write(
        tmp_path / "a.csv",
        [
            row("Vollsmose", "2019", municipality="Odense"),
            row("vollsmose", "2019", municipality="461"),
        ],
    )
    with pytest.raises(InvalidTable) as error:
        udsat.evaluate([str(tmp_path / "a.csv")])
    assert [(problem.code, problem.line) for problem in error.value.problems] == [
        ("UD201", 2),
        ("UD201", 3),
    ]


def test_calendar_years_of_one_area_in_several_spellings_form_one_mean(tmp_path: Path) -> None:
    head = "area,municipality,year,residents,outside_labour_market_pct\n"
    (tmp_path / "y.csv").write_text(
        head
        + "Nyvang,Aarhus,2022,2000,45.0\nNYVANG,Århus,2023,2000,37.0\nnyvang,751,2024,2000,30.0\n",
        encoding="utf-8",
    )
    (one,) = udsat.evaluate([str(tmp_path / "y.csv")], list_year=2024).areas()
    assert (one["labour_market_value"], one["labour_market"], one["residents"]) == (41, "met", 2000)
    explained = command(
        tmp_path, "explain", "y.csv", "nyvang", "--list-year", "2024", "--format", "json"
    )
    assert explained.status == 0


def test_history_has_one_line_for_an_area_in_several_spellings(tmp_path: Path) -> None:
    table = write(
        tmp_path / "a.csv",
        [
            row("Vollsmose", "2018", municipality="Odense", **ALL),
            row("VOLLSMOSE", "2019", municipality="461", **ALL),
        ],
    )
    (line,) = udsat.history(table).lines
    assert [entry is not None for entry in line.entries] == [True, True]


def test_diff_pairs_rows_of_one_area_in_several_spellings(tmp_path: Path) -> None:
    old = write(tmp_path / "old.csv", [row("Vollsmose", "2018", municipality="Odense", **ALL)])
    new = write(
        tmp_path / "new.csv",
        [row("vollsmose", "2019", municipality="0461 Odense", **ALL | {"non_western_pct": "10.0"})],
    )
    found = udsat.diff(old, new)
    assert found.counts["only_old"] == found.counts["only_new"] == 0
    assert [
        step.name for area in found.areas for step in area.steps if step.change == "flipped"
    ] == ["origin", "prevention_origin"][:1]


def test_sections_of_one_area_in_several_spellings_are_added_up(tmp_path: Path) -> None:
    head = "area,municipality,block,list_date,residents,convicted,convicted_base\n"
    rows = "A,Aarhus,Nyvang,2024-12-01,600,10,400\nB,Århus,NYVANG,2024-12-01,700,20,500\n"
    (tmp_path / "s.csv").write_text(head + rows, encoding="utf-8")
    (one,) = udsat.evaluate([str(tmp_path / "s.csv")], group="block").areas()
    assert (one["area"], one["residents"]) == ("Nyvang", 1300)


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "a.csv", "{}"),
        ("history", "a.csv", "--area", "{}"),
        ("history", "--published", "{}"),
    ],
)
@pytest.mark.parametrize(
    "typed", ["Mjølnerpark", "mjølnerparken", "MJØLNERPARKEN, København", "Mjølnerparken,101"]
)
def test_every_command_finds_an_area_by_the_same_rules(
    tmp_path: Path, arguments: tuple[str, ...], typed: str
) -> None:
    write(tmp_path / "a.csv", [row("Mjølnerparken", "2019", municipality="København", **ALL)])
    run = command(tmp_path, *(argument.format(typed) for argument in arguments))
    assert run.status == 0, run.err
    assert "Mjølnerparken" in run.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "a.csv", "{}"),
        ("history", "a.csv", "--area", "{}"),
        ("history", "--published", "{}"),
    ],
)
def test_every_command_answers_an_unknown_name_with_the_same_message(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write(tmp_path / "a.csv", [row("Mjølnerparken", "2019", municipality="København", **ALL)])
    run = command(tmp_path, *(argument.format("Mjolnirparken") for argument in arguments))
    assert (
        run.status,
        "UD601 there is no area 'Mjolnirparken' (did you mean 'Mjølnerparken' in København"
        in run.err,
    ) == (2, True)


# What a user says of names ----

NAMES = "area,municipality,same_as,same_as_municipality,from,to"
PLAN = ("Ringparken/Schackenborgvænge", "Slagelse")


def test_the_name_of_a_plan_can_be_said_to_be_the_listed_area(tmp_path: Path) -> None:
    assert verdict(tmp_path, *PLAN, "2019") == ("ghetto", 1, 6)
    names = lists(
        tmp_path,
        '"Ringparken/Schackenborgvænge",Slagelse,Ringparken,,,',
        head=NAMES,
        name="names.csv",
    )
    assert verdict(tmp_path, *PLAN, "2019", names=[names]) == ("haard_ghetto", 6, 6)


def test_a_name_counts_in_its_years_alone(tmp_path: Path) -> None:
    def years(first: str, last: str) -> tuple[int, int]:
        names = lists(
            tmp_path, f"{PLAN[0]},Slagelse,Ringparken,,{first},{last}", head=NAMES, name="names.csv"
        )
        return verdict(tmp_path, *PLAN, "2019", names=[names])[1:]

    assert (
        years("2019", "")
        == years("", "2019")
        == years("2019-12-01", "2019-12-01")
        == years("2018", "2020")
        == (6, 6)
    )
    assert years("2020", "") == years("", "2018") == years("2019-12-02", "") == (1, 6)


@pytest.mark.parametrize(
    "arguments",
    [("score", "a.csv"), ("explain", "a.csv", PLAN[0]), ("history", "a.csv"), ("watch", "a.csv"), ("report", "a.csv", "-o", "r.html"), ("audit", "a.csv"),
     ("validate", "a.csv", "--no-warnings"), ("plot", "a.csv", "--criterion", "origin", "-o", "p.svg"), ("diff", "a.csv", "b.csv")],
    ids=lambda arguments: arguments[0],
)  # fmt: skip
def test_every_command_takes_a_file_of_names(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write(tmp_path / "a.csv", [row(*PLAN[:1], "2019", municipality=PLAN[1], **ALL)])
    write(tmp_path / "b.csv", [row("Ringparken", "2020", municipality="330", **ALL)])
    lists(tmp_path, f"{PLAN[0]},Slagelse,Ringparken,,,", head=NAMES, name="names.csv")
    run = command(tmp_path, *arguments, "--names", "names.csv")
    assert run.status == 0, run.err
    assert "is near" not in run.err


def test_diff_pairs_by_what_a_file_of_names_says(tmp_path: Path) -> None:
    old = write(tmp_path / "old.csv", [row("Gammelvang", "2018", municipality="Skive", **ALL)])
    new = write(tmp_path / "new.csv", [row("Nyvang", "2019", municipality="Skive", **ALL)])
    assert udsat.diff(old, new).counts["only_old"] == 1
    names = lists(tmp_path, "Nyvang,Skive,Gammelvang,,2019,", head=NAMES, name="names.csv")
    assert udsat.diff(old, new, names=[names]).counts["only_old"] == 0


def test_a_rename_in_a_border_file_is_a_name_that_carries_its_years(tmp_path: Path) -> None:
    official = lists(
        tmp_path, "2018-12-01,ghetto,Gammelvang,Skive", "2019-12-01,ghetto,Nyvang,Skive"
    )
    table = write(
        tmp_path / "a.csv",
        [
            row("Gammelvang", "2018", municipality="Skive", **ALL),
            row("Nyvang", "2019", municipality="Skive", **ALL),
        ],
    )
    borders = lists(
        tmp_path,
        "2019-12-01,Skive,Gammelvang,Nyvang",
        head="list_date,municipality,before,after",
        name="borders.csv",
    )
    found = udsat.audit(table, official=[official], borders=[borders], history=[official])
    assert [(item.kind, item.record["years_in_row"]) for item in found.items] == [
        ("agrees", 1),
        ("agrees", 2),
    ]


def test_a_file_of_names_is_part_of_the_provenance(tmp_path: Path) -> None:
    names = lists(tmp_path, f"{PLAN[0]},Slagelse,Ringparken,,,", head=NAMES, name="names.csv")
    write(tmp_path / "a.csv", [row("A", "2019")])
    document = command(tmp_path, "score", "a.csv", "--names", names, "--format", "json").json()
    assert [one["name"] for one in document["provenance"]["names"]] == ["names.csv"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["A,Skive,,,,"], "UD632 the cell same_as is empty"),
        (["A,Skivee,B,,,"], "UD632 'Skivee' is no municipality; did you mean Skive"),
        (["A,Skive,B,,2020,2019"], "UD632 it ends on 2019-12-31, before it begins on 2020-01-01"),
        (["A,Skive,B,,soon,"], "UD632 'soon' is no list date or year"),
        (["Motalavej,Slagelse,Ringparken,,,"], "UD633"),
    ],
)
def test_a_wrong_file_of_names_is_refused_with_its_line(
    tmp_path: Path, rows: list[str], words: str
) -> None:
    write(tmp_path / "a.csv", [row("A", "2019")])
    lists(tmp_path, *rows, head=NAMES, name="names.csv")
    run = command(tmp_path, "score", "a.csv", "--names", "names.csv", "-o", "out.csv")
    assert (run.status, words in run.err, (tmp_path / "out.csv").exists()) == (2, True, False), (
        run.err
    )


# Lists that are known in part ----

PARTIAL = f"{HEAD},certainty,group"


def test_a_list_known_in_part_decides_for_the_areas_that_it_names_alone(tmp_path: Path) -> None:
    history = lists(
        tmp_path,
        "2024-12-01,parallelsamfund,Vollsmose,Odense,on,", "2024-12-01,parallelsamfund,Bispehaven,Aarhus,off,",
        "2024-12-01,parallelsamfund,Sundparken,Horsens,possible,", "2024-12-01,parallelsamfund,Stengårdsvej,Esbjerg,one_of_group,g",
        head=PARTIAL,
    )  # fmt: skip
    found = {name: verdict(tmp_path, name, town, "2025", history=[history])[1:] for name, town in (
        ("Vollsmose", "Odense"), ("Bispehaven", "Aarhus"), ("Sundparken", "Horsens"), ("Stengårdsvej", "Esbjerg"), ("Nyvang", "Skive"))}  # fmt: skip
    assert found == {
        "Vollsmose": (12, 12),
        "Bispehaven": (1, 1),
        "Sundparken": (1, 12),
        "Stengårdsvej": (1, 12),
        "Nyvang": (1, 2),
    }


def test_where_a_partial_list_does_not_decide_the_tables_own_row_does(tmp_path: Path) -> None:
    history = lists(
        tmp_path,
        "2024-12-01,parallelsamfund,Vollsmose,Odense,on,",
        "2024-12-01,parallelsamfund,Bispehaven,Aarhus,off,",
        head=PARTIAL,
    )
    off = ALL | {"non_western_pct": "10.0"}
    rows = []
    for name, town, share in (
        ("Vollsmose", "Odense", off),
        ("Bispehaven", "Aarhus", ALL),
        ("Tåstrupgård", "Høje-Taastrup", ALL),
        ("Stengårdsvej", "Esbjerg", off),
    ):
        rows += [
            row(name, "2024", municipality=town, **share),
            row(name, "2025", municipality=town, **ALL),
        ]
    found = verdicts(tmp_path, *rows, history=[history])[1::2]
    assert [(one["years_in_row"], one["years_in_row_possible"]) for one in found] == [
        (12, 12),
        (1, 1),
        (12, 12),
        (1, 1),
    ]


def test_the_list_of_2024_is_known_in_part(tmp_path: Path) -> None:
    assert verdict(tmp_path, "Motalavej", "Slagelse", "2025") == ("parallelsamfund", 1, 1)
    assert verdict(tmp_path, "Vollsmose", "Odense", "2025") == ("parallelsamfund", 1, 12)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["2024-12-01,parallelsamfund,A,Skive,perhaps,"], "'perhaps' is no certainty"),
        (
            ["2024-12-01,parallelsamfund,A,Skive,on,g"],
            "a row has a group where its certainty is one_of_group, and only there",
        ),
        (["2024-12-01,parallelsamfund,A,Skive,one_of_group,"], "a row has a group"),
        (
            ["2024-12-01,parallelsamfund,A,Skive,on,", "2024-12-01,parallelsamfund,B,Skive,,"],
            "some have a certainty and some have none",
        ),
        (
            ["2024-12-01,parallelsamfund,A,Skive,on,", "2024-12-01,parallelsamfund,a,779,off,"],
            "two rows of one list disagree on 'a'",
        ),
    ],
)
def test_a_wrong_partial_list_is_refused_with_its_line(
    tmp_path: Path, rows: list[str], words: str
) -> None:
    run = command(
        tmp_path, "history", "--published", "--history", lists(tmp_path, *rows, head=PARTIAL)
    )
    assert (run.status, words in run.err, f"lists.csv:{len(rows) + 1}: UD310" in run.err) == (
        2,
        True,
        True,
    ), run.err


# Identifiers ----

WITH_ID = ("area", "area_id", "municipality", "list_date", "residents", *ALL)


def identified(area: str, area_id: str, year: str, **figures: str) -> dict[str, str]:
    return row(area, year, municipality="Skive", area_id=area_id, **ALL | figures)


def with_ids(path: Path, *rows: dict[str, str]) -> str:
    return write(path, rows, WITH_ID)


def test_rows_of_one_identifier_are_one_area_whatever_its_name(tmp_path: Path) -> None:
    table = with_ids(
        tmp_path / "a.csv",
        identified("Gammelvang", "0042", "2024"),
        identified("Nyvang", "0042", "2025"),
    )
    found = udsat.evaluate([table], basis="computed").areas()
    assert [(one["area"], one["area_id"], one["years_in_row"]) for one in found] == [
        ("Gammelvang", "0042", 1),
        ("Nyvang", "0042", 2),
    ]


def test_rows_of_one_name_with_two_identifiers_are_two_areas(tmp_path: Path) -> None:
    table = with_ids(
        tmp_path / "a.csv",
        identified("Nyvang", "1", "2024"),
        identified("Nyvang", "2", "2024"),
        identified("Nyvang", "2", "2025"),
    )
    assert [one["years_in_row"] for one in udsat.evaluate([table], basis="computed").areas()] == [
        1,
        1,
        2,
    ]


def test_one_identifier_twice_on_one_list_is_a_repeated_key(tmp_path: Path) -> None:
    table = with_ids(
        tmp_path / "a.csv", identified("Nyvang", "1", "2024"), identified("Gammelvang", "1", "2024")
    )
    with pytest.raises(InvalidTable, match="UD201"):
        udsat.evaluate([table])


def test_a_row_without_an_identifier_goes_by_its_name(tmp_path: Path) -> None:
    table = with_ids(
        tmp_path / "a.csv",
        identified("Nyvang", "1", "2023"),
        identified("nyvang", "", "2024"),
        identified("Højvang", "1", "2025"),
    )
    assert [one["years_in_row"] for one in udsat.evaluate([table], basis="computed").areas()] == [
        1,
        2,
        3,
    ]


def test_an_identifier_on_a_list_decides_instead_of_the_name(tmp_path: Path) -> None:
    head = "list_date,category,area,municipality,area_id"
    history = lists(tmp_path, "2024-12-01,parallelsamfund,Gammelvang,Skive,42", head=head)
    table = with_ids(
        tmp_path / "a.csv",
        identified("Nyvang", "42", "2025"),
        identified("Gammelvang", "43", "2025"),
        identified("Tredjevang", "44", "2025"),
    )
    found = udsat.evaluate([table], history=[history]).areas()
    assert [(one["years_in_row"], one["years_in_row_possible"]) for one in found] == [
        (2, 2),
        (1, 2),
        (1, 1),
    ]


def test_diff_pairs_by_identifier_before_it_pairs_by_name(tmp_path: Path) -> None:
    old = with_ids(
        tmp_path / "old.csv",
        identified("Gammelvang", "1", "2018"),
        identified("Nyvang", "2", "2018"),
    )
    new = with_ids(
        tmp_path / "new.csv",
        identified("Nyvang", "1", "2019"),
        identified("Fjernvang", "3", "2019"),
    )
    counts = udsat.diff(old, new).counts
    assert (counts["only_old"], counts["only_new"]) == (1, 1)


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_an_identifier_keeps_its_leading_zeros_and_stands_behind_the_area(
    tmp_path: Path, ending: str
) -> None:
    frame = pd.DataFrame([identified("Nyvang", "0042", "2024")])[list(WITH_ID)]
    frame[list(ALL)] = frame[list(ALL)].astype(float)
    frame["residents"] = frame["residents"].astype(int)
    {"csv": frame.to_csv, "parquet": frame.to_parquet, "xlsx": frame.to_excel}[ending](
        tmp_path / f"a.{ending}", index=False
    )
    (one,) = command(tmp_path, "score", f"a.{ending}", "--format", "csv").csv()
    assert list(one)[:3] == ["area", "area_id", "municipality"]
    assert one["area_id"] == "0042"
