"""Files out: whole or not at all, the same bytes for the same input, exact numbers in
every format.
"""

from __future__ import annotations

from udsat.files import opened, whole
from udsat.tables.write.cells import text
from udsat.tables.write.delimited import to_csv
from udsat.tables.write.parquet import to_parquet

__all__ = ["opened", "text", "to_csv", "to_parquet", "whole"]
