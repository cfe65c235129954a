"""The annotations of every row of a run, as a text of the engine and as values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import narwhals as nw

from udsat.law import doubts
from udsat.messages.annotation import SEPARATOR, Annotation
from udsat.messages.language import spans
from udsat.messages.text import Text, joined, listed
from udsat.scoring import reasons
from udsat.scoring.annotation_rules import AnnotationRule, Annotations, Given, numbers_of
from udsat.scoring.categories import YEARS_IN_ROW_POSSIBLE
from udsat.scoring.three_valued import Expr, any_of, by_date
from udsat.scoring.years_in_row.earlier_lists import Steps

#: The column of a frame with the notes on each row.
NOTES = "udsat_notes"


@dataclass(frozen=True, slots=True)
class Rules:
    """All that rows may be told, in the order in which it is written."""

    #: What every row with a value of a measure is told.
    marks: tuple[AnnotationRule, ...]
    #: What only some rows are told.
    reasons: tuple[AnnotationRule, ...]
    #: What stands at the end: on the area, and on the years in a row of rows that have some.
    area: AnnotationRule
    years: AnnotationRule

    @property
    def all(self) -> tuple[AnnotationRule, ...]:
        """Every rule, in the order in which annotations are written."""
        return *self.marks, *self.reasons, self.area, self.years


def rules(given: Given) -> Rules:
    """Return what the rows of a run may be told."""
    versions = given.case.versions
    found = [
        rule
        for name in given.case.criteria()
        for rule in reasons.of_criterion(given, name, list(versions))
    ]
    found += [
        *reasons.proxies(given).values(),
        *reasons.residents(given),
        *reasons.names(given),
    ]
    area = {
        date: doubts.as_annotations(doubts.of_residents(version), [doubts.RESIDENTS])
        for date, version in versions.items()
    }
    years = {date: _of_years(given, date) for date in versions}
    return Rules(
        (*_chosen(given), *_marks(given)),
        tuple(found),
        AnnotationRule(nw.lit(True), area),
        AnnotationRule(nw.col(YEARS_IN_ROW_POSSIBLE) >= 1, years),
    )


def noted(frame: nw.LazyFrame[Any], given: Given) -> tuple[nw.LazyFrame[Any], Expr]:
    """Return a frame, and what gives the notes on its rows as a text, with ` | ` between them.

    Most rows have the same few marks as all of their list, so these are written out once; the
    others are joined. A text has a column of its own, because an expression that asks whether it is
    empty would make it twice.
    """
    all_rules = rules(given)
    usual, with_years = _usual(all_rules, list(given.case.versions))
    is_other = any_of(
        [~rule.condition for rule in all_rules.marks]
        + [rule.condition for rule in all_rules.reasons]
    )
    made = nw.concat_str(
        *(rule.written() for rule in all_rules.all), separator=SEPARATOR, ignore_nulls=True
    )
    whole = (
        nw.when(all_rules.years.condition)
        .then(by_date(with_years, nw.lit))
        .otherwise(by_date(usual, nw.lit))
    )
    return (
        frame.with_columns(nw.when(is_other).then(made).otherwise(whole).alias(NOTES)),
        nw.when(nw.col(NOTES) != "").then(nw.col(NOTES)),
    )


def _usual(
    all_rules: Rules, dates: Sequence[dt.date]
) -> tuple[Mapping[dt.date, str], Mapping[dt.date, str]]:
    """Return the notes that most rows of a list have, and those of rows with years in a row."""

    def text(date: dt.date, of: Sequence[AnnotationRule]) -> str:
        return SEPARATOR.join(filter(None, (rule.text(date) for rule in of)))

    usual = (*all_rules.marks, all_rules.area)
    return (
        {date: text(date, usual) for date in dates},
        {date: text(date, (*usual, all_rules.years)) for date in dates},
    )


def criterion_rules(given: Given, criterion: str, dates: Sequence[dt.date]) -> list[AnnotationRule]:
    """Return what the row of one criterion is told: doubts, reasons and proxies, and at a tie how
    values are rounded.
    """
    versions = {date: given.case.versions[date] for date in dates}
    found = {
        date: doubts.as_annotations(doubts.of_criterion(version, criterion, given.by_year), ())
        for date, version in versions.items()
    }
    measures = {version.criteria[criterion].measure for version in versions.values()}
    proxies = reasons.proxies(given)
    every = [
        AnnotationRule(nw.lit(True), found),
        *reasons.of_criterion(given, criterion, dates),
        *(rule for measure, rule in proxies.items() if measure in measures),
    ]
    if (tie := reasons.tie(given.case, criterion)) is not None:
        rounding = {
            date: doubts.as_annotations(doubts.of_rounding(version), ())
            for date, version in versions.items()
        }
        every.append(AnnotationRule(tie, rounding))
    return every


def criterion_note(given: Given, criterion: str, dates: Sequence[dt.date]) -> Expr:
    """Return the note of one criterion in the long form, with doubts in sentences."""
    texts = [rule.written(full=True) for rule in criterion_rules(given, criterion, dates)]
    joined = nw.concat_str(*texts, separator=SEPARATOR, ignore_nulls=True)
    return nw.when(joined != "").then(joined)


def numbered(found: Sequence[AnnotationRule]) -> Expr:
    """Return the rules that hold for a row as a text, which `Reader` turns into annotations."""
    return nw.concat_str(
        *(rule.numbered(number) for number, rule in enumerate(found)),
        separator="\n",
        ignore_nulls=True,
    )


class Reader:
    """Reads what `numbered` gives; rows of a list are mostly told the same."""

    def __init__(self, found: Sequence[AnnotationRule]) -> None:
        """Read by these rules."""
        self._rules = found
        self.read = cache(self._read)

    def _read(self, numbers: str | None, date: dt.date) -> Annotations:
        """Return the annotations of a row on the list of a date."""
        return tuple(
            one
            for number, cells in numbers_of(numbers or "")
            for one in self._rules[number].read(date, cells)
        )


def _chosen(given: Given) -> list[AnnotationRule]:
    """Return the mark of lists that the user has judged by another law than theirs, with what that
    law defines otherwise.
    """
    found: dict[dt.date, Annotations] = {}
    for date, version in given.case.versions.items():
        own = given.law.in_force(date)
        found[date] = ()
        if given.law.chosen and own and own.id != version.id:
            found[date] = (_by_choice(version.id, own.id, doubts.changed(own, version)),)
    return [AnnotationRule(nw.lit(True), found)] if any(found.values()) else []


def _by_choice(version: str, own: str, changed: Sequence[str]) -> Annotation:
    text = Text("{version} by choice; the law of this list is {own}", version=version, own=own)
    if changed:
        text = Text(
            "{version} by choice; the law of this list is {own}, which defines {measures_and}"
            " otherwise",
            version=version,
            own=own,
            measures_and=listed(changed, "and"),
        )
    return Annotation("criteria_chosen", (doubts.CRITERIA,), text)


def _marks(given: Given) -> list[AnnotationRule]:
    """Return, for each measure with a value, the doubts that the criteria on it carry
    on each list.
    """
    found = []
    for measure, value in given.case.values.items():
        of_lists = {
            date: doubts.of_measure(version, measure, given.by_year)
            for date, version in given.case.versions.items()
        }
        if any(of_lists.values()):
            found.append(AnnotationRule(~value.low.is_null(), of_lists))
    return found


def _of_years(given: Given, date: dt.date) -> Annotations:
    steps = given.streaks.steps.get(date)
    if steps is None or not (steps.published or steps.own or steps.unknown):
        return ()
    rests_on = Annotation("years_known", (doubts.YEARS,), basis(steps))
    of_law = doubts.of_years_in_row(given.case.versions[date])
    return rests_on, *doubts.as_annotations(of_law, [doubts.YEARS], continues=True)


def basis(steps: Steps) -> Text:
    """Say which earlier years rest on published lists, on the table's own rows, and on nothing.

    >>> basis(Steps(2014, (2014, 2015, 2016), (2017,), (), (2015,)))
    'published lists 2014-2016; of these derived from published changes: 2015; own rows, if any, of 2017'
    """  # noqa: E501
    published, derived, partial = map(spans, (steps.published, steps.derived, steps.partial))
    own, unknown = spans(steps.own), spans(steps.unknown)
    parts = [
        (published, Text("published lists {published}", published=published)),
        (derived, Text("of these derived from published changes: {derived}", derived=derived)),
        (partial, Text("lists known in part: {partial}", partial=partial)),
        (own, Text("own rows, if any, of {own}", own=own)),
        (unknown, Text("nothing known of {unknown}", unknown=unknown)),
    ]
    found = [text for years, text in parts if years]
    return joined(found, "; ") if found else Text("the first list that counts")
