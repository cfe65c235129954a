"""What changed between two versions of the criteria, in words with paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from udsat.law.model import Area, Category, CriteriaVersion, Criterion, Measure
from udsat.law.seal import normative

UNITS = {"percent": " %", "per_1000": " per 1,000", "per_10000": " per 10,000", "times": " times the national share"}
_VERBS = {"exceeds": "exceeds", "at_least": "is at least", "below": "is below"}


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the block it is in, what it is, and the paragraphs of both versions (empty where there is none)."""

    about: str
    words: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """Return the change as one line, with its paragraphs."""
        sources = [source for source in dict.fromkeys((self.before, self.after)) if source]
        return f"{self.about}: {self.words}" + (f" ({' -> '.join(sources)})" if sources else "")


def compare(old: CriteriaVersion, new: CriteriaVersion) -> list[Change]:
    """Return what changed from one version to another, in the order: area, criteria, measures, categories, years, lists.

    A rule that only moved to another paragraph is a change too. Dates of checking and the wording of doubts are none.
    """
    names = renamed(old, new)
    found = [*_area(old, new)]
    found += [change for name in _names(old.criteria, new.criteria) for change in _criterion(name, old, new)]
    found += [change for name in _names(old.measures, new.measures) for change in _measure(name, old, new)]
    found += [change for name in _names(old.categories, new.categories) for change in _category(name, old, new, names)]
    return [*found, *_years(old, new), *_publication(old, new), *_order(old, new), *_doubts(old, new)]


