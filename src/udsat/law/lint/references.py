"""What a criteria file must keep beyond its shape: names, paragraphs, doubts, units and counts that
fit.

Every rule reads the tree of values and forgives what the shape already complains of, so that one
mistake hides no other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from udsat.law.definition import Definition
from udsat.law.lint import sources, values
from udsat.law.lint.shape import meant
from udsat.law.lint.tree import block as block_of
from udsat.law.lint.tree import blocks, texts
from udsat.messages.problems import Problem
from udsat.messages.text import Text

Rule = Callable[[Definition], Iterator[Problem]]
#: Names that are columns of their own in tables and results.
TAKEN = (
    "area", "municipality", "region", "list_date", "list_year", "year", "row", "residents",
    "residents_2010", "residents_test", "criteria_version", "category", "category_possible",
    "met_count", "unknown_count", "years_in_row", "years_in_row_possible", "notes", "none",
    "unknown",
)  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of a file."""
    return (
        values.dates, values.day, _names, values.measure_names, values.ages, values.windows,
        _used_measures, _known_measures, values.units, values.thresholds, _members,
        _paragraph_members, _implied, _counts, _columns, _streaks, _deep, _steps,
        sources.paragraphs, sources.doubtful, sources.doubts,
    )  # fmt: skip


def _names(one: Definition) -> Iterator[Problem]:
    """Names become columns, so each must be usable as one, and stand for one thing."""
    criteria = blocks(one.tree, "criteria")
    for kind in ("criteria", "categories"):
        for name in blocks(one.tree, kind):
            if not _NAME.fullmatch(name):
                yield one.problem(
                    "UD425",
                    (kind, name),
                    Text("'{name}' cannot be a name", name=name),
                    Text("use a-z, 0-9 and _, and begin with a letter"),
                )
            elif name in TAKEN or (kind == "categories" and name in criteria):
                hint = Text("it would be a second column of that name; choose another")
                yield one.problem(
                    "UD425", (kind, name), Text("the name '{name}' is taken", name=name), hint
                )


def _used_measures(one: Definition) -> Iterator[Problem]:
    used = [
        block.get("measure") for block in blocks(one.tree, "criteria").values()
    ]  # whatever stands there: it may be no text
    for name in blocks(one.tree, "measures"):
        if name not in used and one.tree.get("criteria"):
            yield one.problem(
                "UD410",
                ("measures", name),
                Text("no criterion uses the measure '{name}'", name=name),
                Text("remove it, or name it in a criterion"),
            )


def _known_measures(one: Definition) -> Iterator[Problem]:
    known = blocks(one.tree, "measures")
    for name, block in blocks(one.tree, "criteria").items():
        measure = block.get("measure")
        if (
            isinstance(measure, str)
            and measure not in known
            and ("measures", measure) not in one.torn
        ):
            yield one.problem(
                "UD409",
                ("criteria", name, "measure"),
                Text("the measure '{measure}' is not defined", measure=measure),
                meant(measure, known),
                measure,
            )


def _members(one: Definition) -> Iterator[Problem]:
    """A category rests on criteria and on categories above it, and names each once."""
    above = list(blocks(one.tree, "criteria"))
    for name, block in blocks(one.tree, "categories").items():
        for key in ("all_of", "of"):
            for place, member in enumerate(
                block.get(key) or () if isinstance(block.get(key), list) else ()
            ):
                way = ("categories", name, key, place)
                if (
                    isinstance(member, str)
                    and member not in above
                    and ("criteria", member) not in one.torn
                ):
                    yield one.problem(
                        "UD409",
                        way,
                        Text("'{member}' is not defined above", member=member),
                        meant(member, above),
                        member,
                    )
        members = [
            (key, place, member)
            for key in ("all_of", "of")
            for place, member in enumerate(texts(block.get(key)))
        ]
        for number, (key, place, member) in enumerate(members):
            if member in [before for _, _, before in members[:number]]:
                yield one.problem(
                    "UD427",
                    ("categories", name, key, place),
                    Text("'{member}' is named twice", member=member),
                    Text("name it once"),
                    member,
                )
        if not members and block.get("years_in_row") is None and block.get("min_residents") is None:
            yield one.problem(
                "UD412",
                ("categories", name),
                Text("{name} asks for nothing", name=name),
                Text("name all_of, or count and of"),
            )
        above.append(name)


def _implied(one: Definition) -> Iterator[Problem]:
    """What a category rests on by way of another need not be named again."""
    categories = blocks(one.tree, "categories")
    for name, block in categories.items():
        members = texts(block.get("all_of"))
        for place, member in enumerate(members):
            by = next(
                (
                    other
                    for other in members
                    if other != member and member in _rests_on(categories, other)
                ),
                None,
            )
            if by:
                words = Text("'{member}' is already part of '{by}'", member=member, by=by)
                yield one.problem(
                    "UD427",
                    ("categories", name, "all_of", place),
                    words,
                    Text("name it once"),
                    member,
                )


def _rests_on(
    categories: dict[str, dict[str, Any]], name: str, seen: tuple[str, ...] = ()
) -> set[str]:
    """Return what a category needs in every case, down to the criteria."""
    if name in seen:
        return set()
    gates = texts(categories.get(name, {}).get("all_of"))
    return {
        *gates,
        *(inner for gate in gates for inner in _rests_on(categories, gate, (*seen, name))),
    }


