"""A frame that is larger than anything a page sends is not read to its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from server.realtime.limits import FRAME_BYTES
from tests.server_process import SECONDS_TO_ANSWER, ServerProcess


def test_a_frame_that_is_too_large_ends_its_own_socket(tmp_path: Path) -> None:
    with ServerProcess(tmp_path) as server:
        address = f"ws://127.0.0.1:{server.port}/ws"
        with (
            connect(address, max_size=None, open_timeout=SECONDS_TO_ANSWER, ping_interval=None) as other,
            connect(address, max_size=None, open_timeout=SECONDS_TO_ANSWER, ping_interval=None) as socket,
        ):
            socket.send(b"x" * (FRAME_BYTES + 1))
            with pytest.raises(ConnectionClosedError) as closed:
                socket.recv(timeout=SECONDS_TO_ANSWER)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1009
            # What is as large as may be is read, and refused for what it is.
            other.send(b"x" * FRAME_BYTES)
            with pytest.raises(ConnectionClosedError) as closed:
                other.recv(timeout=SECONDS_TO_ANSWER)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4400
