"""The one resolver: which listed area a name of a municipality stands for, and what names of one
area have in common.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from udsat.names.areas import Alias, Area, Match, SameAs
from udsat.names.municipalities import Municipalities
from udsat.names.spelling import numbers, parts, plain_municipality, plain_name

#: Two names this alike (of 100) in one municipality may be one area: not proven, so not decided.
_NEAR = 85
#: A name or its part of fewer letters is in too many other names to be near them.
_SHORTEST = 5
#: An area by its municipality and the plain form of its name.
_Key = tuple[str, str]


class _KnownArea(NamedTuple):
    """A known name: its area, the parts of a double name, and the numbers in it."""

    area: Area
    parts: set[str]
    numbers: tuple[str, ...]


class Resolver:
    """Turns the names that people give areas into areas; everything else compares areas.

    A name holds in its municipality only. A municipality is one of a register where there is one,
    else any text.
    """

    def __init__(
        self,
        areas: Iterable[Area] = (),
        aliases: Sequence[Alias] = (),
        register: Municipalities | None = None,
        same: Sequence[SameAs] = (),
    ) -> None:
        """Prepare the names of all listed areas, their aliases and what a user says is the same."""
        self._register = register
        self._towns: dict[str, str | None] = {}
        self._proven: dict[_Key, Area] = {}
        self._unproven: dict[_Key, dict[Area, None]] = {}
        self._names: dict[str, dict[str, _KnownArea]] = {}
        self._spellings: dict[Area, dict[str, None]] = {}
        self._same: dict[_Key, list[tuple[_Key, SameAs]]] = {}
        self._ids: dict[str, Area] = {}
        self._found: dict[tuple[str, str, dt.date | None, str | None], Match | None] = {}
        #: Whether what a name stands for may differ from one day to another.
        self.depends_on_date = any(one.first or one.last for one in same)
        for area in areas:
            self.add(area)
        for alias in aliases:
            self._add_alias(alias)
        for one in same:
            self._add_same(one)

    def add(self, area: Area, *spellings: str) -> None:
        """Know an area by its name, and by other names that are proven to be its own."""
        self._found.clear()
        town = self.town(area.municipality)
        for name in (area.name, *spellings):
            plain = plain_name(name)
            known = self._proven.setdefault((town, plain), area)
            self._names.setdefault(town, {}).setdefault(
                plain, _KnownArea(known, parts(plain), numbers(plain))
            )
            self._spellings.setdefault(known, {})[name] = None

    def _add_alias(self, alias: Alias) -> None:
        if alias.proven:
            self.add(alias.area, alias.name)
        else:
            key = (self.town(alias.area.municipality), plain_name(alias.name))
            self._unproven.setdefault(key, {})[alias.area] = None

    def _add_same(self, one: SameAs) -> None:
        left, right = (self._own(self._key(*area)) for area in (one.area, one.other))
        self._same.setdefault(left, []).append((right, one))
        self._same.setdefault(right, []).append((left, one))

    def add_id(self, area_id: str, area: Area) -> None:
        """Know an area by an identifier that does not change with its name."""
        self._found.clear()
        self._ids[area_id] = area

    @property
    def has_ids(self) -> bool:
        """Whether any area is known by an identifier."""
        return bool(self._ids)

    def by_id(self, area_id: str) -> Area | None:
        """Return the area of an identifier."""
        return self._ids.get(area_id)

    def municipality(self, text: str) -> str | None:
        """Return the municipality that a text names: by the register where there is one; None for
        one that it does not have.
        """
        if text not in self._towns:
            self._towns[text] = (
                self._register.find(text) if self._register else plain_municipality(text)
            )
        return self._towns[text]

    def suggestions(self, municipality: str) -> list[str]:
        """Return the municipalities that an unknown one may be a misspelling of."""
        return self._register.near(municipality) if self._register else []

    def town(self, municipality: str) -> str:
        """Return a municipality as it is compared: by its plain form where the register does not
        have it.
        """
        return self.municipality(municipality) or plain_municipality(municipality)

    def has(self, municipality: str | None) -> bool:
        """Whether a known area may lie in a municipality; a missing name may be any."""
        return not municipality or self.town(municipality) in self._names or bool(self._same)

    def find(
        self,
        name: str,
        municipality: str | None,
        date: dt.date | None = None,
        area_id: str | None = None,
    ) -> Match | None:
        """Return the areas that a name may stand for on a day: one that is proven, else those that
        it is near.

        An identifier that is known decides instead of the name. Without it and without a
        municipality no match is proven, nor is one of a name whose area goes by another identifier.
        """
        asked = (
            name,
            municipality or "",
            date if self.depends_on_date else None,
            area_id if self._ids else None,
        )
        if asked not in self._found:
            self._found[asked] = self._find(*asked)
        return self._found[asked]

    def _find(
        self, name: str, municipality: str, date: dt.date | None, area_id: str | None
    ) -> Match | None:
        if area_id is not None and (own := self._ids.get(area_id)):
            return Match((own,), True)
        key = self._key(name, municipality)
        if municipality and (area := self._known(key, date)):
            return Match((area,), area_id is None or area not in self._ids.values())
        towns = [key[0]] if municipality else list(self._names)
        near = dict.fromkeys(area for town in towns for area in self._near(town, key[1]))
        return Match(tuple(near), False) if near else None

    def identity(self, name: str, municipality: str | None, date: dt.date | None = None) -> Area:
        """Return what all names of one area have in common on a day: two names are of one area
        where this is equal.

        It is the known area where the name is proven to be its own, else the name and municipality
        in plain form.
        """
        key = self._key(name, municipality or "")
        if not municipality:
            return Area(key[1], "")
        if known := self._known(key, date):
            return Area(plain_name(known.name), self.town(known.municipality))
        town, plain = min(self._class_of(key, date))
        return Area(plain, town)

    def is_same(
        self, name: str, municipality: str | None, other: Area, date: dt.date | None = None
    ) -> bool:
        """Whether a name and an area are one on a day; without a municipality on one side the names
        alone decide.
        """
        if not municipality or not other.municipality:
            return plain_name(name) == plain_name(other.name)
        return self.identity(name, municipality, date) == self.identity(*other, date)

    def names_of(self, area: Area) -> tuple[str, ...]:
        """Return the names that are proven to be an area's own, the listed one first."""
        return tuple(self._spellings.get(area, {area.name: None}))

    def with_other_names(self) -> list[str]:
        """Return every name of areas that are known to have several, in plain form."""
        several = {
            plain_name(name)
            for names in self._spellings.values()
            if len(names) > 1
            for name in names
        }
        return sorted(several | {plain for _, plain in self._same})

    def near(self, area: Area) -> list[Area]:
        """Return the other known areas of the same municipality that an area may be,
        by its name.
        """
        return [
            other
            for other in self._near(self.town(area.municipality), plain_name(area.name))
            if other != area
        ]

    def known(self) -> list[Area]:
        """Return every known area."""
        return list(self._spellings)

    def _key(self, name: str, municipality: str) -> _Key:
        return self.town(municipality), plain_name(name)

    def _own(self, key: _Key) -> _Key:
        """Return the name of a known area for every name that is proven to be its own."""
        area = self._proven.get(key)
        return self._key(*area) if area else key

    def _known(self, key: _Key, date: dt.date | None) -> Area | None:
        """Return the area that a name is proven to be; the first by name where a user says that
        several are the same.
        """
        return min(
            (area for one in self._class_of(key, date) if (area := self._proven.get(one))),
            default=None,
        )

    def _class_of(self, key: _Key, date: dt.date | None) -> list[_Key]:
        """Return a name, in its area's own form, and every other that a user says is the same on a
        day.
        """
        key = self._own(key)
        found = {key: None}
        ahead = [key] if self._same else []
        for one in ahead:
            for other, link in self._same.get(one, ()):
                if link.holds(date) and other not in found:
                    found[other] = None
                    ahead.append(other)
        return list(found)

    def _near(self, town: str, plain: str) -> list[Area]:
        """Return the known areas of a municipality that a name may be another writing
        or a part of.
        """
        from rapidfuzz import fuzz

        found = dict(self._unproven.get((town, plain), {}))
        own_parts, own_numbers = parts(plain), numbers(plain)
        for name, known in self._names.get(town, {}).items():
            if known.area in found or (
                own_numbers and known.numbers and own_numbers != known.numbers
            ):
                continue
            inside = (len(name) >= _SHORTEST and name in plain) or (
                len(plain) >= _SHORTEST and plain in name
            )
            if inside or own_parts & known.parts or fuzz.ratio(plain, name, score_cutoff=_NEAR):
                found[known.area] = None
        return list(found)
