"""The notes that come with a verdict, in the language of the run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from udsat.messages import annotation, display, language
from udsat.messages.annotation import Annotation, Wording
from udsat.messages.language import _
from udsat.messages.text import translated
from udsat.render import words

#: What annotations are about, besides criteria.
TOPICS = {
    "residents": "number of residents", "years in a row": "years in a row", "criteria": "criteria",
    "outside_labour_market": "outside_labour_market", "convicted": "convicted",
    "basic_education": "basic_education", "gross_income": "gross_income",
    "non_western": "non_western",
}  # fmt: skip


def topic(name: str) -> str:
    """Return what an annotation is about; in English the name that the columns have too."""
    if not language.danish():
        return name
    return _(TOPICS[name]) if name in TOPICS else words.criterion(name)


def named(name: str) -> str:
    """Return what an annotation is about, criteria in words in English too."""
    is_criterion = name.startswith("prevention_") or name in words.NAMES
    return words.criterion(name) if is_criterion else topic(name)


_WORDING = Wording(topic, words.status, _, translated)


def notes(of: Iterable[Annotation], full: bool = False) -> list[str]:
    """Return annotations as notes in the language of the run, each as a piece of one line; with
    `full`, doubts about the law in sentences.
    """
    return [display.line(one) for one in annotation.notes(of, _WORDING, full)]


def sentence(one: Annotation) -> str:
    """Return an annotation in a sentence, without what it is about."""
    return display.line(annotation.without_head(one, _WORDING))


def with_names(one: Annotation) -> str:
    """Return an annotation as a note with its criteria in words."""
    wording = replace(_WORDING, about=named)
    return display.line(annotation.notes([one], wording)[0])


def joined(of: Iterable[Annotation], full: bool = False) -> str:
    """Return annotations as one text, as a cell has them."""
    return annotation.joined(notes(of, full))


def border(text: str) -> str:
    """Return what a table of borders remarks on a change, part by part: the shipped one is known in
    other languages.
    """
    return "; ".join(map(_, text.split("; "))) if text else ""
