"""The hand-written peer for large tables: polars, Parquet to Parquet, rows sorted by area and date.

What a good analyst would write once and tune: shares as whole tenths and hundredths, so that every
comparison is exact; the row above instead of a window per area; one pass that checks and one that
scores, both streaming. The law stands in the code, which is what `udsat` spares its users.
"""

import argparse
import csv
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import add
from pathlib import Path

import polars as pl
from polars import col

OUTCOMES = pl.Enum(["not_met", "met", "unknown"])
MEMBERSHIPS = pl.Enum(["no", "yes", "unknown"])
VERSIONS = pl.Enum(["2010", "2014", "2018", "2021"])
CATEGORIES = pl.Enum(
    [
        "none",
        "forebyggelse",
        "udsat",
        "ghetto",
        "haard_ghetto",
        "parallelsamfund",
        "omdannelse",
        "unknown",
    ]
)
UNKNOWN = 7  # the last of the categories

DECIMALS = {
    "outside_labour_market_pct": 1,
    "convicted_pct": 2,
    "basic_education_pct": 1,
    "income_ratio_pct": 1,
    "non_western_pct": 1,
}
HIGHEST = {"income_ratio_pct": 1_000}  # 100 for the others
EARLY_LISTS = [
    date(2010, 10, 26),
    *(date(year, 10, 1) for year in (2011, 2012, 2013)),
    date(2014, 2, 1),
]
FIRST_DECEMBER = 2014
RESIDENTS = 1_000
STREAK = 5

KEYS = ["area", "municipality", "list_date"]
MINIMAL = [*KEYS, "category", "met_count", "years_in_row"]

FIRST_HARD = 2018
#: What the law leaves in doubt about a measure, by the first year of the version that it stands in.
MARKS = {
    "convicted_pct": {
        2018: "crime: practice (ages)",
        2021: "crime, prevention_crime: practice (ages)",
    },
    "basic_education_pct": {
        2014: "education: practice (unknown_education)",
        2018: "education: unconfirmed (unknown_education)",
        2021: "education, prevention_education: unconfirmed (unknown_education)",
    },
    "income_ratio_pct": {
        2014: "income: unconfirmed (ages)",
        2021: "income, prevention_income: unconfirmed (ages)",
    },
}
RESIDENTS_MARK = "residents: practice (min_residents)"

SINCE_2014 = col("year") >= 2014
SINCE_2018 = col("year") >= 2018
SINCE_2021 = col("year") >= 2021

Limits = dict[int, int]  # list year to limit in hundredths of a percent


class RefusedError(Exception):
    """The input is not what this script can score."""


@dataclass(frozen=True)
class Criterion:
    """One line of the law, on the whole numbers of its measure."""

    name: str
    measure: str
    limit: pl.Expr
    met: pl.Expr
    since: pl.Expr | None = None  # the versions that have it; None is all of them


def main() -> int:
    """Score the table that the command line names."""
    parser = argparse.ArgumentParser(
        description="Score a Parquet table that is sorted by area and list date."
    )
    parser.add_argument("table", type=Path)
    parser.add_argument(
        "--references", type=Path, required=True, help="limits of the crime criteria, CSV"
    )
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--minimal", action="store_true", help=f"write only {', '.join(MINIMAL)}")
    parser.add_argument(
        "--compression", default="zstd", choices=["zstd", "snappy", "lz4", "gzip", "uncompressed"]
    )
    options = parser.parse_args()
    table = scan(options.table)
    try:
        limits = read_limits(options.references)
        years = check(table)
    except RefusedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    verdicts = score(table, limits["crime"], limits["prevention_crime"], years)
    write(
        verdicts.select(MINIMAL) if options.minimal else verdicts,
        options.output,
        options.compression,
    )
    return 0


def scan(path: Path) -> pl.LazyFrame:
    """Return a Parquet table, or a Danish CSV with semicolons and decimal commas."""
    if path.suffix == ".parquet":
        return pl.scan_parquet(path)
    kinds = {
        "area": pl.String,
        "municipality": pl.String,
        "list_date": pl.Date,
        "residents": pl.Int64,
    }
    kinds |= dict.fromkeys(DECIMALS, pl.Float64)
    return pl.scan_csv(path, separator=";", decimal_comma=True, schema=kinds)


