"""The layers of the code base: a module imports only from its own package and from layers below."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from guards import MODULES, SOURCE, imported, place
from udsat.law import loader

#: From the ground up: a package imports from those below it; packages of one layer do not know each other.
LAYERS = [
    {"messages", "ticks"},
    {"files"},
    {"engine", "law"},
    {"names"},
    {"tables"},
    {"evidence"},
    {"scoring", "register"},
    {"analysis"},
    {"export"},
    {"render", "engines"},
    {"api"},
    {"changes"},
    {"cli"},
]
#: The version is a plain text in the package itself; everyone may print it.
OPEN = {"udsat"}


def package(name: str) -> str:
    """Return the package of a dotted name: `udsat.tables.headings` is in `tables`."""
    return name.split(".")[1] if "." in name else name


def layer(name: str) -> int:
    return next(number for number, packages in enumerate(LAYERS) if name in packages)


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_a_module_imports_from_its_own_package_and_from_layers_below_only(path: Path) -> None:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    if parts[0] in {"__init__", "__main__"}:
        return
    names = {
        package(name)
        for name in imported(path)
        if name.startswith("udsat") and name != "udsat.__version__"
    } - OPEN
    above = {name for name in names if name != parts[0] and layer(name) >= layer(parts[0])}
    assert above == set()


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_rich_and_typer_appear_in_render_and_cli_alone(path: Path) -> None:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    heavy = {name.split(".")[0] for name in imported(path)} & {"rich", "typer"}
    assert heavy == set() or parts[0] in {"render", "cli"}


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_other_engines_appear_in_a_package_of_their_own_and_in_the_command_that_starts_one(
    path: Path,
) -> None:
    heavy = {name.split(".")[0] for name in imported(path)} & {
        "ibis",
        "polars",
        "pyspark",
        "sqlglot",
    }
    assert heavy == set() or "remote" in path.parts or path.name == "spark.py"


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_names_are_compared_by_the_resolver_alone(path: Path) -> None:
    assert "udsat.names.spelling" not in set(imported(path)) or path.parent.name == "names"


@pytest.mark.parametrize("path", MODULES, ids=place)
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
    limits_of_messages = {
        ("cells.py", 60),
        ("rows.py", 60),
        ("repeated_keys.py", 60),
    }  # lengths and counts of parts
    assert found - limits_of_messages == set()


def test_no_module_groups_measures_by_the_windows_of_the_law() -> None:
    """Which measures are means of years, a definition says: a group of names that are all such, or all not, knows it without asking."""
    measures = {
        name: block
        for version in loader.shipped().versions
        for name, block in version.measures.items()
    }
    means = {name for name, block in measures.items() if block.is_mean_of_years}
    found = {
        (path.name, *names)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Tuple, ast.List, ast.Set))
        for names in [tuple(item.value for item in node.elts if isinstance(item, ast.Constant))]
        if len(names) > 1 and (set(names) <= means or set(names) <= set(measures) - means)
    }
    assert found == set()


#: What writes, renames or removes files and folders, or makes them.
WRITERS = {
    "unlink", "rmtree", "rmdir", "removedirs", "rename", "renames", "mkdir", "makedirs", "touch", "truncate", "symlink_to", "symlink",
    "hardlink_to", "link", "link_to", "chmod", "lchmod", "chown", "write_text", "write_bytes", "mkdtemp", "mkstemp", "mktemp", "mkfifo",
    "NamedTemporaryFile", "TemporaryDirectory", "TemporaryFile", "SpooledTemporaryFile", "copyfile", "copyfileobj", "copytree", "setxattr",
}  # fmt: skip
#: The same words of other libraries: a call of each is no writing.
NO_WRITERS = {("engine/remote/translate.py", "replace")}


def writes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of every call that writes, renames or removes."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.attr
            if isinstance(node.func, ast.Attribute)
            else node.func.id
            if isinstance(node.func, ast.Name)
            else ""
        )
        owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        if (
            name in WRITERS
            or (name in {"open", "fdopen"} and _to_write(node))
            or (
                name == "replace"
                and owner
                and (owner == "os" or (len(node.args) == 1 and not node.keywords))
            )  # that of a path has one argument, that of a text two
            or (name in {"remove", "truncate"} and owner == "os")
            or (name in {"copy", "copy2", "move"} and owner == "shutil")
        ):
            yield node.lineno, name


def _to_write(call: ast.Call) -> bool:
    """Whether a file is opened for anything but reading; nothing is written to what leads nowhere."""
    if any(ast.unparse(one) == "os.devnull" for one in call.args):
        return False
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    is_method = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) not in {
        "os",
        "io",
        "gzip",
        "codecs",
    }
    place = 0 if is_method else 1
    mode = given.get(
        "mode", given.get("flags", call.args[place] if len(call.args) > place else None)
    )
    if mode is None:
        return False
    if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "os":
        return any(
            flag in ast.unparse(mode)
            for flag in ("O_WRONLY", "O_RDWR", "O_CREAT", "O_APPEND", "O_TRUNC")
        )
    if not isinstance(mode, ast.Constant):
        return not is_method  # other things than files are opened too, and are given no mode
    return re.fullmatch(r"[rwaxbt+]+", str(mode.value)) is not None and not {*"wax+"}.isdisjoint(
        str(mode.value)
    )


@pytest.mark.parametrize(
    "text",
    [
        "open(a, 'w')", "a.open('ab')", "open(a, mode='r+')", "open(a, how)", "os.open(a, os.O_RDONLY | os.O_CREAT)", "a.replace(b)",
        "os.replace(a, b)", "a.unlink()", "shutil.rmtree(a)", "os.remove(a)", "tempfile.mkdtemp()", "a.write_text('x')", "gzip.open(a, 'wt')",
    ],
)  # fmt: skip
def test_writing_is_recognised_however_it_is_done(text: str) -> None:
    assert len(list(writes(ast.parse(text)))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "open(a)",
        "open(a, 'rb')",
        "a.open('rb')",
        "a.open(encoding='utf-8')",
        "a.replace('x', 'y')",
        "a.remove(b)",
    ],
)
def test_reading_is_no_writing(text: str) -> None:
    assert list(writes(ast.parse(text))) == []


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_files_are_written_renamed_and_removed_in_one_module_alone(path: Path) -> None:
    if place(path) == "files/writing.py":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [
        (line, name) for line, name in writes(tree) if (place(path), name) not in NO_WRITERS
    ] == []
    assert {name.split(".")[0] for name in imported(path)} & {"tempfile", "shutil"} == set()


def test_libraries_write_to_paths_of_that_module_alone() -> None:
    """The engine, Arrow and the writer of workbooks open files themselves: each in one place, with a path that `files` made.

    Spark writes where its cluster stores, and replaces nothing.
    """
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in MODULES
        if any(
            word in path.read_text(encoding="utf-8")
            for word in ("COPY (", "ParquetWriter(", ".Workbook(", ".write.parquet(")
        )
    }
    assert found == {
        "cli/spark.py",
        "tables/readers/csv_large.py",
        "export/parquet.py",
        "export/excel.py",
    }