def _names(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return every name, in the order of the new version, then those that are gone."""
    return list(dict.fromkeys((*new, *old)))


def renamed(old: CriteriaVersion, new: CriteriaVersion) -> dict[str, str]:
    """Return categories that only changed their name: the same needs under the same paragraph."""
    found: dict[str, str] = {}
    for name, block in old.categories.items():
        for other, candidate in new.categories.items() if name not in new.categories else ():
            same = needs(block, found) == needs(candidate) and block.source == candidate.source
            if same and other not in old.categories and other not in found.values():
                found.setdefault(name, other)
    return found


def _area(old: CriteriaVersion, new: CriteriaVersion) -> Iterator[Change]:
    one, other = old.area, new.area
    facts = {
        "an area": ("is", _words(one), _words(other)) if one.english != other.english else ("is", one.danish, other.danish),
        "residents": ("at least", f"{one.min_residents:,}", f"{other.min_residents:,}"),
        "residents in 2010": ("at least", _number(one.min_residents_2010), _number(other.min_residents_2010)),
        "year of the residents": ("is", _span(one.years), _span(other.years)),
    }
    for about, (verb, before, after) in facts.items():
        if before != after:
            yield Change(about, f"{verb} {before} became {verb} {after}", one.source, other.source)
    if one.source != other.source and all(before == after for _, before, after in facts.values()):
        yield Change("an area", "stands elsewhere", one.source, other.source)


def _words(block: Area) -> str:
    return f"{block.english} ({block.danish})"


def _number(value: int | None) -> str:
    return "none" if value is None else f"{value:,}"


def _criterion(name: str, old: CriteriaVersion, new: CriteriaVersion) -> Iterator[Change]:
    one, other = old.criteria.get(name), new.criteria.get(name)
    if one is None or other is None:
        block = one or other
        if block:
            words = f"{'no longer a criterion' if one else 'new criterion'}: {block.measure} {line(block)}"
            yield Change(name, words, one.source if one else "", other.source if other else "")
        return
    if line(one) != line(other):
        yield Change(name, f"{line(one)} became {line(other)}", one.source, other.source)
    if one.measure != other.measure:
        yield Change(name, f"is taken of {other.measure} instead of {one.measure}", one.source, other.source)
    if line(one) == line(other) and one.measure == other.measure and one.source != other.source:
        yield Change(name, "unchanged, stands elsewhere", one.source, other.source)


def line(block: Criterion) -> str:
    """Return the line of a criterion in words, such as `exceeds 60 %`."""
    region = " of the region's mean" if block.reference == "region" else ""
    own = " (against the national share)" if block.reference == "national" and block.unit != "times" else ""
    return f"{_VERBS[block.comparator]} {block.threshold}{UNITS[block.unit]}{region}{own}"


def _measure(name: str, old: CriteriaVersion, new: CriteriaVersion) -> Iterator[Change]:
    one, other = old.measures.get(name), new.measures.get(name)
    if one is None or other is None:
        block = one or other
        if block:
            words = f"{'no longer measured' if one else 'newly measured'}: {block.english}"
            yield Change(name, words, one.source if one else "", other.source if other else "")
        return
    for words in _differences(one, other):
        yield Change(name, words, one.source, other.source)
    if one.source != other.source and not any(_differences(one, other)) and not _moved(name, old, new):
        yield Change(name, "unchanged, stands elsewhere", one.source, other.source)


def _moved(measure: str, old: CriteriaVersion, new: CriteriaVersion) -> bool:
    """Whether a criterion on a measure is said to have moved or changed, so that the measure need not be."""
    of = [name for name, block in new.criteria.items() if block.measure == measure and name in old.criteria]
    return any(old.criteria[name].source != new.criteria[name].source for name in of)


def _differences(one: Measure, other: Measure) -> Iterator[str]:
    if one.unknown_education != other.unknown_education:
        said = {
            "counted": "unknown education counted",
            "not_counted": "unknown education no longer counted",
            None: "unknown education not spoken of",
        }
        yield said[other.unknown_education]
    if one.unapproved_education != other.unapproved_education:
        meant = {
            "as_reported": "educations taken abroad as reported",
            "basic": "educations neither taken nor approved in Denmark count as basic schooling",
            None: "educations taken abroad not spoken of",
        }
        yield meant[other.unapproved_education]
    if one.counted != other.counted:
        yield {"full_time": "counted in parts of a full-time year", "persons": "counted as persons"}[other.counted]
    if one.years != other.years:
        yield f"{_span(one.years)} became {_span(other.years)}"
    if (one.population, one.ages) != (other.population, other.ages):
        yield f"of {_among(one)} became of {_among(other)}"
    if one.excludes != other.excludes:
        yield f"without {_list(one.excludes)} became without {_list(other.excludes)}"
    if one.kind != other.kind:
        yield f"a {one.kind} became a {other.kind}"
    if (one.danish, one.english) != (other.danish, other.english):
        yield f"'{one.english}' became '{other.english}'" if one.english != other.english else f"'{one.danish}' became '{other.danish}'"


def _span(years: Sequence[int]) -> str:
    named = [f"year {year}" if year else "the year of the list" for year in years]
    return named[0] if len(years) == 1 else f"the mean of years {', '.join(map(str, years))}"


def _among(block: Measure) -> str:
    ages = block.ages or ()
    return block.population + {0: "", 1: f" aged {ages[0] if ages else ''} and over"}.get(len(ages), f" aged {'-'.join(map(str, ages))}")


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "nobody"


def _category(name: str, old: CriteriaVersion, new: CriteriaVersion, renamed: Mapping[str, str]) -> Iterator[Change]:
    one, other = old.categories.get(name), new.categories.get(name)
    if name in renamed.values():
        return
    if name in renamed and one:
        block = new.categories[renamed[name]]
        words = f"is now {renamed[name]} ({one.label.da} became {block.label.da}), with the same needs"
        yield Change(name, words, one.source, block.source)
    elif one is None or other is None:
        yield from _came_or_went(name, one, other)
    else:
        yield from _category_kept(name, one, other)


def _came_or_went(name: str, one: Category | None, other: Category | None) -> Iterator[Change]:
    if block := one or other:
        words = f"{'no longer a category' if one else 'new category'}, {block.label.da}: {needs(block)}"
        yield Change(name, words, one.source if one else "", other.source if other else "")


def _category_kept(name: str, one: Category, other: Category) -> Iterator[Change]:
    before, after = (needs(one), one.label.da, one.label.en), (needs(other), other.label.da, other.label.en)
    for about, was, now in zip(("needs ", "is called ", "is called "), before, after, strict=True):
        if was != now:
            yield Change(name, f"{about}{was or 'nothing'} became {about}{now or 'nothing'}", one.source, other.source)
    if one.count_column != other.count_column and one.count_column and other.count_column:
        yield Change(name, f"is counted in {one.count_column} became in {other.count_column}", one.source, other.source)
    if before == after and one.source != other.source:
        yield Change(name, "unchanged, stands elsewhere", one.source, other.source)


def needs(block: Category, renamed: Mapping[str, str] | None = None) -> str:
    """Return what a category needs, such as `2 of labour_market, crime; origin`, with categories by their new names."""
    new = renamed or {}
    parts = [f"{block.count} of {', '.join(new.get(name, name) for name in block.of)}"] if block.count else []
    parts += [new.get(name, name) for name in block.all_of]
    parts += [f"{block.min_residents:,} residents"] if block.min_residents else []
    return "; ".join([*parts, *([f"{block.years_in_row} years in a row"] if block.years_in_row else [])])


def _years(old: CriteriaVersion, new: CriteriaVersion) -> Iterator[Change]:
    one, other = old.years_in_row, new.years_in_row
    about, before, after = "years in a row", one.source if one else "", other.source if other else ""
    if one is None or other is None:
        block = one or other
        if block:
            words = f"of {block.of} from the list of {block.first}, counting {', '.join(block.counting)}"
            yield Change(about, f"{'no longer counted' if one else 'newly counted'}: {words}", before, after)
        return
    facts = {"of ": (one.of, other.of), "from the list of ": (str(one.first), str(other.first))}
    facts["counting "] = (", ".join(one.counting), ", ".join(other.counting))
    for words, (was, now) in facts.items():
        if was != now:
            yield Change(about, f"{words}{was} became {words}{now}", before, after)
    if before != after and all(was == now for was, now in facts.values()):
        yield Change(about, "unchanged, stands elsewhere", before, after)


def _publication(old: CriteriaVersion, new: CriteriaVersion) -> Iterator[Change]:
    one, other = old.publication, new.publication
    if one.day != other.day:
        yield Change("list", f"comes out on {one.day} became on {other.day} (month-day)", one.source, other.source)
    elif one.source != other.source:
        yield Change("list", "unchanged, stands elsewhere", one.source, other.source)
    if one.exceptions != other.exceptions:
        was, now = (", ".join(f"{date}" for date in part.exceptions.values()) or "none" for part in (one, other))
        yield Change("list", f"exceptions {was} became {now}")


def _order(old: CriteriaVersion, new: CriteriaVersion) -> Iterator[Change]:
    """The order of categories decides which is the innermost."""
    kept = [[name for name in one.categories if name in other.categories] for one, other in ((old, new), (new, old))]
    if kept[0] != kept[1]:
        yield Change("categories", f"in the order {', '.join(kept[0])} became in the order {', '.join(kept[1])}")


def _doubts(old: CriteriaVersion, new: CriteriaVersion) -> Iterator[Change]:
    """Return facts whose certainty changed, where both versions have the fact; citations and dates are not meant."""
    was, now = _statuses(old), _statuses(new)
    both = normative(old.model_dump(exclude_none=True)), normative(new.model_dump(exclude_none=True))
    for point in _names(was, now):
        status = was.get(point, "stated"), now.get(point, "stated")
        fact = not point.startswith("version") and not point.endswith(".source")
        if status[0] != status[1] and fact and all(_has(tree, point) for tree in both):
            yield Change(point, f"is {status[0]} became is {status[1]}")


def _statuses(version: CriteriaVersion) -> dict[str, str]:
    return {point: doubt.status for doubt in version.doubts for point in doubt.about}


def _has(tree: Any, point: str) -> bool:
    for key in point.split("."):
        if not isinstance(tree, dict) or key not in tree:
            return False
        tree = tree[key]
    return True
