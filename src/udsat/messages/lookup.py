"""What a message code means."""

from __future__ import annotations

from difflib import get_close_matches

from udsat.messages.catalog import CODES, Code
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text


def code(word: str) -> tuple[str, Code]:
    """Return a message code and what it means.

    Raises `UsageError` where there is no such code.

    >>> code("ud101")[1].title
    'a cell that should have a number has none'
    """
    name = word.strip().upper()
    if name in CODES:
        return name, CODES[name]
    if not name.startswith("UD"):
        hint = Text("say udsat explain TABLE AREA, or udsat explain UD101")
        raise UsageError(
            Problem(
                "UD606",
                Text("'{word}' alone is neither an area of a table nor a message code", word=word),
                hint,
            )
        )
    near = ", ".join(get_close_matches(name, CODES, n=3, cutoff=0.5))
    raise UsageError(
        Problem(
            "UD606",
            Text("there is no message code '{word}'", word=word),
            Text("did you mean {near}?", near=near) if near else Text("codes begin with UD"),
        )
    )
