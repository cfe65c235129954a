"""What every other engine has in common: DuckDB plans on a table without rows, the engine runs the
plan in its own SQL.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from udsat import engine
from udsat.engine import identifier, literal
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

#: So many rows of names, dates or problems are fetched from another engine, and no more.
MOST_ROWS = 100_000


class RemoteEngine(ABC):
    """An engine with a table that is scored where it is."""

    #: The dialect of its SQL, and what messages call the table.
    dialect: str
    name: str

    def __init__(self) -> None:
        self.plans = engine.connect()

    @abstractmethod
    def types(self) -> dict[str, str]:
        """Return the columns of the table with their types, in the words of the embedded engine."""

    def table(
        self, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]
    ) -> duckdb.DuckDBPyRelation:
        """Return a short table that is written out in the query itself."""
        values = ", ".join(
            f"({', '.join(map(_cell, row))})" for row in zip(*columns.values(), strict=True)
        )
        picks = ", ".join(
            f"CAST({identifier(name)} AS {types[name]}) AS {identifier(name)}" for name in columns
        )
        return self.plans.sql(
            f"SELECT {picks} FROM (VALUES {values}) AS t({', '.join(map(identifier, columns))})"
        )

    @abstractmethod
    def source(self) -> str:
        """Return the name by which queries call the table."""

    @abstractmethod
    def frame(self, query: str) -> Any:
        """Return a query of the engine's own SQL as a lazy frame or table there."""

    @abstractmethod
    def fetched(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query of the engine's own SQL."""

    def lazy(self, relation: duckdb.DuckDBPyRelation) -> Any:
        """Return a relation as a lazy frame or table of the engine."""
        return self.frame(self.sql(relation))

    def sql(self, relation: duckdb.DuckDBPyRelation) -> str:
        """Return a relation in the engine's own SQL."""
        # It needs sqlglot, which the extra for polars does not bring.
        from udsat.engine.remote.translate import translate

        return translate(relation.sql_query(), self.dialect)

    def rows(self, relation: duckdb.DuckDBPyRelation) -> list[tuple[Any, ...]]:
        """Return the rows of a relation; raise `UsageError` where there are more than one machine
        should be asked to hold.
        """
        found = self.fetched(self.sql(relation.limit(MOST_ROWS + 1)))
        if len(found) > MOST_ROWS:
            hint = Text("use --basis computed, if these are names of areas")
            raise UsageError(
                Problem(
                    "UD515",
                    Text(
                        "more than {most_rows:,} names, dates or problems would leave the engine",
                        most_rows=MOST_ROWS,
                    ),
                    hint,
                )
            )
        return found


def _cell(value: object) -> str:
    return (
        "NULL" if value is None else str(value) if isinstance(value, int) else literal(str(value))
    )
