"""How what-if looks: one line for each variant and category in a table, and the same
as a document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from udsat.messages.language import _, day, figure, whole
from udsat.render import words
from udsat.scoring.criteria import Case

#: So many names of areas stand in a line of the table; CSV and JSON have all.
_NAMES = 3
COLUMNS = ("yes", "unknown", "enters", "leaves", "unclear", "who_enters", "who_leaves")


def flat(
    rows: Sequence[Mapping[str, Any]], paths: Sequence[str]
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return headings and rows for CSV and Parquet: counts, and the names in one cell each."""
    keys = ["variant", *paths, "list_date", "category"]
    return [*keys, *COLUMNS], [
        (
            *(row[key] for key in keys),
            *_counts(row),
            "; ".join(row["enters"]),
            "; ".join(row["leaves"]),
        )
        for row in rows
    ]


def _counts(row: Mapping[str, Any]) -> tuple[int, ...]:
    return row["yes"], row["unknown"], len(row["enters"]), len(row["leaves"]), row["unclear"]


def document(
    rows: Sequence[Mapping[str, Any]], paths: Sequence[str], provenance: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the document for JSON: one object for each variant and list, with its categories."""
    variants: dict[tuple[Any, Any], dict[str, Any]] = {}
    for row in rows:
        start = {
            "variant": row["variant"],
            "numbers": {path: row[path] for path in paths},
            "list_date": str(row["list_date"]),
            "categories": {},
        }
        one = variants.setdefault((row["variant"], row["list_date"]), start)
        one["categories"][row["category"]] = {
            key: row[key] for key in ("yes", "unknown", "enters", "leaves", "unclear")
        }
    return {
        "schema": "udsat.vary/1",
        "provenance": dict(provenance),
        "variants": list(variants.values()),
    }


def lines(rows: Sequence[Mapping[str, Any]], paths: Sequence[str], case: Case) -> str:
    """Return the table as text: every number of a variant, then its categories."""
    head = ("list", "category", "yes", "unknown", "enters", "leaves", "unclear")
    headings = [*paths, *map(_, head), ""]
    cells = [
        [
            *(figure(row[path]) for path in paths),
            *_keys(row, case),
            *map(whole, _counts(row)),
            _who(row),
        ]
        for row in rows
    ]
    widths = [max(len(row[n]) for row in [headings, *cells]) for n in range(len(headings))]
    left = {len(paths), len(paths) + 1, len(headings) - 1}
    text = [
        "  ".join(
            cell.ljust(width) if n in left else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in [headings, *cells]
    ]
    text.insert(1, "─" * (sum(widths) + 2 * len(widths) - 2))
    text += [
        "",
        _(
            "yes, unknown: areas certainly in the category, and areas of which that cannot be"
            " decided"
        ),
    ]
    text += [
        _(
            "enters, leaves: areas that the law as it stands certainly leaves out, or has; unclear:"
            " other changes"
        )
    ]
    return "\n".join(line.rstrip() for line in text) + "\n"


def _keys(row: Mapping[str, Any], case: Case) -> tuple[str, str]:
    return day(row["list_date"]), words.category(case.versions[row["list_date"]], row["category"])


def _who(row: Mapping[str, Any]) -> str:
    parts = [
        f"{sign}{name}"
        for sign, key in (("+ ", "enters"), ("- ", "leaves"))
        for name in row[key][:_NAMES]
    ]
    rest = sum(max(0, len(row[key]) - _NAMES) for key in ("enters", "leaves"))
    return ", ".join(parts) + (_(" and {rest} more", rest=whole(rest)) if rest else "")
