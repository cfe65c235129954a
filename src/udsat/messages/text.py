"""A text for people: a template and typed values, English as a string, and translated on demand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Self, TypeAlias

from udsat.messages.language import _, danish, day, figure

#: What a template is filled with: a `str` stays as it is, all else is written as the language of
#: the run writes it.
Value: TypeAlias = "str | int | float | Decimal | dt.date"
#: What to make of a plain `str` among the values.
Word: TypeAlias = Callable[[str], str]


class Text(str):
    """What the tool says, in English; it keeps its template and values, so that it can be
    translated.

    >>> one = Text("'{name}' is no encoding", name="utf-9")
    >>> one, one.template
    ("'utf-9' is no encoding", "'{name}' is no encoding")
    """

    __slots__ = ("template", "values")

    template: str
    values: tuple[tuple[str, Value], ...]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Make a text of a literal template, which is how the catalogue finds it.

        Values of other kinds, such as errors and paths, are put in as their words.
        """
        made = super().__new__(cls, template.format_map(values) if values else template)
        made.template = template
        made.values = tuple((name, _value(value)) for name, value in values.items())
        return made

    def __reduce__(self) -> tuple[object, ...]:
        """Return how to make the text again, for other processes."""
        return _again, (self.template, self.values)

    def translated(self, word: Word = str) -> str:
        """Return the text in the language of the run; `word` says what becomes of plain words among
        its values.
        """
        if not danish():
            return str(self)
        values = {name: _InLanguage(value, word) for name, value in self.values}
        return _(self.template, **values)


def _value(value: object) -> Value:
    return value if isinstance(value, Text | int | float | Decimal | dt.date) else str(value)


def _again(template: str, values: tuple[tuple[str, Value], ...]) -> Text:
    return Text(template, **dict(values))


EMPTY = Text("")


class Joined(Text):
    """Several values with something between them."""

    __slots__ = ("between", "is_word")

    between: str
    is_word: bool

    def __new__(cls, parts: Iterable[object], between: str, is_word: bool = False) -> Self:
        """Join values; where `between` is a word, it is translated."""
        found = [_value(part) for part in parts]
        mark = f" {between} " if is_word else between
        made = str.__new__(cls, mark.join(map(str, found)))
        made.template, made.values = "", tuple((str(n), part) for n, part in enumerate(found))
        made.between, made.is_word = between, is_word
        return made

    def __reduce__(self) -> tuple[object, ...]:
        """Return how to make the text again, for other processes."""
        return Joined, ([part for _name, part in self.values], self.between, self.is_word)

    def translated(self, word: Word = str) -> str:
        """Return the values in the language of the run, with what is between them."""
        if not danish():
            return str(self)
        mark = f" {_(self.between)} " if self.is_word else self.between
        return mark.join(format(_InLanguage(part, word)) for _name, part in self.values)


class Bilingual(Text):
    """What a criteria file says in both languages."""

    __slots__ = ("danish",)

    danish: str

    def __new__(cls, english: str, danish: str) -> Self:
        """Keep the words of both languages."""
        made = str.__new__(cls, english)
        made.template, made.values, made.danish = english, (), danish
        return made

    def __reduce__(self) -> tuple[object, ...]:
        """Return how to make the text again, for other processes."""
        return Bilingual, (self.template, self.danish)

    def translated(self, word: Word = str) -> str:  # noqa: ARG002
        """Return the words of the language of the run."""
        return self.danish if danish() else self.template


@dataclass(frozen=True, slots=True)
class _InLanguage:
    """A value as it is put into a Danish template."""

    value: Value
    word: Word

    def __format__(self, form: str) -> str:
        """Return the value as the language of the run writes it."""
        value = self.value
        if isinstance(value, Text):
            return value.translated(self.word)
        if isinstance(value, str):
            return format(self.word(value), form)
        if isinstance(value, dt.date):
            return day(value)
        shown = format(value, form)
        return figure(shown.replace(",", "")) if {",", "."} & set(shown) else shown


def listed(names: Iterable[object], word: str) -> Text:
    """Return names with a word between them.

    >>> listed(["area", "year"], "and")
    'area and year'
    """
    return Joined(names, word, is_word=True)


def joined(parts: Iterable[object], between: str = ", ") -> Text:
    """Return values with a mark between them."""
    return Joined(parts, between)


def verbatim(text: object) -> Text:
    """Return what the system or a library says, which has no translation."""
    return Text("{text}", text=str(text))


def first_line(error: Exception) -> str:
    r"""Return the first line of what a library says; what follows is its own detail.

    >>> first_line(ValueError("no such file\nat 0x7f"))
    'no such file'
    """
    return str(error).splitlines()[0]


def of_error(error: Exception) -> Text:
    """Return what an error says: the text that it was raised with, else its words as they are."""
    said = error.args[0] if error.args else ""
    return said if isinstance(said, Text) else verbatim(error)


def translated(text: str) -> str:
    """Return a text in the language of the run, and any other string as it is."""
    return text.translated() if isinstance(text, Text) else text
