"""The vocabulary of the area table: column names, the Danish headings that mean the same, and near
misses.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache

from udsat.messages.problems import Problem, TableError
from udsat.messages.text import Text, listed
from udsat.tables.heading_units import fits, opposite, opposite_around

SHARE_MEASURES = ("outside_labour_market", "convicted", "basic_education", "non_western")
MEASURES = ("outside_labour_market", "convicted", "basic_education", "gross_income", "non_western")
UNITS = {"pct": "percent", "per_1000": "per_1000", "per_10000": "per_10000"}

KEYS = ("area", "area_id", "municipality", "region", "list_date", "list_year", "year")
SHARES = tuple(f"{measure}_{unit}" for measure in SHARE_MEASURES for unit in UNITS)
COUNTS = tuple(f"{measure}{end}" for measure in SHARE_MEASURES for end in ("", "_base"))
INCOMES = ("gross_income", "income_ratio_pct")
RESIDENTS = ("residents", "residents_2010")
PROXIES = tuple(f"{measure}_proxy" for measure in MEASURES)
NUMBERS = RESIDENTS + SHARES + COUNTS + INCOMES
#: The engine takes minutes for tables that are wider; a table of areas has a few dozen columns.
MOST_COLUMNS = 2_000
#: A heading longer than this is no misspelling; so many known ones that it may be are looked at.
_LONGEST, _MOST_NEAR = 200, 8
COLUMNS = KEYS + NUMBERS + PROXIES
#: The unit of each column of shares and incomes, as references call it.
COLUMN_UNITS = {
    column: next(word for end, word in UNITS.items() if column.endswith(f"_{end}"))
    for column in SHARES
}
COLUMN_UNITS |= {"income_ratio_pct": "percent", "gross_income": "dkk"}

# The words of the ministry's lists and the statute, as headings print them, without their unit.
_PHRASES = {
    "outside_labour_market": (
        "uden tilknytning til arbejdsmarkedet eller uddannelse",
        "uden tilknytning til arbejdsmarkedet",
        "uden tilknytning til arbejdsmarked eller uddannelse",
        "uden for arbejdsmarkedet",
        "udenfor arbejdsmarkedet",
    ),
    "convicted": (
        "dømte",
        "dømte personer",
        "dømte beboere",
        "dømt for overtrædelse af straffeloven våbenloven eller lov om euforiserende stoffer",
        "dømte for overtrædelse af straffeloven våbenloven eller lov om euforiserende stoffer",
    ),
    "basic_education": (
        "med alene grundskoleuddannelse",
        "alene grundskoleuddannelse",
        "med alene grunduddannelse",
        "alene grunduddannelse",
        "med kun grundskole",
        "kun grundskole",
    ),
    "non_western": (
        "indvandrere og efterkommere fra ikke vestlige lande",
        "ikke vestlige indvandrere og efterkommere",
        "ikke vestlige",
    ),
}
#: Words that may mean a measure, but are no heading of it: a question to the user.
_ASKED = {
    "non_western": ("indvandrere og efterkommere",),
    "gross_income": ("bruttoindkomst", "income ratio"),
}
#: What a row calls itself that sums up others, in plain form.
TOTALS = frozenset({
    "i alt", "ialt", "total", "sum", "alle", "alle områder", "alle boligområder", "områder i alt",
    "boligområder i alt", "hele landet", "gennemsnit", "landsgennemsnit", "landstotal", "subtotal",
    "grand total", "all areas", "average",
})  # fmt: skip
#: Headings near a known one that mean something else, in plain form.
_OTHERS = frozenset(
    f"{what}{word}"
    for what in ("kommune", "område", "boligområde", "region", "regions")
    for word in ("nr", " nr", "nummer", "kode", " kode", "id", " id")
)
_AGES = {
    "outside_labour_market": "18 64 årige",
    "convicted": "18 årige og derover",
    "basic_education": "30 59 årige",
}
_UNIT_WORDS = {
    "pct": "pct", "i pct": "pct", "procent": "pct", "i procent": "pct", "percent": "pct",
    "pr 1 000": "per_1000", "pr 1000": "per_1000", "promille": "per_1000",
    "pr 10 000": "per_10000", "pr 10000": "per_10000",
}  # fmt: skip
_WORDS = {
    "område": "area", "boligområde": "area", "områdenavn": "area", "navn på boligområde": "area",
    "kommune": "municipality", "kommunenavn": "municipality", "område id": "area_id",
    "områdeid": "area_id", "regionsnavn": "region", "listedato": "list_date",
    "liste pr": "list_date", "dato for liste": "list_date", "listeår": "list_year",
    "år for liste": "list_year", "år": "year", "kalenderår": "year", "antal beboere": "residents",
    "beboere": "residents", "indbyggere": "residents", "antal indbyggere": "residents",
    "antal beboere 2010": "residents_2010", "antal beboere i 2010": "residents_2010",
    "beboere 2010": "residents_2010", "gennemsnitlig bruttoindkomst": "gross_income",
    "bruttoindkomst": "gross_income", "gennemsnitlig bruttoindkomst kr": "gross_income",
    "gennemsnitlig bruttoindkomst i kr": "gross_income",
    "gennemsnitlig bruttoindkomst i pct af regionens": "income_ratio_pct",
    "gennemsnitlig bruttoindkomst i pct af regionen": "income_ratio_pct",
    "gennemsnitlig bruttoindkomst i pct af regionens gennemsnit": "income_ratio_pct",
    "bruttoindkomst i pct af regionens": "income_ratio_pct",
    "bruttoindkomst i pct af regionen": "income_ratio_pct",
    "bruttoindkomst i pct af regionens gennemsnit": "income_ratio_pct",
    "indkomst i pct af regionens": "income_ratio_pct",
    "indkomst i pct af regionen": "income_ratio_pct",
}  # fmt: skip


#: Headings are compared by so many letters.
_MOST_LETTERS = 1_000
_SIGNS = str.maketrans({"\xad": "", "%": " pct ", "‰": " promille ", "‱": " pr 10 000 "})


def plain(heading: str) -> str:
    """Return a heading in lower case, with single spaces for all that is no letter or digit.

    >>> plain("Andel dømte (pct.)")
    'andel dømte pct'
    """
    text = unicodedata.normalize("NFC", heading[:_MOST_LETTERS]).translate(_SIGNS).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


@lru_cache
def synonyms() -> dict[str, str]:
    """Return every plain heading that is known, with the column it means."""
    known = {plain(column): column for column in COLUMNS} | _WORDS
    for measure, phrases in _PHRASES.items():
        with_ages = [f"{_AGES[measure]} {phrase}" for phrase in phrases] if measure in _AGES else []
        for phrase in (*phrases, *with_ages):
            known |= {f"andel {phrase}": f"{measure}_pct", f"antal {phrase}": measure}
            for words, unit in _UNIT_WORDS.items():
                for start in ("", "andel ", "antal "):
                    known[f"{start}{phrase} {words}"] = f"{measure}_{unit}"
    known |= {f"antal {ages}": f"{measure}_base" for measure, ages in _AGES.items()}
    return known


def recognise(
    headings: Sequence[str], file: str, declared: Mapping[str, str] | None = None, line: int = 1
) -> dict[str, int]:
    """Return the position of each known column; raise `TableError` for repeated, unclear or missing
    ones.

    `declared` says by plain heading which column the user means, empty for one that is passed
    through. An unknown heading near a known one is a question to the user, not a guess; others are
    passed through.
    """
    said = declared or {}
    found: dict[str, int] = {}
    problems: list[Problem] = _statbank(headings, file)
    if problems:
        raise TableError(problems)
    if len(headings) > MOST_COLUMNS:
        hint = Text("leave out what is not needed")
        raise TableError(
            Problem(
                "UD319",
                Text(
                    "has {headings:,} columns, and at most {most_columns:,} are read",
                    headings=len(headings),
                    most_columns=MOST_COLUMNS,
                ),
                hint,
                file,
                line,
            )
        )
    unknown: list[str] = []
    for position, heading in enumerate(headings):
        column = said.get(plain(heading), synonyms().get(plain(heading)))
        if column is None:
            unknown.append(heading)
        elif not column:
            continue
        elif column in found:
            first = headings[found[column]]
            hint = Text("'{first}' means the same column; keep one of them", first=first)
            problems.append(
                Problem(
                    "UD304",
                    Text("the column {column} occurs twice", column=column),
                    hint,
                    file,
                    1,
                    heading,
                )
            )
        else:
            found[column] = position
    problems += [problem for heading in unknown for problem in _near(heading, found, file)]
    problems += _repeated(headings, file) + _missing(found, file)
    if problems:
        raise TableError([replace(problem, line=line) for problem in problems])
    return found


def _statbank(headings: Sequence[str], file: str) -> list[Problem]:
    """Return a problem where a table is an export with one row per observation, as the StatBank
    writes them.
    """
    words = {plain(heading) for heading in headings}
    if not (words & {"tid", "time"} and words & {"indhold", "contents", "value", "værdi"}):
        return []
    hint = Text(
        "one row per area and year is needed, with a column for each measure: in a"
        " pivot table put the area and TID in the rows, the measure in the columns and"
        " INDHOLD in the values; then call TID 'year'"
    )
    return [
        Problem(
            "UD311", Text("is a long table of the StatBank, with one row per figure"), hint, file
        )
    ]


def _near(heading: str, found: Mapping[str, int], file: str) -> list[Problem]:
    """Return a problem where an unknown heading is nearly a known one, or has all the words of a
    measure that is not there.
    """
    words = plain(heading)
    if not words or words in _OTHERS:
        return []
    near = (
        get_close_matches(words, synonyms(), n=_MOST_NEAR, cutoff=0.86)
        if len(words) < _LONGEST
        else []
    )
    named = _measure_in(words)
    if named:
        near = [
            like
            for like in near
            if synonyms()[like].startswith(named) or _measure_of(synonyms()[like]) == named
        ]
    for like in near:
        if (
            fits(words, synonyms()[like])
            and not opposite(words, like)
            and _years(like) <= _years(words)
        ):
            return [_asked(synonyms()[like], heading, file)]
    measure = named or (_measure_of(synonyms()[near[0]]) if near else None)
    if measure is None or any(_measure_of(column) == measure for column in found):
        return []
    held = [phrase for phrase in _phrases(measure) if f" {phrase} " in f" {words} "]
    turned = opposite_around(words, held) if held else opposite(words, near[0])
    return [_of_measure(measure, turned, words, heading, file)]


def _of_measure(measure: str, turned: bool, words: str, heading: str, file: str) -> Problem:
    """Return what to ask about a heading that names a measure: its column, if one has the unit and
    the direction of the heading.
    """
    columns = (
        INCOMES
        if measure == "gross_income"
        else (*(f"{measure}_{unit}" for unit in UNITS), measure)
    )
    column = next((column for column in columns if fits(words, column)), None)
    line = f'{json.dumps(heading, ensure_ascii=False)} = ""'
    hint = Text(
        "to leave the column out, write {line} under [columns] in the file of --columns", line=line
    )
    if turned:
        return Problem(
            "UD320",
            Text(
                "the heading reads as the opposite of {measure}, so the column is not read as that",
                measure=measure,
            ),
            hint,
            file,
            1,
            heading,
        )
    if column is None:
        return Problem(
            "UD321",
            Text(
                "the heading names {measure} in a unit or relation that no column has",
                measure=measure,
            ),
            hint,
            file,
            1,
            heading,
        )
    return _asked(column, heading, file)


def _asked(column: str, heading: str, file: str) -> Problem:
    hint = Text(
        "did you mean '{column}'? Rename the column, or say what it is with --columns",
        column=column,
    )
    return Problem(
        "UD306", Text("the column is unknown, but near a known one"), hint, file, 1, heading
    )


def _years(words: str) -> set[str]:
    """Return the years and ages in a heading: what is known with one of them is not near what has
    another.
    """
    return set(re.findall(r"\b\d{2}\b|\b20\d\d\b", words))


def _measure_of(column: str) -> str | None:
    """Return the measure that a column has figures of; None for keys, remarks,
    residents and bases.
    """
    if column in INCOMES:
        return "gross_income"
    figures = {
        measure: (measure, *(f"{measure}_{unit}" for unit in UNITS)) for measure in SHARE_MEASURES
    }
    return next((measure for measure, columns in figures.items() if column in columns), None)


def _phrases(measure: str) -> tuple[str, ...]:
    """Return the words that a heading of a measure has among others."""
    return (*_PHRASES.get(measure, ()), *_ASKED.get(measure, ()), plain(measure))


def _measure_in(words: str) -> str | None:
    """Return the measure whose words a plain heading holds among others."""
    return next(
        (
            measure
            for measure in MEASURES
            if any(f" {phrase} " in f" {words} " for phrase in _phrases(measure))
        ),
        None,
    )


def _repeated(headings: Sequence[str], file: str) -> list[Problem]:
    unknown = Counter(heading for heading in headings if plain(heading) not in synonyms())
    return [
        Problem(
            "UD304",
            Text("the column '{heading}' occurs twice", heading=heading),
            Text("rename one of them"),
            file,
            1,
            heading,
        )
        for heading, times in unknown.items()
        if times > 1
    ]


def _missing(found: dict[str, int], file: str) -> list[Problem]:
    problems = []
    if "area" not in found:
        problems.append(
            Problem(
                "UD305",
                Text("there is no column area"),
                Text("it holds each area's name or code"),
                file,
                1,
            )
        )
    dates = [column for column in ("list_date", "list_year", "year") if column in found]
    if not dates:
        hint = Text(
            "give list_date or list_year (values as a list prints them) or year (calendar years)"
        )
        problems.append(
            Problem("UD305", Text("there is no column that dates the rows"), hint, file, 1)
        )
    if len(dates) > 1:
        hint = Text(
            "keep one: list_date or list_year for values as a list prints them, year for"
            " calendar years"
        )
        problems.append(
            Problem(
                "UD307",
                Text("the table has both {names_and}", names_and=listed(dates, "and")),
                hint,
                file,
                1,
            )
        )
    for measure in SHARE_MEASURES:
        if measure in found and f"{measure}_base" not in found:
            hint = Text(
                "give the base as {measure}_base, or the share as {measure}_pct", measure=measure
            )
            problems.append(
                Problem(
                    "UD305",
                    Text("the numbers of {measure} have no base", measure=measure),
                    hint,
                    file,
                    1,
                    measure,
                )
            )
    if not any(usable(measure, found) for measure in MEASURES):
        hint = Text("such as outside_labour_market_pct, or convicted with convicted_base")
        problems.append(Problem("UD305", Text("there is no column with a measure"), hint, file, 1))
    return problems


def usable(measure: str, found: dict[str, int]) -> bool:
    """Whether a table has what a measure needs: a share, or a numerator with its base, or an
    income.
    """
    if measure == "gross_income":
        return any(column in found for column in INCOMES)
    shares = any(f"{measure}_{unit}" in found for unit in UNITS)
    return shares or (measure in found and f"{measure}_base" in found)
