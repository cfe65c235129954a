"""Measure `udsat score` against hand-written peers, as whole processes in turn, and print the
ratios.

This process stays small (standard library only): on Linux the peak memory of a child counts what it
shared with its parent before it became another program.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
CACHE = HERE / ".cache"
SMALL_ROWS = 1_000
LARGE_ROWS = 10_000_000
CHECKED_ROWS = 200_000
#: So many rows of the table of the case `validate` are wrong.
DAMAGED = 1_000
CHECKED = ("small", "large", "danish", "sql")
CASES = ("small", "large", "danish", "sql", "validate", "version")
CODEC = (
    "import sys, pyarrow.parquet as p;"
    " print(p.read_metadata(sys.argv[1]).row_group(0).column(0).compression)"
)


@dataclass(frozen=True)
class Command:
    """A process to measure."""

    name: str
    arguments: list[str]
    #: An exit status of 1 says that there were findings, not that the command failed.
    finds: bool = False


@dataclass(frozen=True)
class Cost:
    """What one run of a process took."""

    wall: float
    cpu: float
    memory: float  # MiB


class FailedError(Exception):
    """A process failed or two outputs differ."""


def main() -> int:
    """Run the benchmarks that the command line asks for."""
    options = _arguments()
    try:
        with _folder(options.keep) as folder:
            for case in options.case:
                if options.check and case in CHECKED:
                    check(case, folder, options.rows, options.python)
                elif not options.check:
                    measure(case, folder, options)
    except FailedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure udsat score against hand-written peers.")
    parser.add_argument("--case", choices=CASES, nargs="+", default=[*CASES])
    parser.add_argument(
        "--rows", type=int, help=f"rows of the large table (default {LARGE_ROWS:,})"
    )
    parser.add_argument(
        "--rounds", type=int, default=5, help="measured rounds after one warm-up (default 5)"
    )
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="work in DIR and leave tables and outputs there"
    )
    parser.add_argument(
        "--check", action="store_true", help="compare verdicts row by row instead of measuring"
    )
    parser.add_argument("--peers-only", action="store_true", help="measure the peers without udsat")
    parser.add_argument(
        "--python", default=sys.executable, help="the interpreter that has udsat and the peers"
    )
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    if options.check and options.peers_only:
        parser.error("--check compares udsat with its peers: leave out --peers-only")
    return options


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Yield the folder to work in: tables stay in the cache, outputs only where they were asked
    for.
    """
    folder = keep or CACHE
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder / "out", ignore_errors=True)


def measure(case: str, folder: Path, options: argparse.Namespace) -> None:
    """Measure one case and print its table."""
    rows = SMALL_ROWS if case in {"small", "version"} else options.rows or LARGE_ROWS
    table, references = make(case, rows, folder, options.python)
    out = folder / "out"
    out.mkdir(exist_ok=True)
    commands = commands_of(case, table, references, out, options.python)
    if options.peers_only:
        commands = commands[1:]
    costs = in_turn(commands, options.rounds, out, options.python)
    sys.stdout.write(
        f"\n## {case}: {rows:,} rows, medians of {options.rounds} rounds\n\n{_machine()}\n\n"
    )
    sys.stdout.write(as_markdown(costs))
    sys.stdout.flush()


def commands_of(case: str, table: Path, references: Path, out: Path, python: str) -> list[Command]:
    """Return what a case compares; the first command is that of udsat."""
    if case == "small":
        return small_case(table, references, python)
    if case == "large":
        return large_case(table, references, out, python)
    if case == "sql":
        return [
            _udsat(table, references, python, out / "udsat.parquet"),
            _peer("peer_sql", table, references, python, out / "peer_sql.parquet"),
            _peer(
                "peer_sql", table, references, python, out / "peer_sql_sorted.parquet", "--sorted"
            ),
        ]
    if case == "danish":
        return [
            _udsat(table, references, python, out / "udsat.parquet"),
            _peer("peer_large", table, references, python, out / "peer_large.parquet"),
        ]
    if case == "validate":
        mask = [python, str(HERE / "peer_validate.py"), str(table)]
        ours = [python, "-m", "udsat", "validate", str(table), "--no-warnings", "--format", "json"]
        return [Command("udsat validate", ours, True), Command("peer_validate", mask, True)]
    return [
        Command("udsat --version", [python, "-m", "udsat", "--version"]),
        Command("python -c pass", [python, "-c", "pass"]),
    ]


def make(
    case: str, rows: int, folder: Path, python: str, *, awkward: bool = False
) -> tuple[Path, Path]:
    """Make the table and the references of a case, unless they are there and newer than what makes
    them.
    """
    maker = HERE / "make_data.py"
    mark = "-awkward" if awkward else ""
    name = "large" if case == "sql" else case  # the same table
    table = folder / f"{name}-{rows}{mark}{'.parquet' if name == 'large' else '.csv'}"
    references = folder / f"references{mark}.csv"
    made = maker.stat().st_mtime
    if all(path.exists() and path.stat().st_mtime > made for path in (table, references)):
        return table, references
    kind = "small" if case in {"small", "version"} else "large"
    arguments = [python, str(maker), "--kind", kind, "--rows", str(rows), "-o", str(table)]
    arguments += {"danish": ["--danish"], "validate": ["--damaged", str(DAMAGED)]}.get(case, [])
    _run([*arguments, "--references", str(references), *(["--awkward"] if awkward else [])])
    return table, references


def small_case(table: Path, references: Path, python: str) -> list[Command]:
    """Return what is compared on a small table: reading a CSV and printing a table."""
    return [
        _udsat(table, references, python),
        _peer("peer_small", table, references, python),
        _peer("peer_plain", table, references, python),
    ]


