"""PROTOCOL.md says what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.realtime.limits import FRAME_BYTES, LiveLimits
from shared_doc import messages, presence, session
from shared_doc.errors import RefusalCode
from shared_doc.limits import LIVE, STEP2
from shared_doc.messages import CloseCode, Kind, Scope
from shared_doc.schema import EVENTS, SCHEMA_VERSION, LaneKind

PAGE = (Path(session.__file__).parent / "PROTOCOL.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", CloseCode)
def test_every_close_code_is_told(code: CloseCode) -> None:
    assert f"| {int(code)} |" in PAGE


@pytest.mark.parametrize("code", RefusalCode)
def test_every_refusal_is_told(code: RefusalCode) -> None:
    assert f"`{code}`" in PAGE


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_frame_is_told(kind: Kind) -> None:
    assert f"| {int(kind)} |" in PAGE


@pytest.mark.parametrize("name", [*LaneKind, *Scope, EVENTS])
def test_every_name_is_told(name: str) -> None:
    assert name in PAGE


def test_every_bound_is_told_as_it_is() -> None:
    limits = LiveLimits()
    for words in (
        f"now {SCHEMA_VERSION})",
        f"({session.EARLY_FRAMES} frames, {session.EARLY_BYTES // 1024} KB)",
        f"within {limits.greeting:.0f} seconds",
        f"every {limits.ping:.0f} seconds",
        f"for {limits.silence:.0f} seconds",
        f"more than {FRAME_BYTES // 1024} KB",
        f"more than {limits.behind // 1024 // 1024} MB",
        f"more than {limits.documents} documents on a socket, or {limits.sockets} sockets",
        f"at most {LIVE.size // 1024} KB, a Step2 {STEP2.size // 1024} KB",
        f"body {presence.BODY_BYTES // 1024} KB, a token {messages.TOKEN_BYTES // 1024} KB",
        f"a name {messages.NAME_BYTES} bytes",
        f"for {presence.EXPIRES:.0f} seconds",
    ):
        assert words in PAGE, words
