"""The model of a file of cases: facts of an area, a list or a person, and what the law makes of
them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from udsat.law.definition import Definition, read
from udsat.law.lint.shape import meant, shape
from udsat.law.schema import CriteriaVersion, Measure, NonEmptyText
from udsat.messages.problems import CriteriaError, Problem
from udsat.messages.text import EMPTY, Text

#: A cell of the area table: a number, or a text such as ".." (missing) or "<5".
CaseValue = int | Decimal | str
Facts = dict[str, CaseValue]
Year = Annotated[str, Field(pattern=r"^\d{4}$")]

WORDS = {
    "CaseFile.version": "The id of the definition that the cases are about.",
    "CaseFile.list_date": "The list of every case that names no other.",
    "CaseFile.given": "The facts that every case starts from.",
    "CaseFile.lists_known": (
        "Years whose December list is known: an area that a case does not put on one was not on it."
    ),
    "CaseFile.references": "National shares and regional incomes, by the date of a list.",
    "CaseFile.case": "An area, and what the law makes of it.",
    "CaseFile.list": "A list: on which day it came out, and whether the version was in force.",
    "CaseFile.person": "A person: whether the law counts them.",
    "LawCase.text": "The case in a sentence.",
    "LawCase.source": "Where the case comes from, if not from the statute alone.",
    "LawCase.list_date": "The date of the list, for values as a list prints them.",
    "LawCase.list_year": "The year of the list, for values of calendar years.",
    "LawCase.facts": (
        "What differs from the given facts; names are columns of the area table, `..` is missing."
    ),
    "LawCase.years": "Facts of calendar years.",
    "LawCase.listed": "Earlier December lists that the area was on, by the category of that list.",
    "LawCase.expect": (
        "Outcomes of criteria (met, not_met, unknown), of categories (yes, no, unknown), category,"
        " years_in_row."
    ),
    "ReferenceCase.list_date": "The list that the figures are for.",
    "ReferenceCase.national": "National shares in percent, by measure.",
    "ReferenceCase.region": "Mean incomes in kroner, by region.",
    "ListCase.text": "The case in a sentence.",
    "ListCase.year": "The year of a list.",
    "ListCase.date": "The day that the list came out, or a day.",
    "ListCase.in_force": "Whether the version was in force on it.",
    "PersonCase.text": "The case in a sentence.",
    "PersonCase.measure": "A measure of the definition.",
    "PersonCase.age": "The person's age.",
    "PersonCase.taxpayer": "Whether the person pays tax.",
    "PersonCase.student": "Whether the person is a student.",
    "PersonCase.education_unknown": "Whether the person's education is not known.",
    "PersonCase.base": "Expected: whether the person belongs to the base of the measure.",
    "PersonCase.counted": "Expected: whether the person counts as having basic schooling alone.",
}


class CasePart(BaseModel):
    """A part of a file of cases: unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class LawCase(CasePart):
    """An area on a list, and the expected verdicts."""

    text: NonEmptyText
    source: str = ""
    list_date: dt.date | None = None
    list_year: int | None = None
    facts: Facts = {}
    years: dict[Year, Facts] = {}
    listed: dict[NonEmptyText, Annotated[tuple[int, ...], Field(strict=False)]] = {}
    expect: Annotated[dict[str, str | int], Field(min_length=1)]


class ReferenceCase(CasePart):
    """The figures that criteria point to, for one list."""

    list_date: dt.date
    national: dict[str, Annotated[Decimal, Field(gt=0, strict=False)]] = {}
    region: dict[str, Annotated[Decimal, Field(gt=0, strict=False)]] = {}


class ListCase(CasePart):
    """A day, and what the definition says of it."""

    text: NonEmptyText
    date: dt.date
    year: int | None = None
    in_force: bool | None = None

    def failures(self, version: CriteriaVersion) -> Iterator[tuple[str, object, object]]:
        """Return what comes out otherwise: the key, what is expected and what was found."""
        head = version.version
        if self.year is not None and (found := version.publication.date(self.year)) != self.date:
            yield "date", self.date, found
        in_force = head.in_force <= self.date <= (head.ended or dt.date.max)
        if self.in_force is not None and in_force != self.in_force:
            yield "in_force", self.in_force, in_force


class PersonCase(CasePart):
    """A person, and whether a measure counts them."""

    text: NonEmptyText
    measure: NonEmptyText
    age: int
    taxpayer: bool = True
    student: bool = False
    education_unknown: bool = False
    base: bool | None = None
    counted: bool | None = None

    def failures(self, measure: Measure) -> Iterator[tuple[str, object, object]]:
        """Return what comes out otherwise: the key, what is expected and what was found."""
        inside = measure.has_age(self.age) and self._belongs(measure)
        if self.base is not None and inside != self.base:
            yield "base", self.base, inside
        counted = inside and self.education_unknown and measure.unknown_education == "counted"
        if self.counted is not None and counted != self.counted:
            yield "counted", self.counted, counted

    def _belongs(self, measure: Measure) -> bool:
        pays = self.taxpayer or measure.population != "taxpayers"
        return pays and not (self.student and "students" in measure.excludes)


