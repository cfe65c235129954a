"""Every golden case: a command line, with the files that it reads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from golden import inputs

FORMATS = ("table", "csv", "json", "jsonl", "markdown")
LANGUAGES = ("en", "da")
OMRAADER, PUBLISHED, SLAGELSE, SECTIONS = (
    "omraader.csv",
    "published_areas.csv",
    "slagelse.csv",
    "slagelse_sections.csv",
)
#: The codes of messages that are explained.
CODES = (101, 109, 116, 135, 202, 303, 313, 401, 420, 432, 502, 520, 601, 630, 701, 716, 999)


class Case(NamedTuple):
    """A command line and the name of its case."""

    name: str
    words: tuple[str, ...]


def cases() -> list[Case]:
    """Return every case; names are unique, and sort as people read them."""
    lines = [
        *_scores(),
        *_checks(),
        *_questions(),
        *_changes(),
        *_pages(),
        *_definitions(),
        *_registers(),
        *_random(),
    ]
    found = {" ".join(words): Case(" ".join(words), words) for words in lines}
    return [found[name] for name in sorted(found)]


def _told(*words: str) -> Iterator[tuple[str, ...]]:
    for language in LANGUAGES:
        yield (*words, "--lang", language)


def _scores() -> Iterator[tuple[str, ...]]:
    for table, form in product((OMRAADER, PUBLISHED, SLAGELSE), FORMATS):
        yield from _told("score", table, "--format", form)
    for form in FORMATS:
        yield from _told("score", OMRAADER, "--format", form, "--detail", "criteria")
    for ending in ("csv", "json", "jsonl", "parquet", "xlsx", "md"):
        yield from _told("score", OMRAADER, "-o", f"out.{ending}", "--manifest")
    yield ("score", OMRAADER, "-o", "out.csv", "--excel-dk")
    for more in (
        ("--rounded",),
        ("--basis", "computed"),
        ("--assume-min-residents",),
        ("--criteria", "2018"),
        ("--only", "udsat"),
        ("--fail-on", "udsat"),
        ("--fail-on", "unknown"),
        ("--vary", "labour_market.threshold=38..42:1"),
        ("--vary", "udsat.count=1..3", "--vary", "area.min_residents=500,1000"),
        ("--list-year", "2019"),
        ("--only", "nothing"),
    ):
        for form in ("table", "csv", "json"):
            yield from _told("score", OMRAADER, "--format", form, *more)
    for more in (("--group", "housing_area"), ("--group", "nowhere"), ()):
        yield from _told("score", SECTIONS, "--format", "table", *more)
        yield ("score", SECTIONS, "--format", "json", *more)
    for row in ("municipality", "country", "Slagelse Kommune"):
        yield from _told("score", SLAGELSE, "--compare", row)
        yield ("score", SLAGELSE, "--compare", row, "--format", "json")


def _checks() -> Iterator[tuple[str, ...]]:
    tables = (
        OMRAADER,
        PUBLISHED,
        SLAGELSE,
        "empty.csv",
        "header.csv",
        "cells.csv",
        "slips.csv",
        "missing.csv",
        "own.toml",
    )
    for table in tables:
        for form in ("table", "json", "github", "junit"):
            yield from _told("validate", table, "--format", form)
        yield from _told("score", table)
        yield from _told("score", table, "--skip-invalid", "--format", "csv")
    yield from _told("validate", "slips.csv", "--columns", "columns.toml")
    yield from _told("validate", "cells.csv", "--problems", "problems.csv")
    yield ("validate", "cells.csv", "--problems", "problems.json")
    yield from _told("score", OMRAADER, "--columns", "own.toml")
    yield from _told("score", OMRAADER, "--format", "xml")
    yield from _told("score")
    yield from _told("scores", OMRAADER)
    yield from _told("score", OMRAADER, "--encoding", "klingon")
    yield from _told("score", OMRAADER, "--delimiter", "ab")
    yield from _told("score", OMRAADER, "--memory", "lots")
    yield from _told("score", OMRAADER, "-o", "out.docx")
    yield from _told("score", OMRAADER, "--references", OMRAADER)
    yield from _told("score", OMRAADER, "--history", PUBLISHED)
    for word in (
        "",
        "score",
        "explain",
        "diff",
        "history",
        "watch",
        "audit",
        "validate",
        "report",
        "plot",
        "template",
        "aggregate",
    ):
        yield from _told(*filter(None, (word, "--help")))
    for word in ("list", "show", "check", "test", "diff", "schema", "new"):
        yield from _told("criteria", word, "--help")
    yield ("--version",)


def _questions() -> Iterator[tuple[str, ...]]:
    for area, form in product(
        ("Agervang", "Gellerupparken", "Ringparken"), ("table", "json", "markdown")
    ):
        yield from _told(
            "explain",
            OMRAADER,
            area,
            "--format",
            form,
            "--ways-off",
            "--ways-on",
            "--include-origin",
        )
        yield from _told("explain", OMRAADER, area, "--format", form)
    yield from _told("explain", SLAGELSE, "Ansøgningsområdet (4 boligområder)")
    yield from _told("explain", OMRAADER, "Nowhere")
    yield from _told("explain", OMRAADER, "park")
    for code in CODES:
        yield from _told("explain", f"UD{code}")
    for form in ("table", "json", "csv", "markdown"):
        yield from _told("watch", OMRAADER, "--format", form)
        yield from _told(
            "watch", OMRAADER, "--format", form, "--list", "2018", "--within", "15 persons"
        )
        yield from _told(
            "watch",
            OMRAADER,
            "--format",
            form,
            "--baseline",
            "2015",
            "--target",
            "2019",
            "--target-category",
            "none",
        )
    yield from _told("watch", OMRAADER, "--list", "2033")
    yield from _told("watch", OMRAADER, "--within", "far")


def _changes() -> Iterator[tuple[str, ...]]:
    for form in ("table", "csv", "json", "markdown"):
        yield from _told("diff", PUBLISHED, "--from", "2018", "--to", "2019", "--format", form)
        yield from _told(
            "diff", PUBLISHED, OMRAADER, "--from", "2017", "--to", "2018", "--format", form
        )
        yield from _told("diff", "--published", "--from", "2018", "--to", "2019", "--format", form)
        yield from _told("history", OMRAADER, "--format", form)
        yield from _told("history", PUBLISHED, "--format", form, "--area", "Vollsmose")
        yield from _told("history", "--published", "--format", form)
        yield from _told("audit", PUBLISHED, "--format", form)
        yield from _told("audit", OMRAADER, "--format", form)
    yield from _told(
        "diff",
        PUBLISHED,
        "--from",
        "2018",
        "--to",
        "2019",
        "--borders",
        "borders.csv",
        "--exit-code",
    )
    yield from _told("diff", PUBLISHED)
    yield from _told("diff", PUBLISHED, "--from", "2099", "--to", "soon")
    yield from _told("history", OMRAADER, "--area", "Nowhere")
    yield from _told("audit", PUBLISHED, "--official", OMRAADER)


def _pages() -> Iterator[tuple[str, ...]]:
    yield from _told("report", OMRAADER, "-o", "out.html")
    yield from _told("report", PUBLISHED, "-o", "out.html", "--list", "2018")
    yield from _told("report", OMRAADER, "-o", "out.html", "--area", "Ringparken")
    yield from _told("report", OMRAADER, "-o", "out.pdf")
    for criterion in ("crime", "labour_market", "nothing"):
        yield from _told("plot", OMRAADER, "--criterion", criterion, "-o", "out.svg")
        yield from _told("plot", PUBLISHED, "--criterion", criterion, "-o", "out.svg", "--years")
    for ending in ("csv", "xlsx"):
        yield from _told("template", "--list-year", "2026", "-o", f"out.{ending}")
        yield from _told("template", "--list-year", "2019", "-o", f"out.{ending}", "--by-year")
    yield from _told("template", "--list-year", "1999")


def _definitions() -> Iterator[tuple[str, ...]]:
    yield from _told("criteria", "list")
    for version in ("2010", "2014", "2018", "2021", "2099"):
        yield from _told("criteria", "show", version)
        yield from _told("criteria", "test", version)
    for form in ("table", "json", "github", "junit"):
        yield from _told("criteria", "check", "own.toml", "--format", form, "--today", "2026-11-30")
        yield from _told("criteria", "check", "--format", form, "--today", "2026-11-30")
        yield from _told("criteria", "test", "2018", "--format", form, "--coverage")
    for form in ("table", "json"):
        yield from _told("criteria", "diff", "2014", "2018", "--format", form)
        yield from _told("criteria", "diff", "2018", "2021", "--format", form, "--data", OMRAADER)
    yield ("criteria", "schema")
    yield from _told("criteria", "new", "mine.toml", "--from", "2021", "--id", "mine")


def _registers() -> Iterator[tuple[str, ...]]:
    yield from _told("aggregate", "persons.csv")
    yield from _told(
        "aggregate",
        "persons.csv",
        "-o",
        "out.csv",
        "--references-out",
        "references.csv",
        "--min-count",
        "5",
        "--manifest",
    )
    yield from _told("aggregate", "persons.csv", "-o", "out.parquet")
    yield from _told("aggregate", OMRAADER)
    yield from _told("aggregate", "--describe")


def _random() -> Iterator[tuple[str, ...]]:
    for number in range(inputs.RANDOM):
        name, year = f"random{number:03}", inputs.list_year(number)
        given = (
            f"{name}.csv",
            "--references",
            f"{name}_references.csv",
            "--history",
            f"{name}_history.csv",
        )
        asked = ("--list-year", str(year)) if year else ()
        form = ("json", "csv", "json", "jsonl")[number % 4]
        more = (
            (),
            ("--rounded",),
            ("--basis", "computed"),
            ("--assume-min-residents",),
            ("--detail", "criteria"),
        )[number % 5]
        yield (
            "score",
            *given,
            *asked,
            "--format",
            "csv" if more[:1] == ("--detail",) else form,
            *more,
        )
        if number % 8 == 0:
            yield ("history", *given, *asked, "--format", "json", "--lang", "da")
            yield ("watch", *given, *asked, "--lang", "da")
        if number % 8 == 4:
            yield ("validate", f"{name}.csv", *asked, "--format", "json")
            yield ("score", *given, *asked, "--lang", "da")
