"""Every command that gives a result writes it in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from commandline import udsat
from udsat.cli.app import application


def commands(group: Any) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from ((f"{name} {inner}", one) for inner, one in commands(command))
        else:
            yield name, command


def test_every_result_has_the_same_two_options() -> None:
    app = get_command(application())
    helps = {
        name: {one.opts[0]: getattr(one, "help", "") for one in command.params}
        for name, command in commands(app)
        if name != "criteria new"  # writes the files that it is given
    }
    for option in ("-o", "--format"):
        assert len({found.get(option) for found in helps.values()}) == 1, option


@pytest.mark.parametrize(
    ("words", "file", "start"),
    [
        (("explain", "UD101"), "a.md", "# UD101"),
        (("criteria", "list"), "a.json", '{\n  "schema": "udsat.criteria-list/1"'),
        (("criteria", "diff", "2014", "2018"), "a.json", "{"),
        (("criteria", "check"), "a.csv", "file,line,position,column,"),
        (("criteria", "check"), "a.xml", "<?xml"),
    ],
)
def test_an_answer_goes_to_a_file(
    words: tuple[str, ...], file: str, start: str, tmp_path: Path
) -> None:
    run = udsat(tmp_path, *words, "-o", file)
    assert (run.status, run.out) == (0, ""), run.err
    assert (tmp_path / file).read_text(encoding="utf-8").startswith(start)


def test_a_page_is_printed_where_its_format_is_asked_for_alone(tmp_path: Path) -> None:
    run = udsat(tmp_path, "report", "areas.csv")
    assert run.status == 2
    assert "UD511 there is no output (give -o FILE, or --format html to print it)" in run.err
