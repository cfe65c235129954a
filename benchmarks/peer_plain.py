"""The hand-written peer for small tables without pandas: csv, Typer and Rich, one CSV file to one
table on the screen.

The same verdicts and the same table as `peer_small.py`, row by row in plain Python: it starts in a
moment, and so shows what a small table costs where nothing heavy is loaded.
"""

import csv
import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

DECIMALS = {
    "outside_labour_market_pct": 1,
    "convicted_pct": 2,
    "basic_education_pct": 1,
    "income_ratio_pct": 1,
    "non_western_pct": 1,
}
HIGHEST = {"income_ratio_pct": 1_000}  # 100 for the others
STARTS = [("2010-10-26", 2010), ("2014-02-01", 2014), ("2018-12-01", 2018), ("2021-11-30", 2021)]
NAMES = {
    2010: ["labour_market", "crime", "origin"],
    2014: ["labour_market", "crime", "education", "income", "origin"],
}
PREVENTION = [
    "prevention_labour_market",
    "prevention_crime",
    "prevention_education",
    "prevention_income",
]
MEASURE = dict(
    zip(["labour_market", "crime", "education", "income", "origin"], DECIMALS, strict=True)
)
SHOWN = list(MEASURE)
EARLY = {"2010-10-26", "2014-02-01"} | {f"{year}-10-01" for year in (2011, 2012, 2013)}
FIRST_DECEMBER = 2014
SIGNS = {"met": "✓", "not_met": "✗", "unknown": "?"}
COLOURS = {
    "met": "red",
    "not_met": "green",
    "none": "green",
    "unknown": "yellow",
    "forebyggelse": "cyan",
}
WIDE = 200

Pair = tuple[bool, bool]  # certain and possible


class Row(NamedTuple):
    """A row of the table in whole tenths and hundredths; None is missing."""

    area: str
    municipality: str
    date: str
    residents: int | None
    values: dict[str, int | None]


def main(
    table: Annotated[Path, typer.Argument(help="area table, CSV")],
    references: Annotated[Path, typer.Option(help="limits of the crime criteria, CSV")],
) -> None:
    """Score a table of housing areas by the law in force on each list date."""
    problems: list[str] = []
    with table.open(encoding="utf-8", newline="") as stream:
        rows = [read(cells, line, problems) for line, cells in enumerate(csv.DictReader(stream), 2)]
    keys = Counter(row[:3] for row in rows)
    problems += [f"repeated key {' '.join(key)}" for key, count in keys.items() if count > 1]
    for problem in problems:
        typer.echo(f"{table}: {problem}", err=True)
    if problems:
        raise typer.Exit(1)
    show(score(rows, read_limits(references)))


def read(cells: dict[str, str], line: int, problems: list[str]) -> Row:
    """Return a row; what is wrong with it is added to the problems."""
    date = cells["list_date"]
    december = date.endswith("-12-01") and int(date[:4]) >= FIRST_DECEMBER
    if not (cells["area"] and cells["municipality"] and (december or date in EARLY)):
        problems.append(f"line {line}: no area, municipality or list date")
    values: dict[str, int | None] = {}
    for measure, decimals in DECIMALS.items():
        whole, _, part = cells[measure].partition(".")
        values[measure] = int(whole + part.ljust(decimals, "0")) if whole else None
        value = values[measure]
        if len(part) > decimals or (
            value is not None and not 0 <= value <= HIGHEST.get(measure, 100) * 10**decimals
        ):
            problems.append(
                f"line {line}: {measure} is out of range or has more than {decimals} decimals"
            )
    return Row(
        cells["area"],
        cells["municipality"],
        date,
        int(cells["residents"]) if cells["residents"] else None,
        values,
    )


