"""What a criteria file must keep beyond its shape: names, paragraphs, doubts, units and counts that fit.

Every rule reads the tree of values and forgives what the shape already complains of, so that one mistake hides no other.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from udsat import exact
from udsat.errors import Problem
from udsat.law.definition import Definition
from udsat.law.places import Path
from udsat.law.shape import leaves, meant, texts

Rule = Callable[[Definition], Iterator[Problem]]
#: The measures that the area table has columns for.
MEASURES = ("outside_labour_market", "convicted", "basic_education", "gross_income", "non_western")
#: Names that are columns of their own in tables and results.
TAKEN = (
    "area", "municipality", "region", "list_date", "list_year", "year", "row", "residents", "residents_2010", "residents_test",
    "criteria_version", "category", "category_possible", "met_count", "unknown_count", "years_in_row", "years_in_row_possible",
    "notes", "none", "unknown",
)  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PARAGRAPH = re.compile(r"§ ?\d")
#: Words in a text that say that a fact is not certain.
_DOUBT = re.compile(
    r"\?|\b(probably|presumably|perhaps|uncertain|unconfirmed|not confirmed|inferred|formentlig|vistnok|måske)\b", re.IGNORECASE
)
#: What a fact of the law is told in; the texts of doubts themselves are not meant.
_FACTS = ("version", "publication", "area", "measures", "criteria", "categories", "years_in_row")


def rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of a file."""
    return (
        _dates, _day, _names, _measure_names, _ages, _windows, _used_measures, _known_measures, _units, _thresholds, _members,
        _paragraph_members, _implied,
        _counts, _columns, _streaks, _deep, _steps, _paragraphs, _doubtful, _doubts,
    )  # fmt: skip


