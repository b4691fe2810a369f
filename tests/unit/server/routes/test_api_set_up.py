"""The API as a program meets it that sets a conference up: what is made, what is refused, and whom a token lets in."""

from __future__ import annotations

from typing import Any

import pytest

from shared_doc.schema import LaneKind, lane_name
from tests.unit.server.routes.api_conference import GIVEN, PEOPLE, Api, Conference, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_program_makes_a_conference_and_gets_what_everybody_needs(api: Api) -> None:
    answer = await api.call("POST", "/conferences", body=GIVEN)
    assert answer.status_code == 201
    made = answer.json()
    assert made["url"].endswith(f"/conferences/{made['id']}")
    assert [part["title"] for part in made["parts"]] == ["Introductions", "Worries", "Closed part"]
    part = made["parts"][0]
    assert part["lanes"] == {
        lane.value: lane_name(made["id"], part["id"], lane) for lane in (LaneKind.MINUTES, LaneKind.SUMMARY)
    }
    for told, given in zip(made["participants"], PEOPLE, strict=True):
        assert (told["name"], told["role"]) == (given["name"], given["role"])
        assert told.keys() == {"id", "name", "role", "join_url", "join_code", "live_token"}
        assert all(told.values())


async def test_without_parts_there_is_the_usual_agenda(api: Api) -> None:
    given = {name: value for name, value in GIVEN.items() if name != "parts"}
    made = (await api.call("POST", "/conferences", body=given)).json()
    assert [part["title"] for part in made["parts"]] == [
        "Introductions",
        "Why we are here",
        "Reports",
        "What is working well",
        "What we are worried about",
        "The children’s views",
        "Decision",
        "Plan and dates",
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": None}, "title"),
        ({"starts_at": "2026-11-23T10:00:00"}, "starts_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"kind": "party"}, "kind"),
        ({"children": []}, "children"),
        ({"participants": [{"name": "K", "role": "parent"}]}, "participants"),
        ({"participants": [*PEOPLE, {"name": "X", "role": "screen"}]}, "participants.9.role"),
        ({"participants": [*PEOPLE, {"name": "X", "role": "supporter"}]}, "participants.9.supports"),
        ({"parts": [{"title": "x", "audience": "family"}]}, "parts.0.audience"),
        ({"surprise": 1}, "surprise"),
        ({"title": "x" * 30_000}, "title"),
    ],
)
async def test_a_field_that_cannot_be_used_is_named(api: Api, change: dict[str, Any], field: str) -> None:
    told = problem(await api.call("POST", "/conferences", body=GIVEN | change), 422)
    assert told["field"] == field


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'"x"', b"NaN"])
async def test_what_is_no_json_object_is_refused(api: Api, content: bytes) -> None:
    headers = {"Authorization": f"Bearer {api.token}"}
    problem(await api.client.post("/api/v1/conferences", headers=headers, content=content), 422)


async def test_a_body_that_is_too_large_is_refused(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.token}"}
    answer = await api.client.post("/api/v1/conferences", headers=headers, content=b" " * 300_000)
    problem(answer, 413, "too_large")


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}])
async def test_without_a_valid_token_nothing_is_told(
    api: Api, conference: Conference, header: dict[str, str]
) -> None:
    for method, path in (
        ("POST", "/conferences"),
        ("GET", conference.path),
        ("GET", f"{conference.path}/record"),
    ):
        answer = await api.client.request(method, f"/api/v1{path}", headers=header)
        problem(answer, 401, "no_token")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_never_comes_from_a_cookie_or_the_address(api: Api, conference: Conference) -> None:
    answer = await api.client.get(
        f"/api/v1{conference.path}?token={api.token}", headers={"Cookie": f"t={api.token}"}
    )
    problem(answer, 401)


async def test_a_program_does_not_read_what_is_said(api: Api, conference: Conference) -> None:
    problem(await api.call("GET", conference.path), 403, "participant_needed")
    problem(await api.call("POST", f"{conference.path}/sign"), 403, "participant_needed")


async def test_a_program_adds_somebody_and_gets_what_they_need(conference: Conference) -> None:
    path = f"{conference.path}/participants"
    body = {"name": "Rita Bell", "role": "supporter", "supports": conference.person("parent")["id"]}
    answer = await conference.api.call("POST", path, body=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made.keys() == conference.person("parent").keys()
    seen = await conference.api.call("GET", conference.path, made["live_token"])
    assert seen.json()["me"]["role_label"] == "with Keeley"
    problem(await conference.api.call("POST", path, body=body | {"supports": "n0"}), 422)
    problem(await conference.api.call("POST", path, body=body | {"role": "judge"}), 422)
    problem(await conference.post("chair", "/participants", body), 403, "program_needed")
    problem(await conference.api.call("POST", "/conferences/c0/participants", body=body), 404)


async def test_a_participant_sets_nothing_up(conference: Conference) -> None:
    token = conference.person("chair")["live_token"]
    problem(await conference.api.call("POST", "/conferences", token, GIVEN), 403, "program_needed")


async def test_a_participant_of_another_conference_finds_nothing(api: Api, conference: Conference) -> None:
    other = (await api.call("POST", "/conferences", body=GIVEN)).json()
    for id_ in (other["id"], "c0", "%00", "x" * 500):
        answer = await api.call("GET", f"/conferences/{id_}", conference.person("chair")["live_token"])
        problem(answer, 404, "not_found")
