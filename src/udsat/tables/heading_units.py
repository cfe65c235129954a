"""What a heading says of its figures: their unit, and whether they are of a measure or of its
opposite.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

#: The unit of a share, by how many of a population it is counted per.
_PER = {100: "percent", 1_000: "per_1000", 10_000: "per_10000"}
_PER_NUMBER = re.compile(r"\b(?:pr|per)\s*(\d{1,3}(?: \d{3})+|\d+)\b")
_PER_WORD = re.compile(
    r"\b(?:pr|per) (hundrede|hundred|tusinde?|thousand|(?:ti|10) ?tusinde?|(?:ten|10) ?thousand)\b"
)
_PER_MILLE = re.compile(r"\b(?:promille|permille|(?:per|pr|pro) mille)\b")
_NUMBER_ALONE = re.compile(r"\b1(?:0{3,6}|0{0,2}(?: 000)+)\b")
_PERCENT = re.compile(r"\b(?:pct|procent|percent|per cent|procentdel|procentandel)\b")
_SHARE = re.compile(r"\b(?:andel|andelen|share|proportion)\b")
_COUNT = re.compile(r"\b(?:antal|antallet|number|count)\b")
_KRONER = re.compile(r"\b(?:kr|kroner|dkk)\b")
#: What makes an amount another one: thousands, months, net of taxes, the middle one instead of the
#: mean.
_OTHER_AMOUNT = re.compile(
    r"\b(?:tkr|tdkk|mkr|mio|(?:t|tusinde?|million\w*|1 ?000(?: 000)?) (?:kr|kroner|dkk)"
    r"|md|måned\w*|uge|ugentlig\w*|dag|monthly|month|weekly|week|median\w*|netto\w*|disponib\w*|net|disposable)\b"
)
#: Figures that are no shares, counts or amounts of one list: changes, ranks and multiples.
_OTHER = re.compile(
    r"\b(?:ændring\w*|udvikling\w*|stigning\w*|fald|forskel\w*|difference|change|indeks\w*|index|pct"
    r" ?points?|procentpoints?"
    r"|percentage points?|rang\w*|rank\w*|gange|times)\b"
)
#: In percent of what: of the region's mean, or of another's.
_RELATION = re.compile(r"\b(?:af|of|til|ift|end|than)\b(.*)")
_REGION = re.compile(r"\bregion(?!snavn)\w*")
_ELSEWHERE = re.compile(
    r"\b(?:lands\w*|landet|landets|danmark\w*|national\w*|country\w*|kommune\w*|municipal\w*|gennemsnit(?:tet)?|average)\b"
)
#: The units that a heading may have for each end of a column's name; a heading may also say none.
_FITTING = {
    "_per_1000": {"per_1000"},
    "_per_10000": {"per_10000"},
    "income_ratio_pct": {"percent", "of_region"},
    "_pct": {"percent", ""},
    "gross_income": {"dkk", ""},
}

_NEGATIONS = frozenset(
    {
        "uden",
        "udenfor",
        "ikke",
        "ej",
        "ingen",
        "aldrig",
        "outside",
        "without",
        "not",
        "no",
        "non",
        "never",
    }
)
_NEGATED = re.compile(r"(?:ikke|non|un|u)(?:vestlig|western|dømt|convict|straffe)\w*")
_WESTERN = re.compile(r"(?:vestlig|western)\w*")
#: What turns "only basic schooling" round, and any measure that is said to be more or less than
#: something.
_BEYOND = re.compile(
    r"\b(?:mere|flere|højere|større|mindre|færre|lavere|more|higher|greater|less|lower|fewer)"
    r" (?:end|than)\b"
    r"|\b(?:ud ?over|beyond|above)\b"
    r"|\b(?:over|efter) grunds?\w*|\b(?:grund\w+|education) (?:og|eller|and|or)"
    r" (?:mere|derover|over|more|above)\b"
)


def unit(words: str) -> str:
    """Return the unit that a plain heading names: that of a column, `of_region`, `count`, or
    `other`; empty where it names none.

    >>> unit("dømte pr 1 000 beboere"), unit("bruttoindkomst i pct af gennemsnittet i regionen"), unit("bruttoindkomst 1 000 kr")
    ('per_1000', 'of_region', 'other')
    """  # noqa: E501
    if _OTHER.search(words) or _OTHER_AMOUNT.search(words):
        return "other"
    if per := _per(words):
        return per
    if _PERCENT.search(words):
        return _percent_of(words)
    if "income ratio" in words:
        return "of_region"
    if _KRONER.search(words):
        return "dkk"
    return (
        "other"
        if _NUMBER_ALONE.search(words)
        else "percent"
        if _SHARE.search(words)
        else "count"
        if _COUNT.search(words)
        else ""
    )


def _per(words: str) -> str:
    """Return the unit of so many per a number; a date (`pr. 1. december`) is no such number."""
    numbers = [int(found.replace(" ", "")) for found in _PER_NUMBER.findall(words)]
    if powers := [
        number
        for number in numbers
        if number >= min(_PER) and set(str(number)[1:]) == {"0"} and str(number)[0] == "1"
    ]:
        return _PER.get(powers[0], "other")
    if found := _PER_WORD.search(words):
        word = found[1].replace(" ", "")
        return (
            "percent"
            if word.startswith("hundred")
            else "per_10000"
            if word.startswith(("ti", "ten", "10"))
            else "per_1000"
        )
    return "per_1000" if _PER_MILLE.search(words) else ""


def _percent_of(words: str) -> str:
    relation = _RELATION.search(words)
    rest = relation[1] if relation else ""
    return (
        "of_region" if _REGION.search(rest) else "other" if _ELSEWHERE.search(rest) else "percent"
    )


def fits(words: str, column: str) -> bool:
    """Whether a plain heading may be that of a column, as far as it names a unit.

    >>> fits("andel dømte pr 1 000", "convicted_pct"), fits("andel dømte", "convicted_pct")
    (False, True)
    """
    named = unit(words)
    if column == "gross_income" and (_REGION.search(words) or _ELSEWHERE.search(words)):
        return False  # the mean of the region or country, not that of the area
    return named in next(
        (units for end, units in _FITTING.items() if column.endswith(end)), {"count", ""}
    )


def opposite(words: str, like: str) -> bool:
    """Whether a plain heading says the opposite of one that it is like.

    >>> opposite("andel med tilknytning til arbejdsmarkedet", "andel uden tilknytning til arbejdsmarkedet")
    True
    """  # noqa: E501
    return (
        _negations(words) != _negations(like) or bool(_BEYOND.search(words)) or _is_western(words)
    )


def opposite_around(words: str, phrases: Iterable[str]) -> bool:
    """Whether a plain heading that holds some phrases of a measure turns them round: the words
    around them say not, or more than.

    >>> opposite_around("andel ikke dømte", ["dømte"]), opposite_around("andel dømte i alt", ["dømte"])
    (True, False)
    """  # noqa: E501
    rest = f" {words} "
    for phrase in sorted(phrases, key=len, reverse=True):
        rest = rest.replace(f" {phrase} ", " ")
    return _negations(rest) or bool(_BEYOND.search(words)) or _is_western(words)


def _negations(words: str) -> bool:
    """Whether there is an odd number of words that say not."""
    return (
        sum(word in _NEGATIONS or bool(_NEGATED.fullmatch(word)) for word in words.split()) % 2 == 1
    )


def _is_western(words: str) -> bool:
    """Whether a heading names western countries, with no word before it that says not."""
    tokens = ["", *words.split()]
    return any(
        _WESTERN.fullmatch(word) and before not in _NEGATIONS for before, word in pairwise(tokens)
    )
