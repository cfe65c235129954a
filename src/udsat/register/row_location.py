"""Where a row stands: its file with the line of CSV, or the row group and row of Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import duckdb

from udsat.engine import literal
from udsat.register.source import PersonSource


class RowLocations:
    """Finds rows in the files that they came from; only asked when something is wrong."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Keep the connection that reads the files."""
        self.connection = connection
        self._ends = lru_cache(maxsize=None)(self._row_group_ends)

    def of(self, source: PersonSource) -> Iterator[str]:
        """Yield each file of a source as SQL, with `file` and the `number` of each row, from 0,
        before its columns.
        """
        for file in source.files:
            number = "file_row_number" if source.kind == "parquet" else "row_number() OVER () - 1"
            yield (
                f"SELECT {literal(file)} AS file, {number} AS number, * FROM"
                f" {source.sql(only=file, placed=True)}"
            )

    def at(self, file: str, number: int) -> tuple[str, int | None]:
        """Return the file, with the row group where it is Parquet, and the line of a row where it
        is CSV.
        """
        if self._is_csv(file):
            return file, number + 2
        return f"{file}, {self._group(file, number)}row {number + 1:,}", None

    def words(self, file: str, number: int) -> str:
        """Return the place of a row in words."""
        place, line = self.at(file, number)
        return place if line is None else f"{place}, line {line}"

    def _group(self, file: str, number: int) -> str:
        for group, end in enumerate(self._ends(file), 1):
            if number < end:
                return f"row group {group}, "
        return ""

    @staticmethod
    def _is_csv(file: str) -> bool:
        return file.lower().endswith(".csv")

    def _row_group_ends(self, file: str) -> tuple[int, ...]:
        query = (
            "SELECT DISTINCT row_group_id, row_group_num_rows FROM"
            f" parquet_metadata({literal(file)}) ORDER BY 1"
        )
        ends, total = [], 0
        for _, rows in self.connection.execute(query).fetchall():
            total += rows
            ends.append(total)
        return tuple(ends)
