"""What every test run has: the note of the rules shown, the checks that failed before the tests, and no hurry."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from server.actions import readiness
from tests import recordings
from tests.again import FailedNames
from tests.rules import RulesShown

# How long an example takes tells more of what else the machine is doing. Where a run gates a change it tries the same
# examples each time; everywhere else new ones.
settings.register_profile(
    "no hurry",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("no hurry")


@pytest.fixture(autouse=True, scope="session")
def patient() -> Iterator[None]:
    """A database is not taken for a slow one because the machine did something else for two seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readiness, "_PATIENCE", 600.0)
        yield


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(RulesShown(), "rules-shown")
    config.pluginmanager.register(FailedNames(), "failed-names")


def pytest_report_header() -> str:
    return recordings.told()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    failed = os.environ.get("TRUERECORD_FAILED_CHECKS")
    if failed:
        terminalreporter.section("checks before the tests", red=True, bold=True)
        terminalreporter.line(f"FAILED {failed}: what each said is above.")
