"""How names are compared: the forms in which differences of spelling do not count."""

from __future__ import annotations

import re
import unicodedata

_HYPHENS = re.compile("[\u2010-\u2015\u2212]")
_SUFFIX = re.compile(r"[\s,]*\b(mv|m\.?\s?fl)\.?\s*$")
_KOMMUNE = re.compile(r"^kommune\b[\s:]*|(?:[\s.,]*\b(?:region)?(?:kommune|komm|kom)\b\.?)+$")
#: The part of a double name that is shorter may be a word of many names.
_SHORTEST_PART = 5


def plain_name(name: str) -> str:
    """Return an area's name without what is spelled now one way, now another.

    Case, å or aa, soft and typographic hyphens, the suffix "mv." or "m.fl." and the order around
    "/" do not count.

    >>> plain_name("Skovvejen/Skovparken") == plain_name("Skovparken / skovvejen mv.")
    True
    """
    text = _folded(name)
    parts = [_SUFFIX.sub("", " ".join(part.split())) for part in text.split("/")]
    return "/".join(sorted(part.strip() for part in parts))


def plain_municipality(name: str) -> str:
    """Return a municipality's name without the word "Kommune" and without what is spelled now one
    way, now another.

    >>> plain_municipality("Høje Taastrup Kommune"), plain_municipality("Aarhus Komm.")
    ('høje-taastrup', 'aarhus')
    """
    text = _KOMMUNE.sub("", " ".join(_folded(name).split())).strip()
    return re.sub(r"[\s-]+", "-", text)


def parts(plain: str) -> set[str]:
    """Return the parts of a double name in plain form that are long enough to tell areas apart.

    >>> sorted(parts("gellerupparken/toveshøj"))
    ['gellerupparken', 'toveshøj']
    """
    return {part for part in re.split(r"/| og ", plain) if len(part) >= _SHORTEST_PART}


def numbers(plain: str) -> tuple[str, ...]:
    """Return the numbers in a plain name: areas whose names have different ones cannot be one area
    misspelled.

    >>> numbers("afdeling 07, blok 1")
    ('1', '7')
    """
    return tuple(sorted(number.lstrip("0") for number in re.findall(r"\d+", plain)))


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFC", name).replace("\xad", "").casefold().replace("å", "aa")
    return _HYPHENS.sub("-", text)
