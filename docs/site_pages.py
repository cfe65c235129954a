"""Gathers the pages of the site in build/pages, each at its place in the repository, so that links
between them hold.

python docs/site_pages.py          gather the pages
python docs/site_pages.py --build  and build the site from them, with warnings as errors
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "build" / "pages"
ROOTS = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "docs",
    "criteria",
    "data/samples",
    "benchmarks/README.md",
)
#: What the pages link to besides each other.
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def pages() -> list[Path]:
    """Return every page of the site, as a path below the root of the repository."""
    found = (ROOT / name for name in ROOTS)
    files = (
        file for one in found for file in (sorted(one.rglob("*.md")) if one.is_dir() else [one])
    )
    return [file.relative_to(ROOT) for file in files]


def linked(page: Path) -> Iterator[Path]:
    """Yield the files of the repository, other than pages, that a page links to."""
    for target in _LINK.findall((ROOT / page).read_text(encoding="utf-8")):
        file = (ROOT / page).parent.joinpath(target).resolve()
        if (
            "://" not in target
            and file.is_file()
            and file.is_relative_to(ROOT)
            and file.suffix != ".md"
        ):
            yield file.relative_to(ROOT)


def gather(place: Path) -> None:
    """Copy the pages and what they link to into an empty folder."""
    shutil.rmtree(place, ignore_errors=True)
    for file in dict.fromkeys([*pages(), *(file for page in pages() for file in linked(page))]):
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, place / file)


def build() -> int:
    """Build the site; return the exit status."""
    gather(PAGES)
    # Material tells every build about a version of MkDocs that requirements-lock.txt does not have.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"],
        cwd=ROOT,
        env=environment,
        check=False,
    ).returncode  # noqa: S603


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments ask for; return the exit status."""
    if arguments == ["--build"]:
        return build()
    gather(PAGES)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
