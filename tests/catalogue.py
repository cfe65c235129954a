"""Collects every text that people read from the sources, and keeps the catalogues in step with them.

python tests/catalogue.py             bring udsat.po up to date with the sources, and compile udsat.mo
python tests/catalogue.py --missing   list the texts without a translation
"""

from __future__ import annotations

import ast
import csv
import io
import itertools
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from jinja2 import Environment
from jinja2.ext import extract_from_ast
from typer.main import get_command

from udsat.law.loader import shipped
from udsat.messages.catalog import CODES
from udsat.messages.language import MADE, folder
from udsat.register.mapping import PROPERTIES

SOURCE = Path(__file__).parents[1] / "src" / "udsat"
PO = folder() / "da" / "LC_MESSAGES" / "udsat.po"
MO = PO.with_suffix(".mo")
#: Constants of the views whose texts are looked up when they are shown.
CONSTANTS = {
    "NAMES", "VERBS", "LEGEND", "OUTCOMES", "MEMBERS", "STATUSES", "UNITS", "NOT_OFFICIAL", "ARITHMETIC", "LABELS", "NO_FORECAST",
    "_HEAD", "_KINDS", "FACTORS", "_STEPS", "_LEGEND", "_PUBLISHED", "_FINDINGS", "_CAUSES", "_NAMES", "_REFERENCES", "_NOTE",
    "_LINES", "_VERBS", "_EDUCATION", "_ABROAD", "_COUNTED", "_TABLES",
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
#: Texts that are put together below the views, and those of the library that reads command lines.
PUT_TOGETHER = (
    "and", "or", "years in a row", "criteria", "published lists {published}", "lists known in part: {partial}",
    "'{municipality}' is no known municipality, so published lists say nothing of the area",
    "of these derived from published changes: {derived}", "own rows, if any, of {own}", "nothing known of {unknown}",
    "the first list that counts",
    "known only as {low} to {high}", "missing", "those of 2010 missing", "{count} in 2010, {least} needed", "assumed to be as many as the law asks",
    "the name is near '{name}' on the published lists, not proven to be the same",
    "unknown, no mean income of its region that may decide is known for this list",
    "{version} by choice; the law of this list is {own}", "{version} by choice; the law of this list is {own}, which defines {measures_and} otherwise",
    "unknown, no limit is known for this list", "unknown, the line lies inside what the value or the limit may be",
    "unknown, the limit {limit} is inferred and does not decide; against it it would be met",
    "unknown, the limit {limit} is inferred and does not decide; against it it would not be met",
    "unknown, the limit {limit} is inferred and does not decide; against it it would be open",
    "the value equals its line", "the value equals its line to the printed decimals", "the counts of one year stand for the law's mean over years",
    "ages", "years", "min_residents", "min_residents_2010", "unknown_education", "excludes", "population", "counting", "first", "years_in_row",
    "comparator", "threshold", "in_force", "ended", "of", "count", "reference", "kind", "haard_ghetto", "omdannelse", "forebyggelse", "day",
    "outside_labour_market", "convicted", "basic_education", "gross_income", "non_western",
    "the table has no exact counts behind this value, so persons cannot be told",
    "the table has no income in kroner with a mean of its region, so kroner cannot be told",
    "this year alone cannot bring it there: the mean of the years would stay on its side of the line",
    "no number of persons brings it there",
    "the number of residents is not known",
    "it has too few residents",
    "only with the criterion on origin, which --include-origin shows",
    "it needs {least} years in a row",
    "no change of criteria does",
    "the inferred limit",
    "the shipped references",
    "the areas before and after do not add up to each other",
    "the table has no figures for it",
    "{names_and} does not mean the same under both laws",
    "residents",
    "correct the figures; if they are right, write {line} under [columns] in the file of --columns",
    "the counts of its row",
    "the other shares of its row",
    "other figures of its row that lie between 0 and 1",
    "the income in percent of the region's in its row",
    "semicolon",
    "comma",
    "tab",
    "pipe",
    "decimal comma", "decimal point", "no decimals", "UTF-8 with BOM", "1 title row skipped", "{count} title rows skipped",
    "1 note below the table left out", "{count} notes below the table left out",
    "is a workbook, not CSV", "is a Parquet file, not CSV",
    "left out: ",
    "the manifest",
    "the descriptor",
    "'{cell}' {message}",
    "'{cell}' {message}; {many} such rows in this file",
    "hold the facts against their sources, then set the date",
    "wrote {path}",
    "next: edit {file}, then udsat criteria check {file2} and udsat criteria test {file3} --coverage",
    "Show this message and exit.", "Missing argument '{name}'.", "Missing option '{name}'.", "No such option: {name}",
    "No such option: {name} (Possible options: {options})", "No such command '{name}'.", "Missing command.",
    "Got unexpected extra argument(s) ({arguments})", "Option '{name}' requires an argument.", "Option '{name}' does not take a value.",
    "Invalid value for {name}: {message}", "'{value}' is not one of {words}.",
    "Input should be a valid integer, unable to parse string as an integer", "Input should be a valid number, unable to parse string as a number",
    "Input should be greater than or equal to {least}", "Input should be less than or equal to {most}",
)  # fmt: skip
_MOST = 400


class Texts:
    """The texts of one module: what is said by `_`, and what is made below the views."""

    def __init__(self, path: Path) -> None:
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.functions = {
            node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)
        }
        self.scopes: dict[ast.AST, ast.FunctionDef] = {}
        for function in self.functions.values():
            self.scopes.update(dict.fromkeys(ast.walk(function), function))

    def said(self) -> Iterator[str | tuple[str, str]]:
        """Yield what is looked up where it stands."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield from self._call(node)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                yield from self._constant(node)
            elif (
                isinstance(node, ast.For)
                and isinstance(node.target, ast.Name)
                and node.target.id in {"name", "heading"}
            ):
                yield from strings(node.iter)

    def _call(self, node: ast.Call) -> Iterator[str | tuple[str, str]]:
        name = _name(node.func)
        given = node.args
        if name in {"_", "phrase"}:
            yield from strings(given[0])
        elif name == "map" and _name(given[0]) == "_":
            yield from strings(given[1])
        elif (
            name in {"counted", "plural"} and len(given) > 1 and isinstance(given[1], ast.Constant)
        ):
            one = given[1].value
            many = (
                given[2].value
                if len(given) > 2 and isinstance(given[2], ast.Constant)
                else f"{one}s"
            )
            yield (one, many) if name == "counted" else (f"{{count}} {one}", f"{{count}} {many}")

    def _constant(self, node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {
            one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)
        }
        wanted = LOCALS if node in self.scopes else CONSTANTS
        if names & wanted and node.value:
            found = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
            yield from (text for one in found for text in strings(one))

    def made(self) -> Iterator[str]:
        """Yield what is made here and told where it is printed: messages, hints and what `say` says."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield from (
                    text
                    for part in _parts(node)
                    for text in self.templates(part, self.scopes.get(node))
                )

    def templates(
        self, node: ast.AST | None, scope: ast.FunctionDef | None, depth: int = 0
    ) -> list[str]:
        """Return every text that an expression can make, with a name in braces for each value."""
        if isinstance(node, ast.Constant):
            return (
                [node.value.replace("{", "{{").replace("}", "}}")]
                if isinstance(node.value, str)
                else [str(node.value)]
            )
        if isinstance(node, ast.JoinedStr):
            return _joined([self.templates(part, scope, depth) for part in node.values])
        if isinstance(node, ast.FormattedValue):
            return self.templates(node.value, scope, depth)
        if isinstance(node, ast.IfExp):
            return [
                *self.templates(node.body, scope, depth),
                *self.templates(node.orelse, scope, depth),
            ]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and _is_text(node):
            return _joined(
                [self.templates(node.left, scope, depth), self.templates(node.right, scope, depth)]
            )
        if isinstance(node, ast.BoolOp):
            return [text for one in node.values for text in self.templates(one, scope, depth)]
        if (
            depth < 3
            and scope is not None
            and isinstance(node, ast.Name)
            and (found := self._assigned(node.id, scope))
        ):
            return [text for one in found for text in self.templates(one, scope, depth + 1)]
        if (
            depth < 3
            and isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in self.functions
        ):
            function = self.functions[node.func.id]
            found = [
                one.value
                for one in ast.walk(function)
                if isinstance(one, ast.Return) and one.value is not None
            ]
            if "str" in ast.unparse(function.returns or ast.Constant(None)):
                return [text for one in found for text in self.templates(one, function, depth + 1)]
        return ["{" + _placeholder(node) + "}"]

    def _assigned(self, name: str, scope: ast.FunctionDef) -> list[ast.expr]:
        """Return the texts that a local name is given; nothing where it is given anything else too."""
        found = [
            one.value
            for one in ast.walk(scope)
            if isinstance(one, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == name for target in one.targets)
        ]
        return found if found and all(_is_text(one) for one in found) else []


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_text(node.body) and _is_text(node.orelse)
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _parts(node: ast.Call) -> list[ast.expr]:
    """Return the arguments of a call that are texts for people: those after a message code, and what is said."""
    name = _name(node.func)
    if name in {"say"}:
        return node.args[:1]
    if name in {"ValueError"}:
        return node.args[:1]
    codes = [
        place
        for place, one in enumerate(node.args)
        if isinstance(one, ast.Constant) and re.fullmatch(r"UD\d{3}", str(one.value))
    ]
    if codes or name in {"Problem", "PydanticCustomError", "problem"}:
        start = codes[0] + 1 if codes else 1
        rest = [
            one
            for one in node.args[start : start + 3]
            if not (isinstance(one, ast.Name) and one.id in {"way", "file", "path", "name"})
        ]
        named = [one.value for one in node.keywords if one.arg in {"message", "hint", "why"}]
        return [*rest, *named]
    return [one.value for one in node.keywords if one.arg == "why"]


