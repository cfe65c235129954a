"""What the code base must not have, found by reading its source: each rule returns its offenders by name."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "udsat"
MODULES = sorted(SOURCE.rglob("*.py"))
#: A module has no more lines than these, unless it holds data alone.
MOST_LINES = 300
#: Modules that hold data and no logic.
DATA = {"messages/catalog.py"}


@cache
def tree(path: Path) -> ast.Module:
    """Return a module as Python reads it."""
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path) -> str:
    """Return a module's path below the package: `tables/headings.py`."""
    return path.relative_to(SOURCE).as_posix()


def imported(path: Path) -> Iterator[str]:
    """Yield what a module imports, by its dotted name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (
                f"{node.module}.{alias.name}" if _is_package(node.module) else node.module
                for alias in node.names
            )


def _is_package(name: str) -> bool:
    return (SOURCE.parent / Path(*name.split("."))).is_dir()


def classes_defined_twice() -> set[str]:
    """Return the names of classes that more than one module defines."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                found[node.name].add(place(path))
            elif alias := _alias(node):
                found[alias].add(place(path))
    return {name for name, places in found.items() if len(places) > 1}


def _alias(node: ast.AST) -> str:
    """Return the name of a type that an assignment gives a name: `Rows = Sequence[Row]`."""
    if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
        return ""
    target, value = node.targets[0], node.value
    is_type = isinstance(value, ast.Subscript | ast.BinOp) and isinstance(target, ast.Name)
    return target.id if is_type and target.id[:1].isupper() and not target.id.isupper() else ""  # type: ignore[union-attr]


def long_modules() -> set[str]:
    """Return the modules with too many lines."""
    found = {
        place(path) for path in MODULES if len(path.read_text("utf-8").splitlines()) > MOST_LINES
    }
    return found - DATA


def split_texts() -> set[str]:
    """Return the modules that take apart a text which another module joined, with the mark between."""
    joins: dict[str, set[str]] = defaultdict(set)
    splits: dict[str, set[str]] = defaultdict(set)
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner, method = node.func.value, node.func.attr
            if method == "join" and isinstance(owner, ast.Constant):
                joins[str(owner.value)].add(place(path))
            if method in {"split", "rsplit", "partition", "rpartition"} and node.args:
                mark = node.args[0]
                if isinstance(mark, ast.Constant) and isinstance(mark.value, str):
                    splits[mark.value].add(place(path))
    return {
        f"{module} '{mark}'"
        for mark, modules in splits.items()
        if len(mark) > 1
        for module in modules
        if joins[mark] - {module}
    }


def untyped_seams() -> set[str]:
    """Return the public functions and fields with a mapping of anything that other packages use."""
    used: set[str] = set()
    for path in MODULES:
        used |= {name for name in imported(path) if _package(name) != _package(_dotted(path))}
    found = set()
    for path in MODULES:
        if any(name == _dotted(path) or name.startswith(f"{_dotted(path)}.") for name in used):
            found |= {f"{place(path)} {name}" for name in _untyped(tree(path))}
    return found


def _untyped(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield from _in_signature(node, node.name)
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for one in node.body:
                if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
                    yield from _in_signature(one, f"{node.name}.{one.name}")
                elif isinstance(one, ast.AnnAssign) and _is_untyped(one.annotation):
                    yield f"{node.name}.{ast.unparse(one.target)}"


def _in_signature(node: ast.FunctionDef, name: str) -> Iterator[str]:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    if any(_is_untyped(one.annotation) for one in given) or _is_untyped(node.returns):
        yield name


def _is_untyped(annotation: ast.expr | None) -> bool:
    text = ast.unparse(annotation) if annotation else ""
    return any(word in text for word in ("Mapping[str, Any]", "dict[str, Any]"))


def _dotted(path: Path) -> str:
    return "udsat." + place(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _package(name: str) -> str:
    return name.split(".")[1] if name.startswith("udsat.") else ""


def statute_in_code(names: set[str]) -> set[str]:
    """Return the modules with a word of the statutes: a measure, a criterion or a category by its id."""
    return {
        f"{place(path)} {node.value}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in names
    }


RULES: dict[str, Callable[[], set[str]]] = {
    "classes_defined_twice": classes_defined_twice,
    "long_modules": long_modules,
    "split_texts": split_texts,
    "untyped_seams": untyped_seams,
}
