"""What would make a verdict agree with a published list: each cause is tested by scoring again with
one thing changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from udsat.analysis.changes.pairing import rows_of
from udsat.analysis.counterfactuals import Pick, TrialLists
from udsat.analysis.open_questions import open_questions
from udsat.analysis.records import Record
from udsat.analysis.run import TOWN, Side, key_of
from udsat.evidence.borders import BorderChange as Border
from udsat.evidence.borders import Borders
from udsat.evidence.references import ReferenceTable
from udsat.law.loader import TrialList
from udsat.law.schema import CriteriaVersion
from udsat.messages.text import Text
from udsat.names.areas import Area
from udsat.tables.area_table import AreaTable

#: Agreement, listed but computed to be out, in but not listed, not decided, and not to be compared
#: for want of a proven name.
MismatchKind = Literal["agrees", "miss", "extra", "open", "name"]
KINDS: tuple[MismatchKind, ...] = ("miss", "extra", "open", "name", "agrees")
RESIDENTS = "residents"


@dataclass(frozen=True, slots=True)
class Cause:
    """A change that was made for a test, after which the verdict agreed with the list,
    or was open.
    """

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
    kind: MismatchKind
    #: The listed name that the area stands for, or is near.
    name: str
    record: Record
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Bench:
    """What the causes of a disagreement are tested with."""

    side: Side
    #: The same table with every printed value as all values that round to it.
    rounded: Callable[[], AreaTable]
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
    #: By list and area; empty until the lists are judged.
    records: Mapping[dt.date, Mapping[tuple[str, str], Record]]
    #: A verdict that is open after the change counts too: the change left something undetermined on
    #: purpose.
    open_counts: bool = False
    #: The change fills a gap, so that it can also decide what was open.
    supplement: bool = False

    def cause(self, item: Item) -> Cause | None:
        """Return the cause, if after the change the verdict agrees with the list (or is open, where
        that counts).
        """
        record = self.records.get(item.date, {}).get(key_of(item.record))
        if record is None:
            return None
        word = record.get(item.category)
        if word == ("yes" if item.listed else "no"):
            return Cause(self.kind, self.about(item, record), "agrees")
        return (
            Cause(self.kind, self.about(item, record), "open")
            if word == "unknown" and self.open_counts
            else None
        )


def with_causes(items: Sequence[Item], bench: Bench) -> Iterator[Item]:
    """Yield the items, those that do not agree with what would make them.

    That another figure than the table's would do is tried, and named, only where nothing more
    precise was found.
    """
    wrong, undecided = (
        [item for item in items if item.kind in kinds] for kinds in ({"miss", "extra"}, {"open"})
    )
    trials = _trials(wrong, undecided, bench) if wrong or undecided else []
    for item in items:
        yield item if item.kind == "agrees" else replace(item, causes=tuple(_causes(item, trials)))


def _causes(item: Item, trials: Sequence[_Trial]) -> list[Cause]:
    if item.kind == "name":
        same = (
            "agrees"
            if item.computed == "yes"
            else "open"
            if item.computed == "unknown"
            else "disagrees"
        )
        return [Cause("name", item.name, same)]
    fit = [trial for trial in trials if trial.supplement or item.kind != "open"]
    found = [cause for trial in fit if (cause := trial.cause(item))]
    precise = [cause for cause in found if cause.kind != "figure"]
    return precise or found


def missing(item: Item, version: CriteriaVersion) -> tuple[str, ...]:
    """Return what leaves the verdict of an item open: criteria, the residents, the
    years in a row.
    """
    return open_questions(item.record, version, item.category) if item.kind == "open" else ()


def _trials(wrong: Sequence[Item], undecided: Sequence[Item], bench: Bench) -> list[_Trial]:
    """Return what is tried: on verdicts that contradict a list everything, on open ones what could
    fill a gap.
    """
    lists = TrialLists(bench.side)
    trials = [*_by_borders(wrong, bench, lists), *_changed(wrong, bench, lists)] if wrong else []
    trials += _by_years(wrong, bench.side)
    trials += _supplements(_TrialRows([*wrong, *undecided], bench.side, lists))
    trials += _other_figures(_TrialRows(wrong, bench.side, lists)) if wrong else []
    lists.judge()
    return trials


class _TrialRows:
    """The rows that some items rest on, to be judged over and over, each time with one thing
    changed.
    """

    def __init__(
        self, items: Sequence[Item], side: Side, lists: TrialLists, dates: Sequence[dt.date] = ()
    ) -> None:
        self.side = side
        self.lists = lists
        self.areas = {key: key for key in (key_of(item.record) for item in items)}
        self.asked = sorted({item.date for item in items})
        self.dates = dates or _dates(items, side)

    def judged(
        self,
        table: AreaTable | None = None,
        references: ReferenceTable | None = None,
        without: str = "",
        step: int = 0,
        version: CriteriaVersion | None = None,
        assume: bool = False,
    ) -> dict[dt.date, Mapping[tuple[str, str], Record]]:
        """Return where the verdicts will be found; of `step` years away are the figures, and of
        `version` the law, of what is asked.
        """
        group = self.lists.group()
        found: dict[dt.date, Mapping[tuple[str, str], Record]] = {}
        for date in self.dates:
            asked = date in self.asked
            own = version if version and asked else self.side.version(date)
            pick = Pick(
                table or self.side.table, date, self.areas, frozenset({without} if without else ())
            )
            of = self.side.law.list_date(date.year + step) if asked and step else date
            trial_list = TrialList(date, own, group, assume_min_residents=assume)
            found[date] = self.lists.add(
                trial_list, [pick], references or self.side.references, of or date, date
            )
        return found


def _changed(items: Sequence[Item], bench: Bench, lists: TrialLists) -> Iterator[_Trial]:
    """Yield the verdicts after rounding the other way, with other references and under other
    versions.
    """
    rows, side = _TrialRows(items, bench.side, lists), bench.side
    yield _Trial("rounding", _became_open, rows.judged(bench.rounded()), open_counts=True)
    for label, step in (("the list before", -1), ("the list after", 1)):
        yield _Trial("reference", lambda *_, label=label: label, rows.judged(step=step))
    for name, references in bench.others:
        yield _Trial("reference", lambda *_, name=name: name, rows.judged(references=references))
    for version in side.law.versions:
        others = [date for date in rows.asked if side.version(date).id != version.id]
        if others:
            found = rows.judged(version=version)
            yield _Trial(
                "definition",
                lambda *_, version=version: version.id,
                {date: found[date] for date in others},
            )


def _by_years(items: Sequence[Item], side: Side) -> list[_Trial]:
    """Return the verdicts with the years in a row counted on the other basis: on published lists,
    or on the table's own rows.
    """
    if not any(_counts_years(item, side) for item in items):
        return []
    other: Literal["computed", "published"] = (
        "computed" if side.options.basis == "published" else "published"
    )
    lists = TrialLists(side)  # the basis holds for a whole run
    records = _TrialRows(items, side, lists, side.table.dates).judged()
    lists.judge(basis=other)
    return [_Trial("years", lambda *_: other, records)]


def _supplements(rows: _TrialRows) -> Iterator[_Trial]:
    """Yield what could fill a gap: residents taken as enough, and inferred limits
    taken as stated.
    """
    yield _Trial("missing", lambda *_: RESIDENTS, rows.judged(assume=True), supplement=True)
    given = rows.side.references
    if any(not row.figure.decides for row in given.rows):
        stated = replace(
            given,
            rows=tuple(
                replace(row, figure=replace(row.figure, status="stated")) for row in given.rows
            ),
        )
        yield _Trial(
            "reference",
            lambda *_: Text("the inferred limit"),
            rows.judged(references=stated),
            supplement=True,
        )


def _other_figures(rows: _TrialRows) -> Iterator[_Trial]:
    """Yield the verdicts without one figure: where they are then open, another figure alone would
    do.
    """
    for measure in (*sorted(rows.side.verdicts.case.values), RESIDENTS):
        yield _Trial(
            "figure",
            lambda *_, measure=measure: measure,
            rows.judged(without=measure),
            open_counts=True,
        )


def _by_borders(items: Sequence[Item], bench: Bench, lists: TrialLists) -> Iterator[_Trial]:
    """Yield the verdicts on areas in their borders before or after a change, where the table has a
    row of every part.
    """
    side = bench.side
    for border in dict.fromkeys(border for item in items for border in _touching(item, bench)):
        for parts, name in ((border.after, border.before[0]), (border.before, border.after[0])):
            for date in sorted({item.date for item in items}):
                areas = list(rows_of(side, date, parts, border.municipality).values())
                if len(parts) > 1 and len(areas) == len(parts):
                    touched = [
                        key_of(item.record)
                        for item in items
                        if item.date == date and border in _touching(item, bench)
                    ]
                    picks = [
                        Pick(side.table, date, dict.fromkeys(areas, key), added_up=True)
                        for key in touched
                    ]
                    found = {
                        date: lists.add(
                            TrialList(date, side.version(date), lists.group()),
                            picks,
                            side.references,
                        )
                    }
                    yield _Trial(
                        "border",
                        lambda *_, border=border, name=name: (
                            f"{name} ({border.kind} of {border.date})"
                        ),
                        found,
                    )


def _dates(items: Sequence[Item], side: Side) -> list[dt.date]:
    """Return the lists of some items, with the earlier ones of the table that their years in a row
    rest on.
    """
    dates = {item.date for item in items}
    for item in items:
        steps = side.verdicts.streaks.steps.get(item.date)
        if steps and _counts_years(item, side):
            dates |= {
                date for date in side.table.dates if date.year in steps.own and date < item.date
            }
    return sorted(dates)


def _counts_years(item: Item, side: Side) -> bool:
    return side.version(item.date).categories[item.category].years_in_row is not None


def _became_open(item: Item, record: Record) -> str:
    """Name the criteria that were decided and are no longer."""
    names = [
        name
        for name in item.record
        if f"{name}_margin" in item.record and item.record[name] in {"met", "not_met"}
    ]
    return ", ".join(name for name in names if record[name] == "unknown") or RESIDENTS


def _touching(item: Item, bench: Bench) -> list[Border]:
    """Return the changes of borders that an item's area was part of, under its own name or the
    listed one.
    """
    names = bench.side.lists.names
    town = item.area.municipality
    every = bench.borders.between(dt.date.min, dt.date.max)
    return [
        border
        for border in every
        if any(
            border.touches(name, town, names)
            for name in {item.area.name, item.name or item.area.name}
        )
    ]
