"""Changes of the law in print: what changed, and which areas change category because of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from udsat import __version__
from udsat.law.compare import Change
from udsat.law.model import CriteriaVersion
from udsat.questions.by_law import Moved
from udsat.views import words


def table(versions: Sequence[CriteriaVersion], changes: Sequence[Change], moved: Sequence[Moved] | None, rows: int) -> RenderableType:
    """Return the changes a line each, and below them the areas that move, where a table of areas was given."""
    old, new = versions
    parts: list[RenderableType] = [Text(f"From {old.id} ({old.version.title}) to {new.id} ({new.version.title})", style="bold")]
    parts += [Text(f"  {change}") for change in changes] or [Text("  Nothing that decides a verdict changed.")]
    if moved is not None:
        parts += [Text("\nAreas whose category differs because of the law alone", style="bold"), _moved(old, new, moved)]
        parts += [Text(_sum(moved, rows)), Text(words.NOT_OFFICIAL.format(version=__version__), style="dim")]
    return Group(*parts)


def _moved(old: CriteriaVersion, new: CriteriaVersion, moved: Sequence[Moved]) -> Table:
    found = Table(box=SIMPLE_HEAD)
    for name in ("area", "list", f"by {old.id}", f"by {new.id}", "", "criteria that differ"):
        found.add_column(name, overflow="fold")
    for one in moved:
        area = f"{one.area}, {one.municipality}" if one.municipality else one.area
        before, after = words.category(old, one.old), words.category(new, one.new)
        found.add_row(Text(area), one.list_date, before, after, one.kind, Text("; ".join(one.why)))
    return found


def _sum(moved: Sequence[Moved], rows: int) -> str:
    counted = Counter(one.kind for one in moved)
    kinds = ", ".join(f"{counted[kind]} {kind}" for kind in ("enters", "leaves", "changes", "cannot be told") if counted[kind])
    return f"{len(moved)} of {words.plural(rows, 'row')} differ{': ' + kinds if kinds else ''}."


def document(versions: Sequence[CriteriaVersion], changes: Sequence[Change], moved: Sequence[Moved] | None) -> dict[str, Any]:
    """Return changes and areas as a JSON document."""
    found: dict[str, Any] = {"schema": "udsat.criteria-diff/1", "old": versions[0].id, "new": versions[1].id}
    found["changes"] = [asdict(change) for change in changes]
    return found if moved is None else found | {"areas": [asdict(one) for one in moved]}
