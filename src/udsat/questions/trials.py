"""What would make a verdict agree with a published list: each cause is tested by scoring again with one thing changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from udsat.law.model import CriteriaVersion
from udsat.questions.sides import TOWN, Pick, Side, blanked, of_areas, small_table
from udsat.scoring.exchange import Exchanged, references_with
from udsat.scoring.settle import open_questions
from udsat.tables import engine
from udsat.tables.area_table import AreaTable
from udsat.tables.borders import Borders
from udsat.tables.borders import Change as Border
from udsat.tables.lists import Area, plain_municipality, plain_name
from udsat.tables.references import ReferenceTable

Record = Mapping[str, Any]
#: Agreement, listed but computed to be out, in but not listed, not decided, and not to be compared for want of a proven name.
Kind = Literal["agrees", "miss", "extra", "open", "name"]
KINDS: tuple[Kind, ...] = ("miss", "extra", "open", "name", "agrees")
RESIDENTS = "residents"


@dataclass(frozen=True, slots=True)
class Cause:
    """A change that was made for a test, after which the verdict agreed with the list, or was open."""

    #: `border`, `rounding`, `reference`, `definition`, `years`, `missing`, `figure`, `name`.
    kind: str
    #: What was changed: a criterion, a version, a list, a measure.
    about: str
    #: The verdict after it: `agrees` or `open`.
    result: str


@dataclass(frozen=True, slots=True)
class Item:
    """One area and one list: what was computed and what is published."""

    area: Area
    date: dt.date
    category: str
    computed: str
    listed: bool | None
    kind: Kind
    #: The listed name that the area stands for, or is near.
    name: str
    record: Record
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Bench:
    """What the causes of a disagreement are tested with."""

    side: Side
    #: The same table with every printed value as all values that round to it.
    rounded: Callable[[], Side]
    borders: Borders
    #: References that are tried in place of the run's own, with their name.
    others: tuple[tuple[str, ReferenceTable], ...] = ()


def area_of(row: Record) -> Area:
    """Return the area of a record."""
    return Area(row["area"], row.get(TOWN) or "")


@dataclass(frozen=True, slots=True)
class _Trial:
    """One change made for a test: the verdicts after it."""

    kind: str
    about: Callable[[Item, Record], str]
    records: Mapping[tuple[dt.date, Area], Record]
    #: A verdict that is open after the change counts too: the change left something undetermined on purpose.
    open_counts: bool = False
    #: The change fills a gap, so that it can also decide what was open.
    supplement: bool = False

    def cause(self, item: Item) -> Cause | None:
        """Return the cause, if after the change the verdict agrees with the list (or is open, where that counts)."""
        record = self.records.get((item.date, item.area))
        if record is None:
            return None
        word = record.get(item.category)
        if word == ("yes" if item.listed else "no"):
            return Cause(self.kind, self.about(item, record), "agrees")
        return Cause(self.kind, self.about(item, record), "open") if word == "unknown" and self.open_counts else None


def with_causes(items: Sequence[Item], bench: Bench) -> Iterator[Item]:
    """Yield the items, those that do not agree with what would make them.

    That another figure than the table's would do is tried, and named, only where nothing more precise was found.
    """
    wrong, undecided = ([item for item in items if item.kind in kinds] for kinds in ({"miss", "extra"}, {"open"}))
    trials = [*_trials(wrong, bench), *_supplements(wrong + undecided, bench)]
    left = [item for item in wrong if not any(trial.cause(item) for trial in trials)]
    trials += _other_figures(left, bench)
    for item in items:
        yield item if item.kind == "agrees" else replace(item, causes=tuple(_causes(item, trials)))


def _causes(item: Item, trials: Sequence[_Trial]) -> Iterator[Cause]:
    if item.kind == "name":
        same = "agrees" if item.computed == "yes" else "open" if item.computed == "unknown" else "disagrees"
        yield Cause("name", item.name, same)
    elif item.kind == "open":
        supplements = (trial for trial in trials if trial.supplement)
        yield from (cause for trial in supplements if (cause := trial.cause(item)))
    else:
        yield from (cause for trial in trials if (cause := trial.cause(item)))


def missing(item: Item, version: CriteriaVersion) -> tuple[str, ...]:
    """Return what leaves the verdict of an item open: criteria, the residents, the years in a row."""
    return open_questions(item.record, version, item.category) if item.kind == "open" else ()


def _trials(items: Sequence[Item], bench: Bench) -> Iterator[_Trial]:
    """Yield what is tried on verdicts that contradict a list."""
    if not items:
        return
    side, areas, dates = bench.side, _names(items), _dates(items, bench.side)
    table = of_areas(side, areas, dates)
    yield from _by_borders(items, bench)
    yield _Trial("rounding", _became_open, _keyed(bench.rounded(), of_areas(bench.rounded(), areas, dates)), open_counts=True)
    yield from _by_references(table, sorted({item.date for item in items}), bench)
    yield from _by_definition(table, sorted({item.date for item in items}), side)
    if any(_counts_years(item, side) for item in items):
        other: Literal["computed", "published"] = "computed" if side.options.basis == "published" else "published"
        yield _Trial("years", lambda *_: other, _keyed(side, of_areas(side, areas, side.table.dates), basis=other))


def _other_figures(items: Sequence[Item], bench: Bench) -> Iterator[_Trial]:
    """Yield the verdicts without one figure: where they are then open, another figure alone would do."""
    if not items:
        return
    side = bench.side
    table = of_areas(side, _names(items), _dates(items, side))
    for measure in (*sorted(side.verdicts.case.values), RESIDENTS):
        yield _Trial("figure", lambda *_, measure=measure: measure, _keyed(side, blanked(table, measure)), open_counts=True)


def _supplements(items: Sequence[Item], bench: Bench) -> Iterator[_Trial]:
    """Yield what could fill a gap: residents taken as enough, and inferred limits taken as stated."""
    if not items:
        return
    side = bench.side
    table = of_areas(side, _names(items), _dates(items, side))
    yield _Trial("missing", lambda *_: RESIDENTS, _keyed(side, table, assume_min_residents=True), supplement=True)
    if any(not row.figure.decides for row in side.references.rows):
        rows = tuple(replace(row, figure=replace(row.figure, status="stated")) for row in side.references.rows)
        yield _Trial(
            "reference",
            lambda *_: "the inferred limit",
            _keyed(side, table, references=replace(side.references, rows=rows)),
            supplement=True,
        )


def _names(items: Sequence[Item]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((item.area.name, item.area.municipality) for item in items))


def _dates(items: Sequence[Item], side: Side) -> list[dt.date]:
    """Return the lists of some items, with the earlier ones of the table that their years in a row rest on."""
    dates = {item.date for item in items}
    for item in items:
        steps = side.verdicts.streaks.steps.get(item.date)
        if steps and _counts_years(item, side):
            dates |= {date for date in side.table.dates if date.year in steps.own and date < item.date}
    return sorted(dates)


def _counts_years(item: Item, side: Side) -> bool:
    return side.version(item.date).categories[item.category].years_in_row is not None


def _keyed(side: Side, table: AreaTable, **given: Any) -> dict[tuple[dt.date, Area], Record]:
    return {(record["list_date"], area_of(record)): record for record in side.rescored(table, **given)}


def _became_open(item: Item, record: Record) -> str:
    """Name the criteria that were decided and are no longer."""
    names = [name for name in item.record if f"{name}_margin" in item.record and item.record[name] in {"met", "not_met"}]
    return ", ".join(name for name in names if record[name] == "unknown") or RESIDENTS


def _by_references(table: AreaTable, dates: Sequence[dt.date], bench: Bench) -> Iterator[_Trial]:
    side = bench.side
    versions = side.verdicts.case.versions
    for label, step in (("the list before", -1), ("the list after", 1)):
        references = side.references
        for date in dates:
            other = side.law.list_date(date.year + step)
            if other:
                references = references_with(references, date, other, date, versions[date])
        yield _Trial("reference", lambda *_, label=label: label, _keyed(side, table, references=references))
    for name, references in bench.others:
        yield _Trial("reference", lambda *_, name=name: name, _keyed(side, table, references=references))


def _by_definition(table: AreaTable, dates: Sequence[dt.date], side: Side) -> Iterator[_Trial]:
    for version in side.law.versions:
        law = Exchanged(side.law.versions, side.law.digests, side.law.chosen, dict.fromkeys(dates, version))
        records = {key: one for key, one in _keyed(side, table, law=law).items() if side.verdicts.case.versions[key[0]].id != version.id}
        yield _Trial("definition", lambda *_, version=version: version.id, records)


def _by_borders(items: Sequence[Item], bench: Bench) -> Iterator[_Trial]:
    """Yield the verdicts on areas in their borders before or after a change, where the table has a row of every part."""
    for border in dict.fromkeys(border for item in items for border in _touching(item, bench.borders)):
        for parts, name in ((border.after, border.before[0]), (border.before, border.after[0])):
            for date in sorted({item.date for item in items}):
                areas = _present(parts, border, bench.side, date)
                if len(parts) > 1 and len(areas) == len(parts):
                    whole = small_table([Pick(bench.side, date, dict.fromkeys(areas, areas[0]), added_up=True)])
                    records = _keyed(bench.side, whole)
                    touched = [item for item in items if item.date == date and border in _touching(item, bench.borders)]
                    found = {(date, item.area): next(iter(records.values())) for item in touched}
                    yield _Trial("border", lambda *_, border=border, name=name: f"{name} ({border.kind} of {border.date})", found)


def _touching(item: Item, borders: Borders) -> list[Border]:
    named = {plain_name(item.area.name), plain_name(item.name or item.area.name)}
    town = plain_municipality(item.area.municipality)
    every = borders.between(dt.date.min, dt.date.max)
    return [
        border
        for border in every
        if named & {plain_name(name) for name in (*border.before, *border.after)} and town in {"", plain_municipality(border.municipality)}
    ]


def _present(parts: Sequence[str], border: Border, side: Side, date: dt.date) -> list[tuple[str, str]]:
    town = f"coalesce({TOWN}, '')" if side.table.municipality else "''"
    rows = engine.select(side.table.frame.to_native(), "t", f"SELECT area, {town} FROM t WHERE list_date = DATE '{date}'").fetchall()
    wanted = [plain_name(part) for part in parts]
    place = plain_municipality(border.municipality)
    return [(area, own) for area, own in rows if plain_name(area) in wanted and plain_municipality(own) in {"", place}]
