"""Compare two files of verdicts row by row: same rows, same order, same verdicts, same numbers."""

import argparse
import sys
from pathlib import Path

import polars as pl

KEYS = ["area", "municipality", "list_date"]
CRITERIA = [
    f"{prefix}{name}"
    for prefix in ("", "prevention_")
    for name in ("labour_market", "crime", "education", "income", "origin")
]
VERDICTS = [
    "criteria_version",
    *CRITERIA,
    *("ghetto", "udsat", "haard_ghetto", "parallelsamfund", "omdannelse", "forebyggelse"),
    *("category", "category_possible"),
]
COUNTS = [
    *("residents", "met_count", "unknown_count", "prevention_met_count"),
    *("years_in_row", "years_in_row_possible"),
]
NUMBERS = [f"{name}_{part}" for name in CRITERIA for part in ("value", "limit", "margin")]
NOTES = ["notes"]  # compared where both files have them: the table of the small case shows none
SHOWN = 3


def main() -> int:
    """Compare the two files that the command line names; 1 if they differ."""
    parser = argparse.ArgumentParser(
        description="Compare two files of verdicts, CSV or Parquet, row by row."
    )
    parser.add_argument("ours", type=Path)
    parser.add_argument("theirs", type=Path)
    parser.add_argument(
        "--minimal", action="store_true", help="only the columns that both files have"
    )
    options = parser.parse_args()
    differences = compare(options.ours, options.theirs, minimal=options.minimal)
    for difference in differences:
        sys.stdout.write(f"{difference}\n")
    return 1 if differences else 0


def compare(ours: Path, theirs: Path, *, minimal: bool = False) -> list[str]:
    """Return what differs, one line per column; columns are read one at a time, to bound memory."""
    tables = [_scan(path) for path in (ours, theirs)]
    rows = [table.select(pl.len()).collect().item() for table in tables]
    if rows[0] != rows[1]:
        return [f"rows: {rows[0]} in {ours.name}, {rows[1]} in {theirs.name}"]
    names = [set(table.collect_schema().names()) for table in tables]
    wanted = [*KEYS, *VERDICTS, *COUNTS, *NUMBERS]
    shared = [name for name in (*wanted, *NOTES) if name in names[0] & names[1]]
    lacking = (
        [] if minimal else [f"{name}: not in both files" for name in wanted if name not in shared]
    )
    return lacking + [text for name in shared if (text := _difference(name, *tables))]


def _scan(path: Path) -> pl.LazyFrame:
    if path.suffix == ".csv":
        return pl.scan_csv(path, infer_schema=False)
    return pl.scan_parquet(path)


def _difference(name: str, ours: pl.LazyFrame, theirs: pl.LazyFrame) -> str | None:
    first, second = (
        _comparable(table.select(name).collect().to_series()) for table in (ours, theirs)
    )
    differs = first.ne_missing(second).arg_true()
    if differs.is_empty():
        return None
    examples = [f"row {row + 1}: {first[row]} | {second[row]}" for row in differs.head(SHOWN)]
    return f"{name}: {differs.len()} rows differ; {'; '.join(examples)}"


def _comparable(column: pl.Series) -> pl.Series:
    """Return a column in a form that does not depend on the file format; numbers must be equal, not
    near.
    """
    if column.name not in NUMBERS and column.name not in COUNTS:
        return column.cast(pl.String)
    if column.dtype.is_decimal():  # by way of its digits: the direct cast may be a bit off
        column = column.cast(pl.String)
    return column.cast(pl.Float64)


if __name__ == "__main__":
    sys.exit(main())
