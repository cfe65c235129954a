"""Collects every text that people read from the sources, and keeps the catalogues in step with them.

python tests/catalogue.py             bring udsat.po up to date with the sources, and compile udsat.mo
python tests/catalogue.py --missing   list the texts without a translation
"""

from __future__ import annotations

import ast
import csv
import io
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from jinja2.ext import babel_extract
from typer.main import get_command

from udsat.cli.app import application
from udsat.cli.error_translation import CONTEXT as USAGE
from udsat.cli.translation import texts as help_texts
from udsat.law.loader import shipped
from udsat.law.schema import AreaRules, Category, Criterion, Doubt, Measure, YearsInRow
from udsat.messages.catalog import CODES
from udsat.messages.language import folder
from udsat.register.mapping import PROPERTIES

SOURCE = Path(__file__).parents[1] / "src" / "udsat"
PO = folder() / "da" / "LC_MESSAGES" / "udsat.po"
MO = PO.with_suffix(".mo")
_VALUE = re.compile(r"\{\w+(:[^}]*)?\}")
#: The calls whose first argument is a text; in the views, `Text` is that of another library.
KEYWORDS = {"_": None, "Text": None, "counted": (2, 3)}
#: Constants of the views whose texts are looked up when they are shown.
CONSTANTS = {
    "TOPICS",
    "NAMES", "VERBS", "LEGEND", "OUTCOMES", "MEMBERS", "STATUSES", "UNITS", "NOT_OFFICIAL", "ARITHMETIC", "LABELS", "NO_FORECAST",
    "_HEAD", "_KINDS", "FACTORS", "_STEPS", "_LEGEND", "_PUBLISHED", "_FINDINGS", "_CAUSES", "_NAMES", "_REFERENCES", "_NOTE", "_LINES", "_VERBS", "_EDUCATION", "_ABROAD", "_COUNTED", "_TABLES",
}  # fmt: skip
#: Local names of texts that are looked up when they are shown: headings, and the forms of a text that depend on a number.
LOCALS = {"names", "head", "first", "last", "open_"}
#: Words that are looked up under a name of the data: kinds of borders, statuses of lists, populations, severities.
WORDS = (
    "split", "merger", "rename", "redrawn", "regrouped", "interim", "trial", "residents", "taxpayers", "students", "error", "warning",
    "%", "and", "or", "none", "not decided", "area", "municipality", "region", "list date", "at most", "category", "years in row", "notes",
    "criterion", "Usage", "Error", "env var", "Arguments", "Options", "Commands", "default: {default}", "required", "Aborted!",
    "Missing command.", "No such command {name!r}.",
    "an area", "residents in 2010", "year of the residents", "no criterion", "share", "mean", "publication",
)  # fmt: skip
#: What the library that reads command lines says.
ERRORS = (
    "Missing argument '{name}'.", "Missing option '{name}'.", "No such option: {name}",
    "No such option: {name} (Possible options: {options})", "No such command '{name}'.", "Missing command.",
    "Got unexpected extra argument(s) ({arguments})", "Option '{name}' requires an argument.",
    "Option '{name}' does not take a value.", "Invalid value for {name}: {message}",
    "'{value}' is not one of {words}.",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be a valid number, unable to parse string as a number",
    "Input should be greater than or equal to {least}", "Input should be less than or equal to {most}",
)  # fmt: skip


def calls(path: Path) -> Iterator[str | tuple[str, str]]:
    """Yield the texts of the calls in a module."""
    in_views = path.is_relative_to(SOURCE / "render")
    keywords = {name: spec for name, spec in KEYWORDS.items() if name != "Text" or not in_views}
    with path.open("rb") as stream:
        yield from (found[1] for found in extract("python", stream, keywords, (), {}))


