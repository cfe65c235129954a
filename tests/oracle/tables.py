"""Tables that are hard on the lines of the law, drawn with a `random.Random`.

- `boundary_table`: every value at a line, one printed unit below it, or one above it.
- `count_table`: counts whose ratio ties a line exactly, or misses it by one person.
- `year_table`: calendar years whose mean ties a line exactly though no single year does.
- `streak_table`, `random_year_table`: missing cells, bounds, long decimals, many lists per area with gaps.

All cells are valid in themselves: a numerator never exceeds its base, a share that stands beside counts is
the counts' own to the printed decimals, and no key is repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from random import Random
from typing import NamedTuple

Row = dict[str, str]
Key = tuple[str, str]
Lists = dict[date, dict[str, set[Key]]]


class Table(NamedTuple):
    rows: list[Row]
    references: list[Row]
    list_year: int | None
    lists: Lists


WORK, CONVICTED, SCHOOL, ORIGIN = (
    "outside_labour_market",
    "convicted",
    "basic_education",
    "non_western",
)
SHARES = (WORK, CONVICTED, SCHOOL, ORIGIN)
ENDINGS = {"_pct": 1, "_per_1000": 10, "_per_10000": 100}  # units in a percent
UNITS = {"percent": 1, "per_1000": 10, "per_10000": 100}
REGIONS = ("Hovedstaden", "Sjælland", "Syddanmark", "Midtjylland", "Nordjylland")
MUNICIPALITIES = (
    "Aarhus",
    "Odense",
    "Slagelse",
    "Høje-Taastrup",
    "Helsingør",
    "Kolding",
    "Aalborg",
)

LABOUR_LINES = {"2010": (40,), "2014": (40,), "2018": (40,), "2021": (40, 30)}
SCHOOL_LINES = {"2010": (50,), "2014": (50,), "2018": (60,), "2021": (60,)}
ORIGIN_LINES = {"2010": (50,), "2014": (50,), "2018": (50,), "2021": (50, 30)}
INCOME_LINES = {"2010": (55,), "2014": (55,), "2018": (55,), "2021": (55, 65)}
FIXED_CRIME = Fraction(270, 100)
DATES = {  # first and last days of each version, and its lists
    "2010": ("2010-10-26", "2011-10-01", "2012-10-01", "2013-10-01", "2014-01-31"),
    "2014": ("2014-02-01", "2014-12-01", "2015-12-01", "2016-12-01", "2017-12-01", "2018-11-30"),
    "2018": ("2018-12-01", "2019-12-01", "2020-12-01", "2021-11-29"),
    "2021": ("2021-11-30", "2021-12-01", "2022-12-01", "2023-12-01", "2024-12-01", "2025-12-01"),
}


# Text ----


def decimal(units: int, places: int) -> str:
    """So many units of the last of `places` decimals."""
    if places == 0:
        return str(units)
    digits = str(units).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def beside(rng: Random, line: Fraction, places: int, steps: Sequence[int] = (-1, 0, 1)) -> str:
    """A value printed with `places` decimals at the line, or so many printed units from it."""
    units = line.numerator * 10**places // line.denominator + rng.choice(steps)
    return decimal(max(units, 0), places)


def printed_share(persons: int, base: int, places: int, per_percent: int = 1) -> str:
    """The share rounded half up."""
    return decimal((2 * persons * 100 * per_percent * 10**places + base) // (2 * base), places)


def places_needed(value: Fraction) -> int:
    return next((n for n in range(10) if (value * 10**n).denominator == 1), 9)


def area_names(rng: Random, number: int) -> list[str]:
    """Names of which no two are alike, so that no near match can arise between them."""
    names: set[str] = set()
    while len(names) < number:
        names.add("".join(rng.sample("abcdefghijklnopqrstuvwxyz", 11)).capitalize())
    return sorted(names)


def area_keys(rng: Random, number: int) -> list[Key]:
    """Now and then one name stands in two municipalities."""
    keys: list[Key] = []
    for name in area_names(rng, number):
        first, second = rng.sample(MUNICIPALITIES, 2)
        keys.append((name, first))
        if rng.random() < 0.05:
            keys.append((name, second))
    rng.shuffle(keys)
    return keys[:number]


# References ----


def reference(**given: str) -> Row:
    columns = (
        "list_date",
        "list_year",
        "year",
        "measure",
        "scope",
        "region",
        "criterion",
        "value",
        "unit",
    )
    row = {column: given.get(column, "") for column in columns}
    return row | {"source": "made up", "status": given.get("status", "stated")}


def share_reference(rng: Random, percent: Fraction, **given: str) -> Row:
    """A national share or a limit, in any of the three units."""
    unit = rng.choice(list(UNITS))
    value = percent * UNITS[unit]
    places = places_needed(value)
    text = decimal(int(value * 10**places), places)
    return reference(measure=CONVICTED, value=text, unit=unit, **given)


def national_share(rng: Random, places: int) -> Fraction:
    return Fraction(rng.randint(4 * 10 ** (places - 1), 9 * 10 ** (places - 1)), 10**places)


def small_national(rng: Random, largest_base: int) -> Fraction:
    """A national share whose double and triple some base up to `largest_base` can tie."""
    while True:
        value = national_share(rng, rng.choice((2, 2, 3, 4)))
        if max((value * 3 / 100).denominator, (value * 2 / 100).denominator) <= largest_base:
            return value


def crime_lines(
    rng: Random, version: str, draw: Callable[[], Fraction], **when: str
) -> tuple[list[Row], list[Fraction]]:
    """References for one list and the lines that follow from them; a limit goes before the national share."""
    if version in ("2010", "2014"):
        return [], [FIXED_CRIME]
    national = draw()
    refs = [share_reference(rng, national, scope="national", **when)]
    lines = [national * 3, national * 2]
    criteria = ("crime", "prevention_crime")
    for position, criterion in enumerate(criteria[: 2 if version == "2021" else 1]):
        if rng.random() < 0.25:
            lines[position] = draw() * (3 - position)
            refs.append(
                share_reference(rng, lines[position], scope="limit", criterion=criterion, **when)
            )
    return refs, lines[: 2 if version == "2021" else 1]


def region_means(rng: Random, whole: bool, **when: str) -> tuple[list[Row], dict[str, Fraction]]:
    """Mean incomes of which 55 and 65 percent are whole kroner, half kroner, or neither."""
    refs: list[Row] = []
    means: dict[str, Fraction] = {}
    for region in REGIONS:
        kind = (
            rng.choice(("twenty", "ten", "any"))
            if whole
            else rng.choice(("twenty", "any", "cents"))
        )
        kroner = rng.randint(15_000, 20_000) * 20
        cents = 0
        if kind == "ten":
            kroner += 10
        elif kind == "any":
            kroner += rng.randint(1, 19)
        elif kind == "cents":
            cents = rng.randint(1, 99)
        means[region] = Fraction(kroner * 100 + cents, 100)
        text = decimal(kroner * 100 + cents, 2) if cents else str(kroner)
        refs.append(
            reference(
                measure="gross_income",
                scope="region",
                region=region,
                value=text,
                unit="dkk",
                **when,
            )
        )
    return refs, means


# Rows ----


def columns_for(
    keys: Iterable[str], shares: dict[str, str], counts: bool, residents_2010: bool
) -> list[str]:
    columns = ["area", "municipality", "region", *keys, "residents"]
    columns += ["residents_2010"] if residents_2010 else []
    for measure in SHARES:
        columns += [measure + shares[measure]] if measure in shares else []
        columns += [measure, measure + "_base"] if counts else []
    return [*columns, "gross_income", "income_ratio_pct"]


def income_cells(
    rng: Random,
    version: str,
    mean: Fraction | None,
    as_printed: bool,
    steps: Sequence[int] = (-1, 0, 1),
) -> Row:
    line = Fraction(rng.choice(INCOME_LINES[version]))
    if mean is None or rng.random() < 0.4:
        return {
            "income_ratio_pct": beside(
                rng, line, 1 if as_printed else rng.choice((1, 1, 2, 9)), steps
            )
        }
    kroner = line * mean / 100
    places = 0 if as_printed or rng.random() < 0.6 else places_needed(kroner)
    return {"gross_income": beside(rng, kroner, places, steps)}


def residents_cells(rng: Random, residents_2010: bool) -> Row:
    cells = {"residents": rng.choice(("999", "1000", "1001", "2345"))}
    if residents_2010:
        cells["residents_2010"] = rng.choice(("999", "1000", "1001", "1500"))
    return cells


def boundary_table(
    rng: Random,
    version: str,
    count: int,
    *,
    as_printed: bool = False,
    steps: Sequence[int] = (-1, 0, 1),
) -> Table:
    """Kind (a). `as_printed`: one decimal, two for convictions, whole kroner, as `rounded` presumes.

    `steps` are the distances from the threshold, in printed units.
    """
    endings = dict.fromkeys(SHARES, "_pct")
    if not as_printed:
        endings = {measure: rng.choice(list(ENDINGS)) for measure in SHARES}
    residents_2010 = rng.random() < 0.7
    blank = dict.fromkeys(columns_for(["list_date"], endings, False, residents_2010), "")

    def draw() -> Fraction:
        if as_printed:  # half a printed unit can then lie on the line
            return national_share(rng, 2) + rng.choice((Fraction(0), Fraction(5, 1000)))
        return national_share(rng, rng.randint(2, 9))

    references: list[Row] = []
    crime: dict[str, list[Fraction]] = {}
    means: dict[str, dict[str, Fraction]] = {}
    for day in DATES[version]:
        refs, crime[day] = crime_lines(rng, version, draw, list_date=day)
        incomes, means[day] = region_means(rng, as_printed, list_date=day)
        references += refs + incomes
    rows: list[Row] = []
    for number in range(count):
        day, region = rng.choice(DATES[version]), rng.choice(REGIONS)
        row = blank | {
            "area": f"{number:06d}",
            "municipality": rng.choice(MUNICIPALITIES),
            "region": region,
        }
        row["list_date"] = day
        lines = {
            WORK: Fraction(rng.choice(LABOUR_LINES[version])),
            CONVICTED: rng.choice(crime[day]),
            SCHOOL: Fraction(rng.choice(SCHOOL_LINES[version])),
            ORIGIN: Fraction(rng.choice(ORIGIN_LINES[version])),
        }
        for measure, line in lines.items():
            if as_printed:
                places = 2 if measure == CONVICTED else 1
            elif measure == CONVICTED:
                places = max(2, places_needed(line))
            else:
                places = rng.choice((1, 1, 1, 2, 4, 9))
            row[measure + endings[measure]] = beside(
                rng, line * ENDINGS[endings[measure]], places, steps
            )
        row |= income_cells(rng, version, means[day][region], as_printed, steps)
        rows.append(row | residents_cells(rng, residents_2010))
    return Table(rows, references, None, {})


def counts_beside(rng: Random, line: Fraction, largest_base: int) -> tuple[int, int]:
    """Persons and base whose ratio ties the line, misses it by one person, or cannot tie it."""
    share = line / 100
    if share.denominator <= largest_base and rng.random() < 0.75:
        most = largest_base // share.denominator
        base = share.denominator * rng.randint(1, min(most, rng.choice((most, 60))))
        persons = share.numerator * base // share.denominator + rng.choice((-1, 0, 1))
    else:
        base = rng.randint(1, largest_base)
        persons = share.numerator * base // share.denominator + rng.choice((0, 1))
    return min(max(persons, 0), base), base


def count_table(rng: Random, version: str, count: int, *, largest_base: int = 20_000) -> Table:
    """Kind (b). Some rows print the share beside the counts: for means over years the share then decides."""
    residents_2010 = rng.random() < 0.5
    endings = dict.fromkeys(SHARES, "_pct")
    blank = dict.fromkeys(columns_for(["list_date"], endings, True, residents_2010), "")
    references: list[Row] = []
    crime: dict[str, list[Fraction]] = {}
    for day in DATES[version]:
        refs, crime[day] = crime_lines(
            rng, version, lambda: small_national(rng, largest_base), list_date=day
        )
        references += refs
    rows: list[Row] = []
    for number in range(count):
        day = rng.choice(DATES[version])
        row = blank | {"area": f"{number:06d}", "municipality": rng.choice(MUNICIPALITIES)}
        row |= {"list_date": day, "region": rng.choice(REGIONS)}
        lines = {
            WORK: Fraction(rng.choice(LABOUR_LINES[version])),
            CONVICTED: rng.choice(crime[day]),
            SCHOOL: Fraction(rng.choice(SCHOOL_LINES[version])),
            ORIGIN: Fraction(rng.choice(ORIGIN_LINES[version])),
        }
        for measure, line in lines.items():
            persons, base = counts_beside(rng, line, largest_base)
            row[measure], row[measure + "_base"] = str(persons), str(base)
            if rng.random() < 0.2:
                places = 2 if measure == CONVICTED else 1
                row[measure + "_pct"] = printed_share(persons, base, places)
        row |= income_cells(rng, version, None, as_printed=True)
        rows.append(row | residents_cells(rng, residents_2010))
    return Table(rows, references, None, {})


# Calendar years ----


def version_of(list_year: int) -> str:
    if list_year <= 2013:
        return "2010"
    if list_year <= 2017:
        return "2014"
    return "2018" if list_year <= 2020 else "2021"


def symmetric_counts(
    rng: Random, line: Fraction, years: int, largest_base: int
) -> list[tuple[int, int]]:
    """Counts for an even number of years: the mean of the ratios is the line, the pooled ratio mostly is not.

    Every other time one person too many or too few.
    """
    share = line / 100
    found: list[tuple[int, int]] = []
    for _ in range(years // 2):
        unit = share.denominator * rng.randint(1, max(1, largest_base // share.denominator // 4))
        at_line = share.numerator * unit // share.denominator
        off = rng.randint(1, max(1, min(at_line, unit - at_line)))
        for sign in (1, -1):
            times = rng.randint(1, 4)
            found.append(((at_line + sign * off) * times, unit * times))
    rng.shuffle(found)
    persons, base = found[-1]
    if rng.random() < 0.5:
        found[-1] = (min(max(persons + rng.choice((-1, 1)), 0), base), base)
    return found


def symmetric_shares(
    rng: Random, line: Fraction, years: int, places: int, per_percent: int
) -> list[str]:
    """Printed shares whose mean is the line, or one printed unit in one year from it."""
    at_line = int(line * per_percent * 10**places)
    found: list[int] = []
    for _ in range(years // 2):
        off = rng.randint(1, max(1, at_line // 3))
        found += [at_line + off, at_line - off]
    rng.shuffle(found)
    found[-1] += rng.choice((-1, 0, 1))
    return [decimal(max(units, 0), places) for units in found]


def year_references(
    rng: Random, list_year: int, largest_base: int
) -> tuple[list[Row], list[Fraction], dict[str, Fraction]]:
    """The references of a table of years, the lines of convictions, and the regions' means for the list."""
    version = version_of(list_year)
    refs: list[Row] = []
    lines = [FIXED_CRIME]
    keyed = rng.choice(("years", "years", "list_year", "list_date"))
    of_list = {"list_year": str(list_year)}
    if keyed == "list_date":
        of_list = {"list_date": f"{list_year}-12-01"}
    if version in ("2018", "2021"):
        first = second = small_national(rng, largest_base)
        while (
            first == second
            or max((m * (first + second) / 200).denominator for m in (2, 3)) > largest_base
        ):
            first, second = small_national(rng, largest_base), small_national(rng, largest_base)
        for year, value in ((list_year - 2, first), (list_year - 1, second)):
            refs.append(share_reference(rng, value, scope="national", year=str(year)))
        refs.append(
            share_reference(rng, Fraction(1), scope="national", year=str(list_year))
        )  # not for it
        mean = (first + second) / 2
        if keyed != "years":
            mean = small_national(rng, largest_base)
            refs.append(share_reference(rng, mean, scope="national", **of_list))
        lines = [mean * 3, mean * 2] if version == "2021" else [mean * 3]
    means: dict[str, Fraction] = {}
    for year in range(list_year - 3, list_year + 1):
        incomes, found = region_means(rng, False, year=str(year))
        refs += incomes
        means = found if year == list_year - 2 else means
    if keyed != "years" and list_year >= 2014:
        incomes, means = region_means(rng, False, **of_list)
        refs += incomes
    return refs, lines, means


