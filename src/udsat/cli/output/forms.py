"""What writes a result in a format, for results of every kind; each form is made when it is asked
for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from udsat.cli.output.target import MANIFEST, Form, Output, Target
from udsat.messages import language

if TYPE_CHECKING:
    from rich.console import RenderableType

    from udsat.render.blocks import Block


def table(make: Callable[[], RenderableType]) -> Form:
    """Return what writes a table for people."""

    def write(target: Target) -> None:
        from udsat.render.console import console

        with target.stream() as stream:
            console(stream, target.color).print(make())

    return write


def text(make: Callable[[], str]) -> Form:
    """Return what writes a text as it is."""

    def write(target: Target) -> None:
        with target.stream() as stream:
            stream.write(make())

    return write


def english(make: Callable[[], str]) -> Form:
    """Return what writes a text that is English whatever the language of the run."""

    def write(target: Target) -> None:
        with language.english():
            text(make)(target)

    return write


def binary(make: Callable[[], bytes]) -> Form:
    """Return what writes a file of bytes, or as text what is text."""

    def write(target: Target) -> None:
        with target.stream() as stream:
            stream.buffer.write(make()) if target.path else stream.write(make().decode())

    return write


def document(make: Callable[[], Any]) -> Form:
    """Return what writes JSON, which is English whatever the language of the run."""

    def write(target: Target) -> None:
        with target.stream() as stream, language.english():
            json.dump(make(), stream, ensure_ascii=False, indent=2)
            stream.write("\n")

    return write


def rows(columns: Sequence[str], make: Callable[[], Iterable[Sequence[Any]]]) -> Form:
    """Return what writes CSV, which is English whatever the language of the run."""

    def write(target: Target) -> None:
        from udsat.export import to_csv

        with target.stream() as stream, language.english():
            to_csv(stream, columns, make())

    return write


def blocks(make: Callable[[], Sequence[Block]]) -> dict[str, Form]:
    """Return what writes blocks, as a table and as Markdown."""

    def rich() -> RenderableType:
        from udsat.render.blocks import rich

        return rich(make())

    def markdown() -> str:
        from udsat.render.blocks import markdown

        return markdown(make())

    return {"table": table(rich), "markdown": text(markdown)}


def manifest(out: Output, provenance: Callable[[], Mapping[str, Any]]) -> dict[str, Form]:
    """Return what writes the manifest of an output, by its name, where one is asked for."""
    if out.path is None or MANIFEST not in out.companions:
        return {}
    form = text(lambda: json.dumps(provenance(), ensure_ascii=False, indent=2) + "\n")
    return {MANIFEST.place(out.path): form}


def answer(view: Any, found: Any, *about: Any) -> dict[str, Form]:
    """Return what writes an answer with a row for each area or change; `view` is the module that
    renders it, and `about` is what its document takes besides.
    """
    return {
        "table": table(lambda: view.table(found)),
        "csv": rows(view.COLUMNS, lambda: view.records(found)),
        "json": document(lambda: view.document(found, *about)),
        "markdown": text(lambda: view.markdown(found)),
    }
