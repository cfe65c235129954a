"""Files of other people and of other runs: nothing is removed, replaced, followed or opened up that should not be."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import persons as oracle
from commandline import COMMAND, GOOD, contents, environment, process, table, udsat
from test_aggregate import person

POSIX = pytest.mark.skipif(
    sys.platform == "win32", reason="permissions, links and signals of POSIX"
)
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NOBODY = 65534
MANY = 12_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in.csv").write_bytes(table(GOOD))
    return tmp_path


def temporary(folder: Path) -> Path:
    made = folder / "temporary"
    made.mkdir()
    return made


def long_table(rows: int = MANY) -> bytes:
    return table(*[GOOD.replace("Ravnehøj", f"Ravnehøj {n}") for n in range(rows)])


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# What others made stays ----


@pytest.mark.parametrize("number", ["2025", "999999999"])
def test_files_and_folders_of_a_user_survive_whatever_they_are_called(
    number: str, folder: Path
) -> None:
    lists = folder / f".udsat-{number}-lists"
    lists.mkdir()
    (lists / "2025.csv").write_text("a year of work")
    (folder / f".udsat-{number}-notes.txt").write_text("notes")
    before = contents(folder)
    assert udsat(folder, "score", "in.csv", "-o", "out.csv").status == 0
    after = contents(folder)
    assert after.pop("out.csv") and after == before


def test_what_lies_in_the_temporary_folder_survives_whatever_it_is_called(folder: Path) -> None:
    place = temporary(folder)
    for name in ("udsat-spill-999999999", "udsat-spool-999999999-x", "udsat-spill-abcdefgh"):
        (place / name).mkdir()
        (place / name / "kept.csv").write_text("kept")
    (place / "udsat-spool-999999999-notes.csv").write_text("kept")
    before = contents(place)
    assert process(folder, "score", "in.csv", TMPDIR=str(place)).status == 0
    assert contents(place) == before


SAME_NUMBER = """
import os, sys
os.getpid = lambda: 4242
from udsat.__main__ import main
main()
"""


@POSIX
def test_a_folder_that_somebody_prepared_takes_no_rows_of_persons(folder: Path) -> None:
    place = temporary(folder)
    prepared = [place / f"udsat-spill-{number}" for number in (4242, os.getpid())]
    for one in prepared:
        one.mkdir(mode=0o777)
    seen = [one.stat().st_mtime_ns for one in prepared]
    oracle.as_csv([person(n) for n in range(5)], folder / "p.csv")
    (folder / "p.csv").write_bytes(
        (folder / "p.csv").read_bytes().replace(b"Lunden", "Ærøparken".encode("cp1252"))
    )
    done = subprocess.run(
        [sys.executable, "-c", SAME_NUMBER, "aggregate", "p.csv", "-o", "c.csv"],
        cwd=folder, env=environment(TMPDIR=str(place)), capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [one.stat().st_mtime_ns for one in prepared] == seen
    assert sorted(place.iterdir()) == sorted(prepared)


@POSIX
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_temporary_folder_of_a_run_is_private_and_a_new_file_obeys_the_umask(
    umask: int, folder: Path
) -> None:
    place = temporary(folder)
    code = f"import os; os.umask({umask}); from udsat.engine import spill; from udsat.export import whole\n"
    code += "w = whole('new.csv'); w.__enter__().write_text('x'); w.__exit__(None, None, None)\n"
    code += "i = spill.inside(); own = i.__enter__(); print(oct(os.stat(spill.folder()).st_mode & 0o777), oct(own.stat().st_mode & 0o777))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment(TMPDIR=str(place)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["0o700", "0o700"]
    assert mode(folder / "new.csv") == 0o666 & ~umask


# Runs that meet ----


def unshared(*command: str) -> list[str]:
    """Return a command that runs with process numbers of its own, as in a container; with a made up number where that is not allowed."""
    apart = ["unshare", "--pid", "--fork", "--mount-proc"]
    if (
        shutil.which("unshare")
        and subprocess.run([*apart, "true"], capture_output=True, check=False).returncode == 0
    ):
        return [*apart, *command]
    return [command[0], "-c", SAME_NUMBER, *command[3:]]


@POSIX
@pytest.mark.parametrize(
    "names", [("a.csv", "b.csv"), ("same.csv", "same.csv")], ids=["two outputs", "one output"]
)
def test_runs_with_one_process_number_leave_whole_files(
    names: tuple[str, str], tmp_path: Path
) -> None:
    sizes = (3_000, 2_000)
    expected = []
    for size, name in zip(sizes, ("one.csv", "two.csv"), strict=True):
        (tmp_path / name).write_bytes(long_table(size))
        assert udsat(tmp_path, "score", name, "-o", "alone.csv").status == 0
        expected.append((tmp_path / "alone.csv").read_bytes())
    out = tmp_path / "out"
    out.mkdir()
    commands = [
        unshared(*COMMAND, "score", source, "-o", f"out/{name}")
        for source, name in zip(("one.csv", "two.csv"), names, strict=True)
    ]
    runs = [
        subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE)
        for command in commands
    ]
    said = [run.communicate(timeout=120)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert set(contents(out)) == set(names)
    found = [(out / name).read_bytes() for name in names]
    assert found == expected if len(set(names)) == 2 else found[0] in expected


def test_outputs_that_are_written_at_once_under_one_name_are_each_whole(tmp_path: Path) -> None:
    from udsat.export import whole

    target = str(tmp_path / "out.csv")
    with whole(target) as one, whole(target) as other:
        assert one != other
        one.write_text("one")
        other.write_text("other")
        assert not (tmp_path / "out.csv").exists()
    assert contents(tmp_path) == {"out.csv": b"one"}


def test_a_name_as_long_as_names_may_be_can_be_written(folder: Path) -> None:
    name = "x" * 251 + ".csv"
    assert udsat(folder, "score", "in.csv", "-o", name).status == 0
    assert set(contents(folder)) == {"in.csv", name}


# Permissions, links and what is no file ----


@POSIX
@pytest.mark.parametrize(
    ("permissions", "ending"),
    [(0o600, "csv"), (0o640, "parquet"), (0o664, "xlsx"), (0o604, "json")],
)
def test_a_file_that_is_replaced_keeps_its_permissions(
    permissions: int, ending: str, folder: Path
) -> None:
    out = folder / f"out.{ending}"
    out.write_text("old")
    out.chmod(permissions)
    assert udsat(folder, "score", "in.csv", "-o", out.name).status == 0
    assert (mode(out), out.stat().st_size > 3) == (permissions, True)


@POSIX
def test_what_takes_the_place_of_a_private_file_is_private_from_the_start(tmp_path: Path) -> None:
    from udsat.export import whole

    (tmp_path / "out.csv").touch(0o600)
    with whole(str(tmp_path / "out.csv")) as path:
        assert mode(path) == 0o600


@POSIX
@pytest.mark.skipif(not ROOT, reason="only root may give files away")
def test_a_file_that_is_replaced_keeps_its_owner_where_that_is_allowed(folder: Path) -> None:
    out = folder / "out.csv"
    out.write_text("old")
    os.chown(out, NOBODY, NOBODY)
    assert udsat(folder, "score", "in.csv", "-o", "out.csv").status == 0
    assert (out.stat().st_uid, out.stat().st_gid) == (NOBODY, NOBODY)


@POSIX
def test_rights_of_a_group_are_not_given_to_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from udsat.export import whole

    def forbidden(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "chown", forbidden)
    out = tmp_path / "out.csv"
    out.write_text("old")
    out.chmod(0o664)
    there = os.stat

    def of_another_group(path: object, *more: object, **named: object) -> os.stat_result:
        found = list(there(path, *more, **named))  # type: ignore[call-overload]
        found[stat.ST_GID] += path == out
        return os.stat_result(found)

    with whole(str(out)) as path:
        path.write_text("new")
        monkeypatch.setattr(os, "stat", of_another_group)
    monkeypatch.undo()
    assert (out.read_text(), mode(out)) == ("new", 0o644)


@POSIX
@pytest.mark.parametrize(
    "exists", [True, False], ids=["to a file", "to a file that is not there yet"]
)
def test_a_link_stays_and_its_target_is_replaced(exists: bool, folder: Path) -> None:
    away = folder / "away"
    away.mkdir()
    if exists:
        (away / "real.csv").write_text("old")
    (folder / "second").symlink_to("away/real.csv")
    (folder / "out.csv").symlink_to("second")
    assert udsat(folder, "score", "in.csv", "-o", "out.csv").status == 0
    assert (folder / "out.csv").is_symlink() and (folder / "second").is_symlink()
    assert (away / "real.csv").read_bytes() == (folder / "out.csv").read_bytes() != b"old"
    assert sorted(os.listdir(away)) == ["real.csv"]


@POSIX
def test_a_link_to_itself_is_an_output_that_cannot_be_written(folder: Path) -> None:
    (folder / "out.csv").symlink_to("again.csv")
    (folder / "again.csv").symlink_to("out.csv")
    run = udsat(folder, "score", "in.csv", "-o", "out.csv")
    assert (run.status, len(run.problems), "UD502" in run.err) == (2, 1, True)
    assert (folder / "out.csv").is_symlink()


@POSIX
@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_a_pipe_with_a_name_gets_the_file_and_stays_a_pipe(ending: str, folder: Path) -> None:
    os.mkfifo(folder / f"pipe.{ending}")
    got: list[bytes] = []
    reader = threading.Thread(
        target=lambda: got.append((folder / f"pipe.{ending}").read_bytes()), daemon=True
    )
    reader.start()
    run = udsat(folder, "score", "in.csv", "-o", f"pipe.{ending}")
    reader.join(10)
    assert run.status == 0, run.err
    assert stat.S_ISFIFO((folder / f"pipe.{ending}").stat().st_mode)
    assert udsat(folder, "score", "in.csv", "-o", f"file.{ending}").status == 0
    assert got == [(folder / f"file.{ending}").read_bytes()]
    assert sorted(os.listdir(folder)) == sorted([f"file.{ending}", "in.csv", f"pipe.{ending}"])


@POSIX
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1"])
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no such files here")
def test_standard_output_by_its_name_is_added_to_and_not_replaced(name: str, folder: Path) -> None:
    (folder / "link.csv").symlink_to(name)
    expected = udsat(folder, "score", "in.csv", "--format", "csv").out
    assert process(folder, "score", "in.csv", "-o", "link.csv").out == expected
    with (folder / "log.csv").open("wb") as stream:
        stream.write(b"head\n")
        stream.flush()
        done = subprocess.run(
            [*COMMAND, "score", "in.csv", "-o", name, "--format", "csv"],
            cwd=folder,
            stdout=stream,
            env=environment(),
            check=False,
        )
    assert (done.returncode, (folder / "log.csv").read_text(encoding="utf-8")) == (
        0,
        f"head\n{expected}",
    )
    assert sorted(os.listdir(folder)) == ["in.csv", "link.csv", "log.csv"]


@POSIX
def test_a_device_that_takes_all_stays_a_device(folder: Path) -> None:
    (folder / "null.parquet").symlink_to("/dev/null")
    assert udsat(folder, "score", "in.csv", "-o", "null.parquet").status == 0
    assert udsat(folder, "score", "in.csv", "-o", "/dev/null", "--format", "json").status == 0
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@POSIX
@pytest.mark.parametrize("option", ["--manifest", "--datapackage"])
def test_what_describes_a_file_needs_one(option: str, folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    run = udsat(folder, "score", "in.csv", "-o", "pipe.csv", option)
    assert (run.status, "UD510" in run.err, option in run.err) == (2, True, True)


@POSIX
def test_a_reader_of_a_pipe_with_a_name_may_leave(folder: Path) -> None:
    (folder / "in.csv").write_bytes(long_table(1_000))
    os.mkfifo(folder / "pipe.csv")
    reader = threading.Thread(target=lambda: (folder / "pipe.csv").open("rb").close(), daemon=True)
    reader.start()
    run = process(folder, "score", "in.csv", "-o", "pipe.csv")
    reader.join(10)
    assert "UD" not in run.err and "Traceback" not in run.err


@POSIX
def test_a_closed_standard_output_is_not_laid_to_a_file(folder: Path) -> None:
    oracle.as_csv([person(n, area=f"A{n}") for n in range(3_000)], folder / "p.csv")
    command = shlex.join([*COMMAND, "aggregate", "p.csv", "--references-out", "r.csv"])
    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} | head -n 1"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert b"UD502" not in done.stderr


@POSIX
@pytest.mark.skipif(ROOT and not shutil.which("setpriv"), reason="root may write anywhere")
@pytest.mark.parametrize(
    "command",
    [
        ("score", "in.csv", "-o", "shut/out.parquet"),
        ("template", "--list-year", "2026", "-o", "shut/out.xlsx"),
        ("report", "in.csv", "-o", "shut/out.html"),
        ("criteria", "new", "shut/mine.toml"),
        ("criteria", "check", "shut", "--seal"),
    ],
    ids=" ".join,
)
def test_a_folder_that_may_not_be_written_to_is_said_in_words(
    command: tuple[str, ...], folder: Path
) -> None:
    shut = folder / "shut"
    shut.mkdir()
    if "--seal" in command:
        assert udsat(folder, "criteria", "new", "shut/mine.toml").status == 0
    before = sorted(os.listdir(shut))
    shut.chmod(0o555)
    as_others = ["setpriv", "--bounding-set=-dac_override"] if ROOT else []
    run = subprocess.run(
        [*as_others, *COMMAND, *command],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr.count("UD502"), "Traceback" in run.stderr) == (
        2,
        1,
        False,
    ), run.stderr
    assert sorted(os.listdir(shut)) == before


def test_without_a_place_for_temporary_files_a_run_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import tempfile\ndef none(): raise FileNotFoundError(2, 'No usable temporary directory found')\ntempfile.gettempdir = none\n"
    code += "from udsat.__main__ import main; main()"
    run = subprocess.run(
        [sys.executable, "-c", code, "score", "in.csv"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, "UD714" in run.stderr, "stdout" in run.stderr) == (2, True, False), (
        run.stderr
    )


def test_all_that_is_written_is_written_whole_or_not_at_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what is small: a seal, a schema, a new definition."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    assert udsat(folder, "criteria", "new", "mine.toml").status == 0
    before = contents(folder)
    monkeypatch.setattr(os, "replace", full)
    for command in (
        ("criteria", "check", "mine.toml", "--seal"),
        ("criteria", "schema", "-o", "s.json"),
        ("criteria", "new", "more.toml"),
    ):
        run = udsat(folder, *command)
        assert (run.status, run.err.count("UD502")) == (2, 1)
    monkeypatch.undo()
    assert contents(folder) == before
