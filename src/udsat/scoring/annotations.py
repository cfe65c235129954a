"""The marks and reasons that travel with a verdict: proxies, doubts of the law, ties, and why
something is unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import narwhals as nw

from udsat import ticks
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion, Doubt, Measure
from udsat.messages.language import spans
from udsat.scoring.annotation_text import PROXY, SEPARATOR, escaped, escaped_column
from udsat.scoring.categories import YEARS_IN_ROW_POSSIBLE, enough
from udsat.scoring.criteria import Case, cut, limit, pair
from udsat.scoring.earlier_lists import Steps, Streaks
from udsat.scoring.measures import WITHOUT_MEAN, MeasuredValue, one_year
from udsat.scoring.three_valued import (
    Expr,
    any_of,
    by_date,
    compare,
    flag,
    null_text,
    on_dates,
    total,
)
from udsat.scoring.thresholds import Threshold
from udsat.tables.area_table import DATE, AreaTable
from udsat.ticks import HIGH, LOW

#: The columns of a frame with the notes on each row, as a number and as a text.
CODE, NOTES = "udsat_coded_notes", "udsat_notes"
_IS_OTHER, _IS_WRITTEN = "udsat_has_own_notes", "udsat_has_written_notes"
#: Bits of a whole number, without its sign and one more.
_BITS = 62
Doubts = tuple[Doubt, ...]
#: From the mark that says most against a verdict to the one that says least.
STATUSES = ("proxy", "assumed", "unconfirmed", "inferred", "practice", "stated")
#: Keys that a verdict does not rest on: where a rule stands. Years matter only where means over
#: years are formed.
_CITATIONS = frozenset({"source", "danish", "english", "label"})
#: Keys that bear on counts of calendar years alone: a share that a list prints has them in it.
_OF_YEARS = frozenset({"years", "counted", "unapproved_education"})


@dataclass(frozen=True, slots=True)
class Given:
    """What the notes of a run are about."""

    case: Case
    table: AreaTable
    streaks: Streaks
    #: The law's means and lags were formed from calendar years.
    by_year: bool
    assume_min_residents: bool
    law: Law


def doubts_on(
    version: CriteriaVersion, blocks: tuple[str, ...], by_year: bool
) -> tuple[Doubt, ...]:
    """Return the doubts about blocks of a criteria file that a verdict rests on."""

    def matters(point: str) -> bool:
        key = point.rpartition(".")[2]
        inside = any(point == block or point.startswith(block + ".") for block in blocks)
        return inside and key not in _CITATIONS and (by_year or key not in _OF_YEARS)

    return tuple(
        doubt
        for doubt in version.doubts
        if doubt.status != "stated" and any(map(matters, doubt.about))
    )


def criterion_doubts(version: CriteriaVersion, criterion: str, by_year: bool) -> tuple[Doubt, ...]:
    """Return the doubts that the outcome of a criterion rests on."""
    blocks = (f"criteria.{criterion}", f"measures.{version.criteria[criterion].measure}")
    return doubts_on(version, blocks, by_year)


@dataclass(frozen=True, slots=True)
class Note:
    """A text that a row has where a condition holds: the same for all rows, for those of a list, or
    written from cells.
    """

    condition: Expr
    text: str | Mapping[dt.date, str] | Expr

    @property
    def written(self) -> Expr:
        """The text, on rows where the condition holds."""
        if isinstance(self.text, str):
            text: Expr = nw.lit(self.text)
        else:
            text = by_date(self.text, _lit) if isinstance(self.text, Mapping) else self.text
        return nw.when(self.condition).then(text)


@dataclass(frozen=True, slots=True)
class Codes:
    """What the numbers mean that packed notes are kept as.

    A row with the notes that its list usually has is told by the place of these among `usual`,
    counted down from -1. Other rows have a bit for each note, and above these bits the place of
    their list's date.
    """

    notes: tuple[Note, ...]
    dates: tuple[dt.date, ...]
    usual: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether a whole number has room for all notes."""
        return len(self.notes) + len(self.dates).bit_length() < _BITS

    def place(self, usual: str) -> Expr:
        """Return the number of notes that a list usually has."""
        return _whole(-1 - self.usual.index(usual))

    def code(self) -> Expr:
        """Return the number of a row's own notes."""
        places = by_date(
            {date: place << len(self.notes) for place, date in enumerate(self.dates)}, _whole
        )
        return total(
            [
                places,
                *(
                    nw.when(note.condition).then(_whole(1 << n)).otherwise(_whole(0))
                    for n, note in enumerate(self.notes)
                ),
            ]
        )

    def text(self, code: int) -> str:
        """Return the notes that a number stands for, with ` | ` between them; empty where there are
        none.
        """
        if code < 0:
            return self.usual[-1 - code]
        date = self.dates[code >> len(self.notes)]
        return SEPARATOR.join(
            filter(None, (_on(note, date) for n, note in enumerate(self.notes) if code >> n & 1))
        )


