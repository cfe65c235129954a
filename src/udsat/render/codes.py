"""A message code as people and machines read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from udsat.messages.catalog import Code
from udsat.messages.language import _
from udsat.render.blocks import Block, Heading, Lines


def sheet(name: str, code: Code) -> list[Block]:
    """Return what a code means: its title, how much it weighs, what to do, and an example."""
    weight = _("A warning: it stops nothing.") if code.severity == "warning" else _("An error.")
    example = _("Example: {example}", example=_(code.example))
    return [
        Heading(f"{name}: {_(code.title)}"),
        Lines([weight]),
        Lines([_(code.more)]),
        Lines([example]),
    ]


def documents(found: Sequence[tuple[str, Code]]) -> dict[str, Any]:
    """Return a code for JSON, or several in one document."""
    each = [_document(*one) for one in found]
    return each[0] if len(each) == 1 else {"schema": "udsat.messages.catalog/1", "codes": each}


def _document(name: str, code: Code) -> dict[str, Any]:
    about = {
        "title": code.title,
        "severity": code.severity,
        "more": code.more,
        "example": code.example,
    }
    return {"schema": "udsat.code/1", "code": name} | about
