"""The doors to other engines: frames in and frames out, nothing collected, and problems told with their areas."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import udsat
from commandline import udsat as command
from udsat.errors import InvalidTable, TableError, UsageError

pytestmark = [
    pytest.mark.engines,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
AREAS = {
    "area": ["Ringparken", "Æblehaven's \\ {0}", "Sejlvang"], "municipality": ["Slagelse", None, "Vestby"], "list_year": [2019, 2019, 2021],
    "residents": ["2008", "990-1010", ""], "outside_labour_market_pct": [41.2, 40.0, 55.5], "convicted_pct": [2.07, 2.03, 3.0],
    "basic_education_pct": [Decimal("70.20"), Decimal("60.00"), None], "non_western_pct": [57.0, 50.0, 50.1], "Remark {x}": ["a", "b'", "\\n"],
}  # fmt: skip


@pytest.fixture
def areas() -> pd.DataFrame:
    return pd.DataFrame(AREAS)


def rows(frame: pd.DataFrame) -> list[dict[str, str]]:
    return [
        {name: "" if pd.isna(value) else str(value).removesuffix(" 00:00:00") for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


@pytest.mark.parametrize("detail", ["areas", "criteria"])
def test_a_spark_frame_gives_a_spark_frame(spark: Any, areas: pd.DataFrame, detail: Any) -> None:
    from pyspark.sql import DataFrame

    types = "area string, municipality string, list_year int, residents string, outside_labour_market_pct double, convicted_pct double, "
    frame = spark.createDataFrame(
        [tuple(row) for row in zip(*AREAS.values(), strict=True)],
        types + "basic_education_pct decimal(5,2), non_western_pct double, `Remark {x}` string",
    )
    scored = udsat.score(frame.repartition(2), detail=detail)
    assert isinstance(scored, DataFrame)
    keys = ["area", "criterion"] if detail == "criteria" else ["area"]
    here = udsat.score(areas, detail=detail)
    there = pd.DataFrame([row.asDict() for row in scored.collect()])
    assert rows(there.sort_values(keys)[list(here.columns)]) == rows(here.sort_values(keys))


def test_a_table_of_postgresql_gives_a_table_of_postgresql(postgres: Any, areas: pd.DataFrame) -> None:
    postgres.create_table("doors", areas, overwrite=True)
    before = set(postgres.list_tables())
    scored = udsat.score(postgres.table("doors"))
    assert set(postgres.list_tables()) == before
    postgres.create_table("door_verdicts", scored, overwrite=True)
    here = udsat.score(areas)
    there = pd.DataFrame(postgres.table("door_verdicts").to_pyarrow().to_pylist())
    assert rows(there.sort_values("area")[list(here.columns)]) == rows(here.sort_values("area"))


WRONG = {
    "area": ["Ringparken", "Ringparken", "Hegnet", "Sejlvang"], "municipality": ["Slagelse"] * 4, "list_year": [2019] * 4,
    "residents": ["2008", "2008", "12,5", "many"], "convicted_pct": [2.0, 2.0, 102.0, 3.0],
}  # fmt: skip


@pytest.mark.parametrize("engine", ["spark", "postgres"])
def test_every_problem_is_told_with_its_area(engine: str, request: pytest.FixtureRequest) -> None:
    session = request.getfixturevalue(engine)
    wrong = pd.DataFrame(WRONG | {"residents": ["2008", "2008", "12.5", "many"]})
    if engine == "spark":
        frame = session.createDataFrame([tuple(row) for row in zip(*wrong.to_dict("list").values(), strict=True)], list(wrong.columns))
    else:
        session.create_table("wrong", wrong, overwrite=True)
        frame = session.table("wrong")
    with pytest.raises(InvalidTable) as caught:
        udsat.score(frame)
    told = {(problem.code, problem.file.partition(">, ")[2], problem.value) for problem in caught.value.problems}
    assert told == {
        ("UD110", "Hegnet, Slagelse, 2019", "12.5"), ("UD102", "Hegnet, Slagelse, 2019", "102"), ("UD101", "Sejlvang, Slagelse, 2019", "many"),
        ("UD201", "", ""),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "row", "word"),
    [
        ("area string, list_year int, convicted_pct float", ("A", 2019, 2.0), "float"),
        ("area double, list_year int, convicted_pct double", (1.0, 2019, 2.0), "double"),
        ("area string, list_year int, convicted_pct string", ("A", 2019, "2,07"), "decimal comma"),
        ("area string, list_year int, convicted_pct double", ("A", None, 2.07), "dated"),
    ],
)
def test_what_would_be_read_otherwise_than_here_is_refused(spark: Any, schema: str, row: tuple[Any, ...], word: str) -> None:
    with pytest.raises(TableError, match=word):
        udsat.score(spark.createDataFrame([row], schema))


def test_other_databases_are_refused() -> None:
    ibis = pytest.importorskip("ibis")
    with pytest.raises(UsageError, match="duckdb"):
        udsat.score(ibis.memtable({"area": ["A"]}))


def test_parquet_in_and_parquet_out(spark: Any, areas: pd.DataFrame, tmp_path: Path) -> None:
    areas.drop(columns="basic_education_pct").to_parquet(tmp_path / "areas.parquet")
    command(tmp_path, "score", "areas.parquet", "-o", "here.parquet")
    done = command(tmp_path, "score", str(tmp_path / "areas.parquet"), "--engine", "spark", "-o", str(tmp_path / "there.parquet"))
    assert (done.status, (tmp_path / "there.parquet" / "_SUCCESS").exists()) == (0, True)
    here, there = (pd.read_parquet(tmp_path / name).sort_values("area") for name in ("here.parquet", "there.parquet"))
    assert rows(there[list(here.columns)].astype(object)) == rows(here.astype(object))
    again = command(tmp_path, "score", str(tmp_path / "areas.parquet"), "--engine", "spark", "-o", str(tmp_path / "there.parquet"))
    assert (again.status, "cannot be written by Spark" in again.err) == (2, True)
