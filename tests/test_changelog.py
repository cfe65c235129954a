"""A change under criteria/ comes with a line under Criteria in the changelog; the check is run on repositories made here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from changelog import criteria_lines

SCRIPT = Path(__file__).with_name("changelog.py")
LAW = "criteria/2021.toml"
START = """\
# Changes

## Unreleased

### Criteria

- An old line.

### Fixed

- An old fix.

## 0.1.0

### Criteria

- A released line.
"""
NEW_LINE = START.replace(
    "- An old line.", "- An old line.\n- The list of 2021: no verdict changes."
)
#: Changelogs without a new line in the section that counts.
WITHOUT = {
    "unchanged": START,
    "blank lines": START.replace("### Criteria\n", "### Criteria\n\n\n", 1),
    "a line taken away": START.replace("- An old line.\n", ""),
    "a line under Fixed": START.replace("- An old fix.", "- An old fix.\n- Criteria 2021."),
    "a line of a release": START + "- Another released line.\n",
    "a line moved": START.replace("- An old line.", "  - An old line."),
}


class Repository:
    """A git repository with one file of criteria and a changelog."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        self.write({LAW: "threshold = 40\n", "CHANGELOG.md": START, "src/code.py": "1\n"})
        self.commit()

    def git(self, *arguments: str) -> str:
        command = [
            "git",
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@example.org",
            "-c",
            "commit.gpgsign=false",
            *arguments,
        ]
        return subprocess.run(
            command, cwd=self.folder, check=True, capture_output=True, text=True
        ).stdout.strip()

    def write(self, files: dict[str, str]) -> None:
        for name, content in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(content, encoding="utf-8")
        self.git("add", "--all")

    def commit(self, message: str = "x") -> str:
        self.git("commit", "-q", "--no-verify", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def check(self, *arguments: str) -> tuple[int, str]:
        """Run the script as the workflow and the hook do; return its status and what it says."""
        command = [sys.executable, str(SCRIPT), *arguments]
        done = subprocess.run(
            command, cwd=self.folder, check=False, capture_output=True, text=True, encoding="utf-8"
        )
        return done.returncode, done.stderr


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.mark.parametrize("changelog", WITHOUT.values(), ids=WITHOUT)
def test_a_changed_definition_without_a_new_line_is_refused(
    changelog: str, repository: Repository
) -> None:
    base = repository.git("rev-parse", "HEAD")
    repository.write({LAW: "threshold = 41\n", "CHANGELOG.md": changelog})
    staged, _ = repository.check("--staged")
    repository.commit()
    status, said = repository.check(base, "HEAD")
    assert (staged, status) == (1, 1)
    assert LAW in said and "### Criteria" in said


@pytest.mark.parametrize(
    "changelog",
    [
        NEW_LINE,
        START.replace("An old line.", "An old line, said better."),
        NEW_LINE.replace("## Unreleased", "## [Unreleased]"),
    ],
    ids=["a new line", "a line rewritten", "the heading as a link"],
)
def test_a_changed_definition_with_a_new_line_is_let_through(
    changelog: str, repository: Repository
) -> None:
    base = repository.git("rev-parse", "HEAD")
    repository.write({LAW: "threshold = 41\n", "CHANGELOG.md": changelog})
    assert repository.check("--staged") == (0, "")
    repository.commit()
    assert repository.check(base, "HEAD") == (0, "")


@pytest.mark.parametrize(
    "change", ["added", "deleted", "renamed away", "a folder below", "a name with spaces"]
)
def test_every_kind_of_change_under_criteria_counts(change: str, repository: Repository) -> None:
    base = repository.git("rev-parse", "HEAD")
    if change == "deleted":
        repository.git("rm", "-q", LAW)
    elif change == "renamed away":
        repository.git("mv", LAW, "elsewhere.toml")
    else:
        name = {"added": "criteria/2026.toml", "a folder below": "criteria/published/new.csv"}.get(
            change, "criteria/æ ø.csv"
        )
        repository.write({name: "x\n"})
    repository.commit()
    assert repository.check(base, "HEAD")[0] == 1


def test_a_change_elsewhere_needs_no_line(repository: Repository) -> None:
    base = repository.git("rev-parse", "HEAD")
    repository.write({"src/code.py": "2\n", "tests/criteria/2021.toml": "x\n"})
    assert repository.check("--staged") == (0, "")
    repository.commit()
    assert repository.check(base, "HEAD") == (0, "")


def test_only_what_the_branch_changed_is_asked_about(repository: Repository) -> None:
    """The base branch has moved on: its changes of criteria, and its lines, are not those of the branch."""
    repository.git("checkout", "-q", "-b", "branch")
    repository.write({"src/code.py": "2\n"})
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.write({LAW: "threshold = 41\n", "CHANGELOG.md": NEW_LINE})
    repository.commit()
    assert repository.check("main", "branch") == (0, "")
    repository.git("checkout", "-q", "branch")
    repository.write({LAW: "threshold = 42\n"})
    repository.commit()
    assert repository.check("main", "branch")[0] == 1


def test_a_merge_commit_is_compared_with_the_branch_that_it_merges_into(
    repository: Repository,
) -> None:
    """As the workflow does it: HEAD is the merge that GitHub makes of a pull request."""
    repository.git("checkout", "-q", "-b", "branch")
    repository.write({LAW: "threshold = 41\n"})
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.write({"src/code.py": "2\n"})
    repository.commit()
    repository.git("merge", "-q", "--no-ff", "-m", "x", "branch")
    assert repository.check("HEAD^1", "HEAD")[0] == 1


def test_a_first_changelog_counts_from_nothing(repository: Repository) -> None:
    repository.git("rm", "-q", "CHANGELOG.md")
    base = repository.commit()
    repository.write({LAW: "threshold = 41\n", "CHANGELOG.md": START})
    repository.commit()
    assert repository.check(base, "HEAD") == (0, "")


@pytest.mark.parametrize("arguments", [[], ["HEAD"], ["HEAD", "no-such-commit"], ["main", "alone"]])
def test_what_cannot_be_checked_is_no_pass(arguments: list[str], repository: Repository) -> None:
    repository.git("checkout", "-q", "--orphan", "alone")
    repository.commit("no ancestor in common")
    status, said = repository.check(*arguments)
    assert (status, "Traceback" in said) == (2, False)
    assert said


def test_the_changelog_of_the_project_has_the_section_that_the_check_reads() -> None:
    text = SCRIPT.parents[1].joinpath("CHANGELOG.md").read_text(encoding="utf-8")
    assert "## Unreleased" not in text or criteria_lines(text)
