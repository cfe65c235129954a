"""The same tables through every engine, each row held against the Fraction oracle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from conformance.tables import NUMBER, TABLES, expected, in_order
from oracle.tables import Table
from support import IN_THEIR_UNITS, agreement, published, reference_table, typed
from udsat import engine, engines
from udsat.law import loader
from udsat.scoring.score import Options, score
from udsat.tables.readers import open as read
from udsat.tables.readers.options import Reading
from udsat.tables.validate.check import check
from udsat.tables.validate.part import Calendar
from udsat.tables.validate.remote import planned

pytestmark = [
    pytest.mark.engines,  # the drivers of Spark and PostgreSQL leave sockets to the garbage collector
    pytest.mark.filterwarnings(
        "ignore::ResourceWarning",
        "ignore::pytest.PytestUnraisableExceptionWarning",
        "ignore:.*infer_string",
    ),
]
Verdicts = list[dict[str, Any]]
Run = Callable[[Table, Mapping[str, Any]], Verdicts]


def arrow(table: Table) -> pa.Table:
    """Return a table with types, its rows numbered and then shuffled."""
    columns = typed(table.rows) | {NUMBER: list(range(len(table.rows)))}
    made = pa.table(
        {
            name: pa.array(cells)
            if any(cell is not None for cell in cells)
            else pa.nulls(len(cells), pa.float64())
            for name, cells in columns.items()
        }
    )
    order = list(range(len(table.rows)))
    Random(0).shuffle(order)
    return made.take(order)


def judged(
    table: Table,
    options: Mapping[str, Any],
    raw: Any,
    connection: engine.Connection,
    judge: Any = score,
) -> Any:
    """Return the verdicts as they are planned, with nothing shipped but the law."""
    law = loader.choose(options["criteria"]) if "criteria" in options else loader.shipped()
    checked = check(
        [raw],
        connection,
        Calendar(law),
        Reading("point", False, options.get("rounded", False), units=IN_THEIR_UNITS),
    )
    said = Options(
        options.get("basis", "published"),
        table.list_year,
        options.get("assume_min_residents", False),
    )
    lists, references = published(table.lists or {}), reference_table(table.references, law)
    return judge(checked.table, law, references, lists, said, connection).areas().to_native()


@pytest.fixture
def on_duckdb() -> Run:
    def run(table: Table, options: Mapping[str, Any]) -> Verdicts:
        connection = engine.connect()
        relation = judged(table, options, read.frame(arrow(table), connection), connection)
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]

    return run


@pytest.fixture
def on_polars() -> Run:
    def run(table: Table, options: Mapping[str, Any]) -> Verdicts:
        connection = engine.connect()
        relation = judged(
            table, options, read.frame(arrow(table), connection), connection, engines.on_polars
        )
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]

    return run


@pytest.fixture
def on_spark(spark: Any) -> Run:
    from udsat.engine.remote.spark import Spark

    def run(table: Table, options: Mapping[str, Any]) -> Verdicts:
        place = Spark(spark.createDataFrame(arrow(table)).repartition(3, "area"))
        frame = place.lazy(judged(table, options, planned(place), place))
        return [row.asDict() for row in frame.collect()]

    return run


@pytest.fixture
def on_postgres(postgres: Any) -> Run:
    from udsat.engine.remote.postgres import Warehouse

    def run(table: Table, options: Mapping[str, Any]) -> Verdicts:
        postgres.create_table("areas", arrow(table), overwrite=True)
        place = Warehouse(postgres.table("areas"))
        postgres.create_table(
            "verdicts", place.lazy(judged(table, options, planned(place), place)), overwrite=True
        )
        return postgres.table("verdicts").to_pyarrow().to_pylist()

    return run


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("run", ["on_duckdb", "on_polars", "on_spark", "on_postgres"])
def test_every_engine_agrees_with_the_oracle_and_in_values_and_notes_with_duckdb(
    run: str, name: str, on_duckdb: Run, request: pytest.FixtureRequest
) -> None:
    hard = TABLES[name]
    table = hard.make(Random(name))
    by_year = table.list_year is not None
    found, theirs = in_order(
        request.getfixturevalue(run)(table, hard.options), expected(table, hard.options), by_year
    )
    assert len(theirs) >= 10
    assert agreement(found, theirs) == []
    here, _ = in_order(on_duckdb(table, hard.options), theirs, by_year)
    assert [plain(record) for record in found] == [plain(record) for record in here]


def plain(record: Mapping[str, Any]) -> dict[str, str]:
    """Return a record without its place, as text: floats by their shortest decimal, so to the last bit."""
    return {name: str(value) for name, value in record.items() if name != "row"}
