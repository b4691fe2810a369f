from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.protocol.providers import OpenPage, Providers
from tests.server_process import ServerProcess


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A real server, shared by a file's tests; each makes a conference of its own."""
    with ServerProcess(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
async def providers() -> AsyncIterator[Providers]:
    """Unmodified providers in Node."""
    async with Providers() as running:
        yield running


@dataclass
class Conference:
    """A conference in session, as the API made it."""

    server: ServerProcess
    made: dict[str, Any]
    providers: Providers

    @property
    def id(self) -> str:
        return str(self.made["id"])

    def lane(self, part: int = 0, lane: str = "minutes") -> str:
        """A lane's document name."""
        return str(self.made["parts"][part]["lanes"][lane])

    def person(self, role: str) -> dict[str, Any]:
        """The participant of a role."""
        return next(person for person in self.made["participants"] if person["role"] == role)

    def token(self, role: str) -> str:
        """What that participant's program shows."""
        return str(self.person(role)["live_token"])

    async def socket(self, name: str) -> None:
        """Connect a socket."""
        await self.providers.socket(name, self.server.live_address)

    async def page(self, role: str, name: str | None = None, *, page: str = "", socket: str = "") -> OpenPage:
        """A page of somebody, on a socket of its own unless one is named; synced."""
        page = page or role
        if not socket:
            socket = f"socket of {page}"
            await self.socket(socket)
        opened = await self.providers.open(page, socket, name or self.lane(), self.token(role))
        await opened.until("synced")
        return opened

    def post(self, role: str, path: str, **body: object) -> dict[str, Any]:
        """Do something by API as a participant."""
        with self.server.http(self.token(role)) as client:
            answer = client.post(f"/conferences/{self.id}{path}", json=body)
            assert answer.is_success, answer.text
            return dict(answer.json()) if answer.content else {}

    def hand_pen(self, role: str, *, held: bool, part: int = 0) -> None:
        """The chair hands the pen over, or takes it back."""
        given = {"part": self.made["parts"][part]["id"], "participant": self.person(role)["id"], "held": held}
        self.post("chair", "/pen", **given)

    def remove(self, role: str) -> None:
        """The chair sends somebody out."""
        with self.server.http(self.token("chair")) as client:
            answer = client.delete(f"/conferences/{self.id}/participants/{self.person(role)['id']}")
            assert answer.is_success, answer.text


@pytest.fixture
def conference(server: ServerProcess, providers: Providers) -> Conference:
    """A conference in session on the shared server."""
    made = server.create_conference()
    server.change_phase(made, "open", "in_session")
    return Conference(server, made, providers)
