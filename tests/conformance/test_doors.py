"""The doors to other engines: frames in and frames out, nothing collected, and problems told with their areas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

import udsat
from commandline import udsat as command
from udsat.messages.problems import InvalidTable, TableError, UsageError

pytestmark = [
    pytest.mark.engines,
    pytest.mark.filterwarnings(
        "ignore::ResourceWarning",
        "ignore::pytest.PytestUnraisableExceptionWarning",
        "ignore:.*infer_string",
    ),
]
AREAS = {
    "area": ["Ringparken", "Æblehaven's \\ {0}", "Sejlvang"], "municipality": ["Slagelse", None, "Ringsted"], "list_year": [2019, 2019, 2021],
    "residents": ["2008", "990-1010", ""], "outside_labour_market_pct": [41.2, 40.0, 55.5], "convicted_pct": [2.07, 2.03, 3.0],
    "basic_education_pct": [Decimal("70.20"), Decimal("60.00"), None], "non_western_pct": [57.0, 50.0, 50.1], "Remark {x}": ["a", "b'", "\\n"],
}  # fmt: skip


def rows(records: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return records as text, in an order of their own."""
    return sorted(
        ({name: str(value) for name, value in record.items()} for record in records), key=str
    )


#: Java compiles no method that is longer, and runs it many times slower.
LONGEST = 8000
COUNTS = {
    "area": ["Hegnet"] * 5,
    "year": [2016, 2017, 2018, 2019, 2020],
    "residents": [1500] * 5,
} | {
    f"{measure}{base}": [number * 10 + 30 * bool(base)] * 5
    for number, measure in enumerate(
        ["outside_labour_market", "convicted", "basic_education", "non_western"], 1
    )
    for base in ("", "_base")
}


@pytest.mark.parametrize(
    ("given", "more"), [(AREAS, {}), (AREAS, {"detail": "criteria"}), (COUNTS, {"list_year": 2021})]
)
def test_java_compiles_all_that_spark_makes_of_a_query(
    given: Any, more: dict[str, Any], spark: Any, tmp_path: Path
) -> None:
    pyarrow.parquet.write_table(
        pa.table(given), tmp_path / "areas.parquet"
    )  # of a frame made here, Spark knows every cell
    adaptive = "spark.sql.adaptive.enabled"
    spark.conf.set(adaptive, "false")  # else the code is made when the query runs
    try:
        scored = udsat.score(spark.read.parquet(str(tmp_path / "areas.parquet")), **more)
        code = scored._jdf.queryExecution().explainString(
            spark._jvm.org.apache.spark.sql.execution.ExplainMode.fromString("codegen")
        )
    finally:
        spark.conf.unset(adaptive)
    sizes = [int(size) for size in re.findall(r"maxMethodCodeSize:(\d+)", code)]
    assert sizes
    assert max(sizes) <= LONGEST


@pytest.mark.parametrize("detail", ["areas", "criteria"])
def test_a_spark_frame_gives_a_spark_frame(spark: Any, detail: Any) -> None:
    from pyspark.sql import DataFrame

    scored = udsat.score(spark.createDataFrame(pa.table(AREAS)).repartition(2), detail=detail)
    assert isinstance(scored, DataFrame)
    assert rows([row.asDict() for row in scored.collect()]) == rows(
        udsat.score(pa.table(AREAS), detail=detail).to_pylist()
    )


def test_a_table_of_postgresql_gives_a_table_of_postgresql(postgres: Any) -> None:
    postgres.create_table("doors", pa.table(AREAS), overwrite=True)
    before = set(postgres.list_tables())
    scored = udsat.score(postgres.table("doors"))
    assert set(postgres.list_tables()) == before
    postgres.create_table("door_verdicts", scored, overwrite=True)
    assert rows(postgres.table("door_verdicts").to_pyarrow().to_pylist()) == rows(
        udsat.score(pa.table(AREAS)).to_pylist()
    )


