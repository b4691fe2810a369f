"""What every test run has: the note of the rules shown, and the checks that failed before the tests."""

from __future__ import annotations

import os

import pytest

from tests.rules import RulesShown


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(RulesShown(), "rules-shown")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    failed = os.environ.get("TRUERECORD_FAILED_CHECKS")
    if failed:
        terminalreporter.section("checks before the tests", red=True, bold=True)
        terminalreporter.line(f"FAILED {failed}: what each said is above.")
