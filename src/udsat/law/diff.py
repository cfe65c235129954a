"""What changed between two versions of the criteria, in words with paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from udsat.law.checksums import normative
from udsat.law.schema import Category, CriteriaVersion, Criterion, Measure
from udsat.messages.text import Bilingual, Text, Value, joined

#: The line of a criterion by its unit.
_LINES = {
    "percent": "{verb} {threshold} %", "per_1000": "{verb} {threshold} per 1,000",
    "per_10000": "{verb} {threshold} per 10,000",
    "times": "{verb} {threshold} times the national share",
}  # fmt: skip
_VERBS = {"exceeds": "exceeds", "at_least": "is at least", "below": "is below"}
_EDUCATION = {
    "counted": "unknown education counted", "not_counted": "unknown education no longer counted",
    None: "unknown education not spoken of",
}  # fmt: skip
_ABROAD = {
    "as_reported": "educations taken abroad as reported",
    "basic": "educations neither taken nor approved in Denmark count as basic schooling",
    None: "educations taken abroad not spoken of",
}
_COUNTED = {"full_time": "counted in parts of a full-time year", "persons": "counted as persons"}
_TABLES = {
    "calendar_years": "taken from tables of calendar years alone",
    "any": "taken from tables of lists too",
}


@dataclass(frozen=True, slots=True)
class LawChange:
    """One change: the block it is in, what it is, and the paragraphs of both versions (empty where
    there is none).
    """

    about: str
    words: Text
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """Return the change as one line, with its paragraphs."""
        return f"{self.about}: {self.words}{self.sources()}"

    def sources(self) -> str:
        """Return the paragraphs in brackets; one where both are the same."""
        found = [source for source in dict.fromkeys((self.before, self.after)) if source]
        return f" ({' -> '.join(found)})" if found else ""


def compare(old: CriteriaVersion, new: CriteriaVersion) -> list[LawChange]:
    """Return what changed from one version to another, in the order: area, criteria, measures,
    categories, years, lists.

    A rule that only moved to another paragraph is a change too. Dates of checking and the wording
    of doubts are none.
    """
    names = renamed(old, new)
    found = [*_area(old, new)]
    found += [
        change
        for name in _names(old.criteria, new.criteria)
        for change in _criterion(name, old, new)
    ]
    found += [
        change for name in _names(old.measures, new.measures) for change in _measure(name, old, new)
    ]
    found += [
        change
        for name in _names(old.categories, new.categories)
        for change in _category(name, old, new, names)
    ]
    return [
        *found,
        *_years(old, new),
        *_publication(old, new),
        *_order(old, new),
        *_doubts(old, new),
    ]


def _names(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return every name, in the order of the new version, then those that are gone."""
    return list(dict.fromkeys((*new, *old)))


def renamed(old: CriteriaVersion, new: CriteriaVersion) -> dict[str, str]:
    """Return categories that only changed their name: the same needs under the same paragraph."""
    found: dict[str, str] = {}
    for name, block in old.categories.items():
        for other, candidate in new.categories.items() if name not in new.categories else ():
            same = _needs(block, found) == _needs(candidate) and block.source == candidate.source
            if same and other not in old.categories and other not in found.values():
                found.setdefault(name, other)
    return found


def _became(was: Value, now: Value) -> Text:
    return Text("{was} became {now}", was=was, now=now)


def _elsewhere() -> Text:
    return Text("unchanged, in another paragraph")


def _area(old: CriteriaVersion, new: CriteriaVersion) -> Iterator[LawChange]:
    one, other = old.area, new.area
    terms = [
        Bilingual(
            f"{block.english} ({block.danish})" if one.english != other.english else block.danish,
            block.danish,
        )
        for block in (one, other)
    ]
    facts: dict[str, tuple[Text, Text]] = {
        "an area": (Text("is {value}", value=terms[0]), Text("is {value}", value=terms[1])),
        "residents": (_at_least(one.min_residents), _at_least(other.min_residents)),
        "residents in 2010": (
            _at_least(one.min_residents_2010),
            _at_least(other.min_residents_2010),
        ),
        "year of the residents": (
            Text("is {value}", value=_span(one.years)),
            Text("is {value}", value=_span(other.years)),
        ),
    }
    for about, (before, after) in facts.items():
        if before != after:
            yield LawChange(about, _became(before, after), one.source, other.source)
    if one.source != other.source and all(before == after for before, after in facts.values()):
        yield LawChange("an area", Text("is in another paragraph"), one.source, other.source)


def _at_least(count: int | None) -> Text:
    return Text("at least none") if count is None else Text("at least {number:,}", number=count)


