"""Whether verdicts agree with the published lists, area by area and list by list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import narwhals as nw

from udsat import engine
from udsat.analysis.audit.trials import Bench, Item, MismatchKind, area_of, with_causes
from udsat.analysis.records import Record
from udsat.analysis.run import TOWN
from udsat.evidence.published_lists import ListKey, Lists
from udsat.law.schema import CriteriaVersion
from udsat.names.areas import Area, Match
from udsat.tables.area_table import DATE


@dataclass(frozen=True, slots=True)
class Audit:
    """What agrees with the published lists and what does not."""

    items: tuple[Item, ...]
    #: Listed areas of which the table has no row on that list, by list: those in municipalities of
    #: the table, and others.
    absent: Mapping[ListKey, tuple[tuple[Area, ...], int]]
    versions: Mapping[dt.date, CriteriaVersion]
    statuses: Mapping[ListKey, str]

    @property
    def disagrees(self) -> bool:
        """Whether a certain verdict contradicts a list."""
        return any(item.kind in {"miss", "extra"} for item in self.items)

    def of(self, kind: str) -> list[Item]:
        """Return the items of a kind."""
        return [item for item in self.items if item.kind == kind]


def audit(bench: Bench, official: Lists, keys: Collection[ListKey]) -> Audit:
    """Return how the verdicts agree with these official lists, with the tested causes of what does
    not.
    """
    side = bench.side
    versions = side.verdicts.case.versions
    known = sorted(
        key for key in keys if key[0] in versions and key[1] in versions[key[0]].categories
    )
    frame = side.verdicts.areas(bare=True).filter(
        nw.col(DATE).is_in(sorted({date for date, _ in known}))
    )
    names = frame.collect_schema().names()
    rows = [dict(zip(names, row, strict=True)) for row in engine.fetch(frame)]
    rows.sort(key=lambda row: row["row"])
    matches = {row["row"]: _match(row, official) for row in rows}
    items = [item for key in known for item in _compared(key, rows, official, matches)]
    absent = {key: _absent(key, rows, official, matches) for key in known}
    statuses = {key: official.lists[key].status for key in known}
    return Audit(tuple(with_causes(items, bench)), absent, versions, statuses)


def _match(row: Record, official: Lists) -> Match | None:
    """Return the areas that a row may be about, by the name that it has on its list."""
    area, names = area_of(row), official.names
    area_id = row.get("area_id")
    if (
        area.municipality
        and names.municipality(area.municipality) is None
        and not (area_id and names.by_id(area_id))
    ):
        return None
    return names.find(*area, row["list_date"], area_id)


def _compared(
    key: ListKey, rows: Iterable[Record], official: Lists, matches: Mapping[int, Match | None]
) -> Iterator[Item]:
    """Yield each area of a list's date of which the list says something."""
    date, category = key
    for row in rows:
        if row["list_date"] != date:
            continue
        listed, name = _listed(row, official, key, matches[row["row"]])
        if listed is not None or name:
            yield Item(
                area_of(row),
                date,
                category,
                row[category],
                listed,
                _kind(row[category], listed),
                name,
                row,
            )


def _listed(
    row: Record, official: Lists, key: ListKey, match: Match | None
) -> tuple[bool | None, str]:
    """Return whether an area is on a list, and the listed name that it has or is near; nothing
    where the list does not say.
    """
    town = row.get(TOWN)
    if match is None:
        known = official.lists[key].complete and not (
            town and official.names.municipality(town) is None
        )
        return (False, "") if known else (None, "")
    states = [(official.has(key, area), area.name) for area in match.areas]
    if match.proven:
        return states[0][0], states[0][1] if states[0][0] else ""
    maybe = [name for state, name in states if state]
    return (
        (None, " or ".join(maybe))
        if maybe
        else (False if all(state is False for state, _ in states) else None, "")
    )


def _kind(computed: str, listed: bool | None) -> MismatchKind:
    if listed is None:
        return "name"
    if computed == "unknown":
        return "open"
    if (computed == "yes") == listed:
        return "agrees"
    return "miss" if listed else "extra"


def _absent(
    key: ListKey, rows: Iterable[Record], official: Lists, matches: Mapping[int, Match | None]
) -> tuple[tuple[Area, ...], int]:
    here = [row for row in rows if row["list_date"] == key[0]]
    found = {area for row in here if (match := matches[row["row"]]) for area in match.areas}
    towns = {official.names.town(town) for row in here if (town := row.get(TOWN))}
    missing = sorted(area for area in official.lists[key].on if area not in found)
    own = tuple(area for area in missing if official.names.town(area.municipality) in towns)
    return own, len(missing) - len(own)
