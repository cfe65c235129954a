"""The documentation says what is true: outputs, examples, links, names and generated pages."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from commandline import udsat
from udsat.messages.catalog import CODES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def _module(name: str) -> ModuleType:
    """Import a script of the documentation, which is no package."""
    sys.path.insert(0, str(DOCS))
    try:
        return __import__(name)
    finally:
        sys.path.remove(str(DOCS))


blocks: Any = _module("blocks")
generate: Any = _module("generate")
PAGES = [
    *blocks.pages(),
    ROOT / "criteria/README.md",
    ROOT / "criteria/published/README.md",
    ROOT / "data/samples/README.md",
]
SHOWN = [page for page in blocks.pages() if blocks.shown(page.read_text(encoding="utf-8"))]
WITH_PYTHON = [page for page in blocks.pages() if ">>> " in page.read_text(encoding="utf-8")]


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _texts() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in blocks.pages())


class Within(blocks.Shell):
    """Runs the commands of a page within this process: there are a hundred and more, and each would load all libraries."""

    def udsat(self, words: Sequence[str], given: bytes | None) -> tuple[int, str]:
        ran = udsat(self.place, *words, stdin=given or b"", **blocks.SETTINGS)
        return (
            ran.status,
            ran.err + ran.out,
        )  # as a pipe gives them: what is printed waits for the end


#: Pages whose commands run as processes: the first page, and the one whose counts are printed before the messages.
AS_PROCESSES = ("README.md", "aggregate.md")


@pytest.mark.parametrize("page", SHOWN, ids=_name)
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    shell = (blocks.Shell if page.name in AS_PROCESSES else Within)(blocks.folder(tmp_path))
    for one in blocks.shown(page.read_text(encoding="utf-8")):
        real = shell.run(one.command)
        if not blocks.same(one.output, real):
            assert one.output == real, (
                f"{_name(page)}:{one.start}: $ {one.command} (python docs/generate.py --refresh renews it)"
            )


@pytest.mark.parametrize("page", WITH_PYTHON, ids=_name)
def test_python_examples_hold(page: Path, tmp_path: Path) -> None:
    found = blocks.examples(page.read_text(encoding="utf-8"), blocks.folder(tmp_path))
    assert found
    assert [
        (example.source, example.want, example.got) for example in found if not example.holds
    ] == []


def test_the_area_worked_by_hand_has_the_values_that_the_tool_prints() -> None:
    from udsat.api import evaluate

    page = (DOCS / "how-a-verdict-is-made.md").read_text(encoding="utf-8")
    table = re.findall(
        r"(?m)^\| ([a-z ]+) \| ([\d.]+) \| .+ \| ([\d.]+) \| (§ .+) \| ([a-z ]+) \|$", page
    )
    records = evaluate([str(ROOT / "data/samples/omraader.csv")]).criteria()
    printed = [
        (
            row["criterion"].replace("_", " "),
            row["value"],
            row["limit"],
            row["source"],
            row["outcome"].replace("_", " "),
        )
        for row in records
        if row["area"] == "Ringparken, Slagelse"
    ]
    assert [
        (name, float(value), float(line), source, outcome)
        for name, value, line, source, outcome in table
    ] == printed


def test_the_readme_opens_with_a_real_table() -> None:
    first = blocks.shown((ROOT / "README.md").read_text(encoding="utf-8"))[0]
    assert first.command.startswith("udsat score data/samples/")
    assert len([line for line in first.output if line.strip() != blocks.GAP]) > 10


def test_generated_pages_are_fresh() -> None:
    assert generate.stale() == []


@pytest.mark.parametrize(
    ("expected", "real", "is_same"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a  ", "b"], ["a", "b"], True),
        (["a"], ["a", "b"], False),
        (["...", "b"], ["a", "b"], True),
        (["a", "..."], ["a"], True),
        (["a", "...", "a"], ["a"], False),
        (["a", "...", "c", "d", "...", "f"], ["a", "b", "c", "x", "c", "d", "e", "f"], True),
        (["a", "...", "d", "c", "...", "f"], ["a", "b", "c", "d", "e", "f"], False),
    ],
)
def test_three_dots_stand_for_any_lines(
    expected: list[str], real: list[str], is_same: bool
) -> None:
    assert blocks.same(expected, real) is is_same


def _links() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        text = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if not re.match(r"[a-z]+:", target):
                yield page, target


def _anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings as GitHub forms them."""
    text = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
    headings = re.findall(r"(?m)^#+ (.+)$", text)
    plain = (
        re.sub(r"[^\w\- ]", "", unicodedata.normalize("NFC", heading).lower())
        for heading in headings
    )
    return {heading.replace(" ", "-") for heading in plain}


