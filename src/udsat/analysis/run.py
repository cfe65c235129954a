"""The two sides of a comparison: verdicts, with all that judging again takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from udsat import engine
from udsat.evidence.published_lists import Lists
from udsat.evidence.references import ReferenceTable
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion
from udsat.scoring.score import Options
from udsat.scoring.verdicts import Verdicts
from udsat.tables.area_table import AREA_KEY, TOWN_KEY, AreaTable

#: The municipality of a key where the table has none.
TOWN = "municipality"
#: What the rows of one area have in common in a table: `area_key` and `municipality_key`.
AreaKey = tuple[str, str]


def key_of(record: Mapping[str, Any]) -> AreaKey:
    """Return what the rows of a record's area have in common."""
    return record[AREA_KEY], record[TOWN_KEY]


@dataclass(frozen=True, slots=True)
class Side:
    """The verdicts on one side of a comparison, with all that scoring it again takes."""

    verdicts: Verdicts
    law: Law
    references: ReferenceTable
    lists: Lists
    options: Options
    connection: duckdb.DuckDBPyConnection
    #: The file, as messages call it.
    name: str

    @property
    def table(self) -> AreaTable:
        """The table of lists that was scored."""
        return self.verdicts.table

    def version(self, date: dt.date) -> CriteriaVersion:
        """Return the version that a list of the table was judged by."""
        return self.verdicts.case.versions[date]

    def kept(self) -> duckdb.DuckDBPyRelation:
        """Return the bare verdicts as a table that stays in the engine, so that they are scored
        once.
        """
        return engine.materialise(self.connection, self.verdicts.areas(bare=True).to_native())
