"""The words and signs of the human views: short names of criteria, verbs, units,
statutory names.
"""

from __future__ import annotations

from collections.abc import Sequence

from udsat import __version__
from udsat.law.schema import CriteriaVersion
from udsat.messages import display, language
from udsat.messages.language import _, counted, figure, whole

NAMES = {
    "labour_market": "labour market",
    "crime": "crime",
    "education": "education",
    "income": "income",
    "origin": "origin",
}
VERBS = {"exceeds": "exceeds", "at_least": "is at least", "below": "is below"}
COMPARATORS = {"exceeds": ">", "at_least": "≥", "below": "<"}
#: Neutral on purpose: a met criterion is no success and no failure. (Rich measures these signs
#: fast, too.)
SIGNS = {"met": "●", "not_met": "○", "unknown": "?"}
LEGEND = "● met   ○ not met   ? cannot be decided"
STYLES = {"met": "bold", "not_met": "", "unknown": "yellow"}
#: The outcomes in words; `unknown` is what machines read where people read that it cannot be
#: decided.
OUTCOMES = {"met": "met", "not_met": "not met", "unknown": "unknown"}
MEMBERS = {"yes": "yes", "no": "no", "unknown": "unknown"}
STATUSES = {
    "proxy": "proxy", "assumed": "assumed", "unconfirmed": "unconfirmed", "inferred": "inferred",
    "practice": "practice", "stated": "stated",
}  # fmt: skip
UNITS = {"percent": "%", "per_1000": "per 1,000", "per_10000": "per 10,000"}
NOT_OFFICIAL = "Computed by udsat {version}, not the official list."


def place(area: str, municipality: str | None = None, between: str = ", ") -> str:
    r"""Return an area with its municipality as a piece of one line: nothing in a name breaks or
    turns it.

    >>> place("Vollsmose", "Odense"), place("A 2019 ● met\nB", None)
    ('Vollsmose, Odense', 'A 2019 ● met\\nB')
    """
    return between.join(display.line(name) for name in (area, municipality) if name)


def criterion(name: str) -> str:
    """Return a criterion's name in words."""
    plain = name.removeprefix("prevention_")
    words = _(NAMES[plain]) if plain in NAMES else plain.replace("_", " ")
    return _("prevention {criterion}", criterion=words) if plain != name else words


def line(version: CriteriaVersion, name: str) -> str:
    """Return the line of a criterion in words, such as `> 40 %` or `≥ 3 × national`."""
    block = version.criteria[name]
    sign = COMPARATORS[block.comparator]
    if block.reference == "national":
        return _("{line} × national", line=f"{sign} {figure(str(block.threshold))}")
    if block.reference == "region":
        return _("{line} % of region", line=f"{sign} {figure(str(block.threshold))}")
    return f"{sign} {figure(str(block.threshold))} {_(UNITS[block.unit])}"


def outcome(name: str) -> str:
    """Return an outcome in words.

    >>> outcome("not_met")
    'not met'
    """
    return _(OUTCOMES[name])


def percent(number: str) -> str:
    """Return a share with its unit.

    >>> percent("41.5")
    '41.5 %'
    """
    return _("{number} %", number=number)


def legend() -> str:
    """Return what the signs of outcomes mean."""
    return _(LEGEND)


def not_official() -> str:
    """Return the sentence that says who computed."""
    return _(NOT_OFFICIAL, version=__version__)


def status(name: str) -> str:
    """Return the status of a fact of the law in words, or several of them; its word is also the
    value that machines read.
    """
    return ", ".join(_(STATUSES[one]) if one in STATUSES else one for one in name.split(", "))


def member(name: str) -> str:
    """Return whether an area is in a category, in words."""
    return _(MEMBERS[name]) if name in MEMBERS else name


def category(version: CriteriaVersion, name: str) -> str:
    """Return a category's statutory name in Danish."""
    return version.categories[name].label.da if name in version.categories else name


def at_most(version: CriteriaVersion, name: str) -> str:
    """Return the category that is not ruled out."""
    return _("at most {category}", category=category(version, name))


def state(version: CriteriaVersion, sure: str, most: str) -> str:
    """Return the category of an area, and the one that is not ruled out where that is another."""
    name = {"none": _("none"), "unknown": _("not decided")}.get(sure) or category(version, sure)
    return name if sure == most else f"{name}, {at_most(version, most)}"


def listing(names: Sequence[str], last: str = "and") -> str:
    """Return names with commas between them, and a word before the last.

    >>> listing(["a"]), listing(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {_(last)} {names[-1]}"


def all_of(names: Sequence[str]) -> str:
    """Return names with a word between each two of them."""
    return f" {_('and')} ".join(names)


def both(english: str, danish: str, between: str) -> str:
    """Return what the law says in English and Danish; for a Danish reader the Danish alone."""
    return danish if language.danish() else between.join(filter(None, (english, danish)))


def residents(count: int | None, least: int) -> str:
    """Return how many residents there are, and how many are needed.

    >>> residents(1234, 1000)
    '1,234 residents, 1,000 needed'
    """
    if count is None:
        return _("residents not known, {least} needed", least=whole(least))
    return _("{residents} residents, {least} needed", residents=whole(count), least=whole(least))


def years(count: str) -> str:
    """Return a number of years, or a span of it, in words.

    >>> years("1"), years("0-3")
    ('1 year in a row', '0-3 years in a row')
    """
    return (
        _("{count} year in a row", count=count)
        if count == "1"
        else _("{count} years in a row", count=count)
    )


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun.

    >>> plural(1, "area"), plural(3, "area")
    ('1 area', '3 areas')
    """
    return counted(count, f"{{count}} {one}", f"{{count}} {many or one + 's'}")
