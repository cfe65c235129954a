"""Whether verdicts agree with the published lists, area by area and list by list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import narwhals as nw

from udsat.law.model import CriteriaVersion
from udsat.questions.trials import Bench, Item, Kind, Record, area_of, with_causes
from udsat.tables import engine
from udsat.tables.area_table import DATE
from udsat.tables.lists import Area, Lists, Match, plain_municipality

Key = tuple[dt.date, str]


@dataclass(frozen=True, slots=True)
class Audit:
    """What agrees with the published lists and what does not."""

    items: tuple[Item, ...]
    #: Listed areas of which the table has no row on that list, by list: those in municipalities of the table, and others.
    absent: Mapping[Key, tuple[tuple[Area, ...], int]]
    versions: Mapping[dt.date, CriteriaVersion]
    statuses: Mapping[Key, str]

    @property
    def disagrees(self) -> bool:
        """Whether a certain verdict contradicts a list."""
        return any(item.kind in {"miss", "extra"} for item in self.items)

    def of(self, kind: str) -> list[Item]:
        """Return the items of a kind."""
        return [item for item in self.items if item.kind == kind]


def audit(bench: Bench, official: Lists, keys: Collection[Key]) -> Audit:
    """Return how the verdicts agree with these official lists, with the tested causes of what does not."""
    side = bench.side
    versions = side.verdicts.case.versions
    known = sorted(key for key in keys if key[0] in versions and key[1] in versions[key[0]].categories)
    frame = side.verdicts.areas(bare=True).filter(nw.col(DATE).is_in(sorted({date for date, _ in known})))
    names = frame.collect_schema().names()
    rows = [dict(zip(names, row, strict=True)) for row in engine.fetch(frame)]
    rows.sort(key=lambda row: row["row"])
    matches = _matches(rows, official)
    items = [item for key in known for item in _compared(key, rows, official, matches)]
    absent = {key: _absent(key, rows, official, matches) for key in known}
    statuses = {key: official.statuses[key] for key in known}
    return Audit(tuple(with_causes(items, bench)), absent, versions, statuses)


def _matches(rows: Iterable[Record], official: Lists) -> dict[Area, Match | None]:
    matcher = official.matcher()
    areas = dict.fromkeys(area_of(row) for row in rows)
    return {area: matcher.find(area.name, area.municipality) if matcher.has(area.municipality) else None for area in areas}


def _compared(key: Key, rows: Iterable[Record], official: Lists, matches: Mapping[Area, Match | None]) -> Iterator[Item]:
    date, category = key
    members = official.members[key]
    for row in rows:
        if row["list_date"] == date:
            match = matches[area_of(row)]
            on_it = match is not None and match.area in members
            listed = None if match and on_it and not match.proven else on_it
            name = match.area.name if match and on_it else ""
            yield Item(area_of(row), date, category, row[category], listed, _kind(row[category], listed), name, row)


def _kind(computed: str, listed: bool | None) -> Kind:
    if listed is None:
        return "name"
    if computed == "unknown":
        return "open"
    if (computed == "yes") == listed:
        return "agrees"
    return "miss" if listed else "extra"


def _absent(key: Key, rows: Iterable[Record], official: Lists, matches: Mapping[Area, Match | None]) -> tuple[tuple[Area, ...], int]:
    here = [area_of(row) for row in rows if row["list_date"] == key[0]]
    found = {match.area for area in here if (match := matches[area])}
    towns = {plain_municipality(area.municipality) for area in here}
    missing = sorted(area for area in official.members[key] if area not in found)
    own = tuple(area for area in missing if plain_municipality(area.municipality) in towns)
    return own, len(missing) - len(own)
