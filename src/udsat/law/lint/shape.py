"""The shape of a criteria file: every key that is unknown or missing, every value of the wrong
kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from udsat import ticks
from udsat.law.definition import Definition
from udsat.law.lint.tree import leaves
from udsat.law.positions import Path
from udsat.messages.problems import Problem
from udsat.messages.text import EMPTY, Text, verbatim

#: Errors of the model that mean: of the right kind, but none of the values that the key can hold.
_RANGES = {"literal_error", "string_pattern_mismatch", "too_short", "too_long", "string_too_short"}
_COMPARED = ("greater_than", "less_than")
_LIST, _BLOCK = Text("a list"), Text("a block of keys")
_KINDS = {
    "int_type": Text("a whole number"), "number_type": Text("a number"),
    "string_type": Text("a text"), "date_type": Text("a date such as 2018-12-01"),
    "tuple_type": _LIST, "is_instance_of": _LIST,
    "dict_type": _BLOCK, "model_type": _BLOCK, "model_attributes_type": _BLOCK,
}  # fmt: skip


def shape(definition: Definition, model: type[BaseModel]) -> list[Problem]:
    """Return everything about keys and kinds of values that a model does not allow."""
    return [*_by_model(definition, model), *_inexact(definition)]


def meant(word: str, known: Iterable[str]) -> Text:
    """Return a hint that names the nearest known word, or all of a few.

    >>> meant("treshold", ["threshold", "unit"]), meant("x", ["a", "b"])
    ("did you mean 'threshold'?", 'known are a, b')
    """
    words = list(known)
    return near(word, words) or (
        Text("known are {names}", names=", ".join(words)) if words else EMPTY
    )


def near(word: str, known: Iterable[str]) -> Text:
    """Return a hint that names the nearest known word, if one is near.

    >>> near("exceed", ["exceeds", "below"]), near("x", ["exceeds", "below"])
    ("did you mean 'exceeds'?", '')
    """
    found = nearest(word, known)
    return Text("did you mean '{near}'?", near=found) if found else EMPTY


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the nearest known word, if one is near."""
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.6)), None)


def keys_of(model: type[BaseModel], path: Path) -> list[str]:
    """Return the keys that the block at a way may have; none where any name is allowed."""
    kind: Any = model
    for part in path:
        kind = _inner(kind, part)
    return list(kind.model_fields) if _is_model(kind) else []


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _inner(kind: Any, part: str | int) -> Any:
    """Return the type below a key of a type."""
    if _is_model(kind):
        field = kind.model_fields.get(part)
        kind = field.annotation if field else None
    else:
        kind = next((one for one in reversed(get_args(kind)) if one is not Ellipsis), None)
    return (
        next((one for one in get_args(kind) if _is_model(one)), kind)
        if type(None) in get_args(kind)
        else kind
    )


def _by_model(definition: Definition, model: type[BaseModel]) -> Iterator[Problem]:
    try:
        model.model_validate(definition.tree)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            way = _way(detail, definition.tree)
            if detail["type"] == "finite_number" or (
                detail["type"] == "missing" and definition.torn & {(), way[:-1]}
            ):
                continue
            yield _problem(definition, model, way, detail)


def _way(detail: ErrorDetails, tree: Any) -> Path:
    """Return the way to a mistake, without the names that the model gives to kinds of values."""
    way: Path = ()
    for part in detail["loc"]:
        known = (isinstance(tree, dict) and part in tree) or (
            isinstance(tree, list) and isinstance(part, int) and part < len(tree)
        )
        if known:
            tree = tree[part]
        elif part is not detail["loc"][-1] or detail["type"] != "missing":
            continue
        way += (part,)
    return way