def read_limits(path: Path) -> dict[str, Limits]:
    """Read the limits of the two crime criteria."""
    limits: dict[str, Limits] = {"crime": {}, "prevention_crime": {}}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if (row["measure"], row["scope"], row["status"]) != ("convicted", "limit", "stated"):
                continue
            hundredths = Decimal(row["value"]) * 100
            if row["unit"] != "percent" or hundredths != int(hundredths):
                raise RefusedError(
                    f"{path}: {row['value']} {row['unit']} is not in hundredths of a percent"
                )
            limits[row["criterion"]][date.fromisoformat(row["list_date"]).year] = int(hundredths)
    return limits


def check(table: pl.LazyFrame) -> list[int]:
    """Refuse a table with values out of range, unknown dates, or keys that repeat or are not in
    order.
    """
    if not table.collect_schema()["residents"].is_integer():
        raise RefusedError("residents are not whole numbers")
    listed, same_area = col("list_date"), col("area") == col("area").shift()
    problems = {
        "rows out of order by area": col("area") < col("area").shift(),
        "rows out of order by date, or repeated": same_area & (listed <= listed.shift()),
        "areas in two municipalities": (
            same_area & (col("municipality") != col("municipality").shift())
        ),
        "numbers of residents below 0": col("residents") < 0,
    }
    problems |= {f"rows without {key}": col(key).is_null() for key in KEYS}
    for measure, decimals in DECIMALS.items():
        highest = HIGHEST.get(measure, 100)
        problems[f"values of {measure} not between 0 and {highest}"] = ~col(measure).is_between(
            0, highest
        )
        longer = col(measure) != col(measure).round(decimals)
        problems[f"values of {measure} with more than {decimals} decimals"] = longer
    counts = {problem: found.sum() for problem, found in problems.items()}
    result = table.select(**counts, dates=listed.unique().implode()).collect(engine="streaming")
    dates: list[date] = result.drop_in_place("dates").item().drop_nulls().to_list()
    wrong = [f"{count} {problem}" for problem, count in result.row(0, named=True).items() if count]
    wrong += [f"no list of {day}" for day in sorted(dates) if not is_list(day)]
    if wrong:
        raise RefusedError("; ".join(wrong))
    return sorted({day.year for day in dates})


def is_list(day: date) -> bool:
    """Return whether there is a list of that date."""
    return day in EARLY_LISTS or (day.year >= FIRST_DECEMBER and (day.month, day.day) == (12, 1))


def score(
    table: pl.LazyFrame, crime: Limits, prevention_crime: Limits, years: list[int]
) -> pl.LazyFrame:
    """Return the verdicts of every row, in the order of the table."""
    table = table.with_columns(
        *map(whole, DECIMALS),
        year=col("list_date").dt.year().cast(pl.Int16),
        december=col("list_date").dt.month() == 12,
    )
    table = table.with_columns(
        crime_limit=pl.when(SINCE_2018).then(by_year(crime)).otherwise(small(270)),
        prevention_crime_limit=by_year(prevention_crime),
        education_limit=pl.when(SINCE_2018).then(small(600)).otherwise(small(500)),
    )
    criteria = the_law()
    table = table.with_columns(
        criterion.met.alias(f"{criterion.name}_met") for criterion in criteria
    )
    table = count_and_categorise(table)
    table = streaks(table)
    return table.select(
        *KEYS,
        (SINCE_2014.cast(pl.UInt8) + SINCE_2018.cast(pl.UInt8) + SINCE_2021.cast(pl.UInt8))
        .cat.to(VERSIONS)
        .alias("criteria_version"),
        "residents",
        *(column for criterion in criteria for column in shown(criterion)),
        "met_count",
        "unknown_count",
        pl.when(SINCE_2021).then(col("prevention_met_count")).alias("prevention_met_count"),
        *categories(),
        "years_in_row",
        "years_in_row_possible",
        notes(criteria, {"crime": crime, "prevention_crime": prevention_crime}, years).alias(
            "notes"
        ),
    )


