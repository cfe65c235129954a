"""Asks for a line under Criteria in CHANGELOG.md where a file under criteria/ changes, because verdicts may change with it.

python tests/changelog.py BASE HEAD   check the commits of a branch: what changed in HEAD since it left BASE
python tests/changelog.py --staged    check the next commit: what is staged
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence

CHANGELOG = "CHANGELOG.md"
HINT = "Write there which lists and verdicts the change affects, or that no verdict changes."


def git(*arguments: str) -> str:
    """Return what git prints; raise `CalledProcessError` where it fails."""
    done = subprocess.run(
        ["git", *arguments], check=True, capture_output=True, text=True, encoding="utf-8"
    )
    return done.stdout


def changed(*revisions: str) -> list[str]:
    """Return the files under criteria/ that differ, renamed and deleted ones included."""
    return git("diff", "--name-only", "--no-renames", "-z", *revisions, "--", ":/criteria").split(
        "\0"
    )[:-1]


def text(revision: str) -> str:
    """Return the changelog of a revision; an empty name is the index. A revision without the file has an empty one."""
    exists = (
        git("ls-files", f":/{CHANGELOG}")
        if revision == ""
        else git("ls-tree", "--name-only", "--full-tree", revision, CHANGELOG)
    )
    return git("show", f"{revision}:{CHANGELOG}") if exists else ""


def criteria_lines(changelog: str) -> list[str]:
    """Return the lines under Unreleased, Criteria.

    >>> criteria_lines("# Changes\\n\\n## Unreleased\\n\\n### Criteria\\n\\n- One.\\n\\n### Fixed\\n\\n- Two.\\n")
    ['- One.']
    """
    unreleased = re.search(r"(?ms)^## \[?Unreleased\]?[^\n]*$(.*?)(?=^## |\Z)", changelog)
    section = unreleased and re.search(r"(?ms)^### Criteria[ \t]*$(.*?)(?=^### |\Z)", unreleased[1])
    return [line.strip() for line in section[1].splitlines() if line.strip()] if section else []


def problem(files: Sequence[str], old: str, new: str) -> str | None:
    """Return what is missing: a line under Unreleased, Criteria that the old changelog does not have."""
    if not files or Counter(criteria_lines(new)) - Counter(criteria_lines(old)):
        return None
    return f"{', '.join(files)}: changed, but {CHANGELOG} has no new line under 'Unreleased', '### Criteria'. {HINT}"


def check(arguments: Sequence[str]) -> str | None:
    """Return what is missing in the commits or in the index, or nothing."""
    if arguments == ["--staged"]:
        return problem(changed("--cached", "HEAD"), text("HEAD"), text(""))
    base, head = arguments
    start = git("merge-base", base, head).strip()
    return problem(changed(start, head), text(start), text(head))


def main(arguments: Sequence[str]) -> int:
    """Return 0 where nothing is missing, 1 where a line is, and 2 where that cannot be checked."""
    if list(arguments) != ["--staged"] and len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        missing = check(list(arguments))
    except subprocess.CalledProcessError as error:
        reason = (
            error.stderr.strip()
            or "the two commits have no common ancestor; fetch more of the history"
        )
        print(f"{' '.join(error.cmd)}: {reason}", file=sys.stderr)
        return 2
    if missing:
        print(missing, file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
