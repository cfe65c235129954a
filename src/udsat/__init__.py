"""udsat: scores Danish housing areas against the statutory criteria, exactly and with reasons."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from udsat.api import Scored, evaluate, explain, score, watch
    from udsat.changes import audit, diff, history
    from udsat.messages.problems import (
        CriteriaError,
        InvalidTable,
        Problem,
        TableError,
        UdsatError,
        UsageError,
    )

__version__ = "0.1.0"
__all__ = [
    "CriteriaError",
    "InvalidTable",
    "Problem",
    "Scored",
    "TableError",
    "UdsatError",
    "UsageError",
    "__version__",
    "audit",
    "diff",
    "evaluate",
    "explain",
    "history",
    "score",
    "watch",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for, so that importing the package
    costs nothing.
    """
    if name in {"Scored", "evaluate", "explain", "score", "watch"}:
        return getattr(import_module("udsat.api"), name)
    if name in {"audit", "diff", "history"}:
        return getattr(import_module("udsat.changes"), name)
    if name in __all__:
        return getattr(import_module("udsat.messages.problems"), name)
    raise AttributeError(f"module 'udsat' has no attribute '{name}'")
