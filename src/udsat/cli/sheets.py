"""How commands that answer a question print it: as a table, as Markdown or as JSON, always to
standard output.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from udsat import language

if TYPE_CHECKING:
    from udsat.views.sheet import Block


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
    from udsat.views import sheet as sheets
    from udsat.views import tables

    if format == "json":
        with language.english():
            json.dump(document(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    elif format == "markdown":
        sys.stdout.write(sheets.markdown(sheet()))
    else:
        tables.console(color=color).print(sheets.rich(sheet()))
