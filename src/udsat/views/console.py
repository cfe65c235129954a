"""The one console that prints: as wide as the terminal, or as wide as needed where the output is none."""

from __future__ import annotations

import os
import sys
from typing import IO

from rich.console import Console

#: Wide enough for any table: what goes to a file or a pipe is never cut.
_UNCUT = 2_000


def console(stream: IO[str] | None = None, color: str = "auto") -> Console:
    """Return a console with the width of the terminal, or as wide as needed where the output is no terminal."""
    stream = stream or sys.stdout
    forced = {"always": True, "never": False}.get(color)
    no_color = color == "never" or (color == "auto" and bool(os.environ.get("NO_COLOR")))
    width = None if stream.isatty() else _UNCUT
    return Console(file=stream, width=width, force_terminal=forced, no_color=no_color, highlight=False, soft_wrap=not stream.isatty())
