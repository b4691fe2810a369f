"""The least a Python server can do: frames go on to everyone else of the same lane. No document, nothing stored.

It answers as far as the load needs: a lane is opened to anyone, and every update is said to be taken.
`python fan_out.py PORT`
"""

from __future__ import annotations

import socket
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

SYNC, AWARENESS, AUTH, STATUS = 0, 1, 2, 8
lanes: dict[bytes, set[WebSocket]] = {}


def name_of(frame: bytes) -> bytes:
    """The first part of a frame: the lane's name with its length before it (up to two bytes)."""
    if frame[0] < 128:
        return frame[: frame[0] + 1]
    return frame[: (frame[0] & 127) + frame[1] * 128 + 2]


async def live(person: WebSocket) -> None:
    """One connection."""
    await person.accept()
    lane: set[WebSocket] = set()
    try:
        while True:
            frame = await person.receive_bytes()
            name = name_of(frame)
            kind, sub = frame[len(name)], frame[len(name) + 1]
            if kind == AUTH:
                lane = lanes.setdefault(name, set())
                lane.add(person)
                await person.send_bytes(name + bytes([AUTH, 2, 10]) + b"read-write")
            elif kind == SYNC and sub == 0:
                await person.send_bytes(name + bytes([SYNC, 1, 2, 0, 0]))
            elif kind in (SYNC, AWARENESS):
                for other in lane:
                    if other is not person:
                        await other.send_bytes(frame)
            if kind == SYNC and sub != 0:
                await person.send_bytes(name + bytes([STATUS, 1]))
    except WebSocketDisconnect:
        lane.discard(person)


app = Starlette(routes=[WebSocketRoute("/", live)])

if __name__ == "__main__":
    listening = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=2048)
    print("ready", flush=True)
    uvicorn.Server(
        uvicorn.Config(app, ws="websockets-sansio", ws_per_message_deflate=False, log_level="warning")
    ).run(sockets=[listening])
