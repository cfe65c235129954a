"""How pages and pictures are written: to a file with the right ending, that is no input, whole or
not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from udsat.cli.options import Scoring
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.api import Scored


def ending(path: str, known: Sequence[str]) -> str:
    """Return the ending of a file; raise `UsageError` where it says no format that is known."""
    found = Path(path).suffix.lower()
    if found not in known:
        raise UsageError(
            Problem(
                "UD512",
                Text("the ending of '{path}' does not say a format that fits", path=path),
                Text("end it in {names}", names=", ".join(known)),
            )
        )
    return found


def of_one(area: str | None, municipality: str | None) -> None:
    """Raise `UsageError` for a municipality without an area: it tells areas of one name apart, and
    leaves out no other.
    """
    if municipality and not area:
        raise UsageError(
            Problem(
                "UD511",
                Text("--municipality needs --area"),
                Text("it says which of several areas of one name is meant"),
            )
        )


def spare(scored: Scored, scoring: Scoring, path: str) -> None:
    """Raise `UsageError` where a file to be written is one that was read."""
    from udsat.cli import output

    output.spare(
        [path],
        [
            *scoring.files(),
            *(source.name for source in scored.checked.sources),
            *scored.law_files(),
        ],
    )


def write(path: str, content: bytes) -> None:
    """Write a file whole or not at all."""
    from udsat import files

    files.write(path, content)
