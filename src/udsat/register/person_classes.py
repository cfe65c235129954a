"""What the law makes of each kind of person: asked once, when the first of a kind is met, and
looked up for all others.

A kind is what the law can tell of a person: how the lists count the person's year, between which
ages of the law the age lies, which word each code stands for, and whether the numbers are told. A
country has some hundred kinds of persons.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

import duckdb
import numpy as np

from udsat import engine
from udsat.law.loader import Law
from udsat.register import populations
from udsat.register.arrays import BAD, EMPTY, TOLD, Once, Whole
from udsat.register.cells import PersonCells
from udsat.register.mapping import NUMBERS, OLDEST, WORDS, YEARS, PersonMap
from udsat.register.populations import PopulationDefinition
from udsat.register.source import PersonSource

#: Stands before the properties that a row of an outcome does not tell, though a measure needs them.
_UNTOLD = "untold "
#: What stands in the table where the law has not been asked yet.
UNASKED = np.iinfo(np.uint16).max
#: So many combinations of cells are looked up at once.
AT_ONCE = 1 << 16
#: What the engine trims off texts.
_BLANKS = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"  # noqa: E501
#: What the conditions of populations call a column.
_HEADINGS = {"age": populations.AGE}
#: A cell for each state of a number, as the text of a table has it.
_STATES: dict[int, str | None] = {TOLD: "0", EMPTY: None, BAD: "x"}
EACH_STATE = tuple(_STATES)


@dataclass(frozen=True, slots=True)
class _Trait:
    """What the law can tell of one property: a number for each thing that it can be, and a cell
    that stands for each.
    """

    name: str
    cells: tuple[Any, ...]
    #: The number of what a cell is; the last one is what no cell should be.
    of: Mapping[Any, int]

    def kind(self, cell: Any) -> int:
        """Return the number of what a cell is."""
        return self.of.get(bare(cell), len(self.cells) - 1)


class Kinds:
    """The table of kinds: a number for each row from its properties, and from that what the law
    makes of the row.
    """

    def __init__(
        self,
        law: Law,
        people: PersonMap,
        needed: Sequence[str],
        connection: duckdb.DuckDBPyConnection,
    ) -> None:
        """Prepare to ask; the connection is kept for that."""
        self._law, self._connection, self._lock = law, connection, Lock()
        coded = [name for name in needed if name in WORDS and people.column(name)]
        self.traits = [_ages(law), *(_coded(name, people) for name in coded)]
        numbers = [name for name in NUMBERS if name in needed and people.column(name)]
        self.traits += [
            _Trait(name, tuple(_STATES.values()), {state: state for state in _STATES})
            for name in numbers
        ]
        self._size = math.prod(len(trait.cells) for trait in self.traits)
        self._cells = _standing_in(people, [trait.name for trait in self.traits])
        #: How the measures of a year are counted, for each different way; the first is that of what
        #: is no year, and so is no way.
        self._ways: list[dict[str, PopulationDefinition | None] | None] = [None]
        self._years: dict[int | None, int] = {None: 0}
        self._table = np.full(self._size, UNASKED, np.uint16)
        self._wanting: dict[int, list[tuple[int, set[str]]]] = {}
        self._counting: dict[tuple[str, int], list[int]] = {}
        #: What the law makes of kinds: for each outcome, the names that count them, and after
        #: `_UNTOLD` what is not told.
        self.outcomes: dict[frozenset[str], int] = {}

    def steps(self) -> dict[str, Once[Whole]]:
        """Return what makes of the cells of each column the part of a kind's number that each of
        them is; for one thread.
        """
        steps = {
            "year": Once(
                lambda cells: np.array([self._way(cell) * self._size for cell in cells], np.intp)
            )
        }
        return steps | {
            trait.name: Once(partial(_stepped, trait, step))
            for trait, step in zip(self.traits, self._strides(), strict=True)
        }

    def outcome(self, kinds: Whole) -> Whole:
        """Return what the law made of kinds: the number among `outcomes`, `UNASKED` where it was
        not asked yet.
        """
        found: Whole = self._table[kinds]
        return found

    def ask(self, kinds: Whole) -> None:
        """Ask the law what it makes of some kinds."""
        with self._lock:
            self._ask(kinds)

    def _strides(self) -> list[int]:
        """Return how far apart in the table the things are that a trait can be."""
        sizes = [len(trait.cells) for trait in self.traits]
        return [math.prod(sizes[n + 1 :]) for n in range(len(sizes))]

    def counting(self, name: str, many: int) -> list[int]:
        """Return which of the first so many outcomes are counted under a name."""
        found = self._counting.get((name, many))
        if found is None:
            found = self._counting[name, many] = [
                number for names, number in self._first(many) if name in names
            ]
        return found

    def wanting(self, many: int) -> list[tuple[int, set[str]]]:
        """Return those of the first so many outcomes whose rows do not tell what a measure needs,
        with the properties.
        """
        found = self._wanting.get(many)
        if found is None:
            every = [
                (n, {name.removeprefix(_UNTOLD) for name in names if name.startswith(_UNTOLD)})
                for names, n in self._first(many)
            ]
            found = self._wanting[many] = [(n, names) for n, names in every if names]
        return found

    def _first(self, many: int) -> list[tuple[frozenset[str], int]]:
        return list(self.outcomes.items())[:many]

    def _way(self, year: int | None) -> int:
        """Return the number of the way in which the measures of a year are counted."""
        if year not in self._years:
            with self._lock:
                way = (
                    populations.of_year(self._law, year)
                    if year is not None and YEARS[0] <= year <= YEARS[1]
                    else None
                )
                keys = [_keys(one) for one in self._ways]
                if _keys(way) not in keys:
                    self._ways.append(way)
                    self._table = np.concatenate(
                        [self._table, np.full(self._size, UNASKED, np.uint16)]
                    )
                self._years[year] = [_keys(one) for one in self._ways].index(_keys(way))
        return self._years[year]

    def _ask(self, kinds: Whole) -> None:
        """Put what the law makes of some kinds into the table, and of all that have what any of
        them has: those will come.
        """
        ways, digits = self._taken_apart(np.unique(kinds))
        if math.prod(len(np.unique(some)) for some in digits) <= AT_ONCE:
            digits = [
                some.ravel()
                for some in np.meshgrid(*(np.unique(some) for some in digits), indexing="ij")
            ]
        columns: dict[str, list[Any]] = {"n": self._put_together(digits).tolist()}
        for trait, some in zip(self.traits, digits, strict=True):
            columns[_HEADINGS.get(trait.name, trait.name)] = [trait.cells[digit] for digit in some]
        types = {"n": "INTEGER", populations.AGE: "INTEGER"}
        table = engine.table(
            self._connection, columns, {name: types.get(name, "VARCHAR") for name in columns}
        )
        for way in np.unique(ways).tolist():
            for number, names in self._answers(self._ways[way], table):
                self._table[way * self._size + number] = self.outcomes.setdefault(
                    frozenset(names), len(self.outcomes)
                )

    def _taken_apart(self, kinds: Whole) -> tuple[Whole, list[Whole]]:
        """Return the ways of counting of some kinds, and what they are in each trait."""
        ways, rest = np.divmod(kinds, self._size)
        digits = []
        for trait in reversed(self.traits):
            rest, some = np.divmod(rest, len(trait.cells))
            digits.append(some)
        return ways, digits[::-1]

    def _put_together(self, digits: Sequence[Whole]) -> Whole:
        """Return kinds, without their ways of counting, from what they are in each trait."""
        total = digits[0]
        for trait, some in zip(self.traits[1:], digits[1:], strict=True):
            total = total * len(trait.cells) + some
        return total

    def _answers(
        self, way: Mapping[str, PopulationDefinition | None] | None, table: duckdb.DuckDBPyRelation
    ) -> Iterable[tuple[int, list[str]]]:
        """Return, for each row of a table of kinds, the names that count it, and what it does not
        tell.
        """
        tests = {f"{_UNTOLD}age": f"{populations.AGE} IS NULL"} | (
            {f"{_UNTOLD}year": "true"} if way is None else {}
        )
        for measure, one in (way or {}).items():
            if one:
                tests |= _counts(measure, one, self._cells)
                for name, test in populations.untold(one, self._cells).items():
                    tests[f"{_UNTOLD}{name}"] = (
                        f"({test}) OR ({tests.get(f'{_UNTOLD}{name}', 'false')})"
                    )
        picks = ", ".join(f"coalesce({test}, false)" for test in tests.values())
        for number, *answers in engine.select(table, "t", f"SELECT n, {picks} FROM t").fetchall():
            yield number, [name for name, answer in zip(tests, answers, strict=True) if answer]


def bare(cell: Any) -> Any:
    """Return a cell without blanks around it, as the engine reads texts; None where it is empty."""
    return cell.strip(_BLANKS) or None if isinstance(cell, str) else cell


def _keys(way: Mapping[str, PopulationDefinition | None] | None) -> tuple[object, ...] | None:
    """Return what makes two ways the same; a year that no list looks at is a year all the same."""
    return None if way is None else tuple((name, one.key) for name, one in way.items() if one)


def _counts(measure: str, one: PopulationDefinition, cells: PersonCells) -> dict[str, str]:
    """Return whether a person is counted, under each name of a measure."""
    base = populations.base(one, cells)
    if measure in NUMBERS:
        return {f"{measure}_{'persons' if populations.whole_persons(one) else 'base'}": base}
    low, high = populations.numerator(one, cells)
    return {
        f"{measure}_base": base,
        f"{measure}_low": f"({base}) AND ({low})",
        f"{measure}_high": f"({base}) AND ({high})",
    }


def _ages(law: Law) -> _Trait:
    """Return the ages between which the law makes no difference, each by the lowest."""
    versions = (*law.versions, law.chosen) if law.chosen else law.versions
    spans = [
        block.ages for version in versions for block in version.measures.values() if block.ages
    ]
    lowest = sorted(
        {
            0,
            *(
                age
                for ages in spans
                for age in (ages[0], *(last + 1 for last in ages[1:]))
                if age <= OLDEST
            ),
        }
    )
    of = {age: sum(low <= age for low in lowest) - 1 for age in range(OLDEST + 1)}
    return _Trait("age", (*lowest, None), of)


def _coded(name: str, people: PersonMap) -> _Trait:
    """Return the words of a property, what is empty, and what is none of both."""
    words = [codes for codes in people.words(name).values() if codes]
    codes: dict[Any, int] = {}
    for number, some in enumerate(words):
        codes |= {code: number for code in written_codes(some) if code not in codes}
    other = "?"
    while other in codes:
        other += "?"
    return _Trait(name, (*(some[0] for some in words), None, other), codes | {None: len(words)})


def written_codes(codes: Iterable[str]) -> Iterator[Any]:
    """Yield codes as cells have them: as texts, and as whole numbers where a column of numbers may
    have them.
    """
    for code in codes:
        yield code
        if re.fullmatch(r"-?[0-9]{1,9}", code):
            yield int(code)


def _standing_in(people: PersonMap, names: Sequence[str]) -> PersonCells:
    """Return the cells of a table of kinds: texts under the names of properties, and what is the
    same for all.
    """
    own = people.model_copy(update={"columns": {name: name for name in names}})
    return PersonCells(PersonSource("kinds", (), (), dict.fromkeys(names, "VARCHAR")), own)


def _stepped(trait: _Trait, step: int, cells: Sequence[Any]) -> Whole:
    return np.array([trait.kind(cell) * step for cell in cells], np.intp)
