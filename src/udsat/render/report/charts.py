"""The charts as shapes: all areas of a list against the line, all lists of a table, and one area
through the lists.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from udsat.analysis.history import Entry, History
from udsat.analysis.overview import Overview
from udsat.analysis.records import Record
from udsat.messages.language import _, danish, whole
from udsat.render import words
from udsat.render.numbers import plain
from udsat.render.report.scale import ChartAxis, axis, levels
from udsat.render.verdict_grid import list_of

WIDTH = 640
_LEFT, _RIGHT, _TOP, _DOT, _LOWEST = 34, 12, 34, 8.0, 64
#: Room below the axis for its marks and unit.
_FOOT = 42
#: More lists than these have short headings.
_FEW_LISTS = 12
#: How far apart dots beside each other are, where there are many lists.
_NARROW = 5
#: Dots beyond this height are pushed together.
_MOST_HIGH = 200
#: The page says of what is unknown that it cannot be decided.
OUTCOMES = {"met": "met", "not_met": "not met", "unknown": "cannot be decided"}
#: So many values that are known within bounds have a bar with room around it.
_MOST_SPANS = 12


@dataclass(slots=True)
class Chart:
    """A drawing: paths by kind of mark, texts at places, and what it says to those who do not see
    it.
    """

    width: float
    height: float
    title: str
    text: str
    paths: dict[str, list[str]] = field(default_factory=dict)
    texts: list[tuple[float, float, str, str]] = field(default_factory=list)

    def draw(self, kind: str, path: str) -> None:
        """Add a piece to the path of a kind of mark; the same piece twice is drawn once."""
        self.paths.setdefault(kind, []).append(path)

    def write(self, x: float, y: float, text: str, kind: str = "") -> None:
        """Put a text at a place."""
        self.texts.append((x, y, text, kind))

    def joined(self) -> list[tuple[str, str]]:
        """Return each kind of mark with its path."""
        return [
            (kind, "".join(dict.fromkeys(some)))
            for kind, some in sorted(self.paths.items(), key=lambda item: _ORDER.index(item[0]))
        ]


#: What is drawn first lies below.
_ORDER = (
    "mark",
    "break",
    "span",
    "way",
    "own",
    "near",
    "met",
    "not_met",
    "hole",
    "unknown",
    "line",
)


def dot(x: float, y: float) -> str:
    """Return a dot: a line without length, with round ends."""
    return f"M{x:g},{y:g}h0"


def _put(chart: Chart, outcome: str, x: float, y: float) -> None:
    """Draw an outcome: a full dot for met, a ring for not met, a cross for what
    cannot be decided.
    """
    if outcome == "unknown":
        chart.draw("unknown", f"M{x - 3:g},{y - 3:g}l6,6m0,-6l-6,6")
        return
    chart.draw(outcome, dot(x, y))
    if outcome == "not_met":
        chart.draw("hole", dot(x, y))


def strip(found: Overview, name: str, own: Record | None = None) -> Chart | None:
    """Return all areas of the list as dots against the line of a criterion; None where none has a
    value.

    Areas near the line get a square around their dot; `own` is an area to point at.
    """
    rows = sorted(
        (row for row in found.areas if row[f"{name}_value"] is not None),
        key=lambda row: row[f"{name}_value"],
    )
    spans = [
        row
        for row in found.areas
        if row[f"{name}_value"] is None and row.get(f"{name}_low") is not None
    ]
    if not rows and not spans:
        return None
    limits = _limits(found.areas, name)
    figures = [row[f"{name}_value"] for row in rows] + [
        row[f"{name}_{end}"] for row in spans for end in ("low", "high")
    ]
    across = axis([*figures, *limits], _LEFT, WIDTH - _RIGHT)
    places = [across.at(row[f"{name}_value"]) for row in rows]
    heights = levels(places, _DOT)
    most = max(heights, default=0) + 1 + min(len(spans), _MOST_SPANS)
    step = min(_DOT, _MOST_HIGH / most)
    base = max(_TOP + _LOWEST, _TOP + round(most * step) + 8)
    chart = Chart(WIDTH, base + _FOOT, *_said(found, name, limits))
    _ground(chart, across, base)
    for limit in limits:
        chart.draw("line", f"M{across.at(limit):g},{_TOP - 12}V{base}")
        _label(chart, across.at(limit), _TOP - 18, _("threshold {limit} %", limit=plain(limit)))
    for row, x, count in zip(rows, places, heights, strict=True):
        _area(chart, found, row, name, x, round(base - 6 - count * step, 1), own)
    apart = min(6.0, 6.0 * _MOST_SPANS / max(1, len(spans)))
    for number, row in enumerate(spans):
        y = round(_TOP + apart * number, 1)
        chart.draw(
            "span", f"M{across.at(row[f'{name}_low']):g},{y:g}H{across.at(row[f'{name}_high']):g}"
        )
    return chart


def _area(
    chart: Chart, found: Overview, row: Record, name: str, x: float, y: float, own: Record | None
) -> None:
    _put(chart, row[name], x, y)
    if found.near(row["row"], name):
        chart.draw("near", f"M{x - 5.5:g},{y - 5.5:g}h11v11h-11z")
    if own is not None and row["row"] == own["row"]:
        chart.draw("own", f"M{x:g},{y - 7:g}V{_TOP - 4}")
        _label(chart, x, _TOP - 6, _("this area"))


def _label(chart: Chart, x: float, y: float, text: str) -> None:
    """Write a text above a place, turned inwards near an edge."""
    kind = "end" if x > chart.width - 80 else "start" if x < 80 else "mid"
    chart.write(x, y, text, kind)


def _limits(rows: Iterable[Record], name: str) -> list[float]:
    return sorted({row[f"{name}_limit"] for row in rows if row.get(f"{name}_limit") is not None})


def _ground(chart: Chart, across: ChartAxis, base: float) -> None:
    chart.draw("mark", f"M{across.start:g},{base:g}H{across.end:g}")
    for mark in across.marks:
        chart.draw("mark", f"M{across.at(mark):g},{base:g}v5")
        chart.write(across.at(mark), base + 18, plain(mark), "mid")
    chart.write(across.end, base + 34, _("per cent"), "end")


def counts(outcomes: Mapping[str, int]) -> str:
    """Return how many have each outcome, in words: `3 met, 2 not met, 1 cannot be decided`."""
    return ", ".join(
        f"{whole(outcomes[key])} {outcome(key)}" for key in OUTCOMES if outcomes.get(key)
    ) or _("no area")


def outcome(name: str) -> str:
    """Return an outcome as the page says it."""
    return _(OUTCOMES[name])


def _said(found: Overview, name: str, limits: Sequence[float]) -> tuple[str, str]:
    """Return the title of a strip, and what it shows in words."""
    title = _("{criterion}: all areas of the list", criterion=capital(words.criterion(name)))
    line = " ".join(words.percent(plain(limit)) for limit in limits) or _("not known")
    outcomes = counts(found.outcomes(found.date, name))
    text = _(
        "One dot for each area, from the lowest value to the highest; the threshold is {line}."
        " {counts}.",
        line=line,
        counts=outcomes,
    )
    return title, text


def capital(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]


def years(found: Overview, name: str) -> Chart | None:
    """Return all areas on every list against the line as it moved; None where there is one list."""
    dates = found.history.dates
    rows: dict[dt.date, list[Record]] = {date: [] for date in dates}
    for row in found.rows:
        if row.get(f"{name}_value") is not None and row["list_date"] in rows:
            rows[row["list_date"]].append(row)
    limits = {date: _limits(rows[date], name) for date in dates}
    figures = [row[f"{name}_value"] for some in rows.values() for row in some] + [
        one for some in limits.values() for one in some
    ]
    if len(dates) < 2 or not figures:
        return None
    base = 230
    up = axis(figures, base, _TOP - 10, 6)
    width = (WIDTH - _LEFT - _RIGHT) / len(dates)
    chart = Chart(WIDTH, base + 30, *_said_of_years(found, name, rows, limits))
    for mark in up.marks:
        chart.draw("mark", f"M{_LEFT},{up.at(mark):g}H{WIDTH - _RIGHT}")
        chart.write(_LEFT - 5, up.at(mark) + 4, plain(mark), "end")
    broken = breaks(found, name)
    for number, date in enumerate(dates):
        left = _LEFT + number * width
        chart.write(round(left + width / 2, 1), base + 18, heading(date, len(dates)), "mid")
        if date in broken:
            chart.draw("break", f"M{left:g},{_TOP - 16}V{base}")
        for limit in limits[date]:
            chart.draw("line", f"M{left + 1:.1f},{up.at(limit):g}H{left + width - 1:.1f}")
        _column(chart, rows[date], name, up, left + width / 2, width)
    return chart


def heading(date: dt.date, lists: int = 1) -> str:
    """Return a list as a heading: its year, or its date where a year has two; short where there are
    many.
    """
    text = list_of({"list_date": date})
    if lists <= _FEW_LISTS:
        return text
    return f"’{date:%y}" if len(text) == 4 else f"{date:%m/%y}" if danish() else f"{date:%y-%m}"


def _column(
    chart: Chart, rows: Sequence[Record], name: str, up: ChartAxis, middle: float, width: float
) -> None:
    ordered = sorted(rows, key=lambda row: row[f"{name}_value"], reverse=True)
    places = [up.at(row[f"{name}_value"]) for row in ordered]
    beside = max(1, int(width / _NARROW))
    for row, y, level in zip(ordered, places, levels(places, _NARROW), strict=True):
        count = level % beside
        _put(
            chart,
            row[name],
            round(middle + (count + 1) // 2 * _NARROW * (1 if count % 2 else -1)),
            y,
        )


def breaks(found: Overview, name: str) -> tuple[dt.date, ...]:
    """Return the lists from which on the measure of a criterion means something else."""
    return found.history.breaks.get(found.version.criteria[name].measure, ())


def _said_of_years(
    found: Overview,
    name: str,
    rows: Mapping[dt.date, Sequence[Record]],
    limits: Mapping[dt.date, Sequence[float]],
) -> tuple[str, str]:
    title = _("{criterion}: all lists of the table", criterion=capital(words.criterion(name)))
    parts = [
        f"{heading(date)}: {counts(Counter(row[name] for row in rows[date]))}, "
        + (
            _("threshold {limit} %", limit=plain(limits[date][0]))
            if limits[date]
            else _("threshold not known")
        )
        for date in found.history.dates
        if rows[date]
    ]
    return title, f"{'; '.join(parts)}."


_SPARK = 180, 64


def spark(found: Overview, entries: Sequence[Entry | None], name: str) -> Chart | None:
    """Return one area through the lists against the line as it moved; None where it never has a
    value.
    """
    given = [entry.criteria.get(name) if entry else None for entry in entries]
    figures = [
        one[key] for one in given if one for key in ("value", "limit") if one[key] is not None
    ]
    if not any(one and one["value"] is not None for one in given):
        return None
    wide, high = _SPARK
    up, step = axis(figures, high - 8, 8, 2), (wide - 12) / len(given)
    chart = Chart(wide, high, *_said_of_one(found.history, given, name))
    edges = [round(6 + number * step) for number in range(len(given) + 1)]
    for date, edge in zip(found.history.dates, edges, strict=False):
        if date in breaks(found, name):
            chart.draw("break", f"M{edge},2V{high - 2}")
    chart.draw("line", _steps(given, up, edges))
    places = [(round((left + right) / 2), round(up.at(one["value"]))) if one and one["value"] is not None else None  # noqa: E501
              for one, left, right in zip(given, edges, edges[1:], strict=False)]  # fmt: skip
    chart.draw("way", _way(places, [date in breaks(found, name) for date in found.history.dates]))
    for place, one in zip(places, given, strict=True):
        if place and one:
            _put(chart, one["outcome"], *place)
    return chart


def _steps(given: Sequence[Mapping[str, Any] | None], up: ChartAxis, edges: Sequence[int]) -> str:
    """Return the line of the law as steps, with gaps where it is not known; it is never drawn from
    one list to another height.
    """
    path, before = "", None
    for number, one in enumerate(given):
        limit = one["limit"] if one else None
        if limit is not None:
            start = "" if limit == before else f"M{edges[number]},{round(up.at(limit))}"
            path = (path.rpartition("H")[0] if not start else path) + f"{start}H{edges[number + 1]}"
        before = limit
    return path


def _way(places: Sequence[tuple[float, float] | None], broken: Sequence[bool]) -> str:
    """Return the way from value to value, broken where a list has none or the measure came to mean
    something else.
    """
    path = ""
    for number, place in enumerate(places):
        if place:
            joins = number > 0 and places[number - 1] is not None and not broken[number]
            path += f"{'L' if joins else 'M'}{place[0]:g},{place[1]:g}"
    return path


def _said_of_one(
    history: History, given: Sequence[Mapping[str, Any] | None], name: str
) -> tuple[str, str]:
    """Return the name of the criterion, and its first and last value with the last line."""
    valued = [
        (heading(date), one)
        for date, one in zip(history.dates, given, strict=True)
        if one and one["value"] is not None
    ]
    (first, one), (last, two) = valued[0], valued[-1]
    line = (
        _("threshold not known")
        if two["limit"] is None
        else _("threshold {limit}", limit=plain(two["limit"]))
    )
    said = f"{words.SIGNS[two['outcome']]} {outcome(two['outcome'])}"
    start = f"{first}: {plain(one['value'])}; " if len(valued) > 1 else ""
    return (
        capital(words.criterion(name)),
        f"{start}{last}: {plain(two['value'], two['limit'])}, {line}, {said}",
    )