def read_limits(path: Path) -> dict[tuple[str, str], int]:
    """Return the limits of the two crime criteria, in hundredths of a percent, by criterion and
    date.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [
            row
            for row in csv.DictReader(stream)
            if row["measure"] == "convicted"
            and row["scope"] == "limit"
            and row["status"] == "stated"
        ]
    return {(row["criterion"], row["list_date"]): round(float(row["value"]) * 100) for row in rows}


def score(rows: list[Row], limits: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    """Return the verdicts, one per row."""
    found = [judged(row, limits) for row in rows]
    ghetto = {
        (row.area, row.municipality, int(row.date[:4])): one["ghetto"]
        for row, one in zip(rows, found, strict=True)
        if row.date[5:7] == "12"
    }
    for row, one in zip(rows, found, strict=True):
        if row.date[5:7] == "12":
            years = in_a_row(row, ghetto)
            one["years"] = years[0]
            if one["version"] >= 2018:
                deep = "haard_ghetto" if one["version"] == 2018 else "omdannelse"
                one["categories"].append((deep, (years[0] >= 5, years[1] >= 5)))
        certain = [name for name, pair in one["categories"] if pair[0]]
        possible = [name for name, pair in one["categories"] if pair[1]]
        one["category"] = certain[-1] if certain else "unknown" if possible else "none"
    return found


def judged(row: Row, limits: dict[tuple[str, str], int]) -> dict[str, Any]:
    """Return what a row is without a look at other years: the categories from the outermost to the
    innermost.
    """
    version = [version for start, version in STARTS if start <= row.date][-1]
    lines = the_law(version, row.date, limits)
    answers: dict[str, Pair] = {}
    for name, (above, limit) in lines.items():
        value = row.values[MEASURE[name.removeprefix("prevention_")]]
        if value is None or limit is None:
            answers[name] = (False, True)
        else:
            met = (
                value < limit
                if above == "<"
                else value >= limit
                if above == ">="
                else value > limit
            )
            answers[name] = (met, met)
    counted = [
        answers[name] for name in NAMES[min(version, 2014)] if version < 2018 or name != "origin"
    ]
    core = both(
        at_least(3 if version == 2014 else 2, counted),
        (
            row.residents is not None and row.residents >= 1000,
            row.residents is None or row.residents >= 1000,
        ),
    )
    gated = both(core, answers["origin"])
    ghetto = core if version < 2018 else gated
    categories = (
        [("ghetto", core)]
        if version < 2018
        else [("udsat", core), ("ghetto" if version == 2018 else "parallelsamfund", gated)]
    )
    one = {
        "row": row,
        "version": version,
        "answers": answers,
        "lines": lines,
        "ghetto": ghetto,
        "years": None,
        "prevention": None,
    }
    if version == 2021:
        some = [answers[name] for name in PREVENTION]
        one["prevention"] = sum(pair[0] for pair in some)
        enough = (
            row.residents is not None and row.residents >= 1000,
            row.residents is None or row.residents >= 1000,
        )
        categories.insert(
            0, ("forebyggelse", both(both(at_least(2, some), answers["prevention_origin"]), enough))
        )
    return one | {"categories": categories}


def the_law(
    version: int, date: str, limits: dict[tuple[str, str], int]
) -> dict[str, tuple[str, int | None]]:
    """Return the line of each criterion of a version, and on which side of it the
    criterion is met.
    """
    lines: dict[str, tuple[str, int | None]] = {"labour_market": (">", 400)}
    lines["crime"] = (">=", limits.get(("crime", date))) if version >= 2018 else (">", 270)
    if version >= 2014:
        lines |= {"education": (">", 600 if version >= 2018 else 500), "income": ("<", 550)}
    lines["origin"] = (">", 500)
    if version == 2021:
        lines |= {
            "prevention_labour_market": (">", 300),
            "prevention_crime": (">=", limits.get(("prevention_crime", date))),
        }
        lines |= {
            "prevention_education": (">", 600),
            "prevention_income": ("<", 650),
            "prevention_origin": (">", 300),
        }
    return lines


def at_least(needed: int, pairs: list[Pair]) -> Pair:
    """Return whether enough of the answers are yes."""
    return sum(pair[0] for pair in pairs) >= needed, sum(pair[1] for pair in pairs) >= needed


def both(one: Pair, other: Pair) -> Pair:
    """Return where both hold."""
    return one[0] and other[0], one[1] and other[1]


def in_a_row(row: Row, ghetto: dict[tuple[str, str, int], Pair]) -> Pair | tuple[int, int]:
    """Return the December lists in a row up to a row, certain and possible: a year without a row
    may be one.
    """
    counts = []
    for side, missing in ((0, (False, False)), (1, (True, True))):
        year = int(row.date[:4])
        while (
            year >= FIRST_DECEMBER and ghetto.get((row.area, row.municipality, year), missing)[side]
        ):
            year -= 1
        counts.append(int(row.date[:4]) - year)
    return counts[0], counts[1]


def show(verdicts: list[dict[str, Any]]) -> None:
    """Print the verdicts as a table; a sign stands beside every colour."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    columns: dict[str, list[Text | str]] = {
        "area": [one["row"].area for one in verdicts],
        "municipality": [one["row"].municipality for one in verdicts],
        "list": [one["row"].date for one in verdicts],
        **{name: [cell(one, name) for one in verdicts] for name in SHOWN},
        "§ 61 b": [
            "" if one["prevention"] is None else f"{one['prevention']} of 4" for one in verdicts
        ],
        "category": [
            Text(one["category"], COLOURS.get(one["category"], "red")) for one in verdicts
        ],
        "years in a row": ["" if one["years"] is None else str(one["years"]) for one in verdicts],
    }
    table = Table(title="Housing areas by the law in force on each list date")
    for name, cells in columns.items():  # with its width given, Rich need not measure every cell
        table.add_column(name, no_wrap=True, width=max(len(name), *map(len, cells)))
    for row in zip(*columns.values(), strict=True):
        table.add_row(*row)
    console.print(table)
    newest = max(one["row"].date for one in verdicts)
    found = Counter(one["category"] for one in verdicts if one["row"].date == newest)
    parts = ", ".join(f"{count} {name}" for name, count in found.most_common())
    day = dt.date.fromisoformat(newest)
    console.print(
        f"List of {day}, {found.total()} areas: {parts}. Computed here, not the official list."
    )


def cell(one: dict[str, Any], name: str) -> Text | str:
    """Return sign, value and margin of a criterion."""
    if name not in one["answers"]:
        return ""
    decimals = 2 if name == "crime" else 1
    certain, possible = one["answers"][name]
    outcome = "met" if certain else "unknown" if possible else "not_met"
    value, limit = one["row"].values[MEASURE[name]], one["lines"][name][1]
    number = "-" if value is None else f"{value / 10**decimals:.{decimals}f}"
    distance = (
        ""
        if value is None or limit is None
        else f" ({(value - limit) / 10**decimals:+.{decimals}f})"
    )
    return Text(f"{SIGNS[outcome]} {number}{distance}", COLOURS[outcome])


if __name__ == "__main__":
    typer.run(main)