def _paragraph_members(one: Definition) -> Iterator[Problem]:
    """Where two paragraphs have the same rule, a category counts that of its own paragraph."""
    criteria = blocks(one.tree, "criteria")
    for name, block in blocks(one.tree, "categories").items():
        for key in ("all_of", "of"):
            for place, member in enumerate(texts(block.get(key))):
                own = _same_rule(criteria, member, _paragraph(block))
                if member in criteria and _paragraph(criteria[member]) != _paragraph(block) and own:
                    words = Text(
                        "'{member}' is in {paragraph}; {paragraph2} has the same rule as '{own}'",
                        member=member,
                        paragraph=_paragraph(criteria[member]),
                        paragraph2=_paragraph(block),
                        own=own,
                    )
                    yield one.problem(
                        "UD428",
                        ("categories", name, key, place),
                        words,
                        Text("name '{own}'", own=own),
                        member,
                    )


def _paragraph(block: dict[str, Any]) -> str:
    """Return the paragraph of a block without its parts, such as `§ 61 b`."""
    return str(block.get("source", "")).partition(",")[0].strip()


def _same_rule(criteria: dict[str, dict[str, Any]], name: str, paragraph: str) -> str:
    """Return a criterion of a paragraph that says the same as another one."""
    keys = ("measure", "comparator", "threshold", "unit", "reference")
    rule = [criteria.get(name, {}).get(key) for key in keys]
    found = [
        other
        for other, block in criteria.items()
        if _paragraph(block) == paragraph and [block.get(key) for key in keys] == rule
    ]
    return next((other for other in found if other != name), "")


def _counts(one: Definition) -> Iterator[Problem]:
    for name, block in blocks(one.tree, "categories").items():
        count, members, way = block.get("count"), texts(block.get("of")), ("categories", name)
        if (
            isinstance(count, int)
            and not isinstance(count, bool)
            and members
            and count > len(members)
        ):
            words = Text(
                "{count} of {members}: there are no {count} criteria in 'of'",
                count=count,
                members=len(members),
            )
            yield one.problem(
                "UD413",
                (*way, "count"),
                words,
                Text("at most {members}", members=len(members)),
                count,
            )
        if (count is None) != (not members):
            lacks = "of" if count is not None else "count"
            yield one.problem(
                "UD404",
                way,
                Text("{name}: the key '{lacks}' is missing", name=name, lacks=lacks),
                Text("count and of belong together"),
            )


def _columns(one: Definition) -> Iterator[Problem]:
    """How many criteria are met goes to a column of its own for each count."""
    found: dict[str, str] = {}
    for name, block in blocks(one.tree, "categories").items():
        column, way = block.get("count_column"), ("categories", name, "count_column")
        if block.get("count") is not None and not column:
            yield one.problem(
                "UD404",
                way,
                Text("{name}: the key 'count_column' is missing", name=name),
                Text('such as count_column = "met_count"'),
            )
        if not isinstance(column, str) or not column:
            continue
        if not _NAME.fullmatch(column) or not column.endswith("met_count"):
            yield one.problem(
                "UD425",
                way,
                Text("'{column}' cannot be the name of a count", column=column),
                Text("such as met_count or own_met_count"),
                column,
            )
        elif column in found:
            yield one.problem(
                "UD425",
                way,
                Text(
                    "'{column}' is already the count of {found}", column=column, found=found[column]
                ),
                Text("choose another"),
                column,
            )
        found.setdefault(column, name)


def _streaks(one: Definition) -> Iterator[Problem]:
    categories, rule = blocks(one.tree, "categories"), block_of(one.tree, "years_in_row")
    for name, block in categories.items():
        if (
            block.get("years_in_row") is not None
            and not rule
            and not {("years_in_row",), ()} & one.torn
        ):
            hint = Text("it says which lists count as years")
            yield one.problem(
                "UD404",
                ("categories", name, "years_in_row"),
                Text("the block [years_in_row] is missing"),
                hint,
            )
    of = rule.get("of")
    if isinstance(of, str) and of not in categories:
        yield one.problem(
            "UD409",
            ("years_in_row", "of"),
            Text("the category '{of}' is not defined", of=of),
            meant(of, categories),
            of,
        )


def _deep(one: Definition) -> Iterator[Problem]:
    """A category that asks for years in a row is one within the category whose years
    are counted.
    """
    of = block_of(one.tree, "years_in_row").get("of")
    for name, block in blocks(one.tree, "categories").items():
        members, way = texts(block.get("all_of")), ("categories", name, "all_of")
        if block.get("years_in_row") is not None and isinstance(of, str) and of not in members:
            words = Text(
                "{name} asks for years in a row, and does not name '{of}', whose years are counted",
                name=name,
                of=of,
            )
            yield one.problem(
                "UD423", way, words, Text('all_of = ["{of}"]', of=of), ", ".join(members)
            )


def _steps(one: Definition) -> Iterator[Problem]:
    found: set[str] = set()
    for place, step in enumerate(texts(block_of(one.tree, "years_in_row").get("counting"))):
        version, mark, category = step.partition(":")
        way = ("years_in_row", "counting", place)
        if not (version and mark and category):
            yield one.problem(
                "UD406",
                way,
                Text("'{step}' names no version and category", step=step),
                Text("such as 2018:ghetto"),
                step,
            )
        elif version in found:
            yield one.problem(
                "UD427",
                way,
                Text("the version {version} is named twice", version=version),
                Text("one category of a version counts"),
                step,
            )
        found.add(version)
