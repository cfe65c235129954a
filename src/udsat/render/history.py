"""How areas went from list to list, as people and machines read it, with a small chart of each
criterion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from udsat.analysis.history import Entry, History, HistoryLine
from udsat.messages.display import markdown as markup
from udsat.messages.language import _, day
from udsat.render import words
from udsat.render.numbers import plain

SCHEMA = "udsat.history/1"
COLUMNS = (
    "area", "municipality", "list_date", "status", "criteria_version", "category",
    "category_possible", "years_in_row", "years_in_row_possible", "criterion", "value", "limit",
    "margin", "outcome",
)  # fmt: skip
#: Below the line, on it, above it, and what cannot be drawn.
_BELOW, _ON, _ABOVE, _GAP, _NO_LINE, _BREAK = "▁▂▃▄", "─", "▅▆▇█", "·", "?", "╎"
_LEGEND = (
    "Charts: ▅▆▇█ above the threshold of that list, ▁▂▃▄ below, ─ on it, · no value, ? no"
    " threshold known, ╎ between lists on which the measure does not mean the same."
)
_PUBLISHED = (
    "From the published lists by name; nothing was computed. · no list known by name, ? not known"
    " from lists known in part, – on no list that is known by name."
)
_HEAD = ("category", "years in a row")


def spark(margins: Sequence[float | None], known: Sequence[bool]) -> str:
    """Return one sign per list: how far above or below its line a value is, in quarters of the
    largest distance.

    >>> spark([2.0, -1.0, None, 0.0, None], [True, True, False, True, True])
    '█▂·─?'
    """
    most = max((abs(margin) for margin in margins if margin is not None), default=0.0)
    return "".join(_sign(margin, most, value) for margin, value in zip(margins, known, strict=True))


def _sign(margin: float | None, most: float, known: bool) -> str:
    if margin is None:
        return _NO_LINE if known else _GAP
    if margin == 0:
        return _ON
    step = min(3, int(4 * abs(margin) / most))
    return _ABOVE[step] if margin > 0 else _BELOW[3 - step]


def lines(found: History, width: int) -> Iterator[str]:
    """Yield the lines of the table: for each area its categories and years in a row, then a chart
    of each criterion.

    Lists that do not fit side by side in `width` signs follow below.
    """
    heads = [_heading(date, found) for date in found.dates]
    for line in found.lines:
        yield words.place(*line.area)
        rows = [(_(_HEAD[0]), [_category(entry) for entry in line.entries])]
        rows.append((_(_HEAD[1]), [_years(entry) for entry in line.entries]))
        widths = [
            max(cell_len(head), *(cell_len(cells[n]) for _, cells in rows))
            for n, head in enumerate(heads)
        ]
        for part in _parts(widths, width - 18):
            for name, cells in ((_("list"), heads), *rows):
                yield (
                    f"  {name:<15} "
                    + "  ".join(set_cell_size(cells[n], widths[n]) for n in part).rstrip()
                )
        yield from (f"  {name:<15} {chart}  {text}" for name, chart, text in _charts(found, line))
        yield ""


def _parts(widths: Sequence[int], room: int) -> list[list[int]]:
    """Return the places of columns, as many together as fit."""
    parts: list[list[int]] = [[]]
    for place in range(len(widths)):
        if parts[-1] and sum(widths[n] + 2 for n in parts[-1]) + widths[place] > room:
            parts.append([])
        parts[-1].append(place)
    return parts


def _heading(date: Any, found: History) -> str:
    same_year = sum(other.year == date.year for other in found.dates)
    return (
        str(date.year) if same_year == 1 or (date.month, date.day) == (12, 1) else f"{date:%Y-%m}"
    )


def _category(entry: Entry | None) -> str:
    if entry is None:
        return _GAP
    if entry.status in {"interim", "trial"}:
        return (
            f"({entry.category.replace('_', ' ') if entry.category != 'none' else '–'}"
            f" {_(entry.status)})"
        )
    if entry.category in {"none", "unknown"} and entry.status != "computed":
        return "?" if len(entry.unlisted) == len(entry.version.categories) else "–"
    if entry.category in {"none", "unknown"}:
        most = (
            ""
            if entry.category_possible in {"none", "unknown"}
            else f" ≤{_short(entry, entry.category_possible)}"
        )
        return _("none") if entry.category == "none" else f"?{most}"
    return _short(entry, entry.category)


def _short(entry: Entry, name: str) -> str:
    """Return a category without the word for area, as a column of years has little room."""
    return (
        words.category(entry.version, name)
        .removesuffix("område")
        .removesuffix(" bolig")
        .removesuffix("s")
    )


def _years(entry: Entry | None) -> str:
    if entry is None or entry.years_possible is None or entry.years_possible == 0:
        return ""
    return (
        str(entry.years)
        if entry.years == entry.years_possible
        else f"{entry.years}-{entry.years_possible}"
    )


def _charts(found: History, line: HistoryLine) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each criterion with a value, its chart, and its first and last value with
    the last line.
    """
    names = dict.fromkeys(
        name
        for entry in line.entries
        if entry
        for name in entry.criteria
        if not name.startswith("prevention_")
    )
    for name in names:
        given = [entry.criteria.get(name, {}) if entry else {} for entry in line.entries]
        valued = [one for one in given if one.get("value") is not None]
        if valued:
            chart = spark(
                [one.get("margin") for one in given],
                [one.get("value") is not None for one in given],
            )
            last = next(
                entry
                for entry in reversed(line.entries)
                if entry and entry.criteria.get(name, {}).get("value") is not None
            )
            broken = _broken(chart, name, found, last)
            yield (
                words.criterion(name),
                broken,
                _(
                    "{values}, threshold {line}",
                    values=_span(valued, broken),
                    line=f"{words.line(last.version, name)}{_limit(last, name)}",
                ),
            )


