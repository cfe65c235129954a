"""Annotations: what a verdict rests on and why one is open, as values; and how they are written as
notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from udsat.messages.text import Text

SEPARATOR = " | "
#: A bar inside a note is written with a backslash before it, so every other bar is between two
#: notes.
_BAR, _BAR_INSIDE = "|", "\\|"


@dataclass(frozen=True, slots=True)
class Annotation:
    """One thing that a verdict rests on, or that leaves it open.

    `code` names its kind, `about` the criteria, measures or facts that it is about, `status` how
    sure it is, from `proxy` to `practice`, where that is the question. `text` says it in words.
    """

    code: str
    about: tuple[str, ...]
    text: Text
    status: str = ""
    #: The id of the doubt about the law that it tells of, and the keys of the definition which that
    #: doubt is about; notes name the keys in place of the text.
    doubt: str = ""
    keys: tuple[str, ...] = ()
    #: Whether it is written in one note with the annotation before it.
    continues: bool = False

    def document(self) -> dict[str, object]:
        """Return the annotation as JSON has it."""
        of_law = {"doubt": self.doubt} if self.doubt else {}
        return {
            "code": self.code,
            "about": list(self.about),
            "status": self.status or None,
            **of_law,
            "text": str(self.text),
        }


@dataclass(frozen=True, slots=True)
class Wording:
    """How the parts of a note are said: what it is about, statuses, keys of a definition, texts."""

    about: Callable[[str], str] = str
    status: Callable[[str], str] = str
    key: Callable[[str], str] = str
    text: Callable[[Text], str] = str


ENGLISH = Wording()


def notes(
    annotations: Iterable[Annotation], wording: Wording = ENGLISH, full: bool = False
) -> list[str]:
    """Return annotations as notes; with `full`, doubts about the law in sentences.

    >>> one = Annotation("doubt", ("crime",), Text("In practice ages vary."), "practice", keys=("ages",))
    >>> notes([one]), notes([one], full=True)
    (['crime: practice (ages)'], ['crime: practice, In practice ages vary.'])
    """  # noqa: E501
    groups: list[list[Annotation]] = []
    for one in annotations:
        if one.continues and groups:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [_note(group, wording, full) for group in groups]


def without_head(one: Annotation, wording: Wording = ENGLISH) -> str:
    """Return an annotation in a sentence, without what it is about, for a reader who knows it."""
    return _said([one], wording, True)


def _note(group: Sequence[Annotation], wording: Wording, full: bool) -> str:
    about = ", ".join(map(wording.about, group[0].about))
    said = _said(group, wording, full)
    return f"{about}: {said}" if about else said


def _said(group: Sequence[Annotation], wording: Wording, full: bool) -> str:
    parts = [wording.text(one.text) for one in group if not one.keys]
    doubts = [one for one in group if one.keys]
    if full:
        parts += [f"{wording.status(one.status)}, {wording.text(one.text)}" for one in doubts]
    elif doubts:
        parts.append(_in_brief(doubts, wording))
    return "; ".join(parts)


def _in_brief(doubts: Sequence[Annotation], wording: Wording) -> str:
    """Name doubts by their keys: `practice (ages, years), inferred (reference)`."""
    keys: dict[str, list[str]] = {}
    for one in doubts:
        keys.setdefault(one.status, []).extend(one.keys)
    return ", ".join(
        f"{wording.status(status)} ({', '.join(map(wording.key, dict.fromkeys(of)))})"
        for status, of in keys.items()
    )


def escaped(note: str) -> str:
    r"""Return a note as it is written among others.

    >>> print(escaped("proxy, table | STRAF11"))
    proxy, table \| STRAF11
    """
    return note.replace(_BAR, _BAR_INSIDE)


def joined(texts: Iterable[str]) -> str:
    """Return notes as one text."""
    return SEPARATOR.join(map(escaped, texts))
