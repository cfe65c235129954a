"""Published lists of areas by name, and when a name in a table is the name on a list."""

from __future__ import annotations

import csv
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from udsat.errors import Problem, TableError
from udsat.law.library import Law, criteria_folder
from udsat.tables import cells, inputs
from udsat.tables.csvs import cells_of, read_plain
from udsat.tables.raw import TextTable

#: Two names this alike (of 100) in one municipality may be one area: not proven, so not decided.
_NEAR = 85
_STATUSES = ("printed", "derived", "interim", "trial")
_NEEDED = ("category", "area", "municipality")


class Area(NamedTuple):
    """An area as the lists name it."""

    name: str
    municipality: str


class Match(NamedTuple):
    """The listed area that a name stands for, and whether that is proven or only near."""

    area: Area
    proven: bool


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists by date and category; a list that is there is complete."""

    members: dict[tuple[dt.date, str], frozenset[Area]]
    statuses: dict[tuple[dt.date, str], str]
    aliases: tuple[tuple[Area, str, bool], ...] = ()
    municipalities: dict[str, str] = field(default_factory=dict)
    sources: tuple[tuple[str, str], ...] = ()

    def knows(self, date: dt.date, category: str) -> bool:
        """Whether the list of a date and category is known by name and was made under the law in force."""
        return self.statuses.get((date, category)) in {"printed", "derived"}

    def refused(self) -> frozenset[dt.date]:
        """Return the dates on which there were only trial or interim lists."""
        regular = {date for (date, _), status in self.statuses.items() if status in {"printed", "derived"}}
        return frozenset(date for date, _ in self.statuses) - regular

    def matcher(self) -> Matcher:
        """Return what finds listed areas by the names that people give them."""
        return Matcher(self)


class Matcher:
    """Finds the listed area that a name and municipality stand for."""

    def __init__(self, lists: Lists) -> None:
        """Prepare the names of all listed areas and their aliases."""
        self._municipalities = {plain_municipality(alias): plain_municipality(name) for alias, name in lists.municipalities.items()}
        areas = dict.fromkeys(area for members in lists.members.values() for area in members)
        self._proven: dict[tuple[str, str], Area] = {}
        self._near: dict[tuple[str, str], Area] = {}
        self._names: dict[str, dict[str, Area]] = {}
        for area, alias, proven in [*((area, area.name, True) for area in areas), *lists.aliases]:
            town = self.town(area.municipality)
            (self._proven if proven else self._near).setdefault((town, plain_name(alias)), area)
            if proven:
                self._names.setdefault(town, {})[plain_name(alias)] = area

        self._everywhere = {known: area for names in self._names.values() for known, area in names.items()}
        self._everywhere |= {known: area for (_, known), area in self._near.items()}

    def town(self, municipality: str) -> str:
        """Return a municipality's name as it is compared, with known other spellings as one."""
        plain = plain_municipality(municipality)
        return self._municipalities.get(plain, plain)

    def has(self, municipality: str | None) -> bool:
        """Whether a listed area may lie in a municipality; a missing name may be any."""
        return not municipality or self.town(municipality) in self._names

    def find(self, name: str, municipality: str | None) -> Match | None:
        """Return the listed area of a name; without a municipality no match is proven."""
        plain = plain_name(name)
        if not municipality:
            area = self._everywhere.get(plain) or self._alike(plain, self._everywhere)
            return Match(area, False) if area else None
        town = self.town(municipality)
        if area := self._proven.get((town, plain)):
            return Match(area, True)
        if near := self._near.get((town, plain)) or self._alike(plain, self._names.get(town, {})):
            return Match(near, False)
        return None

    @staticmethod
    def _alike(plain: str, names: dict[str, Area]) -> Area | None:
        from rapidfuzz import fuzz, process

        own = _parts(plain)
        for known, area in names.items():
            if own & _parts(known) or (len(known) > 4 and known in plain) or (len(plain) > 4 and plain in known):
                return area
        best = process.extractOne(plain, names.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
        return names[best[0]] if best else None


def plain_name(name: str) -> str:
    """Return an area's name without what is written now one way, now another.

    Case, å or aa, soft and typographic hyphens, the suffix "mv." or "m.fl." and the order around "/" do not count.

    >>> plain_name("Skovvejen/Skovparken") == plain_name("Skovparken / skovvejen mv.")
    True
    """
    text = unicodedata.normalize("NFC", name).replace("\xad", "").casefold().replace("å", "aa")
    text = re.sub("[\u2010-\u2015]", "-", text)
    parts = [re.sub(r"[\s,]*\b(mv|m\.?\s?fl)\.?\s*$", "", " ".join(part.split())) for part in text.split("/")]
    return "/".join(sorted(part.strip() for part in parts))


def plain_municipality(name: str) -> str:
    """Return a municipality's name as it is compared.

    >>> plain_municipality("Høje Taastrup Kommune")
    'høje-taastrup'
    """
    text = unicodedata.normalize("NFC", name).casefold().replace("å", "aa").removesuffix("kommune").strip()
    return re.sub("[\\s\u2010-\u2015-]+", "-", text)


def _parts(plain: str) -> set[str]:
    return {part for part in re.split(r"/| og ", plain) if len(part) > 4}


@lru_cache
def shipped() -> Lists:
    """Return the published lists that ship with udsat, with aliases of areas and municipalities."""
    folder = criteria_folder() / "published"
    raw = read_plain((folder / "membership.csv").read_bytes(), "membership.csv")
    aliases = [(Area(row["area"], row["municipality"]), row["alias"], row["status"] == "stated") for row in _dicts(folder / "aliases.csv")]
    towns = {row["alias"]: row["municipality"] for row in _dicts(folder / "municipalities.csv")}
    members, statuses = _members(raw, None)
    return Lists(members, statuses, tuple(aliases), towns, (("published/membership.csv", raw.digest),))


def with_history(files: Sequence[str], law: Law) -> Lists:
    """Return the shipped lists with the user's; a list of the user's replaces the shipped one of its date and category."""
    base = shipped()
    members, statuses, sources = dict(base.members), dict(base.statuses), list(base.sources)
    for name in files:
        raw = read_plain(inputs.content(name), name)
        own, own_statuses = _members(raw, law)
        members |= own
        statuses |= own_statuses
        sources.append((name, raw.digest))
    return Lists(members, statuses, base.aliases, base.municipalities, tuple(sources))


def _dicts(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _members(raw: TextTable, law: Law | None) -> tuple[dict[tuple[dt.date, str], frozenset[Area]], dict[tuple[dt.date, str], str]]:
    headings = [heading.strip().casefold() for heading in raw.headings]
    missing = [name for name in _NEEDED if name not in headings]
    if missing or not {"list_date", "list_year"} & set(headings):
        hint = "a list has list_date, category, area, municipality, and optionally status and source"
        raise TableError(Problem("UD310", f"the column {', '.join(missing) or 'list_date'} is missing", hint, raw.name, 1))
    members: dict[tuple[dt.date, str], set[Area]] = {}
    statuses: dict[tuple[dt.date, str], str] = {}
    problems = []
    for line, row in raw.rows:
        try:
            given = cells_of(row, headings)
            key = (_date(given, law), _category(given["category"], law))
            if not given["area"] or not given["municipality"]:
                raise ValueError("a row names its area and its municipality")
            if statuses.setdefault(key, _status(given.get("status", ""))) != _status(given.get("status", "")):
                raise ValueError(f"the rows of one list have two statuses: {statuses[key]} and {_status(given.get('status', ''))}")
            members.setdefault(key, set()).add(Area(given["area"], given["municipality"]))
        except ValueError as error:
            problems.append(Problem("UD310", str(error), "", raw.name, line))
    if problems:
        raise TableError(problems)
    return {key: frozenset(areas) for key, areas in members.items()}, statuses


def _date(given: dict[str, str], law: Law | None) -> dt.date:
    if given.get("list_date"):
        return cells.date(given["list_date"])
    year = given.get("list_year", "")
    date = law.list_date(int(year)) if law and year.isdecimal() else None
    if date is None:
        raise ValueError(f"'{year}' is no year of a list")
    return date


def _category(word: str, law: Law | None) -> str:
    known = {name for version in law.versions for name in version.categories} if law else {word}
    if word not in known:
        raise ValueError(f"'{word}' is no category; give one of {', '.join(sorted(known))}")
    return word


def _status(word: str) -> str:
    if (word or "printed") not in _STATUSES:
        raise ValueError(f"'{word}' is no status; give one of {', '.join(_STATUSES)}")
    return word or "printed"
