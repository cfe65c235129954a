"""How udsat behaves in a shell: completion, help, terminals of any width, progress, files that must be left alone."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest
import typer
from typer.testing import CliRunner

from commandline import COMMAND, GOOD, contents, environment, table, udsat
from udsat import engine
from udsat.cli import completion, errors, interrupts, progress
from udsat.cli.app import application
from udsat.law.loader import criteria_folder
from udsat.messages.problems import Problem, TableError

POSIX = pytest.mark.skipif(
    sys.platform == "win32", reason="needs signals and terminals as POSIX has them"
)
NAME = "Gellerupparken/Toveshøj m.fl."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "areas.csv").write_bytes(
        table(GOOD, GOOD.replace("Ravnehøj", NAME).replace("50.5", "12.5").replace(",2000,", ",,"))
    )
    return tmp_path


# Completion ----


def _offered(folder: Path, shell: str, line: str) -> str:
    words = line.split(" ")
    more = {
        "_UDSAT_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    more |= {
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": words[-1],
    }
    code = "import sys; sys.argv = ['udsat']; from udsat.cli.app import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell", "pwsh"])
@pytest.mark.parametrize(
    ("line", "offered", "not_offered"),
    [
        ("udsat sco", "score", "template"),
        ("udsat score areas.csv --criteria 201", "2014", "2021"),
        ("udsat score areas.csv --only para", "parallelsamfund", "udsat"),
        ("udsat score areas.csv --fail-on ghe", "ghetto", "omdannelse"),
        ("udsat criteria show 20", "2018", "ghetto"),
    ],
)
def test_every_shell_completes_commands_versions_and_categories(
    shell: str, line: str, offered: str, not_offered: str, folder: Path
) -> None:
    words = re.findall(r"[a-z_]+|\d{4}", _offered(folder, shell, line))
    assert offered in words
    assert not_offered not in words


def test_areas_of_the_tables_already_typed_complete(folder: Path) -> None:
    small = typer.Typer()

    @small.command()
    def explain(
        table: str, area: str = typer.Argument(autocompletion=completion.areas)
    ) -> None: ...

    more = {
        "_EXPLAIN_COMPLETE": "complete_bash",
        "COMP_WORDS": "explain areas.csv Gel",
        "COMP_CWORD": "2",
    }
    place = os.getcwd()
    os.chdir(folder)
    try:
        found = CliRunner().invoke(small, [], env=more, prog_name="explain")
    finally:
        os.chdir(place)
    assert found.stdout.strip() == NAME


# Help ----


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", {})
    yield from ((name, command) for _ in [0] if not inner)
    for part, one in inner.items():
        yield from _commands(one, f"{name} {part}")


@pytest.mark.parametrize(
    "name", [name for name, _ in _commands(typer.main.get_command(application()), "udsat")]
)
def test_the_help_of_every_command_has_an_example(name: str, tmp_path: Path) -> None:
    run = udsat(tmp_path, *name.split(" ")[1:], "--help")
    assert run.status == 0
    assert re.search(rf"Examples?:\s+{re.escape(name)}", run.out)


# Terminals ----


def _in_terminal(folder: Path, columns: int, *arguments: str, **more: str) -> str:
    """Return what a command writes to a terminal of a width."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = environment(TERM="xterm-256color", **more)
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=folder, stdout=theirs, stderr=subprocess.DEVNULL, env=env
    ):
        os.close(theirs)
        found = b""
        try:
            while chunk := os.read(ours, 65_536):
                found += chunk
        except OSError:  # how Linux says that a terminal was closed
            pass
    os.close(ours)
    return found.decode("utf-8")


@POSIX
@pytest.mark.parametrize("columns", [72, 80, 100, 120, 160, 200, 240])
def test_no_line_of_a_table_is_wider_than_its_terminal_and_no_number_or_category_is_broken(
    columns: int, folder: Path
) -> None:
    lines = _in_terminal(folder, columns, "score", "areas.csv", NO_COLOR="1").split("\r\n")
    assert max(map(len, lines)) <= columns
    text = "\n".join(lines)
    for whole in ("50.5 ●", "12.5 ○", "+10.5", "-27.5", "ghettoområde", "education", "2015"):
        assert whole in text


