"""A criteria file as frozen types: what one version of the law says, checked when it is read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from udsat.ticks import PERCENT_PER

#: How sure a fact is: the law or its notes state it, the ministry does it, it was concluded, or no
#: source confirms it.
Status = Literal["stated", "practice", "inferred", "unconfirmed"]
Comparator = Literal["exceeds", "at_least", "below"]
Unit = Literal["percent", "per_1000", "per_10000", "times"]
Years = Annotated[tuple[Annotated[int, Field(le=0, ge=-10)], ...], Field(min_length=1)]
NonEmptyText = Annotated[str, Field(min_length=1)]
#: No number of a criterion is as high as this, in any unit.
MOST_NUMBER = 10**9
PositiveCount = Annotated[int, Field(gt=0, lt=MOST_NUMBER)]
#: A line in percent below which values of less than one percent are no surprise.
_NEAR = 10


def _number(value: object) -> object:
    """Let whole numbers and decimals through: a text or a truth value is no number, whatever it
    could be read as.
    """
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise PydanticCustomError("number_type", "is no number")
    return value


PositiveNumber = Annotated[
    Decimal, BeforeValidator(_number), Field(gt=0, lt=MOST_NUMBER, strict=False)
]


class DefinitionBlock(BaseModel):
    """A block of a criteria file: unknown keys are errors, and nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Version(DefinitionBlock):
    """Which law this is and when it was in force."""

    id: NonEmptyText
    #: Which release of this file it is: a correction of what decides verdicts or their marks is a
    #: new one.
    revision: Annotated[int, Field(ge=1)] = 1
    title: NonEmptyText
    law: NonEmptyText
    in_force: dt.date
    ended: dt.date | None = None
    checked_on: dt.date
    sources: Annotated[tuple[NonEmptyText, ...], Field(min_length=1, strict=False)]


class Publication(DefinitionBlock):
    """On which day of the year the list comes out (`MM-DD`), with the years that differ."""

    day: Annotated[str, Field(pattern=r"^\d\d-\d\d$")]
    exceptions: dict[str, dt.date] = {}
    source: str = ""

    def date(self, year: int) -> dt.date:
        """Return the date of a year's list."""
        month, day = (int(part) for part in self.day.split("-"))
        return self.exceptions.get(str(year), dt.date(year, month, day))


class AreaRules(DefinitionBlock):
    """What an area in the law's sense is, and how many residents it must have."""

    danish: NonEmptyText
    english: NonEmptyText
    min_residents: PositiveCount
    min_residents_2010: PositiveCount | None = None
    #: The register that every municipality must be in; where there is none, a municipality is any
    #: text.
    municipalities: Literal["dk"] | None = None
    years: Annotated[Years, Field(strict=False)]
    source: NonEmptyText


class Measure(DefinitionBlock):
    """What is counted, among whom, and over which years (relative to the list year)."""

    danish: NonEmptyText
    english: NonEmptyText
    population: Literal["residents", "taxpayers"]
    ages: (
        Annotated[
            tuple[Annotated[int, Field(ge=0, lt=MOST_NUMBER)], ...],
            Field(min_length=1, max_length=2, strict=False),
        ]
        | None
    ) = None
    excludes: Annotated[tuple[Literal["students"], ...], Field(strict=False)] = ()
    unknown_education: Literal["counted", "not_counted"] | None = None
    #: What an education that was neither taken nor approved in Denmark counts as.
    unapproved_education: Literal["as_reported", "basic"] | None = None
    #: Each person as one, or as the part of a full-time year that the person is counted for.
    counted: Literal["persons", "full_time"] = "persons"
    kind: Literal["share", "mean"]
    years: Annotated[Years, Field(strict=False)]
    #: Which tables it is taken from. Where the columns of a table of lists hold another measure,
    #: calendar years alone.
    tables: Literal["any", "calendar_years"] = "any"
    source: NonEmptyText

    @property
    def is_mean_of_years(self) -> bool:
        """Whether the law takes the mean of several years."""
        return len(self.years) > 1

    def has_age(self, age: int) -> bool:
        """Whether persons of an age belong to the population."""
        youngest, *oldest = self.ages or (0,)
        return youngest <= age <= (oldest[0] if oldest else age)


