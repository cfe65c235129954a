"""How verdicts agree with the published lists, as people and machines read it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.text import Text

from udsat.analysis.audit.audit import Audit
from udsat.analysis.audit.trials import KINDS, Cause, Item, missing
from udsat.evidence.published_lists import PARTIAL
from udsat.messages.display import markdown as markup
from udsat.messages.language import _, counted, day, whole
from udsat.messages.text import Text as Message
from udsat.render import annotations as notes
from udsat.render import words
from udsat.render.responsive_table import Fitting

SCHEMA = "udsat.audit/1"
COLUMNS = (
    "area",
    "municipality",
    "list_date",
    "category",
    "computed",
    "published",
    "finding",
    "causes",
    "missing",
    "listed_name",
)
_FINDINGS = {
    "miss": "listed, computed not to be", "extra": "not listed, computed to be",
    "open": "cannot be decided", "name": "name not proven", "agrees": "agrees",
}  # fmt: skip
_CAUSES = {
    "border": "in the borders of {about} the verdict would agree",
    "rounding": (
        "open if printed values are rounded ones: {about} may be on either side of the threshold"
    ),
    "reference": "with {about} in place of the run's own the verdict would agree",
    "definition": "under the criteria of {about} the verdict would agree",
    "years": "with earlier years on the basis '{about}' the verdict would agree",
    "missing": "with enough {about} the verdict would agree",
    "figure": "another figure of {about} alone would do",
}
_NAMES = {
    "agrees": "if it is the listed {name}, the verdict would agree",
    "disagrees": "if it is the listed {name}, the verdict would disagree",
    "open": "if it is the listed {name}, the verdict would be open",
}
_REFERENCES = {
    "the list before": "the reference of the list before",
    "the list after": "the reference of the list after",
}


def sentence(found: Audit) -> str:
    """Return one sentence that counts agreement, misses, extras and what is open."""
    counts = {kind: len(found.of(kind)) for kind in KINDS}
    verdicts = words.plural(len(found.items), "verdict")
    parts = [
        _(
            "{count} of {verdicts} agree with the lists",
            count=whole(counts["agrees"]),
            verdicts=verdicts,
        )
    ]
    parts += [
        words.plural(counts["miss"], "miss", "misses"),
        words.plural(counts["extra"], "extra"),
    ]
    parts += [_("{count} cannot be decided", count=whole(counts["open"]))] if counts["open"] else []
    parts += (
        [counted(counts["name"], "{count} name not proven", "{count} names not proven")]
        if counts["name"]
        else []
    )
    return ", ".join(parts) + "."


def cause(one: Cause) -> str:
    """Return a tested cause in words."""
    if one.kind == "name":
        return _(_NAMES[one.result], name=one.about)
    text = _(_CAUSES[one.kind], about=_about(one))
    return (
        text
        if one.result == "agrees" or one.kind in {"rounding", "figure"}
        else _("{text} (open)", text=text)
    )


def _about(one: Cause) -> str:
    if one.kind == "rounding":
        return ", ".join(words.criterion(name) for name in one.about.split(", "))
    return (
        _(_REFERENCES[one.about])
        if one.kind == "reference" and one.about in _REFERENCES
        else _subject(one.about)
    )


def _subject(about: str) -> str:
    """Return what a cause is about: a text of the trial, or a name that notes have too."""
    return about.translated() if isinstance(about, Message) else _(about)


def reasons(found: Audit, item: Item) -> str:
    """Return what would make an item agree, or what leaves it open."""
    if item.kind == "agrees":
        return ""
    names = missing(item, found.versions[item.date])
    lacking = [
        notes.topic(name) if name in notes.TOPICS else words.criterion(name) for name in names
    ]
    texts = _together([one for one in item.causes if one.kind == "figure"]) + [
        cause(one) for one in item.causes if one.kind != "figure"
    ]
    texts += [_("open: {criteria}", criteria=", ".join(lacking))] if lacking else []
    return "; ".join(texts) or _(
        "no cause was found: no change that was tried makes the verdict agree"
    )


def _together(figures: list[Cause]) -> list[str]:
    if not figures:
        return []
    about = f" {_('or')} ".join(_subject(one.about) for one in figures)
    return [_("no other cause was found; another figure of {about} alone would do", about=about)]


def lines(found: Audit) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield area, list, category, finding and causes of all that does not simply agree."""
    for kind in KINDS[:-1]:
        for item in found.of(kind):
            name = words.place(*item.area)
            category = words.category(found.versions[item.date], item.category)
            yield name, day(item.date), category, _(_FINDINGS[kind]), reasons(found, item)


