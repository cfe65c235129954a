"""Parquet out: typed columns, with the provenance and what each column means in the file's own
metadata.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from udsat import engine

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

#: The keys of the metadata: the provenance, and a description for each column.
PROVENANCE, COLUMNS = "udsat", "udsat.columns"
#: Rows of a row group, which is what is held in memory a few times.
_ROWS = 122_880
#: Smallest and largest values help to find rows by names and dates; of all else they would cost
#: more than they give.
_SEARCHED = frozenset({"area", "municipality", "region", "list_date", "year"})


def to_parquet(
    relation: duckdb.DuckDBPyRelation,
    path: Path,
    metadata: Mapping[str, Any],
    descriptions: Mapping[str, str] | None = None,
) -> None:
    """Write a relation as Parquet, with metadata and descriptions of columns as JSON under the keys
    of this module.

    The engine could write Parquet itself, but in the order of rows only with gigabytes of memory or
    with one thread.
    """
    from pyarrow.parquet import ParquetWriter

    given = {PROVENANCE: metadata} | ({COLUMNS: descriptions} if descriptions else {})
    reader = relation.to_arrow_reader(_ROWS)
    searched = [name for name in reader.schema.names if name in _SEARCHED]
    options: dict[str, Any] = {
        "compression": "zstd",
        "store_schema": False,
        "write_statistics": searched,
    }
    with ParquetWriter(path, reader.schema, **options) as file, ThreadPoolExecutor(1) as hand:
        for key, value in given.items():
            file.add_key_value_metadata(
                {key: json.dumps(value, ensure_ascii=False, sort_keys=key == PROVENANCE)}
            )
        written = hand.submit(int)
        for group in _groups(reader):
            written.result()
            written = hand.submit(file.write_table, group, group.num_rows)
        written.result()


def _groups(reader: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Yield rows by the group: the engine gives them in pieces of any size, and a group of few rows
    costs as much as one of many.
    """
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    for batch in _handed_on(reader):
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= _ROWS:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)


def _handed_on(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """Yield what the engine hands on by way of Arrow, with its own errors."""
    try:
        yield from reader
    except OSError as error:
        raise engine.unwrap_engine_error(error) from error
