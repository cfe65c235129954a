"""Everything that can be wrong with criteria files, all of it at once; a file with an error is
never scored by.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from udsat.law.checksums import CHECKSUMS
from udsat.law.definition import Definition, read
from udsat.law.lint import succession, years_in_row
from udsat.law.lint.reachability import needless, unreachable
from udsat.law.lint.references import rules
from udsat.law.lint.shape import shape
from udsat.law.schema import CriteriaVersion
from udsat.messages.problems import Problem

Versions = Mapping[str, CriteriaVersion]


def check(files: Sequence[Path], released: Versions, today: dt.date | None = None) -> list[Problem]:
    """Return every problem of criteria files, in the order of the files and their lines.

    `released` are the versions that ship; the files may name them. Without `today` the day of
    checking is not looked at. Raises `CriteriaError` where a file cannot be read.
    """
    given = [read(path) for path in files]
    around = {one.name: one for one in [*given, *_siblings(given)]}
    problems = [
        problem
        for one in given
        for problem in of_one(one, _known(one, list(around.values()), released), today)
    ]
    problems += succession.same_ids(given)
    for folder in dict.fromkeys(Path(one.name).parent for one in given):
        if os.path.isfile(folder / CHECKSUMS):
            siblings = sorted(
                (one for one in around.values() if Path(one.name).parent == folder),
                key=lambda one: one.name,
            )
            problems += [
                *succession.periods(siblings, given),
                *succession.same_questions(siblings, given),
            ]
    order = {one.name: place for place, one in enumerate(given)}
    return sorted(
        problems,
        key=lambda problem: (
            order[problem.file],
            problem.line or 0,
            problem.position or 0,
            problem.code,
        ),
    )


def of_one(one: Definition, known: Versions, today: dt.date | None = None) -> list[Problem]:
    """Return every problem of one file, among other versions by id."""
    problems = [*one.problems, *shape(one, CriteriaVersion)]
    if () not in one.torn:
        problems += [
            problem for rule in rules() for problem in rule(one) if not _in_torn(problem, one)
        ]
        problems += succession.old(one, today) if today else []
    if not problems or all(problem.severity == "warning" for problem in problems):
        problems += _of_sound(one, known)
    return list(_once(problems))


def _in_torn(problem: Problem, one: Definition) -> bool:
    """Whether a problem is in a block that lost a line: what does not fit there may fit with it."""
    return any(
        problem.column == (block := ".".join(map(str, way)))
        or problem.column.startswith(f"{block}.")
        for way in one.torn
    )


def _of_sound(one: Definition, known: Versions) -> Iterator[Problem]:
    """Look at what a file means, once its form is sound."""
    version = CriteriaVersion.model_validate(one.tree)
    yield from unreachable(one, version)
    yield from needless(one, version)
    yield from years_in_row.steps(
        one, version, {name: other for name, other in known.items() if name != version.id}
    )
    yield from succession.unsealed(one)
    yield from succession.taken(one, version, known)


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Leave out what was already said of the same place in other words of the same code."""
    seen: set[tuple[object, ...]] = set()
    for problem in problems:
        key = (problem.code, problem.line, problem.position, problem.column)
        if key not in seen:
            seen.add(key)
            yield problem


def _siblings(given: Sequence[Definition]) -> Iterator[Definition]:
    """Return the other versions of a released law that a file belongs to."""
    folders = dict.fromkeys(
        Path(one.name).parent for one in given if os.path.isfile(Path(one.name).parent / CHECKSUMS)
    )
    names = {one.name for one in given}
    for folder in folders:
        yield from (read(path) for path in sorted(folder.glob("*.toml")) if str(path) not in names)


def _known(one: Definition, around: Sequence[Definition], released: Versions) -> Versions:
    """Return the versions that a file is one of: those that ship, and those beside it in a released
    law.
    """
    folder = Path(one.name).parent
    if not os.path.isfile(folder / CHECKSUMS):
        return released
    beside = (valid(other) for other in around if Path(other.name).parent == folder)
    return {**released, **{version.id: version for version in beside if version}}


def valid(one: Definition) -> CriteriaVersion | None:
    """Return the version of a file of sound shape, else None."""
    if one.problems:
        return None
    try:
        return CriteriaVersion.model_validate(one.tree)
    except (ValidationError, ValueError):
        return None
