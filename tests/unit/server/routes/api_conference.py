"""A conference made through the API, for the API's tests: `api` and `conference` of the conftest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx2

from server.actions.context import Context

PEOPLE: list[dict[str, Any]] = [
    {"name": "Margaret Osei", "role": "chair"},
    {"name": "Tom Whitcombe", "role": "minute_taker"},
    {"name": "Priya Nair", "role": "social_worker"},
    {"name": "Ruth Adeyemi", "role": "professional", "agency": "health visitor"},
    {"name": "Keeley Marsh", "role": "parent", "agency": "mother"},
    {"name": "Ellie Marsh", "role": "child"},
    {"name": "Janine Marsh", "role": "supporter", "supports": 4},
    {"name": "Simon Vale", "role": "solicitor", "supports": 4},
    {"name": "Olu Bello", "role": "observer"},
]
GIVEN: dict[str, Any] = {
    "title": "First conference",
    "kind": "initial",
    "starts_at": "2026-11-23T10:00:00+01:00",
    "children": [{"name": "Ellie Marsh", "date_of_birth": "2013-03-14"}, {"name": "Unborn"}],
    "parts": [
        {"title": "Introductions"},
        {"title": "Worries", "audience": "everyone"},
        {"title": "Closed part", "audience": "professionals"},
    ],
    "participants": PEOPLE,
}
WORRY = "Noah has missed six nursery days."


@dataclass
class Api:
    """The app and a program's token."""

    client: httpx2.AsyncClient
    token: str
    ctx: Context

    async def call(
        self, method: str, path: str, bearer: str | None = None, body: object = None
    ) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.token if bearer is None else bearer}"}
        return await self.client.request(method, f"/api/v1{path}", headers=headers, json=body)


@dataclass
class Conference:
    """A conference made through the API, in session."""

    api: Api
    made: dict[str, Any]

    @property
    def path(self) -> str:
        return f"/conferences/{self.made['id']}"

    def part(self, number: int = 1) -> str:
        return str(self.made["parts"][number]["id"])

    def person(self, role: str) -> dict[str, Any]:
        return next(one for one in self.made["participants"] if one["role"] == role)

    async def post(self, role: str, path: str, body: object = None) -> httpx2.Response:
        return await self.api.call("POST", self.path + path, self.person(role)["live_token"], body)

    async def see(self, role: str) -> dict[str, Any]:
        answer = await self.api.call("GET", self.path, self.person(role)["live_token"])
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        return seen

    async def add(self, role: str = "professional", part: int = 1) -> str:
        answer = await self.post(role, "/points", {"part": self.part(part), "text": WORRY, "kind": "worry"})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def flag(self, role: str = "parent") -> str:
        body = {"part": self.part(), "point": await self.add(), "kind": "not_right", "words": "It was nine."}
        answer = await self.post(role, "/flags", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


def problem(answer: httpx2.Response, status: int, code: str | None = None) -> dict[str, Any]:
    """The answer is an RFC 9457 problem of this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert {"type", "title", "detail", "code"} <= told.keys()
    if code is not None:
        assert told["code"] == code
    return told
