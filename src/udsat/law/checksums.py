"""The seals of a released criteria file: for each revision a SHA-256 over what decides verdicts and
their marks.

Not covered are the dates of checking, the end of a version, titles, addresses, and the wording of
doubts: they may be kept up to date. A folder with a file CHECKSUMS is a released law: its files are
the versions of one law.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

CHECKSUMS = "CHECKSUMS"
_HEAD = (
    "# SHA-256 of the normative blocks of each released version, with its revision; `udsat criteria"
    " check --seal` writes this file.\n"
)
_BLOCKS = ("publication", "area", "measures", "criteria", "categories", "years_in_row")
_VERSION = ("id", "in_force")
_DOUBT = ("about", "status")

#: The seals of one file by revision.
Released = Mapping[int, str]


def revision(tree: dict[str, Any]) -> int:
    """Return the revision that a file says it is; 1 where it says none."""
    head = tree.get("version")
    number = head.get("revision", 1) if isinstance(head, dict) else 1
    return number if isinstance(number, int) else 1


def normative(tree: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a file that decides verdicts and their marks."""
    part = {name: tree[name] for name in _BLOCKS if name in tree}
    part["version"] = {key: tree.get("version", {}).get(key) for key in _VERSION}
    part["doubts"] = [_doubt(doubt) for doubt in tree.get("doubts", ())]
    # What older files lack is left out here, and an id of a doubt too, so that their seals hold.
    if (number := revision(tree)) > 1:
        part["version"]["revision"] = number
    return part


def _doubt(doubt: Mapping[str, Any]) -> dict[str, Any]:
    return {key: doubt.get(key) for key in _DOUBT} | (
        {"id": doubt["id"]} if doubt.get("id") else {}
    )


def seal(tree: dict[str, Any]) -> str:
    """Return the SHA-256 of the normative part of a file. Layout, comments and the order of keys do
    not count.

    >>> seal({"area": {"min_residents": 1000, "years": [0]}}) == seal({"area": {"years": [0], "min_residents": 1000}})
    True
    """  # noqa: E501
    # Categories and criteria keep their order: from it follow the innermost category and the order
    # of columns.
    part = normative(tree)
    orders = {name: list(part.get(name, ())) for name in ("criteria", "categories")}
    text = json.dumps(
        [part, orders], sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"decimal {value.normalize():f}"
    if isinstance(value, (dt.date, dt.time)):
        return f"date {value.isoformat()}"
    raise TypeError(value)


def is_released(tree: dict[str, Any], released: Released) -> bool:
    """Whether a file is the newest revision that was released, unchanged."""
    return (
        bool(released) and revision(tree) == max(released) and seal(tree) == released[max(released)]
    )


def read_seals(folder: Path) -> dict[str, dict[int, str]] | None:
    """Return the seals in a folder by file name and revision; None where it has none."""
    path = folder / CHECKSUMS
    if not os.path.isfile(path):
        return None
    found: dict[str, dict[int, str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        checksum, name, number = (
            [*line.split(), "1"][:3] if len(line.split()) > 1 else ("#", "", "")
        )
        if number.isdecimal() and not checksum.startswith("#"):
            found.setdefault(name, {})[int(number)] = checksum
    return found


def seals_text(
    trees: Mapping[str, dict[str, Any]], earlier: Mapping[str, Released] | None = None
) -> str:
    """Return the text of CHECKSUMS for files by name: their earlier revisions, and what they are
    now.
    """
    lines = []
    for name, tree in sorted(trees.items()):
        seals = {**(earlier or {}).get(name, {}), revision(tree): seal(tree)}
        lines += [f"{checksum}  {name}  {number}\n" for number, checksum in sorted(seals.items())]
    return _HEAD + "".join(lines)
