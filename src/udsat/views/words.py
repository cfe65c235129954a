"""The words and signs of the human views: short names of criteria, verbs, units, statutory names."""

from __future__ import annotations

from udsat.law.model import CriteriaVersion

NAMES = {
    "labour_market": "labour market",
    "crime": "crime",
    "education": "education",
    "income": "income",
    "origin": "origin",
}
VERBS = {"exceeds": "exceeds", "at_least": "is at least", "below": "is below"}
COMPARATORS = {"exceeds": ">", "at_least": "≥", "below": "<"}
#: Neutral on purpose: a met criterion is no success and no failure. (Rich measures these signs fast, too.)
SIGNS = {"met": "●", "not_met": "○", "unknown": "?"}
LEGEND = "● met   ○ not met   ? cannot be decided"
STYLES = {"met": "bold", "not_met": "", "unknown": "yellow"}
UNITS = {"percent": "%", "per_1000": "per 1,000", "per_10000": "per 10,000"}
NOT_OFFICIAL = "Computed by udsat {version}, not the official list."


def criterion(name: str) -> str:
    """Return a criterion's name in words."""
    plain = name.removeprefix("prevention_")
    words = NAMES.get(plain, plain.replace("_", " "))
    return f"prevention {words}" if plain != name else words


def line(version: CriteriaVersion, name: str) -> str:
    """Return the line of a criterion in words, such as `> 40 %` or `≥ 3 × national`."""
    block = version.criteria[name]
    sign = COMPARATORS[block.comparator]
    if block.reference == "national":
        return f"{sign} {block.threshold} × national"
    if block.reference == "region":
        return f"{sign} {block.threshold} % of region"
    return f"{sign} {block.threshold} {UNITS[block.unit]}"


def category(version: CriteriaVersion, name: str) -> str:
    """Return a category's statutory name in Danish."""
    return version.categories[name].label.da if name in version.categories else name


def years(count: str) -> str:
    """Return a number of years, or a span of it, in words.

    >>> years("1"), years("0-3")
    ('1 year in a row', '0-3 years in a row')
    """
    return f"{count} {'year' if count == '1' else 'years'} in a row"


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun.

    >>> plural(1, "area"), plural(3, "area")
    ('1 area', '3 areas')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
