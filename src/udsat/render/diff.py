"""What changed, as people and machines read it: a sentence, a table, records for CSV, a document,
Markdown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.text import Text

from udsat.analysis.changes.causes import Causes
from udsat.analysis.changes.diff import Changed, Diff, Step
from udsat.evidence.borders import BorderChange as Border
from udsat.law.schema import CriteriaVersion
from udsat.messages.display import markdown as markup
from udsat.messages.language import _, counted, day, whole
from udsat.messages.text import translated
from udsat.render import annotations as notes
from udsat.render import words
from udsat.render.numbers import plain, signed
from udsat.render.responsive_table import Fitting

SCHEMA = "udsat.diff/1"
COLUMNS = (
    "area", "municipality", "from", "to", "change", "subject", "before", "after", "value_before",
    "value_after", "limit_before", "limit_after", "margin_before", "margin_after", "causes",
    "undecided_alone", "untested", "border",
)  # fmt: skip
#: Each kind of change in the order of the table, with its words for one area and for several.
_KINDS = {
    "entered": "entered", "left": "left", "changed": "changed category",
    "decided": "can now be decided", "undecided": "can no longer be decided",
    "possible": "kept the category while others became possible or impossible",
    "flipped": "kept the category while a criterion changed",
    "only_new": "only in the newer table", "only_old": "only in the older table",
    "moved": "only nearer to or further from a threshold", "same": "did not change",
}  # fmt: skip
FACTORS = {
    "data": "own data", "borders": "the borders", "reference": "the reference", "law": "the law",
    "years": "the earlier lists",
}  # fmt: skip
_STEPS = {
    "nearer": "nearer",
    "further": "further away",
    "same": "the same",
    "not_comparable": "not comparable",
    "flipped": "",
}


def sentence(found: Diff) -> str:
    """Return one sentence that counts the changes, those of category first.

    Counts that are 0 are left out, but for those who entered and left.
    """
    first = [counted(found.counts["left"], "{count} area left", "{count} areas left")]
    first += [_("{count} entered", count=whole(found.counts["entered"]))]
    rest = [
        f"{whole(found.counts[kind])} {_(text)}"
        for kind, text in _KINDS.items()
        if kind not in {"left", "entered"} and found.counts[kind]
    ]
    of = f"{words.category(_versions(found)[1], found.category)}: " if found.category else ""
    return f"{of}{', '.join([*first, *rest])}."


def title(found: Diff) -> str:
    """Return what is compared with what."""
    old, new = _versions(found)
    if found.dates is None:
        return _("{old} and {new}, list by list", old=found.old.name, new=found.new.name)
    laws = (
        _("criteria {version}", version=new.id)
        if old.id == new.id
        else _("criteria {old} and {new}", old=old.id, new=new.id)
    )
    old_date, new_date = map(day, found.dates)
    return _(
        "From the list of {old} to that of {new}, {laws}", old=old_date, new=new_date, laws=laws
    )


def _versions(found: Diff) -> tuple[CriteriaVersion, CriteriaVersion]:
    sides = (found.old, found.new)
    dates = found.dates or tuple(max(side.verdicts.case.versions) for side in sides)
    return sides[0].version(dates[0]), sides[1].version(dates[1])


def remarks(found: Diff) -> list[str]:
    """Return what must be said beside the changes: moved references, new names, definitions that
    are not the same, borders.
    """
    lines = [
        _(
            "reference of {name}: {old} → {new}",
            name=_reference(name),
            old=_figure(old),
            new=_figure(new),
        )
        for name, (old, new) in found.references.items()
    ]
    old, new = _versions(found)
    lines += [
        _("{old} is now called {new}", old=words.category(old, one), new=words.category(new, other))
        for one, other in found.renamed.items()
    ]
    lines += [warning(found, measure) for measure in found.redefined]
    touched = {area.border for area in found.areas if area.border}
    return lines + [_border(border) for border in found.borders if border in touched]


def warning(found: Diff, measure: str) -> str:
    """Return the warning about a measure that the two lists define differently."""
    criteria = ", ".join(
        words.criterion(name)
        for name, block in _versions(found)[1].criteria.items()
        if block.measure == measure
    )
    return _(
        "warning: {criteria} is not comparable: {measure} does not mean the same on the two"
        " lists, so values are not compared, and no figure of one is judged by the law of the"
        " other",
        criteria=criteria or measure,
        measure=measure,
    )


def _reference(name: str) -> str:
    return name if "," in name else words.criterion(name)


def _figure(figure: Any) -> str:
    if figure is None:
        return _("not known")
    return plain(float(figure.shown)) + ("" if figure.decides else _(" (inferred)"))


def _border(border: Border) -> str:
    source = f" ({border.source})" if border.source else ""
    note = f": {notes.border(border.note)}" if border.note else ""
    before, after = words.all_of(border.before), words.all_of(border.after)
    text = _(
        "borders, {kind} of {date}: {before} → {after}",
        kind=_(border.kind),
        date=day(border.date),
        before=before,
        after=after,
    )
    return f"{text}{note}{source}"


def causes(found: Causes | None) -> str:
    """Return the causes of a change in words.

    >>> causes(Causes((("data",), ("reference",))))
    'own data or the reference, each alone'
    >>> causes(Causes((("data", "law"),), ("law",)))
    'only own data and the law together; the law alone leaves it open'
    >>> causes(Causes((("data", "borders"),), (), (("borders", "the table has no figures for it"),)))
    'not without the borders; the borders alone cannot be tested: the table has no figures for it'
    """  # noqa: E501
    if found is None:
        return ""
    if found.single:
        named = [_(FACTORS[one[0]]) for one in found.sets]
        if len(named) == 1:
            return _("{factor} alone", factor=named[0])
        return _("{factors}, each alone", factors=words.listing(named, "or"))
    pair = found.sets[0] if len(found.sets) == 1 and len(found.sets[0]) == 2 else ()
    lone = [factor for factor, _ in found.untested if factor in pair]
    if len(lone) == 1:
        parts = [_("not without {factor}", factor=_(FACTORS[lone[0]]))]
    else:  # where neither could be tested, that both are needed is not known
        sets = (words.listing([_(FACTORS[factor]) for factor in one]) for one in found.sets)
        texts = (
            (
                _("{factors} together", factors=one)
                if lone
                else _("only {factors} together", factors=one)
            )
            for one in sets
        )
        parts = [f" {_('or')} ".join(texts)]
    if found.undecided:
        open_ = (
            "{factors} leaves it open" if len(found.undecided) == 1 else "{factors} leave it open"
        )
        parts.append(_(open_, factors=_each(found.undecided)))
    for reason in dict.fromkeys(why for _factor, why in found.untested):
        untested = _each([factor for factor, why in found.untested if why == reason])
        parts.append(
            _("{factors} cannot be tested: {reason}", factors=untested, reason=translated(reason))
        )
    return "; ".join(parts)


def _each(factors: Sequence[str]) -> str:
    return words.listing([_("{factor} alone", factor=_(FACTORS[factor])) for factor in factors])


def table(found: Diff) -> RenderableType:
    """Return the sentence, what changed area by area, and what must be said beside it."""
    rows = Fitting(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("area", "change", "before", "after", "cause"):
        rows.add_column(_(heading))
    for cells in lines(found):
        rows.add_row(
            *(
                Text(cell, style="bold" if cells[0] and n < 2 else "")
                for n, cell in enumerate(cells)
            )
        )
    parts: list[RenderableType] = [Text(title(found), style="bold"), "", Text(sentence(found))]
    parts += [rows] if rows.row_count else [""]
    parts += [Text(line) for line in rest(found)]
    parts += [Text(line) for line in remarks(found)]
    return Group(*parts, "", Text(words.not_official(), style="dim"))


def rest(found: Diff) -> list[str]:
    """Return how many areas are left out because only values moved."""
    more = found.counts["moved"] - sum(area.kind == "moved" for area in found.areas)
    if more <= 0:
        return []
    return [
        _(
            "{count} more are only nearer to or further from a threshold; --format csv has all"
            " of them",
            count=whole(more),
        )
    ]


def lines(found: Diff) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the cells of the table: for each area a line on its category, then one for each
    criterion that changed.
    """
    for area in sorted(found.areas, key=lambda area: list(_KINDS).index(area.kind)):
        name = words.place(area.area, area.municipality) + (
            "" if found.dates else f" {_date(area)}"
        )
        yield (
            name,
            _(_KINDS[area.kind]),
            _category(found, area, 0),
            _category(found, area, 1),
            causes(area.causes),
        )
        if residents := _residents(found, area):
            yield "", f"  {notes.topic('residents')}", *residents, ""
        for step in area.steps:
            if step.change not in {"same", "not_comparable"}:
                yield (
                    "",
                    f"  {words.criterion(step.name)}"
                    f" {_(_STEPS[step.change]) if _STEPS[step.change] else ''}".rstrip(),
                    _value(step.old),
                    _value(step.new),
                    causes(step.causes),
                )


