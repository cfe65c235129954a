"""The criteria of almenboligloven read slowly, one area and one list at a time.

Nothing here is taken from the engine. The law's numbers are written by hand, in percent, each with its
paragraph. A figure is the span of values it may have, a yes or no is a `Three`. `judge`, at the end, is the
way in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .figures import (
    Halves,
    References,
    Row,
    Span,
    cell,
    count,
    figure,
    half_units,
    list_day,
    list_day_of,
    mean,
    read_references,
    share,
)

Key = tuple[str, str]  # area and municipality
Lists = Mapping[
    date, Mapping[str, AbstractSet[Key]]
]  # a category that is given is complete for its date

WORK, CONVICTED, SCHOOL = "outside_labour_market", "convicted", "basic_education"
INCOME, ORIGIN = "income", "non_western"


class Rule(NamedTuple):
    measure: str
    test: str  # "above": overstiger; "below": mindre end; "times": at least so many times the national share
    line: Fraction


RULES_2010 = {  # § 61 a as of 2010
    "labour_market": Rule(WORK, "above", Fraction(40)),
    "crime": Rule(CONVICTED, "above", Fraction(270, 100)),  # 270 per 10,000
    "origin": Rule(ORIGIN, "above", Fraction(50)),
}
RULES_2014 = {
    "labour_market": Rule(WORK, "above", Fraction(40)),  # § 61 a stk. 1 nr. 2
    "crime": Rule(CONVICTED, "above", Fraction("2.70")),  # nr. 3
    "education": Rule(SCHOOL, "above", Fraction(50)),  # nr. 4
    "income": Rule(INCOME, "below", Fraction(55)),  # nr. 5
    "origin": Rule(ORIGIN, "above", Fraction(50)),  # nr. 1
}
RULES_2018 = {
    "labour_market": Rule(WORK, "above", Fraction(40)),  # § 61 a stk. 1 nr. 1
    "crime": Rule(CONVICTED, "times", Fraction(3)),  # nr. 2
    "education": Rule(SCHOOL, "above", Fraction(60)),  # nr. 3
    "income": Rule(INCOME, "below", Fraction(55)),  # nr. 4
    "origin": Rule(ORIGIN, "above", Fraction(50)),  # stk. 2
}
RULES_2021 = {
    **RULES_2018,  # § 61 a stk. 1 and 2, unchanged
    "prevention_labour_market": Rule(WORK, "above", Fraction(30)),  # § 61 b stk. 1 nr. 1
    "prevention_crime": Rule(CONVICTED, "times", Fraction(2)),  # nr. 2
    "prevention_education": Rule(SCHOOL, "above", Fraction(60)),  # nr. 3
    "prevention_income": Rule(INCOME, "below", Fraction(65)),  # nr. 4
    "prevention_origin": Rule(ORIGIN, "above", Fraction(30)),  # stk. 1, before the numbers
}
RULES = {"2010": RULES_2010, "2014": RULES_2014, "2018": RULES_2018, "2021": RULES_2021}
FOUR = ["labour_market", "crime", "education", "income"]  # § 61 a stk. 1 from 2018
PREVENTION_FOUR = ["prevention_" + name for name in FOUR]  # § 61 b stk. 1 nr. 1-4
COUNTED = {"2010": list(RULES_2010), "2014": list(RULES_2014), "2018": FOUR, "2021": FOUR}
MEAN_YEARS = {"2010": 4, "2014": 2, "2018": 2, "2021": 2}  # of labour market and convictions
LEAST_RESIDENTS = 1000  # every version; from 2018 stk. 3 asks it of 2010 as well
YEARS_FOR_HARD = 5  # stk. 4
INNERMOST_FIRST = [
    "omdannelse",
    "haard_ghetto",
    "parallelsamfund",
    "ghetto",
    "udsat",
    "forebyggelse",
]
INTERIM = (date(2013, 6, 10), date(2018, 5, 9))  # these lists did not follow the law in force


def version_on(day: date) -> str:
    if day < date(2010, 10, 26) or day in INTERIM:
        raise ValueError(f"no law for a list of {day}")
    if day < date(2014, 2, 1):
        return "2010"
    if day < date(2018, 12, 1):
        return "2014"
    return "2018" if day < date(2021, 11, 30) else "2021"


def is_step(day: date) -> bool:
    """The December lists from 2014 on are what a streak is made of."""
    return day.year >= 2014 and (day.month, day.day) == (12, 1)


def key_of(row: Row) -> Key:
    return cell(row, "area"), cell(row, "municipality")


class Case(NamedTuple):
    """What is known of an area for one list. Where the row is the list's own, the years are left empty."""

    day: date
    version: str
    shares: Mapping[str, Span | None]
    income_row: Row
    residents_row: Row
    crime_years: Sequence[int]
    income_year: int | None


