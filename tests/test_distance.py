"""Distances: one person counts below stated does not flip the outcome, the stated number does; all of it in whole numbers."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commandline import udsat
from support import ROOT, SAMPLES
from udsat.analysis.explain.distance import (
    Distance,
    Figure,
    Goal,
    Income,
    PersonCount,
    distance,
    goal,
)
from udsat.analysis.explain.explain import distances
from udsat.analysis.explain.figures import figures
from udsat.analysis.records import records
from udsat.api import Scored, evaluate
from udsat.evidence.references import Reference, ReferenceTable, _ReferenceRow, references
from udsat.law.loader import shipped
from udsat.scoring.thresholds import Threshold, line

MEASURES = ("outside_labour_market", "convicted", "basic_education", "non_western")
COUNTS = st.integers(1, 400).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))


def lines() -> list[Threshold]:
    """Return the line of every criterion of every version, those of crime as printed and as a multiple of a mean."""
    date = dt.date(2024, 12, 1)
    third = Reference(Fraction(2, 3), Fraction(2, 3), Fraction(2, 3), "test", "stated")
    printed = Reference(Fraction("2.025"), Fraction("2.035"), Fraction("2.03"), "test", "stated")
    tables = [
        ReferenceTable((_ReferenceRow(date, "convicted", "national", "", "", third),)),
        ReferenceTable(
            (
                _ReferenceRow(date, "convicted", "limit", "", "crime", printed),
                _ReferenceRow(date, "convicted", "limit", "", "prevention_crime", printed),
            )
        ),
    ]
    return [
        line(name, version, date, table)
        for version in shipped().versions
        for name in version.criteria
        for table in tables
    ]


LINES = lines()


def outcome(value: Fraction, line: Threshold) -> str:
    """Judge a value by hand: certain on either side of all that the line may be."""
    low, high = Fraction(line.low or 0, 2 * 10**13), Fraction(line.high or 0, 2 * 10**13)
    if line.comparator == "exceeds":
        return "met" if value > high else "not_met" if value <= low else "unknown"
    if line.comparator == "at_least":
        return "met" if value >= high else "not_met" if value < low else "unknown"
    return "met" if value < low else "not_met" if value >= high else "unknown"


def of(count: PersonCount, line: Threshold) -> tuple[str, Distance]:
    value = count.share()
    now = outcome(value, line)
    return now, distance(now, line, Figure(value, value, count))


@given(
    st.sampled_from([line for line in LINES if line.above]), COUNTS, st.lists(COUNTS, max_size=3)
)
@settings(max_examples=600, deadline=None)
def test_the_stated_number_of_persons_flips_the_outcome_and_one_fewer_does_not(
    line: Threshold, latest: tuple[int, int], before: list[tuple[int, int]]
) -> None:
    count = PersonCount(
        Fraction(latest[0]), Fraction(latest[1]), tuple(Fraction(*pair) for pair in before)
    )
    now, found = of(count, line)
    if now == "unknown":
        assert (found.towards, found.points, found.persons_status) == (None, None, None)
        return
    sign = 1 if found.towards == "met" else -1
    moves = {
        "status": (found.persons_status, lambda k: (sign * k, 0)),
        "out": (found.persons_moving_out, lambda k: (0 if sign == 1 else -k, -k)),
        "in": (found.persons_moving_in, lambda k: (k, k)),
    }
    for stated, change in moves.values():
        if stated is not None:
            assert outcome(count.share(*change(stated)), line) == found.towards
            assert stated > 0 and outcome(count.share(*change(stated - 1)), line) != found.towards


@given(
    st.sampled_from([line for line in LINES if line.above]), COUNTS, st.lists(COUNTS, max_size=2)
)
@settings(max_examples=400, deadline=None)
def test_where_no_number_of_persons_is_stated_none_flips_the_outcome(
    line: Threshold, latest: tuple[int, int], before: list[tuple[int, int]]
) -> None:
    count = PersonCount(
        Fraction(latest[0]), Fraction(latest[1]), tuple(Fraction(*pair) for pair in before)
    )
    now, found = of(count, line)
    if now == "unknown":
        return
    persons, base = latest
    counted, others = range(1, persons + 1), range(1, base - persons + 1)
    status = {-k for k in counted} if now == "met" else set(others)
    out = (
        [(-k, -k) for k in counted if k < base]
        if now == "met"
        else [(0, -k) for k in others if k < base]
    )
    if found.persons_status is None:
        assert all(
            outcome(count.share(k), line) == now or outcome(count.share(k), line) == "unknown"
            for k in status
        )
        assert found.why
    if found.persons_moving_out is None:
        assert all(outcome(count.share(*move), line) != found.towards for move in out)


@given(st.sampled_from(LINES), st.fractions(0, 120, max_denominator=10**6))
@settings(max_examples=400, deadline=None)
def test_the_stated_points_are_the_least_that_flip_the_outcome(
    line: Threshold, value: Fraction
) -> None:
    now = outcome(value, line)
    found = distance(now, line, Figure(value, value))
    if found.points is None:
        assert now == "unknown"
        return
    up = (found.towards == "met") == line.above
    there = value + found.points if up else value - found.points
    little = Fraction(1, 10**20) * (1 if up else -1)
    assert outcome(there + little, line) == found.towards
    assert outcome(there - little, line) != found.towards
    assert (outcome(there, line) == found.towards) is not found.more_than
    assert found.persons_status is None and "no exact counts" in found.why


@given(st.fractions(1, 900_000, max_denominator=100), st.fractions(1, 900_000, max_denominator=100))
@settings(max_examples=200, deadline=None)
def test_the_stated_kroner_flip_the_outcome_and_one_krone_less_does_not(
    own: Fraction, region: Fraction
) -> None:
    income = next(line for line in LINES if not line.above)
    value = 100 * own / region
    now = outcome(value, income)
    found = distance(now, income, Figure(value, value, Income(own, region)), is_income=True)
    assert found.kroner is not None and found.kroner >= 0
    sign = -1 if found.towards == "met" else 1
    assert outcome(100 * (own + sign * found.kroner) / region, income) == found.towards
    assert outcome(100 * (own + sign * (found.kroner - 1)) / region, income) != found.towards


@given(COUNTS, st.sampled_from([line for line in LINES if line.above]))
@settings(max_examples=200, deadline=None)
def test_the_formulas_of_one_year_are_those_of_the_definition(
    latest: tuple[int, int], line: Threshold
) -> None:
    n, d = latest
    now, found = of(PersonCount(Fraction(n), Fraction(d)), line)
    if now != "met":
        return
    t = Fraction(line.low or 0, 2 * 10**15)
    floor = (n - t * d).__floor__()
    ceil = (n - t * d).__ceil__()
    if line.comparator == "exceeds":
        assert found.persons_status == ceil == n - (t * d).__floor__()
        assert found.persons_moving_out in {((n - t * d) / (1 - t)).__ceil__(), None}
    else:
        assert found.persons_status == floor + 1 == n - (t * d).__ceil__() + 1
        assert found.persons_moving_out in {((n - t * d) / (1 - t)).__floor__() + 1, None}


def test_a_bounded_value_is_far_enough_only_where_all_it_may_be_is() -> None:
    forty = next(line for line in LINES if line.comparator == "exceeds" and line.shown == 40)
    found = distance("met", forty, Figure(Fraction("41.15"), Fraction("41.25")))
    assert (found.points, found.more_than) == (Fraction("1.25"), False)
    found = distance("not_met", forty, Figure(Fraction("38.15"), Fraction("38.25")))
    assert (found.points, found.more_than) == (Fraction("1.85"), True)


def test_an_unknown_line_has_no_goal() -> None:
    assert goal(Threshold("at_least", None, None, Fraction("2.35"), "x", True), "met") is None
    assert goal(Threshold("exceeds", 10**15, 10**15, Fraction(50)), "not_met") == Goal(
        Fraction(50), False, True
    )


# Through the engine ----


def table(rows: list[dict[str, Any]], folder: Path, name: str) -> Path:
    stream = io.StringIO()
    writer = csv.DictWriter(
        stream, list(dict.fromkeys(key for row in rows for key in row)), lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    path = folder / name
    path.write_text(stream.getvalue(), encoding="utf-8")
    return path


def judged(
    path: Path, **options: Any
) -> tuple[Scored, dict[str, dict[str, Any]], dict[str, dict[str, Distance]]]:
    scored = evaluate(
        [path], references=[path.parent / "references.csv"], decimal="point", **options
    )
    rows = records(scored.verdicts.areas())
    found = distances(
        scored.verdicts, figures(scored.verdicts, scored.checked.table), rows, include_origin=True
    )
    return (
        scored,
        {row["area"]: row for row in rows},
        {row["area"]: found[row["row"]] for row in rows},
    )


REFERENCES = """year,measure,scope,region,criterion,value,unit,source,status
2022,convicted,national,,,0.64,percent,invented,stated
2023,convicted,national,,,0.67,percent,invented,stated
2022,gross_income,region,Region Sjælland,,331111,dkk,invented,stated
"""
AREAS = [(n, (37 * n) % 90 - 45) for n in range(24)]


def counted(n: int, off: int) -> dict[str, dict[str, int]]:
    """Return the counts of an area by measure: some near the thresholds, on either side."""
    return {
        "outside_labour_market": {"n": 480 + off, "d": 1201 + n},
        "convicted": {"n": 26 + off // 12, "d": 1350 + 3 * n},
        "basic_education": {"n": 500 + off, "d": 830 + n},
        "non_western": {"n": 860 + 4 * off, "d": 1650 + n},
    }


def year_rows(
    name: str, n: int, off: int, change: dict[str, tuple[int, int]] | None = None, kroner: int = 0
) -> list[dict[str, Any]]:
    """Return three calendar years of an area; `change` moves the counts of the latest year that a measure looks at."""
    rows: list[dict[str, Any]] = []
    for year in (2022, 2023, 2024):
        row: dict[str, Any] = {
            "area": name,
            "municipality": "Lemvig",
            "region": "Region Sjælland",
            "year": year,
        }
        for measure, pair in counted(n, off).items():
            latest = 2024 if measure in {"basic_education", "non_western"} else 2023
            if year > latest or (latest == 2024 and year < 2024):
                continue
            more = (change or {}).get(measure, (0, 0)) if year == latest else (0, 0)
            row[measure] = pair["n"] + more[0] + (7 if year == 2022 else 0)
            row[f"{measure}_base"] = pair["d"] + more[1]
        row |= {"residents": 1650 + n} if year == 2024 else {}
        row |= {"gross_income": 182_000 + 37 * off + kroner} if year == 2022 else {}
        rows.append(row)
    return rows


def list_row(
    name: str, n: int, off: int, change: dict[str, tuple[int, int]] | None = None
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "area": name,
        "municipality": "Lemvig",
        "list_year": 2017,
        "residents": 1650,
    }
    for measure, pair in counted(n, off).items():
        more = (change or {}).get(measure, (0, 0))
        row |= {measure: pair["n"] + more[0], f"{measure}_base": pair["d"] + more[1]}
    return row


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "references.csv").write_text(REFERENCES, encoding="utf-8")
    return tmp_path


def changes(
    scored: Scored, found: dict[str, dict[str, Distance]]
) -> list[tuple[str, str, str, str, tuple[int, int], bool]]:
    """Return every change to try: area, criterion, measure, outcome to reach, change of counts, whether it must be reached."""
    version = next(iter(scored.verdicts.case.versions.values()))
    tries = []
    for area, of_area in found.items():
        for criterion, one in of_area.items():
            sign = 1 if one.towards == "met" else -1
            kinds = [
                (one.persons_status, sign, 0),
                (one.persons_moving_out, 0 if sign == 1 else -1, -1),
                (one.persons_moving_in, 1, 1),
            ]
            for stated, over, under in kinds:
                if stated is not None:
                    measure = version.criteria[criterion].measure
                    tries += [
                        (
                            area,
                            criterion,
                            measure,
                            str(one.towards),
                            (over * stated, under * stated),
                            True,
                        ),
                        (
                            area,
                            criterion,
                            measure,
                            str(one.towards),
                            (over * (stated - 1), under * (stated - 1)),
                            False,
                        ),
                    ]
    return tries


@pytest.mark.parametrize("by_year", [True, False], ids=["two-year means", "counts of a list"])
def test_the_engine_itself_flips_at_the_stated_number_and_not_before(
    folder: Path, by_year: bool
) -> None:
    options: dict[str, Any] = {"list_year": 2024} if by_year else {}
    places = {f"A{n}": (n, off) for n, off in AREAS}

    def rows(
        name: str, area: str, change: dict[str, tuple[int, int]] | None = None
    ) -> list[dict[str, Any]]:
        return (
            year_rows(name, *places[area], change)
            if by_year
            else [list_row(name, *places[area], change)]
        )

    scored, _, found = judged(
        table([row for area in places for row in rows(area, area)], folder, "now.csv"), **options
    )
    tries = changes(scored, found)
    changed = [
        row
        for n, (area, _, measure, _, change, _) in enumerate(tries)
        for row in rows(f"T{n}", area, {measure: change})
    ]
    _, after, _ = judged(table(changed, folder, "then.csv"), **options)
    wrong = [one for n, one in enumerate(tries) if (after[f"T{n}"][one[1]] == one[3]) is not one[5]]
    assert wrong == []
    assert len(tries) > 200
    assert {one[3] for one in tries} == {"met", "not_met"}


def test_the_engine_itself_flips_at_the_stated_kroner_and_not_before(folder: Path) -> None:
    places = {f"A{n}": (n, off) for n, off in AREAS}
    _, _, found = judged(
        table(
            [row for a, place in places.items() for row in year_rows(a, *place)], folder, "now.csv"
        ),
        list_year=2024,
    )
    tries = []
    for area, of_area in found.items():
        for criterion in ("income", "prevention_income"):
            one = of_area[criterion]
            assert one.kroner is not None
            sign = -1 if one.towards == "met" else 1
            tries += [
                (area, criterion, one.towards, sign * one.kroner, True),
                (area, criterion, one.towards, sign * (one.kroner - 1), False),
            ]
    changed = [
        row
        for n, (area, *_, kroner, _) in enumerate(tries)
        for row in year_rows(f"T{n}", *places[area], kroner=kroner)
    ]
    _, after, _ = judged(table(changed, folder, "then.csv"), list_year=2024)
    assert [
        one for n, one in enumerate(tries) if (after[f"T{n}"][one[1]] == one[2]) is not one[4]
    ] == []


def test_this_years_allowance_leaves_the_other_year_of_the_mean_as_it_is(folder: Path) -> None:
    scored = evaluate(
        [ROOT / "docs/examples/calendar_years.csv"],
        list_year=2024,
        references=[ROOT / "docs/examples/references.csv"],
    )
    found = distances(
        scored.verdicts,
        figures(scored.verdicts, scored.checked.table),
        records(scored.verdicts.areas()),
        include_origin=False,
    )
    ours, theirs = found.values()
    assert (ours["labour_market"].towards, ours["labour_market"].persons_status) == ("met", 1)
    assert (theirs["labour_market"].towards, theirs["labour_market"].persons_status) == (
        "not_met",
        1,
    )
    assert {one["labour_market"].other_years for one in found.values()} == {1}


def test_decimal_counts_of_full_time_persons_are_exact(folder: Path) -> None:
    row = list_row("A", 0, 0) | {
        "outside_labour_market": "480.41",
        "outside_labour_market_base": "1200.5",
    }
    _, _, found = judged(table([row, list_row("B", 0, 0)], folder, "now.csv"))
    assert found["A"]["labour_market"].points == 100 * Fraction("480.41") / Fraction("1200.5") - 40
    assert found["A"]["labour_market"].persons_status == 1


def test_bounds_give_points_and_say_why_there_are_no_persons(folder: Path) -> None:
    row = list_row("A", 0, 0) | {"convicted": "3-7"}
    _, rows, found = judged(table([row, list_row("B", 0, 0)], folder, "now.csv"))
    assert rows["A"]["crime"] == "not_met"
    assert found["A"]["crime"].persons_status is None and "counts" in found["A"]["crime"].why
    points = found["A"]["crime"].points
    assert points is not None and 0 <= points - (Fraction("2.7") - Fraction(300, 1350)) < Fraction(
        1, 10**12
    )


# Distances as others published them ----


def published(indicator: str, area: str) -> list[int]:
    with (ROOT / "tests/data/published_values.csv").open(encoding="utf-8") as stream:
        return [
            int(row["value"])
            for row in csv.DictReader(stream)
            if row["indicator"] == indicator and row["area"] == area
        ]


def test_the_86_persons_of_agervang_are_ours_where_the_share_is_48_7_percent(folder: Path) -> None:
    """The municipality's paper gives the distance and the base (982 of working age), but no share."""
    (stated,) = published("distance_persons_outside_labour_market", "Agervang")
    forty = next(line for line in LINES if line.comparator == "exceeds" and line.shown == 40)
    fits = [
        n
        for n in range(983)
        if of(PersonCount(Fraction(n), Fraction(982)), forty)[1].persons_status == stated
    ]
    met = [n for n in fits if 100 * n > 40 * 982]
    assert met == [478]
    assert round(100 * 478 / 982, 1) == 48.7


