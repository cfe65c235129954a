"""The page as data: what stands in each of its sections, in words; the templates only lay it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from udsat import __version__
from udsat.law.model import CriteriaVersion
from udsat.questions.history import Line
from udsat.questions.overview import Overview
from udsat.questions.rows import Record
from udsat.views import diff as changes
from udsat.views import distances, explained, words
from udsat.views.grid import years_of
from udsat.views.number import plain, signed
from udsat.views.remarks import marks, questions
from udsat.views.report import charts
from udsat.views.report.charts import Chart
from udsat.views.report.wording import _, day
from udsat.views.sheet import Block, Grid, Lines


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text in lines, and what it is sorted by."""

    lines: tuple[str, ...]
    key: str | float | None = None


@dataclass(frozen=True, slots=True)
class ListRow:
    """One area in the list."""

    anchor: str
    name: str
    town: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
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
class AreaPart:
    """What is told of one area: why, and how it came there."""

    anchor: str
    name: str
    town: str
    verdict: str
    sentences: tuple[str, ...]
    blocks: tuple[Block, ...]
    sparks: tuple[Chart, ...]
    lists: Grid | None


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
    criteria: tuple[Criterion, ...]
    changes: tuple[Block, ...]
    questions: tuple[str, ...]
    marks: tuple[str, ...]
    areas: tuple[AreaPart, ...]
    sources: tuple[str, ...]
    hashes: Grid
    options: tuple[str, ...]
    towns: bool


def page(found: Overview, provenance: Mapping[str, Any], most: int) -> Page:
    """Return the page about a list; of more areas than `most` only so many are told of one by one."""
    told = _told(found, most)
    version, towns = found.version, any(row.get("municipality") for row in found.areas)
    return Page(
        title=_("Vulnerable housing areas (særligt udsatte boligområder): the list of {day}", day=day(found.date)),
        facts=tuple(_facts(found, [one["name"] for one in provenance["inputs"]])),
        summary=tuple(_summary(found)),
        notice=words.NOT_OFFICIAL.format(version=__version__),
        heads=tuple(_heads(version, towns)),
        rows=tuple(_row(row, found, towns) for row in told),
        left_out=_left_out(len(found.areas) - len(told), len(found.areas)),
        absent=tuple(_absent(found, most)),
        criteria=tuple(_criterion(found, name, told, number) for number, name in enumerate(version.criteria)),
        changes=_changes(found),
        questions=tuple(questions(found.areas, found.verdicts.case)),
        marks=tuple(marks(found.areas, found.verdicts.case)),
        areas=tuple(parts(found, told)),
        sources=version.version.sources,
        hashes=_hashes(provenance),
        options=tuple(f"{name}: {value}" for name, value in sorted(provenance["options"].items()) if value not in (None, False)),
        towns=towns,
    )


def _told(found: Overview, most: int) -> list[Record]:
    """Return the areas that are told of one by one, in the order of the table: those in a category and open ones first."""
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
        "{count} of {of} areas are left out of the list, of the data tables and of the sections below, so that the page stays readable: "
        "areas in a category come first, then those that are not decided, then those near a line. Charts and counts are of all areas. "
        "udsat score TABLE -o list.xlsx writes all of them; --most tells of more.",
        count=f"{count:,}",
        of=f"{of:,}",
    )


def _facts(found: Overview, files: Sequence[str]) -> Iterator[str]:
    version = found.version
    yield _("Scored: {files}.", files=", ".join(files) or _("a table without a file"))
    yield _("Law: {law} (criteria {id}).", law=version.version.law, id=version.id)
    lists = [str(date) for date in found.history.dates]
    if len(lists) > 1:
        yield _("The table covers the lists from {first} to {last}.", first=lists[0], last=lists[-1])
    yield _("Near a line means: within {distance} of it.", distance=_within(found))


def _within(found: Overview) -> str:
    if found.within.persons is not None:
        return words.plural(found.within.persons, "person")
    points = distances.decimal(found.within.points or Fraction(0))
    return _("{count} percentage points", count=points) if points != "1" else _("1 percentage point")


def _summary(found: Overview) -> Iterator[str]:
    """Yield how many areas are in each category, the innermost that is certain; and how many are open."""
    yield words.plural(len(found.areas), _("area")) if found.areas else _("There are no areas on this list.")
    names = [row["category"] for row in found.areas]
    for name in [*reversed(found.version.categories), "unknown", "none"]:
        if name in names:
            yield f"{names.count(name):,} {category(found.version, name)}"


