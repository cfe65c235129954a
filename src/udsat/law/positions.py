"""Where the keys of a TOML file stand: line and position of every key and value, and keys that are
given twice.

`tomllib` reads the values and knows no places. Here a grammar that survives mistakes finds the
places and reads nothing. It is loaded only when there is something to report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from udsat.files import toml

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

#: The way to a key: names, and numbers of elements in arrays.
Path = tuple[str | int, ...]
_KEYS = {"bare_key", "quoted_key", "dotted_key"}
_TABLES = {"table", "table_array_element"}


class Position(NamedTuple):
    """A line and a position in it, both counted from 1, in characters."""

    line: int
    position: int


class Twice(NamedTuple):
    """A key that is given a second time: its way, both places, and the bytes of the second, to
    leave them out.
    """

    path: Path
    place: Position
    first: Position
    span: tuple[int, int]


@dataclass
class Positions:
    """The places of a text."""

    keys: dict[Path, Position] = field(default_factory=dict)
    values: dict[Path, Position] = field(default_factory=dict)
    twice: list[Twice] = field(default_factory=list)
    #: Spans of bytes that are no TOML.
    broken: list[tuple[int, int]] = field(default_factory=list)

    def of(self, path: Path, value: bool = False) -> Position:
        """Return the place of a key (or of its value), else of the nearest block around it."""
        while path:
            found = (
                (self.values.get(path) if value else None)
                or self.keys.get(path)
                or self.values.get(path)
            )
            if found:
                return found
            path = path[:-1]
        return Position(1, 1)


def places(text: str) -> Positions:
    r"""Return the places of all keys and values of a TOML text, as far as it can be understood.

    >>> found = places("[criteria.crime]\nthreshold = 2.70\n")
    >>> tuple(found.of(("criteria", "crime", "threshold"), value=True))
    (2, 13)
    """
    return _Walk(text).found


@lru_cache
def _parser() -> Parser:
    import tree_sitter_toml
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_toml.language()))


class _Walk:
    """One walk over the tree of a text."""

    def __init__(self, text: str) -> None:
        self.data = text.encode()
        self.lines = self.data.split(b"\n")
        self.found = Positions()
        #: How many elements each array of tables has so far.
        self.elements: dict[Path, int] = {}
        for node in _parser().parse(self.data).root_node.children:
            self._top(node)

    def _top(self, node: Node) -> None:
        if node.type == "pair":
            self._pair(node, ())
        elif node.type in _TABLES:
            self._table(node)
        elif node.type == "ERROR" or node.has_error:
            self.found.broken.append((node.start_byte, node.end_byte))

    def _table(self, node: Node) -> None:
        key = next((child for child in node.children if child.type in _KEYS), None)
        if key is None:
            return
        path = self._resolved(tuple(_names(key)), node.type == "table_array_element")
        self._keep(path, key, node)
        for child in node.children:
            if child.type == "pair":
                self._pair(child, path)
            elif child.type == "ERROR":
                self.found.broken.append((child.start_byte, child.end_byte))

    def _resolved(self, names: Path, is_element: bool) -> Path:
        """Return the way to a table; what stands below an array of tables belongs to its last
        element so far.
        """
        path: Path = ()
        for name in names[:-1]:
            path += (name,)
            path += (self.elements[path] - 1,) if path in self.elements else ()
        path += names[-1:]
        if is_element:
            self.elements[path] = self.elements.get(path, 0) + 1
            self.found.keys.setdefault(path, Position(1, 1))
            return (*path, self.elements[path] - 1)
        return path

    def _pair(self, node: Node, above: Path) -> None:
        key, *rest = [
            child
            for child in node.children
            if child.is_named and child.type not in {"comment", "ERROR"}
        ]
        path = (*above, *_names(key))
        if node.has_error and node.parent and node.parent.type in {"document", *_TABLES}:
            self.found.broken.append((node.start_byte, node.end_byte))
        if self._keep(path, key, node) and rest and len(path) <= toml.DEEPEST:
            self._value(rest[0], path)

    def _keep(self, path: Path, key: Node, whole: Node) -> bool:
        """Note the place of a key, unless it was given before."""
        place = self._place(key)
        if path in self.found.keys and not isinstance(path[-1], int):
            self.found.twice.append(
                Twice(path, place, self.found.keys[path], (whole.start_byte, whole.end_byte))
            )
            return False
        self.found.keys[path] = place
        return True

    def _value(self, node: Node, path: Path) -> None:
        self.found.values[path] = self._place(node)
        if node.type == "inline_table":
            for child in node.children:
                if child.type == "pair":
                    self._pair(child, path)
        elif node.type == "array" and len(path) <= toml.DEEPEST:
            elements = [
                child
                for child in node.children
                if child.is_named and child.type not in {"comment", "ERROR"}
            ]
            for number, child in enumerate(elements):
                self._value(child, (*path, number))

    def _place(self, node: Node) -> Position:
        row, column = node.start_point
        return Position(row + 1, len(self.lines[row][:column].decode(errors="replace")) + 1)


def _names(key: Node) -> Iterator[str]:
    """Return the parts of a key, unquoted."""
    waiting = [key]  # a dotted key of many parts is a deep tree
    while waiting:
        node = waiting.pop()
        if node.type == "dotted_key":
            waiting += [child for child in reversed(node.children) if child.type in _KEYS]
        else:
            text = (node.text or b"").decode()
            yield next(iter(toml.loads(f"{text}=0"))) if node.type == "quoted_key" else text
