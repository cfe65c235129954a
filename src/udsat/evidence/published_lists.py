"""Published lists of areas by name: who is on each, who is not, and of whom it is not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from udsat.evidence import shipped_names
from udsat.evidence.given_files import list_date, no_municipality, read_given
from udsat.evidence.names_file import read_names
from udsat.law.loader import Law, criteria_folder
from udsat.law.loader import shipped as shipped_law
from udsat.messages.problems import Problem, TableError
from udsat.messages.text import EMPTY, Text, of_error
from udsat.names.areas import Area, Match, SameAs
from udsat.names.municipalities import REGISTERS, Municipalities
from udsat.names.resolver import Resolver
from udsat.tables.readers.csv import cells_of, read_plain
from udsat.tables.readers.raw import TextTable

#: A date and the category that was listed on it.
ListKey = tuple[dt.date, str]
Certainty = Literal["on", "off", "possible", "one_of_group"]
_STATUSES = ("printed", "derived", "interim", "trial")
#: How the rows of a list that is known in part came about; only their certainty decides.
_PARTIAL_STATUSES = ("stated_partial", "derived_partial", "left", "undetermined", "likely")
#: How lists that are known in part are known: as sources state, or for some areas as follows from
#: other lists.
PARTIAL = frozenset({"stated_partial", "derived_partial"})
_CERTAINTIES = ("on", "off", "possible", "one_of_group")
_NEEDED = ("category", "area", "municipality")


@dataclass(frozen=True, slots=True)
class PublishedList:
    """One list of one date and category: areas that are on it, and where it is known in part also
    those that are not.
    """

    on: frozenset[Area] = frozenset()
    #: Areas that are known not to be on a list that is known in part.
    off: frozenset[Area] = frozenset()
    #: Areas that may be on it: so the list says, or a name on it is near theirs and not proven to
    #: be theirs.
    possible: frozenset[Area] = frozenset()
    #: Whether whoever is not named is not on the list.
    complete: bool = True
    status: str = "printed"

    @property
    def regular(self) -> bool:
        """Whether the list was made under the law in force."""
        return self.status not in {"interim", "trial"}

    def has(self, area: Area) -> bool | None:
        """Whether an area is on the list; None where that is not known."""
        if area in self.on:
            return True
        if area in self.possible:
            return None
        return False if self.complete or area in self.off else None


@dataclass(frozen=True, slots=True)
class Lists:
    """Published lists by date and category, and the resolver that gives names their areas."""

    lists: Mapping[ListKey, PublishedList] = field(default_factory=dict)
    names: Resolver = field(default_factory=Resolver)
    sources: tuple[tuple[str, str], ...] = ()
    #: The files that say which names are the same, with their SHA-256.
    name_sources: tuple[tuple[str, str], ...] = ()
    #: The lists that the user gave.
    given: frozenset[ListKey] = frozenset()
    #: What is worth saying of the lists that were given, though they can be used.
    warnings: tuple[Problem, ...] = ()

    def regular(self, date: dt.date, category: str) -> PublishedList | None:
        """Return the list of a date and category, if it is known at all and was made under the law
        in force.
        """
        found = self.lists.get((date, category))
        return found if found and found.regular else None

    def complete(self, date: dt.date, category: str) -> bool:
        """Whether the list of a date and category is known by name in full and was made under the
        law in force.
        """
        found = self.regular(date, category)
        return found is not None and found.complete

    def refused(self) -> frozenset[dt.date]:
        """Return the dates on which there were only trial or interim lists."""
        regular = {date for (date, _), one in self.lists.items() if one.regular}
        return frozenset(date for date, _ in self.lists) - regular

    def has(self, key: ListKey, area: Area) -> bool | None:
        """Whether an area is on a list; None where that is not known, also because a name on the
        list is near its own.
        """
        return self.lists[key].has(area)

    def areas(self) -> list[Area]:
        """Return every area that is on a list, in order."""
        return sorted({area for one in self.lists.values() for area in one.on})


@lru_cache
def shipped(register: str | None = "dk") -> Lists:
    """Return the published lists that ship with udsat, under the municipalities of a register."""
    return _read(register, (), shipped_law(), (), ())


def with_history(
    files: Sequence[str], law: Law, names: Sequence[str] = (), same: Sequence[SameAs] = ()
) -> Lists:
    """Return the shipped lists with the user's; a list of the user's replaces the shipped one of
    its date and category.

    `names` are files that say what areas are called besides, `same` is what is known of that
    already. Raises `TableError` for a file that cannot be used, with every problem of its rows.
    """
    return (
        _read(law.register(), files, law, names, same)
        if files or names or same
        else shipped(law.register())
    )


def _read(
    register: str | None,
    files: Sequence[str],
    law: Law,
    names: Sequence[str],
    same: Sequence[SameAs],
) -> Lists:
    said, name_sources = _said(names, REGISTERS[register]() if register else None)
    resolver = shipped_names.resolver(register, [*said, *same])
    folder = criteria_folder() / "published"
    loaded: dict[ListKey, PublishedList] = {}
    sources: list[tuple[str, str]] = []
    for name in shipped_names.SHIPPED:
        raw = read_plain((folder / name).read_bytes(), name)
        loader = _Loader(raw, law, resolver)
        loaded = loader.lists() | loaded
        if loader.merged:
            raise TableError([replace(problem, file=", ".join(names)) for problem in loader.merged])
        sources.append((f"published/{name}", raw.digest))
    listed = resolver.known()
    given: dict[ListKey, str] = {}
    warnings: list[Problem] = []
    for name in files:
        loader = _Loader(read_given(name, "history"), law, resolver)
        own = loader.lists()
        loaded |= own
        given |= dict.fromkeys(own, name)
        warnings += loader.warnings
        sources.append((name, loader.raw.digest))
    if problems := _without_their_outer(given, loaded, law):
        raise TableError(problems)
    return Lists(
        _with_near(loaded, resolver, listed),
        resolver,
        tuple(sources),
        name_sources,
        frozenset(given),
        tuple(warnings),
    )


def _said(
    files: Sequence[str], register: Municipalities | None
) -> tuple[list[SameAs], tuple[tuple[str, str], ...]]:
    found: list[SameAs] = []
    sources = []
    for name in files:
        raw = read_given(name, "names")
        found += read_names(raw, register)
        sources.append((name, raw.digest))
    return found, tuple(sources)


class _Loader:
    """Reads one file of lists: names become areas as they are read."""

    def __init__(self, raw: TextTable, law: Law, names: Resolver) -> None:
        self.raw = raw
        self.law = law
        self.names = names
        self.warnings: list[Problem] = []
        #: Names on one list that are of one area.
        self.merged: list[Problem] = []
        self._named: dict[tuple[ListKey, Area], str] = {}

    def lists(self) -> dict[ListKey, PublishedList]:
        """Return the lists of the file; raise `TableError` with every problem of its rows."""
        headings = [heading.strip().casefold() for heading in self.raw.headings]
        missing = [name for name in _NEEDED if name not in headings]
        if missing or not {"list_date", "list_year"} & set(headings):
            hint = Text(
                "a list has list_date, category, area, municipality, and optionally status,"
                " area_id, certainty, group and source"
            )
            raise TableError(
                Problem(
                    "UD310",
                    Text(
                        "the column {missing} is missing", missing=", ".join(missing) or "list_date"
                    ),
                    hint,
                    self.raw.name,
                    1,
                )
            )
        found: dict[ListKey, dict[Certainty, set[Area]]] = {}
        statuses: dict[ListKey, str] = {}
        partial: dict[ListKey, bool] = {}
        problems = []
        for line, row in self.raw.rows:
            try:
                given = cells_of(row, headings)
                key = (list_date(given, self.law), _category(given["category"], self.law))
                certainty, status = _certainty(given), _status(given)
                if partial.setdefault(key, bool(given.get("certainty"))) != bool(
                    given.get("certainty")
                ):
                    raise ValueError(
                        Text("of the rows of one list some have a certainty and some have none")
                    )
                if not partial[key] and statuses.setdefault(key, status) != status:
                    raise ValueError(
                        Text(
                            "the rows of one list have two statuses: {statuses} and {status}",
                            statuses=statuses[key],
                            status=status,
                        )
                    )
                if status == "derived_partial" and certainty in {"on", "off"}:
                    statuses[key] = status
                area = self._area(given, key[0], line)
                self._note_merged(key, area, given["area"])
                places = found.setdefault(key, {})
                if any(area in areas for other, areas in places.items() if other != certainty):
                    raise ValueError(
                        Text("two rows of one list disagree on '{given}'", given=given["area"])
                    )
                places.setdefault(certainty, set()).add(area)
            except ValueError as error:
                problems.append(Problem("UD310", of_error(error), EMPTY, self.raw.name, line))
        if problems:
            raise TableError(problems)
        return {
            key: _list(places, partial[key], statuses.get(key, "stated_partial"))
            for key, places in found.items()
        }

    def _note_merged(self, key: ListKey, area: Area, name: str) -> None:
        other = self._named.setdefault((key, area), name)
        if other != name:
            message = Text(
                "'{other}' and '{name}' would be one area, and the list of {key} of {key2}"
                " names both",
                other=other,
                name=name,
                key=key[1],
                key2=key[0],
            )
            self.merged.append(
                Problem(
                    "UD633",
                    message,
                    Text("correct the row, or give it a first or last list with from and to"),
                )
            )

    def _area(self, given: Mapping[str, str], date: dt.date, line: int) -> Area:
        name, municipality = given["area"], given["municipality"]
        if not name or not municipality:
            raise ValueError(Text("a row names its area and its municipality"))
        town = self.names.municipality(municipality)
        if town is None:
            raise no_municipality(municipality, self.names.suggestions(municipality))
        area_id = given.get("area_id") or None
        match = self.names.find(name, municipality, date, area_id)
        area = match.area if match and match.proven else self._new(name, town, match, area_id, line)
        if area_id:
            self.names.add_id(area_id, area)
        return area

    def _new(
        self, name: str, town: str, match: Match | None, area_id: str | None, line: int
    ) -> Area:
        """Return an area that no list before has named; say where it may be one that some have."""
        if match and area_id and self.names.has_ids and Area(name, town) in self.names.known():
            return Area(f"{name} [{area_id}]", town)  # another area of the same name
        area = Area(name, town)
        if match:
            near = " or ".join(f"'{one.name}'" for one in match.areas)
            message = Text(
                "'{name}' in {town} is near {near}, not proven to be the same: whether these"
                " are on the list is not known",
                name=name,
                town=town,
                near=near,
            )
            hint = Text("spell it as the other lists do, or say with --names that it is the same")
            self.warnings.append(Problem("UD630", message, hint, self.raw.name, line))
        self.names.add(area)
        return area


def _list(places: Mapping[Certainty, set[Area]], partial: bool, status: str) -> PublishedList:
    on, off = (frozenset(places.get(name, ())) for name in ("on", "off"))
    if not partial:
        return PublishedList(on, status=status)
    possible = frozenset((*places.get("possible", ()), *places.get("one_of_group", ())))
    return PublishedList(on, off, possible, False, status)


def _with_near(
    loaded: Mapping[ListKey, PublishedList], names: Resolver, known: Sequence[Area]
) -> dict[ListKey, PublishedList]:
    """Return the lists with every area as possible that a name on them is near, and not proven to
    be.

    Areas that the shipped lists tell apart are not near one another, nor are those that one list
    names side by side.
    """
    own = set(known)
    near: dict[Area, set[Area]] = {}
    for area in (area for area in names.known() if area not in own):
        for other in names.near(area):
            near.setdefault(area, set()).add(other)
            near.setdefault(other, set()).add(area)
    if not near:
        return dict(loaded)
    found = {}
    for key, one in loaded.items():
        maybe = {other for area in one.on for other in near.get(area, ())} - one.on - one.off
        found[key] = (
            PublishedList(one.on, one.off, one.possible | maybe, one.complete, one.status)
            if maybe
            else one
        )
    return found


def _without_their_outer(
    given: Mapping[ListKey, str], every: Mapping[ListKey, PublishedList], law: Law
) -> list[Problem]:
    """Return a problem for each area on a given list that is missing on the list of a category that
    every member is in too.
    """
    problems = []
    for (date, category), file in given.items():
        version = law.in_force(date)
        block = version.categories.get(category) if version else None
        for outer in block.all_of if block else ():
            other = every.get((date, outer))
            missing = sorted(
                area
                for area in every[date, category].on
                if other is not None and other.has(area) is False
            )
            for area in missing:
                message = Text(
                    "'{name}' in {municipality} is on the list of {category} of {date}, and not on"
                    " that of {outer}",
                    name=area.name,
                    municipality=area.municipality,
                    category=category,
                    date=date,
                    outer=outer,
                )
                problems.append(
                    Problem(
                        "UD631",
                        message,
                        Text(
                            "every {category} is also {outer}: correct one of the lists",
                            category=category,
                            outer=outer,
                        ),
                        file,
                    )
                )
    return problems


def _category(word: str, law: Law) -> str:
    """Return the category that a word names: its id, or what it is called in Danish or English."""
    blocks = {name: block for version in law.versions for name, block in version.categories.items()}
    spellings = {
        word.casefold(): name
        for name, block in blocks.items()
        for word in (block.label.en, block.label.da, name)
    }
    if (found := spellings.get(word.casefold())) is None:
        raise ValueError(
            Text(
                "'{word}' is no category; give one of {names}",
                word=word,
                names=", ".join(sorted(blocks)),
            )
        )
    return found


def _certainty(given: Mapping[str, str]) -> Certainty:
    word = given.get("certainty") or "on"
    if word not in _CERTAINTIES:
        raise ValueError(
            Text(
                "'{word}' is no certainty; give one of {names}",
                word=word,
                names=", ".join(_CERTAINTIES),
            )
        )
    if (word == "one_of_group") != bool(given.get("group")):
        raise ValueError(
            Text("a row has a group where its certainty is one_of_group, and only there")
        )
    return word  # type: ignore[return-value]


def _status(given: Mapping[str, str]) -> str:
    partial = bool(given.get("certainty"))
    word = given.get("status") or ("stated_partial" if partial else "printed")
    known = _PARTIAL_STATUSES if partial else _STATUSES
    if word not in known:
        raise ValueError(
            Text("'{word}' is no status; give one of {names}", word=word, names=", ".join(known))
        )
    return word
