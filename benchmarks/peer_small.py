"""The hand-written peer for small tables: pandas, Typer and Rich, one CSV file to one table on the
screen.

What a good analyst would write: shares as whole tenths and hundredths, so that every comparison is
exact, and a pair of arrays, certain and possible, for every answer, so that a missing value is
unknown and never "no". The law stands in the code, which is what `udsat` spares its users.
"""

from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

Column = npt.NDArray[Any]
Truth = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Limits = dict[str, dict[pd.Timestamp, int]]

KEYS = ["area", "municipality", "list_date"]
DECIMALS = {
    "outside_labour_market_pct": 1,
    "convicted_pct": 2,
    "basic_education_pct": 1,
    "income_ratio_pct": 1,
    "non_western_pct": 1,
}
HIGHEST = {"income_ratio_pct": 1_000}  # 100 for the others
VERSIONS = np.array([2010, 2014, 2018, 2021])
STARTS = np.array(["2010-10-26", "2014-02-01", "2018-12-01", "2021-11-30"], dtype="datetime64[D]")
COUNTED = {  # the versions whose count a criterion is in
    "labour_market": [2010, 2014, 2018, 2021],
    "crime": [2010, 2014, 2018, 2021],
    "education": [2014, 2018, 2021],
    "income": [2014, 2018, 2021],
    "origin": [2010, 2014],
}
PREVENTION = [
    "prevention_labour_market",
    "prevention_crime",
    "prevention_education",
    "prevention_income",
]
CATEGORIES = {  # the versions that have a category
    "ghetto": [2010, 2014, 2018],
    "udsat": [2018, 2021],
    "haard_ghetto": [2018],
    "parallelsamfund": [2021],
    "omdannelse": [2021],
    "forebyggelse": [2021],
}
OUTERMOST_FIRST = [
    "forebyggelse",
    "udsat",
    "ghetto",
    "parallelsamfund",
    "haard_ghetto",
    "omdannelse",
]
FIRST_DECEMBER = 2014
RESIDENTS = 1_000
STREAK = 5
MISSING = -1  # no measure and no limit is below 0

SIGNS = {"met": "✓", "not_met": "✗", "unknown": "?"}
COLOURS = {
    "met": "red",
    "not_met": "green",
    "none": "green",
    "unknown": "yellow",
    "forebyggelse": "cyan",
}
WIDE = 200


class Pair(NamedTuple):
    """A three-valued answer per row; what is certain is also possible."""

    certain: Truth
    possible: Truth

    def also(self, other: "Pair") -> "Pair":
        """Return where both hold."""
        return Pair(self.certain & other.certain, self.possible & other.possible)

    def where(self, rows: Truth) -> "Pair":
        """Return a no outside the rows."""
        return Pair(self.certain & rows, self.possible & rows)

    def in_words(self, yes: str, no: str) -> Column:
        """Return the answer in words."""
        return np.where(self.certain, yes, np.where(self.possible, "unknown", no))


class Criterion(NamedTuple):
    """One line of the law, in the whole numbers of its measure."""

    name: str
    measure: str
    limit: Whole
    met: Truth  # meaningful where value and limit are known
    in_force: Truth


def main(
    table: Annotated[Path, typer.Argument(help="area table, CSV")],
    references: Annotated[Path, typer.Option(help="limits of the crime criteria, CSV")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="write CSV and print nothing")
    ] = None,
) -> None:
    """Score a table of housing areas by the law in force on each list date."""
    areas = pd.read_csv(table, dtype={"area": str, "municipality": str}, parse_dates=["list_date"])
    problems = check(areas)
    for problem in problems:
        typer.echo(f"{table}: {problem}", err=True)
    if problems:
        raise typer.Exit(1)
    verdicts = score(areas, read_limits(references))
    if output:
        verdicts.to_csv(output, index=False)
    else:
        show(verdicts)


