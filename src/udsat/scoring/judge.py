"""Each measure against its line: the outcome of every criterion, with value, limit and margin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import narwhals as nw

from udsat import exact
from udsat.law.model import CriteriaVersion
from udsat.scoring.lines import Line
from udsat.scoring.measure import Value
from udsat.scoring.outcome import Expr, Pair, by_date, compare

#: Ticks of the ninth decimal: what is cut off where a value does not terminate.
_NINTH = exact.TICKS // exact.NANO


@dataclass(frozen=True, slots=True)
class Case:
    """What a run rests on for each list date: the version in force, and the line of each of its criteria."""

    versions: dict[dt.date, CriteriaVersion]
    lines: dict[tuple[dt.date, str], Line]
    values: dict[str, Value]

    def criteria(self) -> tuple[str, ...]:
        """Return every criterion of the versions in use, in the order of the newest."""
        return self._of_newest(lambda version: version.criteria)

    def categories(self) -> tuple[str, ...]:
        """Return every category of the versions in use, from the outermost of the newest."""
        return self._of_newest(lambda version: version.categories)

    def _of_newest(self, names: Callable[[CriteriaVersion], Mapping[str, object]]) -> tuple[str, ...]:
        newest = reversed(self.by_id().values())
        return tuple(dict.fromkeys(name for version in newest for name in names(version)))

    def on(self, dates: Collection[dt.date]) -> Case:
        """Return the case of only these lists."""
        return replace(self, versions={date: version for date, version in self.versions.items() if date in dates})

    def by_id(self) -> dict[str, CriteriaVersion]:
        """Return the versions in use, oldest first."""
        return {version.id: version for _, version in sorted(self.versions.items())}

    def of(self, build: Callable[[CriteriaVersion], Expr]) -> Expr:
        """Return one expression that differs by version."""
        found = self.by_id()
        return by_date({date: version.id for date, version in self.versions.items()}, lambda name: build(found[name]))


def certain(name: str) -> str:
    """Name the column that is 1 where a criterion or category certainly holds."""
    return f"{name}__certain"


def possible(name: str) -> str:
    """Name the column that is 1 where a criterion or category is not ruled out."""
    return f"{name}__possible"


def pair(name: str) -> Pair:
    """Return a judged criterion or category."""
    return Pair(nw.col(certain(name)), nw.col(possible(name)))


def outcomes(case: Case) -> list[Expr]:
    """Return both columns of every criterion; a version without the criterion has 0 and 0."""
    columns = []
    for criterion in case.criteria():
        specs = {date: _spec(case, date, criterion) for date in case.versions}
        columns.append(by_date(specs, lambda spec: _judged(case, spec).certain).alias(certain(criterion)))
        columns.append(by_date(specs, lambda spec: _judged(case, spec).possible).alias(possible(criterion)))
    return columns


def _spec(case: Case, date: dt.date, criterion: str) -> tuple[str, Line] | None:
    version = case.versions[date]
    return (version.criteria[criterion].measure, case.lines[date, criterion]) if criterion in version.criteria else None


def _judged(case: Case, spec: tuple[str, Line] | None) -> Pair:
    if spec is None:
        return Pair(nw.lit(0), nw.lit(0))
    measure, line = spec
    value = case.values.get(measure)
    if value is None:
        return Pair(nw.lit(0), nw.lit(1))
    return compare(line.comparator, value.low, value.high, line.low, line.high)


def shown(case: Case, criterion: str) -> tuple[Expr, Expr, Expr]:
    """Return value, limit and margin of a criterion in percent, as doubles that stand for their shortest decimal.

    A value that does not terminate is cut at nine places, unless it would then look like a tie that is none.
    """
    specs = {date: _spec(case, date, criterion) for date in case.versions}

    def limit(spec: tuple[str, Line] | None) -> Expr:
        return nw.lit(None, dtype=nw.Float64) if spec is None or spec[1].shown is None else nw.lit(float(spec[1].shown))

    def of_value(spec: tuple[str, Line] | None) -> Expr:
        ticks = _display(case, spec)
        return nw.lit(None, dtype=nw.Float64) if ticks is None else ticks / float(exact.TICKS)

    def margin(spec: tuple[str, Line] | None) -> Expr:
        ticks = _display(case, spec)
        if ticks is None or spec is None or spec[1].shown is None:
            return nw.lit(None, dtype=nw.Float64)
        return (ticks - exact.to_ticks(spec[1].shown)) / float(exact.TICKS)

    return by_date(specs, of_value), by_date(specs, limit), by_date(specs, margin)


def bounds(case: Case, criterion: str) -> tuple[Expr, Expr]:
    """Return the smallest and largest value of a criterion in percent where it is no point, else null."""
    specs = {date: _spec(case, date, criterion) for date in case.versions}

    def build(side: Callable[[Value], Expr]) -> Callable[[tuple[str, Line] | None], Expr]:
        def of_spec(spec: tuple[str, Line] | None) -> Expr:
            value = case.values.get(spec[0]) if spec else None
            if value is None or value.exact:
                return nw.lit(None, dtype=nw.Float64)
            return nw.when(value.low != value.high).then(side(value) / float(exact.TICKS))

        return of_spec

    return by_date(specs, build(lambda value: value.low)), by_date(specs, build(lambda value: value.high))


def _display(case: Case, spec: tuple[str, Line] | None) -> Expr | None:
    """Return the ticks that are shown for a value: its own, or those of its first nine places."""
    value = case.values.get(spec[0]) if spec else None
    if value is None or spec is None:
        return None
    if value.exact:
        return value.shown
    cut = value.shown // _NINTH * _NINTH
    whole = value.shown % 2 == 0
    if spec[1].shown is not None:
        whole = whole | (cut == exact.to_ticks(spec[1].shown))
    return nw.when(whole).then(value.shown).otherwise(cut)
