"""What a page tells of each area: why it has its verdict, and how it came there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from udsat.analysis.history import HistoryLine
from udsat.analysis.overview import Overview
from udsat.analysis.records import Record
from udsat.law.schema import CriteriaVersion
from udsat.messages.language import _
from udsat.render import distances, explain, words
from udsat.render.blocks import Block, Grid, Heading, Lines
from udsat.render.numbers import plain, signed
from udsat.render.report import charts
from udsat.render.report.charts import Chart
from udsat.render.verdict_grid import list_of, years_of


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


def category(version: CriteriaVersion, name: str) -> str:
    """Return a category, `not decided`, or `in no category`."""
    fixed = {"none": _("in no category"), "unknown": _("not decided")}
    return fixed.get(name) or words.category(version, name)


def shown(version: CriteriaVersion) -> list[str]:
    """Return the criteria that have a column and a small chart: not those of the
    prevention area.
    """
    return [name for name in version.criteria if not name.startswith("prevention_")]


def verdict(row: Record, version: CriteriaVersion) -> tuple[str, ...]:
    """Return the category with its sign, and below it the one that is not ruled out."""
    sure, most = row["category"], row["category_possible"]
    sign = {"none": "○", "unknown": "?"}.get(sure, "●")
    also = [_("at most {category}", category=category(version, most))] if most != sure else []
    return (f"{sign} {category(version, sure)}", *also)


def value(row: Record, name: str) -> str:
    """Return the value of a criterion, or the bounds that it lies in."""
    if row[f"{name}_value"] is not None:
        return words.percent(plain(row[f"{name}_value"], row[f"{name}_limit"]))
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    return "" if low is None or high is None else words.percent(f"{plain(low)}-{plain(high)}")


def parts(found: Overview, told: Sequence[Record]) -> Iterator[AreaPart]:
    """Yield what is told of each area."""
    lines: dict[tuple[str, str], HistoryLine] = {
        (line.area.name, line.area.municipality): line for line in found.history.lines
    }
    for row in told:
        line = lines[row["area"], row.get("municipality") or ""]
        several = sum(entry is not None for entry in line.entries) > 1
        sparks = (
            [charts.spark(found, line.entries, name) for name in shown(found.version)]
            if several
            else []
        )
        yield AreaPart(
            anchor=f"a{row['row']}",
            name=row["area"],
            town=row.get("municipality") or "",
            verdict=", ".join(verdict(row, found.version)),
            sentences=tuple(sentences(row, found)),
            blocks=_blocks(found, row),
            sparks=tuple(chart for chart in sparks if chart),
            lists=_through(line) if several else None,
        )


def sentences(row: Record, found: Overview) -> Iterator[str]:
    """Yield the verdict of one area in sentences: each criterion, then the years in a row."""
    for one in found.criteria[row["row"]]:
        limit = (
            _("a limit that is not known")
            if one["limit"] is None
            else words.percent(plain(one["limit"]))
        )
        beyond = (
            _(", {margin} from the threshold", margin=signed(one["margin"]))
            if one["margin"] is not None
            else ""
        )
        yield _(
            "{criterion}: {value}, against “{verb} {limit}”: {sign} {outcome}{beyond}"
            " ({source}{status}).",
            criterion=charts.capital(words.criterion(one["criterion"])),
            value=value(row, one["criterion"]) or _("no value"),
            verb=_(words.VERBS[one["comparator"]]),
            limit=limit,
            sign=words.SIGNS[one["outcome"]],
            outcome=charts.outcome(one["outcome"]),
            beyond=beyond,
            source=one["source"],
            status="" if one["status"] == "stated" else f"; {words.status(one['status'])}",
        )
    years = years_of(row)
    if years:
        yield _("{years} with this list.", years=words.years(years))


def _blocks(found: Overview, row: Record) -> tuple[Block, ...]:
    """Return the sheet of `udsat explain` without its title, its criteria (told in sentences), and
    what the page says once.
    """
    own = explain.sheet(found.explanation(row))[3:-1]
    said = _(distances.ARITHMETIC)
    kept = [
        one
        for one in own
        if not (
            one.rows == []
            if isinstance(one, Grid)
            else isinstance(one, Lines) and said in one.lines
        )
    ]
    return tuple(_filled(one) if isinstance(one, Grid) else one for one in kept)


def _filled(grid: Grid) -> Grid:
    """Return a grid without the columns that no row has anything in."""
    kept = [place for place in range(len(grid.head)) if any(row[place] for row in grid.rows)]
    return Grid(
        [grid.head[place] for place in kept],
        [[row[place] for place in kept] for row in grid.rows],
        grid.right,
    )


def shared(areas: Sequence[AreaPart]) -> tuple[str, ...]:
    """Return the remarks that every area has, so that they can be said once."""
    first, *more = [
        [line for block in area.blocks for line in _bullets(block)] for area in areas
    ] or [[]]
    return tuple(line for line in first if all(line in lines for lines in more)) if more else ()


def without(area: AreaPart, said: Sequence[str]) -> AreaPart:
    """Return an area without remarks that are said elsewhere, and without a heading that has
    nothing below it.
    """
    left = [
        (
            Lines([line for line in _bullets(one) if line not in said], bullets=True)
            if _bullets(one)
            else one
        )
        for one in area.blocks
    ]
    blocks = [one for one in left if not isinstance(one, Lines) or one.lines]
    ends = [*blocks[1:], Heading("")]
    kept = [
        block
        for block, after in zip(blocks, ends, strict=True)
        if not (isinstance(block, Heading) and isinstance(after, Heading))
    ]
    return replace(area, blocks=tuple(kept))


def _bullets(block: Block) -> Sequence[str]:
    return block.lines if isinstance(block, Lines) and block.bullets else ()


def _through(line: HistoryLine) -> Grid:
    """Return an area through the lists: the data of its small charts."""
    given = [entry for entry in line.entries if entry]
    names = list(dict.fromkeys(name for entry in given for name in shown(entry.version)))
    head = (
        _("List"),
        _("Category"),
        _("Years in a row"),
        *(charts.capital(words.criterion(name)) for name in names),
    )
    rows = []
    for entry in given:
        span = years_of(
            {"years_in_row": entry.years, "years_in_row_possible": entry.years_possible}
        )
        cells = [_figure(entry.criteria.get(name)) for name in names]
        rows.append(
            (
                list_of({"list_date": entry.date}),
                category(entry.version, entry.category),
                span,
                *cells,
            )
        )
    return Grid(head, rows)


def _figure(one: Mapping[str, Any] | None) -> str:
    if one is None:
        return ""
    line = f" ({plain(one['limit'])})" if one["limit"] is not None else ""
    return f"{words.SIGNS[one['outcome']]} {plain(one['value'], one['limit'])}{line}"
