"""Texts that are made below the views (messages, notes, doubts of the law) in the language of the
run.

They are made in English, because they travel with the data into CSV, JSON and Parquet, which never
change with the language. Where one is printed for people, it is found again among the texts that
the catalogue has, and told with the same values. A text that is not found is told as it is, and
whole.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from udsat.messages import language
from udsat.messages.problems import Problem

#: A value in a text, and the ends of names of values that are lists, with the word between their
#: last two.
_VALUE = re.compile(r"\{(\w+)\}")
_BETWEEN = {"_and": " and ", "_or": " or "}
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
def _known(made: language.Catalogue) -> dict[str, str]:
    return made.made()


@cache
def _templates(made: language.Catalogue) -> tuple[_Template, ...]:
    found = [_template(text, told) for text, told in _known(made).items() if "{" in text]
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


def retold(text: str) -> str:
    """Return a text in the language of the run, or as it is where the language has no
    words for it.
    """
    return _found(text) or text


def is_told(text: str) -> bool:
    """Whether the language of the run has a text word for word, without values in it."""
    made = language.catalogue()
    return made is not None and text in _known(made)


def is_one(text: str, between: str) -> bool:
    """Whether the language of the run has a text as one: no value in it holds a mark between texts,
    but for those in quotation marks.
    """
    made = language.catalogue()
    if made is None or text in _known(made):
        return made is not None
    matches = ((one, one.match(text)) for one in _templates(made))
    return any(
        not any(between in match[name] for name in one.free) for one, match in matches if match
    )


def detected(text: str) -> str:
    """Return how a file was read, in the language of the run: `file: one thing, another`, each told
    by itself.
    """
    name, mark, rest = text.rpartition(": ")
    return f"{name}{mark}{', '.join(map(retold, rest.split(', ')))}"


def problem(one: Problem) -> str:
    """Return a message as one line in the language of the run; it is never half in one language and
    half in another.
    """
    return str(said(one))


def said(one: Problem) -> Problem:
    """Return a problem with its message and hint in the language of the run."""
    message, hint = _found(one.message), _found(one.hint) if one.hint else ""
    if message is None or hint is None:
        return one
    return Problem(
        one.code,
        message,
        hint,
        one.file,
        one.line,
        one.column,
        one.value,
        one.expected,
        one.position,
    )


def _found(text: str) -> str | None:
    """Return a text in the language of the run, or None where it has no words for it."""
    made = language.catalogue()
    return text if made is None else _told(text, made)


def _told(text: str, made: language.Catalogue) -> str | None:
    if text in _known(made):
        return _known(made)[text]
    for one in _templates(made):
        if match := one.match(text):
            values = {
                name: _value(name, value, made) if name in one.free else value
                for name, value in match.groupdict().items()
            }
            if None not in values.values():
                return one.told.format_map(values)
    return None


def _value(name: str, value: str, made: language.Catalogue) -> str | None:
    """Return a value of a text: as it is, but for a word of the catalogue and the last word of a
    list.

    A `message` inside another one must be found itself.
    """
    if name == "message":
        return _told(value, made)
    for end, word in _BETWEEN.items():
        if name.rstrip("0123456789").endswith(end):
            return value.replace(word, f" {_known(made)[word.strip()]} ")
    if _NUMBER.fullmatch(value):
        return language.figure(value.replace(",", ""))
    if _DAY.fullmatch(value):
        return language.day(dt.date.fromisoformat(value))
    # A single word is a name of the data or an option, but for the mark between cells and what is
    # spoken of.
    return _known(made).get(value, value) if " " in value or name in {"cells", "topic"} else value
