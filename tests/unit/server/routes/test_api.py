"""The API under /api/v1, as another program uses it."""

from __future__ import annotations

import pytest

from server.db.models import Participant
from tests.unit.server.routes.api_conference import WORRY, Api, Conference, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.rule("R-56")
async def test_a_point_is_seen_by_everybody_who_may_read_the_part(conference: Conference) -> None:
    point = await conference.add()
    for role in ("chair", "minute_taker", "parent", "supporter", "solicitor", "observer"):
        seen = await conference.see(role)
        (part,) = [part for part in seen["parts"] if part["id"] == conference.part()]
        assert [(one["id"], one["text"], one["said_by"]["name"]) for one in part["points"]] == [
            (point, WORRY, "Ruth Adeyemi")
        ]


@pytest.mark.rule("R-50")
async def test_a_child_sees_a_part_once_it_is_released(conference: Conference) -> None:
    await conference.add()
    assert (await conference.see("child"))["parts"] == []
    body = {"part": conference.part(), "participant": conference.person("child")["id"], "released": True}
    assert (await conference.post("chair", "/releases", body)).status_code == 200
    assert len((await conference.see("child"))["parts"]) == 1


async def test_a_closed_part_is_in_no_answer_to_those_outside_it(conference: Conference) -> None:
    await conference.add(part=2)
    for role in ("parent", "child", "supporter", "solicitor", "observer"):
        seen = await conference.see(role)
        assert conference.part(2) not in str(seen)
        assert WORRY not in str(seen)
        body = {"part": conference.part(2), "text": "Let me in"}
        problem(await conference.post(role, "/points", body), 404)
        problem(await conference.post(role, "/flags", body | {"kind": "missing"} | {"text": ""}), 422)
        problem(await conference.post(role, "/flags", {"part": conference.part(2), "kind": "missing"}), 404)


@pytest.mark.rule("R-57")
async def test_a_flag_is_answered_and_its_raiser_reads_the_answer(conference: Conference) -> None:
    flag = await conference.flag()
    problem(await conference.post("chair", f"/flags/{flag}/answer", {"outcome": "left"}), 422, "words_needed")
    answer = await conference.post(
        "chair", f"/flags/{flag}/answer", {"outcome": "left", "words": "As it was."}
    )
    assert (answer.status_code, answer.json()) == (200, {"id": flag, "outcome": "left"})
    (seen,) = (await conference.see("parent"))["flags"]
    assert (seen["state"], seen["outcome"], seen["answer"], seen["before"]) == (
        "answered",
        "left",
        "As it was.",
        WORRY,
    )
    again = await conference.post("chair", f"/flags/{flag}/answer", {"outcome": "answered"})
    problem(again, 409, "already_answered")


async def test_whoever_raised_a_flag_withdraws_it_by_the_same_door(conference: Conference) -> None:
    flag = await conference.flag()
    problem(await conference.post("professional", f"/flags/{flag}/answer", {"outcome": "withdrawn"}), 404)
    answer = await conference.post("parent", f"/flags/{flag}/answer", {"outcome": "withdrawn"})
    assert answer.status_code == 200
    (seen,) = (await conference.see("chair"))["flags"]
    assert seen["state"] == "withdrawn"


async def test_the_same_key_does_the_thing_once(conference: Conference) -> None:
    body = {"part": conference.part(), "text": WORRY, "key": "one"}
    sent = [(await conference.post("professional", "/points", body)).json() for _ in range(2)]
    assert sent[0] == sent[1]


async def test_requests_reach_the_chair_and_are_settled(conference: Conference) -> None:
    made = await conference.post("parent", "/requests", {"kind": "break"})
    assert made.status_code == 201
    (seen,) = (await conference.see("chair"))["requests"]
    assert (seen["kind"], seen["by"]["name"], seen["settled_at"]) == ("break", "Keeley Marsh", None)
    assert (await conference.post("chair", f"/requests/{seen['id']}/settle")).status_code == 204
    assert (await conference.see("chair"))["requests"][0]["settled_at"]


@pytest.mark.rule("R-65")
async def test_a_part_is_read_through(conference: Conference) -> None:
    point = await conference.add()
    base = f"/read-through/{conference.part()}"
    assert (await conference.post("chair", f"{base}/start")).status_code == 204
    answer = await conference.post("parent", f"{base}/answer", {"point": point, "answer": "not_right"})
    assert answer.status_code == 204
    seen = (await conference.see("chair"))["read_through"]
    given = {one["person"]["name"]: one["answer"] for one in seen["points"][0]["answers"]}
    assert given["Keeley Marsh"] == "not_right"
    assert given["Priya Nair"] is None
    assert (await conference.post("chair", f"{base}/finish")).status_code == 204


async def test_the_pen_is_handed_over_by_the_program_or_the_chair(conference: Conference) -> None:
    body = {"part": conference.part(), "participant": conference.person("professional")["id"], "held": True}
    assert (await conference.api.call("POST", f"{conference.path}/pen", body=body)).json() == body
    (part,) = [
        one for one in (await conference.see("professional"))["parts"] if one["id"] == conference.part()
    ]
    assert part["can"]["edit_any"]
    assert (await conference.post("chair", "/pen", body | {"held": False})).status_code == 200
    problem(await conference.post("professional", "/pen", body), 403)