def test_every_relative_link_leads_somewhere() -> None:
    broken = []
    for page, target in _links():
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            broken.append(f"{_name(page)}: {target}")
    assert broken == []


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    yield name, command
    for part, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, f"{name} {part}")


def test_every_command_and_option_is_named() -> None:
    from udsat.cli.app import application

    text = _texts()
    missing = []
    for name, command in _commands(typer.main.get_command(application()), "udsat"):
        options = [
            option
            for parameter in command.params
            for option in parameter.opts
            if option.startswith("-")
        ]
        missing += [
            word for word in (name, *options) if not re.search(re.escape(word) + r"(?![\w-])", text)
        ]
    assert missing == []


def test_every_option_that_is_named_exists() -> None:
    from udsat.cli.app import application

    known = {
        option
        for _, command in _commands(typer.main.get_command(application()), "udsat")
        for p in command.params
        for option in p.opts
    }
    known |= {
        "--help",
        "--install-completion",
        "--show-completion",
        "--check",
        "--refresh",
        "--no-deps",
        "--renew",
        "--schemafile",
    }
    known |= {"--master", "--deploy-mode"}
    page = "\n".join(
        path.read_text(encoding="utf-8")
        for path in blocks.pages()
        if path.parent == DOCS or path.name == "README.md"
    )
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", page)) - known == set()


def test_every_message_code_has_a_group() -> None:
    assert {code[:3] for code in CODES} == set(generate.GROUPS)


def test_danish_headings_mean_the_columns_that_the_page_says() -> None:
    from udsat.tables.headings import COLUMNS, plain, synonyms

    rows = re.findall(
        r"(?m)^\| (`[^|]+) \| ([^|`]*) \| ", (DOCS / "data-format.md").read_text(encoding="utf-8")
    )
    given = {
        column.strip("`"): heading
        for column, heading in rows
        if column.strip("`") in COLUMNS and heading
    }
    assert len(given) > 12
    assert {column: synonyms().get(plain(heading)) for column, heading in given.items()} == {
        column: column for column in given
    }


def test_every_output_column_is_described() -> None:
    from udsat.api import evaluate

    page = (DOCS / "data-format.md").read_text(encoding="utf-8")
    scored = evaluate([str(ROOT / "data/samples/omraader.csv")])
    case = scored.verdicts.case
    criterion = f"^({'|'.join(case.criteria())})(?=_value|_limit|_margin|$)"
    names = {re.sub(criterion, "<criterion>", name) for name in scored.relation().columns}
    names = {"<category>" if name in case.categories() else name for name in names} | set(
        scored.relation("criteria").columns
    )
    assert {name for name in names if f"`{name}`" not in page} == set()


def test_every_category_is_in_the_glossary() -> None:
    from udsat.law.loader import shipped

    page = (DOCS / "glossary.md").read_text(encoding="utf-8")
    names = {
        name for version in shipped().versions for name in (*version.categories, *version.measures)
    }
    assert {name for name in names if f"| `{name}` |" not in page} == set()


@pytest.mark.skipif(not (ROOT / "Makefile").is_file(), reason="no Makefile beside the tests")
def test_every_make_target_that_is_named_exists() -> None:
    targets = set(
        re.findall(r"(?m)^([a-z][\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"))
    )
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", _texts(), re.MULTILINE)) - targets == set()


@pytest.mark.parametrize("page", blocks.pages(), ids=_name)
def test_prose_has_one_sentence_per_line(page: Path) -> None:
    text = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and line[0].isalpha()]
    assert [line for line in lines if re.search(r"[a-zæøå)`]\. [A-ZÆØÅ`]", line)] == []


def test_no_page_names_a_path_of_a_machine() -> None:
    path = r"(?m)(?:^|[\s\"'`(,;])(?:/[a-z]|[A-Za-z]:\\|~/)|file:/"
    assert [
        (_name(page), found)
        for page in PAGES
        for found in re.findall(path, page.read_text(encoding="utf-8"))
    ] == []
