"""Shares that may be fractions: 0.415 in a column of percentages is 41.5 percent or less than half of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from udsat.errors import Problem, TableError
from udsat.tables import cells
from udsat.tables.columns import plain

_WORDS = frozenset({"pct", "procent", "percent"})


def without_unit(heading: str, column: str, declared: Mapping[str, str]) -> bool:
    """Whether a heading means a share in percent without saying so, and the user has not said it either."""
    return column.endswith("_pct") and not _WORDS & set(plain(heading).split()) and plain(heading) not in declared


def refuse_fractions(heading: str, file: str, line: int) -> None:
    """Refuse a column whose shares all lie between 0 and 1 under a heading without a unit."""
    hint = "name the unit in the heading, such as 'pct.', or declare the column with --columns"
    message = "all shares lie between 0 and 1: percentages, or fractions of 1?"
    raise TableError(Problem("UD112", message, hint, file, line, heading))


def fractions(values: Iterable[Decimal]) -> bool:
    """Whether numbers look like fractions: some are given, none is above 1, and not all are whole.

    >>> fractions([Decimal("0.415"), Decimal(1)]), fractions([Decimal(0), Decimal(1)]), fractions([Decimal("0.5"), Decimal("3.1")])
    (True, False, False)
    """
    given = list(values)
    return bool(given) and max(given) <= 1 and any(value % 1 for value in given)


def beside_percent(column: str, rows: Sequence[object], place: int, decimal: str) -> Iterator[tuple[int, Problem]]:
    """Yield a problem for each cell from 0 to 1 without a unit in a column where other cells carry the sign of percent."""
    texts = [row[place] if isinstance(row, list) else "" for row in rows]
    if not column.endswith("_pct") or not any(text.endswith("%") for text in texts):
        return
    for position, text in enumerate(texts):
        value = None if cells.unit(text) else number(text, decimal)
        if value is not None and 0 < value <= 1:
            shown = cells.shown(text)
            message = f"'{shown}' stands in a column where other cells carry a percent sign: is it a fraction of 1?"
            yield position, Problem("UD112", message, "write all cells with the sign, or none", column=column, value=shown)


def number(text: str, decimal: str) -> Decimal | None:
    """Return the number that a cell shows; None where it shows none, or a bound."""
    try:
        return cells.number(cells.normal(text, "point" if isinstance(text, cells.Plain) else decimal)).shown
    except (ValueError, ArithmeticError):
        return None