def _name(node: ast.AST) -> str:
    return (
        node.attr
        if isinstance(node, ast.Attribute)
        else node.id
        if isinstance(node, ast.Name)
        else ""
    )


def _placeholder(node: ast.AST | None) -> str:
    """Return a name for a value: that of the variable, with `_and` or `_or` for names with that word between them."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "join"
    ):
        between = (
            ast.literal_eval(node.func.value).strip()
            if isinstance(node.func.value, ast.Constant)
            else ""
        )
        return "names" + (f"_{between}" if between in {"and", "or"} else "")
    names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)] if node else []
    attributes = (
        [one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)] if node else []
    )
    words = [
        one
        for one in (*attributes, *names)
        if one not in {"self", "str", "len", "strip", "join", "sorted", "repr"}
    ]
    return words[0].lower().strip("_") if words else "value"


def _joined(parts: list[list[str]]) -> list[str]:
    found = ["".join(one) for one in itertools.islice(itertools.product(*parts), _MOST)]
    return [_numbered(text) for text in found]


def _numbered(text: str) -> str:
    """Return a text in which no two values have one name."""
    seen: dict[str, int] = {}

    def named(match: re.Match[str]) -> str:
        seen[match[1]] = seen.get(match[1], 0) + 1
        return "{" + match[1] + (str(seen[match[1]]) if seen[match[1]] > 1 else "") + "}"

    return re.sub(r"(?<!\{)\{(\w+?)\d*\}(?!\})", named, text)


def strings(node: ast.AST) -> Iterator[str]:
    """Yield the texts of a literal, or of the literals of a tuple, a list or a choice."""
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(map(str.isalpha, node.value))
    ):
        yield node.value
    elif isinstance(node, ast.Tuple | ast.List):
        for one in node.elts:
            yield from strings(one)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from strings(value)
    elif isinstance(node, ast.IfExp):
        yield from itertools.chain(strings(node.body), strings(node.orelse))


def modules(*rooms: str) -> Iterator[Path]:
    """Yield the modules of rooms."""
    yield from sorted(path for room in rooms for path in (SOURCE / room).rglob("*.py"))


def templates() -> Iterator[str]:
    """Yield the texts of the templates of pages."""
    for path in sorted(SOURCE.rglob("*.j2")):
        tree = Environment().parse(path.read_text(encoding="utf-8"))
        found = (text for _line, _function, text in extract_from_ast(tree, ["_"]))
        first = (text[0] if isinstance(text, tuple) else text for text in found)
        yield from (text for text in first if text)


def said() -> list[str | tuple[str, str]]:
    """Return every text that is looked up where it is shown; with both forms where it depends on a number."""
    found: dict[str | tuple[str, str], None] = dict.fromkeys(WORDS)
    for path in [*modules("render", "cli"), SOURCE / "law" / "diff.py"]:
        found |= dict.fromkeys(Texts(path).said())
    found |= dict.fromkeys(templates())
    both = {one for one in found if isinstance(one, tuple)}
    return [one for one in found if one not in {text for pair in both for text in pair}]


def made() -> list[str]:
    """Return every text that is made below the views and told where it is printed."""
    found: dict[str, None] = {}
    for path in [
        *modules(
            "files",
            "engine",
            "law",
            "names",
            "tables",
            "evidence",
            "scoring",
            "analysis",
            "register",
            "export",
            "cli",
        ),
        *(SOURCE / name for name in ("api.py", "changes.py")),
    ]:
        found |= dict.fromkeys(Texts(path).made())
    bare = {text: None for text in found if any(map(str.isalpha, re.sub(r"\{\w+\}", "", text)))}
    return list(
        dict.fromkeys(
            [*bare, *PUT_TOGETHER, *PROPERTIES.values(), *_codes(), *_law(), *_borders(), *_help()]
        )
    )


def _codes() -> Iterator[str]:
    for code in CODES.values():
        yield from (code.title, code.more, code.example)


def _law() -> Iterator[str]:
    for version in shipped().versions:
        yield from (version.version.title, version.version.law)
        for doubt in version.doubts:
            yield doubt.text


def _borders() -> Iterator[str]:
    with (SOURCE.parents[1] / "criteria" / "published" / "borders.csv").open(
        encoding="utf-8", newline=""
    ) as stream:
        for row in csv.DictReader(stream):
            yield from row["note"].split("; ")


def _help() -> Iterable[str]:
    from udsat.cli.app import application
    from udsat.cli.translation import texts

    return list(texts(get_command(application())))


def merged() -> Catalog:
    """Return the catalogue of the sources, with the translations that there are."""
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
    keys = [(text, None) for text in said()] + [(text, MADE) for text in made()]
    for text, context in keys:
        there = old.get(text, context)
        string = there.string if there and not there.fuzzy else ""
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
