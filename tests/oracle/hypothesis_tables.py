"""Small tables for property tests, built of their cells so that a failing one shrinks to those that matter.

`count_tables` are of kind (b) of `tables`, `random_tables` and `random_year_tables` of kind (d).
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import assume
from hypothesis import strategies as st

from .tables import (
    CONVICTED,
    DATES,
    ORIGIN,
    REGIONS,
    SCHOOL,
    SHARES,
    WORK,
    Key,
    Lists,
    Row,
    Table,
    decimal,
    reference,
)

AREAS = ("Kobberlund", "Ravnehøj", "Tidselvang", "Sejlmagergården")  # made up, no two alike
MUNICIPALITIES = ("Ringsted", "Skive")
DECEMBERS = tuple(f"{year}-12-01" for year in range(2014, 2026))
LINES = {WORK: (40, 30), SCHOOL: (50, 60), ORIGIN: (50, 30), CONVICTED: (2, 3), "income": (55, 65)}
COLUMNS = [column for m in SHARES for column in (m + "_pct", m, m + "_base")] + [
    "gross_income",
    "income_ratio_pct",
]


@st.composite
def plain_values(draw: st.DrawFn, lines: tuple[int, ...], largest: int) -> str:
    """A value at a line, near it, or anywhere, with at most nine decimals."""
    places = draw(st.sampled_from((1, 0, 2, 9)))
    step = draw(
        st.one_of(st.integers(-2, 2), st.integers(-largest * 10**places, largest * 10**places))
    )
    units = draw(st.sampled_from(lines)) * 10**places + step
    return decimal(min(max(units, 0), largest * 10**places), places)


@st.composite
def long_values(draw: st.DrawFn, lines: tuple[int, ...]) -> str:
    """Twelve decimals, within some billionths of a line; rounding to nine places is never a tie."""
    off = draw(st.integers(-4, 4)) * 1000 + draw(
        st.one_of(st.integers(1, 499), st.integers(501, 999))
    )
    return decimal(draw(st.sampled_from(lines)) * 10**12 + off, 12)


@st.composite
def bounds(draw: st.DrawFn, lines: tuple[int, ...]) -> str:
    at = draw(st.sampled_from(lines))
    low = max(0, at - draw(st.integers(1, 2)))
    return draw(
        st.sampled_from(("<5", "3-7", f"<{at}", f"<{at + 1}", f"{low}-{at}", f"{at}-{at + 2}"))
    )


def share_cells(lines: tuple[int, ...], largest: int = 100) -> st.SearchStrategy[str]:
    plain = plain_values(lines, largest)
    return st.one_of(plain, plain, st.sampled_from(("", "..")), bounds(lines), long_values(lines))


@st.composite
def exact_counts(draw: st.DrawFn, line: Fraction) -> tuple[str, str]:
    """Persons and base at the line (in percent), or one or two persons from it."""
    share = line / 100
    base = share.denominator * draw(st.integers(1, 30)) + draw(st.sampled_from((0, 0, 1)))
    persons = share.numerator * base // share.denominator + draw(st.integers(-2, 2))
    return str(min(max(persons, 0), base)), str(base)


@st.composite
def bounded_counts(draw: st.DrawFn, line: int) -> tuple[str, str]:
    base = draw(st.integers(8, 200))
    at = min(line * base // 100, base - 3)
    persons = draw(st.sampled_from((f"<{at + 1}", f"{at}-{at + 2}", str(at), "<5", "3-7")))
    return persons, draw(st.sampled_from((str(base), f"{base}-{base + 3}")))


@st.composite
def measure_cells(draw: st.DrawFn, measure: str) -> Row:
    """A share or counts, never both."""
    lines = LINES[measure]
    kind = draw(st.sampled_from(("share", "exact", "bounded", "none")))
    if kind == "share":
        return {measure + "_pct": draw(share_cells(lines))}
    if kind == "none":
        return draw(
            st.sampled_from(
                ({}, {measure + "_base": "120"}, {measure: "0", measure + "_base": "0"})
            )
        )
    line = draw(st.sampled_from(lines))
    persons, base = draw(exact_counts(Fraction(line)) if kind == "exact" else bounded_counts(line))
    return {measure: persons, measure + "_base": base}


@st.composite
def income_cells(draw: st.DrawFn) -> Row:
    if draw(st.booleans()):
        return {"income_ratio_pct": draw(share_cells(LINES["income"], 120))}
    percent = draw(
        st.sampled_from(LINES["income"])
    )  # the references below are 300,000 and 300,010 kroner
    return {"gross_income": str(percent * 3000 + draw(st.integers(-8, 8)))}


RESIDENTS = st.sampled_from(
    ("1000", "1453", "999", "1001", "", "..", "<1000", "<1001", "990-1010", "1000-1010")
)


@st.composite
def references_for(draw: st.DrawFn, /, printed: bool, **when: str) -> list[Row]:
    """For one list or year: a national share or limits, and the regions' incomes; or less than that."""
    found: list[Row] = []
    status = draw(st.sampled_from(("stated", "stated", "stated", "inferred")))
    kind = draw(
        st.sampled_from(
            ("national", "limit", "none") if "year" not in when else ("national", "none")
        )
    )
    national = draw(st.sampled_from(("0.66", "0.725", "1", "0.676666667", "0.6766666666667")))
    if kind == "national":
        row = {"scope": "national", "value": national, "unit": "percent", "status": status, **when}
        found.append(reference(measure=CONVICTED, **row))
    elif kind == "limit":
        for criterion, limit in (("crime", "2.03"), ("prevention_crime", "1.45")):
            row = {
                "scope": "limit",
                "criterion": criterion,
                "value": limit,
                "unit": "percent",
                **when,
            }
            found.append(reference(measure=CONVICTED, status=status, **row))
    if printed and found and draw(st.booleans()):
        found = [row | {"printed": "yes"} for row in found]
    for region in REGIONS[:2]:
        value = draw(st.sampled_from(("300000", "300010", "")))
        if value:
            row = {"scope": "region", "region": region, "value": value, "unit": "dkk", **when}
            found.append(
                reference(
                    measure="gross_income", status=draw(st.sampled_from(("stated", status))), **row
                )
            )
    return found


