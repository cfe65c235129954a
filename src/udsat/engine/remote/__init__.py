"""Other engines than the embedded one: what is planned here is run there, and rows stay where they
are.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.engine.remote.base import RemoteEngine


def needed(module: str, extra: str) -> None:
    """Raise `UsageError` where what an engine needs is not installed."""
    if find_spec(module) is None:
        raise UsageError(
            Problem(
                "UD514",
                Text("{module} is not installed", module=module),
                Text("pip install 'udsat[{extra}]'", extra=extra),
            )
        )


def of(data: Any) -> RemoteEngine | None:
    """Return the engine that has a frame or table of its own; None for what is scored in this
    process.
    """
    kind = type(data).__module__.partition(".")[0]
    if kind == "pyspark":
        from udsat.engine.remote.spark import Spark

        return Spark(data)
    if kind == "ibis":
        from udsat.engine.remote.postgres import Warehouse

        return Warehouse(data)
    return None