def test_no_one_base_gives_both_distances_that_were_published_for_munkebo() -> None:
    """42.1 percent was printed for the list of 2017; 25 and 15 persons were said of it and of the list of May 2018."""
    with (SAMPLES / "published_areas.csv").open(encoding="utf-8") as stream:
        (share,) = [
            row["outside_labour_market_pct"]
            for row in csv.DictReader(stream)
            if (row["area"], row["list_date"]) == ("Munkebo", "2017-12-01")
        ]
    assert share == "42.1"
    forty = next(line for line in LINES if line.comparator == "exceeds" and line.shown == 40)

    def bases(stated: int) -> set[int]:
        return {
            base
            for base in range(500, 1500)
            for n in range(int(base * 0.4204), int(base * 0.4216) + 1)
            if Fraction("42.05") <= 100 * Fraction(n, base) < Fraction("42.15")
            and of(PersonCount(Fraction(n), Fraction(base)), forty)[1].persons_status == stated
        }

    assert published("distance_persons_outside_labour_market", "Munkebo") == [25, 15]
    assert (min(bases(25)), max(bases(25))) == (1127, 1215)
    assert (min(bases(15)), max(bases(15))) == (662, 730)


# As printed ----

#: The list of 2018 on Skovvejen/Skovparken (jv.dk, May 2019): shares in percent, and how many persons were too many.
PRINTED = {
    "labour_market": "outside_labour_market",
    "crime": "convicted",
    "education": "basic_education",
    "origin": "non_western",
}
#: Whole numbers that give every printed share and every printed number of persons. Inferred: the source prints no counts;
#: 387 persons in 16.4 points are about 2,360 residents.
SKOVVEJEN = {
    "outside_labour_market": (636, 1533),
    "convicted": (38, 1674),
    "basic_education": (523, 705),
    "non_western": (1567, 2360),
}


