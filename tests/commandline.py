"""Runs udsat as a user does, in a folder of its own: as a process where that matters, else within the tests' process."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from udsat.cli.app import application, meant

COMMAND = (sys.executable, "-m", "udsat")
#: What the shell of a developer may set, and what would change the output.
UNSET = (
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "UDSAT_DEBUG",
    "UDSAT_LANG",
    "PYTHONIOENCODING",
)


#: A table of areas with every measure, and a row that certainly is a ghetto.
HEADER = "area,municipality,list_date,residents,outside_labour_market_pct,convicted_pct,basic_education_pct,income_ratio_pct,non_western_pct"
GOOD = "Ravnehøj,Ringsted,2015-12-01,2000,50.5,3.1,60.2,50.1,60.0"


def table(*rows: str, header: str = HEADER) -> bytes:
    """Return a CSV file."""
    return "\n".join([header, *rows, ""]).encode()


@dataclass(frozen=True)
class Run:
    """What a run left behind: its exit status and its two streams."""

    status: int
    out: str
    err: str

    @property
    def messages(self) -> list[str]:
        """The lines on standard error."""
        return self.err.splitlines()

    @property
    def problems(self) -> list[str]:
        """The lines on standard error that carry a message code, without the name of the program."""
        return [
            line.removeprefix("udsat: ")
            for line in self.messages
            if " UD" in line and "nothing was scored" not in line
        ]

    def csv(self) -> list[dict[str, str]]:
        """Return standard output as rows."""
        return list(csv.DictReader(io.StringIO(self.out)))

    def json(self) -> Any:
        """Return standard output as JSON."""
        return json.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a run: the test's own without what changes the output."""
    return {name: value for name, value in os.environ.items() if name not in UNSET} | more


def udsat(folder: Path, *arguments: str, stdin: bytes = b"", **more: str) -> Run:
    """Run udsat in a folder, within this process; `more` are environment variables."""
    without: dict[str, str | None] = dict.fromkeys(UNSET)
    with contextlib.chdir(folder):
        result = CliRunner().invoke(
            application(meant(arguments)),
            arguments,
            input=stdin,
            env=without | more,
            prog_name="udsat",
        )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Run(result.exit_code, result.stdout, result.stderr)


def process(folder: Path, *arguments: str, stdin: bytes = b"", **more: str) -> Run:
    """Run udsat in a folder, as a process of its own."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        timeout=120,
        env=environment(**more),
        check=False,
    )
    return Run(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file in a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
