"""Each measure against its line: the outcome of every criterion, with value, limit and margin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

import narwhals as nw

from udsat import ticks as exact
from udsat.law.loader import TrialList
from udsat.law.schema import CriteriaVersion
from udsat.scoring.measures import MeasuredValue
from udsat.scoring.three_valued import Expr, Pair, by_date, compare
from udsat.scoring.thresholds import Threshold

#: Ticks of the ninth decimal: what is cut off where a value does not terminate.
_NINTH = exact.TICKS // exact.NANO


@dataclass(frozen=True, slots=True)
class Case:
    """What a run rests on for each list date: the version in force, and the line of each of its
    criteria.
    """

    versions: dict[dt.date, CriteriaVersion]
    lines: dict[tuple[dt.date, str], Threshold]
    values: dict[str, MeasuredValue]
    #: Numbers of the criteria that differ from row to row (`labour_market.threshold`), each in a
    #: column of the frame.
    varied: frozenset[str] = frozenset()
    #: The lists that stand for others; in a trial all, else none.
    trial_lists: Mapping[dt.date, TrialList] = field(default_factory=dict)

    def day(self, date: dt.date) -> dt.date:
        """Return the day of a list, which is its date unless it stands for another."""
        return self.trial_lists[date].day if date in self.trial_lists else date

    def group(self, date: dt.date) -> int:
        """Return which lists a list belongs with, so that it looks back on them."""
        return self.trial_lists[date].group if date in self.trial_lists else 0

    def behind(self, group: int) -> dict[dt.date, dt.date]:
        """Return the lists of a group that later ones look back on, by their day."""
        counted = (
            date
            for date in self.versions
            if date not in self.trial_lists or self.trial_lists[date].counts
        )
        return {self.day(date): date for date in counted if self.group(date) == group}

    def number(self, path: str, own: int) -> int | Expr:
        """Return a number of the criteria: the version's own, or the column of one
        that is varied.
        """
        return nw.col(path) if path in self.varied else own

    def criteria(self) -> tuple[str, ...]:
        """Return every criterion of the versions in use, in the order of the newest."""
        return self._of_newest(lambda version: version.criteria)

    def categories(self) -> tuple[str, ...]:
        """Return every category of the versions in use, from the outermost of the newest."""
        return self._of_newest(lambda version: version.categories)

    def _of_newest(
        self, names: Callable[[CriteriaVersion], Mapping[str, object]]
    ) -> tuple[str, ...]:
        newest = reversed(self.by_id().values())
        return tuple(dict.fromkeys(name for version in newest for name in names(version)))

    def on(self, dates: Collection[dt.date]) -> Case:
        """Return the case of only these lists."""
        return replace(
            self,
            versions={date: version for date, version in self.versions.items() if date in dates},
        )

    def by_id(self) -> dict[str, CriteriaVersion]:
        """Return the versions in use, oldest first."""
        return {
            version.id: version
            for version in sorted(
                self.versions.values(), key=lambda version: version.version.in_force
            )
        }

    def of(
        self,
        build: Callable[[CriteriaVersion], Expr],
        alike: Callable[[CriteriaVersion], Hashable] | None = None,
    ) -> Expr:
        """Return one expression that differs by version; versions that are `alike` in what is given
        of them share theirs.
        """
        specs = {
            date: alike(version) if alike else version.id for date, version in self.versions.items()
        }
        found = {specs[date]: version for date, version in self.versions.items()}
        return by_date(specs, lambda spec: build(found[spec]))


def certain(name: str) -> str:
    """Name the column that is 1 where a criterion or category certainly holds."""
    return f"{name}__certain"


def possible(name: str) -> str:
    """Name the column that is 1 where a criterion or category is not ruled out."""
    return f"{name}__possible"


def pair(name: str) -> Pair:
    """Return a judged criterion or category."""
    return Pair(nw.col(certain(name)), nw.col(possible(name)))


#: What a line gives to rows: where a value is certainly beyond it, possibly beyond it, and the line
#: as printed.
_CUT, _CUT_POSSIBLE, _LIMIT = "cut", "cut_possible", "limit"


def cut(case: Case, criterion: str) -> Expr:
    """Return the tick that a value must certainly be beyond; null where no line is known."""
    return _of_line(case, criterion, _CUT)


def limit(case: Case, criterion: str) -> Expr:
    """Return the tick of the line as printed; null where none is known, and left open where none is
    in force.
    """
    return _of_line(case, criterion, _LIMIT)


def cuts(case: Case) -> list[Expr]:
    """Return columns for what differs between lists in where the lines of criteria lie."""
    columns = []
    for name in (name for name in case.criteria() if f"{name}.threshold" not in case.varied):
        for what in (_CUT, _CUT_POSSIBLE, _LIMIT):
            ticks = _ticks(case, name, what)
            if _held_by(case, name, what) == (what, 0) and len(set(ticks.values())) > 1:
                columns.append(by_date(ticks, _tick).alias(f"{name}__{what}"))
    return columns


def _of_line(case: Case, criterion: str, what: str) -> Expr:
    """Return the column of a line, or the one tick that all lists have."""
    if f"{criterion}.threshold" in case.varied:
        return nw.col(f"{criterion}__{what}")
    ticks = set(_ticks(case, criterion, what).values())
    if len(ticks) == 1:
        return _tick(ticks.pop())
    column, more = _held_by(case, criterion, what)
    found = nw.col(f"{criterion}__{column}")
    return found + more if more else found


def _held_by(case: Case, criterion: str, what: str) -> tuple[str, int]:
    """Return the first column of a line that is as far from what is asked for on every list, and
    how far: most are.
    """
    asked = list(_ticks(case, criterion, what).values())
    for column in (_CUT, _CUT_POSSIBLE, _LIMIT):
        pairs = list(zip(asked, _ticks(case, criterion, column).values(), strict=True))
        apart = {here - there for here, there in pairs if here is not None and there is not None}
        if len(apart) == 1 and all((here is None) == (there is None) for here, there in pairs):
            return column, apart.pop()
    return what, 0


def _ticks(case: Case, criterion: str, what: str) -> dict[dt.date, int | None]:
    return {
        date: getattr(case.lines[date, criterion], what)
        for date, version in case.versions.items()
        if criterion in version.criteria
    }


def _tick(tick: int | None) -> Expr:
    return nw.lit(tick, dtype=nw.Int64)


def outcomes(case: Case) -> list[Expr]:
    """Return both columns of every criterion; what rows of a version without it hold is of no
    account.
    """
    columns = []
    for name in case.criteria():
        specs = _held(case, name)
        columns.append(by_date(specs, partial(_side, case, name, "certain")).alias(certain(name)))
        columns.append(by_date(specs, partial(_side, case, name, "possible")).alias(possible(name)))
    return columns


def _side(
    case: Case, criterion: str, side: Literal["certain", "possible"], spec: tuple[str, bool]
) -> Expr:
    judged = _judged(case, criterion, spec)
    return judged.certain if side == "certain" else judged.possible


def _held(case: Case, criterion: str) -> dict[dt.date, tuple[str, bool]]:
    """Return, for each list that knows a criterion, the measure and whether it is met above its
    line.
    """
    blocks = {date: version.criteria.get(criterion) for date, version in case.versions.items()}
    return {
        date: (block.measure, case.lines[date, criterion].above)
        for date, block in blocks.items()
        if block
    }


def _judged(case: Case, criterion: str, spec: tuple[str, bool]) -> Pair:
    value = case.values.get(spec[0])
    if value is None:
        return Pair(nw.lit(0), nw.lit(1))
    return compare(
        spec[1],
        value.low,
        value.high,
        cut(case, criterion),
        _of_line(case, criterion, _CUT_POSSIBLE),
    )


def shown(case: Case, criterion: str) -> tuple[Expr, Expr, Expr]:
    """Return value, limit and margin of a criterion in percent, as doubles that stand for their
    shortest decimal.

    A value that does not terminate is cut at nine places, unless it would then look like a tie that
    is none.
    """
    line = limit(case, criterion)
    ticks = _where_known(case, criterion, lambda value: _display(value, line))
    has = {date: criterion in version.criteria for date, version in case.versions.items()}
    limit_ = by_date(has, lambda there: line if there else _tick(None))
    margin = _where_known(case, criterion, lambda value: _towards_zero(value, value.shown - line))
    return _in_percent(ticks), _in_percent(limit_), _in_percent(margin)


def _in_percent(ticks: Expr) -> Expr:
    return ticks / float(exact.TICKS)


def _towards_zero(value: MeasuredValue, ticks: Expr) -> Expr:
    """Cut a difference at nine places, unless nothing would be left of it."""
    if value.exact:
        return ticks
    size = nw.when(ticks < 0).then(-ticks).otherwise(ticks)
    cut_ = size // _NINTH * _NINTH
    shown_ = nw.when((ticks % 2 == 0) | (cut_ == 0)).then(size).otherwise(cut_)
    return nw.when(ticks < 0).then(-shown_).otherwise(shown_)


def bounds(case: Case, criterion: str) -> tuple[Expr, Expr]:
    """Return the smallest and largest value of a criterion in percent where it is no point, else
    null.
    """

    def side(pick: Callable[[MeasuredValue], Expr]) -> Callable[[MeasuredValue], Expr]:
        return lambda value: (
            _tick(None) if value.exact else nw.when(value.low != value.high).then(pick(value))
        )

    low, high = (
        _where_known(case, criterion, side(pick))
        for pick in (lambda value: value.low, lambda value: value.high)
    )
    return _in_percent(low), _in_percent(high)


def _where_known(case: Case, criterion: str, build: Callable[[MeasuredValue], Expr]) -> Expr:
    """Return an expression on the value of a criterion; null for versions without it and measures
    without a value.
    """
    held = _held(case, criterion)
    specs = {
        date: held[date][0] if date in held and held[date][0] in case.values else None
        for date in case.versions
    }
    return by_date(
        specs, lambda measure: _tick(None) if measure is None else build(case.values[measure])
    )


def _display(value: MeasuredValue, line: Expr) -> Expr:
    """Return the ticks that are shown for a value: its own, or those of its first nine places."""
    if value.exact:
        return value.shown
    first = value.shown // _NINTH * _NINTH
    return nw.when((value.shown % 2 == 0) | (first == line)).then(value.shown).otherwise(first)
