"""The frames byte by byte, as an unmodified provider and its server exchange them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_doc.errors import Malformed
from shared_doc.messages import (
    Authenticated,
    Awareness,
    Change,
    ClientMessage,
    Close,
    Denied,
    Ping,
    Pong,
    QueryAwareness,
    Scope,
    SendToken,
    ServerMessage,
    Stateless,
    Step1,
    Step2,
    SyncStatus,
    Token,
    decode_client,
    decode_server,
)

FROM_A_CLIENT: list[tuple[str, ClientMessage]] = [
    ("01 64 02 00 02 72 77 05 34 2e 38 2e 30", Token("d", "rw", "4.8.0")),
    ("01 64 02 00 02 72 77", Token("d", "rw")),
    ("01 64 00 00 01 00", Step1("d", b"\x00")),
    ("01 64 00 01 02 00 00", Step2("d", b"\x00\x00")),
    ("01 64 00 02 02 00 00", Change("d", b"\x00\x00")),
    ("01 64 01 06 01 05 01 02 7b 7d", Awareness("d", b"\x01\x05\x01\x02{}")),
    ("01 64 03", QueryAwareness("d")),
    ("01 64 05 02 68 69", Stateless("d", "hi")),
    ("01 64 07", Close("d")),
    ("0a", Pong()),
]

FROM_A_SERVER: list[tuple[str, ServerMessage]] = [
    ("01 64 02 00", SendToken("d")),
    ("01 64 02 01 02 6e 6f", Denied("d", "no")),
    ("01 64 02 02 0a 72 65 61 64 2d 77 72 69 74 65", Authenticated("d", Scope.READ_WRITE)),
    ("01 64 02 02 08 72 65 61 64 6f 6e 6c 79", Authenticated("d", Scope.READ_ONLY)),
    ("01 64 00 00 01 00", Step1("d", b"\x00")),
    ("01 64 00 01 02 00 00", Step2("d", b"\x00\x00")),
    ("01 64 05 02 68 69", Stateless("d", "hi")),
    ("01 64 07 03 62 79 65", Close("d", "bye")),
    ("01 64 08 01", SyncStatus("d", stored=True)),
    ("01 64 08 00", SyncStatus("d", stored=False)),
    ("09", Ping()),
]

HOSTILE = {
    "nothing": "",
    "a name and nothing else": "01 64",
    "a name longer than the frame": "7f 64",
    "a name longer than any": "81 01 " + "64 " * 129 + "03",
    "a name that is not UTF-8": "01 ff 03",
    "an overlong number": "81 00 64 03",
    "a kind that nobody knows": "01 64 0b",
    "a kind between servers (4)": "01 64 04 01 00",
    "a kind between servers (6)": "01 64 06 01 00",
    "a status from a client": "01 64 08 01",
    "a fourth sync step": "01 64 00 03 01 00",
    "a body shorter than it says": "01 64 00 02 05 00",
    "bytes after the frame": "01 64 03 00",
    "a server's answer": "01 64 02 02 08 72 65 61 64 6f 6e 6c 79",
    "a token longer than any": "01 64 02 00 81 08" + " 61" * 1025,
    "a body of four thousand million bytes": "01 64 00 02 ff ff ff ff 0f",
    "a ping from a client": "09",
}


@pytest.mark.parametrize(("literal", "message"), FROM_A_CLIENT)
def test_a_clients_frame_is_read_and_written(literal: str, message: ClientMessage) -> None:
    frame = bytes.fromhex(literal.replace(" ", ""))
    assert decode_client(frame) == message
    assert message.encode() == frame


@pytest.mark.parametrize(("literal", "message"), FROM_A_SERVER)
def test_a_servers_frame_is_read_and_written(literal: str, message: ServerMessage) -> None:
    frame = bytes.fromhex(literal.replace(" ", ""))
    assert decode_server(frame) == message
    assert message.encode() == frame


@pytest.mark.parametrize("literal", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_no_client_sends_is_malformed(literal: str) -> None:
    with pytest.raises(Malformed):
        decode_client(bytes.fromhex(literal.replace(" ", "")))


def test_a_name_beyond_ascii_is_counted_in_bytes() -> None:
    assert Step1("Zoë", b"\x00").encode() == bytes.fromhex("04 5a 6f c3 ab 00 00 01 00")


@given(st.binary(max_size=64))
def test_any_bytes_are_a_message_or_malformed(frame: bytes) -> None:
    try:
        message = decode_client(frame)
    except Malformed:
        return
    assert decode_client(message.encode()) == message


@given(st.text(max_size=30), st.binary(max_size=300))
def test_what_is_written_is_read_again(name: str, body: bytes) -> None:
    for message in (Change(name, body), Step1(name, body), Step2(name, body)):
        assert decode_client(message.encode()) == message
        assert decode_server(message.encode()) == message
