"""A criteria file as read: its text, its tree of values, and what is wrong with it as TOML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from udsat.files import reading, toml
from udsat.law.positions import Path as Way
from udsat.law.positions import Position, Positions, places
from udsat.messages.problems import CriteriaError, Problem
from udsat.messages.text import EMPTY, Text, of_error

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_DECIMAL_COMMA = re.compile(r"=\s*-?\d+,\d")
#: So many mistakes of writing are shown at most; a file with more is something else.
_MOST = 20


@dataclass(frozen=True)
class Definition:
    """One file. `tree` has the values of all that could be read; decimals are exact."""

    name: str
    data: bytes
    text: str
    tree: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    #: A block lost a line or more that could not be read: what is missing in it is no news.
    torn: frozenset[Way] = field(default_factory=frozenset)

    @cached_property
    def places(self) -> Positions:
        """Where the keys stand."""
        return places(self.text)

    def problem(
        self,
        code: str,
        way: Way,
        message: Text,
        hint: Text = EMPTY,
        value: object = None,
        expected: str = "",
    ) -> Problem:
        """Return a problem at a key, or at its value where a value is given."""
        place = self.places.of(way, value is not None)
        column = ".".join(map(str, way))
        return Problem(
            code,
            message,
            hint,
            self.name,
            place.line,
            column,
            "" if value is None else str(value),
            expected,
            place.position,
        )


def read(path: Path) -> Definition:
    """Return a file as a definition; raise `CriteriaError` where it cannot be read at all."""
    try:
        data = reading.content(path)
    except OSError as error:
        raise CriteriaError(
            Problem(
                "UD401", Text("cannot be read: {strerror}", strerror=error.strerror), file=str(path)
            )
        ) from error
    return parse(data, str(path))


def parse(data: bytes, name: str) -> Definition:
    """Return bytes as a definition, with every mistake of writing as a problem and the rest as its
    tree.
    """
    try:
        text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        problem = Problem(
            "UD402",
            Text("is no TOML file: byte {start} is no UTF-8", start=error.start),
            Text("save it as UTF-8"),
            name,
        )
        return Definition(name, data, "", {}, (problem,), frozenset({()}))
    try:
        return Definition(name, data, text, toml.loads(text, parse_float=Decimal))
    except toml.TooDeep as error:
        problem = Problem(
            "UD402",
            Text("is no TOML that can be read: {error}", error=of_error(error)),
            Text("name blocks as criteria/README.md does"),
            name,
        )
        return Definition(name, data, "", {}, (problem,), frozenset({()}))
    except toml.NotToml:
        return _mend(data, text, name)


def _mend(data: bytes, text: str, name: str) -> Definition:
    """Leave out what is no TOML, piece by piece, and keep a problem for each piece."""
    found = places(text)
    problems = [_twice(one, name, text) for one in found.twice]
    rest = _blank(text, [one.span for one in found.twice])
    torn: set[Way] = set()
    while len(problems) < _MOST:
        try:
            tree = toml.loads(rest, parse_float=Decimal)
        except toml.NotToml as error:
            place = _place(error, rest)
            problems.append(_no_toml(error, place, name, text))
            line = rest.split("\n")[place.line - 1]
            torn.add(_block(rest, place.line))
            if not line.strip() or line.lstrip().startswith("[") or "=" not in line:
                return Definition(name, data, text, {}, tuple(problems), frozenset({()}))
            rest = _without(rest, place.line)
        else:
            return Definition(name, data, text, tree, tuple(problems), frozenset(torn))
    return Definition(name, data, text, {}, tuple(problems), frozenset({()}))


def _twice(one: Any, name: str, text: str) -> Problem:
    key = ".".join(map(str, one.path))
    line = text.split("\n")[one.place.line - 1].strip()
    message = Text(
        "'{path}' is given twice; first on line {line}", path=one.path[-1], line=one.first.line
    )
    return Problem(
        "UD408",
        message,
        Text("keep one of them"),
        name,
        one.place.line,
        key,
        line,
        "",
        one.place.position,
    )


def _no_toml(error: toml.NotToml, place: Position, name: str, text: str) -> Problem:
    line = text.split("\n")[place.line - 1]
    said = _AT.sub("", str(error))
    message = Text("is no TOML: {said}", said=said[:1].lower() + said[1:])
    if isinstance(error, toml.TooLong):
        message = Text("is no TOML: a whole number has more digits than can be read")
    hint = (
        Text("write decimals with a point")
        if _DECIMAL_COMMA.search(line)
        else Text("texts are in double quotes, one key on a line")
    )
    return Problem("UD402", message, hint, name, place.line, "", line.strip(), "", place.position)


def _place(error: toml.NotToml, text: str) -> Position:
    """Return the place of a mistake; one at the end of the file is on the last line that says
    something.
    """
    at = _AT.search(str(error))
    if at and at[1]:
        return Position(int(at[1]), int(at[2]))
    return Position(text.rstrip().count("\n") + 1, 1)


def _block(text: str, line: int) -> Way:
    """Return the block that a line stands in."""
    for before in reversed(text.split("\n")[:line]):
        if header := re.match(r"\s*\[\[?([^]]+)\]", before):
            return tuple(part.strip().strip("\"'") for part in header[1].split("."))
    return ()


def _without(text: str, line: int) -> str:
    lines = text.split("\n")
    lines[line - 1] = ""
    return "\n".join(lines)


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    """Return a text with spans of its bytes blanked out; every line stays where it is."""
    data = bytearray(text.encode())
    for start, end in spans:
        data[start:end] = bytes(10 if byte == 10 else 32 for byte in data[start:end])
    return data.decode()
