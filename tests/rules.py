"""Which tests show which rules of the field.

A test that shows a rule says so with `@pytest.mark.rule("R-57")`. As a pytest plugin this module refuses a number that
`rules.toml` does not have, and notes how each such test went; run as a program it prints every rule with its tests.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

RULES = Path(__file__).resolve().parent / "rules.toml"
SHOWN = Path(__file__).resolve().parent.parent / ".tests" / "rules.json"
# The variable that names the file to note into; set when every test is run, so that a part never passes for the whole.
NOTE_IN = "TRUERECORD_RULES_SHOWN"
PROPERTY = "rule"

Outcomes = dict[str, dict[str, list[str]]]


def titles() -> dict[str, str]:
    """The rules by number ("R-57"), in order, each with a short title."""
    rules: dict[str, str] = tomllib.loads(RULES.read_text(encoding="utf-8"))["rules"]
    return rules


class RulesShown:
    """The plugin. Rule numbers travel in the reports' properties, so they survive the way from parallel workers."""

    def __init__(self) -> None:
        self.known = titles()
        self.failed: dict[str, bool] = {}
        self.rules: dict[str, list[str]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for number in [str(number) for mark in item.iter_markers("rule") for number in mark.args]:
                if number not in self.known:
                    raise pytest.UsageError(
                        f"{item.nodeid} names the rule {number}, which rules.toml does not have"
                    )
                item.user_properties.append((PROPERTY, number))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        numbers = [str(value) for name, value in report.user_properties if name == PROPERTY]
        if numbers:
            self.rules[report.nodeid] = numbers
            self.failed[report.nodeid] = self.failed.get(report.nodeid, False) or not report.passed

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        note_in = os.environ.get(NOTE_IN)
        if note_in and not hasattr(session.config, "workerinput"):
            file = Path(note_in)
            file.parent.mkdir(exist_ok=True)
            noted = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "rules": self.outcomes()}
            file.write_text(json.dumps(noted, indent=1), encoding="utf-8")

    def outcomes(self) -> Outcomes:
        """By rule number: the names of the tests that passed, and of those that did not."""
        found: Outcomes = {}
        for name, numbers in sorted(self.rules.items()):
            for number in numbers:
                by_outcome = found.setdefault(number, {"passed": [], "failed": []})
                by_outcome["failed" if self.failed[name] else "passed"].append(name)
        return found


def lines(shown: Outcomes, at: str) -> list[str]:
    """The report, a line each: a rule, under it its tests, and at the end how many rules are shown."""
    report, count, known = [], 0, titles()
    for number, title in known.items():
        tests = shown.get(number, {"passed": [], "failed": []})
        mark = "✗" if tests["failed"] else "✓" if tests["passed"] else "·"
        count += mark == "✓"
        report.append(f"{mark} {number:6}{title}")
        report += [f"          fails: {name}" for name in tests["failed"]]
        report += [f"          {name}" for name in tests["passed"]]
    report += ["", "✓ shown by tests that pass   ✗ a test of it fails   · no test of it yet"]
    return [*report, f"{count} of {len(known)} rules are shown, by the tests as they went at {at}."]


def main() -> int:
    """Print the report of the last complete run."""
    if not SHOWN.is_file():
        print(
            "No test has been run yet: `python3 run.py test` notes which rules the tests show.",
            file=sys.stderr,
        )
        return 1
    noted = json.loads(SHOWN.read_text(encoding="utf-8"))
    print("\n".join(lines(noted["rules"], noted["at"])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