def printed(indicator: str) -> Fraction:
    rows = csv.DictReader(
        (ROOT / "tests" / "data" / "published_values.csv").read_text(encoding="utf-8").splitlines()
    )
    key = ("2018-12-01", "Skovvejen/Skovparken", indicator)
    [value] = {
        row["value"] for row in rows if (row["list_date"], row["area"], row["indicator"]) == key
    }
    return Fraction(value)


def line_of_2018(criterion: str) -> Threshold:
    law = shipped()
    version = next(one for one in law.versions if one.id == "2018")
    return line(criterion, version, dt.date(2018, 12, 1), references((), law))


def rounds_to(persons: int, base: int, share: Fraction) -> bool:
    """Whether persons of a base are a share as printed with one decimal."""
    return abs(Fraction(100 * persons, base) - share) <= Fraction(1, 20)


@pytest.mark.parametrize("criterion", PRINTED)
def test_the_printed_number_of_persons_lies_within_what_the_printed_share_allows(
    criterion: str,
) -> None:
    """From every whole number that rounds to the printed share comes a distance; the printed one is among them, inside its ends."""
    measure = PRINTED[criterion]
    share, persons = printed(f"{measure}_pct"), printed(f"distance_persons_{measure}")
    law = line_of_2018(criterion)
    points = share - Fraction(law.shown or 0)
    bases = range(
        int(100 * persons / (points + Fraction(1, 10))),
        int(100 * persons / (points - Fraction(1, 10))) + 1,
    )
    found = {
        stated
        for base in bases
        for count in range(
            int(base * (share - Fraction(1, 20)) / 100),
            int(base * (share + Fraction(1, 20)) / 100) + 2,
        )
        if rounds_to(count, base, share)
        and (stated := of(PersonCount(Fraction(count), Fraction(base)), law)[1].persons_status)
    }
    assert min(found) <= persons <= max(found) and int(persons) in found


