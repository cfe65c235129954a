"""SQL of the embedded engine as text: quoted names and texts, and whole matches of patterns."""

from __future__ import annotations

from itertools import count

_names = count()


def identifier(name: str) -> str:
    """Return a column or table name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"


def whole(text: str, pattern: str) -> str:
    r"""Return, in SQL, a text if all of it is what a pattern says, else an empty text.

    Where a column holds each distinct text once, such functions of it are asked once for each; a
    match is for each row.

    >>> whole("c1", "[0-9]+")
    "regexp_extract(c1, '\\A(?:[0-9]+)\\z')"
    """
    start, end = r"\A", r"\z"
    return f"regexp_extract({text}, {literal(f'{start}(?:{pattern}){end}')})"


def fresh() -> str:
    """Return the name of a table that does not exist yet."""
    return f"udsat_{next(_names)}"
