"""What all tests share with pytest: a temporary folder of their own, and what long runs counted, said once at their end."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

#: Where the temporary folder of a session stands in its configuration, so that its end can remove it.
TEMPORARY = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Give this session, its workers and the processes that they start a temporary folder of their own.

    What a killed run left in the system's folder would be named in a warning by every test that looks there.
    """
    if hasattr(config, "workerinput"):
        return  # a worker has the folder of its session, as any process of it
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())  # tmp_path outlives it
    config.stash[TEMPORARY] = tempfile.mkdtemp(prefix="udsat-tests-")
    os.chmod(config.stash[TEMPORARY], 0o711)  # PostgreSQL runs there as a user of its own
    os.environ["TMPDIR"] = tempfile.tempdir = config.stash[TEMPORARY]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the temporary folder of the session."""
    if folder := config.stash.get(TEMPORARY, None):
        shutil.rmtree(folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Add up what the long tests recorded; reports come in from every worker."""

    def total(name: str, *outcomes: str) -> int:
        reports = [
            report
            for outcome in outcomes or ("passed", "failed")
            for report in terminalreporter.stats.get(outcome, [])
        ]
        return sum(
            int(str(value))
            for report in reports
            for key, value in report.user_properties
            if key == name
        )

    if judged := total("judged", "passed"):
        terminalreporter.write_line(f"{judged:,} areas judged alike by the engine and the oracle")
    if mutants := total("mutants"):
        terminalreporter.write_line(
            f"{total('killed'):,} of {mutants:,} mutants of the definitions killed, {total('by cases'):,} by their cases"
        )
