"""Changes of the law in print: what changed, and which areas change category because of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.text import Text

from udsat.analysis.changes.by_law import Moved
from udsat.law.diff import LawChange
from udsat.law.schema import CriteriaVersion
from udsat.messages.language import _, danish, day, whole
from udsat.render import words
from udsat.render.annotations import TOPICS
from udsat.render.responsive_table import Fitting

#: What becomes of areas, in this order.
_KINDS = {
    "enters": "enters",
    "leaves": "leaves",
    "changes": "changes",
    "cannot be calculated": "cannot be calculated",
}


def table(
    versions: Sequence[CriteriaVersion],
    changes: Sequence[LawChange],
    moved: Sequence[Moved] | None,
    rows: int,
) -> RenderableType:
    """Return the changes a line each, and below them the areas that move, where a table of areas
    was given.
    """
    old, new = versions
    parts: list[RenderableType] = [Text(_title(old, new), style="bold")]
    names = _named(versions)
    nothing = _("Nothing that decides a verdict changed.")
    parts += [Text(f"  {line(change, names)}") for change in changes] or [Text(f"  {nothing}")]
    if moved is not None:
        parts += [
            "",
            Text(_("Areas whose category differs because of the law alone"), style="bold"),
            _moved(old, new, moved, names),
        ]
        parts += [Text(_sum(moved, rows)), Text(words.not_official(), style="dim")]
    return Group(*parts)


def _title(old: CriteriaVersion, new: CriteriaVersion) -> str:
    titles = [_(one.version.title) for one in (old, new)]
    return _(
        "From {old} ({was}) to {new} ({now})", old=old.id, was=titles[0], new=new.id, now=titles[1]
    )


def _named(versions: Sequence[CriteriaVersion]) -> dict[str, str]:
    """Return what the names of the files are called in Danish; in English they are told as the
    files have them.
    """
    if not danish():
        return {}
    found = {name: _(text) for name, text in TOPICS.items()}
    for version in versions:
        found |= {name: words.criterion(name) for name in version.criteria}
        found |= {name: block.label.da for name, block in version.categories.items()}
    return found


def line(change: LawChange, names: Mapping[str, str]) -> str:
    """Return a change as one line, with its paragraphs."""

    def word(text: str) -> str:
        return names.get(text) or _(text)

    return f"{word(change.about)}: {change.words.translated(word)}{change.sources()}"


def _moved(
    old: CriteriaVersion, new: CriteriaVersion, moved: Sequence[Moved], names: Mapping[str, str]
) -> Fitting:
    found = Fitting(box=SIMPLE_HEAD)
    by = (_("by {version}", version=one.id) for one in (old, new))
    for name in (_("area"), _("list"), *by, "", _("criteria that differ")):
        found.add_column(name)
    for one in moved:
        before, after = _category(old, one.old), _category(new, one.new)
        why = "; ".join(_flip(text, names) for text in one.why)
        found.add_row(
            Text(words.place(one.area, one.municipality)),
            day(dt.date.fromisoformat(one.list_date)),
            before,
            after,
            _(_KINDS[one.kind]),
            Text(why),
        )
    return found


def _category(version: CriteriaVersion, name: str) -> str:
    return words.category(version, name) if name in version.categories else _(name)


def _flip(text: str, names: Mapping[str, str]) -> str:
    """Return `education: met -> not_met` in the language of the run."""
    if not danish():
        return text
    name, _colon, outcomes = text.partition(": ")
    told = [
        words.outcome(one) if one in words.OUTCOMES else _(one) for one in outcomes.split(" -> ")
    ]
    return f"{names.get(name, name)}: {' → '.join(told)}"


def _sum(moved: Sequence[Moved], rows: int) -> str:
    counts = Counter(one.kind for one in moved)
    kinds = ", ".join(
        f"{whole(counts[kind])} {_(text)}" for kind, text in _KINDS.items() if counts[kind]
    )
    of = _("{count} of {rows} differ", count=whole(len(moved)), rows=words.plural(rows, "row"))
    return f"{of}{': ' + kinds if kinds else ''}."


def document(
    versions: Sequence[CriteriaVersion], changes: Sequence[LawChange], moved: Sequence[Moved] | None
) -> dict[str, Any]:
    """Return changes and areas as a JSON document."""
    found: dict[str, Any] = {
        "schema": "udsat.criteria-diff/1",
        "old": versions[0].id,
        "new": versions[1].id,
    }
    found["changes"] = [
        {"about": one.about, "words": str(one.words), "before": one.before, "after": one.after}
        for one in changes
    ]
    return found if moved is None else found | {"areas": [asdict(one) for one in moved]}
