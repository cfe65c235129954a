"""What a heading is read as or taken for never disagrees with the unit, or with the direction, that the heading names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from commandline import udsat
from udsat.messages.problems import Problem, TableError
from udsat.tables.headings import INCOMES, recognise

#: How a heading names each measure, in its own direction and in the opposite one.
NAMES = {
    "outside_labour_market": (
        ("uden tilknytning til arbejdsmarkedet eller uddannelse", "uden for arbejdsmarkedet", "outside labour market"),
        ("med tilknytning til arbejdsmarkedet eller uddannelse", "tilknytning til arbejdsmarkedet", "ikke uden for arbejdsmarkedet",
         "med tilknytning til arbejdsmarked eller uddannelse", "inside labour market", "not outside labour market", "på arbejdsmarkedet"),
    ),
    "convicted": (
        ("dømte", "dømte personer", "dømte beboere", "convicted"),
        ("ikke dømte", "ikke-dømte personer", "udømte", "udømte beboere", "not convicted", "unconvicted"),
    ),
    "basic_education": (
        ("med alene grundskoleuddannelse", "alene grundskoleuddannelse", "kun grundskole", "basic education"),
        ("med mere end alene grundskoleuddannelse", "ikke alene grundskoleuddannelse", "uden kun grundskole", "med mere end grundskole",
         "more than basic education", "without basic education"),
    ),
    "non_western": (
        ("indvandrere og efterkommere fra ikke-vestlige lande", "ikke-vestlige indvandrere og efterkommere", "ikke-vestlige", "non-western"),
        ("indvandrere og efterkommere fra vestlige lande", "vestlige indvandrere og efterkommere", "vestlige", "western",
         "indvandrere og efterkommere, ikke fra ikke-vestlige lande"),
    ),
    "gross_income": (("gennemsnitlig bruttoindkomst", "bruttoindkomst", "gross income"), ("gennemsnitlig nettoindkomst",)),
}  # fmt: skip
#: What a heading may say of the unit, and the columns that have it, by the end of their names.
UNITS = {
    "": ("_pct", "gross_income", "count"),
    "(pct.)": ("_pct",),
    "%": ("_pct",),
    "i procent": ("_pct",),
    "pr. 1.000 beboere": ("_per_1000",),
    "pr. 1.000": ("_per_1000",),
    "(promille)": ("_per_1000",),
    "per 1,000": ("_per_1000",),
    "pr. 10.000 beboere": ("_per_10000",),
    "per 10000 residents": ("_per_10000",),
    "pr. 100.000 indbyggere": (),
    "(kr.)": ("gross_income",),
    "(1.000 kr.)": (),
    "i t.kr.": (),
    "kr. pr. måned": (),
    "i pct. af regionens": ("income_ratio_pct",),
    "i pct. af gennemsnittet i regionen": ("income_ratio_pct",),
    "i pct. af landsgennemsnittet": (),
    "i pct. af kommunens": (),
    "(ændring i pct.point)": (),
}
STARTS = ("", "Andel ", "Antal ", "Andel 18-64-årige ")


def taken_for(heading: str, other: str) -> tuple[str | None, list[Problem]]:
    """Return the column that a heading is read as or suggested for, and what is wrong with it beside a column of another measure."""
    try:
        found = recognise(["area", "list_year", other, heading], "f")
    except TableError as error:
        hints = [re.match(r"did you mean '(\w+)'", problem.hint) for problem in error.problems]
        asked = next((hint[1] for hint in hints if hint), None)
        base = [
            re.match(r"give the base as (\w+)_base", problem.hint) for problem in error.problems
        ]
        return asked or next((hint[1] for hint in base if hint), None), list(error.problems)
    return next((column for column, place in found.items() if place == 3), None), []


def composed(direction: int) -> Iterator[tuple[str, str, str]]:
    """Yield headings with the measure that they name and the unit as they say it; in direction 1 they say the opposite."""
    for (measure, names), unit, start in itertools.product(NAMES.items(), UNITS, STARTS):
        for name in names[direction]:
            yield f"{start}{name} {unit}".strip(), measure, unit


def other_than(measure: str) -> str:
    return "convicted_pct" if measure == "non_western" else "non_western_pct"


def kind(column: str) -> str:
    return next(
        (
            end
            for end in ("_per_1000", "_per_10000", "income_ratio_pct", "_pct", "gross_income")
            if column.endswith(end)
        ),
        "count",
    )


def columns_that_fit(heading: str, unit: str) -> set[str]:
    """Return the kinds of columns that a composed heading may be taken for."""
    word = heading.partition(" ")[0]
    found = (
        {"Andel": {"_pct"}, "Antal": {"count"}}.get(word, set(UNITS[""]))
        if unit == ""
        else set(UNITS[unit])
    )
    return found | ({"income_ratio_pct"} if "_pct" in found else set())


def taken_wrongly(headings: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Return the headings that are taken for a column of another measure or unit."""
    found = []
    for heading, measure, unit in headings:
        column, _ = taken_for(heading, other_than(measure))
        own = column is not None and (
            column.startswith(measure) or (measure == "gross_income" and column in INCOMES)
        )
        if column is not None and not (own and kind(column) in columns_that_fit(heading, unit)):
            found.append((heading, column))
    return found