WRONG = {
    "area": ["Ringparken", "Ringparken", "Hegnet", "Sejlvang"], "municipality": ["Slagelse"] * 4, "list_year": [2019] * 4,
    "residents": ["2008", "2008", "12.5", "many"], "convicted_pct": [2.0, 2.0, 102.0, 3.0],
}  # fmt: skip


@pytest.mark.parametrize("engine", ["spark", "postgres"])
def test_every_problem_is_told_with_its_area(engine: str, request: pytest.FixtureRequest) -> None:
    session = request.getfixturevalue(engine)
    frame = (
        session.createDataFrame(pa.table(WRONG))
        if engine == "spark"
        else session.create_table("wrong", pa.table(WRONG), overwrite=True)
    )
    with pytest.raises(InvalidTable) as caught:
        udsat.score(frame)
    told = {
        (problem.code, problem.file.partition(">, ")[2], problem.value)
        for problem in caught.value.problems
    }
    assert told == {
        ("UD110", "Hegnet, Slagelse, 2019", "12.5"), ("UD102", "Hegnet, Slagelse, 2019", "102"), ("UD101", "Sejlvang, Slagelse, 2019", "many"),
        ("UD201", "", ""),
    }  # fmt: skip


@pytest.mark.parametrize("engine", ["spark", "postgres"])
def test_a_total_is_refused_whatever_blank_stands_behind_it(
    engine: str, request: pytest.FixtureRequest
) -> None:
    session = request.getfixturevalue(engine)
    given = pa.table(
        {
            "area": ["I alt\t", "Hele landet\u00a0", "Hegnet"],
            "list_year": [2019] * 3,
            "non_western_pct": [51.0, 51.0, 20.0],
        }
    )
    frame = (
        session.createDataFrame(given)
        if engine == "spark"
        else session.create_table("totals", given, overwrite=True)
    )
    with pytest.raises(InvalidTable) as caught:
        udsat.score(frame)
    assert [problem.code for problem in caught.value.problems] == ["UD113", "UD113"]


@pytest.mark.parametrize(
    ("schema", "row", "word"),
    [
        ("area string, list_year int, convicted_pct float", ("A", 2019, 2.0), "float"),
        ("area double, list_year int, convicted_pct double", (1.0, 2019, 2.0), "double"),
        ("area string, list_year int, convicted_pct string", ("A", 2019, "2,07"), "decimal comma"),
        ("area string, list_year int, convicted_pct double", ("A", None, 2.07), "dated"),
    ],
)
def test_what_would_be_read_otherwise_than_here_is_refused(
    spark: Any, schema: str, row: tuple[Any, ...], word: str
) -> None:
    with pytest.raises(TableError, match=word):
        udsat.score(spark.createDataFrame([row], schema))


def test_other_databases_are_refused() -> None:
    ibis = pytest.importorskip("ibis")
    with pytest.raises(UsageError, match="duckdb"):
        udsat.score(ibis.memtable({"area": ["A"]}))


def test_parquet_in_and_parquet_out(spark: Any, tmp_path: Path) -> None:
    pa.parquet.write_table(pa.table(AREAS), tmp_path / "areas.parquet")
    arguments = (
        "score",
        str(tmp_path / "areas.parquet"),
        "--engine",
        "spark",
        "-o",
        str(tmp_path / "there.parquet"),
    )
    done = command(tmp_path, *arguments)
    assert (done.status, (tmp_path / "there.parquet" / "_SUCCESS").exists()) == (0, True), done.err
    command(tmp_path, "score", "areas.parquet", "-o", "here.parquet")
    here, there = (
        rows(pa.parquet.read_table(tmp_path / name).to_pylist())
        for name in ("here.parquet", "there.parquet")
    )
    assert there == here
    again = command(tmp_path, *arguments)
    assert (again.status, "cannot be written by Spark" in again.err) == (2, True)
