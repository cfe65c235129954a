"""The engines that the conformance tests run on: a Spark session of this process, and a PostgreSQL server of the tests' own."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from conformance.server import NoServer, postgres_server


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A Spark session of two threads, which shuffles into several partitions."""
    sql = pytest.importorskip(
        "pyspark.sql", reason="pyspark is not installed: pip install 'udsat[spark]'"
    )
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("there is no Java, which Spark needs: install openjdk-17-jre-headless")
    builder = sql.SparkSession.builder.master("local[2]").appName("udsat-tests")
    settings = {
        "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.shuffle.partitions": "3",
        "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.driver.memory": "2g",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",  # many short queries: compiled once, not well
    }  # fmt: skip
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A connection of Ibis to a server that lives as long as the tests."""
    ibis = pytest.importorskip(
        "ibis", reason="Ibis is not installed: pip install 'udsat[postgres]'"
    )
    with contextlib.ExitStack() as stack:
        try:
            host = stack.enter_context(postgres_server())
        except NoServer as error:
            pytest.skip(str(error))
        connection = ibis.postgres.connect(host=host, user="udsat", database="postgres")
        yield connection
        connection.disconnect()
