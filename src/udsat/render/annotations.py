"""The notes that travel with a verdict, in the language of the run: their heads and marks in words,
their reasons recognised.
"""

from __future__ import annotations

import re

from udsat.messages import display, language, recognition
from udsat.messages.language import _
from udsat.messages.recognition import is_constant, is_one
from udsat.render import words
from udsat.scoring.annotation_text import PROXY, joined, split

#: What notes are about, besides criteria.
TOPICS = {
    "residents": "residents", "years in a row": "years in a row", "criteria": "criteria",
    "outside_labour_market": "outside_labour_market", "convicted": "convicted",
    "basic_education": "basic_education", "gross_income": "gross_income",
    "non_western": "non_western",
}  # fmt: skip
_BRIEF = re.compile(r"(\w+) \((\w+(?:, \w+)*)\)")


def notes(text: str) -> str:
    """Return the notes of a row as one text in the language of the run, each as a piece of one
    line.
    """
    return joined(map(note, split(text)))


def note(text: str) -> str:
    """Return one note in the language of the run, as a piece of one line."""
    return display.line(_one(text) if language.danish() else text)


def border(text: str) -> str:
    """Return what a table of borders remarks on a change, part by part: the shipped one is known in
    other languages.
    """
    return "; ".join(map(_, text.split("; "))) if text else ""


def topic(name: str) -> str:
    """Return what a note is about; in English the name that the columns have too."""
    if not language.danish():
        return name
    return recognition.note(TOPICS[name]) if name in TOPICS else words.criterion(name)


def _one(text: str) -> str:
    head, mark, rest = text.partition(": ")
    names = head.split(", ")
    if mark and all(
        name in TOPICS or name.removeprefix("prevention_") in words.NAMES for name in names
    ):
        return f"{', '.join(map(topic, names))}: {_parts(rest)}"
    return _parts(text)


def _parts(text: str) -> str:
    """Return what a note says: one reason, or marks with `; ` or `, ` between them, or a remark,
    whose words are the user's.
    """
    if text.startswith(PROXY):
        return f"{words.status('proxy')}, {text.removeprefix(PROXY)}"
    pieces, told = text.split("; "), []
    while pieces:
        marked = next(
            (
                n
                for n, piece in enumerate(pieces)
                if n and piece.partition(", ")[0] in words.STATUSES
            ),
            len(pieces),
        )
        size = next((n for n in range(marked, 1, -1) if _is_known("; ".join(pieces[:n]))), 1)
        told.append(_mark("; ".join(pieces[:size])))
        pieces = pieces[size:]
    return "; ".join(told)


def _is_known(text: str) -> bool:
    """Whether a text is one reason, or a doubt behind its status: either may have a semicolon
    inside.

    A doubt has to be found as it stands: patterns with values would match several doubts at once.
    """
    status, comma, doubt = text.partition(", ")
    return is_constant(doubt) if comma and status in words.STATUSES else is_one(text, "; ")


def _mark(text: str) -> str:
    """Return a mark: `practice (ages)`, several of them, or `practice, the doubt in full`."""
    status, comma, doubt = text.partition(", ")
    if status in words.STATUSES and comma:
        return f"{words.status(status)}, {recognition.note(doubt)}"
    if (told := recognition.note(text)) != text:
        return told
    return _BRIEF.sub(
        lambda found: (
            f"{words.status(found[1])} ({', '.join(map(recognition.note, found[2].split(', ')))})"
        ),
        text,
    )
