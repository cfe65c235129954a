"""The floors of the house: a module imports only from its own room and from floors below."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "udsat"
#: From the ground up; rooms on one floor do not know each other.
FLOORS = [
    {"codes", "disk", "display", "language", "toml"},
    {"errors", "exact"},
    {"law"},
    {"tables"},
    {"scoring", "register"},
    {"questions", "elsewhere"},
    {"views", "api"},
    {"changes"},
    {"cli"},
]
MODULES = sorted(SOURCE.rglob("*.py"))
#: The version is a plain text in the package itself; everyone may print it.
OPEN = {"udsat"}


def room(name: str) -> str:
    """Return the room of a dotted name: `udsat.tables.check` is in `tables`."""
    return name.split(".")[1] if "." in name else name


def floor(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if name in rooms)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" if node.module == "udsat" else node.module for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_imports_from_its_own_room_and_from_below_only(path: Path) -> None:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    if parts[0] in {"__init__", "__main__"}:
        return
    names = {room(name) for name in imported(path) if name.startswith("udsat") and name != "udsat.__version__"} - OPEN
    above = {name for name in names if name != parts[0] and floor(name) >= floor(parts[0])}
    assert above == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_rich_and_typer_appear_in_views_and_cli_alone(path: Path) -> None:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    heavy = {name.split(".")[0] for name in imported(path)} & {"rich", "typer"}
    assert heavy == set() or parts[0] in {"views", "cli"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_other_engines_appear_in_a_room_of_their_own_and_in_the_command_that_starts_one(path: Path) -> None:
    heavy = {name.split(".")[0] for name in imported(path)} & {"ibis", "polars", "pyspark", "sqlglot"}
    assert heavy == set() or "engines" in path.parts or path.name == "cluster.py"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_module_says_in_its_first_line_what_lives_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)) and text.startswith('"""')


def test_no_threshold_of_the_law_stands_in_the_code() -> None:
    law = {40, 50, 60, 55, 65, 270, 2.7}
    found = {
        (path.name, node.value)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and type(node.value) in {int, float} and node.value in law
    }
    limits_of_messages = {("cells.py", 60), ("text.py", 60), ("check.py", 60)}  # lengths and counts of parts
    assert found - limits_of_messages == set()
