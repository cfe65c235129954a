"""Years in a row on the December lists: from published lists where they are known, else from the
table's own rows.

A run of years ends at its last break. So the years in a row are the year of the list minus the year
of the last break before it, certain or possible: a list that is known and does not name the area is
a break for both, a year of which nothing is known is a break only for the certain count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from udsat import engine
from udsat.evidence.published_lists import Lists
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion, YearsInRow
from udsat.names.areas import Match
from udsat.scoring.categories import YEARS_IN_ROW, YEARS_IN_ROW_POSSIBLE
from udsat.scoring.criteria import Case, pair
from udsat.scoring.three_valued import Expr, by_date, on_dates
from udsat.tables.area_table import AREA_KEY, DATE, ROW, TOWN_KEY, AreaTable

#: The municipality of a row as the table gives it, without gaps: what published lists are joined
#: by.
_TOWN = "municipality_given"
#: Its identifier, without gaps, where lists have identifiers too.
_ID = "area_id_given"
#: The codes of an area's own rows: a bit for each year certainly on the list, and for each
#: certainly not. On rows, the bits of earlier years that break a run: not certainly on the list,
#: and certainly not on it.
_ON, _OFF = "own_years_on", "own_years_off"
_BELOW, _ASKS = "bits_below", "may_be_on_its_list"
#: So many bits a whole number of the engines has without its sign and a bit above all years; wider
#: ones cost time and memory.
_BITS = 62
_GROUP = "group_of_list"
_LISTED, _LISTED_POSSIBLE = "published_break", "published_break_possible"
#: What the list of a year says of an area, where lists do not decide for every row: not on it, on
#: it, not known.
_OFF_LIST, _ON_LIST, _NOT_KNOWN = 0, 1, 2
#: How lists are known that follow from others: what rests on them is inferred.
_DERIVED = frozenset({"derived", "derived_partial"})
#: The last year before a row's list that breaks a run: the certain count takes the first, the
#: possible one the second.
BREAK, BREAK_POSSIBLE = "last_break", "last_break_possible"


@dataclass(frozen=True, slots=True)
class Steps:
    """Which earlier lists a list looks back on, and what is known of each."""

    #: The first year that counts.
    first: int
    #: Earlier years with a published list, oldest first.
    published: tuple[int, ...]
    #: Earlier years that the table itself has rows for.
    own: tuple[int, ...]
    #: Earlier years of which nothing is known.
    unknown: tuple[int, ...]
    #: Those of the published years whose list was derived from what was published of its changes.
    derived: tuple[int, ...] = ()
    #: Years whose list is known in part: among the own or unknown years, but for the areas that the
    #: list decides.
    partial: tuple[int, ...] = ()
    #: Published years that the table has rows for too: these count where a row's municipality is
    #: not known.
    behind: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Streaks:
    """What the years in a row of a run rest on."""

    steps: dict[dt.date, Steps]
    #: Areas whose name is near a listed one: (area, municipality) and the listed name.
    near: tuple[tuple[str, str | None, str], ...] = ()
    #: The last break on published lists, for each area and list that may be on one.
    published: nw.LazyFrame[Any] | None = None
    #: Municipalities of the table that are none: no published list says anything of their areas.
    unknown_towns: tuple[str, ...] = ()
    #: What published lists are joined by beside the name and the list.
    more_keys: tuple[str, ...] = ()

    @property
    def partial(self) -> tuple[int, ...]:
        """Years whose list is known in part and may decide for an area of the table."""
        return (
            ()
            if self.published is None
            else tuple(sorted({year for one in self.steps.values() for year in one.partial}))
        )

    @property
    def looks_up(self) -> bool:
        """Whether the last break of a row depends on more than its date."""
        return any(one.published for one in self.steps.values()) or bool(_own_years(self.steps))

    def by_runs(self, case: Case) -> bool:
        """Whether the rows above a row tell all that it looks back on, where each area's rows stand
        together by date.
        """
        plain = self.published is None and not self.unknown_towns and not case.stand_ins
        return plain and 0 < 2 * len(_own_years(self.steps)) <= _BITS


def is_step(date: dt.date, version: CriteriaVersion) -> bool:
    """Whether the list of a date counts as a year."""
    block = version.years_in_row
    return block is not None and date >= block.first and date == version.publication.date(date.year)


def earlier(dates: Iterable[dt.date], law: Law) -> tuple[dt.date, ...]:
    """Return every list that lists of these dates look back on."""
    found = set()
    for date in dates:
        version = law.on(date)
        if version and version.years_in_row and is_step(date, version):
            found |= {
                law.list_date(year) for year in range(version.years_in_row.first.year, date.year)
            }
    return tuple(sorted(date for date in found if date))


def is_published(date: dt.date, asked: dt.date, law: Law, lists: Lists) -> bool:
    """Whether the published list of an earlier date says of every area what a list that looks back
    needs to know.
    """
    version = law.on(asked)
    block = version.years_in_row if version else None
    return block is not None and _published(date, block, law, lists) is not None


def look_back(
    frame: nw.LazyFrame[Any],
    case: Case,
    law: Law,
    lists: Lists | None,
    table: AreaTable,
    connection: engine.Connection,
) -> tuple[nw.LazyFrame[Any], Streaks]:
    """Return the frame with the municipality that lists are joined by, and what published lists say
    of earlier years.

    `lists` are the published lists that may be used; None counts on the table's own rows alone.
    """
    steps = {
        date: _steps(date, version, case, law, lists)
        for date, version in case.versions.items()
        if is_step(case.day(date), version)
    }
    if not steps:
        return frame, Streaks({})
    frame = frame.with_columns(
        (nw.col("municipality").fill_null("") if table.municipality else nw.lit("")).alias(_TOWN)
    )
    if lists and lists.names.has_ids:
        frame = frame.with_columns(
            (nw.col("area_id").fill_null("") if table.area_id else nw.lit("")).alias(_ID)
        )
    return frame, _published_breaks(frame, steps, case, law, lists, table, connection)


def with_breaks(
    frame: nw.LazyFrame[Any],
    streaks: Streaks,
    case: Case,
    keys: tuple[str, ...] = (),
    *,
    only_asking: bool = False,
    in_order: bool = False,
) -> nw.LazyFrame[Any]:
    """Join, to judged rows, the last year before theirs that breaks a run, as `BREAK` and
    `BREAK_POSSIBLE`.

    Rows that differ in `keys` do not look back on each other. With `only_asking` rows that are
    certainly not on their own list are left out: they have no years in a row, whatever came before.
    With `in_order` rows of the embedded engine look at those above them instead: each area's have
    to stand together by date, and `by_runs` must hold.
    """
    if not streaks.steps:
        return frame
    breaks = {
        BREAK: _last_break(streaks, False).cast(nw.Int32),
        BREAK_POSSIBLE: _last_break(streaks, True).cast(nw.Int32),
    }
    if in_order:
        frame = _with_own_above(frame, streaks, case)
        return frame.with_columns(*(_if_asking(last).alias(name) for name, last in breaks.items()))
    asking = frame.filter(_may_ask(streaks.steps, case) == 1) if only_asking else frame
    if streaks.published is not None:
        asking = asking.join(
            streaks.published, on=["area", _TOWN, DATE, *streaks.more_keys], how="left"
        )
    if states := _list_states(streaks):
        asking = asking.with_columns(*states)
    frame = _with_own(asking, frame, streaks, case, keys)
    return frame.with_columns(*(last.alias(name) for name, last in breaks.items()))


def with_years(frame: nw.LazyFrame[Any], streaks: Streaks, case: Case) -> nw.LazyFrame[Any]:
    """Return a judged frame with `years_in_row` and `years_in_row_possible`, null on dates that are
    no December list.
    """
    if not streaks.steps:
        null = nw.lit(None, dtype=nw.Int32)
        return frame.with_columns(null.alias(YEARS_IN_ROW), null.alias(YEARS_IN_ROW_POSSIBLE))
    columns = [
        _years(streaks.steps, case, possible).alias(name)
        for name, possible in ((YEARS_IN_ROW, False), (YEARS_IN_ROW_POSSIBLE, True))
    ]
    return frame.with_columns(*columns)


def _block(version: CriteriaVersion) -> YearsInRow:
    """Return what a version counts as years; asked only of versions that count them."""
    if version.years_in_row is None:
        raise TypeError(version.id)
    return version.years_in_row


def _steps(
    date: dt.date, version: CriteriaVersion, case: Case, law: Law, lists: Lists | None
) -> Steps:
    block, earlier_lists = _block(version), case.behind(case.group(date))
    years: dict[str, list[int]] = {
        name: [] for name in ("published", "own", "unknown", "derived", "partial", "behind")
    }
    for year in range(block.first.year, case.day(date).year):
        list_date = law.list_date(year)
        category = _counted(list_date, block, law) if list_date else None
        one = lists.regular(list_date, category) if lists and list_date and category else None
        derived = one is not None and one.status in _DERIVED
        rows = list_date in earlier_lists and is_step(
            list_date, case.versions[earlier_lists[list_date]]
        )
        if one is not None and one.complete:
            found = {"published": True, "derived": derived, "behind": rows}
        else:
            found = {
                "partial": one is not None,
                "derived": derived,
                "own": rows,
                "unknown": not rows,
            }
        for name in (name for name, holds in found.items() if holds):
            years[name].append(year)
    return Steps(block.first.year, **{name: tuple(some) for name, some in years.items()})


def _published(date: dt.date, block: YearsInRow, law: Law, lists: Lists) -> str | None:
    """Return the category whose published list of a date counts as a step, if that list is known in
    full.
    """
    category = _counted(date, block, law)
    return category if category and lists.complete(date, category) else None


def _counted(date: dt.date, block: YearsInRow, law: Law) -> str | None:
    """Return the category whose list of a date counts as a step."""
    in_force = law.in_force(date)
    if in_force is None:
        return None
    own = (
        in_force.years_in_row
    )  # a chosen version may be older than a list, and then does not name its category
    return block.category_in(in_force.id) or (own.of if own else None)


def _published_breaks(
    frame: nw.LazyFrame[Any],
    steps: dict[dt.date, Steps],
    case: Case,
    law: Law,
    lists: Lists | None,
    table: AreaTable,
    connection: engine.Connection,
) -> Streaks:
    """Return the last break on the published lists for the areas that may be on them, and what
    partial lists say of each.
    """
    if lists is None or not any(one.published or one.partial for one in steps.values()):
        return Streaks(steps)
    keys = _names_in_listed_places(frame, lists, table.municipality, connection)
    more = (_ID,) if lists.names.has_ids else ()
    rows, near = [], {}
    partial = sorted({year for one in steps.values() for year in one.partial})
    for (area, town, *ids), date in ((key, date) for key in keys for date in steps):
        match = lists.names.find(area, town, case.day(date), ids[0] or None if ids else None)
        if match is None:
            continue
        if not match.proven:
            near[area, town] = " or ".join(one.name for one in match.areas)
        one, block = steps[date], _block(case.versions[date])
        states = {
            year: _state(match, year, block, law, lists) for year in (*one.published, *one.partial)
        }
        certain = max(
            (year for year in one.published if states[year] != _ON_LIST), default=one.first - 1
        )
        possible = max(
            (year for year in one.published if states[year] == _OFF_LIST), default=one.first - 1
        )
        rows.append(
            (
                area,
                town or "",
                date,
                *ids,
                certain,
                possible,
                *(states.get(year, _NOT_KNOWN) for year in partial),
            )
        )
    found = tuple((*key, names) for key, names in near.items())
    unknown = table.unknown_towns
    types = {"area": "VARCHAR", _TOWN: "VARCHAR", DATE: "DATE"} | dict.fromkeys(more, "VARCHAR")
    types |= {_LISTED: "INTEGER", _LISTED_POSSIBLE: "INTEGER"}
    types |= {_state_name(year): "INTEGER" for year in partial}
    if not rows:
        return Streaks(steps, found, None, unknown, more)
    columns = dict(zip(types, map(list, zip(*rows, strict=True)), strict=True))
    return Streaks(
        steps, found, nw.from_native(engine.table(connection, columns, types)), unknown, more
    )


def _state(match: Match, year: int, block: YearsInRow, law: Law, lists: Lists) -> int:
    """Return what the list of a year says of an area: on it only where the name is proven, not on
    it only for all it may be.
    """
    date = law.list_date(year)
    category = _counted(date, block, law) if date else None
    if date is None or category is None:
        return _NOT_KNOWN
    states = {lists.has((date, category), area) for area in match.areas}
    if states == {False}:
        return _OFF_LIST
    return _ON_LIST if match.proven and states == {True} else _NOT_KNOWN


def _names_in_listed_places(
    frame: nw.LazyFrame[Any], lists: Lists, municipality: bool, connection: engine.Connection
) -> list[tuple[Any, ...]]:
    """Return the names of the table's areas in the municipalities that listed areas lie in: name,
    municipality, identifier.

    Identifiers are there only where lists have some; then names are asked for everywhere.
    """
    names = lists.names
    more = (_ID,) if names.has_ids else ()

    def once(rows: nw.LazyFrame[Any], *columns: str) -> list[tuple[Any, ...]]:
        return [
            tuple(found)
            for *found, _ in engine.rows(
                connection, rows.group_by(*columns).agg(nw.col(ROW).min()).to_native()
            )
        ]

    if not municipality:
        return sorted((area, None, *ids) for area, *ids in once(frame, "area", *more))
    if more:
        found = once(frame, "area", "municipality", *more)
        known = (
            key
            for key in found
            if key[1] is None or names.municipality(key[1]) is not None or names.by_id(key[2])
        )
        return sorted(known, key=str)
    towns = [
        town
        for (town,) in once(frame, "municipality")
        if town is None or (names.municipality(town) is not None and names.has(town))
    ]
    named = nw.col("municipality").is_in([town for town in towns if town])
    wanted = (named | nw.col("municipality").is_null()) if None in towns else named
    return sorted(once(frame.filter(wanted), "area", "municipality"), key=str) if towns else []


def _state_name(year: int) -> str:
    return f"list_of_{year}"


def _list_states(streaks: Streaks) -> list[Expr]:
    """Return, for each year whose list is known in part, what it says of a row's area."""
    return [
        nw.col(_state_name(year)).fill_null(_NOT_KNOWN).alias(_state_name(year))
        for year in streaks.partial
    ]


