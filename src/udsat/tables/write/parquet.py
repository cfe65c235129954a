"""Parquet out: typed columns, with the provenance and what each column means in the file's own metadata."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

#: What a code means, for each column that has codes.
Legend = Mapping[str, Callable[[int], str]]
#: The keys of the metadata: the provenance, and a description for each column.
PROVENANCE, COLUMNS = "udsat", "udsat.columns"
#: Rows of a row group, which is what is held in memory a few times.
_ROWS = 122_880
#: Smallest and largest values help to find rows by names and dates; of all else they would cost more than they give.
_SEARCHED = frozenset({"area", "municipality", "region", "list_date", "year"})


def to_parquet(
    relation: duckdb.DuckDBPyRelation,
    path: Path,
    metadata: Mapping[str, Any],
    descriptions: Mapping[str, str] | None = None,
    legend: Legend | None = None,
) -> None:
    """Write a relation as Parquet, with metadata and descriptions of columns as JSON under the keys of this module.

    A column of structs of a word (kept as a number with a list of words), a code, of which `legend` says what it means in
    that column, and a text becomes one of text. The engine could write Parquet itself, but in the order of rows only with
    gigabytes of memory or with one thread.
    """
    from pyarrow.parquet import ParquetWriter

    given = {PROVENANCE: metadata} | ({COLUMNS: descriptions} if descriptions else {})
    reader = relation.to_arrow_reader(_ROWS)
    # Without Arrow's own schema: words kept as numbers with a list are text to every reader.
    searched = [name for name in reader.schema.names if name in _SEARCHED]
    options: dict[str, Any] = {"compression": "zstd", "store_schema": False, "write_statistics": searched}
    schema = _schema(reader.schema)
    meanings = {name: cache(meaning) for name, meaning in (legend or {}).items()}
    with ParquetWriter(path, schema, **options) as file, ThreadPoolExecutor(1) as hand:
        for key, value in given.items():
            file.add_key_value_metadata({key: json.dumps(value, ensure_ascii=False, sort_keys=key == PROVENANCE)})
        written = hand.submit(int)
        for group in _groups(reader):
            written.result()
            written = hand.submit(file.write_table, _plain(group, schema, meanings), group.num_rows)
        written.result()


def _groups(reader: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Yield rows by the group: the engine gives them in pieces of any size, and a group of few rows costs as much as one of many."""
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    for batch in reader:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= _ROWS:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)


def _schema(given: pa.Schema) -> pa.Schema:
    """Return a schema in which structs of what stands for a text are texts, kept as numbers with a list."""
    import pyarrow as pa

    for place, field in enumerate(given):
        if pa.types.is_struct(field.type) and pa.types.is_dictionary(field.type[0].type):
            given = given.set(place, pa.field(field.name, pa.dictionary(pa.int32(), pa.string())))
    return given


def _plain(group: pa.Table, schema: pa.Schema, legend: Legend) -> pa.Table:
    """Return rows as a schema has them: of a struct of a word, a code and a text whichever of them there is."""
    for place, field in enumerate(schema):
        if field.type != group.schema[place].type:
            parts = [_listed(part.combine_chunks(), legend.get(field.name)) for part in group.column(place).flatten()]
            group = group.set_column(place, field, _merged(parts))
    return group


def _listed(part: pa.Array, meaning: Callable[[int], str] | None) -> pa.DictionaryArray:
    """Return words, codes or texts as numbers with a list of texts; a code that means an empty one stands for none."""
    import pyarrow as pa

    if pa.types.is_dictionary(part.type):
        return part
    listed = part.dictionary_encode()
    if not pa.types.is_integer(part.type):
        return listed
    texts = [(meaning(code) if meaning else str(code)).encode() for code in listed.dictionary.to_pylist()]
    ends = array("i", accumulate(map(len, texts), initial=0))
    there = sum(bool(text) << n for n, text in enumerate(texts)).to_bytes(len(texts) // 8 + 1, "little")
    # Not as a list of texts, for which Arrow would load pandas.
    buffers = map(pa.py_buffer, (ends, b"".join(texts), there))
    strings = pa.StringArray.from_buffers(len(texts), *buffers)
    return pa.DictionaryArray.from_arrays(listed.indices, strings)


def _merged(parts: Sequence[pa.DictionaryArray]) -> pa.DictionaryArray:
    """Return columns of which at most one is there in each row as one, with a list in which no text stands twice."""
    import pyarrow as pa
    import pyarrow.compute as pc

    once = pa.concat_arrays([part.dictionary for part in parts]).unique().drop_null()
    places = [pc.index_in(part.dictionary, once).take(part.indices) for part in parts]
    return pa.DictionaryArray.from_arrays(pc.coalesce(*places), once)
