"""A criteria file as frozen types: what one version of the law says, checked when it is read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from udsat.exact import PERCENT_PER

#: How sure a fact is: the law or its notes state it, the ministry does it, it was concluded, or no source confirms it.
Status = Literal["stated", "practice", "inferred", "unconfirmed"]
Comparator = Literal["exceeds", "at_least", "below"]
Unit = Literal["percent", "per_1000", "per_10000", "times"]
Years = Annotated[tuple[Annotated[int, Field(le=0, ge=-10)], ...], Field(min_length=1)]
Text = Annotated[str, Field(min_length=1)]


class Block(BaseModel):
    """A block of a criteria file: unknown keys are errors, and nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Version(Block):
    """Which law this is and when it was in force."""

    id: Text
    title: Text
    law: Text
    in_force: dt.date
    ended: dt.date | None = None
    checked_on: dt.date
    sources: Annotated[tuple[Text, ...], Field(min_length=1, strict=False)]


class Publication(Block):
    """On which day of the year the list comes out (`MM-DD`), with the years that differ."""

    day: Annotated[str, Field(pattern=r"^\d\d-\d\d$")]
    exceptions: dict[str, dt.date] = {}
    source: str = ""

    def date(self, year: int) -> dt.date:
        """Return the date of a year's list."""
        month, day = (int(part) for part in self.day.split("-"))
        return self.exceptions.get(str(year), dt.date(year, month, day))


class Area(Block):
    """What an area in the law's sense is, and how many residents it must have."""

    danish: Text
    english: Text
    min_residents: Annotated[int, Field(gt=0)]
    min_residents_2010: Annotated[int, Field(gt=0)] | None = None
    years: Annotated[Years, Field(strict=False)]
    source: Text


class Measure(Block):
    """What is counted, among whom, and over which years (relative to the list year)."""

    danish: Text
    english: Text
    population: Text
    ages: Annotated[tuple[int, ...], Field(min_length=1, max_length=2, strict=False)] | None = None
    excludes: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    unknown_education: Literal["counted", "not_counted"] | None = None
    kind: Literal["share", "mean"]
    years: Annotated[Years, Field(strict=False)]
    source: Text

    @property
    def is_mean_of_years(self) -> bool:
        """Whether the law takes the mean of several years."""
        return len(self.years) > 1


class Criterion(Block):
    """A measure held against a line."""

    measure: Text
    comparator: Comparator
    threshold: Annotated[Decimal, Field(gt=0, strict=False)]
    unit: Unit
    reference: Literal["national", "region"] | None = None
    source: Text

    @property
    def line(self) -> Fraction:
        """The threshold: percent, percent of the region's mean, or a multiple of the national mean."""
        return Fraction(self.threshold) * PERCENT_PER.get(self.unit, Fraction(1))


class Label(Block):
    """The name of a category in Danish, as the statute spells it, and in English."""

    da: Text
    en: Text


class Category(Block):
    """What makes an area a member: so many of some criteria, all of others, years in a row."""

    label: Label
    all_of: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    count: Annotated[int, Field(gt=0)] | None = None
    of: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    count_column: str = ""
    years_in_row: Annotated[int, Field(gt=1)] | None = None
    source: Text


class YearsInRow(Block):
    """Which lists are counted as consecutive years, and membership in which category counts as one."""

    of: Text
    first: dt.date
    counting: Annotated[tuple[Text, ...], Field(min_length=1, strict=False)]
    source: Text

    def category_in(self, version: str) -> str | None:
        """Return the category that counts as a step under another version, if any."""
        return next((step.split(":")[1] for step in self.counting if step.split(":")[0] == version), None)


class Doubt(Block):
    """What is not certain about a fact of this file, and which facts it touches."""

    about: Annotated[tuple[Text, ...], Field(min_length=1, strict=False)]
    status: Status
    text: Text
    source: Text

    def touches(self, path: str) -> bool:
        """Whether the doubt is about a block or key, or something in it."""
        return any(point == path or point.startswith(path + ".") for point in self.about)


class CriteriaVersion(Block):
    """One version of the criteria: a whole snapshot of the law."""

    version: Version
    publication: Publication
    area: Area
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

    def doubts_about(self, *paths: str) -> tuple[Doubt, ...]:
        """Return the doubts that touch any of these blocks or keys, except those on what is stated."""
        return tuple(doubt for doubt in self.doubts if doubt.status != "stated" and any(doubt.touches(path) for path in paths))

    @model_validator(mode="after")
    def _names_refer_upwards(self) -> CriteriaVersion:
        wrong = [*self._unknown_measures(), *self._unknown_members(), *self._unknown_steps(), *self._lost_doubts()]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _unknown_measures(self) -> list[str]:
        wrong = [
            f"criteria.{name}: measure '{criterion.measure}' is not defined"
            for name, criterion in self.criteria.items()
            if criterion.measure not in self.measures
        ]
        for name, criterion in self.criteria.items():
            if (criterion.unit == "times") != (criterion.reference == "national"):
                wrong.append(f"criteria.{name}: unit 'times' and reference 'national' belong together")
        return wrong

    def _unknown_members(self) -> list[str]:
        wrong: list[str] = []
        above: set[str] = set(self.criteria)
        for name, category in self.categories.items():
            missing = [member for member in (*category.all_of, *category.of) if member not in above]
            wrong += [f"categories.{name}: '{member}' is not defined above" for member in missing]
            if (category.count or 0) > len(category.of) or bool(category.count) != bool(category.of):
                wrong.append(f"categories.{name}: count and of do not fit")
            if category.years_in_row and self.years_in_row is None:
                wrong.append(f"categories.{name}: years_in_row needs the block [years_in_row]")
            above.add(name)
        return wrong

    def _unknown_steps(self) -> list[str]:
        block = self.years_in_row
        if block is None or (block.of in self.categories and all(step.count(":") == 1 for step in block.counting)):
            return []
        return ["years_in_row: of names a category, counting lists 'version:category'"]

    def _lost_doubts(self) -> list[str]:
        tree = self.model_dump()
        return [f"doubts: '{point}' is not in this file" for d in self.doubts for point in d.about if not _found(tree, point)]


def _found(tree: object, path: str) -> bool:
    for key in path.split("."):
        if not isinstance(tree, dict) or key not in tree:
            return False
        tree = tree[key]
    return tree is not None
