"""Files out: whole or not at all, the same bytes for the same input, exact numbers in
every format.
"""

from __future__ import annotations

from udsat.export.cells import text
from udsat.export.csv import to_csv
from udsat.export.parquet import to_parquet
from udsat.files import opened, whole

__all__ = ["opened", "text", "to_csv", "to_parquet", "whole"]
