"""Shows what a change does to golden outputs, and renews their hashes: `python tests/golden/compare.py [COMMIT]`.

With a commit, its outputs are built in a worktree and compared with those of the working tree, line by line. Without one,
the working tree is compared with the hashes that are kept; `--renew` writes them again.
"""

from __future__ import annotations

import argparse
import difflib
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
sys.path.insert(0, str(TESTS))

from golden.cases import cases  # noqa: E402 - the folder of tests is no package
from golden.run import digest  # noqa: E402

HASHES = Path(__file__).with_name("hashes.txt")


def built(
    source: Path, out: Path, only: str = "", parts: Sequence[str] = ("0/1",)
) -> dict[str, str]:
    """Return the text of each case, run with the package in a folder of sources; each part is a process of its own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(source), str(TESTS)])}
    command = [sys.executable, "-m", "golden.run", str(out), "--only", only, "--part"]
    running = [subprocess.Popen([*command, part], env=environment) for part in parts]
    if any([process.wait() for process in running]):  # noqa: C419 - all of them are waited for
        raise SystemExit("a run of golden cases failed")
    texts = [path.read_text("utf-8", "surrogateescape") for path in out.iterdir()]
    return {text.partition("\n")[0].removeprefix("$ udsat "): text for text in texts}


def kept() -> dict[str, str]:
    """Return the hash of each case, as it is kept."""
    lines = HASHES.read_text("utf-8").splitlines() if HASHES.exists() else []
    return {name: found for line in lines for found, _, name in [line.partition(" ")]}


def renew(texts: dict[str, str]) -> None:
    """Keep the hashes of these texts; those of other cases stay, and those of cases that are gone go."""
    known = {case.name for case in cases()}
    found = {name: value for name, value in kept().items() if name in known} | {
        name: digest(text) for name, text in texts.items()
    }
    HASHES.write_text("".join(f"{found[name]} {name}\n" for name in sorted(found)), "utf-8")


def difference(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return the lines that differ, case by case."""
    lines: list[str] = []
    for name in sorted({*before, *after}):
        old, new = before.get(name, "").splitlines(), after.get(name, "").splitlines()
        lines += difflib.unified_diff(
            old, new, f"before: {name}", f"after: {name}", lineterm="", n=1
        )
    return lines


def main() -> int:
    """Compare, or renew; return 1 where outputs differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "commit",
        nargs="?",
        help="what to compare the working tree with; without it, the hashes that are kept",
    )
    parser.add_argument("--only", default="", help="cases whose command line contains this")
    parser.add_argument("--renew", action="store_true", help="keep the hashes of the working tree")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        parts = [f"{n}/{os.cpu_count() or 1}" for n in range(os.cpu_count() or 1)]
        after = built(ROOT / "src", Path(folder, "after"), options.only, parts)
        if options.renew:
            renew(after)
        if options.commit is None:
            known = kept()
            changed = sorted(
                name for name, text in after.items() if known.get(name) != digest(text)
            )
            print("\n".join(changed))
            return bool(changed)
        tree = Path(folder, "tree")
        subprocess.run(
            ["git", "worktree", "add", "--detach", "--quiet", str(tree), options.commit],
            cwd=ROOT,
            check=True,
        )
        try:
            before = built(tree / "src", Path(folder, "before"), options.only, parts)
        finally:
            subprocess.run(
                ["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True
            )
        lines = difference(before, after)
        print("\n".join(lines))
        return bool(lines)


if __name__ == "__main__":
    sys.exit(main())
