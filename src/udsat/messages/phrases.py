"""A statement about the law in parts: its words, and what stands in them, so that it can be said in
another language.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Term:
    """What a criteria file says in both languages."""

    english: str
    danish: str

    def __str__(self) -> str:
        """Return the English words."""
        return self.english


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words with places for values; a text among the values may be a name of the file or a word."""

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the phrase in English."""
        return (
            self.text.format_map({name: _english(value) for name, value in self.values.items()})
            if self.values
            else self.text
        )


Value = Phrase | Term | Decimal | dt.date | int | str | tuple[str | dt.date, ...]


def phrase(text: str, /, **values: Value) -> Phrase:
    """Return a phrase.

    >>> str(phrase("{was} became {now}", was=phrase("at least {number}", number=1000), now="none"))
    'at least 1,000 became none'
    """
    return Phrase(text, values)


def _english(value: Value) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
