"""One set of hard tables for every engine, with what the Fraction oracle says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

from oracle.law import judge
from oracle.tables import (
    DATES,
    Table,
    boundary_table,
    count_table,
    random_year_table,
    streak_table,
    year_table,
)
from support import typed_rows

#: A column that comes along with every row, by which it is found again: engines keep no order.
NUMBER = "row_number"


class Hard(NamedTuple):
    """A table, and how it is scored."""

    make: Callable[[Random], Table]
    options: Mapping[str, Any] = {}


TABLES: dict[str, Hard] = {
    **{
        f"ties under {version}": Hard(lambda rng, v=version: boundary_table(rng, v, 150))
        for version in DATES
    },  # type: ignore[misc]
    **{
        f"counts that tie under {version}": Hard(lambda rng, v=version: count_table(rng, v, 100))
        for version in ("2014", "2021")
    },  # type: ignore[misc]
    "counts of a whole country": Hard(
        lambda rng: count_table(rng, "2018", 100, largest_base=19_000_000)
    ),
    "printed values": Hard(
        lambda rng: boundary_table(rng, "2021", 100, as_printed=True, steps=(-2, -1, 0, 1, 2)),
        {"rounded": True},
    ),
    "years in a row with gaps, bounds and unknowns": Hard(
        lambda rng: streak_table(rng, 12, printed=True)
    ),
    "years in a row of own rows alone": Hard(
        lambda rng: streak_table(rng, 12, printed=True), {"basis": "computed"}
    ),
    "years in a row by a chosen law, residents assumed": Hard(
        lambda rng: streak_table(rng, 8), {"criteria": "2018", "assume_min_residents": True}
    ),
    "years in a row of printed values": Hard(
        lambda rng: streak_table(rng, 10, printed=True, long_decimals=False), {"rounded": True}
    ),
    "calendar years that tie": Hard(lambda rng: year_table(rng, 2019, 40)),
    "calendar years of a whole country": Hard(
        lambda rng: year_table(rng, 2023, 40, largest_base=4_000_000)
    ),
    "four calendar years of large counts": Hard(
        lambda rng: whole(year_table(rng, 2012, 60, largest_base=400_000))
    ),
    "calendar years with gaps and bounds": Hard(
        lambda rng: random_year_table(rng, 15, 2023, printed=True)
    ),
}


def whole(table: Table) -> Table:
    """Return a table without areas whose mean over years is of counts in some years and of shares in others."""
    from test_conformance import unmixed

    return unmixed(table)


def expected(table: Table, options: Mapping[str, Any]) -> list[dict[str, object]]:
    """Return what the oracle says of a table whose plain numbers came in as floats."""
    return judge(
        typed_rows(table.rows),
        references=table.references,
        lists=table.lists,
        list_year=table.list_year,
        **options,
    )


def in_order(
    found: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]], by_year: bool
) -> tuple[list[Any], list[Any]]:
    """Return both by the number of the row; areas formed from calendar years by their names."""
    if not by_year:
        return sorted(found, key=lambda record: int(record[NUMBER])), list(theirs)
    return sorted(found, key=_key), sorted(theirs, key=_key)


def _key(record: Mapping[str, Any]) -> tuple[str, str]:
    return record["area"], record["municipality"] or ""
