"""The marks and reasons that travel with a verdict: proxies, doubts of the law, ties, and why something is unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw

from udsat import exact
from udsat.law.model import CriteriaVersion, Doubt
from udsat.scoring.categorise import RESIDENTS, YEARS_IN_ROW_POSSIBLE
from udsat.scoring.judge import Case, cut, limit, pair, possible
from udsat.scoring.lines import Line
from udsat.scoring.measure import Value, one_year
from udsat.scoring.outcome import Expr, by_date, compare, null_text
from udsat.scoring.streak import NEAR, Steps, Streaks
from udsat.tables.area_table import DATE, LOW, AreaTable

SEPARATOR = " | "
Doubts = tuple[Doubt, ...]
#: From the mark that says most against a verdict to the one that says least.
STATUSES = ("proxy", "assumed", "unconfirmed", "inferred", "practice", "stated")
#: Keys that a verdict does not rest on: where a rule stands. Years matter only where means over years are formed.
_CITATIONS = frozenset({"source", "danish", "english", "label"})


@dataclass(frozen=True, slots=True)
class Given:
    """What the notes of a run are about."""

    case: Case
    table: AreaTable
    streaks: Streaks
    #: The law's means and lags were formed from calendar years.
    by_year: bool
    assume_min_residents: bool


def doubts_on(version: CriteriaVersion, blocks: tuple[str, ...], by_year: bool) -> tuple[Doubt, ...]:
    """Return the doubts about blocks of a criteria file that a verdict rests on."""

    def matters(point: str) -> bool:
        key = point.rpartition(".")[2]
        inside = any(point == block or point.startswith(block + ".") for block in blocks)
        return inside and key not in _CITATIONS and (by_year or key != "years")

    return tuple(doubt for doubt in version.doubts if doubt.status != "stated" and any(map(matters, doubt.about)))


def criterion_doubts(version: CriteriaVersion, criterion: str, by_year: bool) -> tuple[Doubt, ...]:
    """Return the doubts that the outcome of a criterion rests on."""
    blocks = (f"criteria.{criterion}", f"measures.{version.criteria[criterion].measure}")
    return doubts_on(version, blocks, by_year)


def notes(given: Given) -> Expr:
    """Return one text per row: its marks and reasons, with ` | ` between them; null where there are none."""
    case = given.case
    texts: list[Expr] = []
    for criterion in case.criteria():
        texts += _of_criterion(given, criterion, list(case.versions), _brief)
    return _joined([*texts, *_proxies(given).values(), *_residents(given), *_years(given)])


def _text(condition: Expr, text: str) -> Expr:
    return nw.when(condition).then(nw.lit(text))


def criterion_note(given: Given, criterion: str, dates: Sequence[dt.date]) -> Expr:
    """Return the note of one criterion in the long form: doubts in full sentences, then reasons and the proxy."""
    texts = _of_criterion(given, criterion, dates, _in_full)
    texts += [note for measure, note in _proxies(given).items() if measure in _measures(given, criterion, dates)]
    return _joined(texts)


def _joined(texts: Sequence[Expr]) -> Expr:
    if not texts:
        return null_text()
    joined = nw.concat_str(*texts, separator=SEPARATOR, ignore_nulls=True)
    return nw.when(joined != "").then(joined)


def _measures(given: Given, criterion: str, dates: Sequence[dt.date]) -> set[str]:
    return {given.case.versions[date].criteria[criterion].measure for date in dates}


def _of_criterion(given: Given, criterion: str, dates: Sequence[dt.date], wording: Callable[[Doubts], str]) -> list[Expr]:
    """Return the notes on one criterion; each is empty where the criterion has no value or the version lacks it."""
    found = {date: given.case.versions[date].criteria.get(criterion) for date in dates}
    measures = {block.measure for block in found.values() if block} & given.case.values.keys()
    texts: list[Expr] = []
    for measure in sorted(measures):
        value = given.case.values[measure]
        lines = {date: given.case.lines[date, criterion] for date, block in found.items() if block and block.measure == measure}
        there = ~value.low.is_null()
        if len(lines) < len(dates):
            there = there & nw.col(DATE).is_in(list(lines))
        texts += [note for note in (_mark(given, criterion, lines, there, wording), _no_line(criterion, value, lines, there)) if note is not None]
        if any(line.shown is not None for line in lines.values()):
            texts.append(_tie(given.case, criterion, value, there))
        if not value.exact or any(line.low != line.high for line in lines.values()):
            texts.append(_inside(given.case, criterion, there))
        if value.one_year:
            texts.append(_one_year(criterion, measure, {date: given.case.versions[date] for date in lines}))
    return texts


def _mark(
    given: Given, criterion: str, lines: Mapping[dt.date, Line], there: Expr, wording: Callable[[Doubts], str]
) -> Expr | None:
    doubts = {date: criterion_doubts(given.case.versions[date], criterion, given.by_year) for date in lines}
    marks = {date: f"{criterion}: {wording(some)}" if some else "" for date, some in doubts.items()}
    return nw.when(there).then(by_date(marks, lambda mark: nw.lit(mark) if mark else null_text())) if any(marks.values()) else None


def _brief(doubts: Doubts) -> str:
    """Name doubts in few words: `practice (ages)`; the long form and the criteria file have the sentences."""
    words = [f"{doubt.status} ({', '.join(dict.fromkeys(point.rpartition('.')[2] for point in doubt.about))})" for doubt in doubts]
    return ", ".join(dict.fromkeys(words))


def _in_full(doubts: Doubts) -> str:
    return "; ".join(f"{doubt.status}, {doubt.text}" for doubt in doubts)


def _no_line(criterion: str, value: Value, lines: Mapping[dt.date, Line], there: Expr) -> Expr | None:
    """Say that no limit is known, or that one is, but inferred, and what it would make of the value."""
    if all(line.decides for line in lines.values()):
        return None
    unknown = f"{criterion}: unknown, "

    def build(line: Line | None) -> Expr:
        if line is None:
            return null_text()
        if line.shown is None:
            return nw.lit(unknown + "no limit is known for this list")
        tick = nw.lit(line.limit)
        would = compare(line.above, value.low, value.high, tick - int(line.comparator == "at_least"), tick - int(line.comparator == "at_least"))
        start = f"{unknown}the limit {exact.cut(line.shown)} is inferred and does not decide; against it it would "
        no = nw.when(would.possible == 0).then(nw.lit(start + "not be met")).otherwise(nw.lit(start + "be open"))
        return nw.when(would.certain == 1).then(nw.lit(start + "be met")).otherwise(no)

    return nw.when(there).then(by_date({date: None if line.decides else line for date, line in lines.items()}, build))


def _tie(case: Case, criterion: str, value: Value, there: Expr) -> Expr:
    half, line = min(value.half, exact.TICKS // 2), limit(case, criterion)
    near = (value.shown >= line - half) & (value.shown <= line + half) if half else value.shown == line
    return _text(there & near, f"{criterion}: the value equals its line to the printed decimals")


def _inside(case: Case, criterion: str, there: Expr) -> Expr:
    judged = pair(criterion)
    unknown = (judged.certain == 0) & (judged.possible == 1) & there & ~cut(case, criterion).is_null()
    return _text(unknown, f"{criterion}: unknown, the line lies inside what the value or the limit may be")


def _one_year(criterion: str, measure: str, versions: Mapping[dt.date, CriteriaVersion]) -> Expr:
    means = {date: version.measures[measure].is_mean_of_years for date, version in versions.items()}
    text = nw.lit(f"{criterion}: the counts of one year stand for the law's mean over years")
    return nw.when(nw.col(one_year(measure))).then(by_date(means, lambda is_mean: text if is_mean else null_text()))


def _proxies(given: Given) -> dict[str, Expr]:
    return {
        measure: nw.when(~given.case.values[measure].low.is_null() & ~nw.col(f"{measure}_proxy").is_null()).then(
            nw.concat_str(nw.lit(f"{measure}: proxy, "), nw.col(f"{measure}_proxy"))
        )
        for measure in given.table.proxies
        if measure in given.case.values
    }


def _residents(given: Given) -> list[Expr]:
    missing = nw.col("residents" + LOW).is_null() if given.table.residents else nw.lit(1) == 1
    text = "residents: assumed to be as many as the law asks" if given.assume_min_residents else "residents: missing"
    texts = [_text(missing, text)]
    specs = {date: _area_mark(version) for date, version in given.case.versions.items()}
    if any(specs.values()):
        matters = (nw.col(possible(RESIDENTS)) == 1) if given.table.residents else nw.lit(1) == 1
        texts.append(by_date(specs, lambda mark: _text(matters, mark) if mark else null_text()))
    return texts


def _area_mark(version: CriteriaVersion) -> str:
    doubts = doubts_on(version, ("area.min_residents", "area.min_residents_2010"), False)
    return f"residents: {_brief(doubts)}" if doubts else ""


def _years(given: Given) -> list[Expr]:
    texts = []
    specs = {date: _year_words(given, date) for date in given.case.versions}
    if any(specs.values()):
        looked_back = nw.col(YEARS_IN_ROW_POSSIBLE) > 1
        texts.append(by_date(specs, lambda words: _text(looked_back, words) if words else null_text()))
    if given.streaks.marked:
        start = "years in a row: the name is near '"
        name = nw.concat_str(nw.lit(start), nw.col(NEAR), nw.lit("' on the published lists, not proven to be the same"))
        texts.append(nw.when(~nw.col(NEAR).is_null()).then(name))
    return texts


def _year_words(given: Given, date: dt.date) -> str:
    steps = given.streaks.steps.get(date)
    version = given.case.versions[date]
    if steps is None:
        return ""
    deep = [name for name, category in version.categories.items() if category.years_in_row]
    doubts = doubts_on(version, tuple(f"categories.{name}" for name in deep) + ("years_in_row",), False) if deep else ()
    return f"years in a row: {basis(steps)}" + (f"; {_brief(doubts)}" if doubts else "")


def basis(steps: Steps) -> str:
    """Say which earlier years rest on published lists, on the table's own rows, and on nothing.

    >>> basis(Steps(2014, (2014, 2015, 2016), (2017,), ()))
    'published lists 2014-2016, own rows 2017'
    """
    parts = (("published lists", steps.published), ("own rows", steps.own), ("nothing known of", steps.unknown))
    return ", ".join(f"{words} {spans(years)}" for words, years in parts if years) or "the first list that counts"


def spans(years: tuple[int, ...]) -> str:
    """Return years as spans.

    >>> spans((2014, 2015, 2016, 2018))
    '2014-2016, 2018'
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