def whole(measure: str) -> pl.Expr:
    """Return a measure as whole tenths or hundredths, which a binary float cannot blur."""
    steps: int = 10 ** DECIMALS[measure]
    return (col(measure) * steps).round().cast(pl.Int16).alias(f"{measure}_whole")


def small(number: int) -> pl.Expr:
    """Return a whole number in the narrow type of the measures."""
    return pl.lit(number, dtype=pl.Int16)


def by_year(limits: Limits) -> pl.Expr:
    """Return the limit of the row's list year, missing where there is none."""
    limit = pl.lit(None, dtype=pl.Int16)
    for year, value in limits.items():
        limit = pl.when(col("year") == year).then(small(value)).otherwise(limit)
    return limit


def the_law() -> list[Criterion]:
    """Return the criteria in the order of the output; before 2018 crime had to exceed its limit."""
    work, crime, education, income, origin = (col(f"{measure}_whole") for measure in DECIMALS)
    names = list(DECIMALS)
    at_least_or_above = (
        pl.when(SINCE_2018).then(crime >= col("crime_limit")).otherwise(crime > col("crime_limit"))
    )
    return [
        Criterion("labour_market", names[0], small(400), work > small(400)),
        Criterion("crime", names[1], col("crime_limit"), at_least_or_above),
        Criterion(
            "education",
            names[2],
            col("education_limit"),
            education > col("education_limit"),
            SINCE_2014,
        ),
        Criterion("income", names[3], small(550), income < small(550), SINCE_2014),
        Criterion("origin", names[4], small(500), origin > small(500)),
        Criterion("prevention_labour_market", names[0], small(300), work > small(300), SINCE_2021),
        Criterion(
            "prevention_crime",
            names[1],
            col("prevention_crime_limit"),
            crime >= col("prevention_crime_limit"),
            SINCE_2021,
        ),
        Criterion("prevention_education", names[2], small(600), education > small(600), SINCE_2021),
        Criterion("prevention_income", names[3], small(650), income < small(650), SINCE_2021),
        Criterion("prevention_origin", names[4], small(300), origin > small(300), SINCE_2021),
    ]


def certain(criterion: str) -> pl.Expr:
    """Return true where the criterion is met for certain."""
    return col(f"{criterion}_met").fill_null(value=False)


def possible(criterion: str) -> pl.Expr:
    """Return true where the criterion is met or may be."""
    return col(f"{criterion}_met").fill_null(value=True)


def ones(found: pl.Expr) -> pl.Expr:
    """Return 1 for true and 0 for false."""
    return found.cast(pl.UInt8)


def met(criterion: str) -> pl.Expr:
    """Return 1 where the criterion is met."""
    return ones(certain(criterion))


def unknown(criterion: str) -> pl.Expr:
    """Return 1 where the criterion cannot be decided."""
    return ones(col(f"{criterion}_met").is_null())


def count_and_categorise(table: pl.LazyFrame) -> pl.LazyFrame:
    """Add the counts and, as pairs of certain and possible, the categories that need no streak."""
    prevention = [
        f"prevention_{name}" for name in ("labour_market", "crime", "education", "income")
    ]
    since_2014, before_2018 = ones(SINCE_2014), ones(~SINCE_2018)
    table = table.with_columns(
        (
            count("labour_market")
            + count("crime")
            + (count("education") + count("income")) * since_2014
            + count("origin") * before_2018
        ).alias(name)
        for name, count in (("met_count", met), ("unknown_count", unknown))
    ).with_columns(
        prevention_met_count=reduce(add, map(met, prevention)),
        prevention_unknown_count=reduce(add, map(unknown, prevention)),
        needed=2 + ones(SINCE_2014 & ~SINCE_2018),
        enough_certain=(col("residents") >= RESIDENTS).fill_null(value=False),
        enough_possible=(col("residents") >= RESIDENTS).fill_null(value=True),
    )
    most = col("met_count") + col("unknown_count")
    prevention_most = col("prevention_met_count") + col("prevention_unknown_count")
    return table.with_columns(
        core_certain=(col("met_count") >= col("needed")) & col("enough_certain"),
        core_possible=(most >= col("needed")) & col("enough_possible"),
        prevention_certain=SINCE_2021
        & (col("prevention_met_count") >= 2)
        & certain("prevention_origin")
        & col("enough_certain"),
        prevention_possible=SINCE_2021
        & (prevention_most >= 2)
        & possible("prevention_origin")
        & col("enough_possible"),
    ).with_columns(
        ghetto_certain=col("core_certain") & (~SINCE_2018 | certain("origin")),
        ghetto_possible=col("core_possible") & (~SINCE_2018 | possible("origin")),
    )


