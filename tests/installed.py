"""Checks that the udsat that Python finds is the built package, and that the law is in it as it is in the repository.

python tests/installed.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file of a folder and the folders below it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def problem(package: Path) -> str | None:
    """Return what is wrong with a package, if anything is."""
    if package.is_relative_to(ROOT / "src"):
        return f"udsat is imported from {package}, so the built package is not what runs"
    here, there = contents(ROOT / "criteria"), contents(package / "criteria")
    differing = sorted(name for name in here | there if here.get(name) != there.get(name))
    return (
        f"criteria of the package that differ from the repository's: {', '.join(differing)}"
        if differing
        else None
    )


def main() -> int:
    """Return 0 where the package is as it should be."""
    import udsat

    package = Path(udsat.__file__).resolve().parent
    found = problem(package)
    print(
        found
        or f"{package} is udsat {udsat.__version__}, with {len(contents(package / 'criteria'))} files of criteria"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
