"""Random persons, and a second program that counts them one by one, written from the law and not from the engine.

Nothing here is taken from `udsat.register`: ages, exclusions and what an education counts as stand here by hand.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Person = Mapping[str, Any]
REGIONS = {
    "81": "Region Nordjylland",
    "82": "Region Midtjylland",
    "83": "Region Syddanmark",
    "84": "Region Hovedstaden",
    "85": "Region Sjælland",
}
HEADINGS = {
    "person": "PNR", "year": "AAR", "area": "OMRAADE", "municipality": "KOM", "region": "REG", "age": "ALDER", "origin": "OPRINDELSE",
    "outside": "UDENFOR", "convicted": "DOEMT", "education": "UDDANNELSE", "approved": "UDD_GODKENDT", "income": "BRUTTOINDKOMST",
    "student": "UDD_SOEGENDE",
}  # fmt: skip
#: The list of a year belongs to the version in force on its day.
FIRST_LIST = {"2010": 2010, "2014": 2014, "2018": 2018, "2021": 2021}
BASIC, UNKNOWN = {"10", "H10"}, {"90", "H90", ""}


def version_of_list(year: int) -> str | None:
    return next(
        (name for name in ("2021", "2018", "2014", "2010") if year >= FIRST_LIST[name]), None
    )


def education_rule(year: int, criteria: str | None) -> str | None:
    """Which version counts the education of a year: that of the list of the same year. The law of 2010 does not ask."""
    version = criteria or version_of_list(year)
    return None if version in (None, "2010") else version


def has_basic_schooling_only(person: Person, version: str) -> bool:
    """2014: unknown counts as basic, whatever the source. 2018 and 2021: what is not Danish or approved is basic; unknown is not."""
    level = person["education"]
    if level in BASIC:
        return True
    if level in UNKNOWN:
        return version == "2014"
    return version != "2014" and person["approved"] == 0


def is_counted_in(year: int, measure: str, criteria: str | None) -> bool:
    """Whether any list looks at a measure of a year: work and crime 1 and 2 years on (1 to 4 before 2014), income 2 years on."""
    if criteria is not None:
        return criteria != "2010" or measure not in {"basic_education", "gross_income"}
    if measure in {"outside_labour_market", "convicted"}:
        later = [(year + n, version_of_list(year + n)) for n in (1, 2, 3, 4)]
        return any(version == "2010" or (version and at - year <= 2) for at, version in later)
    if measure == "gross_income":
        return version_of_list(year + 2) not in (None, "2010")
    if measure == "basic_education":
        return education_rule(year, None) is not None
    return version_of_list(year) is not None


def counts(
    persons: Sequence[Person], criteria: str | None = None
) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Return the exact counts of every area and year: by area, municipality and year."""
    areas: dict[tuple[str, str, int], list[Person]] = {}
    for person in persons:
        if person["area"]:
            areas.setdefault(
                (person["area"], str(person["municipality"]), person["year"]), []
            ).append(person)
    return {key: _counts(some, key[2], criteria) for key, some in areas.items()}


def _counts(some: Sequence[Person], year: int, criteria: str | None) -> dict[str, Any]:
    work = [p for p in some if 18 <= p["age"] <= 64]
    adults = [p for p in some if p["age"] >= 18]
    taught = [p for p in some if 30 <= p["age"] <= 59]
    earning = [
        p for p in some if 15 <= p["age"] <= 64 and not p["student"] and p["income"] is not None
    ]
    rule = education_rule(year, criteria)
    found: dict[str, Any] = {"residents": len(some)}
    if is_counted_in(year, "outside_labour_market", criteria):
        found |= {
            "outside_labour_market": sum((Fraction(p["outside"]) for p in work), Fraction(0)),
            "outside_labour_market_base": len(work),
        }
    if is_counted_in(year, "convicted", criteria):
        found |= {"convicted": sum(p["convicted"] for p in adults), "convicted_base": len(adults)}
    if rule:
        basic = sum(has_basic_schooling_only(p, rule) for p in taught)
        found |= {"basic_education": basic, "basic_education_base": len(taught)}
    if is_counted_in(year, "gross_income", criteria) and earning:
        found["gross_income"] = sum((Fraction(p["income"]) for p in earning), Fraction(0)) / len(
            earning
        )
    if is_counted_in(year, "non_western", criteria):
        found |= {
            "non_western": sum(p["origin"] == "ikke-vestlig" for p in some),
            "non_western_base": len(some),
        }
    return found


def national_convicted(persons: Sequence[Person], year: int) -> Fraction | None:
    """Return the national share in percent, where persons of every region are there."""
    some = [p for p in persons if p["year"] == year]
    adults = [p for p in some if p["age"] >= 18]
    if {p["region"] for p in some} != set(REGIONS) or not adults:
        return None
    return Fraction(100 * sum(p["convicted"] for p in adults), len(adults))


def mean_incomes(persons: Sequence[Person], year: int) -> dict[str, Fraction]:
    """Return the mean income of each region, among taxpayers aged 15 to 64 who are no students."""
    incomes: dict[str, list[Fraction]] = {}
    for p in persons:
        if (
            p["year"] == year
            and 15 <= p["age"] <= 64
            and not p["student"]
            and p["income"] is not None
        ):
            incomes.setdefault(REGIONS[p["region"]], []).append(Fraction(p["income"]))
    return {name: sum(some, Fraction(0)) / len(some) for name, some in incomes.items()}


def as_parquet(
    persons: Sequence[Person], path: Path, *, texts: bool = False, row_group: int | None = None
) -> Path:
    """Write persons as Parquet: numbers as numbers and floats, or all as text."""
    columns: dict[str, Any] = {}
    for name, heading in HEADINGS.items():
        cells = [person[name] for person in persons]
        if texts:
            columns[heading] = pa.array(
                [None if cell is None or cell == "" else str(cell) for cell in cells], pa.string()
            )
        elif name in {"outside", "income"}:
            columns[heading] = pa.array(
                [None if cell is None else float(cell) for cell in cells], pa.float64()
            )
        elif name in {"age", "convicted", "student", "approved", "year"}:
            columns[heading] = pa.array(cells, pa.int16())
        else:
            columns[heading] = pa.array(
                [None if cell is None or cell == "" else str(cell) for cell in cells], pa.string()
            )
    pq.write_table(pa.table(columns), path, row_group_size=row_group)
    return path


def as_csv(persons: Sequence[Person], path: Path, *, danish: bool = False) -> Path:
    """Write persons as CSV; the Danish way is a semicolon, a decimal comma and Windows-1252."""
    with path.open("w", encoding="cp1252" if danish else "utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";" if danish else ",")
        writer.writerow(HEADINGS.values())
        for person in persons:
            cells = ["" if person[name] is None else str(person[name]) for name in HEADINGS]
            writer.writerow([cell.replace(".", ",") if danish else cell for cell in cells])
    return path
