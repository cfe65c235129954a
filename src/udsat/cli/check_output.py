"""How commands that check something print what they found, and which exit status that gives."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from enum import StrEnum

from udsat.cli import problem_files as noted
from udsat.messages import language
from udsat.messages.problems import ExitCode, Problem

#: Problems of files, columns and options: no table could be formed.
_NO_FILE = ("UD3", "UD5")


class FindingsFormat(StrEnum):
    """How findings are printed."""

    table = "table"
    json = "json"
    github = "github"
    junit = "junit"


def show(
    problems: Sequence[Problem],
    files: Sequence[str],
    format: FindingsFormat,
    name: str,
    color: str = "auto",
    strict: bool = False,
) -> int:
    """Print the findings of a check, and return its exit status: 2 if a file could not be read at
    all, else 1 for errors.

    Warnings count as errors where the check is `strict`.

    `name` is the check as JSON and JUnit call it, such as `validate`. With the format `github`, all
    findings also go to the summary of the job.
    """
    from udsat.render import findings
    from udsat.render.console import console

    noted.note(problems)
    if format is FindingsFormat.table:
        console(color=color).print(findings.table(problems))
        return _status(problems, strict)
    with language.english():
        _print(problems, files, format, name)
    return _status(problems, strict)


def _print(
    problems: Sequence[Problem], files: Sequence[str], format: FindingsFormat, name: str
) -> None:
    """Print findings for machines, and for those who read what machines show."""
    from udsat.render import findings

    if format is FindingsFormat.json:
        sys.stdout.write(findings.as_json(problems, files, f"udsat.{name}/1"))
    elif format is FindingsFormat.junit:
        sys.stdout.write(findings.as_junit(problems, files, f"udsat.{name}"))
    else:
        sys.stdout.write(findings.as_github(problems))
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            from udsat.files import append

            append(summary, findings.as_summary(problems, f"udsat {name}"))


def _status(problems: Sequence[Problem], strict: bool) -> int:
    if any(problem.code.startswith(_NO_FILE) for problem in problems):
        return ExitCode.UNUSABLE
    return (
        ExitCode.FINDINGS
        if any(strict or problem.severity == "error" for problem in problems)
        else ExitCode.DONE
    )
