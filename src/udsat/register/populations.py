"""The populations that the law declares, as conditions on person rows: who is in the base, and who
in the numerator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from udsat.law.loader import Law
from udsat.law.schema import Measure
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text
from udsat.register.cells import PersonCells
from udsat.register.mapping import NUMBERS

#: What a measure is about, as persons tell it.
_TOLD_BY = {
    "outside_labour_market": "outside_labour_market",
    "convicted": "convicted",
    "basic_education": "education",
    "gross_income": "gross_income",
    "non_western": "origin",
}
_EXCLUDED = {"students": "student"}
#: The age of a person as a whole number, among the columns of the table.
AGE = "udsat_age"
_KEYS = (
    "population",
    "ages",
    "excludes",
    "unknown_education",
    "unapproved_education",
    "counted",
    "kind",
)


@dataclass(frozen=True, slots=True)
class PopulationDefinition:
    """How a version of the law counts a measure."""

    measure: str
    block: Measure

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two definitions the same: whom they count, not where they stand."""
        return tuple(getattr(self.block, key) for key in _KEYS)

    def needs(self) -> tuple[str, ...]:
        """Return the properties of persons that the definition asks for."""
        found = [_TOLD_BY[self.measure]]
        found += ["age"] if self.block.ages else []
        found += [_EXCLUDED[name] for name in self.block.excludes]
        if self.measure == "basic_education" and self.block.unapproved_education == "basic":
            found.append("education_approved")
        return tuple(found)


def of_year(law: Law, year: int) -> dict[str, PopulationDefinition | None]:
    """Return how each measure of a calendar year is counted: as the lists do that look at that
    year; None where none does.

    Raises `UsageError` where two of these lists define a measure differently, or in a way that
    persons cannot tell.
    """
    names = dict.fromkeys(name for version in law.versions for name in version.measures)
    found: dict[str, PopulationDefinition | None] = dict.fromkeys(names)
    chosen = law.chosen
    for name in [*names, *(chosen.measures if chosen else ())]:
        blocks = (
            [chosen.measures[name]]
            if chosen and name in chosen.measures
            else []
            if chosen
            else _blocks(law, name, year)
        )
        kinds = {
            PopulationDefinition(name, block).key: PopulationDefinition(name, block)
            for block in blocks
        }
        if len(kinds) > 1:
            hint = Text("say with --criteria under which version to count")
            raise UsageError(
                Problem(
                    "UD712",
                    Text(
                        "the lists that look at {year} define {name} differently",
                        year=year,
                        name=name,
                    ),
                    hint,
                )
            )
        found[name] = _told(next(iter(kinds.values()))) if kinds else None
    return found


def _blocks(law: Law, name: str, year: int) -> list[Measure]:
    """Return the block of a measure in each version whose lists look at a year."""
    offsets = {
        offset
        for version in law.versions
        if name in version.measures
        for offset in version.measures[name].years
    }
    blocks = []
    for offset in offsets:
        date = law.list_date(year - offset)
        version = law.in_force(date) if date else None
        block = version.measures.get(name) if version else None
        if block and offset in block.years:
            blocks.append(block)
    return blocks


def _told(one: PopulationDefinition) -> PopulationDefinition:
    if one.measure not in _TOLD_BY or (one.block.kind == "mean") != (one.measure == "gross_income"):
        hint = Text("the person rows are of {names}", names=", ".join(_TOLD_BY))
        raise UsageError(
            Problem(
                "UD711",
                Text(
                    "the criteria ask for {measure}, which person rows do not have",
                    measure=one.measure,
                ),
                hint,
            )
        )
    return one


def base(one: PopulationDefinition, cells: PersonCells) -> str:
    """Return whether a person is in the base of a measure."""
    tests = _ages(one.block.ages)
    if one.block.population == "taxpayers":
        tests += _taxed(cells)
    tests += [f"NOT {cells.is_word(_EXCLUDED[name], ['yes'])}" for name in one.block.excludes]
    return " AND ".join(tests) or "true"


