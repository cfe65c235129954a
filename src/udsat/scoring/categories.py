"""From criteria to categories: counts, gates, categories on categories, and the
innermost of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import narwhals as nw

from udsat.law.schema import CriteriaVersion
from udsat.scoring.criteria import Case, certain, pair, possible
from udsat.scoring.three_valued import (
    Expr,
    Pair,
    all_of,
    at_least,
    by_date,
    flag,
    total,
    unless,
)
from udsat.tables.area_table import AreaTable
from udsat.ticks import HIGH, LOW

#: The name of the residents test among the pairs.
RESIDENTS = "residents_test"
YEARS_IN_ROW, YEARS_IN_ROW_POSSIBLE = "years_in_row", "years_in_row_possible"


def residents_test(case: Case, table: AreaTable, assume: bool) -> list[Expr]:
    """Return whether an area has the residents that the law asks for; missing ones are unknown, or
    assumed to do.
    """
    assumed = {
        date
        for date in case.versions
        if assume or (date in case.trial_lists and case.trial_lists[date].assume_min_residents)
    }
    kinds = {
        date: (
            version.area.min_residents,
            version.area.min_residents_2010 if table.residents_2010 else None,
            date in assumed,
        )
        for date, version in case.versions.items()
    }

    def tests(kind: tuple[int, int | None, bool]) -> list[Pair]:
        least, least_2010, assumed = kind
        pairs = [
            enough("residents", table.residents, case.number("area.min_residents", least), assumed)
        ]
        return (
            pairs
            if least_2010 is None
            else [*pairs, enough("residents_2010", True, least_2010, False)]
        )

    own = [_own_residents(case, name, table) for name in case.categories() if _has_own(case, name)]
    return [
        by_date(kinds, lambda kind: all_of(tests(kind)).certain).alias(certain(RESIDENTS)),
        by_date(kinds, lambda kind: all_of(tests(kind)).possible).alias(possible(RESIDENTS)),
        *(column for columns in own for column in columns),
    ]


def _has_own(case: Case, category: str) -> bool:
    return any(
        category in version.categories and version.categories[category].min_residents
        for version in case.by_id().values()
    )


def _own_residents(case: Case, category: str, table: AreaTable) -> list[Expr]:
    """Return whether an area has the residents that a category asks for of its members; these are
    never assumed.
    """

    def test(version: CriteriaVersion) -> Pair:
        block = version.categories.get(category)
        return enough("residents", table.residents, (block and block.min_residents) or 0, False)

    name = own_test(category)
    return [
        case.of(lambda version: test(version).certain).alias(certain(name)),
        case.of(lambda version: test(version).possible).alias(possible(name)),
    ]


def own_test(category: str) -> str:
    """Name the residents test that a category asks of its own members, among the pairs."""
    return f"{RESIDENTS}_{category}"


def enough(name: str, given: bool, least: int | Expr, assume: bool) -> Pair:
    """Return whether a number of residents is at least what is asked for; missing ones are unknown,
    or assumed to be.
    """
    if not given:
        return Pair(nw.lit(int(assume)), nw.lit(1))
    low, high = nw.col(name + LOW), nw.col(name + HIGH)
    return Pair(unless(low < least) if assume else flag(low >= least), unless(high < least))


def memberships(case: Case, in_a_row: bool) -> list[Expr]:
    """Return both columns of every category: those that need years in a row, or all the others."""
    columns = []
    for name in case.categories():
        if any(_needs_years(version, name) for version in case.by_id().values()) == in_a_row:
            alike = _lacking_alike(name)
            columns.append(
                case.of(_column(case, name, lambda one: one.certain), alike).alias(certain(name))
            )
            columns.append(
                case.of(_column(case, name, lambda one: one.possible), alike).alias(possible(name))
            )
    return columns


def _lacking_alike(name: str) -> Callable[[CriteriaVersion], str]:
    """Return what tells versions apart by a category: those without it are all the same."""
    return lambda version: version.id if name in version.categories else ""


def _needs_years(version: CriteriaVersion, name: str) -> bool:
    return name in version.categories and version.categories[name].years_in_row is not None


def _column(
    case: Case, name: str, side: Callable[[Pair], Expr]
) -> Callable[[CriteriaVersion], Expr]:
    return lambda version: (
        side(_membership(case, version, name)) if name in version.categories else nw.lit(0)
    )


def _membership(case: Case, version: CriteriaVersion, name: str) -> Pair:
    """Every rule of a category at once; a category that another rests on is written out, down to
    the criteria.
    """
    block = version.categories[name]
    rules = [_member(case, version, member) for member in block.all_of]
    if block.count:
        rules.append(
            at_least(
                case.number(f"{name}.count", block.count),
                [_member(case, version, member) for member in block.of],
            )
        )
    if block.min_residents:
        rules.append(pair(own_test(name)))
    if block.years_in_row:
        rules.append(_in_a_row(case.number(f"{name}.years_in_row", block.years_in_row)))
    return all_of([pair(RESIDENTS), *rules])


def _member(case: Case, version: CriteriaVersion, name: str) -> Pair:
    return (
        pair(name)
        if name in version.criteria or _needs_years(version, name)
        else _membership(case, version, name)
    )


def _in_a_row(least: int | Expr) -> Pair:
    return Pair(flag(nw.col(YEARS_IN_ROW) >= least), unless(nw.col(YEARS_IN_ROW_POSSIBLE) < least))


def counts(case: Case) -> dict[str, Expr]:
    """Return how many criteria are met and unknown among those that a category counts."""
    named = dict.fromkeys(
        category.count_column
        for version in case.by_id().values()
        for category in version.categories.values()
        if category.count
    )
    counted: dict[str, Expr] = {}
    for column in sorted(named, key=lambda column: column != "met_count"):
        members = {date: _counted(version, column) for date, version in case.versions.items()}
        counted[column] = by_date(members, lambda names: _total(names, lambda one: one.certain))
        if column == "met_count":
            counted["unknown_count"] = by_date(
                members, lambda names: _total(names, lambda one: one.possible - one.certain)
            )
    return counted


def _counted(version: CriteriaVersion, column: str) -> tuple[str, ...]:
    """Return the criteria that a version counts in a column."""
    return next(
        (
            tuple(category.of)
            for category in version.categories.values()
            if category.count_column == column
        ),
        (),
    )


def _total(names: Sequence[str], side: Callable[[Pair], Expr]) -> Expr:
    return total([side(pair(name)) for name in names]) if names else nw.lit(None, dtype=nw.Int32)


def innermost(case: Case) -> tuple[Expr, Expr]:
    """Return the innermost category that is certain, and the innermost that is not ruled out, as
    words.
    """
    names = case.categories()
    in_order = all(
        _ranks(version, names) == sorted(_ranks(version, names))
        for version in case.by_id().values()
    )
    if (
        in_order
    ):  # one order for all versions: a category that a version lacks is never possible under it
        return _words(names)
    found = {version.id: _words(tuple(version.categories)) for version in case.by_id().values()}
    return case.of(lambda version: found[version.id][0]), case.of(
        lambda version: found[version.id][1]
    )


def _ranks(version: CriteriaVersion, names: Sequence[str]) -> list[int]:
    return [names.index(name) for name in version.categories]


def _words(names: Sequence[str]) -> tuple[Expr, Expr]:
    """Return both words, from the innermost category on: the last of these names that is certain,
    or possible.
    """
    none, unknown = nw.lit("none"), nw.lit("unknown")
    category: Expr = (
        nw.when(total([pair(name).possible for name in names]) == 0).then(none).otherwise(unknown)
    )
    most: Expr = none
    for name in names:
        category = nw.when(pair(name).certain == 1).then(nw.lit(name)).otherwise(category)
        most = nw.when(pair(name).possible == 1).then(nw.lit(name)).otherwise(most)
    return category, most
