"""Reasons that single rows are told: why a criterion is open, ties, proxies, residents, names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import narwhals as nw

from udsat import ticks
from udsat.law import doubts
from udsat.messages.annotation import Annotation
from udsat.messages.text import Text
from udsat.scoring.annotation_rules import AnnotationRule, Given, RowValue
from udsat.scoring.categories import enough
from udsat.scoring.criteria import Case, cut, limit, pair
from udsat.scoring.measures import WITHOUT_MEAN, MeasuredValue, one_year
from udsat.scoring.three_valued import Expr, by_date, compare, on_dates
from udsat.scoring.thresholds import Threshold
from udsat.tables.area_table import DATE
from udsat.ticks import HIGH, LOW

#: Codes that other modules ask for.
PROXY, TIE, INFERRED_LIMIT, NO_REGIONAL_MEAN = "proxy", "tie", "limit_inferred", "no_regional_mean"
#: Codes of what is about single areas, and not about all of a list.
OF_AREAS = frozenset({PROXY, TIE, "one_year", "residents_assumed", "name_near"})
ThresholdsByDate = Mapping[dt.date, Threshold]


def has(annotations: Iterable[Annotation], code: str, criterion: str) -> bool:
    """Whether a row has an annotation of a kind about a criterion."""
    return any(one.code == code and criterion in one.about for one in annotations)


def of_criterion(given: Given, criterion: str, dates: Sequence[dt.date]) -> list[AnnotationRule]:
    """Return the reasons on one criterion; none holds where the criterion has no value or the
    version lacks it.
    """
    rules: list[AnnotationRule] = []
    for measure, lines in sorted(_lines(given.case, criterion, dates).items()):
        value = given.case.values[measure]
        here = on_dates(lines, dates)
        there = here & ~value.low.is_null()
        if not all(line.decides for line in lines.values()):
            rules.extend(_no_line(given.case, criterion, value, lines, there))
        if any(line.shown is not None for line in lines.values()):
            rules.append(_tie(given.case, criterion, value, here))
        if not value.exact or any(line.low != line.high for line in lines.values()):
            rules.append(_inside(given.case, criterion, there))
        if value.one_year:
            rules.append(_one_year(given.case, criterion, measure, lines, there))
    return rules


def _lines(case: Case, criterion: str, dates: Sequence[dt.date]) -> dict[str, ThresholdsByDate]:
    """Return the lines of a criterion by list, for each measure with values that a version holds
    against it.
    """
    found: dict[str, dict[dt.date, Threshold]] = {}
    for date in dates:
        block = case.versions[date].criteria.get(criterion)
        if block and block.measure in case.values:
            found.setdefault(block.measure, {})[date] = case.lines[date, criterion]
    return dict(found)


def _no_line(
    case: Case, criterion: str, value: MeasuredValue, lines: ThresholdsByDate, there: Expr
) -> Iterator[AnnotationRule]:
    """Say that no limit is known, or that one is, but inferred, and what it would make of the
    value.
    """
    open_there = there & cut(case, criterion).is_null()
    inferred = {
        date: line for date, line in lines.items() if not line.decides and line.limit is not None
    }
    if others := [date for date in lines if date not in inferred]:
        text = Text("unknown, no limit is known for this list")
        found = Annotation("limit_unknown", (criterion,), text)
        yield AnnotationRule(open_there & on_dates(others, case.versions), (found,))
    if inferred:
        here = open_there & on_dates(inferred, case.versions)
        for result in (2, 1, 0):
            texts = {
                date: (_if_inferred(criterion, line, result),) for date, line in inferred.items()
            }
            yield AnnotationRule(here & (by_date(inferred, _would_be(value)) == result), texts)


def _if_inferred(criterion: str, line: Threshold, result: int) -> Annotation:
    """Return what an inferred limit would make of a criterion: met (2), open (1) or not met (0)."""
    shown = ticks.cut(line.shown or Fraction(0))
    texts = (
        Text(
            "unknown, the limit {limit} is inferred and does not decide; against it it would not be"
            " met",
            limit=shown,
        ),
        Text(
            "unknown, the limit {limit} is inferred and does not decide; against it it would be"
            " open",
            limit=shown,
        ),
        Text(
            "unknown, the limit {limit} is inferred and does not decide; against it it would be"
            " met",
            limit=shown,
        ),
    )
    return Annotation(INFERRED_LIMIT, (criterion,), texts[result], "inferred")


def _would_be(value: MeasuredValue) -> Callable[[Threshold], Expr]:
    def outcome(line: Threshold) -> Expr:
        tick = nw.lit((line.limit or 0) - (line.comparator == "at_least"))
        would = compare(line.above, value.low, value.high, tick, tick)
        return would.certain + would.possible

    return outcome


def _tie(case: Case, criterion: str, value: MeasuredValue, here: Expr) -> AnnotationRule:
    half, line = min(value.half, ticks.TICKS // 2), limit(case, criterion)
    # Not by their difference: engines make what is asked for twice for all rows, and most lines are
    # the same for all.
    near = (
        (value.shown >= line - half) & (value.shown <= line + half) if half else value.shown == line
    )
    exact, printed = (
        Text("the value equals its threshold"),
        Text("the value equals its threshold to the printed decimals"),
    )
    return AnnotationRule(here & near, (Annotation(TIE, (criterion,), printed if half else exact),))


def ties(case: Case) -> dict[str, Expr]:
    """Return, for each criterion, where a value equals its threshold to the printed decimals."""
    found = {name: tie(case, name) for name in case.criteria()}
    return {name: condition for name, condition in found.items() if condition is not None}


def tie(case: Case, criterion: str) -> Expr | None:
    """Return where a value equals the threshold of a criterion; None where it never can."""
    blocks = {
        date: block
        for date, version in case.versions.items()
        if (block := version.criteria.get(criterion))
    }
    values = {block.measure: case.values.get(block.measure) for block in blocks.values()}
    [value] = values.values() if len(values) == 1 else [None]
    if not value or all(case.lines[date, criterion].shown is None for date in blocks):
        return None
    return _tie(case, criterion, value, on_dates(blocks, case.versions)).condition


def _inside(case: Case, criterion: str, there: Expr) -> AnnotationRule:
    judged = pair(criterion)
    unknown = (
        (judged.certain == 0) & (judged.possible == 1) & there & ~cut(case, criterion).is_null()
    )
    text = Text("unknown, the threshold is within what the value or the limit may be")
    return AnnotationRule(unknown, (Annotation("line_inside", (criterion,), text),))


def _one_year(
    case: Case, criterion: str, measure: str, dates: Collection[dt.date], there: Expr
) -> AnnotationRule:
    means = {date: case.versions[date].measures[measure].is_mean_of_years for date in dates}
    text = Text("the counts of one year stand for the law's mean over years")
    found = Annotation("one_year", (criterion,), text, "assumed")
    return AnnotationRule(there & nw.col(one_year(measure)) & by_date(means, nw.lit), (found,))


def proxies(given: Given) -> dict[str, AnnotationRule]:
    """Return, for each measure that may be a proxy, the rule that names it, with the user's
    remark.
    """
    return {
        measure: AnnotationRule(
            ~given.case.values[measure].low.is_null() & ~nw.col(f"{measure}_proxy").is_null(),
            (Annotation(PROXY, (measure,), Text("proxy, {remark}"), PROXY),),
            {"remark": RowValue(nw.col(f"{measure}_proxy"), is_text=True)},
        )
        for measure in given.table.proxies
        if measure in given.case.values
    }


def residents(given: Given) -> Iterator[AnnotationRule]:
    """Yield what the residents of rows leave open, and what their incomes do."""
    table, low, high = given.table, nw.col("residents" + LOW), nw.col("residents" + HIGH)
    yield AnnotationRule(
        low.is_null() if table.residents else nw.lit(True), (_no_residents(given),)
    )
    if table.residents and not table.residents_exact:
        text = Text("known only as {low} to {high}")
        yield AnnotationRule(
            ~low.is_null() & (low != high),
            (Annotation("residents_bounds", (doubts.RESIDENTS,), text),),
            {"low": RowValue(low), "high": RowValue(high)},
        )
    if table.residents_2010:
        yield from _residents_2010(given.case)
    if table.kroner:
        yield _no_regional_mean(given.case)


def _no_regional_mean(case: Case) -> AnnotationRule:
    text = Text("unknown, no mean income of its region that may decide is known for this list")
    of_region = {
        date: [name for name, one in version.criteria.items() if one.reference == "region"]
        for date, version in case.versions.items()
    }
    found = {
        date: (Annotation(NO_REGIONAL_MEAN, tuple(names[:1]), text),) if names else ()
        for date, names in of_region.items()
    }
    return AnnotationRule(nw.col(WITHOUT_MEAN), found)


def _no_residents(given: Given) -> Annotation:
    if given.assume_min_residents:
        text = Text("assumed to be as many as the law asks")
        return Annotation("residents_assumed", (doubts.RESIDENTS,), text, "assumed")
    return Annotation("residents_missing", (doubts.RESIDENTS,), Text("missing"))


def _residents_2010(case: Case) -> Iterator[AnnotationRule]:
    """Yield what the residents of 2010 leave undecided or rule out, on the lists that
    ask for them.
    """
    asked = {
        date: least
        for date, version in case.versions.items()
        if (least := version.area.min_residents_2010)
    }
    if not asked:
        return
    name, about = "residents_2010", (doubts.RESIDENTS,)
    missing = on_dates(asked, case.versions) & nw.col(name + LOW).is_null()
    yield AnnotationRule(
        missing, (Annotation(f"{name}_missing", about, Text("those of 2010 missing")),)
    )
    for least in sorted(set(asked.values())):
        these = on_dates([date for date in asked if asked[date] == least], case.versions)
        text = Text("{count} in 2010, {least} needed")
        yield AnnotationRule(
            these & (enough(name, True, least, False).possible == 0),
            (Annotation(f"{name}_too_few", about, text),),
            {"count": RowValue(nw.col(name + HIGH)), "least": RowValue(nw.lit(least))},
        )


def names(given: Given) -> Iterator[AnnotationRule]:
    """Yield, of every name that is near a listed one, which it is, and of a municipality that it is
    none, on the lists that count years.
    """
    yield from _no_municipality(given)
    for area, municipality, listed in given.streaks.near:
        named = nw.col("area") == area
        if given.table.municipality:
            named &= (
                nw.col("municipality") == municipality
                if municipality
                else nw.col("municipality").is_null()
            )
        text = Text(
            "the name is near '{name}' on the published lists, not proven to be the same",
            name=listed,
        )
        counted = nw.col(DATE).is_in(list(given.streaks.steps))
        found = Annotation("name_near", (doubts.YEARS,), text)
        yield AnnotationRule(named.fill_null(False) & counted, (found,))


def _no_municipality(given: Given) -> Iterator[AnnotationRule]:
    steps, unknown = given.streaks.steps, given.streaks.unknown_towns
    dates = [date for date, one in steps.items() if one.published or one.partial]
    if not (dates and unknown):
        return
    municipality = nw.col("municipality").fill_null("")
    text = Text(
        "'{municipality}' is no known municipality, so published lists say nothing of the area"
    )
    yield AnnotationRule(
        municipality.is_in(list(unknown)) & nw.col(DATE).is_in(dates),
        (Annotation("municipality_unknown", (doubts.YEARS,), text),),
        {"municipality": RowValue(nw.col("municipality"), is_text=True)},
    )
