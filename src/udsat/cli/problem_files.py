"""The problems of a run: some of each kind on standard error, and all of them in the file that
`--problems` names.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

FORMATS = ("csv", "json")
SCHEMA = "udsat.problems/1"
#: Every problem that the command of this run has met so far.
_met: ContextVar[list[Problem]] = ContextVar("problems")


def begin(options: Mapping[str, Any]) -> str | None:
    """Begin a run; return the file that its problems go to, and raise `UsageError` where that
    cannot be one.
    """
    _met.set([])
    path: str | None = options.get("problems")
    if path is None:
        return None
    from udsat.cli.output.target import format_of, spare

    format_of(path, FORMATS)
    others = [value for name, value in _texts(options) if name != "problems"]
    spare([path], others)
    if os.path.abspath(path) in map(
        os.path.abspath, (value for value in others if "\0" not in value)
    ):
        raise UsageError(
            Problem(
                "UD513",
                Text("'{path}' is named twice", path=path),
                Text("write the problems to another file"),
            )
        )
    return path


def _texts(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in options.items():
        yield from (
            (name, one)
            for one in (value if isinstance(value, (list, tuple)) else [value])
            if isinstance(one, str)
        )


def note(problems: Iterable[Problem]) -> None:
    """Keep problems for the file of this run."""
    if (met := _met.get(None)) is not None:
        met += problems


def write(path: str, files: Sequence[str]) -> None:
    """Write every problem of this run; a run without any leaves a file that says so."""
    from udsat.cli.output.forms import document, rows
    from udsat.cli.output.target import Output, format_of
    from udsat.render import findings

    met = _met.get([])
    written = {
        "csv": rows(findings.COLUMNS, lambda: findings.records(met)),
        "json": document(lambda: findings.document(met, files, SCHEMA)),
    }
    Output(format_of(path, FORMATS), path).write(written)
