"""The one resolver of names: spellings, codes, other names, the user's names, and what is only near."""

from __future__ import annotations

import csv
import datetime as dt
import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import ROOT
from udsat.evidence import published_lists
from udsat.names.areas import Alias, Area, Match, SameAs
from udsat.names.municipalities import danish
from udsat.names.resolver import Resolver
from udsat.names.spelling import plain_name

PUBLISHED = ROOT / "criteria" / "published"


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((PUBLISHED / name).read_text(encoding="utf-8").splitlines()))


ALIASES = {
    status: [row for row in rows_of("aliases.csv") if row["status"] == status]
    for status in ("stated", "unproven")
}
LISTED = sorted({(row["area"], row["municipality"]) for row in rows_of("membership.csv")})


@pytest.fixture(scope="module")
def names() -> Resolver:
    return published_lists.shipped().names


# Listed areas ----


def test_every_listed_area_is_found_by_its_own_name(names: Resolver) -> None:
    assert [names.find(*area) for area in LISTED] == [
        Match((Area(*area),), True) for area in LISTED
    ]


def test_every_stated_alias_is_its_area(names: Resolver) -> None:
    rows = ALIASES["stated"]
    found = [names.find(row["alias"], row["municipality"]) for row in rows]
    assert found == [Match((Area(row["area"], row["municipality"]),), True) for row in rows]


def test_every_unproven_alias_is_near_its_area_and_never_proven_nor_unlisted(
    names: Resolver,
) -> None:
    rows = ALIASES["unproven"]
    matches = [(row, names.find(row["alias"], row["municipality"])) for row in rows]
    wrong = [
        row
        for row, match in matches
        if match is None
        or match.proven
        or Area(row["area"], row["municipality"]) not in match.areas
    ]
    assert wrong == []


SPELLINGS: dict[str, Callable[[str], str]] = {
    "upper case": lambda name: name.upper(),
    "lower case": lambda name: name.lower(),
    "aa for å": lambda name: name.replace("å", "aa"),
    "mv.": lambda name: re.sub(r"\s(mv|m\.fl)\.?$", "", name) + " mv.",
    "spaces around the stroke": lambda name: name.replace("/", "  /  "),
    "another order": lambda name: "/".join(reversed(name.split("/"))),
    "a soft hyphen": lambda name: name[:3] + "\xad" + name[3:],
    "a typographic hyphen": lambda name: name.replace("-", "\u2011"),
    "letters and their marks apart": lambda name: unicodedata.normalize("NFD", name),
    "spaces around": lambda name: f"  {name}\u00a0",
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_spelling_does_not_keep_a_listed_area_from_being_found(
    spelling: Callable[[str], str], names: Resolver
) -> None:
    found = [(area, names.find(spelling(area), town)) for area, town in LISTED]
    assert [(area, match) for area, match in found if match is None or not match.proven] == []


def test_a_name_holds_in_its_municipality_only(names: Resolver) -> None:
    assert names.find("Ringparken", "Slagelse") == Match(
        (Area("Ringparken, Slagelse", "Slagelse"),), True
    )
    assert names.find("Ringparken", "Esbjerg") == Match((Area("Stengårdsvej", "Esbjerg"),), False)
    assert names.find("Ringparken", "Randers") is None


@pytest.mark.parametrize(
    ("name", "town"),
    [("Vollsmosse", "Odense"), ("Gellerup parken", "Aarhus"), ("Mjølnerpark", "København")],
)
def test_a_name_near_a_listed_one_is_neither_proven_nor_unlisted(
    name: str, town: str, names: Resolver
) -> None:
    match = names.find(name, town)
    assert match is not None
    assert not match.proven


def test_without_a_municipality_no_name_is_proven(names: Resolver) -> None:
    match = names.find("Vollsmose", None)
    assert match is not None
    assert (Area("Vollsmose", "Odense") in match.areas, match.proven) == (True, False)


@pytest.mark.parametrize("name", ["Gellerupparken", "Schackenborgvænge", "Vollsmosse"])
def test_without_a_municipality_a_near_name_is_not_unlisted(name: str, names: Resolver) -> None:
    match = names.find(name, None)
    assert match is not None
    assert not match.proven


def test_a_name_near_several_areas_may_be_each_of_them() -> None:
    names = Resolver([Area("Birkeparken Nord", "Odense"), Area("Birkeparken Syd", "Odense")])
    match = names.find("Birkeparken", "Odense")
    assert match is not None
    assert (set(match.areas), match.proven) == (
        {Area("Birkeparken Nord", "Odense"), Area("Birkeparken Syd", "Odense")},
        False,
    )


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Område 1", "Område 10", False),
        ("Område 10", "Område 1", False),
        ("Afdeling 7 Birkeparken", "Afdeling 8 Birkeparken", False),
        ("Område 01", "Område 1", True),
        ("Omraade 1", "Områden 1", True),
        ("Birkeparken 3", "Birkeparken", True),
    ],
)
def test_names_that_differ_in_a_number_are_never_near(one: str, other: str, near: bool) -> None:
    for municipality in ("Odense", None):
        assert (Resolver([Area(other, "Odense")]).find(one, municipality) is not None) == near


# Municipalities ----


@pytest.mark.parametrize(
    "text",
    ["Aarhus", "Århus", "AARHUS", "Arhus", "aarhus kommune", "Aarhus Komm.", "Århus Kommune", "751", "0751", "751 Aarhus", "0751 Århus Kommune",
     "Aarhus (751)", "751 - Aarhus", " Aarhus\u00a0Kommune ", "A\u030arhus", "Kommune Aarhus"],
)  # fmt: skip
def test_a_municipality_is_found_by_name_known_spelling_code_or_both(text: str) -> None:
    assert danish().find(text) == "Aarhus"


