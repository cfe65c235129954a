"""Scores a sample by what one extra brings, and compares the verdicts with those of the engine that is always there.

Run it where the package and this extra are installed, and nothing else: it shows that the extra asks for all that it needs.

python tests/extras.py EXTRA
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet

import udsat
from udsat.messages.annotation import joined

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "samples" / "published_areas.parquet"
COLUMNS = ("area", "municipality", "list_date", "met_count", "category", "years_in_row", "notes")
Verdicts = list[tuple[str, ...]]


def verdicts(rows: Iterable[Mapping[str, Any]]) -> Verdicts:
    """Return the verdicts as text, in an order of their own, because not every engine has one."""
    return sorted(tuple(str(row[column]) for column in COLUMNS) for row in rows)


def usual() -> Verdicts:
    """Return the verdicts that need no extra."""
    return verdicts(udsat.score(pyarrow.parquet.read_table(SAMPLE)).to_pylist())


def polars() -> Verdicts:
    """Return the verdicts of polars."""
    found = udsat.evaluate([str(SAMPLE)], engine="polars").areas()
    return verdicts(row | {"notes": joined(row["notes"]) or None} for row in found)


def spark() -> Verdicts:
    """Return the verdicts of Spark, in a session of this process."""
    from pyspark.sql import SparkSession

    builder = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
    )
    session = (
        builder.config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    try:
        scored = udsat.score(session.read.parquet(str(SAMPLE)))
        return verdicts(row.asDict() for row in scored.select(*COLUMNS).collect())
    finally:
        session.stop()


def postgres() -> Verdicts:
    """Return the verdicts of a PostgreSQL server that is started for it."""
    import ibis

    from conformance.server import postgres_server

    with postgres_server() as host:
        database = ibis.postgres.connect(host=host, user="udsat", database="postgres")
        areas = database.create_table("areas", pyarrow.parquet.read_table(SAMPLE))
        found = verdicts(udsat.score(areas).select(*COLUMNS).to_pyarrow().to_pylist())
        database.disconnect()
    return found


#: By the name of each extra in pyproject.toml.
EXTRAS: dict[str, Callable[[], Verdicts]] = {"polars": polars, "spark": spark, "postgres": postgres}


def main(arguments: Sequence[str]) -> int:
    """Return 0 where the extra gives the usual verdicts, 1 where others, 2 for a wrong argument."""
    if len(arguments) != 1 or arguments[0] not in EXTRAS:
        print(f"give one of {', '.join(EXTRAS)}", file=sys.stderr)
        return 2
    expected, found = usual(), EXTRAS[arguments[0]]()
    if found != expected:
        print(*(f"{arguments[0]}: {one}" for one in sorted(set(expected) ^ set(found))), sep="\n")
        return 1
    print(f"{arguments[0]}: {len(found)} verdicts as without it")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
