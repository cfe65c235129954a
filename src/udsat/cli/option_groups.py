"""Makes the fields of option groups options of the commands that name the groups."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def spread(command: Callable[..., T]) -> Callable[..., T]:
    """Return a command that takes the fields of its option groups as options of its own.

    A parameter of a group such as `scoring: Scoring` becomes one option per field, in the order of
    the fields.
    """
    hints = get_type_hints(command, include_extras=True)
    parameters = inspect.signature(command).parameters.values()
    groups = {
        name: kind
        for name, hint in hints.items()
        if dataclasses.is_dataclass(kind := get_origin(hint) or hint) and isinstance(kind, type)
    }
    spreads = [one for parameter in parameters for one in _options(parameter, hints, groups)]

    @functools.wraps(command)
    def run(**given: Any) -> T:
        formed = {
            name: kind(**{field.name: given.pop(field.name) for field in dataclasses.fields(kind)})
            for name, kind in groups.items()
        }
        return command(**given, **formed)

    run.__signature__ = inspect.Signature(spreads)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in spreads}
    return run


def _options(
    parameter: inspect.Parameter, hints: dict[str, Any], groups: dict[str, type]
) -> list[inspect.Parameter]:
    group = groups.get(parameter.name)
    if group is None:
        return [
            parameter.replace(annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY)
        ]
    kinds = get_type_hints(group, include_extras=True)
    given = get_args(hints[parameter.name])  # what replaces the type variables of a group
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=_filled(kinds[field.name], given),
        )
        for field in dataclasses.fields(group)
    ]


def _filled(kind: Any, given: Sequence[Any]) -> Any:
    return kind[given] if getattr(kind, "__parameters__", ()) else kind
