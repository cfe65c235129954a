"""The page as data: what stands in each of its sections, in words; the templates
only lay it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from udsat.analysis.overview import Overview
from udsat.analysis.records import Record
from udsat.analysis.watch import Nearness
from udsat.law.schema import CriteriaVersion
from udsat.messages.language import _, day, long_day, whole
from udsat.render import diff as changes
from udsat.render import distances, words
from udsat.render.blocks import Block, Grid, Lines
from udsat.render.footnotes import marks, questions
from udsat.render.numbers import plain, signed
from udsat.render.report import charts
from udsat.render.report.areas import (
    AreaPart,
    category,
    parts,
    shared,
    shown,
    value,
    verdict,
    without,
)
from udsat.render.report.charts import Chart
from udsat.render.verdict_grid import years_of


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell: its text in lines, and what it is sorted by."""

    lines: tuple[str, ...]
    key: str | float | None = None


@dataclass(frozen=True, slots=True)
class ListRow:
    """One area in the list."""

    anchor: str
    name: str
    town: str
    cells: tuple[PageCell, ...]


@dataclass(frozen=True, slots=True)
class CriterionSection:
    """A criterion with its charts and their data."""

    id: str
    name: str
    line: str
    source: str
    measure: str
    strip: Chart | None
    years: Chart | None
    near: tuple[str, ...]
    near_shown: bool
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    lists: Grid | None
    #: Areas without a dot.
    missing: int


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page."""

    title: str
    facts: tuple[str, ...]
    summary: tuple[str, ...]
    notice: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[ListRow, ...]
    left_out: str
    absent: tuple[str, ...]
    criteria: tuple[CriterionSection, ...]
    changes: tuple[Block, ...]
    questions: tuple[str, ...]
    marks: tuple[str, ...]
    #: What holds for each of the areas below.
    shared: tuple[str, ...]
    areas: tuple[AreaPart, ...]
    sources: tuple[str, ...]
    hashes: Grid
    options: tuple[str, ...]
    towns: bool


def page(found: Overview, provenance: Mapping[str, Any], most: int) -> Page:
    """Return the page about a list; of more areas than `most` only so many are told
    of one by one.
    """
    told = _told(found, most)
    each = tuple(parts(found, told))
    said = shared(each)
    version, towns = found.version, any(row.get("municipality") for row in found.areas)
    return Page(
        title=_(
            "Vulnerable housing areas (særligt udsatte boligområder): the list of {day}",
            day=long_day(found.date),
        ),
        facts=tuple(_facts(found, [one["name"] for one in provenance["inputs"]])),
        summary=tuple(_summary(found)),
        notice=words.not_official(),
        heads=tuple(_heads(version, towns)),
        rows=tuple(_row(row, found, towns) for row in told),
        left_out=_left_out(len(found.areas) - len(told), len(found.areas)),
        absent=tuple(_absent(found, most)),
        criteria=tuple(
            _criterion(found, name, told, number) for number, name in enumerate(version.criteria)
        ),
        changes=_changes(found),
        questions=tuple(questions(found.areas, found.verdicts.case)),
        marks=tuple(marks(found.areas, found.verdicts.case)),
        shared=said,
        areas=tuple(without(one, said) for one in each),
        sources=version.version.sources,
        hashes=_hashes(provenance),
        options=tuple(
            f"{name}: {value}"
            for name, value in sorted(provenance["options"].items())
            if value not in (None, False)
        ),
        towns=towns,
    )


def _told(found: Overview, most: int) -> list[Record]:
    """Return the areas that are told of one by one, in the order of the table: those in a category
    and open ones first.
    """
    if len(found.areas) <= most:
        return list(found.areas)

    def rank(row: Record) -> int:
        if row["category"] == "none":
            return 2 + (not any(found.near(row["row"], name) for name in found.version.criteria))
        return int(row["category"] == "unknown")

    chosen = sorted(found.areas, key=rank)[:most]
    return sorted(chosen, key=lambda row: row["row"])


def _left_out(count: int, of: int) -> str:
    if not count:
        return ""
    return _(
        "{count} of {of} areas are left out of the list, of the data tables and of the sections"
        " below, so that the page stays readable: areas in a category come first, then those"
        " that are not decided, then those near a threshold. Charts and counts are of all areas."
        " udsat score TABLE -o list.xlsx writes all of them; --most tells of more.",
        count=whole(count),
        of=whole(of),
    )


def _facts(found: Overview, files: Sequence[str]) -> Iterator[str]:
    version = found.version
    yield _("Scored: {files}.", files=", ".join(files) or _("a table without a file"))
    yield _("Law: {law} (criteria {id}).", law=_(version.version.law), id=version.id)
    lists = [day(date) for date in found.history.dates]
    if len(lists) > 1:
        yield _(
            "The table covers the lists from {first} to {last}.", first=lists[0], last=lists[-1]
        )
    yield _near_means(found.within)


def _near_means(within: Nearness) -> str:
    if within.persons is not None:
        return _(
            "Near a threshold means: within {distance} of it.",
            distance=words.plural(within.persons, "person"),
        )
    points = distances.decimal(within.points or Fraction(0))
    distance = (
        _("{count} percentage points", count=points) if points != "1" else _("1 percentage point")
    )
    if within.share is None:
        return _("Near a threshold means: within {distance} of it.", distance=distance)
    return _(
        "Near a threshold means: within {distance} of it, and no further than {share} of the"
        " threshold itself: 1 percentage point at a threshold of 40 % or more, {small} at a"
        " threshold of 2 %.",
        distance=distance,
        share=words.percent(distances.decimal(100 * within.share)),
        small=distances.decimal(2 * within.share),
    )


def _summary(found: Overview) -> Iterator[str]:
    """Yield how many areas are in each category, the innermost that is certain; and how many are
    open.
    """
    yield (
        words.plural(len(found.areas), "area")
        if found.areas
        else _("There are no areas on this list.")
    )
    names = [row["category"] for row in found.areas]
    for name in [*reversed(found.version.categories), "unknown", "none"]:
        if name in names:
            yield _(
                "{many} {category}",
                many=whole(names.count(name)),
                category=category(found.version, name),
            )


def _heads(version: CriteriaVersion, towns: bool) -> Iterator[tuple[str, str]]:
    yield _("Area"), ""
    if towns:
        yield _("Municipality"), ""
    for name in shown(version):
        yield charts.capital(words.criterion(name)), words.line(version, name)
    yield _("Category"), ""
    yield _("Years in a row"), ""


def _row(row: Record, found: Overview, towns: bool) -> ListRow:
    cells = [_outcome(row, name, found) for name in shown(found.version)]
    cells.append(PageCell(verdict(row, found.version), _depth(row["category"], found.version)))
    cells.append(PageCell((years_of(row),), row["years_in_row"] or 0))
    return ListRow(
        f"a{row['row']}",
        row["area"],
        (row.get("municipality") or "") if towns else "",
        tuple(cells),
    )


def _depth(name: str, version: CriteriaVersion) -> int:
    order = ["none", "unknown", *version.categories]
    return order.index(name) if name in order else 0


def _outcome(row: Record, name: str, found: Overview) -> PageCell:
    """Return the sign, the outcome, the value with its margin, and the mark of near misses."""
    outcome = f"{words.SIGNS[row[name]]} {charts.outcome(row[name])}"
    near = (_("near the threshold"),) if found.near(row["row"], name) else ()
    return PageCell(
        (outcome, *filter(None, (value(row, name), signed(row[f"{name}_margin"]))), *near),
        row[f"{name}_value"],
    )


def _absent(found: Overview, most: int) -> Iterator[str]:
    """Yield the areas of the table that are not on this list, with their last list."""
    here = {(row["area"], row.get("municipality") or "") for row in found.areas}
    gone = [line for line in found.history.lines if tuple(line.area) not in here]
    for line in gone[:most]:
        last = max((entry for entry in line.entries if entry), key=lambda entry: entry.date)
        name = words.place(*line.area)
        yield _(
            "{name}: list of {date}, {category}",
            name=name,
            date=day(last.date),
            category=category(last.version, last.category),
        )
    if len(gone) > most:
        yield _(
            "and {count} more; udsat history TABLE has all of them", count=whole(len(gone) - most)
        )


def _criterion(found: Overview, name: str, told: Sequence[Record], number: int) -> CriterionSection:
    version = found.version
    block = version.criteria[name]
    no_dot = sum(
        row[f"{name}_value"] is None and row.get(f"{name}_low") is None for row in found.areas
    )
    return CriterionSection(
        id=f"c{number}",
        name=charts.capital(words.criterion(name)),
        line=words.line(version, name),
        source=block.source,
        measure=version.measures[block.measure].danish,
        strip=charts.strip(found, name),
        years=charts.years(found, name),
        near=tuple(_near(found, name, told)),
        near_shown=name not in found.hidden(),
        rows=tuple(_data(row, name) for row in told),
        lists=_lists(found, name),
        missing=no_dot,
    )


def _near(found: Overview, name: str, told: Sequence[Record]) -> Iterator[str]:
    for row in told:
        if found.near(row["row"], name):
            yield f"{row['area']} ({signed(row[f'{name}_margin'])}, {charts.outcome(row[name])})"


def _data(row: Record, name: str) -> tuple[str, str, tuple[str, ...]]:
    limit = "" if row[f"{name}_limit"] is None else words.percent(plain(row[f"{name}_limit"]))
    outcome = f"{words.SIGNS[row[name]]} {charts.outcome(row[name])}"
    return (
        row["area"],
        row.get("municipality") or "",
        (value(row, name), limit, signed(row[f"{name}_margin"]), outcome),
    )


def _lists(found: Overview, name: str) -> Grid | None:
    """Return the data of the chart over the years: the line and the outcomes of each list."""
    if len(found.history.dates) < 2:
        return None
    rows = []
    for date in found.history.dates:
        limits = {
            row[f"{name}_limit"] for row in found.rows if row["list_date"] == date and row.get(name)
        } - {None}
        line = " ".join(words.percent(plain(limit)) for limit in sorted(limits))
        rows.append((day(date), line or _("not known"), charts.counts(found.outcomes(date, name))))
    return Grid((_("List"), _("Line"), _("Areas")), rows)


def _changes(found: Overview) -> tuple[Block, ...]:
    if found.diff is None:
        return (Lines([_("The table has no earlier list to compare with.")]),)
    head = (_("Area"), _("Change"), _("Before"), _("After"), _("Cause"))
    rows = list(changes.lines(found.diff))
    more: list[Block] = [Grid(head, rows)] if rows else []
    about = [changes.title(found.diff), changes.sentence(found.diff)]
    return (
        Lines(about),
        *more,
        Lines([*changes.rest(found.diff), *changes.remarks(found.diff)], bullets=True),
    )


def _hashes(provenance: Mapping[str, Any]) -> Grid:
    kinds = {
        "criteria": _("criteria"),
        "inputs": _("table"),
        "references": _("references"),
        "lists": _("published lists"),
    }
    rows = [
        (label, one.get("id") or one["name"], one["sha256"])
        for kind, label in kinds.items()
        for one in provenance[kind]
    ]
    return Grid(
        (_("What"), _("Name"), "SHA-256"),
        [(_("program"), f"udsat {provenance['udsat']}", ""), *rows],
    )
