"""All that a page about one list tells: its areas with their distances, all lists of the table, and
what changed since the last.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from udsat.analysis.changes.diff import Diff
from udsat.analysis.explain.distance import Distance
from udsat.analysis.explain.explain import Explanation, choose_list, distances
from udsat.analysis.explain.figures import figures
from udsat.analysis.explain.minimal_changes import is_origin
from udsat.analysis.history import History, computed
from udsat.analysis.records import Record, area_records, criterion_records, kept, records
from udsat.analysis.watch import IN_PROPORTION, Nearness
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion
from udsat.messages.text import Text
from udsat.scoring.verdicts import Verdicts
from udsat.tables.area_table import DATE, ROW, AreaTable


@dataclass(frozen=True, slots=True)
class Overview:
    """The verdicts on one list with what explains them, and how its areas came there."""

    date: dt.date
    version: CriteriaVersion
    #: The verdicts on this list alone.
    verdicts: Verdicts
    #: The rows of the list, in the order of the table.
    areas: tuple[Record, ...]
    #: The rows of every list, in the order of the table.
    rows: tuple[Record, ...]
    #: By row, its criteria in the long form; only of rows that are told in full.
    criteria: Mapping[int, tuple[Record, ...]]
    #: By row and criterion; those on origin only where they were asked for.
    distances: Mapping[int, Mapping[str, Distance]]
    history: History
    within: Nearness
    include_origin: bool
    #: What changed since the list before; None where the table has none.
    diff: Diff | None = None

    def near(self, row: int, criterion: str) -> bool:
        """Whether a criterion of a row is near its line, on either side."""
        one = self.distances.get(row, {}).get(criterion)
        return one is not None and self.within.at(
            self.verdicts.case.lines[self.date, criterion].shown
        ).holds(one)

    def hidden(self) -> tuple[str, ...]:
        """Return the criteria whose distances are left out: those on origin, where they were not
        asked for.
        """
        return tuple(
            name
            for name in self.version.criteria
            if is_origin(self.version, name) and not self.include_origin
        )

    def outcomes(self, date: dt.date, criterion: str) -> Counter[str]:
        """Return how many rows of a list have each outcome of a criterion."""
        return Counter(
            row[criterion] for row in self.rows if row[DATE] == date and row.get(criterion)
        )

    def explanation(self, area: Record) -> Explanation:
        """Return what explains one row of the list; without ways, rows beside it, other lists and
        the form for JSON.
        """
        return Explanation(
            area=area,
            criteria=self.criteria[area[ROW]],
            version=self.version,
            distances=self.distances[area[ROW]],
            other_lists=(),
            ways_off=None,
            ways_on=None,
            verdicts=self.verdicts,
            complete=((), ()),
        )


def overview(
    verdicts: Verdicts,
    given: AreaTable,
    law: Law,
    connection: duckdb.DuckDBPyConnection,
    wanted: str | None = None,
    within: Nearness | None = None,
    include_origin: bool = False,
) -> Overview:
    """Return the overview of a list (a year or date; the latest by default), still without what
    changed.

    Raises `UsageError` where the table has no such list.
    """
    dates = tuple(verdicts.case.versions)
    date = choose_list(dates, wanted, Text("the table"))
    own = kept(verdicts, connection, dates=[date])
    areas = area_records(own)
    rows = records(verdicts.areas(bare=True))
    return Overview(
        date=date,
        version=own.case.versions[date],
        verdicts=own,
        areas=tuple(areas),
        rows=tuple(rows),
        criteria=_by_row(criterion_records(own)),
        distances=distances(own, figures(own, given), areas, include_origin),
        history=computed(rows, verdicts.case, law),
        within=within or IN_PROPORTION,
        include_origin=include_origin,
    )


def _by_row(rows: Sequence[Record]) -> dict[int, tuple[Record, ...]]:
    found: dict[int, list[Record]] = {}
    for row in rows:
        found.setdefault(row[ROW], []).append(row)
    return {row: tuple(some) for row, some in found.items()}
