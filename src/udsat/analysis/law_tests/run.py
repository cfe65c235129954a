"""The cases of a definition, scored by the engine as tables are: what comes out otherwise than
expected.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from udsat import engine
from udsat.analysis.records import Record
from udsat.evidence.published_lists import Lists, PublishedList
from udsat.evidence.references import Reference, ReferenceTable, figure_row, plain_region
from udsat.law.cases import CaseFile, read_cases
from udsat.law.definition import Definition
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion
from udsat.messages.problems import InvalidTable, Problem, TableError
from udsat.messages.text import Text
from udsat.names.areas import Area
from udsat.names.resolver import Resolver
from udsat.scoring.score import Options, score
from udsat.tables.readers import csv as csvs
from udsat.tables.readers.options import Reading
from udsat.tables.validate.check import check
from udsat.tables.validate.part import Calendar

#: Every case lies in a municipality of its own, so that no name is near another.
_TOWN = "Sag {number}"


@dataclass(frozen=True)
class CaseRun:
    """The cases of one definition after a run: what each came to, and what is wrong."""

    version: CriteriaVersion
    file: Definition
    cases: CaseFile
    #: The verdicts on each case, in the order of the file.
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]

    @property
    def count(self) -> int:
        """How many cases there are."""
        return len(self.cases.case) + len(self.cases.list) + len(self.cases.person)


def run(path: Path, version: CriteriaVersion, law: Law) -> CaseRun:
    """Score the cases in a file under a version, and compare.

    `law` has the version as its chosen one. Raises `CriteriaError` where the file cannot be used.
    """
    one, cases = read_cases(path, version)
    try:
        records = _records(cases, law)
    except (InvalidTable, TableError) as error:
        return CaseRun(version, one, cases, (), tuple(_unusable(one, error)))
    problems = [
        *_areas(one, cases, records),
        *_lists(one, cases, version),
        *_persons(one, cases, version),
    ]
    return CaseRun(version, one, cases, records, tuple(problems))


def _records(cases: CaseFile, law: Law) -> tuple[Record, ...]:
    """Return the verdicts on all cases: one run for lists, and one for each year that lists are
    formed for.
    """
    runs: dict[int | None, list[int]] = {}
    for number, case in enumerate(cases.case):
        runs.setdefault(case.list_year, []).append(number)
    found: dict[int, Record] = {}
    for list_year, numbers in runs.items():
        found |= _scored(cases, numbers, list_year, law)
    return tuple(found[number] for number in range(len(cases.case)))


def _scored(
    cases: CaseFile, numbers: Sequence[int], list_year: int | None, law: Law
) -> dict[int, Record]:
    connection = engine.connect()
    rows = [row for number in numbers for row in _rows(cases, number)]
    how = Reading("point", delimiter=",")
    raw = csvs.read(_csv(rows), cases.version, how)
    checked = check([raw], connection, Calendar(law), how)
    lists = _published(cases, numbers, law)
    verdicts = score(
        checked.table, law, _references(cases), lists, Options("published", list_year), connection
    )
    frame = verdicts.areas(bare=True)
    names = frame.collect_schema().names()
    records = [dict(zip(names, row, strict=True)) for row in engine.fetch(frame)]
    return {int(record["area"]): record for record in records}


def _rows(cases: CaseFile, number: int) -> Iterator[dict[str, str]]:
    """Return a case as rows of the area table: one, or one for each calendar year."""
    case = cases.case[number]
    key = {"area": str(number), "municipality": _TOWN.format(number=number)}
    facts = cases.facts(case)
    if date := cases.date(case):
        yield {**key, "list_date": date.isoformat(), **_texts(facts)}
    for year, more in case.years.items():
        yield {**key, "year": year, **_texts({**facts, **more})}


def _texts(facts: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in facts.items()}


def _csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(
        stream, list(dict.fromkeys(name for row in rows for name in row)), restval=""
    )
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def _published(cases: CaseFile, numbers: Sequence[int], law: Law) -> Lists:
    """Return the earlier lists of the cases: of each known year complete, in every category that a
    list of it has.
    """
    members: dict[tuple[dt.date, str], set[Area]] = {}
    for year in cases.lists_known:
        date = law.list_date(year)
        in_force = law.in_force(date) if date else None
        for category in in_force.categories if in_force and date else ():
            members[date, category] = set()  # type: ignore[index]
    for number in numbers:
        area = Area(str(number), _TOWN.format(number=number))
        for category, years in cases.case[number].listed.items():
            for year in years:
                if (date := law.list_date(year)) is not None:
                    members.setdefault((date, category), set()).add(area)
    names = Resolver({area for areas in members.values() for area in areas})
    return Lists({key: PublishedList(frozenset(areas)) for key, areas in members.items()}, names)


def _references(cases: CaseFile) -> ReferenceTable:
    rows = []
    for given in cases.references:
        for measure, value in given.national.items():
            rows.append(figure_row(given.list_date, measure, "national", "", _exactly(value)))
        for region, value in given.region.items():
            rows.append(
                figure_row(
                    given.list_date, "gross_income", "region", plain_region(region), _exactly(value)
                )
            )
    return ReferenceTable(tuple(rows))


def _exactly(value: Any) -> Reference:
    number = Fraction(value)
    return Reference(number, number, number, "the case", "stated")


def _areas(one: Definition, cases: CaseFile, records: Sequence[Record]) -> Iterator[Problem]:
    for number, (case, record) in enumerate(zip(cases.case, records, strict=True)):
        for name, expected in case.expect.items():
            found = record.get(name)
            if str(found) != str(expected):
                yield _otherwise(
                    one, ("case", number, "expect", name), name, expected, found, case.text
                )


def _lists(one: Definition, cases: CaseFile, version: CriteriaVersion) -> Iterator[Problem]:
    for number, case in enumerate(cases.list):
        for name, expected, found in case.failures(version):
            yield _otherwise(one, ("list", number, name), name, expected, found, case.text)


def _persons(one: Definition, cases: CaseFile, version: CriteriaVersion) -> Iterator[Problem]:
    for number, case in enumerate(cases.person):
        for name, expected, found in case.failures(version.measures[case.measure]):
            yield _otherwise(
                one, ("person", number, name), f"{case.measure}: {name}", expected, found, case.text
            )


def _otherwise(
    one: Definition,
    way: tuple[str | int, ...],
    name: str,
    expected: object,
    found: object,
    text: str,
) -> Problem:
    message = Text(
        "{name} is {word}, expected {word2}: {text}",
        name=name,
        word=_word(found),
        word2=_word(expected),
        text=text,
    )
    return one.problem(
        "UD431",
        way,
        message,
        Text("the law decides whether the case or the definition is wrong"),
        _word(expected),
    )


def _word(value: object) -> str:
    return (
        Text("nothing")
        if value is None
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


def _unusable(one: Definition, error: InvalidTable | TableError) -> Iterator[Problem]:
    """Return what the reader of tables says of the facts, at the cases."""
    for problem in error.problems:
        yield one.problem(
            "UD432",
            ("case",),
            Text(
                "the facts are no row of the area table: {column}: {message}",
                column=problem.column,
                message=problem.message,
            ),
            problem.hint,
        )