@dataclass(frozen=True, slots=True)
class _Notes:
    """All that rows may be told: the marks of every row with a value, the reasons of some rows, and
    what stands at the end.
    """

    marks: list[Note]
    reasons: list[Note]
    later: tuple[Note, Note]
    #: What most rows of a list have, and what those have that have years in a row.
    usual: Mapping[dt.date, str]
    with_years: Mapping[dt.date, str]

    @property
    def from_cells(self) -> list[Note]:
        """Notes that no number can stand for."""
        return [note for note in self.reasons if not isinstance(note.text, str | Mapping)]

    def codes(self) -> Codes:
        """Return what the numbers of packed notes mean."""
        notes = [
            note
            for note in (*self.marks, *self.reasons, *self.later)
            if isinstance(note.text, str | Mapping)
        ]
        return Codes(
            tuple(notes),
            tuple(self.usual),
            tuple(sorted({*self.usual.values(), *self.with_years.values()})),
        )


def _notes(given: Given) -> _Notes:
    marks, later = [*_chosen(given), *_marks(given)], _later(given)
    usual = {
        date: SEPARATOR.join(filter(None, (_on(note, date) for note in [*marks, later[0]])))
        for date in given.case.versions
    }
    with_years = {
        date: SEPARATOR.join(filter(None, (text, _on(later[1], date))))
        for date, text in usual.items()
    }
    return _Notes(marks, _reasons(given), later, usual, with_years)


def codes(given: Given) -> Codes:
    """Return what the numbers of packed notes mean."""
    return _notes(given).codes()


def noted(
    frame: nw.LazyFrame[Any], given: Given, packed: bool = False
) -> tuple[nw.LazyFrame[Any], Expr]:
    """Return a frame, and what gives the notes on its rows: their marks and reasons as a text, with
    ` | ` between them.

    Most rows have the same few marks as all of their list, so these are written out once; the
    others are joined. A text has a column of its own, because an expression that asks whether it is
    empty would make it twice. Packed, notes are numbers of `codes`; where some can be none, a
    struct of a `code` and a `text`, of which one is there.
    """
    notes = _notes(given)
    in_years = notes.later[1].condition
    is_other = any_of(
        [~mark.condition for mark in notes.marks] + [note.condition for note in notes.reasons]
    )
    made = nw.concat_str(
        *(note.written for note in [*notes.marks, *notes.reasons, *notes.later]),
        separator=SEPARATOR,
        ignore_nulls=True,
    )
    text = nw.when(nw.col(NOTES) != "").then(nw.col(NOTES))
    if not packed:
        whole = (
            nw.when(in_years)
            .then(by_date(notes.with_years, nw.lit))
            .otherwise(by_date(notes.usual, nw.lit))
        )
        return frame.with_columns(nw.when(is_other).then(made).otherwise(whole).alias(NOTES)), text
    # In a step of its own: an expression that two columns read is made as a truth value, which
    # takes twice as long.
    frame, own = frame.with_columns(flag(is_other).alias(_IS_OTHER)), nw.col(_IS_OTHER) == 1
    known, code = notes.codes(), nw.col(CODE)
    usual = (
        nw.when(in_years)
        .then(by_date(notes.with_years, known.place))
        .otherwise(by_date(notes.usual, known.place))
    )
    if known.is_complete and not notes.from_cells:
        return (
            frame.with_columns(nw.when(own).then(known.code()).otherwise(usual).alias(CODE)),
            code,
        )
    unsaid = (
        any_of([note.condition for note in notes.from_cells]) if known.is_complete else nw.lit(True)
    )
    frame = frame.with_columns(
        nw.when(own).then(flag(unsaid)).otherwise(nw.lit(0)).alias(_IS_WRITTEN)
    )
    is_written = nw.col(_IS_WRITTEN) == 1
    bits = known.code() if known.is_complete else _whole(0)
    coded = nw.when(~is_written).then(nw.when(own).then(bits).otherwise(usual))
    frame = frame.with_columns(coded.alias(CODE), nw.when(is_written).then(made).alias(NOTES))
    return frame, nw.struct(code.alias("code"), text.alias("text"))


