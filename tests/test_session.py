"""The tests have a temporary folder of their own, whatever other runs left in the system's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

LOOKS = """
import os, subprocess, sys, tempfile
from pathlib import Path

def test_looks():
    ask = [sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())"]
    child = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()
    assert (os.listdir(child), child) == ([], tempfile.gettempdir())
    Path("seen").write_text(child)
    Path(child, "left-behind").touch()
"""


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "worker"])
def test_a_session_sees_nothing_of_other_runs_and_leaves_nothing(
    workers: tuple[str, ...], tmp_path: Path
) -> None:
    system, tests = tmp_path / "system", tmp_path / "tests"
    (system / "udsat-spill-abcdefgh").mkdir(parents=True)
    tests.mkdir()
    shutil.copy(Path(__file__).with_name("conftest.py"), tests)
    (tests / "test_looks.py").write_text(LOOKS, "utf-8")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name != "PYTEST_DEBUG_TEMPROOT" and not name.startswith(("PYTEST_XDIST", "UDSAT_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *workers, "."],
        cwd=tests,
        env=environment | {"TMPDIR": str(system)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seen = Path((tests / "seen").read_text("utf-8"))
    assert (seen.parent, seen.exists()) == (system, False)
    assert (system / "udsat-spill-abcdefgh").is_dir()


def test_this_session_has_a_temporary_folder_of_its_own() -> None:
    assert Path(tempfile.gettempdir()).name.startswith("udsat-tests-")
    assert os.environ["TMPDIR"] == tempfile.gettempdir()
