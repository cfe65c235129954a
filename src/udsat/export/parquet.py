"""Parquet out: typed columns, with the provenance and what each column means in the file's own
metadata.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from udsat import engine
from udsat.engine.arrow import texts

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

#: What the numbers of a column stand for: words in the order of their numbers, or what gives the
#: text of a code.
Meaning = Sequence[str] | Callable[[int], str]
Legend = Mapping[str, Meaning]
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
    legend: Legend | None = None,
) -> None:
    """Write a relation as Parquet, with metadata and descriptions of columns as JSON under the keys
    of this module.

    A column in `legend` has numbers that stand for texts, or structs of such a number and a text,
    of which one is there: it becomes one of text. The engine could write Parquet itself, but in the
    order of rows only with gigabytes of memory or with one thread.
    """
    from pyarrow.parquet import ParquetWriter

    given = {PROVENANCE: metadata} | ({COLUMNS: descriptions} if descriptions else {})
    reader = relation.to_arrow_reader(_ROWS)
    # Without Arrow's own schema: words kept as numbers with a list are text to every reader.
    searched = [name for name in reader.schema.names if name in _SEARCHED]
    options: dict[str, Any] = {
        "compression": "zstd",
        "store_schema": False,
        "write_statistics": searched,
    }
    meanings = {
        name: cache(meaning) if callable(meaning) else meaning
        for name, meaning in (legend or {}).items()
    }
    schema = _schema(reader.schema, meanings)
    with ParquetWriter(path, schema, **options) as file, ThreadPoolExecutor(1) as hand:
        for key, value in given.items():
            file.add_key_value_metadata(
                {key: json.dumps(value, ensure_ascii=False, sort_keys=key == PROVENANCE)}
            )
        written = hand.submit(int)
        for group in _groups(reader):
            written.result()
            written = hand.submit(file.write_table, _plain(group, schema, meanings), group.num_rows)
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
        raise engine.told_by_arrow(error) from error


def _schema(given: pa.Schema, legend: Legend) -> pa.Schema:
    """Return a schema in which what stands for texts is text, kept as numbers with a list."""
    import pyarrow as pa

    for place, field in enumerate(given):
        if field.name in legend:
            given = given.set(place, pa.field(field.name, pa.dictionary(pa.int32(), pa.string())))
    return given


def _plain(group: pa.Table, schema: pa.Schema, legend: Legend) -> pa.Table:
    """Return rows as a schema has them: with texts for numbers that stand for them."""
    for place, field in enumerate(schema):
        if meaning := legend.get(field.name):
            group = group.set_column(place, field, _told(group.column(place), meaning))
    return group


def _told(column: pa.ChunkedArray, meaning: Meaning) -> pa.DictionaryArray:
    """Return what stands for texts as numbers with a list of texts."""
    import pyarrow as pa

    if not callable(meaning):
        return pa.DictionaryArray.from_arrays(
            column.combine_chunks().cast(pa.int32()), texts(meaning)
        )
    parts = column.flatten() if pa.types.is_struct(column.type) else [column]
    return _merged([_listed(part.combine_chunks(), meaning) for part in parts])


def _listed(part: pa.Array, meaning: Callable[[int], str]) -> pa.DictionaryArray:
    """Return codes or texts as numbers with a list of texts; a code that means an empty one stands
    for none.
    """
    import pyarrow as pa

    listed = part.dictionary_encode()
    if not pa.types.is_integer(part.type):
        return listed
    return pa.DictionaryArray.from_arrays(
        listed.indices, texts([meaning(code) for code in listed.dictionary.to_pylist()])
    )


def _merged(parts: Sequence[pa.DictionaryArray]) -> pa.DictionaryArray:
    """Return columns of which at most one is there in each row as one, with a list in which no text
    stands twice.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    once = pa.concat_arrays([part.dictionary for part in parts]).unique().drop_null()
    places = [pc.index_in(part.dictionary, once).take(part.indices) for part in parts]
    return pa.DictionaryArray.from_arrays(pc.coalesce(*places), once)