def _residents(found: Diff, area: Changed) -> tuple[str, str] | None:
    """Return the residents on both sides, where they are enough on one side alone, or known there
    alone.
    """
    told, enough = [], []
    for row, side in zip((area.old, area.new), (found.old, found.new), strict=True):
        if row is None:
            return None
        count, least = row["residents"], side.version(row["list_date"]).area.min_residents
        enough.append(None if count is None else count >= least)
        told.append(words.residents(count, least))
    return (told[0], told[1]) if enough[0] != enough[1] else None


def _date(area: Changed) -> str:
    date = (area.new or area.old or {}).get("list_date")
    return day(date) if date else ""


def _category(found: Diff, area: Changed, side: int) -> str:
    """Return where an area stood in words, with what was possible beside what was certain, and an
    older name.
    """
    row = (area.old, area.new)[side]
    if row is None:
        return _("no row")
    own = (found.old, found.new)[side].version(row["list_date"])
    other = (area.new or row) if side == 0 else (area.old or row)
    named = f"{words.place(row['area'])}: " if row["area"] != other["area"] else ""
    sure, most = row["category"], row["category_possible"]
    return named + words.state(own, sure, most)


def _value(row: Mapping[str, Any]) -> str:
    sign = words.SIGNS[row["outcome"]]
    if row["value"] is None:
        return sign
    known = row["limit"] is not None
    limit = (
        _(" (threshold {limit}, {margin})", limit=plain(row["limit"]), margin=signed(row["margin"]))
        if known
        else _(" (no threshold known)")
    )
    return f"{plain(row['value'], row['limit'])} {sign}{limit}"