def case_of_row(row: Row, version: str, halves: Halves) -> Case:
    """A share over years that is given for the list already is the law's mean, and goes before counts."""
    shares = {m: share([row], m, halves, given_first=True) for m in (WORK, CONVICTED)}
    shares |= {m: share([row], m, halves) for m in (SCHOOL, ORIGIN)}
    return Case(list_day_of(row), version, shares, row, row, [], None)


def case_of_years(years: Mapping[int, Row], y: int, version: str, halves: Halves) -> Case:
    """Labour market and convictions: the years before the list's; income: two years back; else the list's."""
    before = list(range(y - MEAN_YEARS[version], y))
    shares = {
        m: share([years.get(year, {}) for year in before], m, halves) for m in (WORK, CONVICTED)
    }
    shares |= {m: share([years.get(y, {})], m, halves) for m in (SCHOOL, ORIGIN)}
    return Case(list_day(y), version, shares, years.get(y - 2, {}), years.get(y, {}), before, y - 2)


def income_ratio(case: Case, refs: References, halves: Halves) -> Span | None:
    """Mean gross income in percent of the region's."""
    row = case.income_row
    printed = figure(cell(row, "income_ratio_pct"), halves.get("income_ratio_pct", Fraction(0)))
    if printed is not None:
        return printed
    own = figure(cell(row, "gross_income"), halves.get("gross_income", Fraction(0)))
    for_list = ("region", "gross_income", cell(row, "region"), case.day.isoformat())
    for_year = ("region", "gross_income", cell(row, "region"), str(case.income_year))
    region = refs[for_list] if for_list in refs else refs.get(for_year)
    if own is None or region is None:
        return None
    return Span(100 * own.low / region.high, 100 * own.high / region.low, own.open_end)


def crime_line(criterion: str, multiple: Fraction, case: Case, refs: References) -> Span | None:
    """The limit that the ministry gave, else so many times the national share."""
    limit = ("limit", criterion, "", case.day.isoformat())
    if limit in refs:
        return refs[limit]
    for_list = ("national", CONVICTED, "", case.day.isoformat())
    if for_list in refs:
        national = refs[for_list]
    else:
        national = mean(
            [refs.get(("national", CONVICTED, "", str(year))) for year in case.crime_years]
        )
    return None if national is None else national.times(multiple)


def outcome(test: str, value: Span | None, line: Span | None) -> str:
    if value is None or line is None:
        return "unknown"
    wholly_below = value.high < line.low or (value.open_end and value.high == line.low)
    if test == "above":
        met, not_met = value.low > line.high, value.high <= line.low
    elif test == "below":
        met, not_met = wholly_below, value.low >= line.high
    else:
        met, not_met = value.low >= line.high, wholly_below
    return "met" if met else "not_met" if not_met else "unknown"


class Three(NamedTuple):
    """Yes: certain. No: not possible. Unknown: possible only."""

    certain: bool
    possible: bool

    def word(self) -> str:
        return "yes" if self.certain else "unknown" if self.possible else "no"


UNKNOWN = Three(False, True)


def every(*parts: Three) -> Three:
    return Three(all(part.certain for part in parts), all(part.possible for part in parts))


def at_least(k: int, outcomes: Sequence[str]) -> Three:
    met, unknown = outcomes.count("met"), outcomes.count("unknown")
    return Three(met >= k, met + unknown >= k)


def enough_residents(text: str, when_missing: Three) -> Three:
    number = count(text)
    if number is None:
        return when_missing
    return Three(number.low >= LEAST_RESIDENTS, number.high >= LEAST_RESIDENTS)


def categories_of(version: str, found: Mapping[str, str], area: Three) -> dict[str, Three]:
    """The categories without those that need years in a row; `area` is the test of residents."""
    enough = at_least(3 if version == "2014" else 2, [found[name] for name in COUNTED[version]])
    if version in ("2010", "2014"):
        return {"ghetto": every(area, enough)}
    udsat = every(area, enough)  # stk. 1
    inner = every(udsat, at_least(1, [found["origin"]]))  # stk. 2
    if version == "2018":
        return {"udsat": udsat, "ghetto": inner}
    prevention = at_least(2, [found[name] for name in PREVENTION_FOUR])  # § 61 b
    prevention = every(area, prevention, at_least(1, [found["prevention_origin"]]))
    return {"udsat": udsat, "parallelsamfund": inner, "forebyggelse": prevention}


class Verdict(NamedTuple):
    version: str
    criteria: dict[str, str]
    categories: dict[str, Three]

    def inner(self) -> Three:
        """The category that makes a year in a row."""
        return self.categories["parallelsamfund" if self.version == "2021" else "ghetto"]


Verdicts = Mapping[tuple[Key, date], Verdict]


