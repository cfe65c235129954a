"""What the tests on changes share: invented tables of two lists near the thresholds, and the brute force to hold causes against."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from udsat.api import evaluate

COLUMNS = (
    "area", "municipality", "region", "list_date", "residents", "outside_labour_market_pct", "convicted_pct", "basic_education_pct",
    "income_ratio_pct", "non_western_pct",
)  # fmt: skip
#: An area that meets no criterion under any version, well away from every line.
CALM = {
    "municipality": "Lemvig", "residents": "2000", "outside_labour_market_pct": "20.0", "convicted_pct": "1.00",
    "basic_education_pct": "30.0", "income_ratio_pct": "80.0", "non_western_pct": "20.0",
}  # fmt: skip


def row(area: str, date: str, **figures: str) -> dict[str, str]:
    """Return a row: calm but for the figures given."""
    return {"area": area, "list_date": date if "-" in date else f"{date}-12-01", **CALM, **figures}


def write(
    path: Path, rows: Iterable[Mapping[str, str]], columns: Iterable[str] | None = None
) -> str:
    """Write rows as CSV and return the path."""
    rows = list(rows)
    names = list(columns or [name for name in COLUMNS if any(name in one for one in rows)])
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def verdicts(
    folder: Path,
    rows: Iterable[Mapping[str, str]],
    references: Iterable[Mapping[str, str]] = (),
    **options: Any,
) -> list[dict[str, Any]]:
    """Return the public API's verdicts on rows."""
    table = write(folder / "brute.csv", rows)
    figures = list(references)
    given = [write(folder / "brute_references.csv", figures, figures[0])] if figures else []
    return evaluate([table], references=given, **options).areas()


def limits(**by_year: str) -> list[dict[str, str]]:
    """Return references with the limit on crime of some lists: `limits(y2018="1.98")`."""
    return [
        {
            "list_date": f"{year[1:]}-12-01",
            "measure": "convicted",
            "scope": "limit",
            "region": "",
            "criterion": "crime",
            "value": value,
            "unit": "percent",
        }
        for year, value in by_year.items()
    ]
