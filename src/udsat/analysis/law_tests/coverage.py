"""Which cases a definition needs: either side of each line, count, gate and row of years, and each
unknown that matters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from udsat.analysis.law_tests.run import CaseRun
from udsat.analysis.records import Record
from udsat.law.cases import LawCase
from udsat.law.schema import Category, Criterion
from udsat.ticks import PERCENT_PER

#: A tenth of a percentage point, as lists print shares, is near a line.
NEAR = Fraction(1, 10)
#: Whoever asks whether there is an upper age asks of somebody as old as this.
OLDEST = 110
_UNITS = {"pct": "percent", "per_1000": "per_1000", "per_10000": "per_10000"}
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Demand:
    """A case that is asked for: what it is about, in words, whether one is there, and facts to
    begin one with.
    """

    text: str
    source: str
    met: bool
    #: The table of the file of cases that it belongs in, and its first lines without what is
    #: expected.
    kind: str = "case"
    facts: tuple[tuple[str, str], ...] = ()
    expects: tuple[str, ...] = ()


def demands(tested: CaseRun) -> list[Demand]:
    """Return every case that the definition asks for."""
    look = _Look(tested)
    version = tested.version
    found = [demand for name in version.criteria for demand in look.criterion(name)]
    found += [demand for name in version.categories for demand in look.category(name)]
    found += [
        demand for name in version.measures for demand in (*look.window(name), *look.persons(name))
    ]
    return [*found, *look.years(), *look.lists()]


def percent(found: Sequence[Demand]) -> Decimal:
    """Return the share of demands that are met, in percent, cut at one decimal so that only all of
    them are 100.
    """
    return (
        Decimal(1000 * sum(demand.met for demand in found) // len(found)) / 10
        if found
        else Decimal(100)
    )


class _Look:
    """What the cases of a definition show."""

    def __init__(self, tested: CaseRun) -> None:
        self.version, self.cases = tested.version, tested.cases
        self.seen: list[tuple[LawCase, Record]] = list(
            zip(tested.cases.case, tested.records, strict=False)
        )

    def _any(self, **expected: str) -> list[tuple[LawCase, Record]]:
        return [
            (case, row)
            for case, row in self.seen
            if all(str(case.expect.get(name)) == word for name, word in expected.items())
        ]

    # ---- lines

    def criterion(self, name: str) -> Iterator[Demand]:
        block = self.version.criteria[name]
        offsets = [
            gap for case, _ in self.seen if name in case.expect for gap in self._gaps(case, block)
        ]
        column = _column(block.measure)
        shown = f"{block.threshold} {block.unit}"
        for words, near in (("just below", _below), ("exactly at", _at), ("just above", _above)):
            met = any(near(gap) for gap in offsets)
            yield Demand(
                f"{name}: {words} its line of {shown}",
                block.source,
                met,
                "case",
                ((column, f"# {words} the line"),),
                (name,),
            )
        missing = any(
            self._is_missing(case, block.measure) for case, _ in self._any(**{name: "unknown"})
        )
        yield Demand(
            f"{name}: a missing value leaves it unknown",
            block.source,
            missing,
            "case",
            ((column, '".."'),),
            (name,),
        )
        if block.reference == "national":
            alone = any(
                not self._is_missing(case, block.measure)
                for case, _ in self._any(**{name: "unknown"})
            )
            yield Demand(
                f"{name}: without the national figure it is unknown",
                block.source,
                alone,
                "case",
                ((column, "# any"),),
                (name,),
            )

    def _gaps(self, case: LawCase, block: Criterion) -> list[Fraction]:
        """Return how far the values of a case on its list are above the line, in percent."""
        measure = self.version.measures[block.measure]
        # A value as a list prints it shows more than a mean that was formed, where a list can have
        # it.
        if case.years and measure.tables == "any":
            return []
        line, value = self._line(case, block), self._figure(case, block.measure, measure.years)
        return [] if line is None or value is None else [value - line]

    def _line(self, case: LawCase, block: Criterion) -> Fraction | None:
        if block.reference != "national":
            return block.line
        date = self.cases.date(case)
        date = date or (case.list_year and self.version.publication.date(case.list_year)) or None
        figures = [
            given.national.get(block.measure)
            for given in self.cases.references
            if given.list_date == date
        ]
        return next((Fraction(figure) * block.line for figure in figures if figure), None)

    @staticmethod
    def _value(facts: Mapping[str, Any], measure: str) -> Fraction | None:
        """Return a share or ratio that facts give as such, in percent."""
        stem = "income_ratio" if measure == "gross_income" else measure
        for end, unit in _UNITS.items():
            value = facts.get(f"{stem}_{end}")
            if isinstance(value, (int, Decimal)):
                return Fraction(value) * PERCENT_PER[unit]
        return None

    def _figure(self, case: LawCase, measure: str, years: tuple[int, ...]) -> Fraction | None:
        """Return a share or ratio on the list of a case: as given, or the mean of calendar years
        relative to it.
        """
        rows = (
            [case.years.get(str((case.list_year or 0) + offset)) for offset in years]
            if case.years
            else [{}]
        )
        values = [
            None if row is None else self._value({**self.cases.facts(case), **row}, measure)
            for row in rows
        ]
        known = [value for value in values if value is not None]
        return sum(known, Fraction(0)) / len(known) if len(known) == len(values) else None

    def _is_missing(self, case: LawCase, measure: str) -> bool:
        figure = self._figure(case, measure, self.version.measures[measure].years)
        return figure is None and not any(
            "gross_income" in facts for facts in (case.facts, *case.years.values())
        )

    def _cell(self, case: LawCase, column: str) -> object:
        """Return what a case says of its area at the reference date of its list."""
        year = str((case.list_year or 0) + self.version.area.years[-1])
        return {**self.cases.facts(case), **case.years.get(year, {})}.get(column)

    # ---- categories

    def category(self, name: str) -> Iterator[Demand]:
        block = self.version.categories[name]
        yield from self._count(name, block)
        for gate in block.all_of:
            yield from self._gate(name, gate, block)
        for column, least in self._residents(block):
            yield from self._least(name, column, least)
        if block.years_in_row:
            yield from self._row(name, block.years_in_row, block)

    def _count(self, name: str, block: Category) -> Iterator[Demand]:
        if not block.count:
            return
        k, n = block.count, len(block.of)
        met = [
            {one for one in block.of if _holds(row, one)} for _, row in self._any(**{name: "yes"})
        ]
        for member in block.of:
            there = any(len(some) == k and member in some for some in met)
            yield self._demand(
                f"{name}: exactly {k} of {n} hold, {member} among them", block, there, name
            )
        fewer = [row for _, row in self._any(**{name: "no"}) if self._gates_hold(row, block)]
        for member in block.of if k > 1 else ():
            there = any(
                _holds(row, member) and self._sum(row, block) == (k - 1, 0) for row in fewer
            )
            yield self._demand(
                f"{name}: {k - 1} of {n} hold, {member} among them", block, there, name
            )
        if k == 1:
            yield self._demand(
                f"{name}: none of {n} holds",
                block,
                any(self._sum(row, block) == (0, 0) for row in fewer),
                name,
            )
        open_ = any(
            self._sum(row, block) == (k - 1, 1) for _, row in self._any(**{name: "unknown"})
        )
        yield self._demand(f"{name}: {k - 1} of {n} hold and one is unknown", block, open_, name)
        if k < n:
            done = any(
                self._sum(row, block)[0] >= k and self._sum(row, block)[1]
                for _, row in self._any(**{name: "yes"})
            )
            yield self._demand(
                f"{name}: {k} of {n} hold, and an unknown one does not matter", block, done, name
            )

    @staticmethod
    def _sum(row: Record, block: Category) -> tuple[int, int]:
        """Return how many of the counted hold, and how many are unknown."""
        return sum(_holds(row, one) for one in block.of), sum(
            row[one] == "unknown" for one in block.of
        )

    @staticmethod
    def _gates_hold(row: Record, block: Category) -> bool:
        return all(_holds(row, gate) for gate in block.all_of)

    def _gate(self, name: str, gate: str, block: Category) -> Iterator[Demand]:
        rest = [other for other in block.all_of if other != gate]

        def others_hold(row: Record) -> bool:
            counted = not block.count or self._sum(row, block)[0] >= block.count
            return counted and all(_holds(row, other) for other in rest)

        for word, state in (("yes", "holds"), ("no", "does not hold"), ("unknown", "is unknown")):
            rows = [row for _, row in self._any(**{name: word}) if others_hold(row)]
            there = any(_state(row, gate) == word for row in rows)
            yield self._demand(f"{name}: all else holds and {gate} {state}", block, there, name)

    def _residents(self, block: Category) -> list[tuple[str, int]]:
        least = max(self.version.area.min_residents, block.min_residents or 0)
        in_2010 = self.version.area.min_residents_2010
        return [("residents", least)] + ([("residents_2010", in_2010)] if in_2010 else [])

    def _least(self, name: str, column: str, least: int) -> Iterator[Demand]:
        for word, value in (("no", str(least - 1)), ("yes", str(least)), ("unknown", '".."')):
            there = any(
                str(self._cell(case, column)) == value.strip('"')
                for case, _ in self._any(**{name: word})
            )
            words = "missing" if word == "unknown" else value
            yield Demand(
                f"{name}: {column} {words}",
                self.version.area.source,
                there,
                "case",
                ((column, value),),
                (name,),
            )

    def _row(self, name: str, least: int, block: Category) -> Iterator[Demand]:
        for word, years in (("yes", least), ("no", least - 1)):
            there = any(
                row["years_in_row"] == row["years_in_row_possible"] == years
                for _, row in self._any(**{name: word})
            )
            yield self._demand(f"{name}: {years} years in a row", block, there, name)
        there = any(
            (row["years_in_row"] or 0) < least <= (row["years_in_row_possible"] or 0)
            for _, row in self._any(**{name: "unknown"})
        )
        yield self._demand(f"{name}: a list that is not known", block, there, name)

    @staticmethod
    def _demand(text: str, block: Category, met: bool, expects: str) -> Demand:
        return Demand(text, block.source, met, "case", (), (expects,))

    # ---- years

    def window(self, measure: str) -> Iterator[Demand]:
        block = self.version.measures[measure]
        for words, other in _other_windows(block.years):
            there = any(self._differs(case, measure, other) for case, _ in self.seen)
            yield Demand(
                f"{measure}: {words}",
                block.source,
                there,
                "case",
                (("list_year", "# a year"),),
                self._on(measure)[:1],
            )

    def _differs(self, case: LawCase, measure: str, other: tuple[int, ...]) -> bool:
        """Return whether a case of calendar years comes out otherwise over other years."""
        names = [name for name in self._on(measure) if name in case.expect]
        own = self.version.measures[measure].years
        return bool(case.years) and any(
            self._side(case, name, own) != self._side(case, name, other) for name in names
        )

    def _side(self, case: LawCase, name: str, years: tuple[int, ...]) -> bool | None:
        block = self.version.criteria[name]
        line, mean = self._line(case, block), self._figure(case, block.measure, years)
        if line is None or mean is None:
            return None
        return {"exceeds": mean > line, "at_least": mean >= line, "below": mean < line}[
            block.comparator
        ]

    def _on(self, measure: str) -> tuple[str, ...]:
        return tuple(
            name for name, block in self.version.criteria.items() if block.measure == measure
        )

    def years(self) -> Iterator[Demand]:
        """Residents of the right year, and a year for each list that counts."""
        area, rule = self.version.area, self.version.years_in_row
        there = any(self._residents_matter(case) for case, _ in self.seen)
        yield Demand(
            "residents: those of another year would make a difference",
            area.source,
            there,
            "case",
            (("list_year", "# a year"),),
        )
        for step in rule.counting if rule else ():
            name, _, category = step.partition(":")
            there = any(
                category in case.listed and {"years_in_row", *self._deep()} & set(case.expect)
                for case, _ in self.seen
            )
            yield Demand(
                f"years in a row: a year as {category} under {name} counts",
                rule.source if rule else "",
                there,
            )

    def _deep(self) -> list[str]:
        return [name for name, block in self.version.categories.items() if block.years_in_row]

    def _residents_matter(self, case: LawCase) -> bool:
        year = str((case.list_year or 0) + self.version.area.years[-1])
        enough = {
            when: self._is_enough({**self.cases.facts(case), **row}.get("residents"))
            for when, row in case.years.items()
        }
        return enough.get(year, False) and not all(enough.values())

    def _is_enough(self, residents: object) -> bool:
        """Whether a cell is a number of residents, no gap and no bound, and one that the area
        needs.
        """
        return (
            isinstance(residents, (int, Decimal)) and residents >= self.version.area.min_residents
        )

    # ---- persons and lists

    def persons(self, measure: str) -> Iterator[Demand]:
        block = self.version.measures[measure]
        asked = [
            person
            for person in self.cases.person
            if person.measure == measure and person.base is not None
        ]
        youngest, *oldest = block.ages or (0,)
        ages = [(youngest, True)] + ([(youngest - 1, False)] if youngest else [])
        ages += [(oldest[0], True), (oldest[0] + 1, False)] if oldest else []
        for age, inside in ages:
            there = any(person.age == age and person.base is inside for person in asked)
            words = "belongs" if inside else "does not belong"
            yield _person(
                f"{measure}: a person of {age} {words} to the population",
                block.source,
                there,
                measure,
                age,
            )
        if not oldest:
            there = any(person.age >= OLDEST and person.base for person in asked)
            yield _person(f"{measure}: there is no upper age", block.source, there, measure, OLDEST)
        for key in ("taxpayer", "student"):
            there = any(getattr(person, key) is (key == "student") for person in asked)
            yield _person(
                f"{measure}: whether it matters to be a {key}",
                block.source,
                there,
                measure,
                youngest,
            )
        if block.unknown_education:
            there = any(
                person.education_unknown and person.counted is not None
                for person in self.cases.person
            )
            yield _person(
                f"{measure}: whether unknown education counts",
                block.source,
                there,
                measure,
                youngest,
            )

    def lists(self) -> Iterator[Demand]:
        head, publication, cases = self.version.version, self.version.publication, self.cases.list
        usual = [
            case
            for case in cases
            if case.year is not None and str(case.year) not in publication.exceptions
        ]
        yield _list("the day of the list in a usual year", publication.source, bool(usual), None)
        for year in publication.exceptions:
            yield _list(
                f"the day of the list in {year}",
                publication.source,
                any(str(case.year) == year for case in cases),
                None,
            )
        days = [(head.in_force - _DAY, False), (head.in_force, True)]
        days += [(head.ended, True), (head.ended + _DAY, False)] if head.ended else []
        for day, inside in days:
            there = any(case.date == day and case.in_force is inside for case in cases)
            yield _list(
                f"the version is {'' if inside else 'not '}in force on {day}", head.law, there, day
            )


def _other_windows(years: tuple[int, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Return the years that a measure could be taken of by mistake: one less, one more, all
    shifted.
    """
    for year in years if len(years) > 1 else ():
        yield (
            f"without the year {year} it would come out otherwise",
            tuple(other for other in years if other != year),
        )
    yield f"with the year {years[0] - 1} it would come out otherwise", (years[0] - 1, *years)
    if years[-1] < 0:
        yield f"with the year {years[-1] + 1} it would come out otherwise", (*years, years[-1] + 1)


def _person(text: str, source: str, met: bool, measure: str, age: int) -> Demand:
    return Demand(
        text, source, met, "person", (("measure", f'"{measure}"'), ("age", str(age))), ("base",)
    )


def _list(text: str, source: str, met: bool, day: dt.date | None) -> Demand:
    facts = (("date", str(day)),) if day else (("year", "# a year"),)
    return Demand(text, source, met, "list", facts, ("in_force",) if day else ("date",))


def _below(gap: Fraction) -> bool:
    return -NEAR <= gap < 0


def _at(gap: Fraction) -> bool:
    return gap == 0


def _above(gap: Fraction) -> bool:
    return 0 < gap <= NEAR


def _state(row: Record, name: str) -> str:
    word: str = row[name]
    return {"met": "yes", "not_met": "no"}.get(word, word)


def _holds(row: Record, name: str) -> bool:
    return _state(row, name) == "yes"


def _column(measure: str) -> str:
    return "income_ratio_pct" if measure == "gross_income" else f"{measure}_pct"