def streaks(table: pl.LazyFrame) -> pl.LazyFrame:
    """Add the December lists in a row, certain and possible, from the rows above in the same area.

    A year's count is its distance from the last year that broke the row. A year without a row
    breaks what is certain and lets what is possible go on, back to the year before the first
    December list.
    """
    year, same_area = col("year"), col("area") == col("area").shift()
    next_list = (same_area & (year == year.shift() + 1) & col("december").shift()).fill_null(
        value=False
    )
    broken = (
        pl.when(~col("ghetto_certain"))
        .then(year)
        .when(~next_list)
        .then(year - 1)
        .otherwise(None)
        .forward_fill()
    )
    ruled_out = (
        pl.when(col("december") & ~col("ghetto_possible"))
        .then(year)
        .when(~same_area.fill_null(value=False))
        .then(small(FIRST_DECEMBER - 1))
        .otherwise(None)
        .forward_fill()
    )
    return table.with_columns(
        years_in_row=pl.when(col("december")).then(year - broken),
        years_in_row_possible=pl.when(col("december")).then(year - ruled_out),
    ).with_columns(
        streak_certain=(SINCE_2018 & (col("years_in_row") >= STREAK)).fill_null(value=False),
        streak_possible=(SINCE_2018 & (col("years_in_row_possible") >= STREAK)).fill_null(
            value=False
        ),
    )


def shown(criterion: Criterion) -> list[pl.Expr]:
    """Return the four output columns of a criterion, missing in versions without it."""
    name, measure = criterion.name, criterion.measure
    columns = [
        col(f"{name}_met").cast(pl.UInt8).fill_null(2).cat.to(OUTCOMES).alias(name),
        col(measure).alias(f"{name}_value"),
        percent(criterion.limit, measure).alias(f"{name}_limit"),
        percent(col(f"{measure}_whole") - criterion.limit, measure).alias(f"{name}_margin"),
    ]
    if criterion.since is None:
        return columns
    return [
        pl.when(criterion.since).then(column).alias(column.meta.output_name()) for column in columns
    ]


def percent(number: pl.Expr, measure: str) -> pl.Expr:
    """Return whole tenths or hundredths as the nearest float.

    The rounding is needed: polars divides by a constant by way of its reciprocal, which may be a
    bit off.
    """
    decimals = DECIMALS[measure]
    steps: int = 10**decimals
    return (number.cast(pl.Float64) / steps).round(decimals)


def categories() -> list[pl.Expr]:
    """Return the columns of the categories, the innermost certain and the innermost
    possible one.
    """
    certain_rank, possible_rank = rank("certain"), rank("possible")
    undecided = (certain_rank == 0) & (possible_rank > 0)
    return [
        pl.when(~SINCE_2021).then(membership("ghetto")).alias("ghetto"),
        pl.when(SINCE_2018).then(membership("core")).alias("udsat"),
        pl.when(SINCE_2018 & ~SINCE_2021).then(membership("streak")).alias("haard_ghetto"),
        pl.when(SINCE_2021).then(membership("ghetto")).alias("parallelsamfund"),
        pl.when(SINCE_2021).then(membership("streak")).alias("omdannelse"),
        pl.when(SINCE_2021).then(membership("prevention")).alias("forebyggelse"),
        pl.when(undecided)
        .then(pl.lit(UNKNOWN, dtype=pl.UInt8))
        .otherwise(certain_rank)
        .cat.to(CATEGORIES)
        .alias("category"),
        possible_rank.cat.to(CATEGORIES).alias("category_possible"),
    ]