class CaseFile(CasePart):
    """All cases of one definition."""

    version: NonEmptyText
    list_date: dt.date | None = None
    given: Facts = {}
    lists_known: Annotated[tuple[int, ...], Field(strict=False)] = ()
    references: Annotated[tuple[ReferenceCase, ...], Field(strict=False)] = ()
    case: Annotated[tuple[LawCase, ...], Field(strict=False)] = ()
    list: Annotated[tuple[ListCase, ...], Field(strict=False)] = ()
    person: Annotated[tuple[PersonCase, ...], Field(strict=False)] = ()

    def date(self, case: LawCase) -> dt.date | None:
        """Return the list of a case; none where a list is formed from calendar years."""
        return None if case.list_year is not None else case.list_date or self.list_date

    def facts(self, case: LawCase) -> Mapping[str, CaseValue]:
        """Return all facts of a case."""
        return {**self.given, **case.facts}


def cases_path(definition: Path) -> Path:
    """Return where the cases of a criteria file stand: in the folder `cases` beside it, under the
    same name.
    """
    return definition.parent / "cases" / definition.name


def read_cases(path: Path, version: CriteriaVersion) -> tuple[Definition, CaseFile]:
    """Return the cases of a version, with their places; raise `CriteriaError` with everything that
    is wrong with the file.
    """
    one = read(path)
    problems = [*one.problems, *shape(one, CaseFile)]
    problems = [
        Problem(
            "UD432", p.message, p.hint, p.file, p.line, p.column, p.value, p.expected, p.position
        )
        for p in problems
    ]
    problems += [] if problems else _unfit(one, CaseFile.model_validate(one.tree), version)
    if problems:
        raise CriteriaError(problems)
    return one, CaseFile.model_validate(one.tree)


def outcomes(version: CriteriaVersion) -> dict[str, tuple[str, ...]]:
    """Return what a case can expect, with the words that each can be; none where it is a number."""
    words: dict[str, tuple[str, ...]] = dict.fromkeys(
        version.criteria, ("met", "not_met", "unknown")
    )
    words |= dict.fromkeys(version.categories, ("yes", "no", "unknown"))
    words |= dict.fromkeys(
        ("category", "category_possible"), (*version.categories, "none", "unknown")
    )
    columns = [block.count_column for block in version.categories.values() if block.count_column]
    return words | dict.fromkeys(
        (*columns, "unknown_count", "years_in_row", "years_in_row_possible"), ()
    )


def _unfit(one: Definition, cases: CaseFile, version: CriteriaVersion) -> list[Problem]:
    """Return what in a file of cases does not fit the definition."""
    problems = []
    if cases.version != version.id:
        problems.append(
            one.problem(
                "UD432",
                ("version",),
                Text(
                    "the cases are of '{version}', the definition is '{id}'",
                    version=cases.version,
                    id=version.id,
                ),
                EMPTY,
                cases.version,
            )
        )
    for number, person in enumerate(cases.person):
        if person.measure not in version.measures:
            way = ("person", number, "measure")
            problems.append(
                one.problem(
                    "UD432",
                    way,
                    Text("there is no measure '{measure}'", measure=person.measure),
                    meant(person.measure, version.measures),
                    person.measure,
                )
            )
    for number, case in enumerate(cases.case):
        problems += _unfit_case(one, ("case", number), case, cases.date(case), version)
    return problems


def _unfit_case(
    one: Definition,
    way: tuple[Any, ...],
    case: LawCase,
    date: dt.date | None,
    version: CriteriaVersion,
) -> Iterator[Problem]:
    known = outcomes(version)
    if (date is None) == (case.list_year is None) or bool(case.years) != (
        case.list_year is not None
    ):
        hint = Text("list_date with facts, or list_year with years")
        yield one.problem(
            "UD432",
            (*way, "text"),
            Text("a case has either a list date, or a list year and years"),
            hint,
        )
    for name, word in case.expect.items():
        if name not in known:
            yield one.problem(
                "UD432",
                (*way, "expect", name),
                Text("nothing is called '{name}'", name=name),
                meant(name, known),
            )
        elif known[name] and word not in known[name]:
            yield one.problem(
                "UD432",
                (*way, "expect", name),
                Text("{name} cannot be '{word}'", name=name, word=word),
                meant(str(word), known[name]),
                word,
            )