def listed(key: Key, day: date, verdicts: Verdicts, lists: Lists) -> Three:
    """Whether an area was on an earlier December list."""
    members = lists.get(day, {}).get("ghetto" if day.year <= 2020 else "parallelsamfund")
    if members is not None:
        return Three(key in members, key in members)
    own_row = verdicts.get((key, day))
    return UNKNOWN if own_row is None else own_row.inner()


def leading(answers: Sequence[bool]) -> int:
    return answers.index(False) if False in answers else len(answers)


def answer(key: Key, day: date, verdicts: Verdicts, lists: Lists) -> dict[str, object]:
    """One row of the result."""
    verdict = verdicts[key, day]
    categories = dict(verdict.categories)
    years: int | None = None
    years_possible: int | None = None
    five = UNKNOWN
    if is_step(day):
        steps = [verdict.inner()]
        steps += [
            listed(key, list_day(year), verdicts, lists) for year in range(day.year - 1, 2013, -1)
        ]
        years = leading([step.certain for step in steps])
        years_possible = leading([step.possible for step in steps])
        five = Three(years >= YEARS_FOR_HARD, years_possible >= YEARS_FOR_HARD)
    if verdict.version in ("2018", "2021"):
        hard = "haard_ghetto" if verdict.version == "2018" else "omdannelse"
        categories[hard] = every(verdict.inner(), five)
    ordered = [name for name in INNERMOST_FIRST if name in categories]
    certain = [name for name in ordered if categories[name].certain]
    possible = [name for name in ordered if categories[name].possible]
    counted = [verdict.criteria[name] for name in COUNTED[verdict.version]]
    result: dict[str, object] = {
        "area": key[0],
        "municipality": key[1],
        "list_date": day.isoformat(),
    }
    result |= {"criteria_version": verdict.version, **verdict.criteria}
    result |= {name: three.word() for name, three in categories.items()}
    result["category"] = certain[0] if certain else "unknown" if possible else "none"
    result["category_possible"] = possible[0] if possible else "none"
    result["met_count"] = counted.count("met")
    result["unknown_count"] = counted.count("unknown")
    if verdict.version == "2021":
        result["prevention_met_count"] = [verdict.criteria[name] for name in PREVENTION_FOUR].count(
            "met"
        )
    return result | {"years_in_row": years, "years_in_row_possible": years_possible}


def judge(
    rows: Sequence[Row],
    *,
    references: Sequence[Row] = (),
    lists: Lists | None = None,
    list_year: int | None = None,
    criteria: str | None = None,
    basis: str = "published",
    rounded: bool = False,
    assume_min_residents: bool = False,
) -> list[dict[str, object]]:
    """The law's answer per row, or per area where the rows are calendar years (then for `list_year`)."""
    refs = read_references(references)
    halves = half_units(rows) if rounded else {}
    asks_2010 = any("residents_2010" in row for row in rows)

    def decide(case: Case) -> Verdict:
        found: dict[str, str] = {}
        for name, rule in RULES[case.version].items():
            value = (
                income_ratio(case, refs, halves)
                if rule.measure == INCOME
                else case.shares[rule.measure]
            )
            line: Span | None = Span(rule.line, rule.line)
            if rule.test == "times":
                line = crime_line(name, rule.line, case, refs)
            found[name] = outcome(rule.test, value, line)
        now = enough_residents(
            cell(case.residents_row, "residents"), Three(assume_min_residents, True)
        )
        then = Three(True, True)
        if asks_2010 and case.version in ("2018", "2021"):
            then = enough_residents(cell(case.residents_row, "residents_2010"), UNKNOWN)
        return Verdict(case.version, found, categories_of(case.version, found, every(now, then)))

    verdicts: dict[tuple[Key, date], Verdict] = {}
    asked: list[tuple[Key, date]] = []
    if any("year" in row for row in rows):
        if list_year is None:
            raise ValueError("a table of years needs a list year")
        areas: dict[Key, dict[int, Row]] = {}
        for row in rows:
            areas.setdefault(key_of(row), {})[int(row["year"])] = row
        for key, years in areas.items():
            for y in {list_year, *range(2014, list_year)}:
                version = criteria or version_on(list_day(y))
                if any(year in years for year in range(y - max(2, MEAN_YEARS[version]), y + 1)):
                    verdicts[key, list_day(y)] = decide(case_of_years(years, y, version, halves))
        asked = [
            (key, list_day(list_year)) for key in areas if (key, list_day(list_year)) in verdicts
        ]
    else:
        for row in rows:
            place = key_of(row), list_day_of(row)
            verdicts[place] = decide(case_of_row(row, criteria or version_on(place[1]), halves))
            asked.append(place)
    known = lists if lists is not None and basis == "published" else {}
    return [answer(key, day, verdicts, known) for key, day in asked]