def _no_such_town(streaks: Streaks) -> Expr:
    """Whether a row's municipality is none, so that no published list says anything of its area."""
    return nw.col(_TOWN).is_in(list(streaks.unknown_towns))


def _own_years(steps: Mapping[dt.date, Steps]) -> tuple[int, ...]:
    """Return the years that the table's own rows tell of, oldest first; each has a bit in the codes
    of an area.
    """
    return tuple(sorted({year for one in steps.values() for year in one.own}))


def _row_years(streaks: Streaks) -> tuple[int, ...]:
    """Return the years of which the codes of an area have a bit: own years, and published ones
    where a municipality is none.
    """
    behind = (
        {year for one in streaks.steps.values() for year in one.behind}
        if streaks.unknown_towns
        else set()
    )
    return tuple(sorted({*_own_years(streaks.steps), *behind}))


@dataclass(frozen=True, slots=True)
class _Own:
    """The table's own rows that count as years: the years, and for each list its year's bit and its
    category.
    """

    years: tuple[int, ...]
    weights: dict[dt.date, int]
    of: dict[dt.date, str]


def _own(streaks: Streaks, case: Case) -> _Own:
    years = _row_years(streaks)
    behind = [case.behind(group).items() for group in {case.group(date) for date in streaks.steps}]
    counted = {
        date: day
        for days in behind
        for day, date in days
        if day.year in years and is_step(day, case.versions[date])
    }
    weights = {date: 2 ** years.index(day.year) for date, day in counted.items()}
    return _Own(years, weights, {date: _block(case.versions[date]).of for date in weights})


