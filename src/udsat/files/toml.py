"""TOML from files of the user's: read, or refused with a reason, however deep or long what is in
it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any

from udsat.messages.text import Text

#: No definition, map or reading plan nests deeper; what reads a tree calls itself once for each
#: level.
DEEPEST = 64
#: The whole numbers that every reader of TOML has to hold, and that engines hold too.
_LARGEST = 2**63
_DIGITS = re.compile(r"[0-9][0-9_]{18,}")


class NotToml(ValueError):
    """A text that is no TOML, or more than can be read; the reason ends with its place, where that
    is known.
    """


class TooLong(NotToml):
    """A text with a whole number of more digits than can be read."""


class TooDeep(NotToml):
    """A text that nests deeper than can be read: no part of it can be looked at."""


def loads(text: str, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Return the tree of a TOML text; raise `NotToml` where it has none.

    >>> loads("a = 1")
    {'a': 1}
    """
    try:
        tree = tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as error:
        raise NotToml(str(error)) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:  # Python's own limit to the digits of a number
        raise _too_long(text) from None
    _refuse_extremes(tree, text)
    return tree


def _refuse_extremes(tree: dict[str, Any], text: str) -> None:
    level: list[Any] = [tree]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for block in level:
            for value in block.values() if isinstance(block, dict) else block:
                if isinstance(value, (dict, list)):
                    below.append(value)
                elif isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
                    raise _too_long(text)
        level = below
    if level:
        raise _too_deep()


def _too_deep() -> TooDeep:
    return TooDeep(Text("nested more than {deepest} levels deep", deepest=DEEPEST))


def _too_long(text: str) -> TooLong:
    """Return that a whole number is too long, with its place: the first in the text that is."""
    found = next(
        (one for one in _DIGITS.finditer(text) if int(one[0].replace("_", "")[:20]) >= _LARGEST),
        None,
    )
    start = found.start() if found else 0
    line, position = text.count("\n", 0, start) + 1, start - (text.rfind("\n", 0, start) + 1) + 1
    return TooLong(
        Text(
            "A whole number has more digits than can be read (at line {line}, column {position})",
            line=line,
            position=position,
        )
    )
