"""What versions of one law must keep among each other: periods without gaps, revisions, doubts, and
which lists count as years.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from udsat.law.checksums import CHECKSUMS, is_released, read_seals, revision, seal
from udsat.law.definition import Definition
from udsat.law.lint.shape import meant
from udsat.law.lint.tree import doubt_blocks, texts
from udsat.law.schema import CriteriaVersion
from udsat.messages.problems import Problem

_DAY = dt.timedelta(days=1)


def periods(siblings: Sequence[Definition], given: Sequence[Definition]) -> Iterator[Problem]:
    """Return every gap and overlap between versions of one law, at the file that is
    being checked.
    """
    dated = sorted((one for one in siblings if _start(one)), key=lambda one: str(_start(one)))
    for early, late in pairwise(dated):
        end, start = early.tree["version"].get("ended"), _start(late)
        if not isinstance(end, dt.date) or start is None or end + _DAY != start:
            at = late if any(late is one for one in given) else early
            if any(at is one for one in given):
                yield _period(early, late, end, start, at)


def _period(
    early: Definition, late: Definition, end: object, start: Any, at: Definition
) -> Problem:
    ids = [str(one.tree["version"].get("id", one.name)) for one in (early, late)]
    way, value = (
        ("version", "in_force") if at is late else ("version", "ended"),
        start if at is late else end,
    )
    if not isinstance(end, dt.date):
        words = f"{ids[0]} has no end, and {ids[1]} is in force from {start}"
    else:
        kind = "gap" if end + _DAY < start else "overlap"
        words = (
            f"there is {'a gap' if kind == 'gap' else 'an overlap'}: {ids[0]} ended on {end},"
            f" {ids[1]} is in force from {start}"
        )
    return at.problem("UD414", way, words, f"end {ids[0]} on {start - _DAY}", value)


def _start(one: Definition) -> dt.date | None:
    start = (
        one.tree.get("version", {}).get("in_force")
        if isinstance(one.tree.get("version"), dict)
        else None
    )
    return start if isinstance(start, dt.date) else None


def same_ids(definitions: Sequence[Definition]) -> Iterator[Problem]:
    """Return a problem for every file whose id another file has."""
    first: dict[str, Definition] = {}
    for one in definitions:
        head = one.tree.get("version")
        name = head.get("id") if isinstance(head, dict) else None
        if not isinstance(name, str):
            continue
        if name in first and Path(first[name].name).resolve() != Path(one.name).resolve():
            hint = "each definition has an id of its own"
            yield one.problem(
                "UD420",
                ("version", "id"),
                f"the id '{name}' is also that of {first[name].name}",
                hint,
                name,
            )
        first.setdefault(name, one)


def taken(
    one: Definition, version: CriteriaVersion, known: Mapping[str, CriteriaVersion]
) -> Iterator[Problem]:
    """Return a problem where a file that was not released goes by the id of a version that decides
    otherwise.
    """
    path, released = Path(one.name), known.get(version.id)
    if path.name in (read_seals(path.parent) or {}) or released is None:
        return
    if seal(released.model_dump(exclude_none=True)) != seal(version.model_dump(exclude_none=True)):
        hint = "give it an id of its own: it stands beside every verdict"
        yield one.problem(
            "UD420",
            ("version", "id"),
            f"'{version.id}' is the id of a released version that says otherwise",
            hint,
            version.id,
        )


def unsealed(one: Definition) -> Iterator[Problem]:
    """Return a problem where a released file is not what was released: a correction is the next
    revision, and is sealed.
    """
    path = Path(one.name)
    released = (read_seals(path.parent) or {}).get(path.name)
    if not released or is_released(one.tree, released):
        return
    number, newest = revision(one.tree), max(released)
    if number == newest + 1:
        hint = "run `udsat criteria check --seal`, and say in the changelog what changed"
        yield one.problem(
            "UD434", _numbered(one), f"revision {number} is not sealed yet (see {CHECKSUMS})", hint
        )
        return
    words = f"what decides verdicts is not what was released as revision {newest}"
    if number != newest:
        words = (
            f"the file says that it is revision {number}; the newest that was released is {newest}"
        )
    hint = (
        f"undo it; or, to correct it, set revision = {newest + 1}, run `udsat criteria check"
        " --seal`, and write a line in the changelog"
    )
    yield one.problem("UD418", _numbered(one), f"{words} (see {CHECKSUMS})", hint)


def _numbered(one: Definition) -> tuple[str, ...]:
    """Return where a file says which revision it is."""
    way = ("version", "revision")
    return way if way in one.places.keys else ()


def same_questions(
    siblings: Sequence[Definition], given: Sequence[Definition]
) -> Iterator[Problem]:
    """Return a problem where versions of one law call the same doubt by two ids, or two questions
    by the same.
    """
    named: dict[str, tuple[str, set[str]]] = {}
    asked: dict[str, tuple[str, str]] = {}
    for one in siblings:
        for place, doubt in enumerate(doubt_blocks(one.tree)):
            name, text, keys = (
                doubt.get("id"),
                doubt.get("text"),
                {point.rpartition(".")[2] for point in texts(doubt.get("about"))},
            )
            if not isinstance(name, str) or not isinstance(text, str):
                continue
            way, told = ("doubts", place, "id"), any(one is other for other in given)
            first, before = named.setdefault(name, (one.name, keys))
            called, elsewhere = asked.setdefault(text, (name, one.name))
            if told and not keys & before:
                hint = "the same id stands for the same question in every version"
                yield one.problem(
                    "UD435",
                    way,
                    f"the id '{name}' is that of another question in {first}",
                    hint,
                    name,
                )
            elif told and called != name:
                yield one.problem(
                    "UD435",
                    way,
                    f"the same doubt is called '{called}' in {elsewhere}",
                    f"call it '{called}'",
                    name,
                )


def old(one: Definition, today: dt.date) -> Iterator[Problem]:
    """Return a warning where the facts were last held against their sources more than a year ago,
    or not yet.
    """
    head = one.tree.get("version")
    checked = head.get("checked_on") if isinstance(head, dict) else None
    if not isinstance(checked, dt.date):
        return
    way, hint = ("version", "checked_on"), "hold the facts against their sources, then set the date"
    if checked > today:
        yield one.problem(
            "UD419", way, f"{checked} is still to come", "write the day of the last check", checked
        )
    elif checked < _year_before(today):
        yield one.problem(
            "UD419", way, f"last checked on {checked}, more than a year ago", hint, checked
        )


def _year_before(day: dt.date) -> dt.date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28) if leap else day.replace(year=day.year - 1)


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
            hint = f'add "{other.id}:CATEGORY"'
            words = (
                f"no category counts for lists under {other.id}, though years count from"
                f" {block.first}"
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
            yield one.problem("UD423", way, f"there is no version '{name}'", meant(name, law), step)
        elif category not in law[name].categories:
            yield one.problem(
                "UD423",
                way,
                f"{name} has no category '{category}'",
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
            f"the list of {first.year} came out on {then.publication.date(first.year)}"
            if then
            else "no version was in force then"
        )
        yield one.problem(
            "UD424", ("years_in_row", "first"), f"there was no list on {first}", day, first
        )
