"""Other engines than the embedded one: what is planned here is run there, and rows stay where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from udsat.tables.engines.base import Place


def of(data: Any) -> Place | None:
    """Return the engine that has a frame or table of its own; None for what is scored in this process."""
    kind = type(data).__module__.partition(".")[0]
    if kind == "pyspark":
        from udsat.tables.engines.spark import Spark

        return Spark(data)
    if kind == "ibis":
        from udsat.tables.engines.warehouse import Warehouse

        return Warehouse(data)
    return None
