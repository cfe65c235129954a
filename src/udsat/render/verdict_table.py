"""Verdicts as tables that a person wants to read, with the summary, the open questions and the
marks below.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from udsat.analysis.records import Record
from udsat.law.schema import CriteriaVersion
from udsat.messages.language import _
from udsat.render import console as consoles
from udsat.render import words
from udsat.render.annotations import joined
from udsat.render.footnotes import marks, questions
from udsat.render.numbers import plain, signed
from udsat.render.verdict_grid import Blocks, VerdictGrid, list_of
from udsat.scoring.criteria import Case

#: So many areas still read well on two lines in a file or pipe.
_FEW = 100
#: The headings of the long form.
LONG = (
    "area",
    "list",
    "criterion",
    "value",
    "threshold",
    "margin",
    "outcome",
    "paragraph",
    "status",
    "note",
)
_OUTCOME = LONG.index("outcome")


console = consoles.console


def verdicts(rows: Sequence[Record], case: Case, console: Console) -> RenderableType:
    """Return a table for each version of the law, then the summary, the open questions and the
    marks.

    A terminal gets one line for each area if that fits, else municipality and margins below their
    cells, else blocks. Files and pipes get the second form, unless there are many areas.
    """
    many = not console.is_terminal and len(rows) > _FEW
    parts: list[RenderableType] = []
    for version in case.by_id().values():
        own = [row for row in rows if row["criteria_version"] == version.id]
        if own:
            parts += [
                (
                    _fitting(version, own, console)
                    if console.is_terminal
                    else VerdictGrid(version, own, not many).uncut(many)
                ),
                "",
            ]
    parts += [Text(words.legend(), style="dim"), ""]
    parts += [Text(line) for line in _summary(rows, case)]
    parts += _section(_("Not decided, and what would settle it:"), questions(rows, case))
    parts += _section(
        _("These verdicts rest on what the statute does not state in so many words:"),
        marks(rows, case),
    )
    parts += ["", Text(words.not_official(), style="dim")]
    return Group(*parts)


def _fitting(version: CriteriaVersion, rows: Sequence[Record], console: Console) -> RenderableType:
    """Return the widest form of a table that fits a terminal without breaking cells."""
    for tall in (False, True):
        table = VerdictGrid(version, rows, tall)
        if table.width() <= console.width:
            return table.rich()
    return Blocks(version, rows, True).blocks(console.width)


def _section(title: str, lines: Sequence[str]) -> list[RenderableType]:
    return ["", Text(title), *(Text(f"  {line}") for line in lines)] if lines else []


def _summary(rows: Sequence[Record], case: Case) -> list[str]:
    versions = case.by_id()
    labels = Counter(_label(row, versions) for row in rows)
    parts = [
        _("{count} {category}", count=count, category=label)
        for label, count in labels.most_common()
    ]
    areas = len({(row["area"], row.get("municipality")) for row in rows})
    what = words.plural(areas, "area")
    if areas != len(rows):
        what = _("{rows} of {areas}", rows=words.plural(len(rows), "row"), areas=what)
    return [f"{what}: {', '.join(parts)}."] if rows else [_("No areas.")]


def _label(row: Record, versions: Mapping[str, CriteriaVersion]) -> str:
    fixed = {"none": _("in no category"), "unknown": _("not decided")}
    return fixed.get(row["category"]) or words.category(
        versions[row["criteria_version"]], row["category"]
    )


def long(rows: Sequence[Record], width: int | None = None) -> RenderableType:
    """Return each criterion of each area, with its paragraph, status and note.

    A terminal, whose `width` is given, gets a heading for each area and indented lines; files and
    pipes get a table with one line for each criterion.
    """
    if width:
        return Group(*_grouped(rows, width))
    table = Table(box=SIMPLE_HEAD)
    for name in LONG:
        table.add_column(_(name), justify="right" if name in {"value", "margin"} else "left")
    for row in rows:
        table.add_row(
            *(
                Text(cell, style=words.STYLES[row["outcome"]] if n == _OUTCOME else "")
                for n, cell in enumerate(long_line(row))
            )
        )
    return table


def long_line(row: Record) -> tuple[str, ...]:
    """Return the cells of one criterion of one area, under the headings of `LONG`."""
    outcome, status = _outcome(row).plain, words.status(row["status"])
    return (
        _named(row),
        list_of(row),
        *_figures(row),
        outcome,
        row["source"],
        status,
        joined(row["annotations"], full=True),
    )


def _named(row: Record) -> str:
    return words.place(row["area"], row.get("municipality"))


def _figures(row: Record) -> tuple[str, str, str, str]:
    value = plain(row["value"], row["limit"]) or (
        "" if row["low"] is None else f"{plain(row['low'])}-{plain(row['high'])}"
    )
    line = (
        f"{words.COMPARATORS[row['comparator']]} {words.percent(plain(row['limit']))}"
        if row["limit"] is not None
        else _("not known")
    )
    return words.criterion(row["criterion"]), value, line, signed(row["margin"])


def _outcome(row: Record) -> Text:
    return Text(
        f"{words.SIGNS[row['outcome']]} {words.outcome(row['outcome'])}",
        style=words.STYLES[row["outcome"]],
    )


def _grouped(rows: Sequence[Record], width: int) -> Iterator[RenderableType]:
    """Yield a heading for each area, a line for each of its criteria, and marks and notes below
    those.
    """
    for heading, own in groupby(rows, lambda row: f"{_named(row)} {list_of(row)}"):
        yield Text(heading, style="bold")
        for row in own:
            criterion, value, line, margin = _figures(row)
            line_of = Text(f"  {criterion:<24}{value:>8}  {line:<10}{margin:>8}  ") + _outcome(row)
            told = joined(row["annotations"], full=True)
            below = f"{row['source']}: {told}" if told else row["source"]
            if not told and line_of.cell_len + 2 + len(below) <= width:
                line_of, below = line_of + f"  {below}", ""
            yield line_of
            indent = " " * 6
            yield from map(
                Text,
                textwrap.wrap(
                    below, max(48, width), initial_indent=indent, subsequent_indent=indent
                ),
            )
        yield Text()
    yield Text(words.legend(), style="dim")
    yield Text(words.not_official(), style="dim")
