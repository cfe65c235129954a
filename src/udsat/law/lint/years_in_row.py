"""Which lists count as years in a row: each since the first has one category of its version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from udsat.law.definition import Definition
from udsat.law.lint.shape import meant
from udsat.law.lint.tree import texts
from udsat.law.schema import CriteriaVersion
from udsat.messages.problems import Problem
from udsat.messages.text import Text


def steps(
    one: Definition, version: CriteriaVersion, others: Mapping[str, CriteriaVersion]
) -> Iterator[Problem]:
    """Return what is wrong with the lists that count as years: each since the first has one
    category of its version.
    """
    block = version.years_in_row
    if block is None:
        return
    law = {**others, version.id: version}
    named = {step.partition(":")[0]: step.partition(":")[2] for step in block.counting}
    yield from _unknown_steps(one, law)
    in_time = [other for other in law.values() if _counts(other, version)]
    for other in sorted(in_time, key=lambda other: other.version.in_force):
        covers_own = other.version.in_force <= version.version.in_force and other.id != version.id
        if other.id == version.id and any(
            _covers(law[name], version.version.in_force)
            for name in named
            if name in law and name != version.id
        ):
            continue
        if other.id not in named and (covers_own or other.id == version.id):
            hint = Text('add "{id}:CATEGORY"', id=other.id)
            words = Text(
                "no category counts for lists under {id}, though years count from {first}",
                id=other.id,
                first=block.first,
            )
            yield one.problem(
                "UD423", ("years_in_row", "counting"), words, hint, ", ".join(block.counting)
            )
    yield from _first(one, version, law)


def _unknown_steps(one: Definition, law: Mapping[str, CriteriaVersion]) -> Iterator[Problem]:
    counting = texts(one.tree["years_in_row"].get("counting"))
    for place, step in enumerate(counting):
        name, _, category = step.partition(":")
        way = ("years_in_row", "counting", place)
        if name not in law:
            yield one.problem(
                "UD423",
                way,
                Text("there is no version '{name}'", name=name),
                meant(name, law),
                step,
            )
        elif category not in law[name].categories:
            yield one.problem(
                "UD423",
                way,
                Text("{name} has no category '{category}'", name=name, category=category),
                meant(category, law[name].categories),
                step,
            )


def _counts(other: CriteriaVersion, version: CriteriaVersion) -> bool:
    """Whether lists under another version lie between the first that counts and this
    version's own.
    """
    first = version.years_in_row.first if version.years_in_row else dt.date.max
    return (
        other.version.ended is None or other.version.ended >= first
    ) and other.version.in_force <= version.version.in_force


def _covers(other: CriteriaVersion, day: dt.date) -> bool:
    return other.version.in_force <= day and (
        other.version.ended is None or day <= other.version.ended
    )


def _first(
    one: Definition, version: CriteriaVersion, law: Mapping[str, CriteriaVersion]
) -> Iterator[Problem]:
    """The first list that counts is a list: it came out on the day that the law then in force
    names.
    """
    first = version.years_in_row.first if version.years_in_row else dt.date.max
    then = next((other for other in law.values() if _covers(other, first)), None)
    if then is None or then.publication.date(first.year) != first:
        day = (
            Text(
                "the list of {year} came out on {date}",
                year=first.year,
                date=then.publication.date(first.year),
            )
            if then
            else Text("no version was in force then")
        )
        yield one.problem(
            "UD424",
            ("years_in_row", "first"),
            Text("there was no list on {first}", first=first),
            day,
            first,
        )
