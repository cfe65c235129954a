"""What changed between two published lists, as people and machines read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from udsat.analysis.changes.published import Listed, ListStep
from udsat.messages.display import markdown as markup
from udsat.messages.language import _, counted, day
from udsat.render import annotations as notes
from udsat.render import words

COLUMNS = ("area", "municipality", "from", "to", "category_before", "category_after", "change")
SCHEMA = "udsat.diff-published/1"
_NOTE = "From the published lists by name; nothing was computed."


def lines(found: Listed) -> list[str]:
    """Return a sentence for each category, then who left and who entered, then what must be said
    beside it.
    """
    text = [
        _(
            "From the published lists of {old} to those of {new}",
            old=day(found.dates[0]),
            new=day(found.dates[1]),
        ),
        "",
    ]
    for step in found.steps:
        text.append(_sentence(found, step))
        left, entered = _("left"), _("entered")
        wide = max(len(left), len(entered))
        text += [f"  {left:<{wide}}  {words.place(*area)}" for area in step.left]
        text += [f"  {entered:<{wide}}  {words.place(*area)}" for area in step.entered]
    text += ["", *_remarks(found), _(_NOTE)]
    return text


def _sentence(found: Listed, step: ListStep) -> str:
    old, new = (
        words.category(version, name)
        for version, name in zip(found.versions, (step.before, step.after), strict=True)
    )
    name = new if old == new else _("{old}, now {new}", old=old, new=new)
    counts = {"entered": len(step.entered), "stayed": step.stayed}
    left = counted(
        len(step.left),
        "{count} area left, {entered} entered, {stayed} stayed",
        "{count} areas left, {entered} entered, {stayed} stayed",
        **counts,
    )
    return f"{name}: {left}."


def _remarks(found: Listed) -> list[str]:
    named = [words.category(found.versions[1], name) for name in found.unknown]
    text = (
        [_("Not known by name on both dates: {categories}.", categories=", ".join(named))]
        if named
        else []
    )
    return text + [
        _(
            "Borders, {kind} of {date}: {before} → {after}: {note}", kind=_(border.kind),
            date=day(border.date), before=words.all_of(border.before),
            after=words.all_of(border.after), note=notes.border(border.note),
        )
        for border in found.borders
    ]  # fmt: skip


def table(found: Listed) -> RenderableType:
    """Return the lines for a terminal."""
    return Group(*(Text(line) for line in lines(found)))


def markdown(found: Listed) -> str:
    """Return the same in Markdown."""
    text = [f"## {markup(lines(found)[0])}", ""]
    for step in found.steps:
        text += [markup(_sentence(found, step)), ""]
        changes = [(_("left"), area) for area in step.left] + [
            (_("entered"), area) for area in step.entered
        ]
        text += [f"- {what}: {markup(words.place(*area))}" for what, area in changes] + (
            [""] if changes else []
        )
    return "\n".join([*text, *(f"{markup(line)}\n" for line in _remarks(found)), _(_NOTE), ""])


def records(found: Listed) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each area that entered or left a category."""
    for step in found.steps:
        for change, areas in (("left", step.left), ("entered", step.entered)):
            for area in areas:
                yield (
                    area.name,
                    area.municipality,
                    *map(str, found.dates),
                    step.before,
                    step.after,
                    change,
                )


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
