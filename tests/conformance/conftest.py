"""The engines that the conformance tests run on: a Spark session of this process, and a PostgreSQL server of the tests' own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


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
    """A connection of Ibis to a server that lives as long as the tests, in a folder of its own, without a port.

    The folder is none of pytest's: other runs would clear it away.
    """
    ibis = pytest.importorskip(
        "ibis", reason="Ibis is not installed: pip install 'udsat[postgres]'"
    )
    programs = _programs()
    if programs is None:
        pytest.skip("there is no PostgreSQL: install postgresql")
    root = os.geteuid() == 0
    if root and not (shutil.which("runuser") and _has_user("postgres")):
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres to run it")
    folder = Path(tempfile.mkdtemp(prefix="udsat-postgres-"))
    if root:
        shutil.chown(folder, "postgres")
    first = ["runuser", "-u", "postgres", "--"] if root else []
    data, own = str(folder / "data"), str(folder)
    subprocess.run(
        [
            *first,
            programs / "initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "udsat",
            "--locale=C.UTF-8",
            "-E",
            "UTF8",
        ],
        check=True,
        capture_output=True,
    )
    options = f"-c listen_addresses='' -c unix_socket_directories={own} -c fsync=off"
    control = [*first, programs / "pg_ctl", "-D", data, "-w", "-l", f"{own}/log"]
    subprocess.run(
        [*control, "-o", options, "start"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        connection = ibis.postgres.connect(host=own, user="udsat", database="postgres")
        yield connection
        connection.disconnect()
    finally:
        subprocess.run(
            [*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL
        )
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """Return the folder with the server's programs: Debian keeps it out of the path."""
    for found in (
        shutil.which("pg_ctl"),
        *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")), reverse=True),
    ):
        if found:
            return Path(found).resolve().parent
    return None


def _has_user(name: str) -> bool:
    import pwd

    return any(one.pw_name == name for one in pwd.getpwall())
