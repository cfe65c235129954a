"""`udsat score --vary`: what other numbers in the criteria would make of the same rows."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.api import Scored
    from udsat.cli.output import Output

_FORMATS = ("table", "csv", "json", "parquet")


def check(out: Output, others: Sequence[str]) -> None:
    """Raise `UsageError` for options that do not go with --vary."""
    if others:
        raise UsageError(
            Problem(
                "UD510",
                Text("--vary does not go with {names}", names=", ".join(others)),
                Text("it gives its own table"),
            )
        )
    if out.format not in _FORMATS:
        raise UsageError(
            Problem(
                "UD512",
                Text("--vary cannot write {format}", format=out.format),
                Text("give one of {names}", names=", ".join(_FORMATS)),
            )
        )


def write(scored: Scored, specifications: Sequence[str], out: Output) -> None:
    """Write one line for each variant, list and category."""
    from udsat import engine, files
    from udsat import export as tables
    from udsat.render import scenarios

    found = scored.vary(specifications)
    paths = [one.path for one in found.axes]
    provenance = scored.provenance()
    provenance["options"] = {**provenance["options"], "vary": list(specifications)}
    with files.whole(out.path) if out.path else nullcontext() as path:
        if out.format == "parquet" and path:
            headings, rows = scenarios.flat(found.rows, paths)
            columns = {name: [row[n] for row in rows] for n, name in enumerate(headings)}
            relation = engine.table(
                scored.connection, columns, {name: _type(name, paths) for name in headings}
            )
            tables.to_parquet(relation, path, provenance)
        else:
            with files.opened(path) if path else nullcontext(sys.stdout) as stream:
                _text(stream, out.format, found.rows, paths, scored, provenance)
    if out.manifest and out.path:
        files.write(
            f"{out.path}.manifest.json", json.dumps(provenance, ensure_ascii=False, indent=2) + "\n"
        )


def _type(name: str, paths: Sequence[str]) -> str:
    if name in paths:
        return "DOUBLE"
    return {
        "list_date": "DATE",
        "category": "VARCHAR",
        "who_enters": "VARCHAR",
        "who_leaves": "VARCHAR",
    }.get(name, "INTEGER")


def _text(
    stream: Any,
    format: str,
    rows: Sequence[dict[str, Any]],
    paths: Sequence[str],
    scored: Scored,
    provenance: dict[str, Any],
) -> None:
    from udsat import export as files
    from udsat.render import scenarios, words

    if format == "csv":
        files.to_csv(stream, *scenarios.flat(rows, paths))
    elif format == "json":
        json.dump(scenarios.document(rows, paths, provenance), stream, ensure_ascii=False, indent=2)
        stream.write("\n")
    else:
        stream.write(
            f"{scenarios.lines(rows, paths, scored.verdicts.case)}\n{words.not_official()}\n"
        )