@POSIX
@pytest.mark.parametrize("columns", [72, 80, 200])
def test_the_long_form_cuts_nothing_in_a_terminal(columns: int, folder: Path) -> None:
    text = _in_terminal(folder, columns, "score", "areas.csv", "--detail", "criteria", NO_COLOR="1")
    assert "…" not in text
    assert max(map(len, text.split("\r\n"))) <= columns
    for whole in ("labour market", "not met", "§ 61 a, stk. 1, nr. 2", NAME):
        assert whole in text


@POSIX
@pytest.mark.parametrize(
    ("more", "arguments"), [({"NO_COLOR": "1"}, []), ({}, ["--color", "never"])]
)
def test_a_terminal_without_colours_gets_plain_text(
    more: dict[str, str], arguments: list[str], folder: Path
) -> None:
    assert "\x1b" not in _in_terminal(folder, 80, "score", "areas.csv", *arguments, **more)


def test_lines_in_a_pipe_end_where_their_text_ends(folder: Path) -> None:
    lines = udsat(folder, "score", "areas.csv").out.splitlines()
    assert [line for line in lines if line != line.rstrip()] == []


# Progress ----


class _Terminal:
    def __init__(self, is_terminal: bool) -> None:
        self.text = ""
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None: ...


@pytest.mark.parametrize(
    ("is_terminal", "wanted", "patience", "drawn"),
    [
        (True, True, 0.0, True),
        (False, True, 0.0, False),
        (True, False, 0.0, False),
        (True, True, 60.0, False),
    ],
)
def test_progress_is_drawn_for_people_who_wait_and_wiped_at_the_end(
    is_terminal: bool, wanted: bool, patience: float, drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = _Terminal(is_terminal)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "PATIENCE", patience)
    monkeypatch.setattr(progress, "BEAT", 0.01)
    with progress.doing("writing out.csv", wanted):
        assert list(progress.counted(range(2_500))) == list(range(2_500))
        time.sleep(0.1)
    assert ("udsat: writing out.csv: 2,000 rows, 0 s" in terminal.text) == drawn
    assert terminal.text.endswith("\r\x1b[K") == drawn


# Files that must be left alone ----


def _link(folder: Path, name: str, target: str) -> None:
    try:
        (folder / name).symlink_to(folder / target)
    except OSError:
        pytest.skip("no symbolic links here")


@pytest.mark.parametrize(
    "spelling", ["areas.csv", "./areas.csv", "sub/../areas.csv", "link.csv", "hard.csv"]
)
def test_an_input_is_never_overwritten_however_it_is_spelt(spelling: str, folder: Path) -> None:
    (folder / "sub").mkdir()
    _link(folder, "link.csv", "areas.csv")
    os.link(folder / "areas.csv", folder / "hard.csv")
    before = contents(folder)
    run = udsat(folder, "score", "areas.csv", "-o", spelling)
    assert (run.status, f"UD513 '{spelling}' is an input" in run.err, contents(folder)) == (
        2,
        True,
        before,
    )


@pytest.mark.parametrize(
    ("beside", "option"),
    [("out.csv.manifest.json", "--manifest"), ("datapackage.json", "--datapackage")],
)
def test_what_is_written_beside_an_output_never_hits_an_input(
    beside: str, option: str, folder: Path
) -> None:
    (folder / beside).write_bytes((folder / "areas.csv").read_bytes())
    before = contents(folder)
    run = udsat(folder, "score", "areas.csv", "--history", beside, "-o", "out.csv", option)
    assert (run.status, f"UD513 '{beside}' is an input" in run.err, contents(folder)) == (
        2,
        True,
        before,
    )


def test_a_file_on_standard_input_is_not_overwritten(folder: Path) -> None:
    before = contents(folder)
    with (folder / "areas.csv").open("rb") as stream:
        ran = subprocess.run(
            [*COMMAND, "score", "-", "-o", "areas.csv"],
            cwd=folder,
            stdin=stream,
            capture_output=True,
            env=environment(),
            check=False,
        )
    assert (ran.returncode, b"is an input" in ran.stderr, contents(folder)) == (2, True, before)