def year_shares(
    rng: Random, kind: str, line: Fraction, years: int, ending: str, *, big: int
) -> list[Row]:
    """For each year the cells of one measure, under the names "share", "persons" and "base"."""
    per_percent = ENDINGS[ending]
    if kind == "shares":
        places = max(rng.choice((1, 2, 5, 9)), places_needed(line * per_percent))
        return [{"share": text} for text in symmetric_shares(rng, line, years, places, per_percent)]
    counts = symmetric_counts(rng, line, years, big)
    cells: list[Row] = [{"persons": str(persons), "base": str(base)} for persons, base in counts]
    if kind == "counts":
        return cells
    for cell, (persons, base) in zip(cells, counts, strict=True):
        if kind == "both" or rng.random() < 0.7:
            cell["share"] = printed_share(persons, base, 2, per_percent)
    if kind == "mixed":  # one year without counts: then the shares go first
        without = rng.choice(cells)
        without |= {"persons": "", "base": ""}
        if rng.random() < 0.9:
            position = cells.index(without)
            without["share"] = printed_share(*counts[position], 2, per_percent)
    return cells


def year_table(rng: Random, list_year: int, areas: int, *, largest_base: int = 20_000) -> Table:
    """Kind (c). Years that the law does not use hold other values; some needed rows are missing."""
    version = version_of(list_year)
    before = 4 if version == "2010" else 2
    references, crime, means = year_references(rng, list_year, largest_base)
    endings = {measure: rng.choice(list(ENDINGS)) for measure in SHARES}
    residents_2010 = rng.random() < 0.5
    blank = dict.fromkeys(columns_for(["year"], endings, True, residents_2010), "")
    rows: list[Row] = []
    for name, municipality in area_keys(rng, areas):
        region = rng.choice(REGIONS)
        years = [*range(list_year - before, list_year + 1)]
        years += [year for year in (list_year - 6, list_year + 1) if rng.random() < 0.1]
        by_year = {
            year: blank
            | {"area": name, "municipality": municipality, "region": region, "year": str(year)}
            for year in years
        }
        windows = {
            WORK: (
                Fraction(rng.choice(LABOUR_LINES[version])),
                range(list_year - before, list_year),
            ),
            CONVICTED: (rng.choice(crime), range(list_year - before, list_year)),
            SCHOOL: (Fraction(rng.choice(SCHOOL_LINES[version])), range(list_year, list_year + 1)),
            ORIGIN: (Fraction(rng.choice(ORIGIN_LINES[version])), range(list_year, list_year + 1)),
        }
        for measure, (line, window) in windows.items():
            kind = rng.choice(("counts", "counts", "both", "mixed", "shares"))
            cells = year_shares(
                rng, kind, line, max(2, len(window)), endings[measure], big=largest_base
            )
            if len(window) == 1:  # the point measures tie in the one year itself
                persons, base = counts_beside(rng, line, largest_base)
                cells = [{"persons": str(persons), "base": str(base)}]
                if kind != "counts":
                    cells[0]["share"] = printed_share(persons, base, 1, ENDINGS[endings[measure]])
                if kind == "shares":
                    cells[0] |= {"persons": "", "base": ""}
            given = dict(zip(window, cells, strict=True))
            for year, row in by_year.items():
                other = {"persons": str(rng.randint(0, 500)), "base": "500"}
                found = given.get(year, other if rng.random() < 0.5 else {})
                row[measure + endings[measure]] = found.get("share", "")
                row[measure], row[measure + "_base"] = (
                    found.get("persons", ""),
                    found.get("base", ""),
                )
        for year, row in by_year.items():
            mean = means[region] if year == list_year - 2 and means else None
            row.update(income_cells(rng, version, mean, as_printed=False))
            row.update(residents_cells(rng, residents_2010))
        kept = [row for row in by_year.values() if rng.random() < 0.98]
        if rng.random() < 0.02:  # no year that the list uses
            kept = [row for year, row in by_year.items() if year in (list_year - 6, list_year + 1)]
        if rng.random() < 0.3:
            rng.shuffle(kept)
        rows += kept
    return Table(rows, references, list_year, {})


