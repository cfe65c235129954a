"""The law in print: the versions at a glance, and one version with its paragraphs and doubts."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.text import Text

from udsat.law.schema import CriteriaVersion, Doubt, Measure
from udsat.messages.language import _, day, whole
from udsat.render import words
from udsat.render.responsive_table import Fitting
from udsat.render.verdict_grid import title


def versions(found: Sequence[CriteriaVersion]) -> Fitting:
    """Return one line for each version: when it was in force, and what it calls areas."""
    table = Fitting(box=SIMPLE_HEAD)
    for name in ("version", "in force", "ended", "categories", "law"):
        table.add_column(_(name))
    for version in found:
        ended = version.version.ended
        labels = ", ".join(category.label.da for category in version.categories.values())
        start, end = day(version.version.in_force), day(ended) if ended else _("in force")
        table.add_row(version.id, start, end, labels, _(version.version.law))
    return table


def versions_document(found: Sequence[CriteriaVersion]) -> dict[str, object]:
    """Return the versions at a glance as a JSON document."""
    return {
        "schema": "udsat.criteria-list/1",
        "versions": [
            {
                "id": one.id,
                "law": one.version.law,
                "in_force": one.version.in_force.isoformat(),
                "ended": one.version.ended and one.version.ended.isoformat(),
                "categories": list(one.categories),
            }
            for one in found
        ],
    }


def version_document(one: CriteriaVersion) -> dict[str, object]:
    """Return a whole version as a JSON document, in the words of its file."""
    definition = one.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {"schema": "udsat.criteria-show/1", "definition": definition}


def version(one: CriteriaVersion) -> RenderableType:
    """Return a whole version: area, criteria, categories, years in a row, doubts and sources."""
    head = one.version
    parts: list[RenderableType] = [
        Text(title(one), style="bold"),
        Text(f"{_(head.law)}\n{_in_force(one)}"),
        _heading(_("Area"), one.area.source),
        Text(_area(one)),
        _heading(_("Criteria")),
        _criteria(one),
        _heading(_("Categories")),
        *(Text(f"  {_category(one, name)}") for name in one.categories),
    ]
    if one.years_in_row:
        steps = ", ".join(one.years_in_row.counting)
        parts += [_heading(_("Years in a row"), one.years_in_row.source)]
        parts += [
            Text(
                "  "
                + _(
                    "lists from {date}; a year counts with membership in {steps}",
                    date=day(one.years_in_row.first),
                    steps=steps,
                )
            )
        ]
    parts += [_heading(_("What is not certain"))]
    parts += map(_doubt, one.doubts)
    parts += [_heading(_("Sources")), *(Text(f"  {source}") for source in head.sources)]
    return Group(*parts)


def _doubt(doubt: Doubt) -> Text:
    name = f"{doubt.id}, " if doubt.id else ""
    about = ", ".join(doubt.about)
    return Text(
        f"  {name}{words.status(doubt.status)}: {_(doubt.text)}\n    [{about}]\n   "
        f" {_(doubt.source)}"
    )


def _in_force(one: CriteriaVersion) -> str:
    dates = {"start": day(one.version.in_force), "checked": day(one.version.checked_on)}
    revision = " " + _("Revision {number}.", number=str(one.version.revision))
    if one.version.ended is None:
        return (
            _("In force from {start} and still in force. Checked on {checked}.", **dates) + revision
        )
    return (
        _(
            "In force from {start} to {end}. Checked on {checked}.",
            end=day(one.version.ended),
            **dates,
        )
        + revision
    )


def _heading(title: str, source: str = "") -> Text:
    return Text(f"\n{title}", style="bold") + Text(f" ({source})" if source else "", style="dim")


def _area(one: CriteriaVersion) -> str:
    tests = [
        _(
            "at least {count} residents at the list's reference date",
            count=whole(one.area.min_residents),
        )
    ]
    if one.area.min_residents_2010:
        tests.append(
            _("at least {count} residents in 2010", count=whole(one.area.min_residents_2010))
        )
    return (
        f"  {words.both(one.area.english, one.area.danish, chr(10) + '  ')}\n  {'; '.join(tests)}"
    )


def _criteria(one: CriteriaVersion) -> Fitting:
    table = Fitting(box=SIMPLE_HEAD)
    for name in ("criterion", "threshold", "measure", "among", "years", "paragraph"):
        table.add_column(_(name))
    for name, block in one.criteria.items():
        measure = one.measures[block.measure]
        line = words.line(one, name)
        years = ", ".join(f"{year:+d}" if year else _("list year") for year in measure.years)
        years = _("mean of {years}", years=years) if measure.is_mean_of_years else years
        table.add_row(
            name,
            line,
            words.both(measure.english, measure.danish, "\n"),
            among(measure),
            years,
            block.source,
        )
    return table


def among(measure: Measure) -> str:
    """Return the population: `residents aged 18-64`."""
    ages = measure.ages or ()
    band = _(" aged {first}-{last}", first=ages[0], last=ages[-1]) if len(ages) > 1 else ""
    if len(ages) == 1:
        band = _(" aged {first} and over", first=ages[0])
    excludes = (
        _(", {groups} excluded", groups=words.all_of([_(one) for one in measure.excludes]))
        if measure.excludes
        else ""
    )
    return f"{_(measure.population)}{band}{excludes}"


def _category(one: CriteriaVersion, name: str) -> str:
    block = one.categories[name]
    rules = list(block.all_of)
    if block.count:
        rules.append(
            _("at least {count} of {criteria}", count=block.count, criteria=", ".join(block.of))
        )
    if block.years_in_row:
        rules.append(words.years(str(block.years_in_row)))
    label = words.both(block.label.en, "", "")
    about = ", ".join(filter(None, (name, label)))
    return f"{block.label.da} ({about}; {block.source}): {words.all_of(rules)}"
