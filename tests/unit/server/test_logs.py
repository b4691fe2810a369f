"""Log lines: JSON, and nothing of a conference in them."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from server import logs


def line(record: logging.LogRecord) -> dict[str, object]:
    told: dict[str, object] = json.loads(logs.JsonLines().format(record))
    return told


def record(message: str, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("truerecord.live", logging.WARNING, __file__, 1, message, (), None)
    made.__dict__.update(extra)
    return made


def test_a_line_says_when_how_bad_where_from_and_what() -> None:
    told = line(record("a lane is damaged", lane="c/a/minutes", seq=7))
    assert told.keys() == {"at", "level", "from", "what", "lane", "seq"}
    assert (told["level"], told["from"], told["seq"]) == ("warning", "truerecord.live", 7)


def test_values_nobody_named_are_left_out() -> None:
    assert "Keeley" not in json.dumps(line(record("x", participant="Keeley Marsh", text="Noah")))


def test_an_exceptions_own_words_are_left_out_and_where_it_happened_is_kept() -> None:
    try:
        raise ValueError("Keeley Marsh said")
    except ValueError:
        made = record("failed")
        made.exc_info = sys.exc_info()
    told = line(made)
    assert told["error"] == "ValueError"
    assert "Keeley" not in json.dumps(told)
    assert "test_logs.py" in str(told["where"])


def test_configuring_leaves_one_handler_and_no_access_log(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    try:
        logs.configure()
        assert len(root.handlers) == 1
        assert isinstance(root.handlers[0].formatter, logs.JsonLines)
        assert not logging.getLogger("uvicorn.access").isEnabledFor(logging.INFO)
    finally:
        root.handlers[:], root.level = before