def test_the_files_of_the_law_are_not_overwritten(folder: Path) -> None:
    shipped = criteria_folder() / "references.csv"
    before = shipped.read_bytes()
    _link(folder, "law.csv", "areas.csv")
    run = udsat(folder, "score", "areas.csv", "-o", str(shipped))
    assert (run.status, "is an input" in run.err, shipped.read_bytes() == before) == (2, True, True)


# Signals ----


@POSIX
@pytest.mark.parametrize("ending", ["xlsx", "jsonl", "md"])
def test_ctrl_c_while_a_file_is_written_gives_130_and_leaves_nothing(
    ending: str, tmp_path: Path
) -> None:
    (tmp_path / "areas.csv").write_bytes(
        table(*[GOOD.replace("Ravnehøj", f"Ravnehøj {n}") for n in range(30_000)])
    )
    command = [*COMMAND, "score", "areas.csv", "-o", f"out.{ending}"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, env=environment()) as run:
        while not any(tmp_path.glob(".udsat-*")) and run.poll() is None:
            time.sleep(0.01)
        while (
            run.poll() is None
        ):  # the engine may miss a signal that comes just as a query ends: people press again
            run.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                run.wait(timeout=2)
        assert run.stderr
        err = run.stderr.read().decode()
    assert run.returncode in {130, -signal.SIGINT}, (
        err
    )  # Python may end itself by the signal; a shell reports both as 130
    assert err.splitlines()[-1] == "udsat: interrupted"
    assert set(contents(tmp_path)) == {"areas.csv"}


@pytest.mark.parametrize("text", ["Query interrupted", "INTERRUPT Error: Interrupted!"])
def test_a_query_that_ctrl_c_stopped_is_no_bug(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> int:
        raise RuntimeError(text)

    assert (errors._status(command), capsys.readouterr().err) == (130, "udsat: interrupted\n")


@pytest.mark.parametrize(
    "error",
    [TableError(Problem("UD708", "cannot be read to its end")), ValueError("odd")],
    ids=repr,
)
def test_after_ctrl_c_whatever_goes_wrong_is_an_interruption(
    error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def command() -> int:
        raise error

    monkeypatch.setattr(interrupts, "pressed", lambda: True)
    assert (errors._status(command), capsys.readouterr().err) == (130, "udsat: interrupted\n")


LISTENING = """
import threading
from udsat.cli import interrupts
from udsat import engine
stopped = threading.Event()
engine.stop = stopped.set
interrupts.listen()
try:
    print("ready", flush=True)
    threading.Event().wait(60)
except KeyboardInterrupt:
    print("stopped" if stopped.wait(60) and interrupts.pressed() else "not stopped", flush=True)
"""


@POSIX
def test_ctrl_c_stops_the_engine_while_python_waits() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LISTENING], stdout=subprocess.PIPE, text=True, env=environment()
    ) as run:
        assert run.stdout
        assert run.stdout.readline() == "ready\n"
        run.send_signal(signal.SIGINT)
        assert run.stdout.read() == "stopped\n"
    assert run.returncode == 0


def test_every_query_is_stopped_from_another_thread() -> None:
    first = engine.connect()
    endless = "SELECT max(hash(a.range + b.range)) FROM range(10_000_000) a, range(10_000_000) b"
    with ThreadPoolExecutor(2) as hands:
        running = [hands.submit(one.execute, endless) for one in (first, engine.another(first))]
        while not all(one.done() for one in running):  # one that has not begun yet is not stopped
            time.sleep(0.1)
            engine.stop()
    assert [type(one.exception()) for one in running] == [duckdb.InterruptException] * 2


@POSIX
@pytest.mark.parametrize("form", ["jsonl", "markdown"])
def test_a_pipe_that_closes_is_silent_in_new_formats(form: str, tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_bytes(
        table(*[GOOD.replace("Ravnehøj", f"Ravnehøj {n}") for n in range(3_000)])
    )
    with subprocess.Popen(
        [*COMMAND, "score", "areas.csv", "--format", form],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as run:
        assert run.stdout and run.stderr
        run.stdout.readline()
        run.stdout.close()
        err = run.stderr.read().decode()
    assert (run.returncode, err.count("\n")) == (0, 1)
