"""Compare the ratios of two series of measurements, each the printed output of the other scripts.

python benchmarks/ratios.py BEFORE.txt AFTER.txt            every ratio before and after, and how it
has grown python benchmarks/ratios.py BEFORE.txt AFTER.txt --most 1.25   fail where one has grown by
more
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

#: The heading of the first column of ratios: `udsat score to it: wall`, `times udsat score`, `to
#: udsat score`.
RATIO = re.compile(r"\bto it\b|^times\b|^to\b")


def main() -> int:
    """Print the ratios; 1 if one has grown by more than was allowed, or is in one series alone."""
    parser = argparse.ArgumentParser(
        description="Compare the ratios of two series of measurements."
    )
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument(
        "--most",
        type=float,
        metavar="TIMES",
        help="fail where a ratio is more than so many times what it was",
    )
    options = parser.parse_args()
    before, after = (
        dict(ratios(path.read_text(encoding="utf-8"))) for path in (options.before, options.after)
    )
    failed = False
    sys.stdout.write(
        "| measured | before | after | after to before |\n| --- | ---: | ---: | ---: |\n"
    )
    for name in [*before, *(name for name in after if name not in before)]:
        if name not in before or name not in after:
            failed = True
            sys.stdout.write(
                f"| {name} | {before.get(name, '')} | {after.get(name, '')} | in one series"
                " alone |\n"
            )
            continue
        grown = after[name] / before[name] if before[name] else float("inf")
        above = options.most is not None and grown > options.most
        failed |= above
        sys.stdout.write(
            f"| {name} | {before[name]:.2f} | {after[name]:.2f} |"
            f" {grown:.2f}{' !' if above else ''} |\n"
        )
    return 1 if failed and options.most is not None else 0


def ratios(text: str) -> Iterator[tuple[str, float]]:
    """Yield every ratio of the tables in a text, named after its table, its row and its column."""
    title, heads, first, is_base = "", [], 0, False
    lines = text.splitlines()
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("#"):
            title = line.strip("# ").partition(":")[0]
        elif line.startswith("|") and _is_rule(after):
            heads, is_base = cells, True
            first = next(
                (place for place, head in enumerate(heads) if RATIO.search(head)), len(heads)
            )
        elif line.startswith("|") and not _is_rule(line):
            found = cells[first:]
            if not (is_base and set(found) == {"1.00"}):  # what the others are compared with
                yield from (
                    (f"{title}: {cells[0]}: {heads[first + n].rpartition(': ')[2]}", float(cell))
                    for n, cell in enumerate(found)
                )
            is_base = False


def _is_rule(line: str) -> bool:
    """Whether a line is the one below the headings of a table."""
    return line.startswith("|") and set(line) <= set("|-: ")


if __name__ == "__main__":
    sys.exit(main())