def _problem(
    definition: Definition, model: type[BaseModel], way: Path, detail: ErrorDetails
) -> Problem:
    kind, value, name = detail["type"], detail["input"], str(way[-1]) if way else ""
    if kind == "extra_forbidden":
        return definition.problem(
            "UD403",
            way,
            Text("the key '{name}' is unknown", name=name),
            meant(name, keys_of(model, way[:-1])),
        )
    if kind == "missing":
        return _missing(definition, way)
    if kind in {"int_from_float", "int_type"} and isinstance(value, Decimal):
        return definition.problem(
            "UD407",
            way,
            Text("'{value}' is a decimal", value=value),
            Text("write a whole number"),
            value,
            "a whole number",
        )
    if kind in _RANGES or kind.startswith(_COMPARED):
        return _out_of_range(definition, way, detail)
    wanted = _KINDS.get(kind) or verbatim(detail["msg"])
    return definition.problem(
        "UD405",
        way,
        Text("{shown} is not {wanted}", shown=_shown(value), wanted=wanted),
        Text("write {wanted}", wanted=wanted),
        _shown(value),
        wanted,
    )


def _missing(definition: Definition, way: Path) -> Problem:
    name, block = way[-1], ".".join(map(str, way[:-1]))
    if name == "source" and way[0] != "doubts":
        return definition.problem(
            "UD415",
            way,
            Text("{block} names no paragraph", block=block),
            Text('such as source = "§ 61 a, stk. 1, nr. 1"'),
        )
    if name == "status":
        hint = Text("stated, practice, inferred or unconfirmed")
        return definition.problem("UD416", way, Text("the doubt has no status"), hint)
    message = (
        Text("the block [{name}] is missing", name=name)
        if len(way) == 1
        else Text("the key '{name}' is missing", name=name)
    )
    return definition.problem(
        "UD404",
        way,
        message,
        Text("criteria/README.md says what it holds"),
    )


def _out_of_range(definition: Definition, way: Path, detail: ErrorDetails) -> Problem:
    value, context = detail["input"], detail.get("ctx", {})
    if detail["type"] == "literal_error":
        words = [
            word.strip("'\" ")
            for word in str(context.get("expected", "")).replace(" or ", ",").split(",")
        ]
        return definition.problem(
            "UD406",
            way,
            Text("{shown} is none of {names}", shown=_shown(value), names=", ".join(words)),
            near(str(value), words),
            _shown(value),
        )
    if way and way[-1] == "source" and value == "":
        block = ".".join(map(str, way[:-1]))
        return definition.problem(
            "UD415",
            way,
            Text("{block} names no paragraph", block=block),
            Text('such as source = "§ 61 a, stk. 1, nr. 1"'),
            value,
        )
    return definition.problem(
        "UD406",
        way,
        Text("{shown} is not possible here", shown=_shown(value)),
        _asked(detail["type"], detail.get("ctx", {})) or verbatim(detail["msg"]),
        _shown(value),
    )


def _asked(kind: str, context: Mapping[str, Any]) -> Text | None:
    """Return what the model asks of a value."""
    match kind:
        case "greater_than":
            return Text("it should be greater than {least}", least=context["gt"])
        case "greater_than_equal":
            return Text("it should be greater than or equal to {least}", least=context["ge"])
        case "less_than":
            return Text("it should be less than {most}", most=context["lt"])
        case "less_than_equal":
            return Text("it should be less than or equal to {most}", most=context["le"])
        case "string_too_short" if context["min_length"] == 1:
            return Text("it should have at least 1 character")
        case "string_pattern_mismatch":
            return Text("it should match pattern '{pattern}'", pattern=context["pattern"])
        case "too_short" if context["min_length"] == 1:
            return Text(
                "it should have at least 1 item after validation, not {count}",
                count=context["actual_length"],
            )
    return None


def _shown(value: object) -> str:
    """Return a value as a person would name it."""
    if isinstance(value, dict):
        return Text("a block")
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else f"'{value}'"


def _inexact(definition: Definition) -> Iterator[Problem]:
    """Return every decimal that is not written out, or has more places than udsat keeps."""
    for way, number in leaves(definition.tree):
        if not isinstance(number, Decimal) or way[-1] != "threshold":
            continue
        if not number.is_finite():
            yield definition.problem(
                "UD407",
                way,
                Text("'{number}' is no number that can be compared with", number=number),
                Text("write the line"),
                number,
            )
        elif ticks.places(number) > ticks.PLACES or "E" in str(number):
            hint = Text("write it out with at most {places} decimals", places=ticks.PLACES)
            yield definition.problem(
                "UD407", way, Text("'{number}' cannot be kept exactly", number=number), hint, number
            )
