"""A descriptor beside a result, `datapackage.json`: what the file is, what its columns mean, and
what it was made from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from udsat import files
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text
from udsat.tables.dictionary import Column

NAME = "datapackage.json"
#: Formats that are one table with typed columns; the descriptor says how each is read.
FORMATS: dict[str, dict[str, Any]] = {
    "csv": {"mediatype": "text/csv", "encoding": "utf-8"},
    "xlsx": {"mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    "parquet": {"mediatype": "application/vnd.apache.parquet"},
}
_TYPES = {"text": "string", "date": "date", "whole number": "integer", "number": "number"}
#: Where the shape of a descriptor is defined.
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def place(path: str) -> str:
    """Return where the descriptor of a file stands."""
    return str(Path(path).parent / NAME)


def check_free(path: str) -> None:
    """Raise `UsageError` where the folder has a descriptor of other files: it is not ours to
    replace.
    """
    there = Path(place(path))
    if not there.exists():
        return
    try:
        named = [one["path"] for one in json.loads(there.read_text(encoding="utf-8"))["resources"]]
    except (OSError, ValueError, KeyError, TypeError):
        named = []
    if named != [Path(path).name]:
        hint = Text("write to a folder of its own, or move that file")
        raise UsageError(
            Problem("UD505", Text("is there already and describes other files"), hint, str(there))
        )


def write(
    path: str,
    format: str,
    columns: Sequence[Column],
    provenance: Mapping[str, Any],
    danish: bool = False,
) -> None:
    """Write the descriptor of a finished file beside it, with its size and SHA-256."""
    data = Path(path)
    with data.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    resource: dict[str, Any] = {
        "name": "verdicts",
        "type": "table",
        "path": data.name,
        "format": format,
        **FORMATS[format],
    }
    resource |= {"bytes": data.stat().st_size, "hash": f"sha256:{digest}"}
    if format == "csv":
        resource["dialect"] = {
            "delimiter": ";" if danish else ",",
            "lineTerminator": "\r\n" if danish else "\n",
        }
    resource["schema"] = {
        "fields": [_field(column, danish) for column in columns],
        "missingValues": [""],
    }
    package = {
        "$schema": _PROFILE,
        "name": "udsat-verdicts",
        "title": "Verdicts computed by udsat, not the official list",
    }
    package |= {"resources": [resource], "provenance": dict(provenance)}  # type: ignore[dict-item]
    files.write(place(path), json.dumps(package, ensure_ascii=False, indent=2) + "\n")


def _field(column: Column, danish: bool) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.kind],
        "description": column.holds,
    }
    if column.unit:
        field["unit"] = column.unit
    if column.source:
        field["source"] = column.source
    if danish and column.kind == "number":
        field["decimalChar"] = ","
    if column.words:
        field["constraints"] = {"enum": list(column.words)}
    return field
