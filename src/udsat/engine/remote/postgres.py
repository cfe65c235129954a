"""PostgreSQL, by way of Ibis: tables scored by the database that has them."""

from __future__ import annotations

from typing import Any

from udsat import engine
from udsat.engine import identifier
from udsat.engine.remote.base import RemoteEngine
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

#: What the columns of a table are called here; others are passed through as they are.
_TYPES = {
    "Int8": "TINYINT", "Int16": "SMALLINT", "Int32": "INTEGER", "Int64": "BIGINT",
    "Float32": "FLOAT", "Float64": "DOUBLE", "Boolean": "BOOLEAN", "Date": "DATE",
    "Timestamp": "TIMESTAMP", "Binary": "BLOB", "Decimal": "DECIMAL(38, 9)",
}  # fmt: skip


class Warehouse(RemoteEngine):
    """A database with a table."""

    dialect = "postgres"
    name = "<database table>"

    def __init__(self, table: Any) -> None:
        super().__init__()
        self.data = table
        self.connection = table.get_backend()
        self.own = engine.fresh()
        if self.connection.name != self.dialect:
            message = Text(
                "an Ibis table of {name} cannot be scored in place", name=self.connection.name
            )
            raise UsageError(
                Problem("UD515", message, Text("PostgreSQL can; give other tables as data frames"))
            )

    def types(self) -> dict[str, str]:
        """Return the columns with their types."""
        return {
            name: _TYPES.get(type(kind).__name__, "VARCHAR")
            for name, kind in self.data.schema().items()
        }

    def source(self) -> str:
        """Return the name that every query gives the table: nothing is made in the database."""
        return self.own

    def frame(self, query: str) -> Any:
        """Return a query as a table of the database."""
        return self.connection.sql(self._with_table(query))

    def fetched(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self.connection.raw_sql(self._with_table(query)) as cursor:
            return [tuple(row) for row in cursor.fetchall()]

    def _with_table(self, query: str) -> str:
        return (
            f"WITH {identifier(self.own)} AS NOT MATERIALIZED"
            f" ({self.connection.compile(self.data)}) SELECT * FROM ({query}) AS verdicts"
        )