# Random tables ----


def long_decimal(rng: Random, line: Fraction) -> str:
    """Twelve decimals, within a few billionths of the line or far from it; never on a rounding tie."""
    at_line = int(line * 10**12)
    off = rng.randint(-4, 4) * 1000 if rng.random() < 0.6 else rng.randint(-(10**8), 10**8) * 1000
    return decimal(
        max(at_line + off, 0) + rng.choice((rng.randint(1, 499), rng.randint(501, 999))), 12
    )


def share_bound(rng: Random, line: Fraction) -> str:
    """A bound whose end lies on the line, or just beyond it."""
    at = max(1, int(line))
    choices = [f"<{at}", f"<{at + 1}", "<5", "3-7", f"{at - 1}-{at}", f"{at}-{at + 3}"]
    return rng.choice([*choices, f"{at + 1}-{at + 4}", f"{at - 1}-{at + 1}"])


def count_bounds(rng: Random, line: Fraction) -> tuple[str, str]:
    """Persons and base of which one or both are bounds."""
    base = 5 * rng.randint(4, 200)
    at = int(line * base / 100)
    persons = rng.choice(
        (f"<{at + 1}", f"{at}-{at + 3}", f"{at + 1}-{at + 4}", str(at), str(at + 1), "<5", "3-7")
    )
    return persons, rng.choice(
        (str(base), str(base), f"{base}-{base + 5}", f"{max(base - 3, 12)}-{base}")
    )


