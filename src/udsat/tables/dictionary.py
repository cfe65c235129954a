"""What each column means, in and out: the one declaration behind templates, file metadata and the
pages that list them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from udsat.law.schema import CriteriaVersion, Criterion, Measure
from udsat.tables.headings import (
    COUNTS,
    INCOMES,
    MEASURES,
    PROXIES,
    RESIDENTS,
    SHARES,
    UNITS,
    synonyms,
)

ColumnKind = Literal["text", "date", "whole number", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column with what it holds: its type and unit, the words that may stand in it, and the
    paragraph it rests on.
    """

    name: str
    kind: ColumnKind
    holds: str
    unit: str = ""
    words: tuple[str, ...] = ()
    source: str = ""


UNIT_WORDS = {
    "percent": "percent",
    "per_1000": "per 1,000",
    "per_10000": "per 10,000",
    "dkk": "kroner",
}
_MET, _YES = ("met", "not_met", "unknown"), ("yes", "no", "unknown")
_COMPARATORS = {"exceeds": "exceeds", "at_least": "is at least", "below": "is below"}
_LINES = {"national": "times the national share", "region": "percent of the region's mean"}

_KEY_COLUMNS: dict[str, tuple[ColumnKind, str]] = {
    "area": ("text", "name or code of the area; codes keep leading zeros"),
    "area_id": (
        "text",
        (
            "identifier that does not change with the name; where two tables have it, it decides"
            " instead"
        ),
    ),
    "municipality": (
        "text",
        (
            "municipality; with the area it is the key, and lets a name be found on the published"
            " lists"
        ),
    ),
    "region": ("text", "region, with whose mean income the area's is compared"),
    "list_date": ("date", "date of the list"),
    "list_year": ("whole number", "year of the list, instead of its date"),
    "year": ("whole number", "calendar year of the figures, instead of a list"),
}

_OUT: dict[str, tuple[ColumnKind, str, tuple[str, ...]]] = {
    "area": ("text", "name or code of the area, as the input has it", ()),
    "area_id": ("text", "identifier of the area, as the input has it", ()),
    "municipality": ("text", "municipality, as the input has it", ()),
    "region": ("text", "region, as the input has it", ()),
    "list_date": ("date", "date of the list", ()),
    "criteria_version": ("text", "version of the criteria under which the row was judged", ()),
    "residents": ("whole number", "residents at the reference date of the list", ()),
    "met_count": ("whole number", "how many of the criteria that the version counts are met", ()),
    "unknown_count": (
        "whole number",
        "how many of the criteria that the version counts cannot be decided",
        (),
    ),
    "prevention_met_count": (
        "whole number",
        "how many of the counted criteria of the prevention area are met",
        (),
    ),
    "category": (
        "text",
        (
            "the innermost category that is certain; none if all are ruled out; unknown if that"
            " cannot be decided"
        ),
        (),
    ),
    "category_possible": ("text", "the innermost category that is not ruled out", ()),
    "years_in_row": (
        "whole number",
        "for how many December lists in a row, at least; empty where the list is no December list",
        (),
    ),
    "years_in_row_possible": ("whole number", "for how many December lists in a row, at most", ()),
    "notes": ("text", "marks and reasons, with | between them", ()),
    "criterion": ("text", "name of the criterion", ()),
    "measure": ("text", "name of what is measured", ()),
    "value": ("number", "the measured value, in percent", ()),
    "unit": ("text", "unit of value, limit and margin", ()),
    "comparator": ("text", "how the value is compared with the limit", tuple(_COMPARATORS)),
    "limit": ("number", "the line that decides, in percent; empty where it is not known", ()),
    "margin": ("number", "value minus limit, in percentage points", ()),
    "outcome": ("text", "whether the criterion is met", _MET),
    "reference": ("text", "where the limit comes from, if the statute does not print it", ()),
    "source": ("text", "paragraph of the statute", ()),
    "status": (
        "text",
        (
            "stated, or what the outcome rests on besides the statute: practice, inferred,"
            " unconfirmed, proxy"
        ),
        (),
    ),
    "note": ("text", "marks and reasons for this criterion, with | between them", ()),
}
_OF_CRITERION: dict[str, tuple[ColumnKind, str]] = {
    "": ("text", "whether the criterion {name} is met: {line}"),
    "_value": ("number", "value of {measure}, in percent"),
    "_limit": ("number", "threshold of the criterion {name}, in percent: {line}"),
    "_margin": ("number", "value minus threshold of the criterion {name}, in percentage points"),
}
#: What stands in a column that the tool does not know.
PASSED_THROUGH = "passed through from the input"


def among(measure: Measure) -> str:
    """Return who is counted, such as `residents aged 18-64`, as the criteria file says it."""
    ages = measure.ages or ()
    band = {0: "", 1: f" aged {ages[0] if ages else ''} and over"}.get(len(ages)) or (
        f" aged {ages[0]}-{ages[-1]}" if ages else ""
    )
    return measure.population + band + "".join(f", without {word}" for word in measure.excludes)


def inputs(version: CriteriaVersion, list_year: int | None = None) -> dict[str, Column]:
    """Return every column that the area table may have under a version of the law, in the order of
    the vocabulary.

    With `list_year` they say of which calendar years the figures of that list are.
    """
    found = [Column(name, kind, holds) for name, (kind, holds) in _KEY_COLUMNS.items()]
    found += [_residents(name, version) for name in RESIDENTS]
    for measure in (name for name in MEASURES if name in version.measures):
        found += _of_measure(measure, version.measures[measure], list_year)
    return {column.name: column for column in found}


