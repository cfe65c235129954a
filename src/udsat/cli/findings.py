"""How commands that check something write what they found, and which exit status that gives."""

from __future__ import annotations

import os
from collections.abc import Sequence

from udsat.cli import problem_files
from udsat.cli.output import forms
from udsat.cli.output.target import Form, Output, Target
from udsat.messages import language
from udsat.messages.problems import ExitCode, Problem

#: Problems of files, columns and options: no table could be formed.
_NO_FILE = ("UD3", "UD5")


def show(
    problems: Sequence[Problem],
    files: Sequence[str],
    out: Output,
    name: str,
    strict: bool = False,
) -> int:
    """Write the findings of a check, and return its exit status: 2 if a file could not be read at
    all, else 1 for errors.

    Warnings count as errors where the check is `strict`.

    `name` is the check as JSON and JUnit call it, such as `validate`. With the format `github`, all
    findings also go to the summary of the job.
    """
    problem_files.note(problems)
    out.write(forms_of(problems, files, name))
    return _status(problems, strict)


def forms_of(problems: Sequence[Problem], files: Sequence[str], name: str) -> dict[str, Form]:
    """Return what writes the findings of a check in each format."""
    from udsat.render import findings

    return {
        "table": forms.table(lambda: findings.table(problems)),
        "csv": forms.rows(findings.COLUMNS, lambda: findings.records(problems)),
        "json": forms.document(lambda: findings.document(problems, files, f"udsat.{name}/1")),
        "markdown": forms.text(lambda: findings.as_summary(problems, f"udsat {name}")),
        "github": _github(problems, name),
        "junit": forms.english(lambda: findings.as_junit(problems, files, f"udsat.{name}")),
    }


def _github(problems: Sequence[Problem], name: str) -> Form:
    """Return what writes annotations, and the summary of the job that shows them."""
    from udsat.render import findings

    def write(target: Target) -> None:
        forms.english(lambda: findings.as_github(problems))(target)
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            from udsat.files import append

            with language.english():
                append(summary, findings.as_summary(problems, f"udsat {name}"))

    return write


def _status(problems: Sequence[Problem], strict: bool) -> int:
    if any(problem.code.startswith(_NO_FILE) for problem in problems):
        return ExitCode.UNUSABLE
    errors = any(strict or problem.severity == "error" for problem in problems)
    return ExitCode.FINDINGS if errors else ExitCode.DONE
