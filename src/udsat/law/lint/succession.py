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
from udsat.law.lint.tree import doubt_blocks, texts
from udsat.law.schema import CriteriaVersion
from udsat.messages.problems import Problem
from udsat.messages.text import Text

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
        words = Text(
            "{ids} has no end, and {ids2} is in force from {start}",
            ids=ids[0],
            ids2=ids[1],
            start=start,
        )
    else:
        given = {"ids": ids[0], "end": end, "ids2": ids[1], "start": start}
        words = (
            Text("there is a gap: {ids} ended on {end}, {ids2} is in force from {start}", **given)
            if end + _DAY < start
            else Text(
                "there is an overlap: {ids} ended on {end}, {ids2} is in force from {start}",
                **given,
            )
        )
    return at.problem(
        "UD414", way, words, Text("end {ids} on {start}", ids=ids[0], start=start - _DAY), value
    )


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
            hint = Text("each definition has an id of its own")
            yield one.problem(
                "UD420",
                ("version", "id"),
                Text("the id '{name}' is also that of {name2}", name=name, name2=first[name].name),
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
        hint = Text("give it an id of its own: it is printed beside every verdict")
        yield one.problem(
            "UD420",
            ("version", "id"),
            Text("'{id}' is the id of a released version that says otherwise", id=version.id),
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
        hint = Text("run `udsat criteria check --seal`, and say in the changelog what changed")
        yield one.problem(
            "UD434",
            _numbered(one),
            Text(
                "revision {number} is not sealed yet (see {checksums})",
                number=number,
                checksums=CHECKSUMS,
            ),
            hint,
        )
        return
    words = Text(
        "what decides verdicts is not what was released as revision {newest} (see {checksums})",
        newest=newest,
        checksums=CHECKSUMS,
    )
    if number != newest:
        words = Text(
            "the file says that it is revision {number}; the newest that was released is"
            " {newest} (see {checksums})",
            number=number,
            newest=newest,
            checksums=CHECKSUMS,
        )
    hint = Text(
        "undo it; or, to correct it, set revision = {newest}, run `udsat criteria check"
        " --seal`, and write a line in the changelog",
        newest=newest + 1,
    )
    yield one.problem(
        "UD418",
        _numbered(one),
        words,
        hint,
    )


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
                hint = Text("the same id stands for the same question in every version")
                yield one.problem(
                    "UD435",
                    way,
                    Text(
                        "the id '{name}' is that of another question in {first}",
                        name=name,
                        first=first,
                    ),
                    hint,
                    name,
                )
            elif told and called != name:
                yield one.problem(
                    "UD435",
                    way,
                    Text(
                        "the same doubt is called '{called}' in {elsewhere}",
                        called=called,
                        elsewhere=elsewhere,
                    ),
                    Text("call it '{called}'", called=called),
                    name,
                )


def old(one: Definition, today: dt.date) -> Iterator[Problem]:
    """Return a warning where the facts were last checked against their sources more than a year
    ago, or not yet.
    """
    head = one.tree.get("version")
    checked = head.get("checked_on") if isinstance(head, dict) else None
    if not isinstance(checked, dt.date):
        return
    way = ("version", "checked_on")
    hint = Text("check the facts against their sources, then set the date")
    if checked > today:
        yield one.problem(
            "UD419",
            way,
            Text("{checked} is still to come", checked=checked),
            Text("write the day of the last check"),
            checked,
        )
    elif checked < _year_before(today):
        yield one.problem(
            "UD419",
            way,
            Text("last checked on {checked}, more than a year ago", checked=checked),
            hint,
            checked,
        )


def _year_before(day: dt.date) -> dt.date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28) if leap else day.replace(year=day.year - 1)
