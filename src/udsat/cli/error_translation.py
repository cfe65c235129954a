"""Errors of the library that reads command lines, in the language of the run: it makes its
sentences itself, so they are recognised among the templates of the catalogue.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from udsat.messages import language

#: The context of such sentences in the catalogue.
CONTEXT = "usage"
_VALUE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class _Template:
    """A sentence with places for values: how it is recognised, and what it is in the language of
    the run.
    """

    pattern: re.Pattern[str]
    #: How much of it is no value: the more, the surer.
    weight: int
    translation: str


@cache
def _templates(catalogue: language.Catalogue) -> list[_Template]:
    found = [_template(*pair) for pair in catalogue.of(CONTEXT).items()]
    return sorted(found, key=lambda one: -one.weight)


def _template(text: str, translation: str) -> _Template:
    pieces, names = _VALUE.split(text)[::2], _VALUE.split(text)[1::2]
    groups = [f"(?P<{name}>.*?)" for name in names]
    pattern = "".join(
        re.escape(piece) + group for piece, group in zip(pieces, [*groups, ""], strict=True)
    )
    return _Template(re.compile(pattern, re.DOTALL), sum(map(len, pieces)), translation)


def translated(text: str) -> str:
    """Return an error of a command line in the language of the run, or as it is where it is not
    known.
    """
    catalogue = language.catalogue()
    for one in _templates(catalogue) if catalogue else ():
        if match := one.pattern.fullmatch(text):
            values = match.groupdict()
            if "message" in values:  # a message of ours, or of the library, inside another one
                values["message"] = translated(values["message"])
            return one.translation.format_map(values)
    return text
