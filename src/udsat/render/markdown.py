"""Verdicts as a table in Markdown: for an issue, a merge request, a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from udsat.analysis.records import Record
from udsat.export.cells import text
from udsat.law.schema import CriteriaVersion
from udsat.messages import display
from udsat.messages.language import _, day, figure
from udsat.render import words
from udsat.render.annotations import notes
from udsat.render.verdict_table import LONG, long_line
from udsat.scoring.criteria import Case


def cell(given: Any) -> str:
    r"""Return a cell in which no sign of the text means anything to Markdown.

    >>> print(cell("a|b *c* <d>"), cell(55.0))
    a\|b \*c\* &lt;d&gt; 55
    """
    return display.markdown(str(text(given)))


def write(stream: TextIO, columns: Sequence[str], rows: Iterable[Record], case: Case) -> None:
    """Write the verdicts row by row, with the columns that a person reads."""
    stream.writelines(_areas(columns, rows, case))
    _end(stream)


def write_long(stream: TextIO, rows: Iterable[Record]) -> None:
    """Write a line for each criterion of each area."""
    stream.writelines(_head([_(name) for name in LONG]))
    stream.writelines(_line(map(cell, long_line(row))) for row in rows)
    _end(stream)


def _end(stream: TextIO) -> None:
    stream.write(f"\n{words.legend().replace('   ', '; ')}\n\n{words.not_official()}\n")


def _areas(columns: Sequence[str], rows: Iterable[Record], case: Case) -> Iterable[str]:
    keys = [
        name
        for name in ("area", "area_id", "municipality", "region", "list_date", "residents")
        if name in columns
    ]
    criteria = case.criteria()
    ends = ("category", "category_possible", "years_in_row", "notes")
    yield from _head(
        [
            *(_(name.replace("_", " ")) for name in keys),
            *map(words.criterion, criteria),
            *map(_plain, ends),
        ]
    )
    versions = case.by_id()
    for row in rows:
        version = versions[row["criteria_version"]]
        parts = [cell(_key(row[name])) for name in keys]
        parts += [_criterion(row, name) if name in version.criteria else "" for name in criteria]
        parts += [cell(_category(version, row[name])) for name in ends[:2]]
        yield _line([*parts, _years(row), "<br>".join(map(cell, notes(row["annotations"])))])


def _key(given: Any) -> Any:
    """Return a key as a person reads it: a date in words, a number with marks."""
    if isinstance(given, dt.date):
        return day(given)
    return figure(str(given)) if isinstance(given, int) else given


def _plain(name: str) -> str:
    heading = "at most" if name == "category_possible" else name.replace("_", " ")
    return _(heading)


def _category(version: CriteriaVersion, name: str) -> str:
    fixed = {"unknown": _("not decided"), "none": _("none")}
    return fixed.get(name) or words.category(version, name)


def _criterion(row: dict[str, Any], name: str) -> str:
    """Return the sign, the value and the margin; the signs are words of their own in a text without
    colours.
    """
    value, margin = row[f"{name}_value"], row[f"{name}_margin"]
    sign = words.SIGNS[row[name]]
    beyond = "" if margin is None else f" ({'+' if margin > 0 else ''}{_number(margin)})"
    return f"{sign} {_number(value)}{beyond}".strip()


def _number(given: Any) -> str:
    return str(text(given)) if given is None else figure(str(text(given)))


def _years(row: dict[str, Any]) -> str:
    low, high = row["years_in_row"], row["years_in_row_possible"]
    return "" if low is None else str(low) if low == high else f"{low}-{high}"


def _head(columns: Sequence[str]) -> list[str]:
    return [_line(map(cell, columns)), _line(["---"] * len(columns))]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