@pytest.mark.parametrize(
    "text",
    [
        "461 Aarhus",
        "Aarhuus",
        "999",
        "75",
        "7510",
        "751 461",
        "Kommune",
        "Region Midtjylland",
        "751 Aarhus Odense",
        "?",
    ],
)
def test_what_names_no_municipality_or_two_is_none(text: str) -> None:
    assert danish().find(text) is None


def test_the_register_has_98_municipalities_with_codes_of_their_own_and_every_spelling_names_one() -> (
    None
):
    rows = list(
        csv.DictReader(
            (ROOT / "criteria" / "municipalities.csv").read_text(encoding="utf-8").splitlines()
        )
    )
    assert (
        len({row["code"] for row in rows}) == len({row["name"] for row in rows}) == len(rows) == 98
    )
    assert {row["region"] for row in rows} == {
        "Hovedstaden",
        "Sjælland",
        "Syddanmark",
        "Midtjylland",
        "Nordjylland",
    }
    for row in rows:
        assert row["code4"] == f"0{row['code']}"
        for spelling in (
            row["name"],
            row["code"],
            row["code4"],
            f"{row['code']} {row['name']}",
            *filter(None, row["other_spellings"].split("|")),
        ):
            for text in (spelling, spelling.upper(), f"{spelling} Kommune"):
                assert danish().find(text) == row["name"], text


def test_every_municipality_of_a_shipped_list_is_in_the_register_by_its_own_name() -> None:
    files = ("membership.csv", "partial_membership.csv", "aliases.csv", "borders.csv")
    towns = {row["municipality"] for name in files for row in rows_of(name)}
    assert {town: danish().find(town) for town in towns} == {town: town for town in towns}


@pytest.mark.parametrize(
    "town",
    ["Høje-Taastrup", "Høje Taastrup", "Høje-Tåstrup Kommune", "HØJE TAASTRUP KOMMUNE", "169"],
)
def test_an_area_is_found_however_its_municipality_is_written(town: str, names: Resolver) -> None:
    assert names.find("Tåstrupgård", town) == Match((Area("Tåstrupgård", "Høje-Taastrup"),), True)


@given(st.text(max_size=30))
@settings(max_examples=300)
def test_any_text_is_a_municipality_or_none_and_never_an_error(text: str) -> None:
    assert danish().find(text) in {None, *danish().codes.values()}


# What a user says is the same ----

RINGPARKEN = Area("Ringparken, Slagelse", "Slagelse")
PLAN = Area("Ringparken/Schackenborgvænge", "Slagelse")


def test_a_name_that_a_user_says_is_the_same_is_proven_in_both_directions() -> None:
    names = Resolver(
        [RINGPARKEN],
        same=[SameAs(PLAN, Area("Ringparken, Slagelse", "Slagelse Kommune"))],
        register=danish(),
    )
    assert names.find("Schackenborgvænge / Ringparken", "330 Slagelse") == Match(
        (RINGPARKEN,), True
    )
    turned = Resolver([RINGPARKEN], same=[SameAs(RINGPARKEN, PLAN)], register=danish())
    assert turned.find(*PLAN) == Match((RINGPARKEN,), True)


def test_a_name_that_carries_years_holds_from_its_first_to_its_last_day() -> None:
    first, last = dt.date(2018, 12, 1), dt.date(2020, 12, 1)
    names = Resolver(
        [RINGPARKEN], same=[SameAs(Area("Nordbyen", "Slagelse"), RINGPARKEN, first, last)]
    )

    def proven(date: dt.date | None) -> bool:
        match = names.find("Nordbyen", "Slagelse", date)
        return match is not None and match.proven

    assert [proven(dt.date(year, 12, 1)) for year in range(2017, 2022)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert not proven(None)


def test_what_is_said_of_names_goes_on_from_name_to_name() -> None:
    same = [
        SameAs(Area("A", "Skive"), Area("B", "Skive")),
        SameAs(Area("B", "Skive"), Area("C", "Skive")),
    ]
    names = Resolver([Area("C", "Skive")], same=same)
    assert names.find("a", "Skive") == Match((Area("C", "Skive"),), True)
    assert len({names.identity(name, "Skive") for name in "ABC"}) == 1
    assert names.identity("A", "Struer") != names.identity("C", "Struer")


def test_a_name_of_another_municipality_can_be_the_same() -> None:
    names = Resolver([Area("C", "Skive")], same=[SameAs(Area("A", "Struer"), Area("C", "Skive"))])
    assert names.find("A", "Struer") == Match((Area("C", "Skive"),), True)
    assert names.find("A", "Skive") is None


def test_an_unproven_alias_stays_unproven_until_a_user_says_it() -> None:
    alias = Alias(RINGPARKEN, "Schackenborgvænge", False)
    assert Resolver([RINGPARKEN], [alias]).find("Schackenborgvænge", "Slagelse") == Match(
        (RINGPARKEN,), False
    )
    said = SameAs(Area("Schackenborgvænge", "Slagelse"), RINGPARKEN)
    assert Resolver([RINGPARKEN], [alias], same=[said]).find(
        "Schackenborgvænge", "Slagelse"
    ) == Match((RINGPARKEN,), True)


NAME = st.text(st.sampled_from("abåÅ /mv.10-\xad"), min_size=1, max_size=8)


@given(NAME, NAME)
@settings(max_examples=500)
def test_names_have_one_identity_exactly_where_their_plain_forms_are_equal(
    one: str, other: str
) -> None:
    names = Resolver()
    assert (names.identity(one, "Skive") == names.identity(other, "Skive")) == (
        plain_name(one) == plain_name(other)
    )