@st.composite
def lists_for(draw: st.DrawFn, keys: list[Key]) -> Lists:
    lists: Lists = {}
    for day in draw(st.lists(st.sampled_from(DECEMBERS), unique=True, max_size=8)):
        category = "ghetto" if day <= "2020-12-31" else "parallelsamfund"
        members = draw(st.sets(st.sampled_from(keys)))
        lists[date.fromisoformat(day)] = {
            draw(st.sampled_from((category, category, "udsat"))): members
        }
    return lists


AREA_KEYS = st.lists(
    st.tuples(st.sampled_from(AREAS), st.sampled_from(MUNICIPALITIES)),
    min_size=1,
    max_size=3,
    unique=True,
)


@st.composite
def one_row(draw: st.DrawFn, /, key: Key, residents_2010: bool, **when: str) -> Row:
    row = {
        "area": key[0],
        "municipality": key[1],
        "region": draw(st.sampled_from(REGIONS[:2])),
        **when,
    }
    row |= {"residents": draw(RESIDENTS)} | (
        {"residents_2010": draw(RESIDENTS)} if residents_2010 else {}
    )
    row |= dict.fromkeys(COLUMNS, "")
    for measure in SHARES:
        row |= draw(measure_cells(measure))
    return row | draw(income_cells())


@st.composite
def random_tables(draw: st.DrawFn, *, printed: bool = False) -> Table:
    """A few areas on a few lists each, most of them in December."""
    keys, residents_2010 = draw(AREA_KEYS), draw(st.booleans())
    days = st.one_of(
        st.sampled_from(DECEMBERS),
        st.sampled_from([day for days in DATES.values() for day in days]),
    )
    places = draw(
        st.lists(st.tuples(st.sampled_from(keys), days), min_size=1, max_size=8, unique=True)
    )
    rows = [draw(one_row(key, residents_2010, list_date=day)) for key, day in places]
    references: list[Row] = []
    for day in sorted({day for _, day in places}):
        references += draw(references_for(printed, list_date=day))
    return Table(rows, references, None, draw(lists_for(keys)))


@st.composite
def random_year_tables(draw: st.DrawFn, *, printed: bool = False) -> Table:
    """A few areas over the calendar years before a list, and that list's references."""
    keys, residents_2010 = draw(AREA_KEYS), draw(st.booleans())
    list_year = draw(st.integers(2010, 2025))
    years = st.integers(list_year - 7, list_year + 1)
    places = draw(
        st.lists(st.tuples(st.sampled_from(keys), years), min_size=1, max_size=12, unique=True)
    )
    assume(
        any(list_year - (4 if list_year <= 2013 else 2) <= year <= list_year for _, year in places)
    )  # else there is no list to form
    rows = [draw(one_row(key, residents_2010, year=str(year))) for key, year in places]
    references: list[Row] = []
    for year in sorted({year for _, year in places}):
        references += draw(references_for(printed, year=str(year)))
    if list_year >= 2014 and draw(st.booleans()):
        of_list = draw(references_for(printed, list_year=str(list_year)))
        references += [row | {"status": "stated"} for row in of_list]
    return Table(rows, references, list_year, draw(lists_for(keys)))


@st.composite
def count_tables(draw: st.DrawFn) -> Table:
    """Counts that tie a line or miss it by a person, each row an area of its own."""
    version = draw(st.sampled_from(sorted(DATES)))
    day = draw(st.sampled_from(DATES[version]))
    national = draw(st.sampled_from((Fraction(66, 100), Fraction(725, 1000), Fraction(1))))
    value = decimal(int(national * 1000), 3)
    references = [
        reference(measure=CONVICTED, scope="national", value=value, unit="percent", list_date=day)
    ]
    crime = [Fraction(270, 100)] if version in ("2010", "2014") else [national * 3, national * 2]
    rows: list[Row] = []
    for area in draw(st.lists(st.sampled_from(AREAS), min_size=1, unique=True)):
        row = dict.fromkeys(
            ["area", "municipality", "region", "list_date", "residents", *COLUMNS], ""
        )
        row |= {
            "area": area,
            "municipality": MUNICIPALITIES[0],
            "list_date": day,
            "region": REGIONS[0],
        }
        row["residents"] = draw(st.sampled_from(("1000", "999", "1001")))
        for measure in SHARES:
            lines = crime if measure == CONVICTED else [Fraction(line) for line in LINES[measure]]
            row[measure], row[measure + "_base"] = draw(exact_counts(draw(st.sampled_from(lines))))
        row["income_ratio_pct"] = draw(st.sampled_from(("55.0", "54.9", "65.0", "64.9")))
        rows.append(row)
    return Table(rows, references, None, {})