def _reasons(given: Given) -> list[Note]:
    """Return what only some rows are told."""
    found = [
        note
        for name in given.case.criteria()
        for note in _of_criterion(given, name, list(given.case.versions))
    ]
    return [*found, *_proxies(given).values(), *_residents(given), *_near(given)]


def _later(given: Given) -> tuple[Note, Note]:
    """Return the marks that stand at the end: on the area, and on the years in a row of rows that
    have some.
    """
    area = {date: _area_mark(version) for date, version in given.case.versions.items()}
    back = {date: _year_words(given, date) for date in given.case.versions}
    return Note(nw.lit(True), area), Note(nw.col(YEARS_IN_ROW_POSSIBLE) >= 1, back)


def _on(note: Note, date: dt.date) -> str:
    """Return the text of a note on the list of a date."""
    return note.text.get(date, "") if isinstance(note.text, Mapping) else str(note.text)


def _chosen(given: Given) -> list[Note]:
    """Return the mark of lists that the user has judged by another law than theirs, with what that
    law defines otherwise.
    """
    texts = {}
    for date, version in given.case.versions.items():
        own = given.law.in_force(date)
        if given.law.chosen and own and own.id != version.id:
            other = changed(own, version)
            otherwise = f", which defines {' and '.join(other)} otherwise" if other else ""
            texts[date] = escaped(
                f"criteria: {version.id} by choice; the law of this list is {own.id}{otherwise}"
            )
    return [Note(nw.lit(True), texts)] if texts else []


def changed(old: CriteriaVersion, new: CriteriaVersion) -> list[str]:
    """Return the measures by which two versions mean different persons."""
    return [
        name
        for name, block in old.measures.items()
        if name in new.measures and _differs(block, new.measures[name])
    ]


def _differs(one: Measure, other: Measure) -> bool:
    """Whether two versions mean different persons by a measure."""
    keys = (
        "population",
        "ages",
        "excludes",
        "unknown_education",
        "unapproved_education",
        "counted",
    )
    return any(getattr(one, key) != getattr(other, key) for key in keys)


def _marks(given: Given) -> list[Note]:
    """Return, for each measure with a value, the marks that the criteria on it carry
    on each list.
    """
    marks = []
    for measure, value in given.case.values.items():
        texts = {
            date: _criteria_mark(given, version, measure)
            for date, version in given.case.versions.items()
        }
        if any(texts.values()):
            marks.append(Note(~value.low.is_null(), texts))
    return marks


def _criteria_mark(given: Given, version: CriteriaVersion, measure: str) -> str:
    """Return a mark such as `crime, prevention_crime: practice (ages)`; criteria with the same
    doubts share one.
    """
    of: dict[str, list[str]] = {}
    for name, block in version.criteria.items():
        if block.measure == measure and (doubts := criterion_doubts(version, name, given.by_year)):
            of.setdefault(_brief(doubts), []).append(name)
    return SEPARATOR.join(f"{', '.join(names)}: {words}" for words, names in of.items())


