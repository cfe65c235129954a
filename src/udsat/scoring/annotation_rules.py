"""Rules of annotations: which ones rows have where a condition holds, as a text of the engine and
as values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from string import Formatter
from typing import TypeAlias

import narwhals as nw

from udsat.law.loader import Law
from udsat.messages.annotation import Annotation, escaped, joined, notes
from udsat.messages.text import Text
from udsat.scoring.criteria import Case
from udsat.scoring.three_valued import Expr, by_date
from udsat.scoring.three_valued import text as literal
from udsat.scoring.years_in_row.earlier_lists import Streaks
from udsat.tables.area_table import AreaTable

Annotations: TypeAlias = tuple[Annotation, ...]
#: What stands between the cells of an annotation where rows have annotations as values, and the
#: signs of a cell that would be taken for it.
_BETWEEN = "\t"
_SIGNS = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"))


@dataclass(frozen=True, slots=True)
class Given:
    """What the annotations of a run are about."""

    case: Case
    table: AreaTable
    streaks: Streaks
    #: The law's means and lags were formed from calendar years.
    by_year: bool
    assume_min_residents: bool
    law: Law


@dataclass(frozen=True, slots=True)
class RowValue:
    """A value of an annotation that a row has in a cell."""

    expression: Expr
    #: Whether it is a text of the user's, which may hold any sign.
    is_text: bool = False

    def as_note(self) -> Expr:
        """Return the cell as it is written in a note among others."""
        text = self.expression.cast(nw.String)
        return text.str.replace_all("|", escaped("|"), literal=True) if self.is_text else text

    def as_value(self) -> Expr:
        """Return the cell with its marks escaped, which `unescaped` takes back."""
        text = self.expression.cast(nw.String)
        for sign, other in _SIGNS if self.is_text else ():
            text = text.str.replace_all(sign, other, literal=True)
        return text


@dataclass(frozen=True, slots=True)
class AnnotationRule:
    """The annotations that a row has where a condition holds: the same on every list, or by the
    date of the list.

    `cells` are the values in the text of an annotation that each row has for itself.
    """

    condition: Expr
    found: Annotations | Mapping[dt.date, Annotations]
    cells: Mapping[str, RowValue] = field(default_factory=dict)

    def on(self, date: dt.date) -> Annotations:
        """Return the annotations on a list."""
        return self.found.get(date, ()) if isinstance(self.found, Mapping) else self.found

    def text(self, date: dt.date, full: bool = False) -> str:
        """Return the notes on a list as one text."""
        return joined(notes(self.on(date), full=full))

    def written(self, full: bool = False) -> Expr:
        """Return the notes on rows where the condition holds; with `full` in sentences."""
        if isinstance(self.found, Mapping):
            texts = {date: self.text(date, full) for date in self.found}
            return nw.when(self.condition).then(by_date(texts, literal))
        return nw.when(self.condition).then(self._filled(joined(notes(self.found, full=full))))

    def _filled(self, text: str) -> Expr:
        if not self.cells:
            return nw.lit(text)
        parts: list[Expr] = []
        for before, name, *_rest in Formatter().parse(text):
            parts += [nw.lit(before)] if before else []
            parts += [self.cells[name].as_note()] if name else []
        return nw.concat_str(*parts)

    def numbered(self, number: int) -> Expr:
        """Return the number of the rule on rows where the condition holds, with the cells behind
        it.
        """
        cells = [one.as_value() for one in self.cells.values()]
        whole = nw.concat_str(nw.lit(str(number)), *cells, separator=_BETWEEN) if cells else None
        return nw.when(self.condition).then(nw.lit(str(number)) if whole is None else whole)

    def read(self, date: dt.date, cells: list[str]) -> Annotations:
        """Return the annotations of a row, with what `numbered` gives behind the number."""
        values = dict(zip(self.cells, map(_unescaped, cells), strict=True))
        if not values:
            return self.on(date)
        return tuple(replace(one, text=Text(one.text.template, **values)) for one in self.on(date))


def numbers_of(text: str) -> list[tuple[int, list[str]]]:
    """Return the rules of a row with their cells, from numbers with line feeds between them."""
    found = (one.split(_BETWEEN) for one in text.split("\n") if one)
    return [(int(number), cells) for number, *cells in found]


def _unescaped(cell: str) -> str:
    r"""Return a cell as it was before `RowValue.as_value`.

    >>> _unescaped(r"a\tb") == "a\tb", _unescaped(r"a\\tb") == r"a\tb"
    (True, True)
    """
    parts = cell.split("\\\\")
    return "\\".join(part.replace("\\t", "\t").replace("\\n", "\n") for part in parts)
