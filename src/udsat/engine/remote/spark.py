"""Spark: frames of any size, scored by the cluster that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from udsat import engine
from udsat.engine.remote.base import RemoteEngine

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

#: What the columns of a frame are called here; others are passed through as they are.
_TYPES = {
    "tinyint": "TINYINT", "smallint": "SMALLINT", "int": "INTEGER", "bigint": "BIGINT",
    "float": "FLOAT", "double": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE",
    "timestamp": "TIMESTAMP", "timestamp_ntz": "TIMESTAMP", "binary": "BLOB",
}  # fmt: skip


class Spark(RemoteEngine):
    """A Spark session with a frame."""

    dialect = "spark"
    name = "<Spark frame>"

    def __init__(self, frame: DataFrame) -> None:
        super().__init__()
        self.data = frame

    def types(self) -> dict[str, str]:
        """Return the columns with their types."""
        return {name: _type(kind) for name, kind in self.data.dtypes}

    def source(self) -> str:
        """Return the name of a view of the frame in its session."""
        name = engine.fresh()
        self.data.createOrReplaceTempView(name)
        return name

    def frame(self, query: str) -> Any:
        """Return a query as a lazy frame."""
        return self.data.sparkSession.sql(query)

    def fetched(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return [tuple(row) for row in self.frame(query).collect()]


def _type(kind: str) -> str:
    return kind.upper() if kind.startswith("decimal") else _TYPES.get(kind, "VARCHAR")
