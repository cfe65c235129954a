"""The one console: as wide as the terminal, or as wide as needed where the output is
no terminal.
"""

from __future__ import annotations

import os
import sys
from typing import IO, Any, Literal, cast

from rich.console import (
    Console,
    ConsoleOptions,
    ConsoleRenderable,
    RenderableType,
    RenderHook,
    RenderResult,
)

from udsat.messages import display

#: Wide enough for any table: what goes to a file or a pipe is never cut.
_UNCUT = 2_000


class _Trimmed:
    """A file or pipe whose lines end where their text ends: cells are filled with spaces for the
    eye alone.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        *lines, last = text.split("\n")
        self._stream.write("".join(f"{line.rstrip(' ')}\n" for line in lines) + last)
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _VisibleText:
    """What is printed, with what a terminal would obey written out: the console's own styles are no
    part of a text.
    """

    def __init__(self, content: RenderableType) -> None:
        self._content = content

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the segments of what is printed."""
        for segment in console.render(self._content, options):
            yield (
                segment
                if segment.control or segment.text.isprintable()
                else segment._replace(text=display.lines(segment.text))
            )


class _Showing(RenderHook):
    """Lets everything that a console prints be shown."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """Return what is to be printed instead."""
        return [_VisibleText(one) for one in renderables]


def console(stream: IO[str] | None = None, color: str = "auto") -> Console:
    """Return a console with the width of the terminal, or as wide as needed where the output is no
    terminal.
    """
    stream = stream or sys.stdout
    stream = getattr(stream, "styled", stream)
    forced = True if color == "always" else None
    plain = color == "never" or (color == "auto" and bool(os.environ.get("NO_COLOR")))
    width = None if stream.isatty() else _UNCUT
    file = stream if stream.isatty() else cast("IO[str]", _Trimmed(stream))
    system: Literal["auto"] | None = None if plain else "auto"
    soft = not stream.isatty()
    made = Console(
        file=file,
        width=width,
        force_terminal=forced,
        color_system=system,
        no_color=plain,
        highlight=False,
        soft_wrap=soft,
    )
    made.push_render_hook(_Showing())
    return made
