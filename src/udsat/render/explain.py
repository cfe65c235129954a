"""An explanation of one area as a sheet, and as a JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from udsat import ticks
from udsat.analysis.explain.explain import Explanation
from udsat.analysis.explain.minimal_changes import Ways, is_origin
from udsat.analysis.records import Record
from udsat.export.json_document import head, objects
from udsat.law import doubts
from udsat.law.schema import Category, CriteriaVersion
from udsat.messages.language import _, day, figure, long_day
from udsat.messages.text import translated
from udsat.render import distances, words
from udsat.render.annotations import notes, sentence
from udsat.render.blocks import Block, Grid, Heading, Lines
from udsat.render.numbers import plain, signed

SCHEMA = "udsat.explain/1"
_OF_AREA = {doubts.RESIDENTS, doubts.YEARS, doubts.CRITERIA}


def sheet(found: Explanation) -> list[Block]:
    """Return why an area has its verdict: its criteria, its categories, the distances, the ways and
    the marks.
    """
    area, version = found.area, found.version
    town = f" ({words.place(area['municipality'])})" if area.get("municipality") else ""
    blocks: list[Block] = [
        Heading(_title(area, town, version)),
        Lines(
            [
                _(
                    "Criteria {version}: {title}",
                    version=version.id,
                    title=_(version.version.law),
                )
            ]
        ),
        _criteria(found),
        Heading(_("Categories")),
        _categories(area, version),
        Heading(_("Distance to the other outcome")),
        distances.grid(found.distances, version),
        Lines(_remarks(found), bullets=True),
        Lines([_(distances.ARITHMETIC)]),
    ]
    blocks += _ways(
        _("Out of a category: each row is enough, if none of these criteria were met"),
        found.ways_off,
        found,
    )
    blocks += _ways(
        _("Into a category: each row is enough, if all of these criteria were met"),
        found.ways_on,
        found,
    )
    marks = [*_of_criteria(found.criteria), *_of_area(area)]
    blocks += [Heading(_("What it rests on")), Lines(marks, bullets=True)] if marks else []
    if found.other_lists:
        lists = ", ".join(map(day, found.other_lists))
        one = _("{lists} (--list {year} shows one)", lists=lists, year=found.other_lists[-1].year)
        blocks += [Heading(_("Other lists of this area in the table")), Lines([one])]
    return [*blocks, Lines(["", words.not_official()])]


def _title(area: Record, town: str, version: CriteriaVersion) -> str:
    name, list_date = f"{words.place(area['area'])}{town}", long_day(area["list_date"])
    return _(
        "{area}, list of {date}: {verdict}",
        area=name,
        date=list_date,
        verdict=_verdict(area, version),
    )


def _verdict(area: Record, version: CriteriaVersion) -> str:
    sure, most = area["category"], area["category_possible"]
    return _("in no category") if sure == "none" else words.state(version, sure, most)


def _criteria(found: Explanation) -> Grid:
    names = [name for name, _ in found.compared]
    others = {(name, row["criterion"]): row for name, rows in found.compared for row in rows}
    first, last = (
        ("criterion", "value", "verb and limit", "outcome", "margin"),
        ("paragraph", "status of the law"),
    )
    head = (*map(_, first), *names, *map(_, last))
    rows = []
    for row in found.criteria:
        outcome = f"{words.SIGNS[row['outcome']]} {words.outcome(row['outcome'])}"
        beside = [_value(others[name, row["criterion"]]) for name in names]
        first = (
            words.criterion(row["criterion"]),
            _value(row),
            _limit(row, found.version),
            outcome,
            signed(row["margin"]),
        )
        rows.append((*first, *beside, row["source"], words.status(row["status"])))
    return Grid(head, rows, frozenset({_("value"), _("margin"), *names}))


def _value(row: Record) -> str:
    if row["value"] is not None:
        return words.percent(plain(row["value"], row["limit"]))
    return "" if row["low"] is None else words.percent(f"{plain(row['low'])}-{plain(row['high'])}")


def _limit(row: Record, version: CriteriaVersion) -> str:
    block = version.criteria[row["criterion"]]
    comparator = row["comparator"]
    verb = _(words.VERBS[comparator])
    limit = (
        _("a limit that is not known")
        if row["limit"] is None
        else words.percent(plain(row["limit"]))
    )
    if block.reference == "national":
        limit = _("{limit} ({times} × national)", limit=limit, times=figure(str(block.threshold)))
    elif block.reference == "region":
        limit = _("{limit} of the region's mean", limit=limit)
    return f"{verb} {limit}"


def _categories(area: Record, version: CriteriaVersion) -> Grid:
    rows = []
    for name, block in version.categories.items():
        because = [
            *_counted(area, version, block),
            *_gates(area, version, block),
            *_years(area, block),
            _residents(area, version, block),
        ]
        rows.append(
            (
                words.category(version, name),
                words.member(area[name]),
                "\n".join(because),
                block.source,
            )
        )
    return Grid(tuple(map(_, ("category", "in it", "because", "paragraph"))), rows)


def _counted(area: Record, version: CriteriaVersion, block: Category) -> list[str]:
    if not block.count:
        return []
    met, unknown = (
        [_named(version, name) for name in block.of if area[name] in words_]
        for words_ in (("met", "yes"), ("unknown",))
    )
    names = f" ({', '.join(met)})" if met else ""
    open_ = (
        _(", {count} unknown ({criteria})", count=len(unknown), criteria=", ".join(unknown))
        if unknown
        else ""
    )
    counted = _("{met} of {all} met{names}", met=len(met), all=len(block.of), names=names)
    return [_("{text}, {count} needed", text=f"{counted}{open_}", count=block.count)]


def _named(version: CriteriaVersion, name: str) -> str:
    return words.category(version, name) if name in version.categories else words.criterion(name)


def _gates(area: Record, version: CriteriaVersion, block: Category) -> list[str]:
    return [
        (
            f"{words.category(version, name)}: {words.member(area[name])}"
            if name in version.categories
            else f"{words.criterion(name)}: {words.outcome(area[name])}"
        )
        for name in block.all_of
    ]


def _years(area: Record, block: Category) -> list[str]:
    """Return the years in a row against those needed: `year 4 of 5`."""
    low, high, least = area["years_in_row"], area["years_in_row_possible"], block.years_in_row
    if least is None:
        return []
    if low is None:
        return [_("this list counts no years in a row")]
    if low != high:
        return [_("year {low} to {high} of {least}", low=low, high=high, least=least)]
    return [
        (
            _("year {year} of {least}", year=low, least=least)
            if low <= least
            else _("{years} years in a row, {least} needed", years=low, least=least)
        )
    ]


def _residents(area: Record, version: CriteriaVersion, block: Category) -> str:
    return words.residents(
        area["residents"], max(version.area.min_residents, block.min_residents or 0)
    )


def _remarks(found: Explanation) -> list[str]:
    """Say what a distance is measured to, and why some are missing."""
    reasons: dict[str, list[str]] = {}
    for name, one in found.distances.items():
        if one.why:
            reasons.setdefault(one.why, []).append(words.criterion(name))
    lines = [f"{', '.join(names)}: {translated(why)}" for why, names in reasons.items()]
    means = [words.criterion(name) for name, one in found.distances.items() if one.other_years]
    if means:
        lines.append(
            _(
                "{criteria}: persons of the latest year, with the other years of the mean"
                " unchanged",
                criteria=", ".join(means),
            )
        )
    if any(one.persons_moving_out is not None for one in found.distances.values()):
        lines.append(
            _(
                "status: persons who stay; moving out: counted persons where it would be not met,"
                " others where it would be met"
            )
        )
    lines += _printed(found)
    hidden = [
        words.criterion(name)
        for name in found.version.criteria
        if is_origin(found.version, name) and name not in found.distances
    ]
    return lines + (
        [_("{criteria}: distances are shown with --include-origin", criteria=", ".join(hidden))]
        if hidden
        else []
    )


def _printed(found: Explanation) -> list[str]:
    lines = []
    for name, one in found.distances.items():
        line = found.verdicts.case.lines[found.area["list_date"], name]
        if (
            one.towards
            and line.low is not None
            and line.high is not None
            and line.high - line.low > 2
        ):
            low, high = (
                figure(ticks.cut(ticks.to_fraction(tick))) for tick in (line.low, line.high)
            )
            shown = figure(ticks.cut(line.shown)) if line.shown is not None else ""
            text = _(
                "the limit {limit} is known as printed, {low} to {high}; distances are to"
                " certainty",
                limit=shown,
                low=low,
                high=high,
            )
            lines.append(f"{words.criterion(name)}: {text}")
    return lines


def _ways(title: str, ways: Sequence[Ways] | None, found: Explanation) -> list[Block]:
    if ways is None:
        return []
    if not ways:
        return [Heading(title), Lines([_("There is no such category.")])]
    rows = []
    for one in ways:
        name = words.category(found.version, one.category)
        sets = [
            "; ".join(_member(criterion, found) for criterion in some) for some in one.sets
        ] or [_("none: {why}", why=translated(one.why))]
        rows += [(name if number == 0 else "", text) for number, text in enumerate(sets)]
    left_out = any(
        is_origin(found.version, name) and name not in found.distances
        for name in found.version.criteria
    )
    more: list[Block] = (
        [Lines([_("Sets with the criterion on origin are shown with --include-origin.")])]
        if left_out
        else []
    )
    return [Heading(title), Grid((_("category"), _("criteria")), rows), *more]


def _member(name: str, found: Explanation) -> str:
    """Return a criterion with how far it is: `labour market (1 person)`."""
    one = found.distances.get(name)
    far = (
        (
            distances.persons(one)
            or (
                _("{number} points", number=distances.points(one)) if one.points is not None else ""
            )
        )
        if one
        else ""
    )
    return f"{words.criterion(name)} ({far})" if far else words.criterion(name)


def _of_criteria(rows: Iterable[Record]) -> list[str]:
    texts: dict[str, list[str]] = {}
    for row in rows:
        for text in map(sentence, row["annotations"]):
            texts.setdefault(text, []).append(words.criterion(row["criterion"]))
    return [f"{', '.join(names)}: {text}" for text, names in texts.items()]


def _of_area(area: Record) -> list[str]:
    of_area = [one for one in area["annotations"] if set(one.about) & _OF_AREA]
    return notes(of_area, full=True)


def document(found: Explanation, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document of `score` for this one area, with distances, ways and what stands beside
    it.
    """
    names, row = found.complete
    (area,) = objects(found.verdicts, names, [row])
    for name, one in found.distances.items():
        area["criteria"][name]["distance"] = distances.document(one)
    for key, ways in (("ways_off", found.ways_off), ("ways_on", found.ways_on)):
        if ways is not None:
            area[key] = {
                one.category: (
                    {"sets": [list(some) for some in one.sets]}
                    | ({"why": one.why} if one.why else {})
                )
                for one in ways
            }
    if found.compared:
        area["comparison"] = {
            name: {row["criterion"]: row["value"] for row in rows} for name, rows in found.compared
        }
    area["other_lists"] = [str(date) for date in found.other_lists]
    return head(provenance) | {"areas": [area], "schema": SCHEMA, "remark": distances.ARITHMETIC}
