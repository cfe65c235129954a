"""Small questions to the tree of a criteria file that forgive whatever is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from udsat.law.positions import Path


def leaves(tree: object, way: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Return every value of a tree with the way to it."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, (*way, key))
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from leaves(value, (*way, number))
    else:
        yield way, tree


def doubt_blocks(tree: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the doubts of a file in their order; an empty block for what is no block."""
    found = tree.get("doubts")
    return (
        [block if isinstance(block, dict) else {} for block in found]
        if isinstance(found, list)
        else []
    )


def texts(values: object) -> Sequence[str]:
    """Return the texts of a list, whatever else it holds."""
    return (
        [value for value in values if isinstance(value, str)]
        if isinstance(values, (list, tuple))
        else []
    )


def blocks(tree: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """Return the blocks of a kind by name, without what is none."""
    found = tree.get(kind)
    return (
        {name: block for name, block in found.items() if isinstance(block, dict)}
        if isinstance(found, dict)
        else {}
    )


def block(tree: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a block, or an empty one."""
    found = tree.get(name)
    return found if isinstance(found, dict) else {}
