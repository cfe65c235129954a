"""Parquet out: typed columns, with the provenance and what each column means in the file's own metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from udsat.tables.engine import identifier, literal

#: The keys of the metadata: the provenance, and a description for each column. The engine cannot write field metadata.
PROVENANCE, COLUMNS = "udsat", "udsat.columns"


def to_parquet(
    connection: duckdb.DuckDBPyConnection,
    relation: duckdb.DuckDBPyRelation,
    path: Path,
    metadata: Mapping[str, Any],
    descriptions: Mapping[str, str] | None = None,
) -> None:
    """Write a relation as Parquet, with metadata and descriptions of columns as JSON under the keys of this module."""
    given = {PROVENANCE: metadata} | ({COLUMNS: descriptions} if descriptions else {})
    pairs = ", ".join(
        f"{identifier(key)}: {literal(json.dumps(value, ensure_ascii=False, sort_keys=key == PROVENANCE))}" for key, value in given.items()
    )
    options = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{pairs}}}"
    connection.execute(f"COPY ({relation.sql_query()}) TO {literal(str(path))} ({options})")
