"""The law in print: the versions at a glance, and one version with its paragraphs and doubts."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from udsat.law.model import CriteriaVersion, Measure
from udsat.views import words


def versions(found: Sequence[CriteriaVersion]) -> Table:
    """Return one line for each version: when it was in force, and what it calls areas."""
    table = Table(box=SIMPLE_HEAD)
    for name in ("version", "in force", "ended", "categories", "law"):
        table.add_column(name)
    for version in found:
        ended = version.version.ended
        labels = ", ".join(category.label.da for category in version.categories.values())
        table.add_row(version.id, str(version.version.in_force), str(ended) if ended else "in force", labels, version.version.law)
    return table


def version(one: CriteriaVersion) -> RenderableType:
    """Return a whole version: area, criteria, categories, years in a row, doubts and sources."""
    head = one.version
    until = f"to {head.ended}" if head.ended else "and still in force"
    parts: list[RenderableType] = [
        Text(f"Criteria {one.id}: {head.title}", style="bold"),
        Text(f"{head.law}\nIn force from {head.in_force} {until}. Checked on {head.checked_on}."),
        _heading("Area", one.area.source),
        Text(_area(one)),
        _heading("Criteria"),
        _criteria(one),
        _heading("Categories"),
        *(Text(f"  {_category(one, name)}") for name in one.categories),
    ]
    if one.years_in_row:
        steps = ", ".join(one.years_in_row.counting)
        parts += [_heading("Years in a row", one.years_in_row.source)]
        parts += [Text(f"  lists from {one.years_in_row.first}; a year counts with membership in {steps}")]
    parts += [_heading("What is not certain")]
    parts += [Text(f"  {doubt.status}: {doubt.text}\n    [{', '.join(doubt.about)}]\n    {doubt.source}") for doubt in one.doubts]
    parts += [_heading("Sources"), *(Text(f"  {source}") for source in head.sources)]
    return Group(*parts)


def _heading(title: str, source: str = "") -> Text:
    return Text(f"\n{title}", style="bold") + Text(f" ({source})" if source else "", style="dim")


def _area(one: CriteriaVersion) -> str:
    tests = [f"at least {one.area.min_residents:,} residents at the list's reference date"]
    if one.area.min_residents_2010:
        tests.append(f"at least {one.area.min_residents_2010:,} residents in 2010")
    return f"  {one.area.english}\n  {one.area.danish}\n  {'; '.join(tests)}"


def _criteria(one: CriteriaVersion) -> Table:
    table = Table(box=SIMPLE_HEAD)
    for name in ("criterion", "line", "measure", "among", "years", "paragraph"):
        table.add_column(name)
    for name, block in one.criteria.items():
        measure = one.measures[block.measure]
        line = words.line(one, name)
        years = ", ".join(f"{year:+d}" if year else "list year" for year in measure.years)
        years = f"mean of {years}" if measure.is_mean_of_years else years
        table.add_row(name, line, f"{measure.english}\n{measure.danish}", _among(measure), years, block.source)
    return table


def _among(measure: Measure) -> str:
    """Return the population: `residents aged 18-64`."""
    ages = measure.ages or ()
    band = {0: "", 1: f" aged {ages[0] if ages else ''} and over"}.get(len(ages), f" aged {ages[0]}-{ages[-1]}" if ages else "")
    excludes = f", {' and '.join(measure.excludes)} excluded" if measure.excludes else ""
    return f"{measure.population}{band}{excludes}"


def _category(one: CriteriaVersion, name: str) -> str:
    block = one.categories[name]
    rules = list(block.all_of)
    if block.count:
        rules.append(f"at least {block.count} of {', '.join(block.of)}")
    if block.years_in_row:
        rules.append(f"{block.years_in_row} years in a row")
    return f"{block.label.da} ({name}, {block.label.en}; {block.source}): {' and '.join(rules)}"
