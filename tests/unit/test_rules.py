"""The note of which tests show which rules of the field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import rules

pytest_plugins = ["pytester"]

CONFTEST = """
from tests.rules import RulesShown

def pytest_configure(config):
    config.addinivalue_line("markers", "rule(*numbers): the rules shown")
    config.pluginmanager.register(RulesShown())
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A small project of its own whose tests are noted in `noted.json`."""
    monkeypatch.setenv(rules.NOTE_IN, str(pytester.path / "noted" / "rules.json"))
    pytester.makeconftest(CONFTEST)
    return pytester


def test_a_rule_is_shown_only_if_every_phase_of_its_test_passes(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_some="""
        import pytest

        @pytest.fixture
        def broken():
            yield
            raise RuntimeError

        @pytest.mark.rule("R-57", "R-58")
        def test_right():
            pass

        @pytest.mark.rule("R-57")
        def test_wrong():
            assert False

        @pytest.mark.rule("R-65")
        def test_wrong_at_the_end(broken):
            pass
        """
    )
    project.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:asyncio")
    noted = json.loads((project.path / "noted" / "rules.json").read_text())
    assert noted["rules"] == {
        "R-57": {"passed": ["test_some.py::test_right"], "failed": ["test_some.py::test_wrong"]},
        "R-58": {"passed": ["test_some.py::test_right"], "failed": []},
        "R-65": {"passed": [], "failed": ["test_some.py::test_wrong_at_the_end"]},
    }


def test_a_rule_that_does_not_exist_stops_the_run(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.rule("R-105")
        def test_it():
            pass
        """
    )
    result = project.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:asyncio")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_every_rule_of_the_field_has_a_title() -> None:
    assert list(rules.titles()) == [f"R-{number}" for number in range(1, 105)]
    assert all(len(title) <= 80 for title in rules.titles().values())


def test_the_report_tells_shown_failing_and_not_shown_apart() -> None:
    shown: rules.Outcomes = {
        "R-1": {"passed": ["a"], "failed": []},
        "R-2": {"passed": ["b"], "failed": ["c"]},
    }
    report = rules.lines(shown, "2026-11-26T09:20:00+00:00")
    assert report[0].startswith("✓ R-1")
    assert report[2].startswith("✗ R-2")
    assert report[3].strip() == "fails: c"
    assert report[5].startswith("· R-3")
    assert report[-1].startswith("1 of 104 rules are shown")


def test_nothing_noted_yet_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rules, "SHOWN", tmp_path / "none.json")
    assert rules.main() == 1
    assert "run.py test" in capsys.readouterr().err