def _whole(number: int) -> Expr:
    return nw.lit(number, dtype=nw.Int64)


def _lit(text: str) -> Expr:
    return nw.lit(text) if text else null_text()


def ties(given: Given) -> dict[str, Expr]:
    """Return, for each criterion, where a value equals its line to the printed decimals."""
    found = {}
    for name in given.case.criteria():
        blocks = {
            date: block
            for date, version in given.case.versions.items()
            if (block := version.criteria.get(name))
        }
        values = {block.measure: given.case.values.get(block.measure) for block in blocks.values()}
        [value] = values.values() if len(values) == 1 else [None]
        if value and any(given.case.lines[date, name].shown is not None for date in blocks):
            found[name] = _tie(
                given.case, name, value, on_dates(blocks, given.case.versions)
            ).condition
    return found


def criterion_note(given: Given, criterion: str, dates: Sequence[dt.date]) -> Expr:
    """Return the note of one criterion in the long form: doubts in full sentences, then reasons and
    the proxy.
    """
    versions = {date: given.case.versions[date] for date in dates}
    doubts = {
        date: escaped(_in_full(criterion_doubts(version, criterion, given.by_year)))
        for date, version in versions.items()
    }
    found = _of_criterion(given, criterion, dates)
    measures = {version.criteria[criterion].measure for version in versions.values()}
    found += [note for measure, note in _proxies(given).items() if measure in measures]
    if (tie := ties(given).get(criterion)) is not None:
        rounding = {
            date: escaped(_in_full(_of_rounding(version))) for date, version in versions.items()
        }
        found.append(Note(tie, rounding))
    return _joined([by_date(doubts, _lit), *(note.written for note in found)])


def _of_rounding(version: CriteriaVersion) -> Doubts:
    """Return the doubts about all criteria alike, on which a verdict rests where a value is on its
    line.
    """
    return tuple(
        doubt for doubt in version.doubts if doubt.status != "stated" and "criteria" in doubt.about
    )


def _joined(texts: Sequence[Expr]) -> Expr:
    if not texts:
        return null_text()
    joined = nw.concat_str(*texts, separator=SEPARATOR, ignore_nulls=True)
    return nw.when(joined != "").then(joined)


def _of_criterion(given: Given, criterion: str, dates: Sequence[dt.date]) -> list[Note]:
    """Return the reasons on one criterion; none holds where the criterion has no value or the
    version lacks it.
    """
    found = {date: given.case.versions[date].criteria.get(criterion) for date in dates}
    measures = {block.measure for block in found.values() if block} & given.case.values.keys()
    reasons: list[Note] = []
    for measure in sorted(measures):
        value = given.case.values[measure]
        lines = {
            date: given.case.lines[date, criterion]
            for date, block in found.items()
            if block and block.measure == measure
        }
        here = on_dates(lines, dates)
        there = here & ~value.low.is_null()
        if not all(line.decides for line in lines.values()):
            reasons.extend(_no_line(given.case, criterion, value, lines, there))
        if any(line.shown is not None for line in lines.values()):
            reasons.append(_tie(given.case, criterion, value, here))
        if not value.exact or any(line.low != line.high for line in lines.values()):
            reasons.append(_inside(given.case, criterion, there))
        if value.one_year:
            reasons.append(
                _one_year(
                    criterion, measure, {date: given.case.versions[date] for date in lines}, there
                )
            )
    return reasons


def _brief(doubts: Doubts) -> str:
    """Name doubts in few words: `practice (ages)`; the long form and the criteria file have the
    sentences.
    """
    keys: dict[str, list[str]] = {}
    for doubt in doubts:
        keys.setdefault(doubt.status, []).extend(point.rpartition(".")[2] for point in doubt.about)
    return ", ".join(f"{status} ({', '.join(dict.fromkeys(of))})" for status, of in keys.items())


def _in_full(doubts: Doubts) -> str:
    return "; ".join(f"{doubt.status}, {doubt.text}" for doubt in doubts)