def test_explain_states_the_printed_numbers_of_persons(tmp_path: Path) -> None:
    counts = {name: persons for name, (persons, _) in SKOVVEJEN.items()} | {
        f"{name}_base": base for name, (_, base) in SKOVVEJEN.items()
    }
    assert all(
        rounds_to(*SKOVVEJEN[measure], printed(f"{measure}_pct")) for measure in PRINTED.values()
    )
    row = {
        "area": "Skovvejen/Skovparken",
        "municipality": "Kolding",
        "list_date": "2018-12-01",
        "residents": 2360,
        **counts,
    }
    path = table([row | {"income_ratio_pct": 80}], tmp_path, "skovvejen.csv")
    scored = evaluate([path], decimal="point")
    [verdict] = scored.areas()
    assert (verdict["category"], verdict["met_count"], verdict["origin"]) == (
        "haard_ghetto",
        3,
        "met",
    )
    run = udsat(
        tmp_path,
        "explain",
        path.name,
        row["area"],
        "--format",
        "json",
        "--decimal",
        "point",
        "--include-origin",
    )
    [explained] = json.loads(run.out)["areas"]
    stated = {name: explained["criteria"][name]["distance"]["persons_status"] for name in PRINTED}
    assert stated == {
        name: int(printed(f"distance_persons_{measure}")) for name, measure in PRINTED.items()
    }
    assert {name: one["outcome"] for name, one in explained["criteria"].items()} == {
        **dict.fromkeys(PRINTED, "met"),
        "income": "not_met",
    }


def test_the_residents_of_skovvejen_follow_from_its_persons_too_many_of_non_western_origin() -> (
    None
):
    """387 / 0.164 is about 2,360: every number of residents that gives both printed figures lies close to it."""
    share, persons, law = printed("non_western_pct"), 387, line_of_2018("origin")
    fit = [
        residents
        for residents in range(2200, 2500)
        for count in range(residents // 2 + persons - 1, residents // 2 + persons + 2)
        if rounds_to(count, residents, share)
        and of(PersonCount(Fraction(count), Fraction(residents)), law)[1].persons_status == persons
    ]
    assert 2360 in fit and (min(fit), max(fit)) == (2351, 2366)
