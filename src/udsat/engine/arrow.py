"""Columns of Arrow made without pandas, which Arrow loads for lists: half a second."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from contextlib import suppress
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def texts(given: Sequence[str]) -> pa.StringArray:
    """Return texts as a column, in which an empty one is none."""
    import pyarrow as pa

    letters = [text.encode() for text in given]
    ends = array("i", accumulate(map(len, letters), initial=0))
    there = int("0" + "".join("01"[bool(text)] for text in reversed(given)), 2).to_bytes(
        len(given) // 8 + 1, "little"
    )
    return pa.StringArray.from_buffers(
        len(given), *map(pa.py_buffer, (ends, b"".join(letters), there))
    )


def whole_numbers(values: Any) -> pa.Int64Array:
    """Return an array of whole numbers of 64 bits as a column."""
    import pyarrow as pa

    return pa.Int64Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(values)])


def keep_little() -> None:
    """Let Arrow hold on to less memory that it does not use, in this process, where its build has
    what does so.
    """
    import pyarrow as pa

    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())
