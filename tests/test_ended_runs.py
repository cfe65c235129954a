"""Runs that are ended by others: what they made is gone, and what a killed one left is named and stays."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import persons as oracle
from commandline import COMMAND, GOOD, contents, environment, process, table, udsat
from test_aggregate import person
from test_files import POSIX, long_table, temporary


def running(
    folder: Path, command: tuple[str, ...], place: Path, seen: Callable[[], bool]
) -> subprocess.Popen[bytes]:
    """Start a run and wait until it has made what is to be seen."""
    run = subprocess.Popen(
        [*COMMAND, *command], cwd=folder, stderr=subprocess.PIPE, env=environment(TMPDIR=str(place))
    )
    until = time.monotonic() + 60
    while not seen() and run.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    assert run.poll() is None, "the run was over before it could be ended"
    return run


@contextlib.contextmanager
def slow(folder: Path, what: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Start a run that takes a while, and yield it when it has files of its own: an output, a copy, or a folder to count in."""
    place = temporary(folder)
    commands = {
        "output": ("score", "in.csv", "-o", "out.csv"),
        "workbook": ("score", "in.csv", "-o", "out.xlsx"),
        "copy": ("score", "in.csv", "-o", "out.csv"),
        "persons": ("aggregate", "p.csv", "-o", "c.csv"),
        "report": ("report", "in.csv", "-o", "out.html"),
    }
    if what == "persons":
        row = oracle.as_csv(
            [person(n, area="Ærøparken") for n in range(300)], folder / "p.csv"
        ).read_bytes()
        head, _, rows = row.decode().partition("\n")
        (folder / "p.csv").write_bytes(f"{head}\n{rows * 1_000}".encode("cp1252"))
    else:
        (folder / "in.csv").write_bytes(
            long_table().decode().encode("cp1252") if what == "copy" else long_table()
        )
    seen = {
        "output": lambda: any(folder.glob(".udsat-*")),
        "workbook": lambda: any(folder.glob(".udsat-*")),
        "copy": lambda: any(one.stat().st_size for one in place.rglob("*.csv")),
        "persons": lambda: any(one.stat().st_size for one in place.rglob("*.csv")),
        "report": lambda: any(place.glob("udsat-spill-*")),
    }
    run = running(folder, commands[what], place, seen[what])
    try:
        yield run, place
    finally:
        with contextlib.suppress(ProcessLookupError):
            run.kill()
        run.wait()
        assert run.stderr
        run.stderr.close()


@POSIX
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("what", ["output", "workbook", "copy", "persons", "report"])
def test_a_run_that_is_asked_to_end_removes_its_own_files(
    what: str, name: str, tmp_path: Path
) -> None:
    number = getattr(signal, name)
    if name == "SIGHUP" and what not in {"output", "persons"}:
        pytest.skip("one of each kind is enough")
    with slow(tmp_path, what) as (run, place):
        inputs = {name for name in contents(tmp_path) if name in {"in.csv", "p.csv"}}
        run.send_signal(number)
        err = run.communicate(timeout=20)[1]
    assert (run.returncode, b"Traceback" in err) == (128 + number, False), err
    assert set(contents(tmp_path)) == inputs
    assert list(place.iterdir()) == []


@POSIX
def test_a_hang_up_that_is_ignored_ends_nothing(tmp_path: Path) -> None:
    """As `nohup` asks for."""
    code = "import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); from udsat.cli import interrupts; interrupts.listen(); "
    code += "signal.raise_signal(signal.SIGHUP); import time; time.sleep(0.2); print('on')"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "on\n")


@POSIX
@pytest.mark.parametrize("what", ["output", "persons"])
def test_what_a_killed_run_left_is_named_with_the_command_that_removes_it_and_stays(
    what: str, tmp_path: Path
) -> None:
    with slow(tmp_path, what) as (run, place):
        run.kill()
        run.wait()
    left = [*tmp_path.glob(".udsat-*"), *place.iterdir()]
    assert left
    (tmp_path / "small.csv").write_bytes(table(GOOD))
    before = contents(tmp_path)
    again = process(tmp_path, "score", "small.csv", "-o", "small.json", TMPDIR=str(place))
    assert again.status == 0
    after = contents(tmp_path)
    assert after.pop("small.json") and after == before
    warnings = [line for line in again.messages if "UD507" in line]
    assert warnings and len(warnings) == len({line.partition(": UD507")[0] for line in warnings})
    for line in warnings:
        command = line[line.index("rm -r --") : line.rindex(")")]
        subprocess.run(["/bin/sh", "-c", command], cwd="/", check=True)
    assert not [*tmp_path.glob(".udsat-*")] and not [
        one for one in place.iterdir() if any(one.iterdir())
    ]
    quiet = process(tmp_path, "score", "small.csv", "-o", "small.json", TMPDIR=str(place))
    assert "UD507" not in quiet.err


@POSIX
def test_files_of_a_run_that_goes_on_are_not_named(tmp_path: Path) -> None:
    with slow(tmp_path, "persons") as (_, place):
        (tmp_path / "small.csv").write_bytes(table(GOOD))
        assert "UD507" not in process(tmp_path, "score", "small.csv", TMPDIR=str(place)).err


@POSIX
@pytest.mark.parametrize("name", ["it's here; rm -rf x", "-rf", "new\nline", "æøå $HOME"])
def test_the_command_fits_folders_of_any_name(name: str, tmp_path: Path) -> None:
    out = tmp_path / name
    out.mkdir()
    (out / f".udsat-{'0' * 16}.tmp").write_text("left")
    (out / "kept").write_text("kept")
    (tmp_path / "in.csv").write_bytes(table(GOOD))
    run = udsat(
        tmp_path,
        "score",
        "in.csv",
        "-o",
        f"{name}/out.csv" if name[0] != "-" else f"./{name}/out.csv",
    )
    assert run.status == 0
    assert run.err.count("UD507") == 1
    command = run.err[run.err.index("rm -r --") : run.err.rindex(")")]
    subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True)
    assert sorted(os.listdir(out)) == ["kept", "out.csv"]


@POSIX
def test_a_child_that_was_forked_leaves_the_files_of_its_parent(tmp_path: Path) -> None:
    code = "import os; from udsat.engine import spill; from udsat.tables.readers import transcode; t = transcode.copied([b'x'])\n"
    code += "if os.fork() == 0:\n    del t; raise SystemExit\n"
    code += "os.wait(); print(t.path.exists(), os.path.isdir(spill.folder()))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(TMPDIR=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, list(tmp_path.iterdir())) == ("True True\n", []), done.stderr


@POSIX
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["SIGTERM", "SIGINT"]
)
def test_a_signal_while_the_program_loads_ends_it_as_later(
    number: int, status: int, tmp_path: Path
) -> None:
    code = "import os, sys, time, types\nfrom udsat.cli import interrupts\n"
    code += "sys.modules['udsat.engine'] = types.ModuleType('engine'); sys.modules['udsat.files'] = types.ModuleType('files')\n"
    code += f"interrupts.listen()\ntry:\n    os.kill(os.getpid(), {int(number)}); time.sleep(20)\n"
    code += "except KeyboardInterrupt:\n    time.sleep(0.2); sys.exit(130)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (status, "")