@pytest.mark.rule("R-45", "R-47")
async def test_the_chairs_program_notes_who_is_here_without_a_page(conference: Conference) -> None:
    path = f"/participants/{conference.person('parent')['id']}"
    body = {"attending": "phone", "promised": True}
    problem(await conference.post("chair", f"{path}/here", body | {"promised": False}), 422, "promise_needed")
    problem(await conference.post("minute_taker", f"{path}/here", body), 403)
    problem(
        await conference.api.call("POST", f"{conference.path}{path}/here", body=body),
        403,
        "participant_needed",
    )
    assert (await conference.post("chair", f"{path}/here", body)).status_code == 204
    changed = await conference.api.call(
        "POST", f"{conference.path}{path}/attending", body={"attending": "voice_only"}
    )
    assert changed.status_code == 204
    (parent,) = [one for one in (await conference.see("chair"))["people"] if one["role"] == "parent"]
    assert (parent["here"], parent["attending"]) == (True, "voice_only")


async def test_a_removed_participants_token_is_worth_nothing_at_once(conference: Conference) -> None:
    person = conference.person("parent")
    answer = await conference.api.call("DELETE", f"{conference.path}/participants/{person['id']}")
    assert answer.status_code == 204
    problem(await conference.api.call("GET", conference.path, person["live_token"]), 401)
    assert (await conference.see("supporter"))["parts"] == []


async def test_the_reason_for_a_removal_travels_in_the_body(conference: Conference) -> None:
    person = conference.person("parent")["id"]
    path = f"{conference.path}/participants/{person}"
    body = {"reason": "Shouted at the family."}
    assert (await conference.api.call("DELETE", path, body=body)).status_code == 204
    kept = await conference.api.ctx.db.read(
        lambda session: session.get_one(Participant, person).removed_reason
    )
    assert kept == body["reason"]
    problem(await conference.api.call("DELETE", path, body={"reason": 7}), 422)


async def test_going_to_a_part(conference: Conference) -> None:
    assert (await conference.post("minute_taker", f"/parts/{conference.part()}/go")).status_code == 204
    assert (await conference.see("parent"))["current"] == conference.part()


@pytest.mark.parametrize("phase", ["in session", "in_session", "In-Session"])
async def test_a_phase_may_be_written_with_a_space(conference: Conference, phase: str) -> None:
    answer = await conference.post("chair", "/phase", {"phase": phase})
    assert answer.json() == {"phase": "in_session"}


async def test_a_phase_out_of_order_is_a_conflict(conference: Conference) -> None:
    problem(await conference.post("chair", "/phase", {"phase": "preparing"}), 409, "wrong_phase")
    problem(await conference.post("chair", "/phase", {"phase": "signed"}), 409, "sign_instead")
    problem(await conference.post("chair", "/phase", {"phase": "over"}), 422)


async def test_signing_names_what_is_missing_and_then_gives_the_record(conference: Conference) -> None:
    flag = await conference.flag()
    problem(await conference.api.call("GET", f"{conference.path}/record"), 409, "not_signed")
    told = problem(await conference.post("chair", "/sign"), 409)
    assert told["missing"]
    assert {"code", "text", "target"} <= told["missing"][0].keys()
    await conference.post("chair", f"/flags/{flag}/answer", {"outcome": "answered"})
    problem(await conference.post("parent", "/sign"), 403)
    signed = await conference.post("chair", "/sign")
    assert signed.status_code == 200
    assert len(signed.json()["root"]) == 64
    for bearer in (None, conference.person("parent")["live_token"]):
        record = await conference.api.call("GET", f"{conference.path}/record", bearer)
        assert (record.status_code, record.headers["content-type"]) == (200, "application/json")
    pdf = await conference.api.call("GET", f"{conference.path}/record?form=pdf")
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    other = problem(await conference.api.call("GET", f"{conference.path}/record?form=docx"), 422)
    assert (other["field"], other["detail"]) == ("form", "A record comes as json or pdf.")
    problem(
        await conference.post("professional", "/points", {"part": conference.part(), "text": "x"}),
        403,
        "signed",
    )
    assert (await conference.see("parent"))["signed"]["by"]["name"] == "Margaret Osei"


async def test_an_address_or_method_that_is_not_there_is_a_problem_too(
    api: Api, conference: Conference
) -> None:
    problem(await api.call("GET", "/nothing"), 404)
    problem(await api.call("PUT", conference.path), 405)


async def test_times_carry_their_offset(conference: Conference) -> None:
    assert (await conference.see("chair"))["starts_at"] == "2026-11-23T09:00:00Z"


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "'; DROP TABLE part;--", "\u202eevil", "😀" * 50]
)
async def test_hostile_words_are_only_words(conference: Conference, hostile: str) -> None:
    body = {"part": conference.part(), "text": hostile}
    answer = await conference.post("professional", "/points", body)
    assert answer.status_code == 201
    seen = await conference.see("parent")
    (part,) = [part for part in seen["parts"] if part["id"] == conference.part()]
    assert part["points"][0]["text"] == hostile.replace("\u202e", "")


async def test_ids_that_are_none_are_not_found(conference: Conference) -> None:
    for body in (
        {"part": "../x", "text": "x"},
        {"part": "\x00", "text": "x"},
        {"part": "a" * 9000, "text": "x"},
    ):
        problem(await conference.post("professional", "/points", body), 404)
