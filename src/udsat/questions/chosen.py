"""The areas that people mean by a name: case, aa for å, the order around a slash and known other names do not count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from udsat.errors import Problem, UsageError
from udsat.tables.lists import Area, Lists, plain_municipality, plain_name

_SUGGESTIONS = 3
_ALIKE = 70


def listed(names: Sequence[str], lists: Lists) -> tuple[Area, ...]:
    """Return the listed areas of these names; all listed areas where no names are given.

    A name may have its municipality behind a comma. Raises `UsageError` with suggestions for a name that is on no list.
    """
    known = sorted({area for members in lists.members.values() for area in members})
    spelt = [(area, area.name) for area in known] + [(area, alias) for area, alias, proven in lists.aliases if proven and area in known]
    return _found(names, spelt, known)


def of_table(names: Sequence[str], areas: Sequence[Area], lists: Lists) -> tuple[Area, ...]:
    """Return the areas of a table that have these names, or are the listed area that has one; all for no names."""
    matcher = lists.matcher()
    spelt = [(area, area.name) for area in areas]
    others: dict[Area, list[str]] = {}
    for area, alias, proven in lists.aliases:
        if proven:
            others.setdefault(area, []).append(alias)
    for area in areas:
        match = matcher.find(*area) if names and area.municipality and matcher.has(area.municipality) else None
        if match and match.proven:
            spelt += [(area, name) for name in (match.area.name, *others.get(match.area, ()))]
    return _found(names, spelt, areas)


def _found(names: Sequence[str], spelt: Sequence[tuple[Area, str]], every: Sequence[Area]) -> tuple[Area, ...]:
    if not names:
        return tuple(every)
    found: dict[Area, None] = {}
    for name in names:
        hits = _fitting(name, spelt)
        if not hits:
            raise UsageError(Problem("UD625", f"there is no area '{name}'", _hint(name, [area for area, _ in spelt])))
        found |= dict.fromkeys(hits)
    return tuple(found)


def _fitting(name: str, spelt: Sequence[tuple[Area, str]]) -> list[Area]:
    hits = [area for area, one in spelt if plain_name(one) == plain_name(name)]
    if hits or "," not in name:
        return hits
    start, _, town = name.rpartition(",")
    return [area for area in _fitting(start, spelt) if plain_municipality(area.municipality) == plain_municipality(town)]


def _hint(name: str, areas: Iterable[Area]) -> str:
    from rapidfuzz import fuzz, process

    words = list(dict.fromkeys(", ".join(filter(None, area)) for area in areas))
    near = process.extract(name, words, scorer=fuzz.WRatio, limit=_SUGGESTIONS, score_cutoff=_ALIKE, processor=plain_name)
    return f"did you mean {' or '.join(repr(word) for word, *_ in near)}?" if near else "check the spelling"
