"""Cells without a sign of percent in a column where others have one: 0.415 is 41.5 percent there,
or less than half of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from udsat.messages.problems import Problem
from udsat.messages.text import Text
from udsat.tables.validate import cells

#: How most cells end: those have no unit.
_DIGITS = frozenset("0123456789")


def signed(found: Mapping[str, int], rows: Sequence[list[str] | Problem]) -> frozenset[str]:
    """Return the columns of percent of which cells carry the sign of percent."""
    columns = ((column, place) for column, place in found.items() if column.endswith("_pct"))
    return frozenset(
        column
        for column, place in columns
        if any(_has_sign(row[place]) for row in rows if isinstance(row, list))
    )


def _has_sign(cell: str) -> bool:
    return cell[-1:] not in _DIGITS and cells.unit(cell) == "%"


def beside_percent(
    column: str, rows: Sequence[object], place: int, decimal: str
) -> Iterator[tuple[int, Problem]]:
    """Yield a problem for each cell from 0 to 1 without a unit in a column where other cells carry
    the sign of percent.
    """
    texts = [row[place] if isinstance(row, list) else "" for row in rows]
    if not column.endswith("_pct") or not any(map(_has_sign, texts)):
        return
    for position, text in enumerate(texts):
        value = None if cells.unit(text) else number(text, decimal)
        if value is not None and 0 < value <= 1:
            shown = cells.shown(text)
            message = Text(
                "'{shown}' is in a column where other cells carry a percent sign: is it a"
                " fraction of 1?",
                shown=shown,
            )
            yield (
                position,
                Problem(
                    "UD112",
                    message,
                    Text("write all cells with the sign, or none"),
                    column=column,
                    value=shown,
                ),
            )


def number(text: str, decimal: str) -> Decimal | None:
    """Return the number that a cell shows; None where it shows none, or a bound."""
    try:
        return cells.number(
            cells.normal(text, "point" if isinstance(text, cells.Plain) else decimal)
        ).shown
    except (ValueError, ArithmeticError):
        return None
