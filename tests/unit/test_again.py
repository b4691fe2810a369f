"""Which failures are looked at a second time."""

from __future__ import annotations

import pytest

from tests import again

pytest_plugins = ["pytester"]


def test_the_names_of_the_tests_that_failed_are_noted_once_each(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = pytester.path / "failed"
    monkeypatch.setenv(again.NOTE_IN, str(note))
    pytester.makeconftest(
        """
        from tests.again import FailedNames

        def pytest_configure(config):
            config.pluginmanager.register(FailedNames())
        """
    )
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
