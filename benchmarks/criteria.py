"""Measure `udsat criteria check` on all shipped files against `check-jsonschema` on the same files,
as whole processes in turn.
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
FILES = [
    str(path)
    for folder in (ROOT / "criteria", ROOT / "criteria" / "examples")
    for path in sorted(folder.glob("*.toml"))
]
BIN = Path(sys.executable).parent
COMMANDS = {
    "udsat criteria check": [sys.executable, "-m", "udsat", "criteria", "check", *FILES],
    "check-jsonschema": [
        str(BIN / "check-jsonschema"),
        "--schemafile",
        str(ROOT / "criteria" / "criteria.schema.json"),
        *FILES,
    ],
}
MOST_SECONDS, MOST_RATIO = 0.5, 1.3


def once(command: list[str]) -> float:
    """Run a process to its end and return the seconds that it took."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main(rounds: int) -> int:
    """Print medians and the ratio; return 1 where an aim is missed."""
    runs = {name: [once(command) for _ in range(1)][1:] for name, command in COMMANDS.items()}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            runs[name].append(once(command))
    found = {name: median(times) for name, times in runs.items()}
    ours, theirs = found.values()
    for name, seconds in found.items():
        sys.stdout.write(
            f"{name}: {seconds:.2f} s on {len(FILES)} files, median of {rounds} runs\n"
        )
    sys.stdout.write(
        f"ratio {ours / theirs:.2f} (aims: under {MOST_SECONDS} s, under {MOST_RATIO})\n"
    )
    return int(ours >= MOST_SECONDS or ours / theirs >= MOST_RATIO)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 9))