def read_limits(path: Path) -> Limits:
    """Read the limits of the two crime criteria, in hundredths of a percent, by list date."""
    rows = pd.read_csv(path, parse_dates=["list_date"])
    rows = rows[
        (rows["measure"] == "convicted") & (rows["scope"] == "limit") & (rows["status"] == "stated")
    ]
    if (rows["unit"] != "percent").any() or (rows["value"] != rows["value"].round(2)).any():
        raise typer.BadParameter("limits must be in percent with two decimals")
    limits: Limits = {"crime": {}, "prevention_crime": {}}
    for criterion, day, value in zip(
        rows["criterion"], rows["list_date"], rows["value"], strict=True
    ):
        limits[criterion][day] = round(value * 100)
    return limits


def check(areas: pd.DataFrame) -> list[str]:
    """Return what is wrong with the table: values out of range, unknown dates, repeated keys."""
    dates, residents = areas["list_date"], areas["residents"]
    year, month, day = dates.dt.year, dates.dt.month, dates.dt.day
    october = (month == 10) & (day == 1) & year.between(2011, 2013)
    december = (month == 12) & (day == 1) & (year >= FIRST_DECEMBER)
    early = dates.isin([pd.Timestamp("2010-10-26"), pd.Timestamp("2014-02-01")])
    wrong = {
        "no area, municipality or list date": areas[KEYS].isna().any(axis=1),
        "repeated key": areas.duplicated(KEYS),
        "no list of this date": ~(october | december | early),
        "residents are not a whole number from 0": (residents < 0) | (residents % 1 > 0),
    }
    for measure, decimals in DECIMALS.items():
        values, highest = areas[measure], HIGHEST.get(measure, 100)
        wrong[f"{measure} not between 0 and {highest}"] = (values < 0) | (values > highest)
        wrong[f"{measure} with more than {decimals} decimals"] = (
            values - values.round(decimals)
        ).abs() > 0
    return [
        f"line {line + 2}: {text}" for text, rows in wrong.items() for line in np.flatnonzero(rows)
    ]