def looked_up(path: Path) -> Iterator[str | tuple[str, str]]:
    """Yield texts that are named in one place of a module and looked up in another."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    local = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from _constant(node, LOCALS if node in local else CONSTANTS)
        elif isinstance(node, ast.For) and _name(node.target) in {"name", "heading"}:
            yield from strings(node.iter)


def _of_call(node: ast.Call) -> Iterator[str | tuple[str, str]]:
    name, given = _name(node.func), node.args
    if name == "map" and _name(given[0]) == "_":
        yield from strings(given[1])
    elif name == "_" and isinstance(given[0], ast.IfExp):
        yield from strings(given[0])
    elif name == "plural" and len(given) > 1 and isinstance(given[1], ast.Constant):
        one = str(given[1].value)
        many = (
            str(given[2].value)
            if len(given) > 2 and isinstance(given[2], ast.Constant)
            else f"{one}s"
        )
        yield f"{{count}} {one}", f"{{count}} {many}"


def _constant(node: ast.Assign | ast.AnnAssign, wanted: set[str]) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    if names & wanted and node.value:
        found = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
        yield from (text for one in found for text in strings(one))


def _name(node: ast.AST) -> str:
    return (
        node.attr
        if isinstance(node, ast.Attribute)
        else node.id
        if isinstance(node, ast.Name)
        else ""
    )


def strings(node: ast.AST) -> Iterator[str]:
    """Yield the texts of a literal, or of the literals of a tuple, a list or a choice."""
    if isinstance(node, ast.IfExp):
        node = ast.Tuple([node.body, node.orelse])
    for one in node.values if isinstance(node, ast.Dict) else getattr(node, "elts", ()):
        yield from strings(one)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from (text for text in [node.value] if any(map(str.isalpha, text)))


def templates() -> Iterator[str]:
    """Yield the texts of the templates of pages."""
    for path in sorted(SOURCE.rglob("*.j2")):
        with path.open("rb") as stream:
            yield from (found[1] for found in extract(babel_extract, stream, {"_": None}, (), {}))


def texts() -> list[str | tuple[str, str]]:
    """Return every text that is looked up; with both forms where it depends on a number."""
    found: dict[str | tuple[str, str], None] = dict.fromkeys(WORDS)
    for path in set(SOURCE.rglob("*.py")) - {SOURCE / "messages" / "text.py"}:
        found |= dict.fromkeys(calls(path))
    for path in [
        *(SOURCE / "render").rglob("*.py"),
        *(SOURCE / "cli").rglob("*.py"),
        SOURCE / "law" / "diff.py",
    ]:
        found |= dict.fromkeys(looked_up(path))
    found |= dict.fromkeys(
        [*templates(), *PROPERTIES.values(), *_codes(), *_law(), *_borders(), *_help()]
    )
    both = {one for one in found if isinstance(one, tuple)}
    return [one for one in found if one not in {text for pair in both for text in pair}]


def keys() -> list[tuple[str | tuple[str, str], str | None]]:
    """Return every text with its context."""
    return [
        *((text, None) for text in texts()),
        *((text, USAGE) for text in ERRORS),
    ]


def _codes() -> Iterator[str]:
    for code in CODES.values():
        yield from (code.title, code.more, code.example)


def _law() -> Iterator[str]:
    for version in shipped().versions:
        yield from (version.version.title, version.version.law)
    for doubt in _doubts():
        yield doubt.text
        yield from (point.rpartition(".")[2] for point in doubt.about)
    for block in (AreaRules, Measure, Criterion, Category, YearsInRow):
        yield from block.model_fields


def _doubts() -> Iterator[Doubt]:
    for version in shipped().versions:
        yield from version.doubts


def _borders() -> Iterator[str]:
    with (SOURCE.parents[1] / "criteria" / "published" / "borders.csv").open(
        encoding="utf-8", newline=""
    ) as stream:
        for row in csv.DictReader(stream):
            yield from row["note"].split("; ")


def _help() -> Iterable[str]:
    return [*help_texts(get_command(application())), "Show this message and exit."]


def merged() -> Catalog:
    """Return the catalogue of the sources, with the translations that there are; values and marks
    alone are the same in every language.
    """
    with PO.open("rb") if PO.exists() else io.BytesIO() as stream:
        old = pofile.read_po(stream, locale="da")
    new = Catalog(
        locale="da",
        domain="udsat",
        project="udsat",
        version="",
        header_comment="# Danish texts of udsat.",
        fuzzy=False,
    )
    for text, context in keys():
        there = old.get(text, context)
        string = there.string if there and not there.fuzzy else ""
        if not string and isinstance(text, str) and not any(map(str.isalpha, _VALUE.sub("", text))):
            string = text
        if isinstance(text, tuple) != isinstance(string, tuple):
            string = ("", "") if isinstance(text, tuple) else ""
        new.add(text, string, context=context)
    return new


def as_text(catalogue: Catalog) -> bytes:
    """Return a catalogue as a PO file; the same texts give the same bytes."""
    stream = io.BytesIO()
    pofile.write_po(stream, catalogue, width=140, omit_header=False, sort_output=True)
    lines = stream.getvalue().decode("utf-8").splitlines(keepends=True)
    return "".join(
        line
        for line in lines
        if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By'))
    ).encode()


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as gettext reads it; the same texts give the same bytes at any time of day."""
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    stream = io.BytesIO()
    mofile.write_mo(stream, catalogue)
    return stream.getvalue()


def read() -> Catalog:
    """Return the catalogue as it is kept."""
    with PO.open("rb") as stream:
        return pofile.read_po(stream, locale="da")


def missing(catalogue: Catalog) -> list[str]:
    """Return the texts without a translation."""
    return [
        str(one.id)
        for one in catalogue
        if one.id and not (all(one.string) if isinstance(one.string, tuple) else one.string)
    ]


def main(arguments: list[str]) -> int:
    """Do what the arguments ask for; return the exit status."""
    if arguments == ["--missing"]:
        print("\n".join(missing(merged())))
        return 0
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(as_text(merged()))
    MO.write_bytes(compiled(read()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