def taken_for_the_opposite(headings: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Return the headings that say the opposite of a measure and are taken for it all the same."""
    return [
        (heading, column)
        for heading, measure, _ in headings
        for column, _ in [taken_for(heading, other_than(measure))]
        if column
    ]


def test_a_heading_is_never_taken_for_a_column_of_another_unit_or_measure() -> None:
    assert taken_wrongly(itertools.islice(composed(0), 0, None, 23)) == []


def test_a_heading_that_says_the_opposite_is_never_taken_for_the_measure() -> None:
    assert taken_for_the_opposite(itertools.islice(composed(1), 0, None, 29)) == []


@pytest.mark.long
def test_no_heading_of_thousands_is_taken_for_another_unit_or_for_the_opposite() -> None:
    assert taken_wrongly(composed(0)) == []
    assert taken_for_the_opposite(composed(1)) == []


def test_a_heading_with_a_known_measure_and_unit_is_read_or_suggested_as_that() -> None:
    wanted = {
        "bruttoindkomst i pct. af gennemsnittet i regionen": "income_ratio_pct",
        "Dømte pr. 1.000 beboere": "convicted_per_1000",
        "Antal dømte pr. 10.000 beboere": "convicted_per_10000",
        "Andel indvandrere og efterkommere (pct.)": "non_western_pct",
        "Antal uden tilknytning til arbejdsmarkedet i alt": "outside_labour_market",
        "Dømte pr. 1. december 2019": "convicted_pct",
        "Income ratio": "income_ratio_pct",
    }
    other = {heading: "basic_education_pct" for heading in wanted}
    assert {heading: taken_for(heading, other[heading])[0] for heading in wanted} == wanted


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("Tilknytning til arbejdsmarkedet", "UD320"),
        ("Andel ikke-dømte (pct.)", "UD320"),
        ("Andel vestlige indvandrere og efterkommere", "UD320"),
        ("Bruttoindkomst (1.000 kr.)", "UD321"),
        ("Dømte pr. 100.000", "UD321"),
        ("Andel dømte i pct. af landsgennemsnittet", "UD321"),
        ("Antal 18-65-årige", None),
        ("Antal beboere 2011", None),
    ],
)
def test_a_heading_that_no_column_has_says_why_and_how_to_leave_it_out(
    heading: str, code: str | None, tmp_path: Path
) -> None:
    (tmp_path / "rows.csv").write_text(
        f'area,list_year,basic_education_pct,"{heading}"\nA,2019,41.5,3\n', encoding="utf-8"
    )
    run = udsat(tmp_path, "score", "rows.csv")
    assert run.status == (2 if code else 0)
    if code:
        assert code in run.err
        line = f'"{heading}" = ""'
        assert line in run.err
        (tmp_path / "own.toml").write_text(f"[columns]\n{line}\n", encoding="utf-8")
        assert udsat(tmp_path, "score", "rows.csv", "--columns", "own.toml").status == 0


@pytest.mark.parametrize(
    ("measure", "heading"),
    [
        ("outside_labour_market_pct", "Andel med tilknytning til arbejdsmarkedet (pct.)"),
        ("non_western_pct", "Andel indvandrere og efterkommere fra vestlige lande (pct.)"),
        ("income_ratio_pct", "Bruttoindkomst (1.000 kr.)"),
    ],
)
def test_the_opposite_beside_the_measure_itself_is_passed_through(
    measure: str, heading: str
) -> None:
    assert recognise(["area", "list_year", measure, heading], "f")[measure] == 2