def _no_line(
    case: Case,
    criterion: str,
    value: MeasuredValue,
    lines: Mapping[dt.date, Threshold],
    there: Expr,
) -> Iterator[Note]:
    """Say that no limit is known, or that one is, but inferred, and what it would make of the
    value.
    """
    unknown = f"{criterion}: unknown, "
    open_there = there & cut(case, criterion).is_null()
    inferred = {
        date: line for date, line in lines.items() if not line.decides and line.limit is not None
    }
    if others := [date for date in lines if date not in inferred]:
        yield Note(
            open_there & on_dates(others, case.versions),
            unknown + "no limit is known for this list",
        )
    if inferred:

        def outcome(line: Threshold) -> Expr:
            tick = nw.lit((line.limit or 0) - (line.comparator == "at_least"))
            would = compare(line.above, value.low, value.high, tick, tick)
            return would.certain + would.possible

        here = open_there & on_dates(inferred, case.versions)
        for found, words in ((2, "be met"), (1, "be open"), (0, "not be met")):
            start = {
                date: f"{unknown}the limit {ticks.cut(line.shown or Fraction(0))}"
                for date, line in inferred.items()
            }
            texts = {
                date: f"{text} is inferred and does not decide; against it it would {words}"
                for date, text in start.items()
            }
            yield Note(here & (by_date(inferred, outcome) == found), texts)


