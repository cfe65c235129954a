"""What all tests share with pytest: what long runs counted, said once at their end."""

from __future__ import annotations

import pytest


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
