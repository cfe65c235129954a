"""What two versions of the law make of the same areas: who enters, leaves or changes category
because of the law alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from udsat.analysis.records import Record


@dataclass(frozen=True, slots=True)
class Moved:
    """An area whose category differs between two versions."""

    area: str
    municipality: str | None
    list_date: str
    old: str
    new: str
    #: Criteria whose outcome differs, as `education: met -> not_met`; also those that one version
    #: lacks.
    why: tuple[str, ...]
    kind: str


def moved(
    old: Sequence[Record], new: Sequence[Record], criteria: Sequence[str], same: Mapping[str, str]
) -> list[Moved]:
    """Return every area whose category differs; the rows are verdicts on the same table, in the
    same order.

    `same` has categories that only changed their name. Unknown is a state of its own: from or to it
    nobody enters or leaves.
    """
    found = []
    for one, other in zip(old, new, strict=True):
        before, after = one["category"], other["category"]
        if same.get(before, before) != after:
            why = tuple(
                words for name in criteria if (words := _flip(name, one.get(name), other.get(name)))
            )
            found.append(
                Moved(
                    one["area"],
                    one.get("municipality"),
                    str(one["list_date"]),
                    before,
                    after,
                    why,
                    _kind(before, after),
                )
            )
    return found


def _flip(name: str, before: str | None, after: str | None) -> str:
    return (
        f"{name}: {before or 'no criterion'} -> {after or 'no criterion'}"
        if before != after
        else ""
    )


def _kind(before: str, after: str) -> str:
    if "unknown" in {before, after}:
        return "cannot be calculated"
    return "enters" if before == "none" else "leaves" if after == "none" else "changes"