def _with_own(
    asking: nw.LazyFrame[Any],
    frame: nw.LazyFrame[Any],
    streaks: Streaks,
    case: Case,
    keys: tuple[str, ...],
) -> nw.LazyFrame[Any]:
    """Join, to rows that ask, two codes of their area's rows on earlier lists: a bit for each year
    on it, and one for each not.
    """
    own = _own(streaks, case)
    if not own.years:
        return asking
    wide = _wide(own.years)
    if case.stand_ins:
        groups = by_date(
            {date: case.group(date) for date in case.versions},
            lambda group: nw.lit(group, dtype=nw.Int32),
        )
        frame, asking = (rows.with_columns(groups.alias(_GROUP)) for rows in (frame, asking))
        keys = (*keys, _GROUP)
    keyed = [AREA_KEY, TOWN_KEY, *keys]
    rows = frame.filter(on_dates(own.weights, case.versions)).select(
        *keyed,
        by_date(own.weights, lambda weight: nw.lit(weight, dtype=wide)).alias("weight"),
        by_date(own.of, lambda name: pair(name).certain).alias(_ON),
        by_date(own.of, lambda name: 1 - pair(name).possible).alias(_OFF),
    )
    codes = [(nw.col(name) * nw.col("weight")).alias(name) for name in (_ON, _OFF)]
    sums = rows.select(*keyed, *codes).group_by(*keyed).agg(nw.col(_ON).sum(), nw.col(_OFF).sum())
    sums = sums.with_columns(nw.col(_ON).cast(wide), nw.col(_OFF).cast(wide))
    joined = asking.join(sums, on=keyed, how="left")
    # Named in steps of their own: the chains that read them would write them out at every link.
    joined = joined.with_columns(
        nw.col(_ON).fill_null(0),
        nw.col(_OFF).fill_null(0),
        _below(streaks.steps, case, own).alias(_BELOW),
    )
    joined = joined.with_columns(*_breaking())
    decided = _without_decided(streaks, own)
    return joined.with_columns(*decided) if decided else joined


