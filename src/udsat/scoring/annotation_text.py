"""The notes of a row as one text, and that text taken apart again: what the user wrote stays one
piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import narwhals as nw

from udsat.scoring.three_valued import Expr

SEPARATOR = " | "
#: A bar inside a note is written with a backslash before it, so every other bar is between two
#: notes.
_BAR, _BAR_INSIDE = "|", "\\|"
#: What comes before the user's remark on a proxy. No doubt of the law has this status.
PROXY = "proxy, "
_REMARK = re.compile(rf"(?:(\w+): )?{PROXY}")


def escaped(note: str) -> str:
    r"""Return a note as it is written among others.

    >>> print(escaped("proxy, table | STRAF11"))
    proxy, table \| STRAF11
    """
    return note.replace(_BAR, _BAR_INSIDE)


def escaped_column(name: str) -> Expr:
    """Return what `escaped` gives for every text of a column."""
    return nw.col(name).str.replace_all(_BAR, _BAR_INSIDE, literal=True)


def joined(notes: Iterable[str]) -> str:
    """Return notes as one text."""
    return SEPARATOR.join(map(escaped, notes))


def split(text: str | None) -> list[str]:
    r"""Return the notes of a text, each as it was before `joined`.

    >>> split(joined(["a | b", r"\|", "c"])) == ["a | b", r"\|", "c"]
    True
    """
    return [note.replace(_BAR_INSIDE, _BAR) for note in text.split(SEPARATOR)] if text else []


def is_remark(note: str) -> bool:
    """Whether a note is the user's remark on a proxy, with or without the measure before it.

    >>> is_remark("convicted: proxy, counted by us"), is_remark("crime: practice (ages)")
    (True, False)
    """
    return _REMARK.match(note) is not None


def proxies(text: str | None) -> set[str]:
    """Return the measures of a row that are proxies, from its notes."""
    found = (_REMARK.match(note) for note in split(text) if PROXY in note)
    return {match[1] for match in found if match}


def says(text: str | None, start: str) -> bool:
    """Whether a note of a row begins with these words."""
    return (
        text is not None and start in text and any(note.startswith(start) for note in split(text))
    )
