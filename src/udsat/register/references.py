"""National shares and regional incomes from the same persons, in the format that `--references`
reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import duckdb

from udsat import ticks
from udsat.engine import identifier
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion
from udsat.register.mapping import PersonMap
from udsat.register.populations import Runs
from udsat.register.tallies import PARTS

COLUMNS = ("year", "measure", "scope", "region", "value", "unit", "value_exact", "source", "status")


@dataclass(frozen=True, slots=True)
class ReferenceRows:
    """The figures, and the years for which none could be formed because regions are missing."""

    rows: list[tuple[str, ...]]
    left_out: tuple[int, ...]


def reference_rows(
    table: str,
    runs: Runs,
    law: Law,
    people: PersonMap,
    least: int,
    connection: duckdb.DuckDBPyConnection,
) -> ReferenceRows:
    """Return every figure that a criterion of the law points to, for years with persons in every
    region.

    A part of the country would give figures that look like those of the whole: rows of one
    municipality form none. Nor do fewer persons than `least`.
    """
    versions = (law.chosen,) if law.chosen else law.versions
    rows: list[tuple[str, ...]] = []
    complete, partial = _complete_years(table, people, connection)
    for scope in ("national", "region"):
        for measure in _pointed_to(versions, scope):
            if measure in runs:
                rows += _figures(table, measure, scope, complete, runs, least, connection)
    return ReferenceRows(sorted(rows), partial)


def _pointed_to(versions: Sequence[CriteriaVersion], scope: str) -> list[str]:
    blocks = [block for version in versions for block in version.criteria.values()]
    return list(dict.fromkeys(block.measure for block in blocks if block.reference == scope))


def _complete_years(
    table: str, people: PersonMap, connection: duckdb.DuckDBPyConnection
) -> tuple[set[int], tuple[int, ...]]:
    """Return the years with persons in every region, and the others: a part of the country gives no
    figure.
    """
    query = (
        f"SELECT year, list(DISTINCT region) FROM {identifier(table)} GROUP BY year ORDER BY year"
    )
    found = {year: set(regions) for year, regions in connection.execute(query).fetchall()}
    complete = {
        year
        for year, regions in found.items()
        if people.regions() and set(people.regions()) <= regions
    }
    return complete, tuple(year for year in found if year not in complete)


def _figures(
    table: str,
    measure: str,
    scope: str,
    complete: set[int],
    runs: Runs,
    least: int,
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[tuple[str, ...]]:
    region = "region" if scope == "region" else "''"
    query = f"""SELECT year, {region}, sum({measure}_low), sum({measure}_high), sum({measure}_base), sum(residents)
        FROM {identifier(table)} GROUP BY ALL ORDER BY ALL"""  # noqa: E501
    for year, name, low, high, base, persons in connection.execute(query).fetchall():
        looked_at = any(run.first <= year <= run.last and run.definition for run in runs[measure])
        if not looked_at or base < max(least, 1) or low != high or year not in complete:
            continue
        mean = Fraction(int(low), int(base) * PARTS.get(measure, 1))
        share = 100 * mean if scope == "national" else mean
        source = f"formed by udsat aggregate from {int(base):,} of {int(persons):,} persons"
        if ticks.cut(share) == "0" or share < 0:
            continue  # nothing can be a multiple of it
        unit = "percent" if scope == "national" else "dkk"
        yield (
            str(year),
            measure,
            scope,
            name,
            ticks.cut(share),
            unit,
            _as_fraction(share),
            source,
            "stated",
        )


def _as_fraction(number: Fraction) -> str:
    """Return a number that has more than nine decimals as a fraction; an empty text for others."""
    return (
        "" if (number * ticks.NANO).denominator == 1 else f"{number.numerator}/{number.denominator}"
    )
