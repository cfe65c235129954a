"""Sentences that arrive as plain strings, recognised among the templates of the catalogue: notes of
verdicts, which travel as one text, and errors of the library that reads command lines.

Everything else that people read is a `Text`, which knows its template.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from udsat.messages import language

#: A value in a text, and the ends of names of values that are lists, with the word between their
#: last two.
_VALUE = re.compile(r"\{(\w+)\}")
_BETWEEN = {"_and": " and ", "_or": " or "}
#: The contexts of such sentences in the catalogue.
NOTE, USAGE = "note", "usage"
#: A number with marks in it, and a day, as the texts have them.
_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+(\.\d+)?|\d+\.\d+)")
_DAY = re.compile(r"(19|20)\d\d-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class _Template:
    """A text with places for values: how it is recognised, and what it is in the language of the
    run.
    """

    pattern: str
    #: The longest piece without a value, and how much there is of such pieces: the more, the surer.
    piece: str
    weight: int
    told: str
    #: The values that may be words of the tool: those without quotation marks around them.
    free: frozenset[str]

    def match(self, text: str) -> re.Match[str] | None:
        """Return how a text is this one; of hundreds of patterns a run needs a few, so each is
        compiled when it is.
        """
        return re.fullmatch(self.pattern, text, re.DOTALL) if self.piece in text else None


@cache
def _known(made: language.Catalogue, context: str) -> dict[str, str]:
    return made.of(context)


@cache
def _templates(made: language.Catalogue, context: str) -> tuple[_Template, ...]:
    found = [_template(text, told) for text, told in _known(made, context).items() if "{" in text]
    return tuple(sorted(found, key=lambda one: -one.weight))


def _template(text: str, told: str) -> _Template:
    parts = _VALUE.split(text)
    pieces, names = parts[::2], parts[1::2]
    groups = [
        f"(?P<{name}>.*?)" if name not in names[:place] else f"(?P={name})"
        for place, name in enumerate(names)
    ]
    pattern = "".join(
        re.escape(piece) + group for piece, group in zip(pieces, [*groups, ""], strict=True)
    )
    free = frozenset(
        name for piece, name in zip(pieces, names, strict=False) if not piece.endswith("'")
    )
    return _Template(pattern, max(pieces, key=len), sum(map(len, pieces)), told, free)


def note(text: str) -> str:
    """Return a part of a note in the language of the run, or as it is where it is not known."""
    return _found(text, NOTE) or text


def usage(text: str) -> str:
    """Return an error of a command line in the language of the run, or as it is where it is not
    known.
    """
    return _found(text, USAGE) or text


def is_constant(text: str) -> bool:
    """Whether a part of a note is known word for word, without values in it."""
    made = language.catalogue()
    return made is not None and text in _known(made, NOTE)


def is_one(text: str, between: str) -> bool:
    """Whether a part of a note is known as one: no value in it holds a mark between texts, but for
    those in quotation marks.
    """
    made = language.catalogue()
    if made is None or text in _known(made, NOTE):
        return made is not None
    matches = ((one, one.match(text)) for one in _templates(made, NOTE))
    return any(
        not any(between in match[name] for name in one.free) for one, match in matches if match
    )


def _found(text: str, context: str) -> str | None:
    """Return a text in the language of the run, or None where it has no words for it."""
    made = language.catalogue()
    return text if made is None else _translated(text, made, context)


def _translated(text: str, made: language.Catalogue, context: str) -> str | None:
    known = _known(made, context)
    if text in known:
        return known[text]
    for one in _templates(made, context):
        if match := one.match(text):
            values = {
                name: _value(name, value, made, context) if name in one.free else value
                for name, value in match.groupdict().items()
            }
            if None not in values.values():
                return one.told.format_map(values)
    return None


def _value(name: str, value: str, made: language.Catalogue, context: str) -> str | None:
    """Return a value of a text: as it is, but for a word of the catalogue and the last word of a
    list.

    A `message` inside another one must be found itself.
    """
    if name == "message":
        return _translated(value, made, context)
    for end, word in _BETWEEN.items():
        if name.rstrip("0123456789").endswith(end):
            return value.replace(word, f" {language._(word.strip())} ")
    if _NUMBER.fullmatch(value):
        return language.figure(value.replace(",", ""))
    if _DAY.fullmatch(value):
        return language.day(dt.date.fromisoformat(value))
    return _known(made, context).get(value, value) if " " in value else value
