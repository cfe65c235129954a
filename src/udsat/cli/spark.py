"""`udsat score --engine spark`: Parquet in and Parquet out, on the cluster that the session belongs
to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from udsat.cli.options import Dash, OutputOptions, Scoring
from udsat.cli.output.formats import ScoreFormat
from udsat.cli.output.target import format_of, needs_a_file
from udsat.engine.remote import needed
from udsat.messages.problems import Problem, TableError, UsageError
from udsat.messages.text import Text, first_line


def score(
    tables: Sequence[str],
    scoring: Scoring,
    detail: Literal["areas", "criteria"],
    options: OutputOptions[ScoreFormat],
    others: Mapping[str, Any],
) -> int:
    """Score Parquet files where Spark reads them, and write the verdicts as Parquet; nothing is
    replaced.
    """
    _refuse([*(name for name, given in others.items() if given), *_unfit(scoring)])
    output = _place(options)
    needed("pyspark", "spark")
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    from udsat import engines
    from udsat.engine.remote.spark import Spark

    session = SparkSession.builder.appName("udsat").getOrCreate()
    try:
        place = Spark(session.read.parquet(*tables))
    except PySparkException as error:
        raise TableError(
            Problem(
                "UD303",
                Text("cannot be read by Spark: {first}", first=first_line(error)),
                Text("give Parquet files"),
                ", ".join(tables),
            )
        ) from error
    given = {name: value for name, value in scoring.given().items() if name in engines.OPTIONS}
    frame = engines.evaluate(place, list_year=scoring.list_year, **given).frame(detail)
    try:
        frame.write.parquet(output)
    except PySparkException as error:
        raise UsageError(
            Problem(
                "UD502",
                Text(
                    "'{output}' cannot be written by Spark: {first}",
                    output=output,
                    first=first_line(error),
                ),
                Text("name a new place"),
            )
        ) from error
    return 0


def _place(options: OutputOptions[ScoreFormat]) -> str:
    """Return where the verdicts go: a folder of Parquet files that may lie on object storage."""
    if options.output is None:
        raise needs_a_file("parquet")
    format_of(options.output.rstrip("/"), ["parquet"], options.format and options.format.value)
    return options.output


def _unfit(scoring: Scoring) -> list[str]:
    """Return the options that Spark's frames leave no use for."""
    given = {
        "--decimal": scoring.decimal, "--dash": scoring.dash is not Dash.missing,
        "--delimiter": scoring.delimiter, "--encoding": scoring.encoding, "--sheet": scoring.sheet,
        "--header-row": scoring.header_row, "--columns": scoring.columns,
        "--skip-invalid": scoring.skip_invalid, "--group": scoring.group,
        "--compare": scoring.compare, "--memory": scoring.memory,
    }  # fmt: skip
    return [name for name, value in given.items() if value]


def _refuse(names: Sequence[str]) -> None:
    if names:
        message = Text("--engine spark does not go with {names}", names=", ".join(names))
        raise UsageError(Problem("UD510", message, Text("leave one of them out")))
