"""An empty table for the law of a list: its columns with what they hold, and the figures that the
law points to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from udsat.evidence.references import Reference, ReferenceTable
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion, Criterion
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text
from udsat.tables.dictionary import Column, among, danish, inputs
from udsat.tables.headings import COUNTS, INCOMES, SHARES
from udsat.tables.validate.model import RANGES, AreaRow

#: The regions, as they are named since 2007; a mean income belongs to one of them.
REGIONS = ("Hovedstaden", "Sjælland", "Syddanmark", "Midtjylland", "Nordjylland")
#: The columns of a references sheet: those that udsat reads, then what it has itself and what the
#: figure is.
REFERENCES = (
    "list_date",
    "measure",
    "scope",
    "region",
    "criterion",
    "value",
    "unit",
    "source",
    "status",
    "udsat_has",
    "what_it_is",
)
_BEATS = (
    "Your figures of a measure replace all that udsat has of it for this list: fill in every line"
    " that you need."
)


@dataclass(frozen=True, slots=True)
class Template:
    """What an empty table holds: the columns to fill in, those that may stand beside them, and the
    references.
    """

    date: dt.date
    version: CriteriaVersion
    columns: tuple[Column, ...]
    others: tuple[Column, ...]
    references: tuple[tuple[str, ...], ...]


def template(law: Law, year: int, known: ReferenceTable, by_year: bool = False) -> Template:
    """Return the template for the list of a year, or with `by_year` for the calendar years that it
    is formed from.

    The columns are those of the model of a row that the version in force measures. `known` are the
    figures that ship; they are shown beside an empty cell and stay in force while it is empty.
    Raises `UsageError` where a year has no list.
    """
    date = law.list_date(year)
    version = law.on(date) if date else None
    if date is None or version is None or date < law.first_list():
        raise UsageError(
            Problem(
                "UD509",
                Text("there was no list in {year}", year=year),
                Text("the first list is that of {first_list}", first_list=law.first_list()),
            )
        )
    held = inputs(version, None if by_year else year)
    fields = [held[name] for name in AreaRow.model_fields if name in held]
    wanted = set(_wanted(version, by_year))
    chosen = tuple(column for column in fields if column.name in wanted)
    others = tuple(column for column in fields if column.name not in wanted)
    return Template(date, version, chosen, others, tuple(_references(version, date, known)))


def _wanted(version: CriteriaVersion, by_year: bool) -> Iterator[str]:
    """Yield the columns to fill in: for a list what it prints, with counts where one year decides;
    for years the counts.
    """
    yield from ("area", "municipality", "year" if by_year else "list_year", "residents")
    yield from ("residents_2010",) if version.area.min_residents_2010 else ()
    for name, measure in version.measures.items():
        if measure.kind == "mean":
            yield from ("region", *INCOMES)
        elif by_year:
            yield from (column for column in COUNTS if column in {name, f"{name}_base"})
        else:
            yield SHARES[[share.rpartition("_")[0] for share in SHARES].index(name)]
            yield from (
                column
                for column in COUNTS
                if column in {name, f"{name}_base"} and not measure.is_mean_of_years
            )


def limits(column: Column) -> tuple[int, int] | None:
    """Return between which numbers a cell of a column lies, by the model of a row."""
    within = RANGES.get(column.name)
    return (within.low, within.high) if within else None


def explained(column: Column) -> str:
    """Return in a few lines what a column holds, for the comment on its heading."""
    unit = f" Unit: {column.unit}." if column.unit else ""
    source = f" ({column.source})" if column.source else ""
    heading = f" In Danish lists: {danish(column.name)}." if danish(column.name) else ""
    return f"{column.holds[:1].upper()}{column.holds[1:]}{source}.{unit}{heading}"


def _references(
    version: CriteriaVersion, date: dt.date, known: ReferenceTable
) -> Iterator[tuple[str, ...]]:
    """Yield one line for each figure that the law points to and does not print, without a value."""
    pointing = [(name, block) for name, block in version.criteria.items() if block.reference]
    for measure in dict.fromkeys(block.measure for _, block in pointing):
        own = {name: block for name, block in pointing if block.measure == measure}
        if any(block.reference == "national" for block in own.values()):
            yield from _national(version, date, measure, own, known)
        else:
            yield from _regional(version, date, measure, own, known)


def _national(
    version: CriteriaVersion,
    date: dt.date,
    measure: str,
    criteria: dict[str, Criterion],
    known: ReferenceTable,
) -> Iterator[tuple[str, ...]]:
    times = ", ".join(f"{block.threshold} times it for {name}" for name, block in criteria.items())
    what = (
        f"The share in the whole country: {among(version.measures[measure])}. The line is {times}."
        f" Or give the lines below. {_BEATS}"
    )
    has = _told(known.national(date, measure), "percent")
    yield (str(date), measure, "national", "", "", "", "percent", "", "", has, what)
    for name, block in criteria.items():
        what = (
            f"The threshold of {name} itself, as the ministry prints it: {block.threshold} times"
            f" the national share. {_BEATS}"
        )
        has = _told(known.limit(date, name), "percent")
        yield (str(date), measure, "limit", "", name, "", "percent", "", "", has, what)


def _regional(
    version: CriteriaVersion,
    date: dt.date,
    measure: str,
    criteria: dict[str, Criterion],
    known: ReferenceTable,
) -> Iterator[tuple[str, ...]]:
    lines = ", ".join(
        f"{block.threshold} percent of it for {name}" for name, block in criteria.items()
    )
    held = known.regions(date, measure)
    years = ", ".join(str(date.year + year) for year in version.measures[measure].years)
    what = (
        f"The mean in the region, {years}: {among(version.measures[measure])}. The line is {lines}."
    )
    what += " Not needed where income_ratio_pct is filled in."
    for region in REGIONS:
        yield (
            str(date),
            measure,
            "region",
            region,
            "",
            "",
            "dkk",
            "",
            "",
            _told(held.get(region.casefold()), "kroner"),
            what,
        )


def _told(figure: Reference | None, unit: str) -> str:
    """Say what ships; an inferred figure never decides."""
    if figure is None:
        return "nothing: fill in, or the criterion is unknown"
    number = figure.shown.numerator / figure.shown.denominator
    inferred = "" if figure.decides else "; inferred, so it never decides"
    return f"{number:g} {unit}{inferred}; {figure.source}"