def category(version: CriteriaVersion, name: str) -> str:
    """Return a category, `not decided`, or `in no category`."""
    fixed = {"none": _("in no category"), "unknown": _("not decided")}
    return fixed.get(name) or words.category(version, name)


def _shown(version: CriteriaVersion) -> list[str]:
    return [name for name in version.criteria if not name.startswith("prevention_")]


def _heads(version: CriteriaVersion, towns: bool) -> Iterator[tuple[str, str]]:
    yield _("Area"), ""
    if towns:
        yield _("Municipality"), ""
    for name in _shown(version):
        yield charts.capital(words.criterion(name)), words.line(version, name)
    yield _("Category"), ""
    yield _("Years in a row"), ""


def _row(row: Record, found: Overview, towns: bool) -> ListRow:
    cells = [_outcome(row, name, found) for name in _shown(found.version)]
    cells.append(Cell(_category(row, found.version), _depth(row["category"], found.version)))
    cells.append(Cell((years_of(row),), row["years_in_row"] or 0))
    return ListRow(f"a{row['row']}", row["area"], (row.get("municipality") or "") if towns else "", tuple(cells))


def _depth(name: str, version: CriteriaVersion) -> int:
    order = ["none", "unknown", *version.categories]
    return order.index(name) if name in order else 0


def _outcome(row: Record, name: str, found: Overview) -> Cell:
    """Return the sign, the outcome, the value with its margin, and the mark of near misses."""
    outcome = f"{words.SIGNS[row[name]]} {_outcomes(row[name])}"
    near = (_("near the line"),) if found.near(row["row"], name) else ()
    return Cell((outcome, *filter(None, (value(row, name), signed(row[f"{name}_margin"]))), *near), row[f"{name}_value"])


def _outcomes(outcome: str) -> str:
    return {"met": _("met"), "not_met": _("not met"), "unknown": _("cannot be decided")}[outcome]


def value(row: Record, name: str) -> str:
    """Return the value of a criterion, or the bounds that it lies in."""
    if row[f"{name}_value"] is not None:
        return f"{plain(row[f'{name}_value'], row[f'{name}_limit'])} %"
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    return "" if low is None or high is None else f"{plain(low)}-{plain(high)} %"


def _category(row: Record, version: CriteriaVersion) -> tuple[str, ...]:
    sure, most = row["category"], row["category_possible"]
    sign = {"none": "○", "unknown": "?"}.get(sure, "●")
    also = [_("at most {category}", category=category(version, most))] if most != sure else []
    return (f"{sign} {category(version, sure)}", *also)


def _absent(found: Overview, most: int) -> Iterator[str]:
    """Yield the areas of the table that are not on this list, with their last list."""
    here = {(row["area"], row.get("municipality") or "") for row in found.areas}
    gone = [line for line in found.history.lines if tuple(line.area) not in here]
    for line in gone[:most]:
        last = max((entry for entry in line.entries if entry), key=lambda entry: entry.date)
        name = ", ".join(filter(None, line.area))
        yield _("{name}: list of {date}, {category}", name=name, date=last.date, category=category(last.version, last.category))
    if len(gone) > most:
        yield _("and {count} more; udsat history TABLE has all of them", count=f"{len(gone) - most:,}")


