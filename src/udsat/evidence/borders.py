"""The border table: which areas were split, merged, renamed or redrawn, and from which list on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from udsat.evidence import shipped_names
from udsat.evidence.given_files import list_date, no_municipality, read_given
from udsat.law.loader import Law, criteria_folder
from udsat.messages.problems import Problem, TableError
from udsat.messages.text import EMPTY, Text, of_error
from udsat.names.areas import Area, SameAs
from udsat.names.resolver import Resolver
from udsat.tables.readers.csv import cells_of, read_plain
from udsat.tables.readers.raw import TextTable

_NEEDED = ("municipality", "before", "after")


class Link(NamedTuple):
    """One area before a change of borders and one after it; a split has several links, and so has a
    merger.
    """

    date: dt.date
    municipality: str
    before: str
    after: str
    note: str
    source: str
    #: The area before and the area after, as they are compared.
    old: Area
    new: Area


@dataclass(frozen=True, slots=True)
class BorderChange:
    """All links of one date that hang together: what kind of change it was, and which areas it
    touched.
    """

    date: dt.date
    municipality: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    note: str
    source: str
    #: One of `split`, `merger`, `rename`, `redrawn`, `regrouped`.
    kind: str

    def areas(self) -> tuple[Area, ...]:
        """Return the areas before and after, as the border table names them."""
        return tuple(Area(name, self.municipality) for name in (*self.before, *self.after))

    def touches(self, name: str, municipality: str | None, names: Resolver) -> bool:
        """Whether an area is one of those before or after."""
        return any(names.is_same(name, municipality, area) for area in self.areas())


@dataclass(frozen=True, slots=True)
class Borders:
    """Every known change of borders, with the files that they come from and their SHA-256."""

    links: tuple[Link, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()

    def between(self, one: dt.date, other: dt.date) -> tuple[BorderChange, ...]:
        """Return the changes after one list, up to and with another."""
        found: list[BorderChange] = []
        for date in sorted({link.date for link in self.links if one < link.date <= other}):
            found += _changes([link for link in self.links if link.date == date])
        return tuple(found)

    def new_names(self) -> list[SameAs]:
        """Return every mere change of name: the new name is that of the same area from its list on,
        the old one until then.
        """
        found = []
        for border in self.between(dt.date.min, dt.date.max):
            if border.kind == "rename":
                old, new = border.areas()
                found += [
                    SameAs(new, old, first=border.date),
                    SameAs(old, new, last=border.date - dt.timedelta(1)),
                ]
        return found


def borders(files: Sequence[str], law: Law) -> Borders:
    """Return the shipped border table and the user's.

    Raises `TableError` for a file that is missing or not usable, and for links of one date that
    lead in a circle.
    """
    names = shipped_names.resolver(law.register())
    shipped = criteria_folder() / "published" / "borders.csv"
    links, digest = _load(read_plain(shipped.read_bytes(), shipped.name), law, names)
    sources = [(f"published/{shipped.name}", digest)]
    for name in files:
        own, digest = _load(read_given(name, "borders"), law, names)
        said = {(link.date, link.old) for link in own}
        links = [link for link in links if (link.date, link.old) not in said] + own
        sources.append((name, digest))
    return Borders(tuple(links), tuple(sources))


def _load(raw: TextTable, law: Law, names: Resolver) -> tuple[list[Link], str]:
    headings = [heading.strip().casefold() for heading in raw.headings]
    missing = [name for name in _NEEDED if name not in headings]
    if missing or not {"list_date", "list_year"} & set(headings):
        hint = Text(
            "a border table has list_date, municipality, before, after, and optionally note"
            " and source"
        )
        raise TableError(
            Problem(
                "UD620",
                Text("the column {missing} is missing", missing=", ".join(missing) or "list_date"),
                hint,
                raw.name,
                1,
            )
        )
    links: list[tuple[int, Link]] = []
    problems: list[Problem] = []
    for line, row in raw.rows:
        try:
            links.append((line, _link(cells_of(row, headings), law, names)))
        except ValueError as error:
            problems.append(Problem("UD620", of_error(error), EMPTY, raw.name, line))
    problems += _repeated(links, raw.name) or _circles(links, raw.name)
    if problems:
        raise TableError(problems)
    return [link for _, link in links], raw.digest


def _link(given: Mapping[str, str], law: Law, names: Resolver) -> Link:
    for name in ("before", "after"):
        if not given[name].strip():
            raise ValueError(Text("the cell {name} is empty", name=name))
    municipality = given["municipality"]
    if names.municipality(municipality) is None:
        raise no_municipality(municipality, names.suggestions(municipality))
    old, new = (names.identity(given[side], municipality) for side in ("before", "after"))
    more = given.get("note", ""), given.get("source", "")
    return Link(
        list_date(given, law), municipality, given["before"], given["after"], *more, old, new
    )


def _repeated(links: Sequence[tuple[int, Link]], file: str) -> list[Problem]:
    seen: dict[tuple[dt.date, Area, Area], int] = {}
    problems = []
    for line, link in links:
        first = seen.setdefault((link.date, link.old, link.new), line)
        if first != line:
            message = Text(
                "the link from '{before}' to '{after}' is given twice; first in line {first}",
                before=link.before,
                after=link.after,
                first=first,
            )
            problems.append(Problem("UD620", message, Text("keep one"), file, line))
    return problems


def _circles(links: Sequence[tuple[int, Link]], file: str) -> list[Problem]:
    """Return a problem for each date whose links lead from an area over others back to it."""
    problems = []
    for date in sorted({link.date for _, link in links}):
        here = [(line, link) for line, link in links if link.date == date and link.old != link.new]
        ends: dict[Area, set[Area]] = {}
        for _, link in here:
            ends.setdefault(link.old, set()).add(link.new)
        circle = next(
            ((line, link) for line, link in here if link.old in _reached(link.new, ends)), None
        )
        if circle:
            line, link = circle
            message = Text(
                "the links of {date} lead from '{before}' over '{after}' back to '{before}'",
                date=date,
                before=link.before,
                after=link.after,
            )
            problems.append(
                Problem(
                    "UD621",
                    message,
                    Text("an area cannot come from itself: correct one of the links or its date"),
                    file,
                    line,
                )
            )
    return problems


def _reached(start: Area, ends: Mapping[Area, set[Area]]) -> set[Area]:
    found: set[Area] = set()
    ahead = [start]
    while ahead:
        here = ahead.pop()
        if here not in found:
            found.add(here)
            ahead += ends.get(here, ())
    return found


def _changes(links: Sequence[Link]) -> list[BorderChange]:
    """Return the links of one date in groups that share an area before or an area after."""
    groups: list[list[Link]] = []
    for link in links:
        touching = [
            group
            for group in groups
            if any(link.old == one.old or link.new == one.new for one in group)
        ]
        groups = [group for group in groups if group not in touching]
        groups.append([one for group in touching for one in group] + [link])
    return [_change(group) for group in groups]


def _change(group: Sequence[Link]) -> BorderChange:
    def names(side: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(getattr(link, side) for link in group))

    def words(column: str) -> str:
        return "; ".join(dict.fromkeys(text for link in group if (text := getattr(link, column))))

    before, after = names("before"), names("after")
    kind = _kind(len(before), len(after), renamed=group[0].old != group[0].new)
    return BorderChange(
        group[0].date, group[0].municipality, before, after, words("note"), words("source"), kind
    )


def _kind(before: int, after: int, *, renamed: bool) -> str:
    if before == after == 1:
        return "rename" if renamed else "redrawn"
    if before == 1:
        return "split"
    return "merger" if after == 1 else "regrouped"
