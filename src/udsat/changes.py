"""The library's entry point for questions about several lists: what changed, how it went, and
whether it agrees with the published ones.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from udsat import api, engine
from udsat.analysis import history as courses
from udsat.analysis import overview as overviews
from udsat.analysis.audit import audit as audits
from udsat.analysis.audit.audit import Audit
from udsat.analysis.audit.trials import Bench
from udsat.analysis.changes import diff as differences
from udsat.analysis.changes import published as by_name
from udsat.analysis.changes.diff import Diff
from udsat.analysis.changes.published import Listed
from udsat.analysis.history import History
from udsat.analysis.overview import Overview
from udsat.analysis.records import kept
from udsat.analysis.run import Side
from udsat.analysis.watch import Nearness
from udsat.api import Ready, Scored
from udsat.evidence import borders as border_tables
from udsat.evidence import published_lists
from udsat.evidence import references as figures
from udsat.law import loader
from udsat.law.loader import Law
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text, joined
from udsat.names.areas import Area
from udsat.names.resolver import Resolver
from udsat.names.search import find_all
from udsat.scoring.score import Options
from udsat.tables.headings import NUMBERS
from udsat.tables.readers.paths import Paths

#: What of a list picks it: its year or its date.
When = int | str | dt.date
#: Of the areas in which only values moved, an overview tells of so many.
_MOST_MOVED = 100


def diff(
    old: Any,
    new: Any = None,
    *,
    start: When | None = None,
    to: When | None = None,
    borders: Paths = (),
    category: str | None = None,
    most_moved: int | None = None,
    **options: Any,
) -> Diff:
    """Return what changed from one table to another, or from one list to another, with the cause of
    every change.

    Args:
        old: a file or a data frame.
        new: the newer one; where it is left out, `start` and `to` are two lists of `old`.
        start: the list to start from, by its year or date.
        to: the list to go to.
        borders: files with changes of borders, beside the shipped ones.
        category: ask about places in this category alone.
        most_moved: tell of at most so many areas in which only values moved.
        options: how tables are read and scored, as `evaluate` takes them; but for `list_year`.

    Raises:
        UsageError: where the tables do not fit each other or the lists asked for.
        TableError, InvalidTable: as `score` does.
    """
    return compare(old, new, start, to, borders, category, most_moved, **options).diff


@dataclass(frozen=True)
class ComparedTables:
    """What changed, with the runs that it was found from."""

    diff: Diff
    scored: tuple[Scored, ...]


def compare(
    old: Any,
    new: Any,
    start: When | None,
    to: When | None,
    borders: Paths,
    category: str | None,
    most_moved: int | None,
    **options: Any,
) -> ComparedTables:
    """Return what changed, with the runs behind it."""
    if new is None and (start is None or to is None):
        raise UsageError(
            Problem(
                "UD622",
                Text("there is one table and not two lists to compare"),
                Text("give two tables, or one with --from and --to"),
            )
        )
    _not_the_same(old, new)
    connection = engine.connect()
    first = api.prepare(_data(old), connection=connection, borders=borders, **options)
    second = (
        first
        if new is None
        else api.prepare(_data(new), connection=connection, borders=borders, **options)
    )
    _same_columns(first, second)
    by_year = first.checked.table.key == "year"
    one = first.scored(_year(start) if by_year else None)
    two = one if new is None and not by_year else second.scored(_year(to) if by_year else None)
    dates = _lists(one, two, start, to)
    known = border_tables.borders(_paths(borders), first.law)
    if category is not None:
        _known(category, two, dates)
    left = _side(one)
    right = left if two is one else _side(two)
    return ComparedTables(
        differences.diff(left, right, dates, known, category, most_moved),
        (one,) if new is None else (one, two),
    )


def listed(
    start: When | None,
    to: When | None,
    *,
    history: Paths = (),
    names: Paths = (),
    borders: Paths = (),
    category: str | None = None,
) -> Listed:
    """Return who entered and left the published lists from one date to another."""
    law = loader.shipped()
    changed = border_tables.borders(_paths(borders), law)
    published = published_lists.with_history(
        _paths(history), law, _paths(names), changed.new_names()
    )
    if start is None or to is None:
        raise UsageError(
            Problem(
                "UD622",
                Text("it is not said which lists to compare"),
                Text("say --from and --to, each a year or a date"),
            )
        )
    dates = _published_date(start, law), _published_date(to, law)
    if dates[0] >= dates[1]:
        raise UsageError(
            Problem(
                "UD622",
                Text(
                    "the list of {dates} does not come after that of {dates2}",
                    dates=dates[1],
                    dates2=dates[0],
                ),
                Text("name the older list first"),
            )
        )
    return by_name.listed(dates, published, law, changed, category)


def _published_date(when: When, law: Law) -> dt.date:
    date = law.list_date(int(str(when))) if str(when).isdecimal() else _date(when)
    if date is None:
        raise UsageError(
            Problem(
                "UD622",
                Text("there was no list in {when}", when=when),
                Text("the first list is that of {first_list}", first_list=law.first_list()),
            )
        )
    return date


def history(
    table: Any, *, areas: Sequence[str] = (), list_year: int | None = None, **options: Any
) -> History:
    """Return how the areas of a table went from list to list, by its verdicts.

    Args:
        table: files or a data frame, with several lists.
        areas: only the areas of these names.
        list_year: the list to form from a table of calendar years.
        options: how the table is read and scored, as `evaluate` takes them.

    Raises:
        UsageError: for a name that no area has; TableError and InvalidTable as `score` does.
    """
    return through(
        api.evaluate(
            [table] if isinstance(table, (str, os.PathLike)) else table,
            list_year=list_year,
            **options,
        ),
        areas,
    )


def through(scored: Scored, areas: Sequence[str]) -> History:
    """Return the history of the areas in a run."""
    frame = scored.verdicts.areas(bare=True)
    columns = frame.collect_schema().names()
    rows = sorted(
        (dict(zip(columns, row, strict=True)) for row in engine.fetch(frame)),
        key=lambda row: row["row"],
    )
    here = list(
        dict.fromkeys(
            line.area for line in courses.computed(rows, scored.verdicts.case, scored.law).lines
        )
    )
    return courses.computed(
        rows, scored.verdicts.case, scored.law, _named(areas, here, scored.lists.names)
    )


def _named(typed: Sequence[str], known: Sequence[Area], names: Resolver) -> list[Area]:
    """Return the areas, of those known, that typed names mean; all of them for no names."""
    return (
        list(dict.fromkeys(area for name in typed for area in find_all(name, known, names)))
        if typed
        else list(known)
    )


def published(areas: Sequence[str] = (), *, history: Paths = (), names: Paths = ()) -> History:
    """Return how listed areas went through the published lists that are known by name; all of them
    for no names.
    """
    law = loader.shipped()
    known = published_lists.with_history(_paths(history), law, _paths(names))
    return courses.published(_named(areas, known.areas(), known.names), known, law)


def _paths(files: Paths) -> list[str]:
    return [os.fspath(path) for path in files]


def _data(table: Any) -> Any:
    return [table] if isinstance(table, (str, os.PathLike)) else table


def _side(scored: Scored) -> Side:
    given = scored.verdicts.given
    options = Options(scored.options["basis"], None, given.assume_min_residents)
    name = ", ".join(source.name for source in scored.checked.sources)
    return Side(
        scored.verdicts,
        scored.law,
        scored.references,
        scored.lists,
        options,
        scored.connection,
        name,
    )


def _not_the_same(old: Any, new: Any) -> None:
    """Raise `UsageError` where one file is given twice: nothing could differ."""
    if old is new and isinstance(old, str) and old == "-":
        raise UsageError(
            Problem(
                "UD623",
                Text("standard input can be read only once"),
                Text("give one of the tables as a file"),
            )
        )
    paths = [os.fspath(table) for table in (old, new) if isinstance(table, (str, os.PathLike))]
    if len(paths) == 2 and all(map(os.path.exists, paths)) and os.path.samefile(*paths):
        hint = Text("to compare two of its lists, give it once, with --from and --to")
        raise UsageError(
            Problem("UD623", Text("both tables are the file '{paths}'", paths=paths[0]), hint)
        )


def _same_columns(one: Ready, two: Ready) -> None:
    """Raise `UsageError` where the tables differ in their measures, units or keys."""
    if one is two:
        return
    left, right = _columns(one), _columns(two)
    if left != right:
        hint = Text("give both tables the same columns of figures in the same units")
        first, second = _name(one), _name(two)
        own, other = (", ".join(sorted(more)) for more in (left - right, right - left))
        if own and other:
            raise UsageError(
                Problem(
                    "UD624",
                    Text(
                        "the tables differ: only {first} has {own}, and only {second} has {other}",
                        first=first,
                        own=own,
                        second=second,
                        other=other,
                    ),
                    hint,
                )
            )
        name, more = (first, own) if own else (second, other)
        raise UsageError(
            Problem(
                "UD624",
                Text("the tables differ: only {name} has {more}", name=name, more=more),
                hint,
            )
        )


def _columns(ready: Ready) -> set[str]:
    """Return the known columns of a table that a verdict or a pairing of rows rests on."""
    kinds = {*NUMBERS, "municipality", "year"}
    return {column for part in ready.checked.parts for column in part.columns if column in kinds}


def _name(ready: Ready) -> str:
    return ", ".join(source.name for source in ready.checked.sources)


def _year(when: When | None) -> int | None:
    text = str(when) if when is not None else ""
    if when is None or re.fullmatch("[0-9]{1,4}", text):
        return None if when is None else int(text)
    return _date(when).year


def _date(when: When) -> dt.date:
    try:
        return when if isinstance(when, dt.date) else dt.date.fromisoformat(str(when))
    except ValueError:
        raise UsageError(
            Problem(
                "UD622",
                Text("'{when}' is no list", when=when),
                Text("give a year, such as 2019, or a date, such as 2019-12-01"),
            )
        ) from None


def _lists(
    one: Scored, two: Scored, start: When | None, to: When | None
) -> tuple[dt.date, dt.date] | None:
    """Return the two lists to compare, or None where each list of one table is compared with the
    same of the other.
    """
    left, right = tuple(one.verdicts.case.versions), tuple(two.verdicts.case.versions)
    if start is not None and to is not None:
        dates = _list(start, one), _list(to, two)
    elif start is not None or to is not None:
        raise UsageError(
            Problem("UD622", Text("--from and --to belong together"), Text("give both, or none"))
        )
    elif len(left) == len(right) == 1 and left != right:
        dates = left[0], right[0]
    elif set(left) == set(right):
        return None
    else:
        hint = Text("say which lists to compare with --from and --to")
        message = Text(
            "the tables have different lists: {words}, and {words2}",
            words=_words(left),
            words2=_words(right),
        )
        raise UsageError(Problem("UD622", message, hint))
    if dates[0] > dates[1] or (dates[0] == dates[1] and one is two):
        raise UsageError(
            Problem(
                "UD622",
                Text(
                    "the list of {dates} does not come after that of {dates2}",
                    dates=dates[1],
                    dates2=dates[0],
                ),
                Text("name the older list first"),
            )
        )
    if dates[0] < dates[1]:
        return dates
    if len(left) == len(right) == 1:
        return None
    raise UsageError(
        Problem(
            "UD622",
            Text("both lists are that of {dates}", dates=dates[0]),
            Text("leave out --from and --to to compare list by list"),
        )
    )


def _list(when: When, scored: Scored) -> dt.date:
    dates = list(scored.verdicts.case.versions)
    year = _year(when)
    found = (
        [date for date in dates if date.year == year]
        if str(when).isdecimal()
        else [date for date in dates if date == _date(when)]
    )
    if not found:
        name = ", ".join(source.name for source in scored.checked.sources)
        raise UsageError(
            Problem(
                "UD622",
                Text("there is no list of {when} in {name}", when=when, name=name),
                Text("it holds {words}", words=_words(dates)),
            )
        )
    return max(found)


def _words(dates: Sequence[dt.date]) -> Text:
    shown = sorted(dates)
    if len(shown) < 5:
        return joined(shown)
    return Text(
        "{first} to {last} ({count} lists)", first=shown[0], last=shown[-1], count=len(shown)
    )


def _known(category: str, scored: Scored, dates: tuple[dt.date, dt.date] | None) -> None:
    """Raise `UsageError` where no version in use has a category."""
    versions = scored.verdicts.case.versions
    names = versions[dates[1]].categories if dates else scored.verdicts.case.categories()
    if category not in names:
        raise UsageError(
            Problem(
                "UD509",
                Text("there is no category '{category}' on the newer list", category=category),
                Text("there is {names}", names=", ".join(names)),
            )
        )


@dataclass(frozen=True)
class Audited:
    """An audit, with the run that it was made of."""

    audit: Audit
    scored: Scored


def audit(
    table: Any,
    *,
    official: Paths = (),
    borders: Paths = (),
    list_year: int | None = None,
    **options: Any,
) -> Audit:
    """Return how the verdicts on a table agree with the published lists, and what would make them
    agree.

    Args:
        table: files or a data frame.
        official: files with lists by name; where none is given, the shipped lists.
        borders: files with changes of borders, beside the shipped ones.
        list_year: the list to form from a table of calendar years.
        options: how the table is read and scored, as `evaluate` takes them.

    Raises:
        UsageError: where no list of the table is known by name; TableError and InvalidTable as
            `score` does.
    """
    return audited(table, official, borders, list_year, **options).audit


def audited(
    table: Any, official: Paths, borders: Paths, list_year: int | None, **options: Any
) -> Audited:
    """Return an audit with the run behind it."""
    ready = api.prepare(_data(table), borders=borders, **options)
    scored = ready.scored(list_year)
    changed = border_tables.borders(_paths(borders), ready.law)
    own = published_lists.with_history(
        _paths(official), ready.law, _paths(options.get("names") or ()), changed.new_names()
    )
    keys = [
        key for key, one in own.lists.items() if (key in own.given if official else one.regular)
    ]
    known = [key for key in keys if key[0] in scored.verdicts.case.versions]
    if not known:
        dates = _words(sorted({date for date, _ in keys}))
        hint = Text("the lists are those of {dates}; give others with --official", dates=dates)
        raise UsageError(
            Problem(
                "UD626",
                Text(
                    "no list of {versions} is known by name",
                    versions=_words(list(scored.verdicts.case.versions)),
                ),
                hint,
            )
        )
    others = (
        ((Text("the shipped references"), figures.references([], ready.law)),)
        if options.get("references")
        else ()
    )
    bench = Bench(
        _side(scored),
        lambda: ready.rounded().formed(list_year),
        changed,
        others,
    )
    return Audited(audits.audit(bench, own, known), scored)


def overview(
    scored: Scored,
    list: When | None = None,
    within: Nearness | None = None,
    include_origin: bool = False,
) -> Overview:
    """Return all that a page about one list tells (the latest by default), with what changed since
    the list before it.

    Raises `UsageError` where the table has no such list.
    """
    scored = replace(
        scored, verdicts=kept(scored.verdicts, scored.connection)
    )  # worked out once for all that is asked
    found = on_list(scored, list, within, include_origin)
    before = [date for date in scored.verdicts.case.versions if date < found.date]
    return (
        replace(found, diff=_between(scored, max(before), found.date, _MOST_MOVED))
        if before and found.areas
        else found
    )


def latest(scored: Scored) -> Diff:
    """Return what changed from the last list but one of a table to the last; it needs two."""
    start, end = sorted(scored.verdicts.case.versions)[-2:]
    return _between(scored, start, end)


def _between(scored: Scored, start: dt.date, end: dt.date, most_moved: int | None = None) -> Diff:
    side = _side(scored)
    return differences.diff(
        side, side, (start, end), border_tables.borders([], scored.law), most_moved=most_moved
    )


def on_list(
    scored: Scored,
    list: When | None = None,
    within: Nearness | None = None,
    include_origin: bool = False,
) -> Overview:
    """Return the overview of one list without what changed, which takes longest."""
    wanted = None if list is None else str(list)
    return overviews.overview(
        scored.verdicts,
        scored.checked.table,
        scored.law,
        scored.connection,
        wanted,
        within,
        include_origin,
    )