def _span(valued: Sequence[Mapping[str, Any]], chart: str) -> str:
    """Return the first and last value, with the mark between them where they do not
    mean the same.
    """
    first, last = plain(valued[0]["value"]), plain(valued[-1]["value"])
    between = _BREAK if _BREAK in chart.strip(f"{_GAP}{_BREAK}") else "→"
    return f"{first} {between} {last}" if len(valued) > 1 else first


def _limit(entry: Entry, name: str) -> str:
    limit = entry.criteria[name]["limit"]
    return (
        f" ({plain(limit)})"
        if entry.version.criteria[name].reference == "national" and limit is not None
        else ""
    )


def _broken(chart: str, name: str, found: History, last: Entry) -> str:
    """Return a chart with a mark before each list from which on its measure means
    something else.
    """
    dates = found.breaks.get(last.version.criteria[name].measure, ())
    return "".join(
        (_BREAK if date in dates else "") + sign
        for date, sign in zip(found.dates, chart, strict=True)
    )


def remarks(found: History) -> list[str]:
    """Return what must be said of the whole: what measures changed their meaning, and what the
    signs mean.
    """
    given = {
        block.measure
        for line in found.lines
        for entry in line.entries
        if entry
        for block in _valued(entry)
    }
    text = [] if found.published else [_(_LEGEND)]
    text += [
        _(
            "warning: {measure} does not mean the same before and from {dates}: values are not"
            " comparable across",
            measure=measure,
            dates=words.all_of(list(map(day, dates))),
        )
        for measure, dates in found.breaks.items()
        if measure in given
    ]
    return [*text, _(_PUBLISHED) if found.published else words.not_official()]


def _valued(entry: Entry) -> Iterator[Any]:
    return (
        entry.version.criteria[name]
        for name, one in entry.criteria.items()
        if one["value"] is not None
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """The lines as one text, which is quick for many areas, as wide as there is room."""

    found: History

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text("\n".join([*lines(self.found, options.max_width), *remarks(self.found)]))


def table(found: History) -> RenderableType:
    """Return the lines of every area, and what must be said of the whole."""
    return _Table(found)


def records(found: History) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each area, list and criterion; without criteria one for each area and list;
    gaps have no category.
    """
    for line in found.lines:
        for date, entry in zip(found.dates, line.entries, strict=True):
            key = (line.area.name, line.area.municipality or None, str(date))
            if entry is None:
                yield (*key, *[None] * 11)
                continue
            of = (
                entry.status,
                entry.version.id,
                *_states(entry),
                entry.years,
                entry.years_possible,
            )
            for name, one in entry.criteria.items():
                yield (*key, *of, name, one["value"], one["limit"], one["margin"], one["outcome"])
            if not entry.criteria:
                yield (*key, *of, *[None] * 5)


def _states(entry: Entry) -> tuple[str, str]:
    return entry.category, entry.category_possible


def document(found: History, provenance: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the document: for each area its lists; a list without a row of it has
    `known` false.
    """
    return {
        "schema": SCHEMA,
        "provenance": provenance,
        "basis": "published" if found.published else "table",
        "not_comparable_from": {
            measure: [str(date) for date in dates] for measure, dates in found.breaks.items()
        },
        "areas": [
            {
                "area": line.area.name,
                "municipality": line.area.municipality or None,
                "lists": [
                    _list(date, entry)
                    for date, entry in zip(found.dates, line.entries, strict=True)
                ],
            }
            for line in found.lines
        ],
    }


def _list(date: Any, entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {"list_date": str(date), "known": False}
    return {
        "list_date": str(date),
        "known": True,
        "status": entry.status,
        "criteria_version": entry.version.id,
        "category": entry.category,
        "category_possible": entry.category_possible,
        "lists_not_known": list(entry.unlisted),
        "years_in_row": entry.years,
        "years_in_row_possible": entry.years_possible,
        "criteria": {name: dict(one) for name, one in entry.criteria.items()},
    }


def markdown(found: History) -> str:
    """Return a Markdown table for each area, then the remarks."""
    parts: list[str] = []
    for line in found.lines:
        heads = [_("list"), *(_heading(date, found) for date in found.dates)]
        rows = [
            heads,
            ["---"] * len(heads),
            [_(_HEAD[0]), *map(_category, line.entries)],
            [_(_HEAD[1]), *map(_years, line.entries)],
        ]
        parts += [
            f"### {markup(words.place(*line.area))}",
            "",
            *("| " + " | ".join(row) + " |" for row in rows),
            "",
        ]
        charts = [
            f"- {name}: `{chart}` {markup(text)}" for name, chart, text in _charts(found, line)
        ]
        parts += [*charts, ""] if charts else []
    return "\n".join([*parts, *(f"{markup(line)}\n" for line in remarks(found))])