def large_case(table: Path, references: Path, out: Path, python: str) -> list[Command]:
    """Return what is compared on a large table: Parquet to Parquet."""
    return [
        _udsat(table, references, python, out / "udsat.parquet"),
        _peer("peer_large", table, references, python, out / "peer_large.parquet"),
        _peer("peer_large", table, references, python, out / "peer_minimal.parquet", "--minimal"),
    ]


def _udsat(table: Path, references: Path, python: str, output: Path | None = None) -> Command:
    command = [
        python,
        "-m",
        "udsat",
        "score",
        str(table),
        "--references",
        str(references),
        "--basis",
        "computed",
    ]
    return Command("udsat score", [*command, *(["-o", str(output)] if output else [])])


def _peer(
    script: str, table: Path, references: Path, python: str, output: Path | None = None, *more: str
) -> Command:
    command = [python, str(HERE / f"{script}.py"), str(table), "--references", str(references)]
    return Command(
        " ".join([script, *more]), [*command, *(["-o", str(output)] if output else []), *more]
    )


def in_turn(commands: list[Command], rounds: int, out: Path, python: str) -> dict[str, list[Cost]]:
    """Run the commands A B C A B C ...; the first round only warms up and shows which codec udsat
    writes.
    """
    costs: dict[str, list[Cost]] = {command.name: [] for command in commands}
    for number in range(rounds + 1):
        for place, command in enumerate(commands):
            cost = once(command, out)
            if number:
                costs[command.name].append(cost)
            elif place == 0:
                commands = [command, *(_same_codec(peer, command, python) for peer in commands[1:])]
    return costs


def _same_codec(peer: Command, first: Command, python: str) -> Command:
    """Let a peer that writes Parquet compress as the first command did: codecs are not what is
    measured.
    """
    if "-o" not in first.arguments:
        return peer
    output = first.arguments[first.arguments.index("-o") + 1]
    codec = _run([python, "-c", CODEC, output]).strip().lower()
    return Command(peer.name, [*peer.arguments, "--compression", codec])


def once(command: Command, out: Path) -> Cost:
    """Run a process to its end and return what it took; wait4 gives the resources of that child
    alone.
    """
    with (out / "stdout.txt").open("wb") as printed, (out / "stderr.txt").open("wb") as messages:
        start = time.perf_counter()
        process = subprocess.Popen(
            command.arguments, stdin=subprocess.DEVNULL, stdout=printed, stderr=messages
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and not (command.finds and process.returncode == 1):
        said = (out / "stderr.txt").read_text(encoding="utf-8", errors="replace")[-2_000:]
        raise FailedError(
            f"{command.name} ended with {process.returncode}: {' '.join(command.arguments)}\n{said}"
        )
    kibibytes = usage.ru_maxrss / 1024 if sys.platform == "darwin" else usage.ru_maxrss
    return Cost(wall, usage.ru_utime + usage.ru_stime, kibibytes / 1024)


def as_markdown(costs: dict[str, list[Cost]]) -> str:
    """Return a table of medians, and of the ratios of the first command to each other one."""
    middle = {name: _middle(runs) for name, runs in costs.items()}
    first = next(iter(middle))
    lines = [
        f"| command | wall s | cpu s | peak MiB | {first} to it: wall | cpu | memory |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, cost in middle.items():
        ratios = [
            middle[first].wall / cost.wall,
            middle[first].cpu / cost.cpu,
            middle[first].memory / cost.memory,
        ]
        figures = f"{cost.wall:.2f} | {cost.cpu:.2f} | {cost.memory:.0f}"
        lines.append(f"| {name} | {figures} | {' | '.join(f'{ratio:.2f}' for ratio in ratios)} |")
    return "\n".join(lines) + "\n"


def _middle(runs: list[Cost]) -> Cost:
    return Cost(
        median(run.wall for run in runs),
        median(run.cpu for run in runs),
        median(run.memory for run in runs),
    )


def _machine() -> str:
    """Say where this ran, and how busy the machine was, as a warning against reading seconds as
    facts.
    """
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}."


def check(case: str, folder: Path, rows: int | None, python: str) -> None:
    """Compare the verdicts of udsat and of its peers, on the table of the case and on one with
    holes.
    """
    out = folder / "out"
    out.mkdir(exist_ok=True)
    ending = "csv" if case == "small" else "parquet"
    for awkward in (False, True):
        size = SMALL_ROWS if case == "small" else rows or CHECKED_ROWS
        table, references = make(case, size, folder, python, awkward=awkward)
        ours = out / f"udsat.{ending}"
        _run(_udsat(table, references, python, ours).arguments)
        peer = {"small": "peer_small", "sql": "peer_sql"}.get(case, "peer_large")
        for more in {"large": [[], ["--minimal"]], "sql": [[], ["--sorted"]]}.get(case, [[]]):
            theirs = out / f"peer.{ending}"
            _run(_peer(peer, table, references, python, theirs, *more).arguments)
            _run(
                [
                    python,
                    str(HERE / "compare.py"),
                    str(ours),
                    str(theirs),
                    *(["--minimal"] if "--minimal" in more else []),
                ]
            )
            sys.stdout.write(
                f"{table.name}: udsat and {' '.join([peer, *more])} agree on every row\n"
            )


def _run(arguments: list[str]) -> str:
    """Run a process that is not measured and return what it printed."""
    done = subprocess.run(arguments, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        said = f"{done.stdout}{done.stderr}"[-2_000:]
        raise FailedError(f"ended with {done.returncode}: {' '.join(arguments)}\n{said}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