def _criterion(name: str, old: CriteriaVersion, new: CriteriaVersion) -> Iterator[LawChange]:
    one, other = old.criteria.get(name), new.criteria.get(name)
    if one is None or other is None:
        block = one or other
        if block:
            measure, line = block.measure, _line(block)
            gone = Text("no longer a criterion: {measure} {line}", measure=measure, line=line)
            words = (
                gone if one else Text("new criterion: {measure} {line}", measure=measure, line=line)
            )
            yield LawChange(name, words, one.source if one else "", other.source if other else "")
        return
    if _line(one) != _line(other):
        yield LawChange(name, _became(_line(one), _line(other)), one.source, other.source)
    if one.measure != other.measure:
        yield LawChange(
            name,
            Text("is taken of {new} instead of {old}", new=other.measure, old=one.measure),
            one.source,
            other.source,
        )
    if _line(one) == _line(other) and one.measure == other.measure and one.source != other.source:
        yield LawChange(name, _elsewhere(), one.source, other.source)


def _line(block: Criterion) -> Text:
    """Return the line of a criterion in words, such as `exceeds 60 %`."""
    line = Text(_LINES[block.unit], verb=_VERBS[block.comparator], threshold=block.threshold)
    if block.reference == "region":
        return Text("{line} of the region's mean", line=line)
    own = block.reference == "national" and block.unit != "times"
    return Text("{line} (against the national share)", line=line) if own else line


def _measure(name: str, old: CriteriaVersion, new: CriteriaVersion) -> Iterator[LawChange]:
    one, other = old.measures.get(name), new.measures.get(name)
    if one is None or other is None:
        block = one or other
        if block:
            term = Bilingual(block.english, block.danish)
            words = (
                Text("no longer measured: {term}", term=term)
                if one
                else Text("newly measured: {term}", term=term)
            )
            yield LawChange(name, words, one.source if one else "", other.source if other else "")
        return
    for words in _differences(one, other):
        yield LawChange(name, words, one.source, other.source)
    if (
        one.source != other.source
        and not any(_differences(one, other))
        and not _moved(name, old, new)
    ):
        yield LawChange(name, _elsewhere(), one.source, other.source)


def _moved(measure: str, old: CriteriaVersion, new: CriteriaVersion) -> bool:
    """Whether a criterion on a measure is said to have moved or changed, so that the measure need
    not be.
    """
    of = [
        name
        for name, block in new.criteria.items()
        if block.measure == measure and name in old.criteria
    ]
    return any(old.criteria[name].source != new.criteria[name].source for name in of)


def _differences(one: Measure, other: Measure) -> Iterator[Text]:
    if one.unknown_education != other.unknown_education:
        yield Text(_EDUCATION[other.unknown_education])
    if one.unapproved_education != other.unapproved_education:
        yield Text(_ABROAD[other.unapproved_education])
    if one.counted != other.counted:
        yield Text(_COUNTED[other.counted])
    if one.tables != other.tables:
        yield Text(_TABLES[other.tables])
    if one.years != other.years:
        yield _became(_span(one.years), _span(other.years))
    if (one.population, one.ages) != (other.population, other.ages):
        yield _became(
            Text("of {value}", value=_among(one)), Text("of {value}", value=_among(other))
        )
    if one.excludes != other.excludes:
        yield _became(_without(one), _without(other))
    if one.kind != other.kind:
        yield _became(Text("a {kind}", kind=one.kind), Text("a {kind}", kind=other.kind))
    if (one.danish, one.english) != (other.danish, other.english):
        same = one.english == other.english
        yield _became(
            *(
                Text("'{name}'", name=Bilingual(each.danish if same else each.english, each.danish))
                for each in (one, other)
            )
        )


def _span(years: Sequence[int]) -> Text:
    if len(years) == 1:
        return Text("year {year}", year=str(years[0])) if years[0] else Text("the year of the list")
    return Text("the mean of years {years}", years=joined(years))


def _among(block: Measure) -> Value:
    ages = [str(age) for age in block.ages or ()]
    if not ages:
        return block.population
    if len(ages) == 1:
        return Text("{population} aged {low} and over", population=block.population, low=ages[0])
    return Text(
        "{population} aged {low}-{high}", population=block.population, low=ages[0], high=ages[-1]
    )


def _without(block: Measure) -> Text:
    return (
        Text("without {names}", names=joined(block.excludes))
        if block.excludes
        else Text("without nobody")
    )


def _category(
    name: str, old: CriteriaVersion, new: CriteriaVersion, renamed: Mapping[str, str]
) -> Iterator[LawChange]:
    one, other = old.categories.get(name), new.categories.get(name)
    if name in renamed.values():
        return
    if name in renamed and one:
        block = new.categories[renamed[name]]
        words = Text(
            "is now {new} ({was} became {now}), with the same needs",
            new=renamed[name],
            was=one.label.da,
            now=block.label.da,
        )
        yield LawChange(name, words, one.source, block.source)
    elif one is None or other is None:
        yield from _came_or_went(name, one, other)
    else:
        yield from _category_kept(name, one, other)


def _came_or_went(name: str, one: Category | None, other: Category | None) -> Iterator[LawChange]:
    if block := one or other:
        label, needs = block.label.da, _needs(block)
        gone = Text("no longer a category, {label}: {needs}", label=label, needs=needs)
        words = gone if one else Text("new category, {label}: {needs}", label=label, needs=needs)
        yield LawChange(name, words, one.source if one else "", other.source if other else "")


