"""The files that golden outputs are made from: samples of the repository, and tables drawn at random with fixed seeds."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random

from oracle.tables import (
    DATES,
    Lists,
    Row,
    Table,
    boundary_table,
    count_table,
    random_year_table,
    streak_table,
    year_table,
)

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
#: How many random tables there are.
RANDOM = 160
#: Names and bytes of files that are wrong in a way that has a message of its own.
WRONG = {
    "empty.csv": b"",
    "header.csv": b"area,municipality,list_year,residents\n",
    "cells.csv": (
        "Område;Kommune;Listeår;Antal beboere;Andel dømte (pct.);Andel med alene grundskoleuddannelse (pct.)\n"
        "Vollsmose;Odense;2019;tolv;145,0;61,0\n"
        "Vollsmose;Odense;2019;9000;3,2;61,0\n"
        "Vollsmose;Odense Kommune;2019;9000;3,2;\n"
        "Ukendt;Atlantis;2019;-5;0,1 %;61,0\n"
        ";Aarhus;2009;1000,5;<3;40-60\n"
    ).encode(),
    "slips.csv": (
        "area,municipality,list_year,residents,convicted_pct,basic_education_pct,Arbejdsløse\n"
        "Bispehaven,Aarhus,2019,2000,0.031,0.62,x\nI alt,,2019,9000,3.1,62,y\nGellerupparken,Aarhus,2018-05-09,2000,3.1,62,z\n"
    ).encode(),
    "own.toml": b'[version]\nid = "2018"\ntitle = 1\n[criteria.crime]\nthreshold = "x"\n',
    "columns.toml": b'[columns]\n"Arbejdsl\xc3\xb8se" = "outside_labour_market_pct"\n',
}
BORDERS = "list_date,kind,old_area,old_municipality,new_area,new_municipality,note\n2019-12-01,rename,Bispehaven,Aarhus,Bispeparken,Aarhus,test\n"


def write(folder: Path) -> None:
    """Write every input file into an empty folder."""
    for path in sorted(SAMPLES.glob("*.*")):
        shutil.copy(path, folder / path.name)
    for name, data in WRONG.items():
        (folder / name).write_bytes(data)
    (folder / "borders.csv").write_text(BORDERS, "utf-8")
    _persons(folder / "persons.csv")
    for name, table in tables().items():
        _rows(folder / f"{name}.csv", table.rows)
        _rows(
            folder / f"{name}_references.csv",
            [{k: v for k, v in row.items() if k != "printed"} for row in table.references],
        )
        _lists(folder / f"{name}_history.csv", table.lists)


def tables() -> dict[str, Table]:
    """Return every random table by its name."""
    return {f"random{n:03}": _table(n) for n in range(RANDOM)}


def list_year(number: int) -> int | None:
    """Return the list year that a random table of calendar years is scored for; None for a table of lists."""
    return {3: 2019, 4: 2023}.get(number % 6) or (2016 if number % 6 == 5 else None)


def _table(number: int) -> Table:
    rng, versions = Random(number), tuple(DATES)
    version, year = versions[number // 6 % len(versions)], list_year(number)
    kinds: Sequence[Callable[[], Table]] = (
        lambda: boundary_table(rng, version, 12),
        lambda: count_table(rng, version, 12),
        lambda: streak_table(rng, 2, printed=bool(number & 8)),
        lambda: year_table(rng, year or 2019, 4),
        lambda: random_year_table(rng, 3, year or 2023, printed=bool(number & 8)),
        lambda: random_year_table(rng, 3, year or 2016),
    )
    return kinds[number % 6]()


def _rows(path: Path, rows: Iterable[Row]) -> None:
    own = list(rows)
    names = list(dict.fromkeys(name for row in own for name in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(
            stream, names or ["list_date", "measure", "scope", "value", "unit"], restval=""
        )
        writer.writeheader()
        writer.writerows(own)


def _lists(path: Path, lists: Lists) -> None:
    found = [
        {
            "list_date": day.isoformat(),
            "category": category,
            "area": area,
            "municipality": municipality,
        }
        for day, categories in sorted(lists.items())
        for category, keys in sorted(categories.items())
        for area, municipality in sorted(keys)
    ]
    _rows(
        path,
        found
        or [
            {
                "list_date": "2014-12-01",
                "category": "ghetto",
                "area": "Nowhere",
                "municipality": "Aarhus",
            }
        ],
    )


def _persons(path: Path) -> None:
    rng = Random(7)
    names = (
        "person",
        "year",
        "area",
        "municipality",
        "region",
        "age",
        "origin",
        "outside_labour_market",
        "convicted",
        "education",
    )
    rows = []
    for person in range(600):
        area, town = rng.choice((("17", "751"), ("18", "751"), ("", "461")))
        for year in (2022, 2023, 2024):
            cells = (
                person,
                year,
                area,
                town,
                "82",
                rng.randint(0, 90),
                rng.choice((1, 2, 3)),
                int(rng.random() < 0.4),
            )
            rows.append(
                dict(
                    zip(
                        names,
                        map(str, (*cells, int(rng.random() < 0.03), rng.choice((10, 20, 30, 90)))),
                        strict=True,
                    )
                )
            )
    _rows(path, rows)
