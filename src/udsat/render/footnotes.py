"""What stands below the verdicts: what would settle the open ones, and what the others rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from udsat.analysis.open_questions import RESIDENTS, YEARS, open_questions
from udsat.analysis.records import Record
from udsat.law.schema import CriteriaVersion
from udsat.messages import display, language
from udsat.messages.language import _
from udsat.render import words
from udsat.render.annotations import note, topic
from udsat.render.verdict_grid import list_of
from udsat.scoring.annotation_text import is_remark, says, split
from udsat.scoring.criteria import Case

_MOST_QUESTIONS = 20


def questions(rows: Sequence[Record], case: Case) -> list[str]:
    """Return what would settle the areas that are not decided, areas with the same reasons
    together.
    """
    versions = case.by_id()
    found: dict[str, list[str]] = {}
    for row in rows:
        reasons = missing(row, versions[row["criteria_version"]])
        if reasons:
            found.setdefault(", ".join(reasons), []).append(
                f"{words.place(row['area'])} {list_of(row)}"
            )
    lines = [f"{_names(areas)}: {reason}" for reason, areas in found.items()]
    rest = len(lines) - _MOST_QUESTIONS
    return lines[:_MOST_QUESTIONS] + (
        [_("and {count} more; the column notes of --format csv has all", count=rest)]
        if rest > 0
        else []
    )


def missing(row: Record, version: CriteriaVersion) -> list[str]:
    """Return what would settle the open questions of a row; a figure that two criteria share is
    missing once.
    """
    reasons = {name: _reason(row, name) for name in open_questions(row, version)}
    twice = {
        name
        for name in reasons
        if name.startswith("prevention_") and _reason(row, name, _plain(name)) in reasons.values()
    }
    return list(dict.fromkeys(reason for name, reason in reasons.items() if name not in twice))


def _plain(name: str) -> str:
    return name.removeprefix("prevention_")


def _names(areas: Sequence[str]) -> str:
    return (
        ", ".join(areas)
        if len(areas) <= 3
        else _("{areas} and {count} more", areas=", ".join(areas[:3]), count=len(areas) - 3)
    )


def _reason(row: Record, name: str, called: str = "") -> str:
    """Say what is missing of an open question: the value, the limit, or more decimals."""
    if name == RESIDENTS:
        return (
            _("the number of residents")
            if row["residents"] is None
            else _("the number of residents in 2010")
        )
    if name == YEARS:
        return _("the lists of earlier years")
    label = words.criterion(called or name)
    if says(row["notes"], f"{name}: unknown, no mean income"):
        return _(
            "{criterion} (no mean income of its region: give one with --references)",
            criterion=label,
        )
    if row[f"{name}_value"] is None and row.get(f"{name}_low") is None:
        return _("{criterion} (no value)", criterion=label)
    if row[f"{name}_limit"] is None:
        return _(
            "{criterion} (no limit known for this list: give one with --references)",
            criterion=label,
        )
    if says(row["notes"], f"{name}: unknown, the limit"):
        return _(
            "{criterion} (its limit is only inferred: give one with --references)", criterion=label
        )
    return _("{criterion} (the line lies inside what the value or limit may be)", criterion=label)


#: What a note says of a value on its line.
_TIE = "equals its line"


def marks(rows: Sequence[Record], case: Case) -> list[str]:
    """Return, once each, the doubts that a row of the table rests on, and the proxies."""
    used = {row["criteria_version"]: set[tuple[str, str]]() for row in rows}
    for row in rows:
        for one in split(row["notes"]):
            if is_remark(one):
                continue
            names, _mark, text = one.partition(": ")
            used[row["criteria_version"]] |= {(name, text) for name in names.split(", ")}
    lines: dict[str, list[str]] = {}
    for name, version in case.by_id().items():
        for doubt in version.doubts:
            topics = [
                (_topic(version, point), doubt.status, point.rpartition(".")[2])
                for point in doubt.about
            ]
            found = [
                topic
                for topic, *mark in topics
                if any(topic == head and _says(text, *mark) for head, text in used.get(name, ()))
            ]
            if "criteria" in doubt.about and any(
                _TIE in text for _, text in used.get(name, ())
            ):  # how figures are rounded decides a tie
                found.append("criteria")
            if found:
                lines.setdefault(
                    f"{topic(found[0])}: {words.status(doubt.status)}, {_(doubt.text)}", []
                ).append(name)
    return [f"{line} [{', '.join(names)}]" for line, names in lines.items()] + _remarks(rows)


def _says(text: str, status: str, key: str) -> bool:
    """Whether a note names a fact of the law with its status: `practice (ages)`."""
    _before, found, rest = text.partition(f"{status} (")
    return bool(found) and key in rest.partition(")")[0].split(", ")


def _topic(version: CriteriaVersion, point: str) -> str:
    """Return what the notes of a row call the thing that a doubt is about."""
    block, _dot, rest = point.partition(".")
    name = rest.partition(".")[0]
    if block == "measures":
        return next(
            (c for c, criterion in version.criteria.items() if criterion.measure == name), ""
        )
    return {
        "area": "residents",
        "categories": "years in a row",
        "years_in_row": "years in a row",
    }.get(block, name)


def _remarks(rows: Iterable[Record]) -> list[str]:
    """Return the notes that are about single areas: proxies, ties, one year's counts, names that
    are only near.
    """
    signs = (_TIE, "counts of one year", "assumed", "the name is near")
    found: dict[str, list[str]] = {}
    for row in rows:
        for one in split(row["notes"]):
            if is_remark(one) or any(sign in one for sign in signs):
                found.setdefault(_in_words(one), []).append(
                    f"{words.place(row['area'])} {list_of(row)}"
                )
    return [f"{one} [{_names(areas)}]" for one, areas in found.items()]


def _in_words(given: str) -> str:
    """Return a note with the name of its criterion in words, as the lines around it have it."""
    name, mark, text = given.partition(": ")
    if language.danish() or not (name.startswith("prevention_") or name in words.NAMES):
        return note(given)
    return f"{words.criterion(name)}{mark}{display.line(text)}"