def score(areas: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Return the verdicts, one row per area and list, in the order of the table."""
    dates, residents = areas["list_date"], areas["residents"]
    version = VERSIONS[np.searchsorted(STARTS, dates.to_numpy(), side="right") - 1]
    columns: dict[str, Any] = {key: areas[key] for key in KEYS}
    columns |= {"criteria_version": version, "residents": residents.astype("Int64")}

    measures = {measure: whole(areas[measure], decimals) for measure, decimals in DECIMALS.items()}
    answers: dict[str, Pair] = {}
    for criterion in the_law(measures, version, dates, limits):
        values = measures[criterion.measure]
        known = (values != MISSING) & (criterion.limit != MISSING)
        answers[criterion.name] = Pair(criterion.met & known, criterion.met | ~known)
        columns |= shown(criterion, values, answers[criterion.name])

    counted = [
        answers[name].where(np.isin(version, versions)) for name, versions in COUNTED.items()
    ]
    prevention = [answers[name] for name in PREVENTION]
    columns["met_count"], possible = tally(counted)
    columns["unknown_count"] = possible - columns["met_count"]
    columns["prevention_met_count"] = pd.Series(tally(prevention)[0], dtype="Int64").where(
        version == 2021
    )

    enough = Pair(
        (residents >= RESIDENTS).to_numpy(),
        ((residents >= RESIDENTS) | residents.isna()).to_numpy(),
    )
    core = at_least(np.where(version == 2014, 3, 2), counted).also(enough)
    gated = core.also(answers["origin"])
    ghetto = Pair(
        *(np.where(version < 2018, both[0], both[1]) for both in zip(core, gated, strict=True))
    )
    december = (dates.dt.month == 12).to_numpy()
    years, possible_years = streaks(areas, ghetto, december)
    streak = Pair(years >= STREAK, possible_years >= STREAK)
    categories = {
        "ghetto": ghetto,
        "udsat": core,
        "haard_ghetto": streak,
        "parallelsamfund": ghetto,
        "omdannelse": streak,
        "forebyggelse": at_least(2, prevention).also(answers["prevention_origin"]).also(enough),
    }
    for name, versions in CATEGORIES.items():
        in_force = np.isin(version, versions)
        categories[name] = categories[name].where(in_force)
        columns[name] = only(in_force, categories[name].in_words("yes", "no"))
    columns["category"], columns["category_possible"] = innermost(categories)
    columns["years_in_row"] = pd.Series(years, dtype="Int64").where(december)
    columns["years_in_row_possible"] = pd.Series(possible_years, dtype="Int64").where(december)
    return pd.DataFrame(columns)


def whole(values: "pd.Series[float]", decimals: int) -> Whole:
    """Return a measure as whole tenths or hundredths, which a binary float cannot blur."""
    numbers = values.to_numpy()
    return np.where(np.isnan(numbers), MISSING, np.rint(numbers * 10**decimals)).astype(np.int64)


def the_law(
    measures: dict[str, Whole], version: Whole, dates: "pd.Series[pd.Timestamp]", limits: Limits
) -> list[Criterion]:
    """Return the criteria of all versions; before 2018 crime had to exceed its limit."""

    def fixed(limit: int) -> Whole:
        return np.full(len(version), limit)

    def listed(criterion: str) -> Whole:
        limit: Whole = dates.map(limits[criterion]).fillna(MISSING).to_numpy().astype(np.int64)
        return limit

    names = list(measures)
    work, crime, education, income, origin = measures.values()
    every, since_2014, since_2021 = version >= 2010, version >= 2014, version == 2021
    crime_limit = np.where(version >= 2018, listed("crime"), 270)
    crime_met = np.where(version >= 2018, crime >= crime_limit, crime > crime_limit)
    prevention_limit = listed("prevention_crime")
    education_limit = np.where(version >= 2018, 600, 500)
    return [
        Criterion("labour_market", names[0], fixed(400), work > 400, every),
        Criterion("crime", names[1], crime_limit, crime_met, every),
        Criterion("education", names[2], education_limit, education > education_limit, since_2014),
        Criterion("income", names[3], fixed(550), income < 550, since_2014),
        Criterion("origin", names[4], fixed(500), origin > 500, every),
        Criterion("prevention_labour_market", names[0], fixed(300), work > 300, since_2021),
        Criterion(
            "prevention_crime", names[1], prevention_limit, crime >= prevention_limit, since_2021
        ),
        Criterion("prevention_education", names[2], fixed(600), education > 600, since_2021),
        Criterion("prevention_income", names[3], fixed(650), income < 650, since_2021),
        Criterion("prevention_origin", names[4], fixed(300), origin > 300, since_2021),
    ]


def shown(criterion: Criterion, values: Whole, answer: Pair) -> dict[str, Column]:
    """Return the four output columns of a criterion, empty in versions without it."""
    name, steps = criterion.name, 10 ** DECIMALS[criterion.measure]
    has_value, has_limit = values != MISSING, criterion.limit != MISSING
    return {
        name: only(criterion.in_force, answer.in_words("met", "not_met")),
        f"{name}_value": np.where(criterion.in_force & has_value, values / steps, np.nan),
        f"{name}_limit": np.where(criterion.in_force & has_limit, criterion.limit / steps, np.nan),
        f"{name}_margin": np.where(
            criterion.in_force & has_value & has_limit, (values - criterion.limit) / steps, np.nan
        ),
    }


def only(rows: Truth, words: Column) -> Column:
    """Return the words, empty outside the rows."""
    kept: Column = words.astype(object)
    kept[~rows] = None
    return kept


def tally(answers: list[Pair]) -> tuple[Whole, Whole]:
    """Return how many are certain and how many are possible."""
    return (
        np.sum([answer.certain for answer in answers], axis=0),
        np.sum([answer.possible for answer in answers], axis=0),
    )


def at_least(needed: int | Whole, answers: list[Pair]) -> Pair:
    """Return whether enough of the answers are yes."""
    certain, possible = tally(answers)
    return Pair(certain >= needed, possible >= needed)


def streaks(areas: pd.DataFrame, ghetto: Pair, december: Truth) -> tuple[Whole, Whole]:
    """Return the December lists in a row up to each row, certain and possible; meaningless on other
    dates.

    A year's count is its distance from the last year that broke the row. A year without a row
    breaks what is certain and lets what is possible go on, back to the year before the first
    December list.
    """
    order = areas.sort_values(KEYS).index.to_numpy()
    place = areas.groupby(KEYS[:2], sort=False).ngroup().to_numpy()[order]
    year = areas["list_date"].dt.year.to_numpy()[order].astype(float)
    certain, possible, december = ghetto.certain[order], ghetto.possible[order], december[order]

    same_place = np.r_[False, place[1:] == place[:-1]]
    next_list = same_place & np.r_[False, december[:-1] & (year[1:] == year[:-1] + 1)]
    broken = pd.Series(np.where(~certain, year, np.where(next_list, np.nan, year - 1)))
    start = np.where(same_place, np.nan, FIRST_DECEMBER - 1)
    ruled_out = pd.Series(np.where(december & ~possible, year, start))

    years, possible_years = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
    years[order] = year - broken.ffill()
    possible_years[order] = year - ruled_out.ffill()
    return years, possible_years


def innermost(categories: dict[str, Pair]) -> tuple[Column, Column]:
    """Return the innermost category that is certain and the innermost that is possible."""
    rows = len(categories["udsat"].certain)
    certain, possible = np.full(rows, "none", object), np.full(rows, "none", object)
    for name in OUTERMOST_FIRST:
        certain[categories[name].certain] = name
        possible[categories[name].possible] = name
    return np.where((certain == "none") & (possible != "none"), "unknown", certain), possible


def show(verdicts: pd.DataFrame) -> None:
    """Print the verdicts as a table; a sign stands beside every colour."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    columns: dict[str, list[Text | str]] = {
        "area": list(verdicts["area"]),
        "municipality": list(verdicts["municipality"]),
        "list": list(verdicts["list_date"].dt.strftime("%Y-%m-%d")),
        **{name: criterion_cells(verdicts, name) for name in COUNTED},
        "§ 61 b": [
            "" if pd.isna(count) else f"{count} of 4" for count in verdicts["prevention_met_count"]
        ],
        "category": [Text(name, COLOURS.get(name, "red")) for name in verdicts["category"]],
        "years in a row": [
            "" if pd.isna(years) else str(years) for years in verdicts["years_in_row"]
        ],
    }
    table = Table(title="Housing areas by the law in force on each list date")
    for name, cells in columns.items():  # with its width given, Rich need not measure every cell
        table.add_column(name, no_wrap=True, width=max(len(name), *map(len, cells)))
    for row in zip(*columns.values(), strict=True):
        table.add_row(*row)
    console.print(table)
    console.print(summary(verdicts))


def criterion_cells(verdicts: pd.DataFrame, name: str) -> list[Text | str]:
    """Return sign, value and margin of a criterion per row."""
    decimals = 2 if name == "crime" else 1
    columns = (verdicts[name], verdicts[f"{name}_value"], verdicts[f"{name}_margin"])
    cells: list[Text | str] = []
    for outcome, value, margin in zip(*columns, strict=True):
        number = "-" if np.isnan(value) else f"{value:.{decimals}f}"
        distance = "" if np.isnan(margin) else f" ({margin:+.{decimals}f})"
        in_force = outcome in SIGNS
        cells.append(
            Text(f"{SIGNS[outcome]} {number}{distance}", COLOURS[outcome]) if in_force else ""
        )
    return cells


def summary(verdicts: pd.DataFrame) -> str:
    """Return one sentence on the newest list."""
    newest = verdicts["list_date"].max()
    found = verdicts.loc[verdicts["list_date"] == newest, "category"].value_counts()
    parts = ", ".join(f"{count} {name}" for name, count in found.items())
    return (
        f"List of {newest:%Y-%m-%d}, {found.sum()} areas: {parts}. Computed here, not the official"
        " list."
    )


if __name__ == "__main__":
    typer.run(main)
