"""What stands below the verdicts: what would settle the open ones, and what the others rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from udsat.analysis.open_questions import open_questions
from udsat.analysis.records import Record
from udsat.law.doubts import CRITERIA, RESIDENTS, YEARS
from udsat.law.schema import CriteriaVersion
from udsat.messages.language import _
from udsat.render import words
from udsat.render.annotations import topic, with_names
from udsat.render.verdict_grid import list_of
from udsat.scoring.criteria import Case
from udsat.scoring.reasons import INFERRED_LIMIT, NO_REGIONAL_MEAN, OF_AREAS, TIE, has

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
    if has(row["annotations"], NO_REGIONAL_MEAN, name):
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
    if has(row["annotations"], INFERRED_LIMIT, name):
        return _(
            "{criterion} (its limit is only inferred: give one with --references)", criterion=label
        )
    return _(
        "{criterion} (the threshold is within what the value or limit may be)", criterion=label
    )


def marks(rows: Sequence[Record], case: Case) -> list[str]:
    """Return, once each, the doubts that a row of the table rests on, and the proxies."""
    used = {row["criteria_version"]: set[tuple[str, str]]() for row in rows}
    ties: set[str] = set()
    for row in rows:
        for one in row["annotations"]:
            used[row["criteria_version"]] |= {(name, one.text) for name in one.about if one.keys}
            ties |= {row["criteria_version"]} if one.code == TIE else set()
    lines: dict[str, list[str]] = {}
    for name, version in case.by_id().items():
        for doubt in version.doubts:
            topics = [_topic(version, point) for point in doubt.about]
            found = [one for one in topics if (one, doubt.text) in used.get(name, ())]
            if CRITERIA in doubt.about and name in ties:  # how figures are rounded decides a tie
                found.append(CRITERIA)
            if found:
                lines.setdefault(
                    f"{topic(found[0])}: {words.status(doubt.status)}, {_(doubt.text)}", []
                ).append(name)
    return [f"{line} [{', '.join(names)}]" for line, names in lines.items()] + _remarks(rows)


def _topic(version: CriteriaVersion, point: str) -> str:
    """Return what annotations of a row call the thing that a doubt is about."""
    block, _dot, rest = point.partition(".")
    name = rest.partition(".")[0]
    if block == "measures":
        return next(
            (c for c, criterion in version.criteria.items() if criterion.measure == name), ""
        )
    return {"area": RESIDENTS, "categories": YEARS, "years_in_row": YEARS}.get(block, name)


def _remarks(rows: Iterable[Record]) -> list[str]:
    """Return the notes that are about single areas: proxies, ties, one year's counts, names that
    are only near.
    """
    found: dict[str, list[str]] = {}
    for row in rows:
        for one in row["annotations"]:
            if one.code in OF_AREAS:
                found.setdefault(with_names(one), []).append(
                    f"{words.place(row['area'])} {list_of(row)}"
                )
    return [f"{one} [{_names(areas)}]" for one, areas in found.items()]
