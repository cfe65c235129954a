"""Rules on what a criteria file tells of its sources: paragraphs, and doubts with their status."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from udsat.law.definition import Definition
from udsat.law.lint.shape import meant, nearest
from udsat.law.lint.tree import doubt_blocks, leaves, texts
from udsat.law.positions import Path
from udsat.messages.problems import Problem
from udsat.messages.text import EMPTY, Text

_PARAGRAPH = re.compile(r"§ ?\d")
#: Words in a text that say that a fact is not certain.
_DOUBT = re.compile(
    r"\?|\b(probably|presumably|perhaps|uncertain|unconfirmed|not"
    r" confirmed|inferred|formentlig|vistnok|måske)\b",
    re.IGNORECASE,
)
#: What a fact of the law is told in; the texts of doubts themselves are not meant.
_FACTS = ("version", "publication", "area", "measures", "criteria", "categories", "years_in_row")


def paragraphs(one: Definition) -> Iterator[Problem]:
    """A source names a paragraph, unless a doubt says why there is none."""
    doubted = {point for block in doubt_blocks(one.tree) for point in texts(block.get("about"))}
    for way, source in leaves(one.tree):
        if (
            way[-1] != "source"
            or way[0] in {"doubts", "publication"}
            or not isinstance(source, str)
            or not source
        ):
            continue
        if (
            not _PARAGRAPH.search(source)
            and not {".".join(map(str, way[:n])) for n in range(1, len(way) + 1)} & doubted
        ):
            hint = Text("cite it as § 61 a, stk. 1, or say in a doubt about it why there is none")
            yield one.problem(
                "UD415", way, Text("'{source}' names no paragraph", source=source), hint, source
            )


def doubtful(one: Definition) -> Iterator[Problem]:
    """A fact whose text says that it is not certain has a doubt with its status."""
    doubted = {point for block in doubt_blocks(one.tree) for point in texts(block.get("about"))}
    for way, text in leaves(one.tree):
        if (
            way[0] not in _FACTS
            or way[-1] == "danish"
            or not isinstance(text, str)
            or text.startswith("http")
        ):
            continue
        word, points = (
            _DOUBT.search(text),
            {".".join(map(str, way[:n])) for n in range(1, len(way) + 1)},
        )
        if word and not points & doubted:
            hint = Text(
                'add a [[doubts]] with about = ["{names}"] and a status',
                names=".".join(map(str, way)),
            )
            yield one.problem(
                "UD416",
                way,
                Text(
                    "'{word}' says that this is doubtful, and no doubt gives it a status",
                    word=word[0],
                ),
                hint,
                text,
            )


def doubts(one: Definition) -> Iterator[Problem]:
    """A doubt is about something that is there, and its id is its own."""
    first: dict[object, int] = {}
    for number, block in enumerate(doubt_blocks(one.tree)):
        name = block.get("id")
        if isinstance(name, str) and first.setdefault(name, number) != number:
            line = one.places.of(("doubts", first[name], "id")).line
            hint = Text("two doubts are two questions: choose another id")
            yield one.problem(
                "UD435",
                ("doubts", number, "id"),
                Text("the id '{name}' is given twice; first on line {line}", name=name, line=line),
                hint,
                name,
            )
        for place, point in enumerate(texts(block.get("about"))):
            found, near = _follow(one.tree, point)
            if not found and tuple(point.split(".")[:-1]) not in one.torn:
                yield one.problem(
                    "UD417",
                    ("doubts", number, "about", place),
                    Text("'{point}' is not in this file", point=point),
                    near,
                    point,
                )


def _follow(tree: Any, point: str) -> tuple[bool, Text]:
    """Return whether a way leads to something, and what may be meant where it does not."""
    way: Path = ()
    for key in point.split("."):
        if not isinstance(tree, dict) or key not in tree:
            if not isinstance(tree, dict):
                return False, EMPTY
            if near := nearest(key, tree):
                return False, Text("did you mean '{near}'?", near=".".join(map(str, (*way, near))))
            return False, meant(key, tree)
        tree, way = tree[key], (*way, key)
    return tree is not None, EMPTY