def _category_kept(name: str, one: Category, other: Category) -> Iterator[LawChange]:
    kept = _needs(one) == _needs(other)
    if not kept:
        yield LawChange(
            name,
            _became(*(Text("needs {needs}", needs=_needs(each)) for each in (one, other))),
            one.source,
            other.source,
        )
    for was, now in ((one.label.da, other.label.da), (one.label.en, other.label.en)):
        if was != now:
            words = _became(
                *(Text("is called {name}", name=label or "nothing") for label in (was, now))
            )
            yield LawChange(name, words, one.source, other.source)
    if one.count_column != other.count_column and one.count_column and other.count_column:
        words = Text(
            "is counted in {was} became in {now}", was=one.count_column, now=other.count_column
        )
        yield LawChange(name, words, one.source, other.source)
    if kept and one.label == other.label and one.source != other.source:
        yield LawChange(name, _elsewhere(), one.source, other.source)


def _needs(block: Category, renamed: Mapping[str, str] | None = None) -> Text:
    """Return what a category needs, such as `2 of labour_market, crime; origin`, with categories by
    their new names.
    """
    new = renamed or {}
    parts: list[Value] = []
    if block.count:
        parts.append(
            Text(
                "{count:,} of {names}",
                count=block.count,
                names=joined(new.get(name, name) for name in block.of),
            )
        )
    parts += [new.get(name, name) for name in block.all_of]
    if block.min_residents:
        parts.append(Text("{count:,} residents", count=block.min_residents))
    if block.years_in_row:
        parts.append(Text("{count} years in a row", count=str(block.years_in_row)))
    return joined(parts, "; ") if parts else Text("nothing")


def _years(old: CriteriaVersion, new: CriteriaVersion) -> Iterator[LawChange]:
    one, other = old.years_in_row, new.years_in_row
    about, before, after = (
        "years in a row",
        one.source if one else "",
        other.source if other else "",
    )
    if one is None or other is None:
        block = one or other
        if block:
            words = Text(
                "of {category} from the list of {first}, counting {steps}",
                category=block.of,
                first=block.first,
                steps=joined(block.counting),
            )
            yield LawChange(
                about,
                Text("no longer counted: {what}", what=words)
                if one
                else Text("newly counted: {what}", what=words),
                before,
                after,
            )
        return
    facts = [
        (Text("of {value}", value=one.of), Text("of {value}", value=other.of)),
        (
            Text("from the list of {date}", date=one.first),
            Text("from the list of {date}", date=other.first),
        ),
        (
            Text("counting {steps}", steps=joined(one.counting)),
            Text("counting {steps}", steps=joined(other.counting)),
        ),
    ]
    for was, now in facts:
        if was != now:
            yield LawChange(about, _became(was, now), before, after)
    if before != after and all(was == now for was, now in facts):
        yield LawChange(about, _elsewhere(), before, after)


def _publication(old: CriteriaVersion, new: CriteriaVersion) -> Iterator[LawChange]:
    one, other = old.publication, new.publication
    if one.day != other.day:
        words = Text("comes out on {was} became on {now} (month-day)", was=one.day, now=other.day)
        yield LawChange("list", words, one.source, other.source)
    elif one.source != other.source:
        yield LawChange("list", _elsewhere(), one.source, other.source)
    if one.exceptions != other.exceptions:
        was, now = (joined(part.exceptions.values()) or "none" for part in (one, other))
        yield LawChange("list", Text("exceptions {was} became {now}", was=was, now=now))


def _order(old: CriteriaVersion, new: CriteriaVersion) -> Iterator[LawChange]:
    """The order of categories decides which is the innermost."""
    was, now = (
        tuple(name for name in one.categories if name in other.categories)
        for one, other in ((old, new), (new, old))
    )
    if was != now:
        yield LawChange(
            "categories",
            _became(*(Text("in the order {names}", names=joined(names)) for names in (was, now))),
        )


def _doubts(old: CriteriaVersion, new: CriteriaVersion) -> Iterator[LawChange]:
    """Return facts whose certainty changed, where both versions have the fact; citations and dates
    are not meant.
    """
    was, now = _statuses(old), _statuses(new)
    both = (
        normative(old.model_dump(exclude_none=True)),
        normative(new.model_dump(exclude_none=True)),
    )
    for point in _names(was, now):
        status = was.get(point, "stated"), now.get(point, "stated")
        fact = not point.startswith("version") and not point.endswith(".source")
        if status[0] != status[1] and fact and all(_has(tree, point) for tree in both):
            yield LawChange(point, _became(*(Text("is {value}", value=one) for one in status)))


def _statuses(version: CriteriaVersion) -> dict[str, str]:
    return {point: doubt.status for doubt in version.doubts for point in doubt.about}


def _has(tree: Any, point: str) -> bool:
    for key in point.split("."):
        if not isinstance(tree, dict) or key not in tree:
            return False
        tree = tree[key]
    return True
