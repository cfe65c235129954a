"""The register of municipalities: the 98 with their codes, and the spellings under which people
write them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from udsat.law.loader import criteria_folder
from udsat.names.spelling import plain_municipality

_CODE_FIRST = re.compile(r"0?(\d{3})(?!\d)[\s.,:–-]*(.*)", re.DOTALL)
_CODE_LAST = re.compile(r"(.*\D)[\s(\[]+0?(\d{3})[)\]]?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Municipalities:
    """A closed list of municipalities, each under one name."""

    #: By three-digit code.
    codes: Mapping[str, str]
    #: By every known spelling, in plain form.
    spellings: Mapping[str, str]

    def find(self, text: str) -> str | None:
        """Return the name of the municipality that a name, a known spelling, a code, or a code and
        a name that agree stand for.

        None for anything else.

        >>> [danish().find(text) for text in ("Århus Kommune", "751", "0751 Aarhus", "Aarhus (751)")]
        ['Aarhus', 'Aarhus', 'Aarhus', 'Aarhus']
        >>> danish().find("461 Aarhus") is danish().find("Aarhuus") is None
        True
        """  # noqa: E501
        code, name = _parts(text)
        if not code:
            return self.spellings.get(name)
        by_code = self.codes.get(code)
        return by_code if not name or by_code == self.spellings.get(name) else None

    def near(self, text: str) -> list[str]:
        """Return the names of some municipalities that a text may mean: by its code, and by a name
        like its own.
        """
        from rapidfuzz import fuzz, process

        code, name = _parts(text)
        alike = process.extract(
            name, self.spellings.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=70
        )
        return list(
            dict.fromkeys(
                [
                    *filter(None, [self.codes.get(code)]),
                    *(self.spellings[spelling] for spelling, *_ in alike),
                ]
            )
        )


def _parts(text: str) -> tuple[str, str]:
    """Return the code and the plain name that a text consists of; empty where one is missing."""
    text = " ".join(text.split())
    if code := _CODE_FIRST.fullmatch(text):
        return code[1], plain_municipality(code[2])
    if code := _CODE_LAST.fullmatch(text):
        return code[2], plain_municipality(code[1])
    return "", plain_municipality(text)


@lru_cache
def danish() -> Municipalities:
    """Return the 98 Danish municipalities of 2007 and later, from `criteria/municipalities.csv`."""
    codes: dict[str, str] = {}
    spellings: dict[str, str] = {}
    with (criteria_folder() / "municipalities.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            codes[row["code"]] = row["name"]
            for spelling in (row["name"], *filter(None, row["other_spellings"].split("|"))):
                spellings[plain_municipality(spelling)] = row["name"]
    return Municipalities(codes, spellings)


#: The registers that a definition can name.
REGISTERS = {"dk": danish}
