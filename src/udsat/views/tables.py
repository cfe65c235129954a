"""Verdicts as tables that a person wants to read, with the summary, the open questions and the marks below."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from udsat import __version__
from udsat.law.model import Category, CriteriaVersion
from udsat.scoring.judge import Case
from udsat.scoring.settle import RESIDENTS, YEARS, open_questions
from udsat.views import console as consoles
from udsat.views import words
from udsat.views.number import plain, signed

console = consoles.console

Row = Mapping[str, Any]
_MOST_QUESTIONS = 20
#: So wide is a table with one line for each area, and so many areas still read well on two lines.
_ONE_LINE, _FEW = 190, 100
_NARROW = 120


def verdicts(rows: Sequence[Row], case: Case, console: Console) -> RenderableType:
    """Return a table for each version of the law, then the summary, the open questions and the marks.

    A narrow terminal gets municipality and margins below their cells; so do files and pipes, unless there are many areas.
    """
    many = not console.is_terminal and len(rows) > _FEW
    tall = console.width < _ONE_LINE if console.is_terminal else not many
    parts: list[RenderableType] = []
    for version in case.by_id().values():
        own = [row for row in rows if row["criteria_version"] == version.id]
        if own:
            table = _Table(version, own, tall)
            parts += [table.plain() if many else table.rich(console.width), ""]
    parts += [Text(words.LEGEND, style="dim"), ""]
    parts += [Text(line) for line in _summary(rows, case)]
    parts += _section("Not decided, and what would settle it:", _questions(rows, case))
    parts += _section("These verdicts rest on what the statute does not state in so many words:", _marks(rows, case))
    parts += ["", Text(words.NOT_OFFICIAL.format(version=__version__), style="dim")]
    return Group(*parts)


def _section(title: str, lines: Sequence[str]) -> list[RenderableType]:
    return ["", Text(title), *(Text(f"  {line}") for line in lines)] if lines else []


class Cell(NamedTuple):
    """The text of a cell, and the style of its first part (of all of it, where no reach is given)."""

    text: str
    style: str = ""
    reach: int | None = None

    def rich(self) -> Text:
        """Return the cell with its style."""
        text = Text(self.text)
        text.stylize(self.style, 0, self.reach) if self.style else None
        return text


class _Table:
    """The areas judged under one version of the law."""

    def __init__(self, version: CriteriaVersion, rows: Sequence[Row], tall: bool) -> None:
        self.version = version
        self.rows = rows
        self.tall = tall
        self.between = "\n" if tall else "  "
        self.shown = [name for name in version.criteria if not name.startswith("prevention_")]
        self.prevention = next((c for c in version.categories.values() if c.count_column == "prevention_met_count"), None)
        proxies = {note.split(":")[0] for row in rows for note in (row["notes"] or "").split(" | ") if ": proxy," in note}
        self.proxied = {name for name in self.shown if version.criteria[name].measure in proxies}

    def headings(self) -> list[str]:
        """Return the headings; each has two lines."""
        criteria = [f"{words.criterion(name)}\n{words.line(self.version, name)}" for name in self.shown]
        prevention = ["§ 61 b\nmet"] if self.prevention else []
        years = [] if self.tall else ["years\nin a row"]
        return ["area\n", "list\n", *criteria, *prevention, "category\n", *years]

    def _widths(self, width: int) -> dict[str, int]:
        """Return the widths of columns in a narrow terminal, where Rich would cut some off."""
        fixed = {"list": 4, "category": 14, "§ 61 b\nmet": 6}
        criteria = {h: 8 if not self.prevention else 7 for h in map(str.strip, self.headings()) if h not in {*fixed, "area"}}
        used = sum(criteria.values()) + sum(fixed[h] for h in map(str.strip, self.headings()) if h in fixed)
        return fixed | criteria | {"area": max(10, width - used - len(self.headings()) - 1)}

    def rich(self, width: int) -> Table:
        """Return the table as Rich lays it out, with styles and in the width of the terminal."""
        narrow = width < _NARROW
        gap, widths = int(not narrow), self._widths(width) if narrow else {}
        version = self.version
        table = Table(title=f"Criteria {version.id}: {version.version.title}", box=SIMPLE_HEAD, padding=(0, gap, 0, 0), pad_edge=False)
        table.title_justify = table.caption_justify = "left"
        table.title_style, table.caption, table.caption_style = "bold", version.version.law, "dim"
        for heading in self.headings():
            table.add_column(heading.strip(), overflow="fold", width=widths.get(heading.strip()))
        for row in self.rows:
            table.add_row(*(cell.rich() for cell in self._cells(row)))
        return table

    def plain(self) -> Text:
        """Return the table as lines of text, one for each area: for many rows in a file or pipe, where Rich takes long."""
        version = self.version
        headings = [heading.split("\n") for heading in self.headings()]
        cells = [[cell.text for cell in self._cells(row)] for row in self.rows]
        upper, lower = ([heading[n] for heading in headings] for n in (0, 1))
        widths = [max(map(cell_len, column)) for column in zip(upper, lower, *cells, strict=True)]
        lines = [
            "  ".join(set_cell_size(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in (upper, lower, *cells)
        ]
        lines.insert(2, "─" * (sum(widths) + 2 * len(widths) - 2))
        return Text("\n".join([f"Criteria {version.id}: {version.version.title}", "", *lines, "", version.version.law]))

    def _cells(self, row: Row) -> Iterable[Cell]:
        town = row.get("municipality")
        yield Cell(row["area"] + (f"{',' * (self.between != chr(10))}{self.between[:1]}{town}" if town else ""))
        yield Cell(_list(row))
        for name in self.shown:
            yield self._criterion(row, name)
        if self.prevention:
            yield Cell(self._prevention(row, self.prevention))
        category, years = self._category(row), _years(row)
        if not self.tall:
            yield from (category, Cell(years))
        elif years:
            reach = len(category.text) if category.reach is None else category.reach
            yield Cell(f"{category.text}\n{words.years(years)}", category.style, reach)
        else:
            yield category

    def _criterion(self, row: Row, name: str) -> Cell:
        """Value, sign and margin; a limit that the statute does not print, and a proxy, stand beside the margin."""
        outcome, value, limit = row[name], row[f"{name}_value"], row[f"{name}_limit"]
        if value is None:
            return Cell(f"{_bounds(row, name)} {words.SIGNS[outcome]}".strip(), words.STYLES[outcome])
        printed = f" ({plain(limit)})" if self.version.criteria[name].reference == "national" and limit is not None else ""
        if printed and f"{name}: unknown, the limit" in (row["notes"] or ""):
            printed = f" ({plain(limit)} inferred)"
        proxy = " proxy" if name in self.proxied and f"{self.version.criteria[name].measure}: proxy," in row["notes"] else ""
        first = f"{plain(value, limit)} {words.SIGNS[outcome]}"
        return Cell(f"{first}{self.between}{signed(row[f'{name}_margin'])}{printed}{proxy}", words.STYLES[outcome], len(first))

    def _prevention(self, row: Row, block: Category) -> str:
        gates = [f"{words.SIGNS[row[name]]} {words.criterion(name).removeprefix('prevention ')}" for name in block.all_of]
        return f"{row['prevention_met_count']} of {len(block.of)}{self.between}{' '.join(gates)}"

    def _category(self, row: Row) -> Cell:
        sure, possible = row["category"], row["category_possible"]
        if sure == "none":
            return Cell("none")
        most = f"{self.between}at most {words.category(self.version, possible)}" if sure != possible else ""
        if sure == "unknown":
            return Cell(f"not decided{most}", "yellow")
        name = words.category(self.version, sure)
        return Cell(name + most, "bold", len(name))


def _list(row: Row) -> str:
    date: dt.date = row["list_date"]
    return str(date.year) if (date.month, date.day) in {(12, 1), (10, 1)} else str(date)


def _bounds(row: Row, name: str) -> str:
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    return "" if low is None or high is None else f"{plain(low)}-{plain(high)}"


def _years(row: Row) -> str:
    low, high = row["years_in_row"], row["years_in_row_possible"]
    if low is None or high == 0:
        return ""
    return str(low) if low == high else f"{low}-{high}"


def _summary(rows: Sequence[Row], case: Case) -> list[str]:
    versions = case.by_id()
    labels = Counter(_label(row, versions) for row in rows)
    parts = [f"{count} {label}" for label, count in labels.most_common()]
    areas = len({(row["area"], row.get("municipality")) for row in rows})
    what = words.plural(areas, "area") if areas == len(rows) else f"{words.plural(len(rows), 'row')} of {words.plural(areas, 'area')}"
    return [f"{what}: {', '.join(parts)}."] if rows else ["No areas."]


def _label(row: Row, versions: Mapping[str, CriteriaVersion]) -> str:
    fixed = {"none": "in no category", "unknown": "not decided"}
    return fixed.get(row["category"]) or words.category(versions[row["criteria_version"]], row["category"])


def _questions(rows: Sequence[Row], case: Case) -> list[str]:
    versions = case.by_id()
    found: dict[str, list[str]] = {}
    for row in rows:
        reasons = [_reason(row, name) for name in open_questions(row, versions[row["criteria_version"]])]
        if reasons:
            found.setdefault(", ".join(reasons), []).append(f"{row['area']} {_list(row)}")
    lines = [f"{_names(areas)}: {reason}" for reason, areas in found.items()]
    rest = len(lines) - _MOST_QUESTIONS
    return lines[:_MOST_QUESTIONS] + ([f"and {rest} more; the column notes of --format csv has all"] if rest > 0 else [])


def _names(areas: Sequence[str]) -> str:
    return ", ".join(areas[:3]) + (f" and {len(areas) - 3} more" if len(areas) > 3 else "")


def _reason(row: Row, name: str) -> str:
    """Say what is missing of an open question: the value, the limit, or more decimals."""
    if name == RESIDENTS:
        return "the number of residents"
    if name == YEARS:
        return "the lists of earlier years"
    label = words.criterion(name)
    if f"{name}: unknown, no mean income" in (row["notes"] or ""):
        return f"{label} (no mean income of its region: give one with --references)"
    if row[f"{name}_value"] is None and row.get(f"{name}_low") is None:
        return f"{label} (no value)"
    if row[f"{name}_limit"] is None:
        return f"{label} (no limit known for this list: give one with --references)"
    if f"{name}: unknown, the limit" in (row["notes"] or ""):
        return f"{label} (its limit is only inferred: give one with --references)"
    return f"{label} (the line lies inside what the value or limit may be)"


def _marks(rows: Sequence[Row], case: Case) -> list[str]:
    """Return, once each, the doubts that a row of the table rests on, and the proxies."""
    used = {row["criteria_version"]: set[tuple[str, str]]() for row in rows}
    for row in rows:
        for note in (row["notes"] or "").split(" | "):
            names, _, text = note.partition(": ")
            used[row["criteria_version"]] |= {(name, text) for name in names.split(", ")}
    lines: dict[str, list[str]] = {}
    for name, version in case.by_id().items():
        for doubt in version.doubts:
            topics = [(_topic(version, point), doubt.status, point.rpartition(".")[2]) for point in doubt.about]
            found = [topic for topic, *mark in topics if any(topic == head and _says(text, *mark) for head, text in used.get(name, ()))]
            if found:
                lines.setdefault(f"{found[0]}: {doubt.status}, {doubt.text}", []).append(name)
    return [f"{line} [{', '.join(names)}]" for line, names in lines.items()] + _remarks(rows)


def _says(text: str, status: str, key: str) -> bool:
    """Whether a note names a fact of the law with its status: `practice (ages)`."""
    _, found, rest = text.partition(f"{status} (")
    return bool(found) and key in rest.partition(")")[0].split(", ")


def _topic(version: CriteriaVersion, point: str) -> str:
    """Return what the notes of a row call the thing that a doubt is about."""
    block, _, rest = point.partition(".")
    name = rest.partition(".")[0]
    if block == "measures":
        return next((c for c, criterion in version.criteria.items() if criterion.measure == name), "")
    return {"area": "residents", "categories": "years in a row", "years_in_row": "years in a row"}.get(block, name)


def _remarks(rows: Iterable[Row]) -> list[str]:
    """Return the notes that are about single areas: proxies, ties, one year's counts, names that are only near."""
    signs = ("proxy,", "equals its line", "counts of one year", "assumed", "the name is near")
    found: dict[str, list[str]] = {}
    for row in rows:
        for note in (row["notes"] or "").split(" | "):
            if any(sign in note for sign in signs):
                found.setdefault(note, []).append(f"{row['area']} {_list(row)}")
    return [f"{note} [{_names(areas)}]" for note, areas in found.items()]


def long(rows: Sequence[Row]) -> Table:
    """Return one line for each criterion of each area, with its paragraph, status and note."""
    table = Table(box=SIMPLE_HEAD)
    for name in ("area", "list", "criterion", "value", "line", "margin", "outcome", "paragraph", "status", "note"):
        table.add_column(name, justify="right" if name in {"value", "margin"} else "left")
    for row in rows:
        value = plain(row["value"], row["limit"]) or ("" if row["low"] is None else f"{plain(row['low'])}-{plain(row['high'])}")
        line = f"{words.COMPARATORS[row['comparator']]} {plain(row['limit'])} %" if row["limit"] is not None else "not known"
        outcome = Text(f"{words.SIGNS[row['outcome']]} {row['outcome'].replace('_', ' ')}", style=words.STYLES[row["outcome"]])
        cells = [value, line, signed(row["margin"]), outcome, row["source"], row["status"], row["note"] or ""]
        table.add_row(row["area"], _list(row), words.criterion(row["criterion"]), *cells)
    return table
