"""A real server in a process of its own, with a folder of its own, as an operator would run it.

    with ServerProcess(tmp_path) as server:
        made = server.create_conference()
        server.kill()      # no warning, as a power cut
        server.start()     # the same folder and port

Everything is done from outside: the command line and HTTP.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2

ROOT = Path(__file__).resolve().parent.parent
TRUERECORD = Path(sys.executable).parent / "truerecord"
# Only so that what will never come is told in the end: a busy machine may take long, and no test is about how long.
SECONDS_TO_START = 240
SECONDS_TO_STOP = 120
SECONDS_TO_ANSWER = 120
# A socket may be opened long before its first document while the machine does something else.
PATIENT = {"live_greeting": 600}
# Below those that the machine gives to outgoing connections, so that nothing else comes by them: a server that was
# stopped has to find its own again. (And browsers refuse a few below 20,000.)
PORTS = range(20_000, 32_000)
# Nothing here speaks TLS; this spares every client the reading of the machine's certificates.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
# What may never be in a server's log: an error that nobody handled.
UNHANDLED = ("Traceback (most recent call last)", "Task exception was never retrieved", "never awaited")


def free_port() -> int:
    """A port of this machine that nothing listens on, and that nobody is given by chance."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


class ServerProcess:
    """Start it with `with`, or `start` and `stop`. Leaving the `with` fails if the log has an unhandled error."""

    def __init__(self, folder: Path, **settings: object) -> None:
        """`settings` by their names in the server's settings, as in `ServerProcess(folder, attempts_per_link=3)`."""
        self.data = folder / "data"
        self.log = folder / "server.log"
        self.port = free_port()
        self.launcher: tuple[str, ...] = ()
        """The program that starts it and its commands, if it does not run as everything here does."""
        self.address = f"http://127.0.0.1:{self.port}"
        self.live_address = f"ws://127.0.0.1:{self.port}/ws"
        given = {f"TRUERECORD_{name.upper()}": str(value) for name, value in (PATIENT | settings).items()}
        self._environment = {
            **os.environ,
            **given,
            "TRUERECORD_DATA": str(self.data),
            "TRUERECORD_BASE_URL": self.address,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._token = ""

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        assert self._process is not None, "the server is not running"
        return self._process.pid

    @property
    def token(self) -> str:
        """An API token, made by the command line at first use."""
        if not self._token:
            self._token = self.command("token", "create", "--name", "tests").strip()
        return self._token

    def command(self, *arguments: str, stdin: str = "") -> str:
        """Run `truerecord` on this server's folder and return what it printed. Fails with its complaint."""
        done = subprocess.run(
            [*self.launcher, str(TRUERECORD), *arguments],
            input=stdin,
            env=self._environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"truerecord {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self) -> None:
        """Migrate, serve, and return when the server says that it is ready."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.command("migrate")
        self.start_again()

    def start_again(self) -> None:
        """Serve on the folder as it is, as a supervisor does after a crash; return when it is ready."""
        serve = [*self.launcher, str(TRUERECORD), "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                serve, cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        limit = time.monotonic() + SECONDS_TO_START
        with httpx2.Client(trust_env=False, verify=NO_TLS) as client:
            while not self._answers(client):
                assert self._process.poll() is None, (
                    f"the server stopped while starting:\n{self.log.read_text()}"
                )
                assert time.monotonic() < limit, f"the server did not become ready:\n{self.log.read_text()}"
                time.sleep(0.05)  # a supervisor's pace of asking; no test waits for a guessed time

    def _answers(self, client: httpx2.Client) -> bool:
        try:
            return client.get(f"{self.address}/readyz").status_code == 200
        except httpx2.TransportError:
            return False

    def stop(self) -> None:
        """End it as an operator does, and wait until it has."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it without warning, as a power cut does."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            try:
                self._process.wait(timeout=SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
                raise AssertionError(
                    f"the server did not stop on {how.name}:\n{self.log.read_text()}"
                ) from None
            self._process = None

    def http(self, bearer: str | None = None) -> httpx2.Client:
        """A client of the API: the program's token, or a participant's live token as `bearer`."""
        headers = {"Authorization": f"Bearer {self.token if bearer is None else bearer}"}
        return httpx2.Client(
            base_url=f"{self.address}/api/v1",
            headers=headers,
            trust_env=False,
            verify=NO_TLS,
            timeout=SECONDS_TO_ANSWER,
        )

    def create_conference(self, **changes: object) -> dict[str, Any]:
        """Make a conference of fictional people through the API (`CONFERENCE` with `changes`); the API's answer."""
        with self.http() as client:
            answer = client.post("/conferences", json=CONFERENCE | changes)
            assert answer.status_code == 201, answer.text
            made: dict[str, Any] = answer.json()
            return made

    def change_phase(self, conference: dict[str, Any], *phases: str) -> None:
        """Bring a conference through `phases`, one after the other, as its chair."""
        chair = next(person for person in conference["participants"] if person["role"] == "chair")
        with self.http(chair["live_token"]) as client:
            for phase in phases:
                answer = client.post(f"/conferences/{conference['id']}/phase", json={"phase": phase})
                assert answer.is_success, answer.text

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        log = self.log.read_text(encoding="utf-8", errors="replace")
        if kind is None:
            assert not any(sign in log for sign in UNHANDLED), (
                f"the server met an error it did not expect:\n{log}"
            )


CONFERENCE: dict[str, Any] = {
    "title": "Harper and Ellie",
    "kind": "initial",
    "starts_at": "2026-11-26T09:00:00+00:00",
    "children": [
        {"name": "Ellie Marsh", "date_of_birth": "2013-05-14"},
        {"name": "Harper Marsh", "date_of_birth": "2019-02-03"},
    ],
    "parts": [
        {"title": "Introductions"},
        {"title": "What is going well"},
        {"title": "What people are worried about"},
        {"title": "Police information", "audience": "professionals"},
    ],
    "participants": [
        {"name": "Ruth Adeyemi", "role": "chair", "agency": "Harrowdale Council"},
        {"name": "Tom Birch", "role": "minute_taker", "agency": "Harrowdale Council"},
        {"name": "Nadia Rahman", "role": "social_worker", "agency": "Harrowdale Council"},
        {"name": "Sam Iqbal", "role": "professional", "agency": "Moor Lane Surgery"},
        {"name": "Kelly Marsh", "role": "parent"},
        {"name": "Ellie Marsh", "role": "child"},
        {"name": "Jo Marsh", "role": "supporter", "supports": 4},
    ],
}
