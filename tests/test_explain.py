"""`udsat explain`: the area that is meant, the same verdicts as `udsat score`, and clear words where a name does not fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from commandline import HEADER, contents, table, udsat
from support import ROOT, SAMPLES
from udsat.evidence.published_lists import shipped
from udsat.messages.catalog import CODES
from udsat.messages.problems import UsageError
from udsat.names.areas import Area
from udsat.names.search import find_one

OMRAADER = str(SAMPLES / "omraader.csv")
PUBLISHED = str(SAMPLES / "published_areas.csv")
KNOWN = [
    Area(*pair)
    for pair in (
        ("Agervang", "Holbæk"),
        ("Gellerupparken/Toveshøj", "Aarhus"),
        ("Nørager/Søstjernevej m.fl", "Sønderborg"),
        ("Ringparken, Slagelse", "Slagelse"),
        ("Skovparken", "Kolding"),
        ("Skovparken", "Svendborg"),
        ("Tåstrupgård", "Høje-Taastrup"),
        ("Sebbersundvej mv", "Aalborg"),
    )
]


def meant(typed: str, municipality: str | None = None) -> str:
    return find_one(typed, KNOWN, shipped().names, municipality).name


@pytest.mark.parametrize(
    ("typed", "area"),
    [
        ("agervang", "Agervang"),
        ("AGERVANG mv.", "Agervang"),
        ("Vangkvarteret", "Agervang"),
        ("agervang, holbæk", "Agervang"),
        ("Toveshøj / Gellerupparken", "Gellerupparken/Toveshøj"),
        ("Toveshøj", "Gellerupparken/Toveshøj"),
        ("gellerup", "Gellerupparken/Toveshøj"),
        ("taastrupgaard", "Tåstrupgård"),
        ("Ringparken", "Ringparken, Slagelse"),
        ("ringparken, slagelse", "Ringparken, Slagelse"),
        ("søstjernevej", "Nørager/Søstjernevej m.fl"),
        ("Sebbersundvej", "Sebbersundvej mv"),
        ("skovparken, Kolding kommune", "Skovparken"),
    ],
)
def test_names_are_found_as_people_type_them(typed: str, area: str) -> None:
    assert meant(typed) == area


def test_a_name_in_two_municipalities_is_named_with_both() -> None:
    with pytest.raises(UsageError) as error:
        meant("Skovparken")
    assert (
        str(error.value)
        == "UD602 'Skovparken' may be 'Skovparken' in Kolding or 'Skovparken' in Svendborg "
        "(say which with --municipality, or as 'name, municipality')"
    )
    assert find_one("Skovparken", KNOWN, shipped().names, "svendborg") == (
        "Skovparken",
        "Svendborg",
    )


def test_a_part_of_two_names_is_no_name() -> None:
    with pytest.raises(
        UsageError,
        match="UD602 'Ringparken' may be 'Ringparken Nord' in Slagelse or 'Ringparken Syd' in Slagelse .type the whole name",
    ):
        find_one(
            "Ringparken",
            [Area("Ringparken Nord", "Slagelse"), Area("Ringparken Syd", "Slagelse")],
            shipped().names,
        )


@pytest.mark.parametrize(
    ("typed", "municipality", "words"),
    [
        (
            "Ringprken",
            None,
            ["UD601", "no area 'Ringprken'", "did you mean 'Ringparken, Slagelse' in Slagelse"],
        ),
        ("xyz", None, ["UD601", "no area 'xyz'"]),
        ("parken", None, ["UD601"]),
        ("Agervang", "Ringsted", ["UD601", "no area in a municipality 'Ringsted'", "Aalborg"]),
    ],
)
def test_a_name_that_does_not_fit_gets_suggestions(
    typed: str, municipality: str | None, words: list[str]
) -> None:
    with pytest.raises(UsageError) as error:
        meant(typed, municipality)
    assert [word for word in words if word not in str(error.value)] == []


# The command ----


def explained(*arguments: str) -> dict[str, Any]:
    run = udsat(ROOT, "explain", *arguments, "--format", "json")
    assert run.status == 0, run.err
    document = run.json()
    assert document["schema"] == "udsat.explain/1"
    (area,) = document["areas"]
    return dict(area)


def scored(table: str, area: str, list_date: str) -> dict[str, Any]:
    run = udsat(ROOT, "score", table, "--format", "json")
    return next(
        dict(one)
        for one in run.json()["areas"]
        if (one["area"], one["list_date"]) == (area, list_date)
    )


@pytest.mark.parametrize(
    "area", ["Agervang", "Gellerupparken/Toveshøj", "Ringparken, Slagelse", "Tåstrupgård"]
)
def test_an_explanation_has_the_verdict_of_score(area: str) -> None:
    found = explained(PUBLISHED, area, "--include-origin", "--ways-off")
    for criterion in found["criteria"].values():
        assert set(criterion.pop("distance")) >= {
            "persons_status",
            "persons_moving_out",
            "kroner",
            "points",
        }
    for more in ("other_lists", "ways_off"):
        found.pop(more)
    verdict = scored(PUBLISHED, area, found["list_date"])
    assert found == {
        name: cell for name, cell in verdict.items() if name in found or cell is not None
    }


def test_the_latest_list_is_explained_and_the_others_are_mentioned() -> None:
    assert explained(PUBLISHED, "Agervang")["list_date"] == "2020-12-01"
    assert explained(PUBLISHED, "Agervang")["other_lists"] == [
        "2013-10-01",
        "2014-12-01",
        "2018-12-01",
    ]
    assert explained(PUBLISHED, "Agervang", "--list", "2018")["list_date"] == "2018-12-01"
    assert explained(PUBLISHED, "Agervang", "--list", "2013-10-01")["list_date"] == "2013-10-01"
    assert (
        explained(PUBLISHED, "Gellerup", "--list", "2014")["list_date"] == "2014-12-01"
    )  # there was one in February too
    assert "2013-10-01, 2014-12-01, 2018-12-01" in udsat(ROOT, "explain", PUBLISHED, "Agervang").out


def test_origin_has_a_distance_only_where_it_is_asked_for() -> None:
    assert "distance" not in explained(OMRAADER, "Ringparken")["criteria"]["origin"]
    assert (
        explained(OMRAADER, "Ringparken", "--include-origin")["criteria"]["origin"]["distance"][
            "points"
        ]
        == 7
    )


def test_a_distance_says_what_can_be_known_and_why_the_rest_cannot() -> None:
    distance = explained(OMRAADER, "Ringparken")["criteria"]["crime"]["distance"]
    assert (distance["points"], distance["more_than_points"], distance["persons_status"]) == (
        0.045,
        True,
        None,
    )
    assert "no exact counts" in distance["why"]


@pytest.mark.parametrize("format", ["table", "markdown"])
def test_every_criterion_has_a_line_with_verb_limit_paragraph_and_status(format: str) -> None:
    run = udsat(ROOT, "explain", OMRAADER, "Ringparken", "--format", format)
    lines = [line for line in run.out.splitlines() if "§ 61 a, stk. 1, nr. 2" in line]
    assert len(lines) == 1
    for word in (
        "crime",
        "2.07 %",
        "is at least 2.03 % (3 × national)",
        "● met",
        "+0.04",
        "practice",
    ):
        assert word in lines[0]
    assert "6 years in a row, 5 needed" in run.out
    assert "It is no advice." in run.out
    assert "Computed by udsat" in run.out


def test_markdown_keeps_names_from_becoming_formatting(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_bytes(
        table("A*b|c_d<e,Ringsted,2015-12-01,2000,50.5,3.1,60.2,50.1,60.0")
    )
    run = udsat(tmp_path, "explain", "areas.csv", "A*b|c_d<e", "--format", "markdown")
    assert run.out.startswith("# A\\*b\\|c\\_d&lt;e (Ringsted), list of 1 December 2015")


def test_years_are_counted_against_those_needed(tmp_path: Path) -> None:
    rows = [
        f"Nyvang,Ringsted,{year}-12-01,2000,50.5,9.9,70.2,50.1,60.0" for year in range(2018, 2022)
    ]
    (tmp_path / "areas.csv").write_bytes(table(*rows, "Nyvang,Ringsted,2017-12-01,2000,0,0,0,90,0"))
    run = udsat(
        tmp_path, "explain", "areas.csv", "Nyvang", "--basis", "computed", "--criteria", "2018"
    )
    assert "year 4 of 5" in run.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["areas.csv", "Nowhere"], "UD601 there is no area 'Nowhere'"),
        (
            ["areas.csv", "Ravnehøj", "--list", "2016"],
            "UD603 'Ravnehøj' has no row on a list of '2016' (it has 2015-12-01)",
        ),
        (
            ["areas.csv", "Ravnehøj", "--municipality", "Struer"],
            "UD601 there is no area in a municipality 'Struer'",
        ),
        (["areas.csv"], "UD606 'areas.csv' alone is neither an area of a table nor a message code"),
        (["UD999"], "UD606 there is no message code 'UD999'"),
        (["nofile.csv", "Ravnehøj"], "UD301 does not exist"),
    ],
)
def test_what_cannot_be_answered_is_said_and_nothing_is_printed(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    (tmp_path / "areas.csv").write_bytes(
        table("Ravnehøj,Ringsted,2015-12-01,2000,50.5,3.1,60.2,50.1,60.0")
    )
    before = contents(tmp_path)
    run = udsat(tmp_path, "explain", *arguments)
    assert (run.status, run.out) == (2, "")
    assert words in run.err
    assert contents(tmp_path) == before


def test_a_table_without_municipalities_is_explained_too(tmp_path: Path) -> None:
    header = HEADER.replace("municipality,", "")
    (tmp_path / "areas.csv").write_bytes(
        table("Ravnehøj,2015-12-01,2000,50.5,3.1,60.2,50.1,60.0", header=header)
    )
    run = udsat(tmp_path, "explain", "areas.csv", "ravnehøj")
    assert run.status == 0 and run.out.startswith("Ravnehøj, list of 1 December 2015: ghettoområde")


@pytest.mark.parametrize("code", ["UD101", "ud604"])
def test_a_code_is_explained_in_every_format(code: str) -> None:
    about = CODES[code.upper()]
    document = json.loads(udsat(ROOT, "explain", code, "--format", "json").out)
    assert document == {
        "schema": "udsat.code/1", "code": code.upper(), "title": about.title, "severity": about.severity, "more": about.more, "example": about.example,
    }  # fmt: skip
    for kind in ("table", "markdown"):
        assert (
            udsat(ROOT, "explain", code, "--format", kind)
            .out.removeprefix("# ")
            .startswith(f"{code.upper()}: ")
        )
    assert about.more in udsat(ROOT, "explain", code).out


def test_nothing_is_said_of_the_names_of_other_areas(tmp_path: Path) -> None:
    rows = [
        "Parken,Kolding,2019-12-01,2000,41,1,61,60,40",
        "Parken,Svendborg,2019-12-01,2000,41,1,61,60,40",
    ]
    (tmp_path / "areas.csv").write_bytes(table(*rows))
    err = udsat(
        tmp_path,
        "explain",
        "areas.csv",
        "Parken",
        "--municipality",
        "Kolding",
        "--decimal",
        "point",
    ).err
    assert "'Parken' in Kolding is near the listed" in err
    assert "Svendborg" not in err


def test_a_definition_of_ones_own_is_explained_with_the_residents_its_categories_ask_for(
    tmp_path: Path,
) -> None:
    rows = [
        f"{area},Ringsted,{year},{residents},41"
        for area, residents in (("Stor", 6000), ("Lille", 1500))
        for year in (2018, 2019)
    ]
    text = "\n".join(["area,municipality,year,residents,outside_labour_market_pct", *rows, ""])
    (tmp_path / "areas.csv").write_text(text, encoding="utf-8")
    criteria = str(ROOT / "criteria/examples/kombineret_udlejning.toml")
    for area, needed in (
        ("Stor", "6,000 residents, 5,000 needed"),
        ("Lille", "1,500 residents, 5,000 needed"),
    ):
        run = udsat(
            tmp_path,
            "explain",
            "areas.csv",
            area,
            "--criteria",
            criteria,
            "--list-year",
            "2019",
            "--ways-off",
            "--ways-on",
        )
        assert run.status == 0, run.err
        assert needed in run.out


def test_several_codes_are_explained_one_after_the_other(tmp_path: Path) -> None:
    both = udsat(tmp_path, "explain", "UD101", "ud213").out
    assert [line.partition(":")[0] for line in both.splitlines() if line.startswith("UD")] == [
        "UD101",
        "UD213",
    ]
    document = json.loads(udsat(tmp_path, "explain", "UD101", "UD213", "--format", "json").out)
    assert [one["code"] for one in document["codes"]] == ["UD101", "UD213"]


def test_an_area_in_another_municipality_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "area,municipality,list_date,convicted_pct\nLunden,Ringsted,2015-12-01,3.0\nEngen,Struer,2015-12-01,3.0\n",
        encoding="utf-8",
    )
    run = udsat(tmp_path, "explain", "a.csv", "Lunden", "--municipality", "Struer")
    assert (
        run.status == 2
        and "no area 'Lunden' in a municipality 'Struer' (there is 'Lunden' in Ringsted)" in run.err
    )
