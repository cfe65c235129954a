"""A table that stays whole in a narrow terminal: no word is broken, and where its words do not fit
each row becomes a block.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Column, Table
from rich.text import Text

from udsat.messages.text import EMPTY

#: Longer words than this, such as addresses of files, may be broken.
_WORD = 28


class Fitting(Table):
    """A table of texts that is laid out by the width it finds."""

    def add_column(self, *given: RenderableType, **more: object) -> None:
        """Add a column in which what is too long is folded: nothing is cut off."""
        super().add_column(*given, **{"overflow": "fold"} | more)  # type: ignore[arg-type]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the table, or its rows as blocks."""
        widths = self._widths(console, options)
        if widths is None:
            yield from self._blocks(console, options.max_width)
            return
        for column, width in zip(self.columns, widths, strict=True):
            column.width = width
        yield from super().__rich_console__(console, options)

    def _widths(self, console: Console, options: ConsoleOptions) -> list[int] | None:
        """Return how wide the columns are: the widest give way first, down to their longest word;
        None where that is not enough.
        """
        texts = [
            [line for text in _texts(column) for line in text.split("\n")]
            for column in self.columns
        ]
        least = [max(map(_longest_word, lines)) for lines in texts]
        frame = Table(box=self.box, padding=self.padding, pad_edge=self.pad_edge)
        for _ in least:
            frame.add_column("x")
        room = (
            options.max_width
            - Measurement.get(console, options.update_width(1_000), frame).minimum
            + len(least)
        )
        if sum(least) > room:
            return None
        widths = [min(max(map(cell_len, lines)), room) for lines in texts]
        while sum(widths) > room:
            widest = max(
                (place for place, width in enumerate(widths) if width > least[place]),
                key=widths.__getitem__,
            )
            widths[widest] -= 1
        return widths

    def _blocks(self, console: Console, width: int) -> Iterator[RenderableType | Segment]:
        heads, *rows = zip(*map(_texts, self.columns), strict=True)
        for row in rows:
            if row[0]:
                yield EMPTY
                yield Text(_line(row[0]), style="bold")
            for head, cell in zip(heads[1:], row[1:], strict=True):
                if cell:
                    text = Text(f"{_line(head)}: {_line(cell)}" if head else _line(cell))
                    for n, line in enumerate(text.wrap(console, width - 4, overflow="fold")):
                        yield Text("    " if n else "  ") + line
        yield EMPTY


def _longest_word(line: str) -> int:
    return max((size for word in line.split() if (size := cell_len(word)) <= _WORD), default=1)


def _texts(column: Column) -> list[str]:
    """Return the heading and the cells of a column as plain text."""
    return [
        cell.plain if isinstance(cell, Text) else str(cell)
        for cell in (column.header, *column.cells)
    ]


def _line(text: str) -> str:
    return ", ".join(text.split("\n"))
