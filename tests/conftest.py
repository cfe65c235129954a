"""What all tests share with pytest: how many areas the oracle judged, said once at the end of a run."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Add up what the long tests recorded; reports come in from every worker."""
    passed = terminalreporter.stats.get("passed", [])
    judged = sum(int(str(value)) for report in passed for name, value in report.user_properties if name == "judged")
    if judged:
        terminalreporter.write_line(f"{judged:,} areas judged alike by the engine and the oracle")
