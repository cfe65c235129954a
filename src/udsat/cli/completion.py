"""What a shell offers when the Tab key is pressed: versions, categories, and the areas of the
tables already typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import typer

#: A table of more rows than this takes longer to look through than it takes to type a name.
_MOST_ROWS = 20_000


def versions(incomplete: str) -> list[str]:
    """Offer the versions of the criteria, and files with definitions."""
    from pathlib import Path

    own = [str(path) for path in sorted(Path().glob("*.toml")) if path.name != "pyproject.toml"]
    return _starting(incomplete, [*_blocks(), *own])


def categories(incomplete: str) -> list[str]:
    """Offer the categories of all versions."""
    return _starting(
        incomplete,
        dict.fromkeys(name for block in _blocks().values() for name in block["categories"]),
    )


def areas(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the areas of the tables that stand on the line already; nothing where they cannot be
    read quickly.
    """
    from contextlib import suppress

    names: dict[str, None] = {}
    for table in _typed(ctx):
        with suppress(Exception):  # whatever is wrong with a file, the shell is no place to say so
            names |= dict.fromkeys(_areas_of(table))
    return _starting(incomplete, names)


def _typed(ctx: typer.Context) -> Iterator[str]:
    for value in (ctx.params.get("tables"), ctx.params.get("table")):
        yield from ([value] if isinstance(value, str) else value or ())


def _areas_of(table: str) -> Iterator[str]:
    """Yield the areas of a table of text or of types."""
    from udsat import engine
    from udsat.tables.headings import recognise
    from udsat.tables.readers import open as read
    from udsat.tables.readers.options import Reading
    from udsat.tables.readers.raw import TextTable, TypedTable

    raw = read.read(table, Reading(), engine.connect())
    place = recognise(raw.headings, table)["area"]
    if isinstance(raw, TextTable):
        place = raw.places[place] if raw.places else place
        yield from (
            cells[place].strip() for _, cells in raw.rows[:_MOST_ROWS] if place < len(cells)
        )
    elif isinstance(raw, TypedTable):
        yield from (
            str(row[0])
            for row in (
                raw.view.project(engine.identifier(raw.headings[place]))
                .limit(_MOST_ROWS)
                .fetchall()
            )
        )


def _blocks() -> dict[str, dict[str, Any]]:
    """Return the criteria files as they stand, by version: checking them takes longer than a person
    waits for Tab.
    """
    from udsat.files import toml
    from udsat.law.loader import criteria_folder

    found = [
        toml.loads(path.read_text(encoding="utf-8"))
        for path in sorted(criteria_folder().glob("*.toml"))
    ]
    return {tree["version"]["id"]: tree for tree in found}


def _starting(incomplete: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]
