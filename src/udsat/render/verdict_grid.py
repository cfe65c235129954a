"""The areas of one version of the law as a table: on one line, on two, or as blocks in a narrow
terminal.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len, set_cell_size
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from udsat.analysis.records import Record
from udsat.law.schema import Category, CriteriaVersion
from udsat.messages.language import _, day
from udsat.render import words
from udsat.render.numbers import plain, signed
from udsat.scoring.reasons import INFERRED_LIMIT, PROXY, has

#: So much room the name of an area needs before values beside it.
_NAME = 20


def list_of(row: Record) -> str:
    """Return the list of a row: its year, or its date where a year may have two."""
    date: dt.date = row["list_date"]
    return str(date.year) if (date.month, date.day) in {(12, 1), (10, 1)} else day(date)


def title(version: CriteriaVersion) -> str:
    """Return the title of a version of the law."""
    return _("Criteria {version}: {title}", version=version.id, title=_(version.version.title))


def _bounds(row: Record, name: str) -> str:
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    return "" if low is None or high is None else f"{plain(low)}-{plain(high)}"


def years_of(row: Record) -> str:
    """Return the years in a row, or a span of them; nothing where there are certainly none."""
    low, high = row["years_in_row"], row["years_in_row_possible"]
    if low is None or high == 0:
        return ""
    return str(low) if low == high else f"{low}-{high}"


class Cell(NamedTuple):
    """The text of a cell, and the style of its first part (of all of it, where no
    reach is given).
    """

    text: str
    style: str = ""
    reach: int | None = None

    def rich(self) -> Text:
        """Return the cell with its style."""
        text = Text(self.text)
        text.stylize(self.style, 0, self.reach) if self.style else None
        return text


class VerdictGrid:
    """The areas judged under one version of the law."""

    def __init__(self, version: CriteriaVersion, rows: Sequence[Record], tall: bool) -> None:
        self.version = version
        self.rows = rows
        self.tall = tall
        self.between = "\n" if tall else "  "
        self.shown = [name for name in version.criteria if not name.startswith("prevention_")]
        self.prevention = next(
            (c for c in version.categories.values() if c.count_column == "prevention_met_count"),
            None,
        )
        proxied = {measure for row in rows for measure in _proxies(row)}
        self.proxied = {name for name in self.shown if version.criteria[name].measure in proxied}

    def headings(self) -> list[str]:
        """Return the headings; each has two lines."""
        criteria = [
            f"{words.criterion(name)}\n{words.line(self.version, name)}" for name in self.shown
        ]
        prevention = [_("§ 61 b\nmet")] if self.prevention else []
        years = [] if self.tall else [_("years\nin a row")]
        return [
            f"{_('area')}\n",
            f"{_('list')}\n",
            *criteria,
            *prevention,
            f"{_('category')}\n",
            *years,
        ]

    def width(self) -> int:
        """Return how many characters wide the table is if no cell is broken."""
        columns = zip(
            self.headings(),
            *([cell.text for cell in self._cells(row)] for row in self.rows),
            strict=True,
        )
        return sum(
            max(cell_len(line) for text in column for line in text.split("\n")) + 2
            for column in columns
        )

    def uncut(self, plain: bool) -> RenderableType:
        """Return the table as wide as it is: plain lines of text, or as Rich lays it out."""
        return self.plain() if plain else self.rich()

    def rich(self) -> Table:
        """Return the table as Rich lays it out, with styles."""
        version = self.version
        table = Table(title=title(version), box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
        table.title_justify = table.caption_justify = "left"
        table.title_style, table.caption, table.caption_style = (
            "bold",
            _(version.version.law),
            "dim",
        )
        for heading in self.headings():
            table.add_column(heading.strip(), overflow="fold")
        for row in self.rows:
            table.add_row(*(cell.rich() for cell in self._cells(row)))
        return table

    def plain(self) -> Text:
        """Return the table as lines of text, one for each area: for many rows in a file or pipe,
        where Rich takes long.
        """
        version = self.version
        headings = [heading.split("\n") for heading in self.headings()]
        cells = [[cell.text for cell in self._cells(row)] for row in self.rows]
        upper, lower = ([heading[n] for heading in headings] for n in (0, 1))
        widths = [max(map(cell_len, column)) for column in zip(upper, lower, *cells, strict=True)]
        lines = [
            "  ".join(
                set_cell_size(cell, width) for cell, width in zip(row, widths, strict=True)
            ).rstrip()
            for row in (upper, lower, *cells)
        ]
        lines.insert(2, "─" * (sum(widths) + 2 * len(widths) - 2))
        return Text("\n".join([title(version), "", *lines, "", _(version.version.law)]))

    def _cells(self, row: Record) -> Iterable[Cell]:
        yield Cell(words.place(row["area"], row.get("municipality"), "\n" if self.tall else ", "))
        yield Cell(list_of(row))
        for name in self.shown:
            yield self._criterion(row, name)
        if self.prevention:
            yield Cell(self._prevention(row, self.prevention))
        category, years = self._category(row), years_of(row)
        if not self.tall:
            yield from (category, Cell(years))
        elif years:
            reach = len(category.text) if category.reach is None else category.reach
            yield Cell(f"{category.text}\n{words.years(years)}", category.style, reach)
        else:
            yield category

    def _criterion(self, row: Record, name: str) -> Cell:
        """Value, sign and margin; a limit that the statute does not print, and a proxy, stand
        beside the margin.
        """
        outcome, value, limit = row[name], row[f"{name}_value"], row[f"{name}_limit"]
        if value is None:
            return Cell(
                f"{_bounds(row, name)} {words.SIGNS[outcome]}".strip(), words.STYLES[outcome]
            )
        printed = (
            f" ({plain(limit)})"
            if self.version.criteria[name].reference == "national" and limit is not None
            else ""
        )
        if printed and _is_inferred(row, name):
            printed = _(" ({limit} inferred)", limit=plain(limit))
        proxy = (
            _(" proxy")
            if name in self.proxied and self.version.criteria[name].measure in _proxies(row)
            else ""
        )
        first = f"{plain(value, limit)} {words.SIGNS[outcome]}"
        return Cell(
            f"{first}{self.between}{signed(row[f'{name}_margin'])}{printed}{proxy}",
            words.STYLES[outcome],
            len(first),
        )

    def _prevention(self, row: Record, block: Category) -> str:
        gates = [
            f"{words.SIGNS[row[name]]} {words.criterion(name.removeprefix('prevention_'))}"
            for name in block.all_of
        ]
        met = _("{met} of {all}", met=row["prevention_met_count"], all=len(block.of))
        return f"{met}{self.between}{' '.join(gates)}"

    def _category(self, row: Record) -> Cell:
        sure, possible = row["category"], row["category_possible"]
        if sure == "none":
            return Cell(_("none"))
        most = self.between + words.at_most(self.version, possible) if sure != possible else ""
        if sure == "unknown":
            return Cell(_("not decided") + most, "yellow")
        name = words.category(self.version, sure)
        return Cell(name + most, "bold", len(name))


class Blocks(VerdictGrid):
    """The areas of one version in a narrow terminal: values and margins in columns, the category on
    a line of its own.
    """

    def blocks(self, width: int) -> RenderableType:
        """Return the areas as blocks of lines that keep within a width; where names have too little
        room, a line for each value.
        """
        widths = [self._wide(name) for name in self.shown]
        first = width - sum(widths) - 2 * len(widths) - 6
        lines = ", ".join(
            f"{words.criterion(name)} {words.line(self.version, name)}" for name in self.shown
        )
        parts: list[RenderableType] = [Text(title(self.version), "bold"), Text(lines), Text()]
        if first < _NAME:
            return Group(
                *parts,
                *(line for row in self.rows for line in self._lines(row, width)),
                self._law(),
            )
        heads = [words.criterion(name).split() for name in self.shown]
        for level in range(max(map(len, heads))):
            cells = [head[level] if level < len(head) else "" for head in heads]
            parts.append(
                Text(_columns([_("area") if level == 0 else "", *cells], [first, *widths]).rstrip())
            )
        parts.append(Text("─" * min(width, first + sum(widths) + 2 * len(widths) + 2)))
        for row in self.rows:
            parts += self._block(row, first, widths, width)
        return Group(*parts, "", self._law())

    def _law(self) -> Text:
        return Text(_(self.version.version.law), "dim")

    def _lines(self, row: Record, width: int) -> Iterable[Text]:
        yield Text(_named(row), "bold")
        names = {criterion: words.criterion(criterion) for criterion in self.shown}
        wide = max(map(cell_len, names.values()))
        for criterion, name in names.items():
            cell = self._criterion(row, criterion)
            line = Text(_columns([f"  {name}", ""], [wide + 2, 0])).append(
                cell.text.split("\n")[0], cell.style
            )
            yield line.append(f"  {signed(row[f'{criterion}_margin'])}".rstrip())
        yield from self._verdict_lines(row, width)
        yield Text()

    def _wide(self, name: str) -> int:
        values = (self._criterion(row, name).text.split("\n")[0] for row in self.rows)
        return max(7, *map(cell_len, values), *map(cell_len, words.criterion(name).split()))

    def _block(self, row: Record, first: int, widths: Sequence[int], width: int) -> Iterable[Text]:
        name = textwrap.wrap(_named(row), first) or [""]
        cells = [self._criterion(row, criterion) for criterion in self.shown]
        below = [signed(row[f"{criterion}_margin"]) for criterion in self.shown]
        line = Text(_columns([name[0]], [first]))
        for cell, wide in zip(cells, widths, strict=True):
            top = cell.text.split("\n")[0]
            line.append("  ").append(top, cell.style).append(" " * (wide - cell_len(top)))
        yield line
        yield Text(_columns([name[1] if len(name) > 1 else "", *below], [first, *widths]).rstrip())
        yield from map(Text, name[2:])
        yield from self._verdict_lines(row, width)

    def _verdict_lines(self, row: Record, width: int) -> Iterable[Text]:
        lines = textwrap.wrap(
            self._verdict(row), width - 2, initial_indent="  ", subsequent_indent="    "
        )
        return (Text(line, "bold") for line in lines)

    def _verdict(self, row: Record) -> str:
        """Return the category, the years, and what the columns of a wider table show beside
        margins.
        """
        category, years = self._category(row).text.replace("\n", ", "), years_of(row)
        parts = [category, words.years(years)] if years else [category]
        if self.prevention:
            parts.append(f"§ 61 b: {self._prevention(row, self.prevention)}".replace("\n", " "))
        for name in self.shown:
            limit = row[f"{name}_limit"]
            if self.version.criteria[name].reference == "national" and limit is not None:
                said = _(
                    "limit of {criterion} {limit}",
                    criterion=words.criterion(name),
                    limit=plain(limit),
                )
                parts.append(said + (_(" inferred") if _is_inferred(row, name) else ""))
            if name in self.proxied and self.version.criteria[name].measure in _proxies(row):
                parts.append(_("{criterion} by proxy", criterion=words.criterion(name)))
        return "; ".join(parts)


def _proxies(row: Record) -> set[str]:
    """Return the measures of a row that are proxies."""
    return {name for one in row["annotations"] if one.code == PROXY for name in one.about}


def _is_inferred(row: Record, criterion: str) -> bool:
    """Whether the limit of a criterion is only inferred, so that it does not decide."""
    return has(row["annotations"], INFERRED_LIMIT, criterion)


def _named(row: Record) -> str:
    """Return an area with its municipality and its list."""
    return f"{words.place(row['area'], row.get('municipality'))} {list_of(row)}"


def _columns(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(
        cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)
    )