def membership(name: str) -> pl.Expr:
    """Return yes, no or unknown: what is certain is also possible."""
    return (ones(col(f"{name}_possible")) * 2 - ones(col(f"{name}_certain"))).cat.to(MEMBERSHIPS)


def rank(kind: str) -> pl.Expr:
    """Return the place of the innermost category in the list of categories."""
    ghetto, streak = ones(col(f"ghetto_{kind}")), ones(col(f"streak_{kind}"))
    renamed = (
        ones(SINCE_2021 & col(f"ghetto_{kind}")) * 2
    )  # parallelsamfund and omdannelse, two places further on
    return (
        pl.when(~SINCE_2018)
        .then(ghetto * 3)
        .when(col(f"core_{kind}"))
        .then(2 + ghetto + streak + renamed)
        .otherwise(ones(col(f"prevention_{kind}")))
    )


def notes(criteria: list[Criterion], limits: dict[str, Limits], years: list[int]) -> pl.Expr:
    """Return one text per row: its marks and reasons, with ` | ` between them; missing where there
    are none.

    Most rows have the same few marks as all of their list; only for the others are the parts
    joined.
    """
    marks = [(col(measure).is_not_null(), texts) for measure, texts in MARKS.items()]
    reasons = [
        reason
        for criterion in criteria
        for reason in reasons_on(criterion, limits.get(criterion.name))
    ]
    reasons.append((col("residents").is_null(), "residents: missing"))
    area = (SINCE_2018, RESIDENTS_MARK)
    back = ((col("years_in_row_possible") >= 1) & (col("year") > FIRST_DECEMBER)).fill_null(
        value=False
    )
    parts = [pl.when(holds).then(by_version(texts)) for holds, texts in marks]
    parts += [pl.when(holds).then(pl.lit(text)) for holds, text in (*reasons, area)]
    parts.append(pl.when(back).then(by_list({year: years_behind(year) for year in years})))
    joined = pl.concat_str(parts, separator=" | ", ignore_nulls=True)
    return pl.when(joined != "").then(joined)


def reasons_on(criterion: Criterion, limits: Limits | None) -> list[tuple[pl.Expr, str]]:
    """Return why a criterion is unknown for want of a limit, and that a value is a tie, each where
    it holds.
    """
    value = col(f"{criterion.measure}_whole")
    there = (
        value.is_not_null() if criterion.since is None else criterion.since & value.is_not_null()
    )
    tie = (there & (value == criterion.limit)).fill_null(value=False)
    reasons = [(tie, f"{criterion.name}: the value equals its line to the printed decimals")]
    if limits is not None:
        unknown_limit = there & criterion.limit.is_null()
        reasons.insert(
            0, (unknown_limit, f"{criterion.name}: unknown, no limit is known for this list")
        )
    return reasons


def by_version(texts: dict[int, str]) -> pl.Expr:
    """Return the text of the version in force, by the first year of each."""
    text = pl.lit(None, dtype=pl.String)
    for first, words in texts.items():
        text = pl.when(col("year") >= first).then(pl.lit(words, dtype=pl.String)).otherwise(text)
    return text


def by_list(texts: dict[int, str]) -> pl.Expr:
    """Return the text of a row's list year."""
    text = pl.lit(None, dtype=pl.String)
    for year, words in texts.items():
        text = pl.when(col("year") == year).then(pl.lit(words)).otherwise(text)
    return text


def years_behind(year: int) -> str:
    """Return what the years in a row of a list rest on."""
    last = year - 1
    rows = f"{FIRST_DECEMBER}-{last}" if last > FIRST_DECEMBER else str(last)
    return f"years in a row: own rows, if any, of {rows}" + (
        "; inferred (years_in_row, counting)" if year >= FIRST_HARD else ""
    )


def write(verdicts: pl.LazyFrame, path: Path, compression: str) -> None:
    """Write the verdicts whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    try:
        verdicts.sink_parquet(part, compression=compression)  # type: ignore[call-overload]
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