class Criterion(DefinitionBlock):
    """A measure compared with a threshold."""

    measure: NonEmptyText
    comparator: Comparator
    threshold: PositiveNumber
    unit: Unit
    reference: Literal["national", "region"] | None = None
    source: NonEmptyText

    @property
    def line(self) -> Fraction:
        """The threshold: percent, percent of the region's mean, or a multiple of the
        national mean.
        """
        return Fraction(self.threshold) * PERCENT_PER.get(self.unit, Fraction(1))


class Label(DefinitionBlock):
    """The name of a category in Danish, as the statute spells it, and in English."""

    da: NonEmptyText
    en: NonEmptyText


class Category(DefinitionBlock):
    """What makes an area a member: so many of some criteria, all of others, years in a row."""

    label: Label
    all_of: Annotated[tuple[NonEmptyText, ...], Field(strict=False)] = ()
    count: PositiveCount | None = None
    of: Annotated[tuple[NonEmptyText, ...], Field(strict=False)] = ()
    count_column: str = ""
    years_in_row: Annotated[int, Field(gt=1, lt=MOST_NUMBER)] | None = None
    #: Residents that members need, if more than the area needs anyway.
    min_residents: PositiveCount | None = None
    source: NonEmptyText


class YearsInRow(DefinitionBlock):
    """Which lists are counted as consecutive years, and membership in which category
    counts as one.
    """

    of: NonEmptyText
    first: dt.date
    counting: Annotated[tuple[NonEmptyText, ...], Field(min_length=1, strict=False)]
    source: NonEmptyText

    def category_in(self, version: str) -> str | None:
        """Return the category that counts as a step under another version, if any."""
        return next(
            (step.split(":")[1] for step in self.counting if step.split(":")[0] == version), None
        )


class Doubt(DefinitionBlock):
    """What is not certain about a fact of this file, and which facts it touches."""

    #: The question, by the same name in every version that leaves it open.
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] | None = None
    about: Annotated[tuple[NonEmptyText, ...], Field(min_length=1, strict=False)]
    status: Status
    text: NonEmptyText
    source: NonEmptyText

    def points_in(self, *paths: str) -> list[str]:
        """Return what the doubt is about among these blocks and keys, and what is in them."""
        return [
            point
            for point in self.about
            if any(point == path or point.startswith(path + ".") for path in paths)
        ]


class CriteriaVersion(DefinitionBlock):
    """One version of the criteria: a whole snapshot of the law."""

    version: Version
    publication: Publication
    area: AreaRules
    measures: dict[str, Measure]
    criteria: dict[str, Criterion]
    categories: dict[str, Category]
    years_in_row: YearsInRow | None = None
    doubts: Annotated[tuple[Doubt, ...], Field(strict=False)] = ()

    @property
    def id(self) -> str:
        """The name of the version, such as `2018`."""
        return self.version.id

    def members(self, category: str) -> tuple[str, ...]:
        """Return every criterion that a category rests on, in the order of the file."""
        block = self.categories[category]
        names: set[str] = set()
        for name in (*block.all_of, *block.of):
            names |= {name} if name in self.criteria else set(self.members(name))
        return tuple(name for name in self.criteria if name in names)

    def lines(self, measure: str) -> tuple[Fraction, ...]:
        """Return the shares in percent from which on criteria on a measure are met, as far as they
        need no reference.
        """
        criteria = (
            one
            for one in self.criteria.values()
            if one.measure == measure and one.comparator != "below"
        )
        return tuple(one.line for one in criteria if one.reference is None)

    def may_be_small(self, measure: str) -> bool:
        """Whether values of a measure are often below one percent: its line is a multiple of a
        mean, or near one percent.
        """
        criteria = [one for one in self.criteria.values() if one.measure == measure]
        return any(one.unit == "times" or one.line < _NEAR for one in criteria)

    def doubts_about(self, *paths: str) -> tuple[Doubt, ...]:
        """Return the doubts that touch any of these blocks or keys, except those on
        what is stated.
        """
        return tuple(
            doubt for doubt in self.doubts if doubt.status != "stated" and doubt.points_in(*paths)
        )
