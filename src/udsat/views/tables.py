"""Verdicts as tables that a person wants to read, with the summary, the open questions and the marks below."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from udsat import __version__
from udsat.law.model import CriteriaVersion
from udsat.scoring.judge import Case
from udsat.scoring.settle import RESIDENTS, YEARS, open_questions
from udsat.views import words
from udsat.views.number import plain, signed

Row = Mapping[str, Any]
#: Wide enough for any table: what goes to a file or a pipe is never cut.
_UNCUT = 2_000
_MOST_QUESTIONS = 20


def console(stream: IO[str] | None = None, color: str = "auto") -> Console:
    """Return a console with the width of the terminal, or as wide as needed where the output is no terminal."""
    stream = stream or sys.stdout
    forced = {"always": True, "never": False}.get(color)
    no_color = color == "never" or (color == "auto" and bool(os.environ.get("NO_COLOR")))
    width = None if stream.isatty() else _UNCUT
    return Console(file=stream, width=width, force_terminal=forced, no_color=no_color, highlight=False, soft_wrap=not stream.isatty())


def verdicts(rows: Sequence[Row], case: Case) -> RenderableType:
    """Return a table for each version of the law, then the summary, the open questions and the marks."""
    parts: list[RenderableType] = []
    for version in case.by_id().values():
        own = [row for row in rows if row["criteria_version"] == version.id]
        if own:
            parts += [_table(own, version, case), ""]
    parts += [Text(line) for line in _summary(rows, case)]
    parts += _section("Not decided, and what would settle it:", _questions(rows, case))
    parts += _section("These verdicts rest on what the statute does not state in so many words:", _marks(rows, case))
    parts += ["", Text(words.NOT_OFFICIAL.format(version=__version__), style="dim")]
    return Group(*parts)


def _section(title: str, lines: Sequence[str]) -> list[RenderableType]:
    return ["", Text(title), *(Text(f"  {line}") for line in lines)] if lines else []


def _table(rows: Sequence[Row], version: CriteriaVersion, case: Case) -> Table:
    table = Table(title=f"Criteria {version.id}: {version.version.title}", title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    table.caption, table.caption_justify, table.caption_style = version.version.law, "left", "dim"
    table.add_column("area")
    table.add_column("list")
    shown = [name for name in version.criteria if not name.startswith("prevention_")]
    for name in shown:
        table.add_column(f"{words.criterion(name)}\n{words.line(version, name)}", justify="right")
    rest = len(shown) < len(version.criteria)
    if rest:
        table.add_column("§ 61 b\nmet", justify="right")
    table.add_column("category")
    table.add_column("years\nin a row", justify="right")
    for row in rows:
        cells = [_cell(row, name, version, case) for name in shown]
        prevention = [Text(_prevention(row, version))] if rest else []
        table.add_row(_area(row), _list(row), *cells, *prevention, _category(row, version), _years(row))
    return table


def _area(row: Row) -> Text:
    town = row.get("municipality")
    return Text(row["area"]) + (Text(f"\n{town}", style="dim") if town else Text())


def _list(row: Row) -> str:
    date: dt.date = row["list_date"]
    return str(date.year) if (date.month, date.day) in {(12, 1), (10, 1)} else str(date)


def _cell(row: Row, name: str, version: CriteriaVersion, case: Case) -> Text:
    """Value and sign above, margin below; a limit that the statute does not print stands in the cell."""
    outcome, value, limit = row[name], row[f"{name}_value"], row[f"{name}_limit"]
    if value is None:
        return Text(f"{_bounds(row, name)} {words.SIGNS[outcome]}".strip(), style=words.STYLES[outcome])
    text = Text(f"{plain(value, limit)} {words.SIGNS[outcome]}", style=words.STYLES[outcome])
    printed = f" ({plain(limit)})" if version.criteria[name].reference == "national" and limit is not None else ""
    return text + Text(f"\n{signed(row[f'{name}_margin'])}{printed}", style="dim")


def _bounds(row: Row, name: str) -> str:
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    return "" if low is None or high is None else f"{plain(low)}-{plain(high)}"


def _prevention(row: Row, version: CriteriaVersion) -> str:
    block = next(category for category in version.categories.values() if category.count_column == "prevention_met_count")
    gates = "".join(f" {words.SIGNS[row[name]]} {words.criterion(name).removeprefix('prevention ')}" for name in block.all_of)
    return f"{row['prevention_met_count']} of {len(block.of)}\n{gates.strip()}"


def _category(row: Row, version: CriteriaVersion) -> Text:
    sure, possible = row["category"], row["category_possible"]
    if sure == "none":
        return Text("none", style="green")
    if sure == "unknown":
        return Text(f"not decided\nat most {words.category(version, possible)}", style="yellow")
    text = Text(words.category(version, sure), style="bold")
    return text if sure == possible else text + Text(f"\nat most {words.category(version, possible)}", style="yellow")


def _years(row: Row) -> str:
    low, high = row["years_in_row"], row["years_in_row_possible"]
    if low is None or high == 0:
        return ""
    return str(low) if low == high else f"{low}-{high}"


def _summary(rows: Sequence[Row], case: Case) -> list[str]:
    versions = case.by_id()
    labels = Counter(_label(row, versions) for row in rows)
    parts = [f"{count} {label}" for label, count in labels.most_common()]
    return [f"{words.plural(len(rows), 'area')}: {', '.join(parts)}."] if rows else ["No areas."]


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
    if row[f"{name}_value"] is None and row.get(f"{name}_low") is None:
        return f"{label} (no value)"
    if row[f"{name}_limit"] is None:
        return f"{label} (no limit known for this list: give one with --references)"
    if f"{name}: unknown, the limit" in (row["notes"] or ""):
        return f"{label} (its limit is only inferred: give one with --references)"
    return f"{label} (the line lies inside what the value or limit may be)"


def _marks(rows: Sequence[Row], case: Case) -> list[str]:
    """Return, once each, the doubts that a row of the table rests on, and the proxies."""
    used = {row["criteria_version"]: set[str]() for row in rows}
    for row in rows:
        used[row["criteria_version"]] |= {note.split(":")[0] for note in (row["notes"] or "").split(" | ")}
    lines: dict[str, list[str]] = {}
    for name, version in case.by_id().items():
        for doubt in version.doubts:
            topics = [_topic(version, point) for point in doubt.about]
            if doubt.status != "stated" and any(topic in used.get(name, ()) for topic in topics):
                lines.setdefault(f"{topics[0]}: {doubt.status}, {doubt.text}", []).append(name)
    return [f"{line} [{', '.join(names)}]" for line, names in lines.items()] + _remarks(rows)


def _topic(version: CriteriaVersion, point: str) -> str:
    """Return what the notes of a row call the thing that a doubt is about."""
    block, _, rest = point.partition(".")
    name, _, key = rest.partition(".")
    if key in {"source", "years"} or name == "source":
        return ""
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
