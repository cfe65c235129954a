"""Where the table lies in a sheet or file: title rows above the header, empty columns beside it,
notes below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from udsat.messages.problems import Problem, TableError
from udsat.messages.text import Text, joined
from udsat.tables.headings import plain, synonyms

#: A line of a file or sheet: its number, counted from 1, and its cells.
TextLine = tuple[int, list[str]]
#: So far down a header is looked for.
_DEEPEST = 32
#: How notes begin that go on in several cells, where their text has commas.
_SOURCE = re.compile(
    r"\s*(kilder?|noter?|anm|anmærkning|source|bemærk|data\s?kilde)\b\.?\s*:", re.IGNORECASE
)
_FIGURE = re.compile(r"\s*(\.\.|-|<?\d[\d.,]*\s*(%|pct\.?)?)\s*")
_NOTE = re.compile(
    r"\s*(kilder?\b|noter?\b|anm\b|anmærkning|source\b|bemærk|opgjort|udtræk|data\s?kilde|©|\*|†|\d\)|[a-z]\)|\[\d\])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """A table found among lines: its headings, its rows, and how much lay around it."""

    headings: list[str]
    #: Where each heading stands in a line.
    places: list[int]
    rows: list[TextLine]
    header_line: int
    #: How many cells the header line has.
    width: int
    titles: int
    notes: int
    #: Lines above the header that look like the headers of other tables.
    others: tuple[int, ...] = ()

    @property
    def left_out(self) -> Text:
        """What was left out, in words; empty where nothing was."""
        titles = Text("{count} title rows skipped", count=self.titles)
        notes = Text("{count} notes below the table left out", count=self.notes)
        if self.titles == 1:
            titles = Text("1 title row skipped")
        if self.notes == 1:
            notes = Text("1 note below the table left out")
        return joined(text for text, count in ((titles, self.titles), (notes, self.notes)) if count)


def find(
    lines: Sequence[TextLine], header_line: int | None, more: frozenset[str] = frozenset()
) -> Layout | None:
    """Return the table among lines: its header is the line that was said, else the first that knows
    most columns.

    `more` are headings that the user has declared, in plain form. None where there is no such line.
    """
    place = header(lines, header_line, more)
    if place is None:
        return None
    number, cells = lines[place]
    others = () if header_line is not None else tables_above(lines[: place + 1], more)
    body, notes = without_notes(lines[place + 1 :], len(cells), gap_before=number)
    used = [
        n
        for n, cell in enumerate(cells)
        if cell.strip() or any(n < len(row) and row[n].strip() for _, row in body)
    ]
    headings = [cells[n].strip() or f"column {n + 1}" for n in used]
    return Layout(headings, used, body, number, len(cells), place, notes, others)


def refuse_others(found: Layout, name: str) -> None:
    """Refuse a file in which a whole table stands above the one that was found: it would be skipped
    as a title.
    """
    if found.others:
        message = Text(
            "there are headers in lines {others} and {header_line}",
            others=found.others[0],
            header_line=found.header_line,
        )
        hint = Text(
            "keep one table in a file, or say --header-row {others} or --header-row {header_line}",
            others=found.others[0],
            header_line=found.header_line,
        )
        raise TableError(
            Problem(
                "UD318",
                message,
                hint,
                name,
                found.others[0],
            )
        )


def refuse_above(
    lines: Sequence[TextLine], header_line: int | None, more: frozenset[str], name: str
) -> None:
    """Refuse lines, of which the last is the header, in which a whole table stands above it."""
    others = () if header_line is not None else tables_above(lines, more)
    refuse_others(Layout([], [], [], lines[-1][0], 0, 0, 0, others), name)


def tables_above(lines: Sequence[TextLine], more: frozenset[str]) -> tuple[int, ...]:
    """Return the lines above the last one that look like headers of other tables."""
    return tuple(lines[n][0] for n in range(len(lines) - 1) if _starts_table(lines, n, more))


def _starts_table(lines: Sequence[TextLine], place: int, more: frozenset[str]) -> bool:
    """Whether a line is a header with a row of its own below it, which holds a figure under more
    than one cell.
    """
    _, cells = lines[place]
    if known(cells, more) < 2 or not has_area(cells, {}):
        return False
    return sum(bool(_FIGURE.fullmatch(cell)) for cell in lines[place + 1][1]) > 1


def known(cells: Sequence[str], more: frozenset[str] = frozenset()) -> int:
    """Return how many cells are headings that mean a column."""
    return sum(
        1 for cell in cells if cell.strip() and (plain(cell) in synonyms() or plain(cell) in more)
    )


def has_area(cells: Sequence[str], declared: Mapping[str, str]) -> bool:
    """Whether a line has a heading that means the area."""
    return any(
        declared.get(plain(cell), synonyms().get(plain(cell))) == "area"
        for cell in cells
        if cell.strip()
    )


def header(lines: Sequence[TextLine], header_line: int | None, more: frozenset[str]) -> int | None:
    """Return which of the lines is the header; None where there is none."""
    if header_line is not None:
        return next((n for n, (number, _) in enumerate(lines) if number == header_line), None)
    counts = [known(cells, more) for _, cells in lines[:_DEEPEST]]
    most = max(counts, default=0)
    if most > 1:
        return counts.index(most)
    # Nothing is known: the first line of several cells; recognising its headings will say what is
    # missing.
    several = [
        n
        for n, (_, cells) in enumerate(lines[:_DEEPEST])
        if sum(bool(cell.strip()) for cell in cells) > 1
    ]
    return several[0] if several else 0 if lines else None


def without_notes(
    lines: Sequence[TextLine], width: int, gap_before: int
) -> tuple[list[TextLine], int]:
    """Return the rows of a table without the notes below it, and how many notes there are.

    A note is a line with one filled cell that begins as notes do or comes after an empty line.
    Anything else stays a row: a line that broke off must not pass for a note.
    """
    end = len(lines)
    while end and _may_be_note(lines[end - 1][1], width):
        end -= 1
    for start in range(end, len(lines)):
        before = lines[start - 1][0] if start else gap_before
        number, cells = lines[start]
        gap = number > before + 1 and not (
            start and any("\n" in cell for cell in lines[start - 1][1])
        )
        if gap or _NOTE.match(next(cell for cell in cells if cell.strip())):
            return list(lines[:start]), len(lines) - start
    return list(lines), 0


def _may_be_note(cells: Sequence[str], width: int) -> bool:
    """Whether a line holds nothing but a text in one cell, or a note whose text is cut by a
    separator.

    A row whose name begins with a footnote mark is no note, however many of its cells are empty.
    """
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) == 1:
        return width > 1 and not re.fullmatch(r"[\d.,\s-]+", filled[0])
    return (
        0 < len(cells) < width
        and bool(_SOURCE.match(cells[0]))
        and not any(_FIGURE.fullmatch(cell) for cell in filled)
    )
