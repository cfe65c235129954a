"""The cells of person rows as SQL: whole numbers, exact decimals and codes, whatever type a file
keeps them in.

Every expression is null where the cell is empty or is not what it should be; `is_empty` tells the
two apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from udsat import ticks
from udsat.engine import identifier, literal
from udsat.messages.problems import Problem, TableError
from udsat.messages.text import Text
from udsat.register.mapping import PersonMap
from udsat.register.source import PersonSource

_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_FLOATS = {"DOUBLE", "FLOAT"}
#: More kroner than anyone has in a year: billionths of it still fit a whole number of 64 bits.
MOST = 9 * 10**9
#: Stands for a number that is not whole where codes are: codes have nine digits at most.
NO_CODE = 10**10


@dataclass(frozen=True, slots=True)
class PersonCells:
    """The columns of one source, read through a map."""

    source: PersonSource
    map: PersonMap

    def raw(self, name: str) -> str:
        """A cell as the file has it, or the constant that stands for the column; null where there
        is neither.
        """
        if name in self.map.constants:
            value = self.map.constants[name]
            return str(value) if isinstance(value, int) else literal(value)
        heading = self.map.column(name)
        return identifier(heading) if heading else "NULL"

    def kind(self, name: str) -> str:
        """The kind of a column: integer, float, decimal or text."""
        if name in self.map.constants:
            return "integer" if isinstance(self.map.constants[name], int) else "text"
        kind = self.source.types.get(self.map.column(name), "VARCHAR")
        if kind in _INTEGERS or kind == "BOOLEAN":
            return "integer"
        return (
            "float"
            if kind in _FLOATS
            else "decimal"
            if re.match(r"DECIMAL|HUGEINT|UBIGINT", kind)
            else "text"
        )

    def text(self, name: str) -> str:
        """A cell as a text without blanks around it, whole numbers without decimals; null where it
        is empty.
        """
        raw = self.raw(name)
        if self.kind(name) == "float":
            whole = (
                f"CASE WHEN {raw} = trunc({raw}) AND abs({raw}) < 1e15 THEN CAST(CAST({raw} AS"
                " BIGINT) AS VARCHAR)"
            )
            return (
                f"CASE WHEN isnan({raw}) THEN NULL ELSE {whole} ELSE CAST({raw} AS VARCHAR) END END"
            )
        if self.source.types.get(self.map.column(name)) == "BOOLEAN":
            raw = f"CAST({raw} AS INTEGER)"
        return f"nullif(trim(CAST({raw} AS VARCHAR)), '')"

    def is_empty(self, name: str) -> str:
        """Whether a cell is empty, or not-a-number in a column of floats."""
        raw, kind = self.raw(name), self.kind(name)
        if kind == "text":
            return f"({self.text(name)} IS NULL)"
        return f"({raw} IS NULL OR isnan({raw}))" if kind == "float" else f"({raw} IS NULL)"

    def whole(self, name: str) -> str:
        """A whole number of up to nine digits."""
        raw, kind = self.raw(name), self.kind(name)
        if kind == "integer":
            return (
                f"CAST({raw} AS INTEGER)"
                if self.source.types.get(self.map.column(name)) == "BOOLEAN"
                else raw
            )
        if kind == "text":
            return (
                f"CASE WHEN regexp_full_match(trim({raw}), '[0-9]{{1,9}}') THEN CAST(trim({raw}) AS"
                " INTEGER) END"
            )
        return (
            f"CASE WHEN {raw} = trunc({raw}) AND abs({raw}) < 1e9 THEN CAST({raw} AS INTEGER) END"
        )

    def code(self, name: str) -> str:
        """A cell of a column of codes: its text, or in a column of numbers its whole number; one
        that no code has for parts.
        """
        if self.kind(name) == "text":
            return self.text(name)
        return (
            f"CASE WHEN NOT {self.is_empty(name)} THEN coalesce(CAST({self.whole(name)} AS BIGINT),"
            f" {NO_CODE}) END"
        )

    def number(self, name: str) -> tuple[str, int, str]:
        """A number as a whole number of parts, how many parts make one, and whether a part was cut
        off (`false` if never).

        Numbers with up to nine decimals are exact; of one with more, the ninth is the nearest.
        """
        raw, kind = self.raw(name), self.kind(name)
        if kind == "integer":
            small = self.source.types.get(self.map.column(name)) not in {"BIGINT", "UINTEGER"}
            return (
                (
                    f"CAST({raw} AS BIGINT)"
                    if small
                    else f"CASE WHEN abs({raw}) < {MOST} THEN CAST({raw} AS BIGINT) END"
                ),
                1,
                "false",
            )
        if kind == "float":
            nano = f"CAST(round({self._double(name)} * 1e9) AS BIGINT)"
            checked = f"CASE WHEN abs({raw}) < {MOST} THEN {nano} END"
            return (
                checked,
                ticks.NANO,
                f"(CASE WHEN abs({raw}) < {MOST} THEN {nano} / 1e9 != {self._double(name)} END)",
            )
        if kind == "decimal":
            few = f"CAST(CASE WHEN abs({raw}) < {MOST} THEN {raw} END AS DECIMAL(28, 9))"
            return (
                f"CAST({few} * CAST({ticks.NANO} AS DECIMAL(10, 0)) AS BIGINT)",
                ticks.NANO,
                f"({raw} != {few})",
            )
        return self._written(name)

    def _double(self, name: str) -> str:
        """A float of 32 bits stands for its shortest decimal too, so it goes by way
        of its digits.
        """
        heading = self.map.column(name)
        return (
            f"CAST(CAST({identifier(heading)} AS VARCHAR) AS DOUBLE)"
            if self.source.types.get(heading) == "FLOAT"
            else self.raw(name)
        )

    def _written(self, name: str) -> tuple[str, int, str]:
        """A number in digits: no thousands marks, no powers of ten, the map's decimal mark."""
        cell = f"trim({self.raw(name)})"
        mark = "," if self.map.numbers.decimal == "comma" else "."
        pointed = f"replace({cell}, ',', '.')" if mark == "," else cell
        shape = f"regexp_full_match({cell}, '-?[0-9]{{1,9}}({re.escape(mark)}[0-9]{{1,20}})?')"
        number = (
            f"CASE WHEN {shape} THEN CAST(CAST({pointed} AS DECIMAL(28, 9)) * CAST({ticks.NANO} AS"
            " DECIMAL(10, 0)) AS BIGINT) END"
        )
        many = f"regexp_full_match({cell}, '.*{re.escape(mark)}[0-9]{{9}}[0-9]*[1-9][0-9]*')"
        return number, ticks.NANO, f"coalesce({many}, false)"

    def is_code(self, name: str, codes: Iterable[str]) -> str:
        """Whether a cell is one of some codes; null where it is empty."""
        wanted = list(codes)
        if self.kind(name) == "text":
            return (
                f"({self.text(name)} IN ({', '.join(map(literal, wanted))}))" if wanted else "false"
            )
        numbers = [code for code in wanted if re.fullmatch(r"-?\d{1,9}", code)]
        raw = (
            self.whole(name)
            if self.kind(name) == "integer"
            else f"CASE WHEN NOT {self.is_empty(name)} THEN {self.raw(name)} END"
        )
        return f"({raw} IN ({', '.join(numbers)}))" if numbers else "false"

    def is_word(self, name: str, words: Sequence[str]) -> str:
        """Whether a cell means one of some words, with what the map makes of empty cells; never
        null.
        """
        codes = [code for word in words for code in self.map.words(name).get(word, ())]
        empty = "true" if self.map.missing(name) in words else "false"
        return f"coalesce({self.is_code(name, codes)}, {empty})"

    def is_known(self, name: str) -> str:
        """Whether a cell has a code of the map, or is empty and may be."""
        return self.is_word(
            name,
            [word for word in (*self.map.words(name), self.map.missing(name)) if word != "error"],
        )


def check_columns(
    sources: Sequence[PersonSource], people: PersonMap, needed: Sequence[str]
) -> None:
    """Raise `TableError` with every column that a file lacks."""
    problems = []
    for name in needed:
        if not people.given(name):
            hint = Text(
                'name it in the map: [columns] {name} = "...", or the same for all: [constants]'
                " {name} = ...",
                name=name,
            )
            problems.append(
                Problem("UD705", Text("the map names no column for {name}", name=name), hint)
            )
            continue
        heading = people.column(name)
        for source in sources:
            if heading and heading not in source.types:
                hint = Text(
                    "name the column of {name} with --map; udsat aggregate --describe says how",
                    name=name,
                )
                problems += [
                    Problem(
                        "UD705",
                        Text("the column {heading} is missing", heading=heading),
                        hint,
                        file,
                    )
                    for file in source.files
                ]
    if problems:
        raise TableError(problems)