def _residents(name: str, version: CriteriaVersion) -> Column:
    area = version.area
    if name == RESIDENTS[0]:
        holds = (
            "residents at the reference date of the list; a category needs at least"
            f" {area.min_residents:,}"
        )
        return Column(name, "whole number", holds, "persons", source=area.source)
    if area.min_residents_2010:
        asked = f"the statute asks at least {area.min_residents_2010:,}"
        holds = (
            f"residents in 2010: {asked}; an empty cell leaves the categories undecided, "
            "and a table without this column is taken to hold areas that meet it"
        )
    else:
        holds = "residents in 2010; this version of the law does not ask for them"
    return Column(name, "whole number", holds, "persons", source=area.source)


def _when(measure: Measure, list_year: int | None) -> str:
    """Return the calendar years of a figure of a list: `mean of 2024 and 2025`, or counted from the
    list's own year.
    """
    years = [
        str(list_year + year) if list_year else f"{year:+d}" if year else "0"
        for year in measure.years
    ]
    mean = (
        f"mean of {' and '.join(years)}"
        if measure.is_mean_of_years
        else years[0]
        if list_year
        else f"year {years[0]}"
    )
    return mean if list_year else f"{mean}, where 0 is the year of the list"


def _of_measure(name: str, measure: Measure, list_year: int | None) -> Iterable[Column]:
    years = _when(measure, list_year)
    text = f"{measure.english} ({measure.danish})"
    for column in (*SHARES, *COUNTS, *INCOMES, *PROXIES):
        if column == f"{name}_proxy":
            yield Column(
                column,
                "text",
                f"why the value of {name} is not what the law measures; marks every verdict that"
                " rests on it",
            )
        elif column in INCOMES and measure.kind == "mean":
            of_region = column != name
            holds = (
                f"{text}, {among(measure)}"
                + (", in percent of the region's mean" if of_region else "")
                + f"; {years}"
            )
            yield Column(
                column, "number", holds, "percent" if of_region else "kroner", source=measure.source
            )
        elif column in COUNTS and column in {name, f"{name}_base"}:
            holds = (
                f"number of {among(measure)}"
                if column != name
                else f"number of {among(measure)}: {text}"
            )
            yield Column(column, "number", holds, "persons", source=measure.source)
        elif column in SHARES and column.removeprefix(f"{name}_") in UNITS:
            unit = UNITS[column.removeprefix(f"{name}_")]
            yield Column(
                column,
                "number",
                f"share of {among(measure)}: {text}; {years}",
                UNIT_WORDS[unit],
                source=measure.source,
            )


def danish(column: str) -> str:
    """Return a Danish heading that means the column, or nothing.

    >>> danish("residents"), danish("convicted_proxy")
    ('Antal beboere', '')
    """
    own = column.replace("_", " ")
    return next(
        (
            heading.capitalize()
            for heading, name in synonyms().items()
            if name == column and heading != own
        ),
        "",
    )


def outputs(
    names: Sequence[str],
    versions: Sequence[CriteriaVersion],
    passed: Mapping[str, str] | None = None,
) -> list[Column]:
    """Return what each column of a result means, under the versions of the law in use.

    `passed` are the user's own columns, with the type that the engine gives them.
    """
    own = passed or {}
    return [
        Column(name, _kind(own[name]), PASSED_THROUGH) if name in own else _output(name, versions)
        for name in names
    ]


def _kind(engine_type: str) -> ColumnKind:
    if engine_type == "DATE":
        return "date"
    if engine_type.removeprefix("U").endswith("INT") or engine_type.endswith("INTEGER"):
        return "whole number"
    return "number" if engine_type.startswith(("DOUBLE", "FLOAT", "DECIMAL")) else "text"


def _output(name: str, versions: Sequence[CriteriaVersion]) -> Column:
    if name in _OUT:
        kind, holds, words = _OUT[name]
        return Column(name, kind, holds, words=words)
    blocks = {
        version.id: version.categories[name] for version in versions if name in version.categories
    }
    if blocks:
        label = list(blocks.values())[-1].label
        source = _sources({name: block.source for name, block in blocks.items()})
        return Column(
            name, "text", f"whether the area is {label.da} ({label.en})", words=_YES, source=source
        )
    for end, (kind, holds) in _OF_CRITERION.items():
        criterion = name.removesuffix(end)
        held = [version for version in versions if criterion in version.criteria]
        if held and name.endswith(end):
            return _of_criterion(criterion, end, (kind, holds), held)
    return Column(name, "text", PASSED_THROUGH)


def _of_criterion(
    criterion: str, end: str, about: tuple[ColumnKind, str], versions: Sequence[CriteriaVersion]
) -> Column:
    blocks = {version.id: version.criteria[criterion] for version in versions}
    line = "; ".join(
        f"{text} (criteria {', '.join(ids)})"
        for text, ids in _alike({name: _line(block) for name, block in blocks.items()})
    )
    source = _sources({name: block.source for name, block in blocks.items()})
    measure = versions[-1].measures[blocks[versions[-1].id].measure]
    holds = about[1].format(
        name=criterion, line=line, measure=f"{measure.english} ({measure.danish})"
    )
    return Column(
        criterion + end, about[0], holds, "percent" if end else "", () if end else _MET, source
    )


def _sources(texts: Mapping[str, str]) -> str:
    """Return the paragraph, or those of the versions where they differ."""
    found = _alike(texts)
    return (
        found[0][0]
        if len(found) == 1
        else "; ".join(f"{text} ({', '.join(ids)})" for text, ids in found)
    )


def _alike(texts: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Return each text once, with the versions that have it."""
    found: dict[str, list[str]] = {}
    for version, text in texts.items():
        found.setdefault(text, []).append(version)
    return list(found.items())


def _line(block: Criterion) -> str:
    unit = _LINES.get(block.reference or "") or UNIT_WORDS[block.unit]
    return f"{_COMPARATORS[block.comparator]} {block.threshold} {unit}"
