"""Reading the cells of a table and of its references, for `law`: a figure is a span of possible values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

Row = Mapping[str, str]
Halves = Mapping[str, Fraction]  # half a printed unit per column, where values are rounded


class Span(NamedTuple):
    """All values from `low` to `high`; `high` itself is left out where `open_end`."""

    low: Fraction
    high: Fraction
    open_end: bool = False

    def times(self, factor: Fraction) -> Span:
        return Span(self.low * factor, self.high * factor, self.open_end)


def cell(row: Row, column: str) -> str:
    text = row.get(column, "").strip()
    return "" if text in ("..", ".", "…", ":", "-") else text


def places(text: str) -> int:
    return len(text.partition(".")[2])


def figure(text: str, half: Fraction = Fraction(0)) -> Span | None:
    """A share or an amount in its own unit; `half` is half of the last printed unit of a rounded value."""
    if text == "":
        return None
    if text.startswith("<"):
        return Span(Fraction(0), Fraction(text[1:]), open_end=True)
    if "-" in text:
        low, high = text.split("-")
        return Span(Fraction(low), Fraction(high))
    value = Fraction(text)
    if places(text) > 9:
        value, half = round(value, 9), Fraction(1, 10**9)
    return Span(value - half, value + half)


def count(text: str) -> Span | None:
    """A number of persons."""
    if text.startswith("<"):
        return Span(Fraction(0), Fraction(text[1:]) - 1)
    return figure(text)


def mean(spans: Sequence[Span | None]) -> Span | None:
    known = [span for span in spans if span is not None]
    if not known or len(known) < len(spans):
        return None
    low, high = sum(span.low for span in known), sum(span.high for span in known)
    return Span(
        Fraction(low, len(known)), Fraction(high, len(known)), any(span.open_end for span in known)
    )


def share_of_counts(row: Row, measure: str) -> Span | None:
    persons, base = count(cell(row, measure)), count(cell(row, measure + "_base"))
    if persons is None or base is None:
        return None
    fewest = max(persons.low, base.low)  # a part is no larger than its whole
    if fewest == 0:
        return None  # nobody may be there, and then there is no share
    return Span(100 * persons.low / base.high, min(100 * persons.high / fewest, Fraction(100)))


def share_as_given(row: Row, measure: str, halves: Halves) -> Span | None:
    for ending, units_in_a_percent in (("_pct", 1), ("_per_1000", 10), ("_per_10000", 100)):
        column = measure + ending
        given = figure(cell(row, column), halves.get(column, Fraction(0)))
        if given is not None:
            return given.times(Fraction(1, units_in_a_percent))
    return None


def share(
    rows: Sequence[Row], measure: str, halves: Halves, given_first: bool = False
) -> Span | None:
    """The mean over the rows: of the counts where all have them, else of the shares as given."""
    counted = [share_of_counts(row, measure) for row in rows]
    if None not in counted and not given_first:
        return mean(counted)
    given = [share_as_given(row, measure, halves) for row in rows]
    return mean([a if a is not None else b for a, b in zip(given, counted, strict=True)])


def half_units(rows: Iterable[Row]) -> dict[str, Fraction]:
    """Half a unit of the largest number of decimals, per column of shares and amounts."""
    most: dict[str, int] = {}
    for row in rows:
        for column in row:
            text = cell(row, column)
            is_measured = column == "gross_income" or column.endswith(
                ("_pct", "_per_1000", "_per_10000")
            )
            if is_measured and text and "-" not in text and "<" not in text:
                most[column] = max(most.get(column, 0), places(text))
    return {column: Fraction(1, 2 * 10**decimals) for column, decimals in most.items()}


References = Mapping[
    tuple[str, str, str, str], Span | None
]  # scope, criterion or measure, region, when


def read_references(references: Iterable[Row]) -> References:
    """What each reference says, in percent or kroner; None where it is only inferred and decides nothing."""
    per_percent = {"percent": 1, "per_1000": 10, "per_10000": 100, "dkk": 1}
    table: dict[tuple[str, str, str, str], Span | None] = {}
    for ref in references:
        text = ref["value"]
        half = Fraction(1, 2 * 10 ** places(text)) if ref.get("printed") == "yes" else Fraction(0)
        value = figure(text, half)
        if value is not None:
            value = value.times(Fraction(1, per_percent[ref["unit"]]))
        when = (
            list_day_of(ref).isoformat()
            if ref.get("list_date") or ref.get("list_year")
            else ref["year"]
        )
        name = ref["criterion"] if ref["scope"] == "limit" else ref["measure"]
        inferred = ref.get("status") == "inferred"
        table[ref["scope"], name, ref.get("region", ""), when] = None if inferred else value
    return table


def list_day(year: int) -> date:
    if year == 2010:
        return date(2010, 10, 26)
    return date(year, 10, 1) if year <= 2013 else date(year, 12, 1)


def list_day_of(row: Row) -> date:
    return (
        date.fromisoformat(row["list_date"])
        if row.get("list_date")
        else list_day(int(row["list_year"]))
    )
