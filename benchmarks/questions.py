"""Measure the questions against `udsat score` on the same table: 200 areas with 15 lists each, and
ways of 10,000 areas.

python benchmarks/questions.py            commands in turn, medians and the ratio to `udsat score`
python benchmarks/questions.py --check    fail where a command takes more than 1.4 times as long, or
ways more than 2 s
"""

import argparse
import csv
import itertools
import shutil
import sys
import time
from pathlib import Path
from statistics import median

from run import CACHE, Command, make, once

AREAS, LISTS = 200, 15
MOST_RATIO, MOST_SECONDS = 1.4, 2.0


def main() -> int:
    """Run the commands A B C A B C ... and print what they took."""
    parser = argparse.ArgumentParser(
        description="Measure udsat explain and udsat watch against udsat score."
    )
    parser.add_argument(
        "--rounds", type=int, default=5, help="measured rounds after one warm-up (default 5)"
    )
    parser.add_argument("--check", action="store_true", help="fail where a command takes too long")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has udsat")
    options = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    out = CACHE / "out"
    out.mkdir(exist_ok=True)
    try:
        table, references, area = small_table(CACHE, options.python)
        slow = commands(table, references, area, out, options)
        slow += ways()
    finally:
        shutil.rmtree(out, ignore_errors=True)
    return 1 if options.check and slow else 0


def small_table(folder: Path, python: str) -> tuple[Path, Path, str]:
    """Return a table of 15 lists of 200 areas, its references, and the name of an area in the
    middle.
    """
    whole, references = make("small", 16 * AREAS, folder, python)
    target = folder / f"questions-{AREAS * LISTS}.csv"
    with whole.open(encoding="utf-8", newline="") as stream:
        head, *rows = csv.reader(stream)
    first = min(row[head.index("list_date")] for row in rows)
    kept = [row for row in rows if row[head.index("list_date")] != first]
    with target.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([head, *kept])
    return target, references, kept[len(kept) // 2][head.index("area")]


def commands(
    table: Path, references: Path, area: str, out: Path, options: argparse.Namespace
) -> list[str]:
    """Measure the commands in turn, print a table, and return the names of those that
    are too slow.
    """
    start = [options.python, "-m", "udsat"]
    end = ["--references", str(references), "--basis", "computed"]
    asked = {
        "udsat score": ["score", str(table)],
        "udsat explain": [
            "explain",
            str(table),
            area,
            "--ways-off",
            "--ways-on",
            "--include-origin",
        ],
        "udsat explain, JSON": ["explain", str(table), area, "--format", "json"],
        "udsat watch": ["watch", str(table), "--include-origin"],
        "udsat watch with an aim": ["watch", str(table), "--baseline", "2014", "--target", "2030"],
    }
    costs: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(options.rounds + 1):
        for name, words in asked.items():
            cost = once(Command(name, [*start, *words, *end]), out)
            if number:
                costs[name].append(cost.wall)
    base = median(costs["udsat score"])
    lines = [f"| {AREAS * LISTS:,} rows | wall s | to udsat score |", "| --- | ---: | ---: |"]
    lines += [
        f"| {name} | {median(walls):.2f} | {median(walls) / base:.2f} |"
        for name, walls in costs.items()
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return [name for name, walls in costs.items() if median(walls) > MOST_RATIO * base]


def ways() -> list[str]:
    """Measure the ways out of and into every category of 10,000 areas; every outcome of every
    criterion occurs.
    """
    from udsat.analysis.explain.minimal_changes import CriteriaState, Finder
    from udsat.law.evaluate import NO, UNKNOWN, YES
    from udsat.law.loader import shipped

    version = shipped().versions[-1]
    names = list(version.criteria)
    some = itertools.product((YES, NO, UNKNOWN), repeat=len(names))
    step = 3 ** len(names) // 10_000 or 1
    states = [
        CriteriaState(outcomes, YES, (1, 1)) for outcomes in itertools.islice(some, 0, None, step)
    ][:10_000]
    began = time.perf_counter()
    finder = Finder(version, include_origin=True)
    for now in states:
        for category in version.categories:
            finder.off(category, now)
    took = time.perf_counter() - began
    sys.stdout.write(
        f"\nways out of {len(version.categories)} categories for {len(states):,} areas, all"
        f" different: {took:.2f} s\n"
    )
    return ["ways"] if took > MOST_SECONDS else []


if __name__ == "__main__":
    sys.exit(main())