def records(found: Diff) -> Iterator[tuple[Any, ...]]:
    """Yield a row for the category of each area, and one for each of its criteria, in the columns
    of `COLUMNS`.
    """
    for area in found.areas:
        row = area.new or area.old or {}
        dates = [str(side["list_date"]) if side else None for side in (area.old, area.new)]
        key = (row["area"], row.get("municipality"), *dates, area.kind)
        border = f"{area.border.kind} of {area.border.date}" if area.border else None
        sides = [side["category"] if side else None for side in (area.old, area.new)]
        yield (*key, "category", *sides, *[None] * 6, *_cause_cells(area.causes), border)
        for step in area.steps:
            figures = [
                side[name] for name in ("value", "limit", "margin") for side in (step.old, step.new)
            ]
            change = (*key[:4], step.change, step.name)
            yield (
                *change,
                step.old["outcome"],
                step.new["outcome"],
                *figures,
                *_cause_cells(step.causes),
                border,
            )


def _cause_cells(found: Causes | None) -> tuple[str | None, str | None, str | None]:
    if found is None:
        return None, None, None
    sets = " | ".join(" + ".join(one) for one in found.sets)
    return (
        sets,
        ", ".join(found.undecided) or None,
        "; ".join(f"{factor}: {reason}" for factor, reason in found.untested) or None,
    )


def document(found: Diff, provenance: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the document: what was compared, the counts, what must be said, and each area with its
    causes.
    """
    return {
        "schema": SCHEMA,
        "provenance": list(provenance),
        "from": str(found.dates[0]) if found.dates else None,
        "to": str(found.dates[1]) if found.dates else None,
        "category": found.category,
        "sentence": sentence(found),
        "counts": found.counts,
        "references": {
            name: {"before": old and float(old.shown), "after": new and float(new.shown)}
            for name, (old, new) in found.references.items()
        },
        "not_comparable": list(found.redefined),
        "renamed": found.renamed,
        "remarks": remarks(found),
        "areas": [_area(area) for area in found.areas],
    }


def _area(area: Changed) -> dict[str, Any]:
    row = area.new or area.old or {}
    border = area.border and {
        "kind": area.border.kind,
        "date": str(area.border.date),
        "before": area.border.before,
        "after": area.border.after,
    }
    return {
        "area": row["area"],
        "municipality": row.get("municipality"),
        "change": area.kind,
        "before": _side(area.old),
        "after": _side(area.new),
        "causes": _causes(area.causes),
        "criteria": {step.name: _step(step) for step in area.steps},
        "border": border,
    }


def _side(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    keys = (
        "area",
        "list_date",
        "criteria_version",
        "category",
        "category_possible",
        "met_count",
        "unknown_count",
        "years_in_row",
    )
    return (
        None
        if row is None
        else {key: str(row[key]) if isinstance(row[key], dt.date) else row[key] for key in keys}
    )


def _step(step: Step) -> dict[str, Any]:
    return {
        "change": step.change,
        "before": dict(step.old),
        "after": dict(step.new),
        "causes": _causes(step.causes),
    }


def _causes(found: Causes | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "sets": [list(one) for one in found.sets],
        "single": found.single,
        "undecided_alone": list(found.undecided),
        "untested": dict(found.untested),
        "words": causes(found),
    }


def markdown(found: Diff) -> str:
    """Return the same as the table, in Markdown."""
    head = ["area", "change", "before", "after", "cause"]
    rows = [list(map(_, head)), ["---"] * len(head), *lines(found)]
    body = ["| " + " | ".join(markup(cell.strip()) for cell in row) + " |" for row in rows]
    said = [f"- {markup(line)}" for line in (*rest(found), *remarks(found))]
    parts = [
        f"## {markup(title(found))}",
        "",
        markup(sentence(found)),
        "",
        *body,
        "",
        *said,
        *([""] if said else []),
    ]
    return "\n".join([*parts, words.not_official(), ""])
