"""A definition of one's own, begun from another: the file, its cases and its schemas, ready to
check and test.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from udsat import files
from udsat.law.cases import cases_path
from udsat.law.definition import read
from udsat.law.json_schema import cases_schema, criteria_schema
from udsat.law.loader import by_id, criteria_folder, load
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_ID = re.compile(r'(?m)^(id|version) = "[^"]*"$')


def begin(file: Path, base: str) -> Iterator[Text]:
    """Write a new definition and yield a line on each file; nothing is overwritten."""
    _usable(file)
    source = criteria_folder() / f"{base}.toml" if base in by_id() else Path(base)
    load(source)  # whatever is wrong with it would be wrong with the copy
    one, cases = read(source), cases_path(source)
    own = cases_path(file)
    texts = {file: _renamed(one.text, file.stem, base, "criteria.schema.json")}
    if os.path.isfile(cases):
        texts[own] = _renamed(
            cases.read_text(encoding="utf-8"), file.stem, base, "../cases.schema.json"
        )
    schemas = {"criteria.schema.json": criteria_schema, "cases.schema.json": cases_schema}
    texts |= {
        file.parent / name: make()
        for name, make in schemas.items()
        if not os.path.exists(file.parent / name)
    }
    _absent([file, own])
    for path, text in texts.items():
        files.make_folder(path.parent)
        files.write(str(path), text)
        yield Text("wrote {path}", path=path)
    yield Text(
        "next: edit {file}, then udsat criteria check {file} and udsat criteria test {file}"
        " --coverage",
        file=file,
    )


def _usable(file: Path) -> None:
    if file.suffix != ".toml" or not _NAME.fullmatch(file.stem):
        hint = Text("such as mymodel.toml: a-z, 0-9, _ and -, beginning with a letter")
        raise UsageError(
            Problem(
                "UD508", Text("'{name}' cannot be the name of a definition", name=file.name), hint
            )
        )


def _absent(paths: list[Path]) -> None:
    there = [
        Problem(
            "UD502",
            Text("is there already"),
            Text("choose another name, or move it away"),
            str(path),
        )
        for path in paths
        if os.path.lexists(path)
    ]
    if there:
        raise UsageError(there)


def _renamed(text: str, name: str, base: str, schema: str) -> str:
    """Return a text that names the new definition and its schema, and says where it comes from."""
    rest = text.partition("\n")[2] if text.startswith("#:schema") else text
    head = (
        f"#:schema {schema}\n# {name}: begun as a copy of {Path(base).stem}. What follows was"
        " written for that one.\n"
    )
    return head + _ID.sub(lambda found: f'{found[1]} = "{name}"', rest, count=1)
