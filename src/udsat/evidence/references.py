"""The references that the law points to: national shares, regional incomes, and the ministry's
printed limits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from udsat import ticks
from udsat.evidence.given_files import read_given
from udsat.law.loader import Law, criteria_folder
from udsat.messages.problems import Problem, TableError
from udsat.messages.text import EMPTY, Text, listed, of_error
from udsat.tables.headings import MEASURES
from udsat.tables.readers.csv import cells_of, read_plain
from udsat.tables.readers.raw import TextTable
from udsat.tables.validate import cells

Scope = Literal["national", "region", "limit"]
_SCOPES = ("national", "region", "limit")
_STATUSES = ("stated", "inferred")
_NEEDED = ("measure", "scope", "value", "unit")


@dataclass(frozen=True, slots=True)
class Reference:
    """One figure: every value from `low` to `high`, in percent or kroner, with where
    it comes from.
    """

    low: Fraction
    high: Fraction
    shown: Fraction
    source: str
    status: str

    @property
    def decides(self) -> bool:
        """Whether a verdict may rest on it: an inferred figure never decides."""
        return self.status == "stated"


@dataclass(frozen=True, slots=True)
class _ReferenceRow:
    when: dt.date | int
    measure: str
    scope: Scope
    region: str
    criterion: str
    figure: Reference


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """All figures of a run, by date of the list or by calendar year."""

    rows: tuple[_ReferenceRow, ...]
    #: File names and their SHA-256, for the provenance.
    sources: tuple[tuple[str, str], ...] = ()

    def limit(self, date: dt.date, criterion: str) -> Reference | None:
        """Return the limit that the ministry printed for a criterion on the list of a date."""
        return self._one(
            row
            for row in self.rows
            if row.when == date and row.scope == "limit" and row.criterion == criterion
        )

    def national(self, when: dt.date | int, measure: str) -> Reference | None:
        """Return the national share at a list date or in a calendar year."""
        return self._one(
            row
            for row in self.rows
            if row.when == when and row.scope == "national" and row.measure == measure
        )

    def regions(self, when: dt.date | int, measure: str) -> dict[str, Reference]:
        """Return the mean of each region at a list date or in a calendar year, by plain name."""
        return {
            row.region: row.figure
            for row in self.rows
            if row.when == when and row.scope == "region" and row.measure == measure
        }

    def instead(
        self,
        date: dt.date,
        limits: Mapping[str, tuple[str, Reference]],
        regions: Mapping[str, Reference],
    ) -> ReferenceTable:
        """Return the figures with others for the list of a date: by criterion the measure and
        limit, and regional incomes.
        """
        kept = [row for row in self.rows if row.when != date]
        kept += [
            _ReferenceRow(date, measure, "limit", "", criterion, figure)
            for criterion, (measure, figure) in limits.items()
        ]
        kept += [
            _ReferenceRow(date, "gross_income", "region", region, "", figure)
            for region, figure in regions.items()
        ]
        return replace(self, rows=tuple(kept))

    @staticmethod
    def _one(rows: Iterable[_ReferenceRow]) -> Reference | None:
        return next((row.figure for row in rows), None)


def figure_row(
    when: dt.date | int, measure: str, scope: Scope, region: str, figure: Reference
) -> _ReferenceRow:
    """Return a national or regional figure as a row of a reference table; `region` is
    a plain name.
    """
    return _ReferenceRow(when, measure, scope, region, "", figure)


def mean(figures: Sequence[Reference]) -> Reference:
    """Return the mean of figures of several years."""
    count = len(figures)
    return Reference(
        sum((figure.low for figure in figures), Fraction(0)) / count,
        sum((figure.high for figure in figures), Fraction(0)) / count,
        sum((figure.shown for figure in figures), Fraction(0)) / count,
        "; ".join(dict.fromkeys(figure.source for figure in figures)),
        "stated" if all(figure.decides for figure in figures) else "inferred",
    )


def plain_region(name: str) -> str:
    """Return a region's name as it is compared: without case and the word Region.

    >>> plain_region("Region Sjælland")
    'sjælland'
    """
    return " ".join(name.casefold().split()).removeprefix("region ").strip()


def references(files: Sequence[str], law: Law) -> ReferenceTable:
    """Return the shipped figures and the user's; the user's rows for a measure and date replace all
    shipped ones for it.

    Raises `TableError` with every row that cannot be used.
    """
    shipped = criteria_folder() / "references.csv"
    own = [_load(read_given(name, "references"), law, False) for name in files]
    rows = [row for part, _ in own for row in part]
    if twice := _repeated(rows, ", ".join(files)):
        raise TableError(twice)
    replaced = {(row.measure, row.when) for row in rows}
    printed, digest = _load(read_plain(shipped.read_bytes(), shipped.name), law, True)
    kept = [row for row in printed if (row.measure, row.when) not in replaced]
    sources = [(shipped.name, digest), *zip(files, (digest for _, digest in own), strict=True)]
    return ReferenceTable((*rows, *kept), tuple(sources))


def _load(raw: TextTable, law: Law, printed: bool) -> tuple[list[_ReferenceRow], str]:
    headings = [heading.strip().casefold() for heading in raw.headings]
    missing = [name for name in _NEEDED if name not in headings]
    if missing or not {"list_date", "list_year", "year"} & set(headings):
        wanted = ", ".join(missing) or "list_date, list_year or year"
        hint = Text(
            "a reference table has list_date, measure, scope, region, criterion, value,"
            " unit, source, status"
        )
        message = Text("the column {wanted} is missing", wanted=wanted)
        raise TableError(Problem("UD309", message, hint, raw.name, 1))
    comma, point, unclear = cells.evidence(
        row[headings.index("value")] for _, row in raw.rows if len(row) == len(headings)
    )
    if (comma and point) or (unclear and not comma and not point):
        shown = unclear or f"{comma}' and '{point}"
        hint = Text("write all values with a decimal point and without thousands marks")
        message = Text("'{shown}' can be read in two ways", shown=shown)
        raise TableError(Problem("UD308", message, hint, raw.name, column="value"))
    decimal = "comma" if comma and not point else "point"
    rows: list[_ReferenceRow] = []
    problems: list[Problem] = []
    for line, cells_ in raw.rows:
        try:
            given = cells_of(cells_, headings)
            if given["value"]:  # a line of a template that nobody filled in says nothing
                rows.append(_row(given, law, decimal, printed, raw.name))
        except ValueError as error:
            problems.append(Problem("UD309", of_error(error), EMPTY, raw.name, line))
    problems += _repeated(rows, raw.name)
    if problems:
        raise TableError(problems)
    return rows, raw.digest


def _row(given: dict[str, str], law: Law, decimal: str, printed: bool, file: str) -> _ReferenceRow:
    measure, scope, unit = given["measure"], given["scope"], given["unit"]
    _one_of("measure", measure, MEASURES)
    _one_of("scope", scope, _SCOPES)
    _one_of("unit", unit, (*ticks.PERCENT_PER, "dkk"))
    if (unit == "dkk") != (measure == "gross_income"):
        raise ValueError(Text("the unit of {measure} cannot be {unit}", measure=measure, unit=unit))
    if scope == "limit" and not given.get("criterion"):
        raise ValueError(Text("a limit names its criterion"))
    if scope == "region" and not given.get("region"):
        raise ValueError(Text("a regional figure names its region"))
    status = given.get("status") or "stated"
    _one_of("status", status, _STATUSES)
    if (carried := cells.unit(given["value"])) and carried != {"percent": "%", "dkk": "kr"}.get(
        unit
    ):
        raise ValueError(
            Text("'{given}' carries another unit than {unit}", given=given["value"], unit=unit)
        )
    number = cells.number(
        cells.normal(
            given["value"], "point" if isinstance(given["value"], cells.Plain) else decimal
        )
    )
    if (number.low != number.high and number.shown is None) or number.low <= 0:
        raise ValueError(
            Text("'{given}' is no figure that can be compared with", given=given["value"])
        )
    low, high, shown = (
        Fraction(value) for value in (number.low, number.high, number.shown or number.low)
    )
    if given.get("value_exact"):
        low = high = shown = _whole(given["value_exact"], shown)
    if printed:
        half = Fraction(1, 2 * 10**number.places)
        low, high = low - half, high + half
    per = ticks.PERCENT_PER.get(unit, Fraction(1))
    if unit != "dkk" and high * per > 100:
        raise ValueError(Text("'{given}' is more than 100 percent", given=given["value"]))
    figure = Reference(low * per, high * per, shown * per, given.get("source") or file, status)
    region = plain_region(given.get("region", ""))
    when, criterion = _when(given, law), given.get("criterion", "")
    return _ReferenceRow(when, measure, scope, region, criterion, figure)  # type: ignore[arg-type]


def _whole(text: str, shown: Fraction) -> Fraction:
    """Return the fraction that a figure of many decimals stands for, as in `823/407`; its decimals
    are the value cut at nine.
    """
    over, mark, under = text.partition("/")
    if not (mark and over.isdecimal() and under.isdecimal() and int(under)):
        raise ValueError(Text("'{text}' is no fraction such as 823/407", text=text))
    fraction = Fraction(int(over), int(under))
    if abs(fraction - shown) >= Fraction(1, ticks.NANO):
        raise ValueError(Text("'{text}' is not the value beside it", text=text))
    return fraction


def _one_of(what: str, word: str, words: Iterable[str]) -> None:
    if word not in words:
        raise ValueError(
            Text(
                "'{word}' is no {what}; give one of {names}",
                word=word,
                what=what,
                names=", ".join(words),
            )
        )


def _when(given: dict[str, str], law: Law) -> dt.date | int:
    if len(dates := [name for name in ("list_date", "list_year", "year") if given.get(name)]) > 1:
        raise ValueError(
            Text("the row has both {names_and}; give one", names_and=listed(dates, "and"))
        )
    if given.get("list_date"):
        return cells.date(given["list_date"])
    year = given.get("list_year") or given.get("year", "")
    if not (year.isdecimal() and len(year) == 4):
        raise ValueError(Text("'{year}' is no date or year", year=year))
    if not given.get("list_year"):
        return int(year)
    date = law.list_date(int(year))
    if date is None:
        raise ValueError(Text("there was no list in {year}", year=year))
    return date


def _repeated(rows: Sequence[_ReferenceRow], file: str) -> list[Problem]:
    keys = [(row.when, row.measure, row.scope, row.region, row.criterion) for row in rows]
    return [
        Problem(
            "UD309",
            Text("two figures for {names}", names=", ".join(str(part) for part in key if part)),
            Text("keep one"),
            file,
        )
        for key in dict.fromkeys(keys)
        if keys.count(key) > 1
    ]
