"""Scoring in other engines: a table where it is, such as in Spark or PostgreSQL, or checked rows on
polars.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any, Literal

import duckdb
import narwhals as nw

from udsat import engine
from udsat.engine import remote
from udsat.engine.remote.base import RemoteEngine
from udsat.evidence import published_lists as lists
from udsat.evidence import references as figures
from udsat.evidence.published_lists import Lists
from udsat.evidence.references import ReferenceTable
from udsat.law import loader
from udsat.law.loader import Law
from udsat.scoring.score import Options, formed, score
from udsat.scoring.verdicts import BEHIND, Verdicts
from udsat.tables.area_table import ROW, AreaTable
from udsat.tables.readers.options import Reading
from udsat.tables.readers.paths import Paths
from udsat.tables.validate.check import check
from udsat.tables.validate.part import Calendar
from udsat.tables.validate.remote import planned

#: What may be said about how a table elsewhere is scored, beside the list year.
OPTIONS = frozenset(
    {
        "criteria",
        "criteria_dir",
        "references",
        "history",
        "names",
        "basis",
        "rounded",
        "assume_min_residents",
    }
)


@dataclass(frozen=True, slots=True)
class ScoredThere:
    """The verdicts on a table, planned and not run yet."""

    verdicts: Verdicts
    place: RemoteEngine

    def frame(self, detail: Literal["areas", "criteria"] = "areas") -> Any:
        """Return the verdicts as a lazy frame or table of the engine, in no order."""
        long = detail == "criteria"
        relation = (self.verdicts.criteria() if long else self.verdicts.areas()).to_native()
        names = [
            engine.identifier(name)
            for name in relation.columns
            if name not in (BEHIND if long else (ROW,))
        ]
        return self.place.lazy(
            engine.select(relation, "verdicts", f"SELECT {', '.join(names)} FROM verdicts")
        )


def evaluate(
    place: RemoteEngine,
    *,
    criteria: str | None = None,
    criteria_dir: str | None = None,
    references: Paths = (),
    history: Paths = (),
    names: Paths = (),
    basis: Literal["published", "computed"] = "published",
    list_year: int | None = None,
    rounded: bool = False,
    assume_min_residents: bool = False,
) -> ScoredThere:
    """Check a table where it is, and plan the verdicts on it.

    Only dates, names in the municipalities of published lists, numbers of problems and the first of
    the problems come out of the engine. Raises `InvalidTable` where cells or rows are wrong.
    """
    law = loader.choose(criteria, criteria_dir)
    reference_table = figures.references([os.fspath(path) for path in references], law)
    published = lists.with_history(
        [os.fspath(path) for path in history], law, [os.fspath(path) for path in names]
    )
    checked = check(
        [planned(place)],
        place,
        Calendar(law, published.refused()),
        Reading(rounded=rounded),
        names=published.names,
    )
    options = Options(basis, list_year, assume_min_residents)
    return ScoredThere(score(checked.table, law, reference_table, published, options, place), place)


def on_polars(
    table: AreaTable,
    law: Law,
    references: ReferenceTable,
    lists: Lists,
    options: Options,
    connection: duckdb.DuckDBPyConnection,
) -> Verdicts:
    """Return the verdicts that polars forms on a checked table, in the embedded engine again for
    all that asks of them.
    """
    remote.needed("polars", "polars")
    from udsat.engine.remote.polars import Polars

    there = replace(table, frame=nw.from_native(Polars.frame(table.frame.to_native())))
    verdicts = score(there, law, references, lists, options, Polars())
    frame = nw.from_native(Polars.relation(verdicts.frame.to_native(), connection)).sort(ROW)
    return Verdicts(
        frame, replace(verdicts.given, table=formed(table, law, references, lists, options))
    )
