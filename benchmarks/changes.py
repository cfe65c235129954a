"""Measure the questions about several lists against `udsat score` on the same tables, and print the
ratios.

python benchmarks/changes.py                    3,000 rows: diff, history and audit against score
python benchmarks/changes.py --large 1000000    diff of two tables of so many rows against scoring
both
"""

import argparse
import csv
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
CACHE = HERE / ".cache"
ROWS = 3_000
#: One area in so many differs between the two large tables.
ONE_IN = 1_000


def main() -> None:
    """Make the tables, run every command in turn, and print a table of ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--large", type=int, metavar="ROWS", help="compare two large tables instead"
    )
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    CACHE.mkdir(exist_ok=True)
    commands, base = _large(options.large) if options.large else _small()
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(options.rounds + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            command()
            if turn:  # the first round warms up
                taken[name].append(time.perf_counter() - start)
    whole = sum(median(taken[name]) for name in base)
    print(f"| command | seconds | times {' + '.join(base)} |\n| --- | ---: | ---: |")
    for name, seconds in taken.items():
        print(f"| {name} | {median(seconds):.2f} | {median(seconds) / whole:.2f} |")


def _udsat(*arguments: str | Path, statuses: tuple[int, ...] = (0,)) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "udsat", *map(str, arguments)], capture_output=True, check=False
    )
    if done.returncode not in statuses:
        sys.exit(done.stderr.decode())


def _made(kind: str, rows: int, table: Path, references: Path) -> None:
    if not table.exists():
        maker = [sys.executable, str(HERE / "make_data.py"), "--kind", kind, "--rows", str(rows)]
        subprocess.run([*maker, "-o", str(table), "--references", str(references)], check=True)


def _small() -> tuple[dict[str, Callable[[], None]], list[str]]:
    table, references, official = (
        CACHE / "questions.csv",
        CACHE / "questions-references.csv",
        CACHE / "questions-official.csv",
    )
    _made("small", ROWS, table, references)
    if not official.exists():
        _official(table, references, official)
    given = ("--references", references)
    return {
        "score": lambda: _udsat("score", table, *given),
        "diff, one law": lambda: _udsat("diff", table, "--from", "2018", "--to", "2019", *given),
        "diff, two laws": lambda: _udsat("diff", table, "--from", "2020", "--to", "2021", *given),
        "history": lambda: _udsat("history", table, *given),
        "audit": lambda: _udsat("audit", table, "--official", official, *given, statuses=(0, 1)),
    }, ["score"]


def _official(table: Path, references: Path, official: Path) -> None:
    """Write the lists of 2019 and 2022 that the table gives, without the first area of each and
    with two that are not on it.
    """
    from udsat.api import evaluate

    rows = evaluate([str(table)], references=[str(references)]).areas()
    with official.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["list_date", "category", "area", "municipality"])
        for year in (2019, 2022):
            here = [row for row in rows if row["list_date"].year == year]
            on, off = ([row for row in here if row["udsat"] == word] for word in ("yes", "no"))
            writer.writerows(
                [row["list_date"], "udsat", row["area"], row["municipality"]]
                for row in (*on[1:], *off[:2])
            )


def _large(rows: int) -> tuple[dict[str, Callable[[], None]], list[str]]:
    old, new, references = (
        CACHE / f"old-{rows}.parquet",
        CACHE / f"new-{rows}.parquet",
        CACHE / "questions-large-references.csv",
    )
    _made("large", rows, old, references)
    if not new.exists():
        _changed(old, new)
    given, out = ("--references", references), CACHE / "verdicts.parquet"
    return {
        "score OLD": lambda: _udsat("score", old, *given, "-o", out),
        "score NEW": lambda: _udsat("score", new, *given, "-o", out),
        "diff OLD NEW": lambda: _udsat("diff", old, new, *given),
    }, ["score OLD", "score NEW"]


def _changed(old: Path, new: Path) -> None:
    """Write the table with other figures for one area in a thousand."""
    import polars as pl

    column = "outside_labour_market_pct"
    chosen = pl.col("area").hash(1) % ONE_IN == 0
    pl.read_parquet(old).with_columns(
        pl.when(chosen).then(80 - pl.col(column)).otherwise(pl.col(column)).round(1).alias(column)
    ).write_parquet(new)


if __name__ == "__main__":
    main()
