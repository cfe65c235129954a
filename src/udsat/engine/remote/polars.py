"""polars: a lazy frame of this process, on which verdicts are formed in place of the embedded
engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import polars as pl

from udsat.engine import identifier

_TYPES = {"VARCHAR": pl.String, "DATE": pl.Date, "INTEGER": pl.Int32}


class Polars:
    """What scoring asks of an engine that has the rows."""

    @staticmethod
    def frame(relation: duckdb.DuckDBPyRelation) -> pl.LazyFrame:
        """Return checked rows as a lazy frame."""
        found: pl.LazyFrame = relation.pl().lazy()
        return found

    @staticmethod
    def relation(
        frame: pl.LazyFrame, connection: duckdb.DuckDBPyConnection
    ) -> duckdb.DuckDBPyRelation:
        """Return verdicts as a relation again, for all that asks of them; Arrow has no integers of
        128 bits, so they go as text.
        """
        wide = [name for name, kind in frame.collect_schema().items() if kind == pl.Int128]
        found = connection.from_arrow(
            frame.with_columns(pl.col(wide).cast(pl.String)).collect().to_arrow()
        )
        if not wide:
            return found
        return found.project(
            "* REPLACE"
            f" ({', '.join(f'CAST({identifier(name)} AS HUGEINT) AS {identifier(name)}' for name in wide)})"  # noqa: E501
        )

    def table(self, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> Any:
        """Return a short table from equally long lists, one for each column."""
        return pl.LazyFrame(
            dict(columns), schema={name: _TYPES[kind] for name, kind in types.items()}
        )

    def rows(self, relation: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a lazy frame."""
        found: list[tuple[Any, ...]] = relation.collect().rows()
        return found
