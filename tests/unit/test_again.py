"""Which failures are looked at a second time."""

from __future__ import annotations

import pytest

from tests import again

pytest_plugins = ["pytester"]

CONFTEST = """
from tests.again import FailedNames

def pytest_configure(config):
    config.pluginmanager.register(FailedNames())
"""


def test_the_names_of_the_tests_that_failed_are_noted_once_each(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = pytester.path / "failed"
    monkeypatch.setenv(again.NOTE_IN, str(note))
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(
        test_some="""
        import pytest

        @pytest.fixture
        def broken():
            yield
            raise RuntimeError

        def test_right():
            pass

        def test_wrong_and_wrong_at_the_end(broken):
            assert False

        @pytest.mark.parametrize("name", ["a b"])
        def test_wrong(name):
            assert False
        """
    )
    pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:asyncio")
    assert note.read_text().split("\n") == [
        "test_some.py::test_wrong_and_wrong_at_the_end",
        "test_some.py::test_wrong[a b]",
    ]


def test_nothing_is_noted_if_a_file_of_tests_could_not_be_collected(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = pytester.path / "failed"
    monkeypatch.setenv(again.NOTE_IN, str(note))
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(
        test_some="def test_wrong():\n    assert False", test_other="import nothing_of_this_name"
    )
    pytester.runpytest_inprocess(
        "-p", "no:cacheprovider", "-p", "no:asyncio", "--continue-on-collection-errors"
    )
    assert not note.exists()


@pytest.mark.parametrize(
    ("failed", "worth"),
    [
        ([], False),
        (["tests/unit/test_a.py::test_b"], True),
        (["tests/browser/test_a.py::test_b"] * again.FEW, True),
        (["tests/browser/test_a.py::test_b"] * (again.FEW + 1), False),
        (["tests/browser/test_a.py::test_b", "tests/faults/test_kill.py::test_c"], False),
        (["tests/protocol/test_a.py::test_b"], False),
    ],
)
def test_few_are_asked_again_and_never_what_shows_that_nothing_is_lost(
    failed: list[str], worth: bool
) -> None:
    assert again.worth_asking(failed) is worth