def _criterion(found: Overview, name: str, told: Sequence[Record], number: int) -> Criterion:
    version = found.version
    block = version.criteria[name]
    no_dot = sum(row[f"{name}_value"] is None and row.get(f"{name}_low") is None for row in found.areas)
    return Criterion(
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
            yield f"{row['area']} ({signed(row[f'{name}_margin'])}, {_outcomes(row[name])})"


def _data(row: Record, name: str) -> tuple[str, str, tuple[str, ...]]:
    limit = "" if row[f"{name}_limit"] is None else f"{plain(row[f'{name}_limit'])} %"
    outcome = f"{words.SIGNS[row[name]]} {_outcomes(row[name])}"
    return row["area"], row.get("municipality") or "", (value(row, name), limit, signed(row[f"{name}_margin"]), outcome)


def _lists(found: Overview, name: str) -> Grid | None:
    """Return the data of the chart over the years: the line and the outcomes of each list."""
    if len(found.history.dates) < 2:
        return None
    rows = []
    for date in found.history.dates:
        limits = {row[f"{name}_limit"] for row in found.rows if row["list_date"] == date and row.get(name)} - {None}
        line = " ".join(f"{plain(limit)} %" for limit in sorted(limits))
        rows.append((str(date), line or _("not known"), charts.counts(found.outcomes(date, name))))
    return Grid((_("List"), _("Line"), _("Areas")), rows)


def _changes(found: Overview) -> tuple[Block, ...]:
    if found.diff is None:
        return (Lines([_("The table has no earlier list to compare with.")]),)
    head = (_("Area"), _("Change"), _("Before"), _("After"), _("Cause"))
    rows = list(changes.lines(found.diff))
    more: list[Block] = [Grid(head, rows)] if rows else []
    about = [changes.title(found.diff), changes.sentence(found.diff)]
    return (Lines(about), *more, Lines([*changes.rest(found.diff), *changes.remarks(found.diff)], bullets=True))


def parts(found: Overview, told: Sequence[Record]) -> Iterator[AreaPart]:
    """Yield what is told of each area."""
    lines: dict[tuple[str, str], Line] = {(line.area.name, line.area.municipality): line for line in found.history.lines}
    for row in told:
        line = lines[row["area"], row.get("municipality") or ""]
        several = sum(entry is not None for entry in line.entries) > 1
        sparks = [charts.spark(found, line.entries, name) for name in _shown(found.version)] if several else []
        yield AreaPart(
            anchor=f"a{row['row']}",
            name=row["area"],
            town=row.get("municipality") or "",
            verdict=", ".join(_category(row, found.version)),
            sentences=tuple(sentences(row, found)),
            blocks=_blocks(found, row),
            sparks=tuple(chart for chart in sparks if chart),
            lists=_through(line) if several else None,
        )


def sentences(row: Record, found: Overview) -> Iterator[str]:
    """Yield the verdict of one area in sentences: each criterion, then the years in a row."""
    for one in found.criteria[row["row"]]:
        limit = _("a limit that is not known") if one["limit"] is None else f"{plain(one['limit'])} %"
        beyond = _(", {margin} from the line", margin=signed(one["margin"])) if one["margin"] is not None else ""
        yield _(
            "{criterion}: {value}, against “{verb} {limit}”: {sign} {outcome}{beyond} ({source}{status}).",
            criterion=charts.capital(words.criterion(one["criterion"])),
            value=value(row, one["criterion"]) or _("no value"),
            verb=words.VERBS[one["comparator"]],
            limit=limit,
            sign=words.SIGNS[one["outcome"]],
            outcome=_outcomes(one["outcome"]),
            beyond=beyond,
            source=one["source"],
            status="" if one["status"] == "stated" else f"; {one['status']}",
        )
    years = years_of(row)
    if years:
        yield _("{years} with this list.", years=words.years(years))


def _blocks(found: Overview, row: Record) -> tuple[Block, ...]:
    """Return the sheet of `udsat explain` without its title, its criteria (told in sentences), and what the page says once."""
    own = explained.sheet(found.explanation(row))[3:-1]
    kept = [one for one in own if not (isinstance(one, Lines) and distances.ARITHMETIC in one.lines)]
    return tuple(_filled(one) if isinstance(one, Grid) else one for one in kept)


def _filled(grid: Grid) -> Grid:
    """Return a grid without the columns that no row has anything in."""
    kept = [place for place in range(len(grid.head)) if not grid.rows or any(row[place] for row in grid.rows)]
    return Grid([grid.head[place] for place in kept], [[row[place] for place in kept] for row in grid.rows], grid.right)


def _through(line: Line) -> Grid:
    """Return an area through the lists: the data of its small charts."""
    given = [entry for entry in line.entries if entry]
    names = list(dict.fromkeys(name for entry in given for name in _shown(entry.version)))
    head = (_("List"), _("Category"), _("Years in a row"), *(charts.capital(words.criterion(name)) for name in names))
    rows = []
    for entry in given:
        span = years_of({"years_in_row": entry.years, "years_in_row_possible": entry.years_possible})
        cells = [_figure(entry.criteria.get(name)) for name in names]
        rows.append((str(entry.date), category(entry.version, entry.category), span, *cells))
    return Grid(head, rows)


def _figure(one: Mapping[str, Any] | None) -> str:
    if one is None:
        return ""
    line = _(" (line {limit})", limit=plain(one["limit"])) if one["limit"] is not None else ""
    return f"{words.SIGNS[one['outcome']]} {plain(one['value'], one['limit'])}{line}"


def _hashes(provenance: Mapping[str, Any]) -> Grid:
    kinds = {"criteria": _("criteria"), "inputs": _("table"), "references": _("references"), "lists": _("published lists")}
    rows = [(label, one.get("id") or one["name"], one["sha256"]) for kind, label in kinds.items() for one in provenance[kind]]
    return Grid((_("What"), _("Name"), "SHA-256"), [(_("program"), f"udsat {provenance['udsat']}", ""), *rows])