def _with_own_above(frame: nw.LazyFrame[Any], streaks: Streaks, case: Case) -> nw.LazyFrame[Any]:
    """Give rows of the embedded engine the same two codes, from the rows above them: one number
    holds both until then.
    """
    own, steps = _own(streaks, case), streaks.steps
    apart = 2 ** len(own.years)
    weights = {date: own.weights.get(date, 0) for date in case.versions}
    of = {date: own.of.get(date, "") for date in case.versions}

    def state(name: str) -> Expr:
        return (
            pair(name).certain + (1 - pair(name).possible) * nw.lit(apart, dtype=nw.Int64)
            if name
            else nw.lit(0)
        )

    code = by_date(of, state) * by_date(weights, lambda weight: nw.lit(weight, dtype=nw.Int64))
    native = frame.with_columns(code.alias(_ON), _may_ask(steps, case).alias(_ASKS)).to_native()
    above = nw.from_native(engine.bits_above(native, [AREA_KEY, TOWN_KEY], _ON))
    halves = (nw.col(_ON) % apart).alias(_ON), (nw.col(_ON) // apart).alias(_OFF)
    for columns in ((*halves, _below(steps, case, own).alias(_BELOW)), _breaking()):
        above = above.with_columns(*map(_if_asking, columns))
    return above


def _wide(years: Sequence[int]) -> type[nw.Int64 | nw.Int128]:
    """Return the type of whole numbers with a bit for each year, and one above."""
    return nw.Int64 if len(years) <= _BITS else nw.Int128


def _if_asking(column: Expr) -> Expr:
    """Return a column of rows that are not certainly off their own list: most others are spared the
    work.
    """
    return nw.when(nw.col(_ASKS) == 1).then(column)


def _below(steps: Mapping[dt.date, Steps], case: Case, own: _Own) -> Expr:
    """Return the bit above those of all years before a row's list."""
    places = {date: sum(year < case.day(date).year for year in own.years) for date in steps}
    wide = _wide(own.years)
    return by_date(places, lambda place: nw.lit(2**place, dtype=wide))


def _breaking() -> tuple[Expr, Expr]:
    """Return the years on a list and off it as the earlier years that break a run."""
    on, off = (nw.col(name) % nw.col(_BELOW) for name in (_ON, _OFF))
    return (nw.col(_BELOW) - 1 - on).alias(_ON), off.alias(_OFF)


def _without_decided(streaks: Streaks, own: _Own) -> list[Expr]:
    """Return the two codes without the years that a list decides for a row: its own rows do not
    count then.
    """
    conditions = {
        year: nw.col(_state_name(year)) != _NOT_KNOWN
        for year in streaks.partial
        if year in own.years
    }
    if streaks.unknown_towns:
        behind = {year for one in streaks.steps.values() for year in one.behind}
        conditions |= {year: ~_no_such_town(streaks) for year in sorted(behind)}
    if not conditions:
        return []

    def cleared(name: str) -> Expr:
        code: Expr = nw.col(name)
        for year, decided in conditions.items():
            weight = 2 ** own.years.index(year)
            code = code - nw.when(decided).then(nw.col(name) // weight % 2 * weight).otherwise(0)
        return code.alias(name)

    return [cleared(_ON), cleared(_OFF)]


def _years(steps: Mapping[dt.date, Steps], case: Case, possible: bool) -> Expr:
    """Return the year of the list minus that of the last break, where the area is on its own list;
    0 where it is not.
    """
    year = (
        by_date({date: case.day(date).year for date in steps}, nw.lit)
        if case.stand_ins
        else nw.col(DATE).dt.year()
    )

    def build(name: str) -> Expr:
        if not name:
            return nw.lit(None, dtype=nw.Int32)
        years = (year - nw.col(BREAK_POSSIBLE if possible else BREAK)).cast(nw.Int32)
        on_it = pair(name).possible if possible else pair(name).certain
        return nw.when(on_it == 1).then(years).otherwise(nw.lit(0, dtype=nw.Int32))

    return by_date(_of(steps, case), build)


def _of(steps: Mapping[dt.date, Steps], case: Case) -> dict[dt.date, str]:
    """Return the category whose list counts as a year, for each list; empty for those that are
    none.
    """
    return {
        date: version.years_in_row.of if date in steps and version.years_in_row else ""
        for date, version in case.versions.items()
    }


def _may_ask(steps: Mapping[dt.date, Steps], case: Case) -> Expr:
    """Return 1 for rows that are not certainly off their own list."""
    return by_date(_of(steps, case), lambda name: pair(name).possible if name else nw.lit(0))


def _last_break(streaks: Streaks, possible: bool) -> Expr:
    """Return the latest earlier year that breaks a run: not on its list, or (for the certain count)
    not known to be.
    """
    breaks = [_unknown_break(streaks, possible)]
    if any(one.published for one in streaks.steps.values()):
        breaks.append(_published_break(streaks, possible))
    breaks += [_partial_break(streaks, year, possible) for year in streaks.partial]
    if own := _row_years(streaks):
        breaks.append(_own_break(own, possible))
    return nw.max_horizontal(*breaks) if len(breaks) > 1 else breaks[0]


def _unknown_break(streaks: Streaks, possible: bool) -> Expr:
    """Return the latest year of which no list and no row says anything; none breaks the possible
    count.
    """
    years = {
        date: [one.first - 1, *(() if possible else set(one.unknown) - set(streaks.partial))]
        for date, one in streaks.steps.items()
    }
    return by_date({date: max(some) for date, some in years.items()}, nw.lit)


def _published_break(streaks: Streaks, possible: bool) -> Expr:
    """Return the latest year whose published list has not the area; for an area of no municipality,
    of which no row says anything.
    """
    steps = streaks.steps
    found = by_date(
        {date: max(one.published, default=one.first - 1) for date, one in steps.items()}, nw.lit
    )
    if streaks.published is not None:
        found = nw.coalesce(nw.col(_LISTED_POSSIBLE if possible else _LISTED), found)
    if not streaks.unknown_towns:
        return found
    open_years = {
        date: [one.first - 1, *(() if possible else set(one.published) - set(one.behind))]
        for date, one in steps.items()
    }
    nowhere = by_date({date: max(some) for date, some in open_years.items()}, nw.lit)
    return nw.when(_no_such_town(streaks)).then(nowhere).otherwise(found)


def _partial_break(streaks: Streaks, year: int, possible: bool) -> Expr:
    """Return a year whose list is known in part, where it breaks a run; own rows of it are seen to
    elsewhere.
    """
    state = nw.col(_state_name(year))

    def build(kind: tuple[int, bool, bool]) -> Expr:
        none, counts, unknown = kind
        if not counts:
            return nw.lit(none)
        breaks = (state == _OFF_LIST) if possible or not unknown else (state != _ON_LIST)
        return nw.when(breaks).then(nw.lit(year)).otherwise(nw.lit(none))

    return by_date(
        {
            date: (one.first - 1, year in one.partial, year in one.unknown)
            for date, one in streaks.steps.items()
        },
        build,
    )


def _own_break(own: tuple[int, ...], possible: bool) -> Expr:
    """Return the latest earlier year that an area's own rows break: the highest bit of the years
    that do.
    """
    broken = nw.col(_OFF if possible else _ON)
    expression: Expr = nw.lit(0)
    for place, year in enumerate(own):
        expression = nw.when(broken >= 2**place).then(nw.lit(year)).otherwise(expression)
    return expression
