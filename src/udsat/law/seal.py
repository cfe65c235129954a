"""The seal of a released criteria file: a SHA-256 over what decides verdicts and their marks.

Not covered are the dates of checking, the end of a version, titles, addresses, and the wording of doubts: they may be kept
up to date. A folder with a file CHECKSUMS is a released law: its files are the versions of one law.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

CHECKSUMS = "CHECKSUMS"
_HEAD = "# SHA-256 of the normative blocks of each released version; `udsat criteria check --seal` writes this file.\n"
_BLOCKS = ("publication", "area", "measures", "criteria", "categories", "years_in_row")
_VERSION = ("id", "in_force")
_DOUBT = ("about", "status")


def normative(tree: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a file that decides verdicts and their marks."""
    part = {name: tree[name] for name in _BLOCKS if name in tree}
    part["version"] = {key: tree.get("version", {}).get(key) for key in _VERSION}
    part["doubts"] = [{key: doubt.get(key) for key in _DOUBT} for doubt in tree.get("doubts", ())]
    return part


def seal(tree: dict[str, Any]) -> str:
    """Return the SHA-256 of the normative part of a file. Layout, comments and the order of keys do not count.

    >>> seal({"area": {"min_residents": 1000, "years": [0]}}) == seal({"area": {"years": [0], "min_residents": 1000}})
    True
    """
    # Categories and criteria keep their order: from it follow the innermost category and the order of columns.
    part = normative(tree)
    orders = {name: list(part.get(name, ())) for name in ("criteria", "categories")}
    text = json.dumps([part, orders], sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"decimal {value.normalize():f}"
    if isinstance(value, (dt.date, dt.time)):
        return f"date {value.isoformat()}"
    raise TypeError(value)


def read_seals(folder: Path) -> dict[str, str] | None:
    """Return the seals in a folder by file name; None where it has none."""
    path = folder / CHECKSUMS
    if not os.path.isfile(path):
        return None
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]
    return {words[1]: words[0] for words in lines if len(words) == 2}


def seals_text(trees: dict[str, dict[str, Any]]) -> str:
    """Return the text of CHECKSUMS for files by name."""
    return _HEAD + "".join(f"{seal(tree)}  {name}\n" for name, tree in sorted(trees.items()))
