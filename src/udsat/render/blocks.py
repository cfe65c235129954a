"""A sheet of text: headings, sentences, lists and grids, printed for a terminal or written as
Markdown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.text import Text

from udsat.messages import display
from udsat.render.responsive_table import Fitting

#: So many rows are laid out by Rich, which folds them in a narrow terminal.
_FEW = 100


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; the first of a sheet is its title."""

    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences below each other; as a list where they are bullets."""

    lines: Sequence[str]
    bullets: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of texts; a line break in a cell is kept. Columns named in `right` stand to the
    right.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[str] = frozenset()


Block = Heading | Lines | Grid


def rich(blocks: Sequence[Block]) -> RenderableType:
    """Return a sheet for a terminal or a pipe; nothing is cut."""
    parts: list[RenderableType] = []
    for number, block in enumerate(blocks):
        if isinstance(block, Heading):
            gap = number > 0 and not isinstance(
                blocks[number - 1], Grid
            )  # a grid ends with an empty line
            parts += ([""] if gap else []) + [Text(block.text, style="bold")]
        elif isinstance(block, Lines):
            parts += [Text(f"  {line}" if block.bullets else line) for line in block.lines]
        else:
            parts.append(_table(block) if len(block.rows) <= _FEW else _plain(block))
    return Group(*parts)


def _table(grid: Grid) -> Fitting:
    table = Fitting(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, expand=False)
    kept = _filled(grid)
    for place in kept:
        table.add_column(
            grid.head[place], justify="right" if grid.head[place] in grid.right else "left"
        )
    for row in grid.rows:
        table.add_row(*(Text(row[place]) for place in kept))
    return table


def _plain(grid: Grid) -> Text:
    """Return a grid of many rows as lines of text: Rich takes long to lay them out."""
    kept = _filled(grid)
    rows = [[row[place].split("\n") for place in kept] for row in (grid.head, *grid.rows)]
    widths = [
        max(cell_len(line) for row in rows for line in row[place]) for place in range(len(kept))
    ]
    right = [grid.head[place] in grid.right for place in kept]
    lines = [line for row in rows for line in _row(row, widths, right)]
    lines.insert(1, " " + "─" * (sum(widths) + 2 * len(widths) - 2))
    return Text("\n".join(["", *lines, ""]))


def _row(cells: Sequence[Sequence[str]], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    """Return the lines of a row, as many as its highest cell has."""
    lines = []
    for number in range(max(map(len, cells))):
        texts = [cell[number] if number < len(cell) else "" for cell in cells]
        padded = [
            (
                " " * (width - cell_len(text)) + text
                if to_right
                else text + " " * (width - cell_len(text))
            )
            for text, width, to_right in zip(texts, widths, right, strict=True)
        ]
        lines.append((" " + "  ".join(padded)).rstrip())
    return lines


def _filled(grid: Grid) -> list[int]:
    """Return the places of the columns that any row has something in."""
    return [
        place
        for place in range(len(grid.head))
        if not grid.rows or any(row[place] for row in grid.rows)
    ]


def markdown(blocks: Sequence[Block]) -> str:
    """Return a sheet as Markdown."""
    parts = []
    for number, block in enumerate(blocks):
        if isinstance(block, Heading):
            parts.append(f"{'#' if number == 0 else '##'} {_escaped(block.text)}")
        elif isinstance(block, Lines):
            parts.append(
                "\n".join(
                    f"{'- ' if block.bullets else ''}{_escaped(line)}" for line in block.lines
                )
            )
        else:
            parts.append(_markdown_table(block))
    return "\n\n".join(part for part in parts if part) + "\n"


def _markdown_table(grid: Grid) -> str:
    kept = _filled(grid)
    rule = ["---:" if grid.head[place] in grid.right else "---" for place in kept]
    rows = [[_escaped(row[place]) for place in kept] for row in (grid.head, *grid.rows)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (rows[0], rule, *rows[1:]))


def _escaped(text: str) -> str:
    """Return lines of text as Markdown, with breaks between them."""
    return "<br>".join(map(display.markdown, text.split("\n")))
