"""No option of any command, whatever it is given, ends in a bug or a traceback; the options are found in the command line itself."""

from __future__ import annotations

import datetime as dt
import random
import subprocess
from pathlib import Path

import pytest

import sweep
from breadth import spread
from commandline import COMMAND, environment, udsat
from sweep import Case
from udsat.law import loader
from udsat.law.lint import runner
from udsat.messages.problems import UdsatError

STATUSES = {0, 1, 2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sweep")
    sweep.prepare(made)
    return made


def failed(cases: list[Case], folder: Path) -> list[str]:
    """Return the cases that ended in anything but a result or a message that can be read."""
    found = []
    for case in cases:
        run = udsat(folder, *case.words)
        clear = "Traceback" not in run.err + run.out and not sweep.hidden(run.err)
        if run.status not in STATUSES or not clear:
            found.append(f"{case.about}: {run.status} {run.err[-300:]!r}")
    return found


def test_every_option_with_some_hostile_values_ends_with_a_result_or_a_message(
    folder: Path,
) -> None:
    assert failed(sweep.some(), folder) == []


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_every_option_with_every_hostile_value_ends_with_a_result_or_a_message(
    part: int, folder: Path
) -> None:
    assert failed(spread(sweep.few()[part::10]), folder) == []


def test_the_sweep_knows_every_command_and_option() -> None:
    flags = {(*one.command, one.flag) for one in sweep.options()}
    assert {
        ("score", "--problems"),
        ("criteria", "check", "--today"),
        ("aggregate", "--map"),
        ("explain", ""),
    } <= flags
    assert len(sweep.some()) == len(sweep.options()) >= len(sweep.values())


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "areas.csv", "--encoding", "\0"),
        ("aggregate", "persons.csv", "--references-out", "a\0b.csv"),
        ("diff", "old.csv", "areas.csv", "--to", "9" * 5_000),
        ("watch", "areas.csv", "--within", "9" * 5_000),
        ("score", "areas.csv", "--vary", "crime.threshold=" + "9" * 24),
    ],
)
def test_a_nul_and_a_number_beyond_all_machines_are_refused_with_a_code(
    words: tuple[str, ...], folder: Path
) -> None:
    run = udsat(folder, *words)
    assert (run.status, len(run.problems)) == (2, 1), run.err


def test_lines_above_every_figure_all_judge_alike(folder: Path) -> None:
    run = udsat(
        folder,
        "score",
        "areas.csv",
        "--vary",
        "crime.threshold=3000,999999999.5",
        "--format",
        "csv",
    )
    rows = {row["crime.threshold"]: [] for row in run.csv()}
    for row in run.csv():
        rows[row["crime.threshold"]].append(
            [row[key] for key in row if key not in {"variant", "crime.threshold"}]
        )
    assert (run.status, len(rows)) == (0, 2)
    assert rows["3000"] == rows["999999999.5"]


@pytest.mark.parametrize(
    "words",
    [
        (b"score", b"omr\xe5der.csv"),
        (b"score", b"areas.csv", b"--sheet", b"\xff"),
        (b"explain", b"areas.csv", b"\xc3\x28"),
    ],
)
def test_arguments_of_bytes_that_are_no_utf_8_end_with_a_message(
    words: tuple[bytes, ...], folder: Path
) -> None:
    command = [*(word.encode() for word in COMMAND), *words]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, timeout=60, env=environment(), check=False
    )
    assert (
        done.returncode in STATUSES,
        b"Traceback" in done.stderr,
        b" UD" in done.stderr or done.returncode == 0,
    ) == (True, False, True)


@pytest.mark.parametrize("name", ["2018.toml", "2021.toml"])
def test_a_value_of_a_definition_may_be_of_any_kind_and_size(name: str, tmp_path: Path) -> None:
    lines = (Path(__file__).parents[1] / "criteria" / name).read_text("utf-8").split("\n")
    places = [
        number for number, line in enumerate(lines) if " = " in line and not line.startswith("#")
    ]
    values = (
        "-1",
        "9" * 18,
        "9" * 30,
        "1e300",
        "nan",
        "[]",
        "{}",
        "[{}]",
        "9999-12-31",
        "true",
        '""',
        '"\\u001b[2J"',
        "10:00:00",
    )
    released, own = loader.unproven(), tmp_path / "own.toml"
    for number in places:
        for value in random.Random(number).sample(values, 3):
            own.write_text(
                "\n".join(
                    [
                        *lines[:number],
                        f"{lines[number].split(' = ')[0]} = {value}",
                        *lines[number + 1 :],
                    ]
                ),
                "utf-8",
            )
            try:
                found = runner.check([own], released, dt.date(2026, 1, 1))
            except UdsatError as error:
                found = error.problems
            assert not any(sweep.hidden(str(problem)) for problem in found), (lines[number], value)