def _tie(case: Case, criterion: str, value: MeasuredValue, here: Expr) -> Note:
    half, line = min(value.half, ticks.TICKS // 2), limit(case, criterion)
    # Not by their difference: engines make what is asked for twice for all rows, and most lines are
    # the same for all.
    near = (
        (value.shown >= line - half) & (value.shown <= line + half) if half else value.shown == line
    )
    return Note(
        here & near,
        f"{criterion}: the value equals its line" + (" to the printed decimals" if half else ""),
    )


def _inside(case: Case, criterion: str, there: Expr) -> Note:
    judged = pair(criterion)
    unknown = (
        (judged.certain == 0) & (judged.possible == 1) & there & ~cut(case, criterion).is_null()
    )
    return Note(
        unknown, f"{criterion}: unknown, the line lies inside what the value or the limit may be"
    )


def _one_year(
    criterion: str, measure: str, versions: Mapping[dt.date, CriteriaVersion], there: Expr
) -> Note:
    means = {date: version.measures[measure].is_mean_of_years for date, version in versions.items()}
    text = f"{criterion}: the counts of one year stand for the law's mean over years"
    return Note(there & nw.col(one_year(measure)) & by_date(means, nw.lit), text)


def _proxies(given: Given) -> dict[str, Note]:
    return {
        measure: Note(
            ~given.case.values[measure].low.is_null() & ~nw.col(f"{measure}_proxy").is_null(),
            nw.concat_str(nw.lit(f"{measure}: {PROXY}"), escaped_column(f"{measure}_proxy")),
        )
        for measure in given.table.proxies
        if measure in given.case.values
    }


def _residents(given: Given) -> list[Note]:
    missing = nw.col("residents" + LOW).is_null() if given.table.residents else nw.lit(True)
    text = (
        "residents: assumed to be as many as the law asks"
        if given.assume_min_residents
        else "residents: missing"
    )
    found = [Note(missing, text)]
    if given.table.residents and not given.table.residents_exact:
        low, high = nw.col("residents" + LOW), nw.col("residents" + HIGH)
        words = nw.concat_str(
            nw.lit("residents: known only as "),
            low.cast(nw.String),
            nw.lit(" to "),
            high.cast(nw.String),
        )
        found.append(Note(~low.is_null() & (low != high), words))
    if given.table.residents_2010:
        found += _residents_2010(given)
    if given.table.kroner:
        text = (
            "income: unknown, no mean income of its region that may decide is known for this list"
        )
        found.append(Note(nw.col(WITHOUT_MEAN), text))
    return found


def _residents_2010(given: Given) -> Iterator[Note]:
    """Yield what the residents of 2010 leave undecided or rule out, on the lists that
    ask for them.
    """
    asked = {
        date: least
        for date, version in given.case.versions.items()
        if (least := version.area.min_residents_2010)
    }
    if not asked:
        return
    name, here = "residents_2010", on_dates(asked, given.case.versions)
    low, high = nw.col(name + LOW), nw.col(name + HIGH)
    yield Note(here & low.is_null(), "residents: those of 2010 missing")
    for least in sorted(set(asked.values())):
        these = on_dates([date for date in asked if asked[date] == least], given.case.versions)
        yield Note(
            these & (enough(name, True, least, False).possible == 0),
            nw.concat_str(
                nw.lit("residents: "), high.cast(nw.String), nw.lit(f" in 2010, {least} needed")
            ),
        )


def area_doubts(version: CriteriaVersion) -> Doubts:
    """Return the doubts about how many residents an area must have."""
    return doubts_on(version, ("area.min_residents", "area.min_residents_2010"), False)


def year_doubts(version: CriteriaVersion) -> Doubts:
    """Return the doubts about years in a row, of a version that counts them for a category."""
    deep = [name for name, category in version.categories.items() if category.years_in_row]
    return (
        doubts_on(version, (*(f"categories.{name}" for name in deep), "years_in_row"), False)
        if deep
        else ()
    )


def in_full(text: str, version: CriteriaVersion) -> str:
    """Return a note on an area with its doubts in sentences, where it names them in few words."""
    for doubts in (area_doubts(version), year_doubts(version)):
        text = text.replace(_brief(doubts), _in_full(doubts)) if doubts else text
    return text


def _area_mark(version: CriteriaVersion) -> str:
    doubts = area_doubts(version)
    return f"residents: {_brief(doubts)}" if doubts else ""


def _near(given: Given) -> list[Note]:
    """Say of every name that is near a listed one which it is, and of a municipality that is none,
    on the lists that count years.
    """
    found = _no_municipality(given)
    for area, town, listed in given.streaks.near:
        named = nw.col("area") == area
        if given.table.municipality:
            named &= nw.col("municipality") == town if town else nw.col("municipality").is_null()
        text = (
            f"years in a row: the name is near '{escaped(listed)}' on the published lists, not"
            " proven to be the same"
        )
        found.append(
            Note(
                named.fill_null(False) & nw.col(DATE).is_in(list(given.streaks.steps)), nw.lit(text)
            )
        )
    return found


def _no_municipality(given: Given) -> list[Note]:
    dates = [date for date, one in given.streaks.steps.items() if one.published or one.partial]
    if not (dates and given.streaks.unknown_towns):
        return []
    none = nw.col("municipality").fill_null("").is_in(list(given.streaks.unknown_towns)) & nw.col(
        DATE
    ).is_in(dates)
    before, after = (
        "years in a row: '",
        "' is no known municipality, so published lists say nothing of the area",
    )
    return [
        Note(none, nw.concat_str(nw.lit(before), escaped_column("municipality"), nw.lit(after)))
    ]


def _year_words(given: Given, date: dt.date) -> str:
    steps = given.streaks.steps.get(date)
    version = given.case.versions[date]
    if steps is None or not (steps.published or steps.own or steps.unknown):
        return ""
    doubts = year_doubts(version)
    return f"years in a row: {basis(steps)}" + (f"; {_brief(doubts)}" if doubts else "")


def basis(steps: Steps) -> str:
    """Say which earlier years rest on published lists, on the table's own rows, and on nothing.

    >>> basis(Steps(2014, (2014, 2015, 2016), (2017,), (), (2015,)))
    'published lists 2014-2016; of these derived from published changes: 2015; own rows, if any, of 2017'
    """  # noqa: E501
    parts = {
        "published lists": steps.published,
        "of these derived from published changes:": steps.derived,
        "lists known in part:": steps.partial, "own rows, if any, of": steps.own,
        "nothing known of": steps.unknown,
    }  # fmt: skip
    return (
        "; ".join(f"{words} {spans(years)}" for words, years in parts.items() if years)
        or "the first list that counts"
    )
