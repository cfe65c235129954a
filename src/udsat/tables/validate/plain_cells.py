"""Cells that are certainly right, as SQL: what a column's cells say beyond doubt, and which do not.

What the patterns do not know is no fault yet: such cells are read by the model.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from udsat import engine, ticks
from udsat.engine import identifier
from udsat.tables.headings import COUNTS, NUMBERS, PROXIES, RESIDENTS, TOTALS
from udsat.tables.validate import cells
from udsat.tables.validate.cells import MISSING, Plain
from udsat.tables.validate.model import MOST_LETTERS

INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
FLOATS = {"DOUBLE", "FLOAT"}
#: Columns that say for which list or year a row is.
KEYS = ("list_date", "list_year", "year")
#: An amount with more decimals than this could lose a billionth on its way through a double.
FEWER_PLACES = {"gross_income": 4}
#: A pattern of words that are no name of an area: what stands for a gap, and what is a total.
WORDS = f"(?i:{'|'.join(map(re.escape, sorted(MISSING | TOTALS)))})"
_DASHES = ("-", "–", "—")
_MISSING = tuple(
    sorted(
        {form for word in cells.MISSING if word for form in (word, word.upper(), word.capitalize())}
    )
)
#: A text that certainly has no space around it, of whatever kind; others are rare enough for the
#: model.
_TRIMMED = "[0-9A-Za-zÆØÅæøå](?s:.*[0-9A-Za-zÆØÅæøå.)])?"
#: A code that became a float and is as short as text.
_CODE = r"[0-9]{1,15}(\.0)?"
#: What a plain number is, by the decimal mark of the file; without one, only digits are.
_CLEAN = {
    "comma": r"[0-9]{1,9}(,[0-9]{1,%d})?|[0-9]{1,3}(\.[0-9]{3}){1,2}(,[0-9]{1,%d})?",
    "point": r"[0-9]{1,9}(\.[0-9]{1,%d})?|[0-9]{1,3}(,[0-9]{3}){1,2}(\.[0-9]{1,%d})?",
    None: r"[0-9]{1,9}",
}
_WHOLE = {
    "comma": r"[0-9]{1,9}|[0-9]{1,3}(\.[0-9]{3}){1,2}",
    "point": r"[0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2}",
    None: r"[0-9]{1,9}",
}


def double(heading: str, kind: str) -> str:
    """Return, in SQL, a number as a double that stands for its shortest decimal; not-a-number is a
    gap.
    """
    name = identifier(heading)
    if kind in INTEGERS:
        return f"CAST({name} AS DOUBLE)"
    number = f"CAST(CAST({name} AS VARCHAR) AS DOUBLE)" if kind == "FLOAT" else name
    return f"CASE WHEN isnan({number}) THEN NULL ELSE {number} END"


def is_number(kind: str) -> bool:
    """Whether cells of a type are written with a decimal point, whatever the texts beside them."""
    return kind in INTEGERS | FLOATS or kind.startswith("DECIMAL")


def plain_float(text: str) -> Plain:
    """Return a float in digits, with the decimals of its shortest form: 165000.0 has none."""
    number = float(text)
    return (
        Plain(format(Decimal(text), "f").removesuffix(".0"))
        if math.isfinite(number)
        else Plain(text)
    )


def writer(kind: str) -> Callable[[str], str]:
    """Return how the model is given a cell that the engine has written as text."""
    return plain_float if kind in FLOATS else Plain if is_number(kind) else str


@dataclass(frozen=True, slots=True)
class CellColumn:
    """One column of a table: what its cells mean, of which type they are, and their decimal mark.

    Its cells are in `c0`, `c1`, ... of the relation.
    """

    n: int
    #: The known column, or an empty text where cells are passed through.
    column: str
    kind: str
    mark: str | None
    dash_is_zero: bool
    #: The column is of a table with types: what is passed through stays as it is.
    typed: bool

    @property
    def cell(self) -> str:
        """The cell as the relation has it."""
        return f"c{self.n}"

    @property
    def text(self) -> str:
        """The cell as text."""
        return self.cell if self.kind == "VARCHAR" else f"CAST({self.cell} AS VARCHAR)"

    @property
    def is_text_number(self) -> bool:
        """Whether this is a column of numbers that have to be read from text."""
        return self.column in NUMBERS and self.kind not in INTEGERS | FLOATS

    @property
    def shows_mark(self) -> bool:
        """Whether the cells show which decimal mark the table has."""
        return self.is_text_number and not is_number(self.kind)

    @property
    def value(self) -> str:
        """What is kept of the cell: a number, or its text."""
        if self.is_text_number:
            number = engine.whole(self.text, self._pattern() + self._zeros())
            return f"TRY_CAST({self._point(number)} AS DOUBLE)"
        if self.column in NUMBERS and self.kind in FLOATS:
            number, inexact = double(self.cell, self.kind), self._inexact()
            return f"CASE WHEN NOT {inexact} THEN {number} END" if inexact else number
        if self.kind != "VARCHAR" or (self.typed and not self.column):
            return self.cell
        if self.column and self.column != "area":
            return f"CASE WHEN {self.cell} NOT IN ('', '..', '.') THEN {self.cell} END"
        return f"nullif({self.cell}, '')"

    @property
    def unread(self) -> str:
        """Whether the cell is neither a gap nor certainly right; empty where none can be so."""
        if self.is_text_number:
            words = "|".join(map(re.escape, ["", *self._missing()]))
            pattern = f"{self._pattern()}{self._zeros()}|{words}"
            return f"{engine.whole(self.text, pattern)} != {self.text}"
        if self.column in NUMBERS:
            return self._inexact()
        return self._unread_text() if self.column and self.column not in KEYS else ""

    def _unread_text(self) -> str:
        pattern = {"VARCHAR": _TRIMMED, "DOUBLE": _CODE, "FLOAT": _CODE}.get(self.kind)
        masks = [f"{engine.whole(self.text, pattern)} != {self.text}"] if pattern else []
        if self.column in PROXIES:  # of names, `Columns` asks the rest
            masks.append(f"{engine.whole(self.text, WORDS)} != ''")
            masks.append(f"length({self.text}) > {MOST_LETTERS}")
        return " OR ".join(masks)

    def _inexact(self) -> str:
        """Whether a count has more than nine decimals; empty where none can have."""
        if self.column not in COUNTS or self.kind not in FLOATS:
            return ""
        value = double(self.cell, self.kind)
        return f"coalesce(round({value} * 1e9) / 1e9 != {value}, false)"

    def _pattern(self) -> str:
        if self.column in (*COUNTS, *RESIDENTS) or self.mark is None:
            return _WHOLE[self.mark]
        places = FEWER_PLACES.get(self.column, ticks.PLACES)
        return _CLEAN[self.mark].replace("%d", str(places))

    def _zeros(self) -> str:
        return f"|{'|'.join(_DASHES)}" if self.dash_is_zero else ""

    def _missing(self) -> list[str]:
        return [word for word in _MISSING if not (self.dash_is_zero and word in _DASHES)]

    def _point(self, number: str) -> str:
        """Return a plain number as the engine reads it."""
        comma, thousands = (",", ".") if self.mark == "comma" else (".", ",")
        if self.mark:
            number = f"replace({number}, '{thousands}', '')"
        if comma == ",":
            number = f"replace({number}, ',', '.')"
        for dash in _DASHES if self.dash_is_zero else ():
            number = f"replace({number}, '{dash}', '0')"
        return number

    def decimals(self) -> str:
        """Return the largest number of decimals that plain numbers of the column are written
        with.
        """
        number = engine.whole(self.text, self._pattern())
        start = f"strpos({number}, '{',' if self.mark == 'comma' else '.'}')"
        return (
            f"max(CASE WHEN {start} > 0 THEN length({number}) - {start} WHEN {number} != '' THEN 0"
            " END)"
        )
