"""How commands that answer a question print it: as a table, as Markdown or as JSON, always to
standard output.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from udsat.messages import language

if TYPE_CHECKING:
    from udsat.render.blocks import Block


class SheetFormat(StrEnum):
    """How an answer is printed."""

    table = "table"
    json = "json"
    markdown = "markdown"


def show(
    format: str,
    sheet: Callable[[], Sequence[Block]],
    document: Callable[[], dict[str, Any]],
    color: str,
) -> None:
    """Print an answer; only the form that is asked for is made."""
    from udsat.render import blocks as sheets
    from udsat.render import verdict_table

    if format == "json":
        with language.english():
            json.dump(document(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    elif format == "markdown":
        sys.stdout.write(sheets.markdown(sheet()))
    else:
        verdict_table.console(color=color).print(sheets.rich(sheet()))