def _taxed(cells: PersonCells) -> list[str]:
    return (
        [cells.is_word("taxpayer", ["yes"])]
        if cells.map.given("taxpayer")
        else [f"NOT {cells.is_empty('gross_income')}"]
    )


def _ages(ages: tuple[int, ...] | None) -> list[str]:
    if not ages:
        return []
    return [f"{AGE} >= {ages[0]}"] if len(ages) == 1 else [f"{AGE} BETWEEN {ages[0]} AND {ages[1]}"]


def numerator(one: PopulationDefinition, cells: PersonCells) -> tuple[str, str]:
    """Return whether a person of the base is certainly counted, and whether possibly: for measures
    that count persons.
    """
    name = _TOLD_BY[one.measure]
    if one.measure == "basic_education":
        test = cells.is_word(
            name, ["basic", "unknown"] if one.block.unknown_education == "counted" else ["basic"]
        )
        if one.block.unapproved_education == "basic":
            test = (
                f"({test} OR ({cells.is_word(name, ['other'])} AND"
                f" {cells.is_word('education_approved', ['no'])}))"
            )
        return test, test
    word = "non_western" if one.measure == "non_western" else "yes"
    return cells.is_word(name, [word]), cells.is_word(name, [word, "unknown"])


def untold(one: PopulationDefinition, cells: PersonCells) -> dict[str, str]:
    """Return, by property, whether a row does not tell what the measure needs to know of it; never
    null.
    """
    name = _TOLD_BY[one.measure]
    found = {other: f"NOT {cells.is_known(other)}" for other in _decisive(one, cells)}
    found = {other: " AND ".join([*_ages(one.block.ages), test]) for other, test in found.items()}
    if name in NUMBERS:
        number, parts, _ = cells.number(name)
        within = (
            f"({number}) BETWEEN 0 AND {parts}"
            if name == "outside_labour_market"
            else f"({number}) IS NOT NULL"
        )
        found[name] = f"({base(one, cells)}) AND NOT coalesce({within}, false)"
    else:
        found[name] = f"({base(one, cells)}) AND NOT {cells.is_known(name)}"
    if "education_approved" in one.needs():
        other = f"{cells.is_word(name, ['other'])} AND NOT {cells.is_known('education_approved')}"
        found["education_approved"] = f"({base(one, cells)}) AND {other}"
    return {other: f"coalesce({test}, false)" for other, test in found.items()}


def _decisive(one: PopulationDefinition, cells: PersonCells) -> list[str]:
    """Return the properties by which a person of the right age is in the base or not."""
    taxed = one.block.population == "taxpayers" and cells.map.given("taxpayer")
    return [*(_EXCLUDED[name] for name in one.block.excludes), *(["taxpayer"] if taxed else [])]


def whole_persons(one: PopulationDefinition) -> bool:
    """Whether a measure that adds parts of a year counts everyone with such a part as one."""
    return one.measure == "outside_labour_market" and one.block.counted == "persons"


@dataclass(frozen=True, slots=True)
class Run:
    """Years in a row for which a measure is counted alike; `definition` is None where no list looks
    at them.
    """

    first: int
    last: int
    definition: PopulationDefinition | None


Runs = Mapping[str, tuple[Run, ...]]


def measures(law: Law) -> tuple[str, ...]:
    """Return the measures that persons are counted for."""
    versions = (law.chosen,) if law.chosen else law.versions
    return tuple(dict.fromkeys(name for version in versions for name in version.measures))


def runs(law: Law, years: Sequence[int]) -> dict[str, tuple[Run, ...]]:
    """Return how each measure is counted over the years of a table, from the first to the last of
    them.
    """
    found: dict[str, list[Run]] = {}
    for year in range(min(years), max(years) + 1):
        for name, one in of_year(law, year).items():
            some = found.setdefault(name, [])
            same = some and (some[-1].definition.key if some[-1].definition else None) == (
                one.key if one else None
            )
            some[-1:] = (
                [Run(some[-1].first, year, some[-1].definition)]
                if same
                else [*some[-1:], Run(year, year, one)]
            )
    return {
        name: tuple(some) for name, some in found.items() if any(run.definition for run in some)
    }
