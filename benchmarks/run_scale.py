"""Measure `udsat aggregate`, `score --memory` and `score --vary`, as whole processes in turn, and
print the ratios.

python benchmarks/run_scale.py                                                  small, a minute
python benchmarks/run_scale.py --case persons --persons 6000000 --years 16      96 million rows
python benchmarks/run_scale.py --case memory --rows 100000000                   100 million rows
under a cap of 2 GB python benchmarks/run_scale.py --check
compare counts with the peer's instead
"""

import argparse
import subprocess
import sys
from pathlib import Path

import run
from run import CACHE, HERE, Command, Cost

CHECK = """
import sys, polars as pl
ours, theirs = (pl.read_parquet(path).sort("area", "municipality", "year") for path in sys.argv[1:])
assert ours.height == theirs.height, (ours.height, theirs.height)
for name in ours.columns:
    if name in ("area", "municipality", "region"):
        continue
    one, other = (table[name].cast(pl.Float64) for table in (ours, theirs))
    known = one.is_not_null()
    far = ((one - other).abs() > 1e-6) & known
    assert not far.any(), (name, ours.filter(far).head(3), theirs.filter(far).head(3))
print("every count that a list looks at is the peer's:", ours.height, "rows")
"""


def main() -> int:
    """Run the cases that the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure udsat aggregate, --memory and --vary.")
    parser.add_argument(
        "--case",
        choices=["persons", "memory", "vary"],
        nargs="+",
        default=["persons", "memory", "vary"],
    )
    parser.add_argument(
        "--persons", type=int, default=100_000, help="persons in each year (default 100,000)"
    )
    parser.add_argument("--years", type=int, default=4, help="years of persons (default 4)")
    parser.add_argument(
        "--rows",
        type=int,
        default=200_000,
        help="rows of the table that is scored under a cap (default 200,000)",
    )
    parser.add_argument(
        "--rounds", type=int, default=3, help="measured rounds after one warm-up (default 3)"
    )
    parser.add_argument(
        "--check", action="store_true", help="compare counts with the peer's instead of measuring"
    )
    options = parser.parse_args()
    out = CACHE / "out"
    out.mkdir(parents=True, exist_ok=True)
    for case in ["persons"] if options.check else options.case:
        commands = {"persons": _persons, "memory": _memory, "vary": _vary}[case](options, out)
        if options.check:
            for command in commands[:1] + commands[2:3]:
                run.once(command, out)
            files = [str(out / "counts.parquet"), str(out / "peer.parquet")]
            sys.stdout.write(run._run([sys.executable, "-c", CHECK, *files]))  # noqa: SLF001
        else:
            machine = run._machine()  # noqa: SLF001
            measured = run.as_markdown(_in_turn(commands, options.rounds, out))
            sys.stdout.write(f"\n## {case}\n\n{machine}\n\n{measured}")
            sys.stdout.flush()
    return 0


def _in_turn(commands: list[Command], rounds: int, out: Path) -> dict[str, list[Cost]]:
    costs: dict[str, list[Cost]] = {command.name: [] for command in commands}
    for number in range(rounds + 1):
        for command in commands:
            cost = run.once(command, out)
            if number:
                costs[command.name].append(cost)
    return costs


def _udsat(name: str, *arguments: object) -> Command:
    return Command(name, [sys.executable, "-m", "udsat", *map(str, arguments)])


def _persons(options: argparse.Namespace, out: Path) -> list[Command]:
    folder = CACHE / f"persons-{options.persons}-{options.years}"
    if len(list(folder.glob("*.parquet"))) < options.years:
        _make("make_persons", "-o", folder, "--persons", options.persons, "--years", options.years)
    peer = [
        sys.executable,
        str(HERE / "peer_persons.py"),
        str(folder),
        "-o",
        str(out / "peer.parquet"),
    ]
    return [
        _udsat("udsat aggregate", "aggregate", folder, "-o", out / "counts.parquet"),
        _udsat(
            "udsat aggregate --memory 512MB",
            "aggregate",
            folder,
            "-o",
            out / "capped.parquet",
            "--memory",
            "512MB",
        ),
        Command("peer_persons", peer),
        Command("peer_persons --checked", [*peer, "--checked"]),
    ]


def _memory(options: argparse.Namespace, out: Path) -> list[Command]:
    table, references = CACHE / f"large-{options.rows}.parquet", CACHE / "references.csv"
    if not table.exists() or not references.exists():
        _make("make_data", "--rows", options.rows, "-o", table, "--references", references)
    score = ("score", table, "--references", references, "--basis", "computed", "-o")
    return [
        _udsat("udsat score --memory 2GB", *score, out / "capped.parquet", "--memory", "2GB"),
        _udsat("udsat score", *score, out / "free.parquet"),
    ]


def _vary(options: argparse.Namespace, out: Path) -> list[Command]:
    """1,000 variants of 3,000 areas on one list."""
    del options
    every, references, table = (
        CACHE / "small-48000.csv",
        CACHE / "references.csv",
        CACHE / "one-list.csv",
    )
    if not table.exists() or not references.exists():
        _make("make_data", "--rows", 48_000, "-o", every, "--references", references)
        lines = every.read_text(encoding="utf-8").splitlines(keepends=True)
        table.write_text(
            "".join([lines[0], *(line for line in lines if ",2019-12-01," in line)]),
            encoding="utf-8",
        )
    score = (
        "score",
        table,
        "--references",
        references,
        "--basis",
        "computed",
        "-o",
        out / "vary.csv",
    )
    some = (
        "--vary",
        "labour_market.threshold=35..44.9:0.1",
        "--vary",
        "education.threshold=56..60",
        "--vary",
        "udsat.count=2..3",
    )
    return [
        _udsat("udsat score --vary, 1,000 variants", *score, *some),
        _udsat("udsat score", *score),
    ]


def _make(script: str, *arguments: object) -> None:
    subprocess.run([sys.executable, str(HERE / f"{script}.py"), *map(str, arguments)], check=True)


if __name__ == "__main__":
    sys.exit(main())