def blocks(tree: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """Return the blocks of a kind by name, without what is none."""
    found = tree.get(kind)
    return {name: block for name, block in found.items() if isinstance(block, dict)} if isinstance(found, dict) else {}


def _block(tree: dict[str, Any], name: str) -> dict[str, Any]:
    found = tree.get(name)
    return found if isinstance(found, dict) else {}


def _dates(one: Definition) -> Iterator[Problem]:
    head = _block(one.tree, "version")
    start, end = head.get("in_force"), head.get("ended")
    if isinstance(start, dt.date) and isinstance(end, dt.date) and end < start:
        yield one.problem("UD414", ("version", "ended"), f"{end} lies before {start}, when the version came into force", "", end)


def _day(one: Definition) -> Iterator[Problem]:
    day = _block(one.tree, "publication").get("day")
    if isinstance(day, str) and re.fullmatch(r"\d\d-\d\d", day):
        try:
            dt.date.fromisoformat(f"2001-{day}")
        except ValueError:
            yield one.problem("UD406", ("publication", "day"), f"'{day}' is no day of every year", "write it as 12-01", day)


def _names(one: Definition) -> Iterator[Problem]:
    """Names become columns, so each must be usable as one, and stand for one thing."""
    criteria = blocks(one.tree, "criteria")
    for kind in ("criteria", "categories"):
        for name in blocks(one.tree, kind):
            if not _NAME.fullmatch(name):
                yield one.problem("UD425", (kind, name), f"'{name}' cannot be a name", "use a-z, 0-9 and _, and begin with a letter")
            elif name in TAKEN or (kind == "categories" and name in criteria):
                hint = "it would be a second column of that name; choose another"
                yield one.problem("UD425", (kind, name), f"the name '{name}' is taken", hint)


def _measure_names(one: Definition) -> Iterator[Problem]:
    for name in blocks(one.tree, "measures"):
        if name not in MEASURES:
            hint = meant(name, MEASURES)
            yield one.problem("UD422", ("measures", name), f"no table has a column for the measure '{name}'", hint)


def _ages(one: Definition) -> Iterator[Problem]:
    for name, block in blocks(one.tree, "measures").items():
        ages = block.get("ages")
        if isinstance(ages, list) and len(ages) == 2 and all(isinstance(age, int) for age in ages) and ages[0] > ages[1]:
            yield one.problem("UD406", ("measures", name, "ages"), f"nobody is from {ages[0]} to {ages[1]}", "the younger age first", ages)


def _windows(one: Definition) -> Iterator[Problem]:
    """The years of a mean are named once each, from the earliest; only a share can be a mean of several."""
    for way, block in [(("area",), _block(one.tree, "area")), *((("measures", n), b) for n, b in blocks(one.tree, "measures").items())]:
        years = block.get("years")
        if not isinstance(years, list) or not all(isinstance(year, int) for year in years):
            continue
        if sorted(set(years)) != years:
            hint = "each once, the earliest first"
            yield one.problem("UD426", (*way, "years"), f"the years {_list(years)} are repeated or out of order", hint, _list(years))
        if len(years) > 1 and (way == ("area",) or block.get("kind") == "mean"):
            yield one.problem("UD426", (*way, "years"), f"{way[-1]} is taken of one year, not of {_list(years)}", "", _list(years))


def _used_measures(one: Definition) -> Iterator[Problem]:
    used = {block.get("measure") for block in blocks(one.tree, "criteria").values()}
    for name in blocks(one.tree, "measures"):
        if name not in used and one.tree.get("criteria"):
            yield one.problem(
                "UD410", ("measures", name), f"no criterion uses the measure '{name}'", "remove it, or name it in a criterion"
            )


def _known_measures(one: Definition) -> Iterator[Problem]:
    known = blocks(one.tree, "measures")
    for name, block in blocks(one.tree, "criteria").items():
        measure = block.get("measure")
        if isinstance(measure, str) and measure not in known and ("measures", measure) not in one.torn:
            yield one.problem(
                "UD409", ("criteria", name, "measure"), f"the measure '{measure}' is not defined", meant(measure, known), measure
            )


def _units(one: Definition) -> Iterator[Problem]:
    """A share has a unit of its own or is a multiple of the national share; a mean is held against the region's."""
    measures = blocks(one.tree, "measures")
    for name, block in blocks(one.tree, "criteria").items():
        unit, reference, way = block.get("unit"), block.get("reference"), ("criteria", name)
        kind = measures.get(str(block.get("measure")), {}).get("kind")
        if (unit == "times") != (reference == "national"):
            yield one.problem("UD421", (*way, "unit"), "unit 'times' and reference 'national' belong together", "", unit)
        elif kind == "mean" and (reference != "region" or unit != "percent"):
            hint = 'unit = "percent" and reference = "region"'
            yield one.problem("UD421", (*way, "unit"), "a mean is held against its region's, in percent", hint, unit)
        elif kind == "share" and reference == "region":
            yield one.problem("UD421", (*way, "reference"), "a share is not held against a region's", "leave out the reference", reference)


def _thresholds(one: Definition) -> Iterator[Problem]:
    for name, block in blocks(one.tree, "criteria").items():
        line, unit, comparator = block.get("threshold"), block.get("unit"), block.get("comparator")
        if isinstance(line, bool) or not isinstance(line, (int, Decimal)) or not Decimal(line).is_finite() or unit not in exact.PERCENT_PER:
            continue
        whole = int(100 / exact.PERCENT_PER[unit])
        if line > whole or (line == whole and comparator == "exceeds"):
            words = f"{line} {unit}: no share lies {'above' if comparator == 'exceeds' else 'at or above'} it; all of them is {whole}"
            hint = "is it per 1,000 or per 10,000?" if unit == "percent" else ""
            if block.get("reference") != "region":
                yield one.problem("UD411", ("criteria", name, "threshold"), words, hint, line)


def _members(one: Definition) -> Iterator[Problem]:
    """A category rests on criteria and on categories above it, and names each once."""
    above = list(blocks(one.tree, "criteria"))
    for name, block in blocks(one.tree, "categories").items():
        for key in ("all_of", "of"):
            for place, member in enumerate(block.get(key) or () if isinstance(block.get(key), list) else ()):
                way = ("categories", name, key, place)
                if isinstance(member, str) and member not in above and ("criteria", member) not in one.torn:
                    yield one.problem("UD409", way, f"'{member}' is not defined above", meant(member, above), member)
        members = [(key, place, member) for key in ("all_of", "of") for place, member in enumerate(texts(block.get(key)))]
        for number, (key, place, member) in enumerate(members):
            if member in [before for _, _, before in members[:number]]:
                yield one.problem("UD427", ("categories", name, key, place), f"'{member}' is named twice", "name it once", member)
        if not members and block.get("years_in_row") is None and block.get("min_residents") is None:
            yield one.problem("UD412", ("categories", name), f"{name} asks for nothing", "name all_of, or count and of")
        above.append(name)


def _implied(one: Definition) -> Iterator[Problem]:
    """What a category rests on by way of another need not be named again."""
    categories = blocks(one.tree, "categories")
    for name, block in categories.items():
        members = texts(block.get("all_of"))
        for place, member in enumerate(members):
            by = next((other for other in members if other != member and member in _rests_on(categories, other)), None)
            if by:
                words = f"'{member}' is already part of '{by}'"
                yield one.problem("UD427", ("categories", name, "all_of", place), words, "name it once", member)


def _rests_on(categories: dict[str, dict[str, Any]], name: str, seen: tuple[str, ...] = ()) -> set[str]:
    """Return what a category needs in every case, down to the criteria."""
    if name in seen:
        return set()
    gates = texts(categories.get(name, {}).get("all_of"))
    return {*gates, *(inner for gate in gates for inner in _rests_on(categories, gate, (*seen, name)))}


def _paragraph_members(one: Definition) -> Iterator[Problem]:
    """Where two paragraphs have the same rule, a category counts that of its own paragraph."""
    criteria = blocks(one.tree, "criteria")
    for name, block in blocks(one.tree, "categories").items():
        for key in ("all_of", "of"):
            for place, member in enumerate(texts(block.get(key))):
                own = _same_rule(criteria, member, _paragraph(block))
                if member in criteria and _paragraph(criteria[member]) != _paragraph(block) and own:
                    words = f"'{member}' stands in {_paragraph(criteria[member])}; {_paragraph(block)} has the same rule as '{own}'"
                    yield one.problem("UD428", ("categories", name, key, place), words, f"name '{own}'", member)


def _paragraph(block: dict[str, Any]) -> str:
    """Return the paragraph of a block without its parts, such as `§ 61 b`."""
    return str(block.get("source", "")).partition(",")[0].strip()


def _same_rule(criteria: dict[str, dict[str, Any]], name: str, paragraph: str) -> str:
    """Return a criterion of a paragraph that says the same as another one."""
    keys = ("measure", "comparator", "threshold", "unit", "reference")
    rule = [criteria.get(name, {}).get(key) for key in keys]
    found = [other for other, block in criteria.items() if _paragraph(block) == paragraph and [block.get(key) for key in keys] == rule]
    return next((other for other in found if other != name), "")


def _counts(one: Definition) -> Iterator[Problem]:
    for name, block in blocks(one.tree, "categories").items():
        count, members, way = block.get("count"), texts(block.get("of")), ("categories", name)
        if isinstance(count, int) and not isinstance(count, bool) and members and count > len(members):
            words = f"{count} of {len(members)}: there are no {count} criteria in 'of'"
            yield one.problem("UD413", (*way, "count"), words, f"at most {len(members)}", count)
        if (count is None) != (not members):
            lacks = "of" if count is not None else "count"
            yield one.problem("UD404", way, f"{name}: the key '{lacks}' is missing", "count and of belong together")


def _columns(one: Definition) -> Iterator[Problem]:
    """How many criteria are met goes to a column of its own for each count."""
    found: dict[str, str] = {}
    for name, block in blocks(one.tree, "categories").items():
        column, way = block.get("count_column"), ("categories", name, "count_column")
        if block.get("count") is not None and not column:
            yield one.problem("UD404", way, f"{name}: the key 'count_column' is missing", 'such as count_column = "met_count"')
        if not isinstance(column, str) or not column:
            continue
        if not _NAME.fullmatch(column) or not column.endswith("met_count"):
            yield one.problem("UD425", way, f"'{column}' cannot be the name of a count", "such as met_count or own_met_count", column)
        elif column in found:
            yield one.problem("UD425", way, f"'{column}' is already the count of {found[column]}", "choose another", column)
        found.setdefault(column, name)


def _streaks(one: Definition) -> Iterator[Problem]:
    categories, rule = blocks(one.tree, "categories"), _block(one.tree, "years_in_row")
    for name, block in categories.items():
        if block.get("years_in_row") is not None and not rule and not {("years_in_row",), ()} & one.torn:
            hint = "it says which lists count as years"
            yield one.problem("UD404", ("categories", name, "years_in_row"), "the block [years_in_row] is missing", hint)
    of = rule.get("of")
    if isinstance(of, str) and of not in categories:
        yield one.problem("UD409", ("years_in_row", "of"), f"the category '{of}' is not defined", meant(of, categories), of)


def _deep(one: Definition) -> Iterator[Problem]:
    """A category that asks for years in a row is one within the category whose years are counted."""
    of = _block(one.tree, "years_in_row").get("of")
    for name, block in blocks(one.tree, "categories").items():
        members, way = texts(block.get("all_of")), ("categories", name, "all_of")
        if block.get("years_in_row") is not None and isinstance(of, str) and of not in members:
            words = f"{name} asks for years in a row, and does not name '{of}', whose years are counted"
            yield one.problem("UD423", way, words, f'all_of = ["{of}"]', ", ".join(members))


def _steps(one: Definition) -> Iterator[Problem]:
    found: set[str] = set()
    for place, step in enumerate(texts(_block(one.tree, "years_in_row").get("counting"))):
        version, mark, category = step.partition(":")
        way = ("years_in_row", "counting", place)
        if not (version and mark and category):
            yield one.problem("UD406", way, f"'{step}' names no version and category", "such as 2018:ghetto", step)
        elif version in found:
            yield one.problem("UD427", way, f"the version {version} is named twice", "one category of a version counts", step)
        found.add(version)


def _paragraphs(one: Definition) -> Iterator[Problem]:
    """A source names a paragraph, unless a doubt says why there is none."""
    doubted = {point for block in _doubt_blocks(one) for point in texts(block.get("about"))}
    for way, source in leaves(one.tree):
        if way[-1] != "source" or way[0] in {"doubts", "publication"} or not isinstance(source, str) or not source:
            continue
        if not _PARAGRAPH.search(source) and not {".".join(map(str, way[:n])) for n in range(1, len(way) + 1)} & doubted:
            hint = "cite it as § 61 a, stk. 1, or say in a doubt about it why there is none"
            yield one.problem("UD415", way, f"'{source}' names no paragraph", hint, source)


def _doubtful(one: Definition) -> Iterator[Problem]:
    """A fact whose text says that it is not certain has a doubt with its status."""
    doubted = {point for block in _doubt_blocks(one) for point in texts(block.get("about"))}
    for way, text in leaves(one.tree):
        if way[0] not in _FACTS or way[-1] == "danish" or not isinstance(text, str) or text.startswith("http"):
            continue
        word, points = _DOUBT.search(text), {".".join(map(str, way[:n])) for n in range(1, len(way) + 1)}
        if word and not points & doubted:
            hint = f'add a [[doubts]] with about = ["{".".join(map(str, way))}"] and a status'
            yield one.problem("UD416", way, f"'{word[0]}' says that this is doubtful, and no doubt gives it a status", hint, text)


def _doubts(one: Definition) -> Iterator[Problem]:
    """A doubt is about something that is there."""
    for number, block in enumerate(_doubt_blocks(one)):
        for place, point in enumerate(texts(block.get("about"))):
            found, near = _follow(one.tree, point)
            if not found and tuple(point.split(".")[:-1]) not in one.torn:
                yield one.problem("UD417", ("doubts", number, "about", place), f"'{point}' is not in this file", near, point)


def _doubt_blocks(one: Definition) -> list[dict[str, Any]]:
    found = one.tree.get("doubts")
    return [block if isinstance(block, dict) else {} for block in found] if isinstance(found, list) else []


def _follow(tree: Any, point: str) -> tuple[bool, str]:
    """Return whether a way leads to something, and what may be meant where it does not."""
    way: Path = ()
    for key in point.split("."):
        if not isinstance(tree, dict) or key not in tree:
            near = meant(key, tree) if isinstance(tree, dict) else ""
            return False, near.replace("'", f"'{'.'.join(map(str, way))}.", 1) if way and near.startswith("did") else near
        tree, way = tree[key], (*way, key)
    return tree is not None, ""


def _list(values: list[Any]) -> str:
    return "[" + ", ".join(map(str, values)) + "]"