def messy_share(rng: Random, line: Fraction, likely_above: float, places: int) -> str:
    """A cell of a share, in its own unit; `line` is in that unit too."""
    what = rng.random()
    if what < 0.08:
        return rng.choice(("", ".."))
    if what < 0.13:
        return share_bound(rng, line)
    if what < 0.18:
        return long_decimal(rng, line)
    if what < 0.28:
        return beside(rng, line, places)
    units = int(line * 10**places)
    above = units + rng.randint(1, max(2, units // 2))
    return decimal(above if rng.random() < likely_above else rng.randint(0, units), places)


def messy_cells(rng: Random, measure: str, ending: str, line: Fraction, likely_above: float) -> Row:
    """One measure as a share or as counts, never as both."""
    if rng.random() < 0.75:
        places = 2 if measure == CONVICTED else 1
        return {measure + ending: messy_share(rng, line * ENDINGS[ending], likely_above, places)}
    what = rng.random()
    if what < 0.1:
        return rng.choice(
            ({measure: "", measure + "_base": "120"}, {measure: "0", measure + "_base": "0"})
        )
    if what < 0.4:
        persons, base = count_bounds(rng, line)
        return {measure: persons, measure + "_base": base}
    number, whole = counts_beside(rng, line, 4000)
    if rng.random() < likely_above:
        number = min(whole, number + 1 + whole // 10)
    return {measure: str(number), measure + "_base": str(whole)}


def messy_income(rng: Random, mean: Fraction, likely_below: float) -> Row:
    line = Fraction(rng.choice((55, 55, 65)))
    if rng.random() < 0.5:
        what = rng.random()
        if what < 0.16:
            text = rng.choice(("", share_bound(rng, line), long_decimal(rng, line)))
        else:
            text = beside(
                rng, line, 1, (-80, -1, -1, 0) if rng.random() < likely_below else (0, 1, 90)
            )
        return {"income_ratio_pct": text}
    kroner = line * mean / 100
    if rng.random() < 0.06:
        return {"gross_income": rng.choice(("", long_decimal(rng, kroner)))}
    steps = (-9000, -1, -1, 0) if rng.random() < likely_below else (0, 1, 9000)
    return {"gross_income": beside(rng, kroner, rng.choice((0, 0, 4)), steps)}


def messy_residents(rng: Random, residents_2010: bool) -> Row:
    usual = ("1000", "1001", "1453", "2345", "2008", "1200", "1800", "3100")
    odd = ("999", "", "..", "<1000", "<1001", "990-1010", "1000-1010", "<5")
    cells = {"residents": rng.choice(odd if rng.random() < 0.12 else usual)}
    if residents_2010:
        cells["residents_2010"] = rng.choice(odd if rng.random() < 0.06 else usual)
    return cells


def messy_references(
    rng: Random, version: str, printed: bool, **when: str
) -> tuple[list[Row], Fraction]:
    """What is known for one list or year: something, nothing, something inferred; and the line it gives.

    With `printed`, some values carry the mark that they are known to their printed decimals only.
    """
    if version in ("2010", "2014"):
        return [], FIXED_CRIME
    national = national_share(rng, 2)
    status = "inferred" if rng.random() < 0.12 else "stated"
    kind = rng.choice(("national", "national", "national", "limit", "nothing", "long"))
    if kind == "nothing" and rng.random() < 0.5:
        kind = "national"
    refs: list[Row] = []
    if kind == "national":
        refs = [share_reference(rng, national, scope="national", status=status, **when)]
    elif kind == "long":
        text = long_decimal(rng, national)
        refs = [reference(measure=CONVICTED, scope="national", value=text, unit="percent", **when)]
    elif kind == "limit" and "year" not in when:
        for criterion, multiple in (("crime", 3), ("prevention_crime", 2)):
            if rng.random() < 0.8 and (multiple == 3 or version == "2021"):
                given = when | {"scope": "limit", "criterion": criterion, "status": status}
                refs.append(share_reference(rng, national * multiple, **given))
    for ref in refs:
        if printed and kind != "long" and rng.random() < 0.5:
            ref["printed"] = "yes"
    return refs, national * 3


def messy_regions(rng: Random, **when: str) -> tuple[list[Row], dict[str, Fraction]]:
    refs, means = region_means(rng, False, **when)
    for ref in refs:
        if rng.random() < 0.05:
            ref["status"] = "inferred"
    return [ref for ref in refs if rng.random() < 0.94], means


def random_lists(rng: Random, keys: Sequence[Key], known: float = 0.4) -> Lists:
    """Published lists of some Decembers. A list of another category says nothing of a streak."""
    lists: Lists = {}
    for year in range(2014, 2026):
        category = "ghetto" if year <= 2020 else "parallelsamfund"
        if rng.random() < known:
            lists[date(year, 12, 1)] = {category: {key for key in keys if rng.random() < 0.85}}
        elif rng.random() < 0.3:
            lists[date(year, 12, 1)] = {"udsat": {key for key in keys if rng.random() < 0.5}}
    return lists


def shortened(rows: list[Row]) -> list[Row]:
    """The same rows with at most three decimals, for `rounded`, where a column has one number of decimals."""
    for row in rows:
        for column, text in row.items():
            whole, point, decimals = text.partition(".")
            if len(decimals) > 9:
                row[column] = whole + point + decimals[:3]
    return rows


def streak_table(
    rng: Random,
    areas: int,
    *,
    printed: bool = False,
    shuffled: bool = True,
    long_decimals: bool = True,
) -> Table:
    """Kind (d) by list: about nine rows per area, most of them in the innermost category, with gaps.

    `printed` marks some references as known to their printed decimals only.
    """
    days = [date(year, 12, 1) for year in range(2014, 2026)]
    odd_days = [
        date(2011, 10, 1),
        date(2013, 10, 1),
        date(2014, 2, 1),
        date(2019, 6, 3),
        date(2021, 11, 30),
    ]
    residents_2010 = rng.random() < 0.5
    endings = {measure: rng.choice(list(ENDINGS)) for measure in SHARES}
    blank = dict.fromkeys(columns_for(["list_date"], endings, True, residents_2010), "")
    references: list[Row] = []
    crime: dict[date, Fraction] = {}
    means: dict[date, dict[str, Fraction]] = {}
    for day in [*days, *odd_days]:
        version = max(
            name for name, days_in_force in DATES.items() if days_in_force[0] <= day.isoformat()
        )
        refs, crime[day] = messy_references(rng, version, printed, list_date=day.isoformat())
        incomes, means[day] = messy_regions(rng, list_date=day.isoformat())
        references += refs + incomes
    keys = area_keys(rng, areas)
    rows: list[Row] = []
    for name, municipality in keys:
        region = rng.choice(REGIONS)
        likely = rng.choice((0.2, 0.7, 0.9, 0.97))
        present = rng.choice((0.5, 0.8, 1.0))
        for day in [
            *(d for d in days if rng.random() < present),
            *(d for d in odd_days if rng.random() < 0.05),
        ]:
            row = blank | {"area": name, "municipality": municipality, "region": region}
            row["list_date"] = day.isoformat()
            school = Fraction(60 if day >= date(2018, 12, 1) else 50)
            lines = {
                WORK: Fraction(40),
                CONVICTED: crime[day],
                SCHOOL: school,
                ORIGIN: Fraction(50),
            }
            if day >= date(2021, 11, 30) and rng.random() < 0.3:
                lines = lines | {
                    WORK: Fraction(30),
                    CONVICTED: crime[day] * 2 / 3,
                    ORIGIN: Fraction(30),
                }
            for measure, line in lines.items():
                row |= messy_cells(rng, measure, endings[measure], line, likely)
            row |= messy_income(rng, means[day][region], likely)
            rows.append(row | messy_residents(rng, residents_2010))
    if shuffled:
        rng.shuffle(rows)
    return Table(
        rows if long_decimals else shortened(rows), references, None, random_lists(rng, keys)
    )


def random_year_table(
    rng: Random,
    areas: int,
    list_year: int = 2023,
    *,
    printed: bool = False,
    long_decimals: bool = True,
) -> Table:
    """Kind (d) by calendar year: rows from 2012 on with gaps, so that earlier lists can be formed as well."""
    residents_2010 = rng.random() < 0.5
    endings = {measure: rng.choice(list(ENDINGS)) for measure in SHARES}
    blank = dict.fromkeys(columns_for(["year"], endings, True, residents_2010), "")
    references: list[Row] = []
    crime: dict[int, Fraction] = {}
    means: dict[int, dict[str, Fraction]] = {}
    for year in range(2010, list_year + 1):
        refs, crime[year] = messy_references(rng, "2018", printed, year=str(year))
        incomes, means[year] = messy_regions(rng, year=str(year))
        references += refs + incomes
        if year >= 2018 and rng.random() < 0.2:
            refs, _ = messy_references(rng, version_of(year), printed, list_year=str(year))
            references += [ref | {"status": "stated"} for ref in refs]
    keys = area_keys(rng, areas)
    rows: list[Row] = []
    for name, municipality in keys:
        likely = rng.choice((0.3, 0.8, 0.95, 0.98))
        present = rng.choice((0.85, 1.0, 1.0))
        region = rng.choice(REGIONS)
        for year in range(2012, list_year + 1):
            if rng.random() >= present:
                continue
            row = blank | {
                "area": name,
                "municipality": municipality,
                "region": region,
                "year": str(year),
            }
            school = Fraction(60 if year >= 2018 else 50)
            lines = {
                WORK: Fraction(40),
                CONVICTED: crime[year],
                SCHOOL: school,
                ORIGIN: Fraction(50),
            }
            for measure, line in lines.items():
                row |= messy_cells(rng, measure, endings[measure], line, likely)
            row |= messy_income(rng, means[year][region], likely)
            rows.append(row | messy_residents(rng, residents_2010))
    rows = rows if long_decimals else shortened(rows)
    return Table(rows, references, list_year, random_lists(rng, keys, 0.4))
