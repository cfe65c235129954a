"""What changed between two published lists, as people and machines read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from udsat.questions.listed import Listed, ListStep
from udsat.views import words

COLUMNS = ("area", "municipality", "from", "to", "category_before", "category_after", "change")
SCHEMA = "udsat.diff-published/1"
_NOTE = "From the published lists by name; nothing was computed."


def lines(found: Listed) -> list[str]:
    """Return a sentence for each category, then who left and who entered, then what must be said beside it."""
    text = [f"From the published lists of {found.dates[0]} to those of {found.dates[1]}", ""]
    for step in found.steps:
        text.append(_sentence(found, step))
        text += [f"  left     {', '.join(area)}" for area in step.left] + [f"  entered  {', '.join(area)}" for area in step.entered]
    text += ["", *_remarks(found), _NOTE]
    return text


def _sentence(found: Listed, step: ListStep) -> str:
    old, new = (words.category(version, name) for version, name in zip(found.versions, (step.before, step.after), strict=True))
    name = new if old == new else f"{old}, now {new}"
    return f"{name}: {words.plural(len(step.left), 'area')} left, {len(step.entered)} entered, {step.stayed} stayed."


def _remarks(found: Listed) -> list[str]:
    named = [words.category(found.versions[1], name) for name in found.unknown]
    text = [f"Not known by name on both dates: {', '.join(named)}."] if named else []
    return text + [
        f"Borders, {border.kind} of {border.date}: {' and '.join(border.before)} → {' and '.join(border.after)}: {border.note}"
        for border in found.borders
    ]


def table(found: Listed) -> RenderableType:
    """Return the lines for a terminal."""
    return Group(*(Text(line) for line in lines(found)))


def markdown(found: Listed) -> str:
    """Return the same in Markdown."""
    text = [f"## {lines(found)[0]}", ""]
    for step in found.steps:
        text += [_sentence(found, step), ""]
        changes = [("left", area) for area in step.left] + [("entered", area) for area in step.entered]
        text += [f"- {what}: {', '.join(area)}" for what, area in changes] + ([""] if changes else [])
    return "\n".join([*text, *(f"{line}\n" for line in _remarks(found)), _NOTE, ""])


def records(found: Listed) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each area that entered or left a category."""
    for step in found.steps:
        for change, areas in (("left", step.left), ("entered", step.entered)):
            for area in areas:
                yield (area.name, area.municipality, *map(str, found.dates), step.before, step.after, change)


def document(found: Listed) -> dict[str, Any]:
    """Return the document."""
    return {
        "schema": SCHEMA,
        "from": str(found.dates[0]),
        "to": str(found.dates[1]),
        "categories": [
            {
                "before": step.before,
                "after": step.after,
                "entered": [area._asdict() for area in step.entered],
                "left": [area._asdict() for area in step.left],
                "stayed": step.stayed,
            }
            for step in found.steps
        ],
        "unknown": list(found.unknown),
        "remarks": _remarks(found),
    }