def remarks(found: Audit) -> list[str]:
    """Return what must be said beside it: listed areas without a row, and how the
    lists are known.
    """
    text = []
    for (date, category), (own, others) in found.absent.items():
        label = words.category(found.versions[date], category)
        if own:
            more = _("; {count} listed elsewhere", count=whole(others)) if others else ""
            listed = _(
                "listed in municipalities of the table, without a row: {areas}",
                areas=", ".join(words.place(area.name) for area in own),
            )
            text.append(f"{label} {day(date)}: {listed}{more}")
    derived, partial = (_lists(found, statuses) for statuses in ({"derived"}, PARTIAL))
    text += (
        [_("lists that are derived from the published changes: {lists}", lists=derived)]
        if derived
        else []
    )
    return [
        *text,
        *(
            [
                _(
                    "lists that are known in part, and say nothing of other areas: {lists}",
                    lists=partial,
                )
            ]
            if partial
            else []
        ),
    ]


def _lists(found: Audit, statuses: Collection[str]) -> str:
    """Return the lists that have one of these statuses."""
    keys = [key for key, status in found.statuses.items() if status in statuses]
    return ", ".join(
        f"{words.category(found.versions[date], name)} {day(date)}" for date, name in keys
    )


def table(found: Audit) -> RenderableType:
    """Return the sentence, what does not agree with its tested causes, and what must be said beside
    it.
    """
    rows = Fitting(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("area", "list", "category", "finding", "tested causes"):
        rows.add_column(_(heading))
    for cells in lines(found):
        rows.add_row(*(Text(cell) for cell in cells))
    parts: list[RenderableType] = [
        Text(sentence(found), style="bold"),
        rows if rows.row_count else "",
    ]
    parts += [Text(line) for line in remarks(found)]
    return Group(*parts, "", Text(words.not_official(), style="dim"))


def records(found: Audit) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each area and list, agreement included."""
    published = {True: "yes", False: "no", None: "unknown"}
    for item in found.items:
        causes = (
            " | ".join(f"{one.kind}: {one.about} ({one.result})" for one in item.causes) or None
        )
        lacking = ", ".join(missing(item, found.versions[item.date])) or None
        town = item.area.municipality or None
        yield (
            item.area.name,
            town,
            str(item.date),
            item.category,
            item.computed,
            published[item.listed],
            item.kind,
            causes,
            lacking,
            item.name or None,
        )


def document(found: Audit, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document: counts, every item with its causes, and listed areas without a row."""
    return {
        "schema": SCHEMA,
        "provenance": provenance,
        "sentence": sentence(found),
        "counts": {kind: len(found.of(kind)) for kind in KINDS},
        "items": [_item(found, item) for item in found.items],
        "absent": [
            {
                "list_date": str(date),
                "category": category,
                "areas": [area._asdict() for area in own],
                "elsewhere": others,
            }
            for (date, category), (own, others) in found.absent.items()
        ],
    }


def _item(found: Audit, item: Item) -> dict[str, Any]:
    return {
        "area": item.area.name,
        "municipality": item.area.municipality or None,
        "list_date": str(item.date),
        "category": item.category,
        "computed": item.computed,
        "published": item.listed,
        "finding": item.kind,
        "listed_name": item.name or None,
        "causes": [
            {"kind": one.kind, "about": one.about, "result": one.result, "words": cause(one)}
            for one in item.causes
        ],
        "missing": list(missing(item, found.versions[item.date])),
    }


def markdown(found: Audit) -> str:
    """Return the same as the table, in Markdown."""
    head = ("area", "list", "category", "finding", "tested causes")
    body = [
        "| " + " | ".join(markup(cell) for cell in row) + " |"
        for row in (tuple(map(_, head)), ("---",) * len(head), *lines(found))
    ]
    notes = [f"- {markup(line)}" for line in remarks(found)]
    return "\n".join(
        [f"## {markup(sentence(found))}", "", *body, "", *notes, "", words.not_official(), ""]
    )
