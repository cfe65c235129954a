"""What-if: every variant gives what the criteria with that number in them give, though all are one query."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from breadth import spread
from commandline import GOOD, contents, table, udsat
from oracle.tables import random_year_table, streak_table
from support import IN_THEIR_UNITS, published, raw_table, reference_table
from udsat import engine
from udsat.law import loader
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion
from udsat.messages.problems import UsageError
from udsat.scoring.scenarios import Axis, axis, varied
from udsat.scoring.score import Options, score
from udsat.tables.readers.options import Reading
from udsat.tables.validate.check import check
from udsat.tables.validate.part import Calendar

FILES = loader.criteria_folder()
CHANGES = {
    "labour_market.threshold": ("[criteria.labour_market]", "threshold = ", ("38", "41.5")),
    "crime.threshold": ("[criteria.crime]", "threshold = ", ("2", "2.5")),
    "origin.threshold": ("[criteria.origin]", "threshold = ", ("30", "50")),
    "udsat.count": ("[categories.udsat]", "count = ", ("1", "4")),
    "area.min_residents": ("[area]", "min_residents = ", ("1", "1001")),
    "haard_ghetto.years_in_row": ("[categories.haard_ghetto]", "years_in_row = ", ("2", "4")),
    "income.threshold": ("[criteria.income]", "threshold = ", ("55", "65")),
}
SETS = [
    ("labour_market.threshold", "udsat.count"),
    ("crime.threshold", "area.min_residents"),
    ("origin.threshold", "haard_ghetto.years_in_row"),
    ("income.threshold",),
]


def changed(numbers: dict[str, str]) -> Law:
    """Return the law with other numbers in the criteria of 2018, as a person would write who tries them one by one."""
    text = (FILES / "2018.toml").read_text(encoding="utf-8")
    for path, value in numbers.items():
        block, key, _ = CHANGES[path]
        start = text.index(key, text.index(f"\n{block}\n"))
        text = text[:start] + key + value + text[text.index("\n", start) :]
    shipped = loader.shipped()
    return Law(
        shipped.versions,
        shipped.digests,
        CriteriaVersion.model_validate(tomllib.loads(text, parse_float=Decimal)),
    )


def scored(law: Law, given: Any, options: Options) -> tuple[Any, ...]:
    connection = engine.connect()
    checked = check(
        [raw_table(given.rows, "csv", connection)],
        connection,
        Calendar(law),
        Reading("comma", False, False, units=IN_THEIR_UNITS),
    )
    return (
        checked.table,
        law,
        reference_table(given.references, law),
        published(given.lists),
        options,
        connection,
    )


def members(arguments: tuple[Any, ...]) -> dict[tuple[str, str], tuple[set[int], set[int]]]:
    """Return, for each list and category, the rows that are certainly in it, and those that may be."""
    verdicts = score(*arguments)
    frame = verdicts.areas()
    names = frame.collect_schema().names()
    found: dict[tuple[str, str], tuple[set[int], set[int]]] = {}
    for cells in engine.fetch(frame):
        row = dict(zip(names, cells, strict=True))
        for name in verdicts.case.categories():
            yes, maybe = found.setdefault((str(row["list_date"]), name), (set(), set()))
            if row[name] != "no":
                maybe.add(row["row"])
            if row[name] == "yes":
                yes.add(row["row"])
    return found


ALL = list(product(SETS, ("published", "computed"), ("lists", "years")))
#: Each takes fifteen seconds or more. `make test` has each basis and each kind of table; the long tests have each set at any
#: breadth, and the others by their breadth.
SOME = [(SETS[0], "published", "lists"), (SETS[3], "computed", "years")]
ALWAYS = [(SETS[1], "computed", "years"), (SETS[2], "computed", "lists")]
OTHERS = [one for one in ALL if one not in (*SOME, *ALWAYS)]


@pytest.mark.parametrize(
    ("paths", "basis", "kind"),
    [
        pytest.param(
            *one, id=" ".join((*one[0], *one[1:])), marks=[] if one in SOME else pytest.mark.long
        )
        for one in (*SOME, *ALWAYS, *spread(OTHERS))
    ],
)
def test_every_variant_is_what_a_criteria_file_with_its_numbers_gives(paths, basis, kind) -> None:
    random = Random(f"{paths} {basis} {kind}")
    given = streak_table(random, 6) if kind == "lists" else random_year_table(random, 12, 2019)
    # A printed limit is moved in proportion by --vary, and stands as it is under a criteria file: the two are not compared.
    given = given._replace(
        references=[row for row in given.references if row.get("scope") != "limit"]
    )
    options = Options(basis, 2019 if kind == "years" else None, False)
    arguments = scored(loader.choose("2018"), given, options)
    law = members(arguments)
    axes = [Axis(path, tuple(Fraction(value) for value in CHANGES[path][2])) for path in paths]
    found = varied(axes, score(*arguments), *arguments)
    variants = {row["variant"]: {path: row[path] for path in paths} for row in found.rows}
    for number, values in list(variants.items()):
        own = members(scored(changed(values), given, options))
        for row in (row for row in found.rows if row["variant"] == number):
            key = (str(row["list_date"]), row["category"])
            (yes, maybe), (yes_by_law, maybe_by_law) = own[key], law[key]
            rows = yes | maybe | yes_by_law | maybe_by_law
            enters, leaves = yes - maybe_by_law, yes_by_law - maybe
            unclear = (
                {
                    r
                    for r in rows
                    if ((r in yes) != (r in yes_by_law)) or ((r in maybe) != (r in maybe_by_law))
                }
                - enters
                - leaves
            )
            expected = (len(yes), len(maybe - yes), len(enters), len(leaves), len(unclear))
            assert (
                row["yes"],
                row["unknown"],
                len(row["enters"]),
                len(row["leaves"]),
                row["unclear"],
            ) == expected, (values, key)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("labour_market.threshold=35..37", [35, 36, 37]),
        ("crime.threshold=2..3:0.25", [2, Fraction(9, 4), Fraction(5, 2), Fraction(11, 4), 3]),
        ("crime.threshold=1.98,2.03", [Fraction(99, 50), Fraction(203, 100)]),
        ("udsat.count = 1..2, 4", [1, 2, 4]),
        ("labour_market.threshold=35..36.9:1", [35, 36]),
    ],
)
def test_a_span_has_exactly_its_steps(text, values) -> None:
    assert list(axis(text).values) == values


@pytest.mark.parametrize(
    "text",
    ["labour_market=3", "labour_market.threshold", "labour_market.comparator=1", "udsat.count=1.5", "udsat.count=0", "x.threshold=5..1",
     "x.threshold=1..2:0", "x.threshold=a..b", "x.threshold=", "x.threshold=0..900000:0.001", ".count=1"],
)  # fmt: skip
def test_what_names_no_number_or_no_value_is_refused(text) -> None:
    with pytest.raises(UsageError, match="UD716"):
        axis(text)


def test_the_command_gives_the_same_in_every_format(tmp_path) -> None:
    (tmp_path / "t.csv").write_bytes(table(GOOD))
    more = ("--vary", "ghetto.count=3,5", "--vary", "income.threshold=50,55")
    ran = udsat(tmp_path, "score", "t.csv", *more, "--format", "csv")
    assert [(row["ghetto.count"], row["income.threshold"], row["yes"], row["leaves"], row["who_leaves"]) for row in ran.csv()] == [
        ("3", "50", "1", "0", ""), ("3", "55", "1", "0", ""), ("5", "50", "0", "1", "Ravnehøj, Ringsted"), ("5", "55", "1", "0", ""),
    ]  # fmt: skip
    document = udsat(tmp_path, "score", "t.csv", *more, "--format", "json").json()
    assert document["schema"] == "udsat.vary/1" and document["provenance"]["options"]["vary"] == [
        more[1],
        more[3],
    ]
    assert document["variants"][2]["categories"]["ghetto"]["leaves"] == ["Ravnehøj, Ringsted"]
    assert "- Ravnehøj, Ringsted" in udsat(tmp_path, "score", "t.csv", *more).out
    assert udsat(
        tmp_path, "score", "t.csv", *more, "-o", "v.parquet"
    ).status == 0 and "v.parquet" in contents(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--vary", "udsat.count=2"], "there is no number 'udsat.count'"),
        (["--vary", "ghetto.count=2", "--vary", "ghetto.count=3"], "varied twice"),
        (["--vary", "ghetto.count=2", "--only", "ghetto"], "does not go with --only"),
        (["--vary", "ghetto.count=2", "--format", "markdown"], "markdown"),
        (
            ["--vary", "income.threshold=1..900", "--vary", "origin.threshold=1..900"],
            "810,000 combinations",
        ),
    ],
)
def test_a_variation_that_cannot_be_is_refused(tmp_path, arguments, words) -> None:
    (tmp_path / "t.csv").write_bytes(table(GOOD))
    ran = udsat(tmp_path, "score", "t.csv", *arguments)
    assert ran.status == 2 and words in ran.err
