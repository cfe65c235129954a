"""Where the line of a criterion lies on a list: the law's threshold, or a multiple of a figure that
the law points to.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction

from udsat import ticks
from udsat.evidence.references import Reference, ReferenceTable, mean
from udsat.law.schema import Comparator, CriteriaVersion, Criterion


@dataclass(frozen=True, slots=True)
class Threshold:
    """The line of one criterion on one list, in ticks of percent; no bounds where no line is known
    that may decide.
    """

    comparator: Comparator
    low: int | None
    high: int | None
    #: The line as printed, in percent; also for an inferred line, which decides nothing.
    shown: Fraction | None
    #: Where the line comes from, if not from the statute alone.
    reference: str = ""
    #: The line is known, but inferred.
    inferred: bool = False

    @property
    def decides(self) -> bool:
        """Whether the criterion can be decided against this line."""
        return self.low is not None

    @property
    def above(self) -> bool:
        """Whether a value above the line meets the criterion."""
        return self.comparator != "below"

    @property
    def cut(self) -> int | None:
        """The tick beyond which a value is certainly beyond the line; "at least" begins one tick
        earlier.
        """
        tick = self.high if self.above else self.low
        return None if tick is None else tick - (self.comparator == "at_least")

    @property
    def cut_possible(self) -> int | None:
        """The tick beyond which a value is possibly beyond the line."""
        tick = self.low if self.above else self.high
        return None if tick is None else tick - (self.comparator == "at_least")

    @property
    def limit(self) -> int | None:
        """The tick of the line as printed."""
        return None if self.shown is None else ticks.to_ticks(min(self.shown, ticks.MOST))


def line(
    criterion: str, version: CriteriaVersion, date: dt.date, references: ReferenceTable
) -> Threshold:
    """Return the line of a criterion on the list of a date: a printed limit beats a multiple of the
    national mean.
    """
    block = version.criteria[criterion]
    if block.reference != "national":
        return _at(block, block.line, block.line, block.line)
    figure = national_reference(criterion, version, date, references)
    return Threshold(block.comparator, None, None, None) if figure is None else _of(block, figure)


def national_reference(
    criterion: str, version: CriteriaVersion, date: dt.date, references: ReferenceTable
) -> Reference | None:
    """Return the limit that the figures known of a list give a criterion on a national mean; None
    where none is known.

    A printed limit beats a mean, and a mean one that is only inferred.
    """
    block = version.criteria[criterion]
    printed = references.limit(date, criterion)
    if printed is not None and printed.decides:
        return printed
    figure = references.national(date, block.measure) or _over_years(
        block, version, date, references
    )
    if figure is None or (printed is not None and not figure.decides):
        return printed
    return replace(
        figure,
        low=figure.low * block.line,
        high=figure.high * block.line,
        shown=figure.shown * block.line,
    )


def regions(
    version: CriteriaVersion, date: dt.date, references: ReferenceTable
) -> dict[str, Reference]:
    """Return the mean incomes of the regions for a list: those given for it, else those of the year
    that the law looks at.
    """
    block = version.measures.get("gross_income")
    return references.regions(date, "gross_income") or (
        references.regions(date.year + block.years[0], "gross_income") if block else {}
    )


def scaled(block: Criterion, figure: Reference, times: Fraction) -> Threshold:
    """Return the line at a multiple of a figure; one that is only inferred decides nothing."""
    return _of(
        block,
        replace(
            figure, low=figure.low * times, high=figure.high * times, shown=figure.shown * times
        ),
    )


def _over_years(
    block: Criterion, version: CriteriaVersion, date: dt.date, references: ReferenceTable
) -> Reference | None:
    """Return the national mean over the years that the measure looks at, if each of
    them is known.
    """
    years = [
        references.national(date.year + offset, block.measure)
        for offset in version.measures[block.measure].years
    ]
    return mean([figure for figure in years if figure]) if all(years) else None


def _of(block: Criterion, figure: Reference) -> Threshold:
    if figure.decides:
        return _at(block, figure.low, figure.high, figure.shown, figure.source)
    return Threshold(block.comparator, None, None, figure.shown, figure.source, True)


def _at(
    block: Criterion, low: Fraction, high: Fraction, shown: Fraction, reference: str = ""
) -> Threshold:
    bounds = ticks.tick_bounds(min(low, ticks.MOST))[0], ticks.tick_bounds(min(high, ticks.MOST))[1]
    return Threshold(block.comparator, *bounds, shown, reference)
