"""The desk as a browser without scripts gets it, its fragments as htmx gets them, and who may have neither."""

from __future__ import annotations

import json
import re

import pytest

from server.actions import conferences, flags, parts, points, requests
from shared_doc.permissions import Phase
from tests.unit.server.routes.house import Browser, House

CHAIR = "Margaret Osei"
WORDS = "Keeley asked for help in May."
FORM_POSTS = (
    "flags/f1/answer",
    "requests/q1/settle",
    "people/n1/admit",
    "people/n1/here",
    "people/n1/attending",
    "people/n1/remove",
    "people/n1/left",
    "people/n1/back",
    "parts/a1/go",
    "parts/a1/points",
    "parts/a1/release",
    "pen",
    "phase",
    "read-through/a1/start",
    "read-through/a1/finish",
    "read-through/a1/voice",
    "sign",
)
FRAGMENTS = ("parts", "head", "queue", "people", "read-through")
HTMX = {"HX-Request": "true"}


async def begin(house: House) -> str:
    """The meeting is in its first part, with one point; the point's id."""
    chair = await house.chair()
    for phase in (Phase.OPEN, Phase.IN_SESSION):
        await conferences.change_phase(house.ctx, chair, phase)
    await parts.go_to(house.ctx, chair, house.made.parts[0].id)
    return await points.add(house.ctx, chair, house.made.parts[0].id, WORDS)


async def chair_at_desk(house: House) -> tuple[Browser, str]:
    await house.chair()
    browser = await house.come(CHAIR)
    answer = await browser.get(f"{house.base(CHAIR)}/")
    assert answer.status_code == 200, answer.text
    return browser, answer.text


def csrf(html: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    assert found is not None
    return found[1]


async def send(
    house: House, browser: Browser, html: str, path: str, *, htmx: bool = False, **fields: str
) -> str:
    """Send a form of the desk; what then stands there."""
    answer = await browser.post(
        f"{house.base(CHAIR)}/{path}",
        data={"csrf": csrf(html), "at": house.made.parts[0].id, **fields},
        headers=HTMX if htmx else {},
    )
    if answer.status_code == 303:
        answer = await browser.get(answer.headers["location"])
    assert answer.status_code in {200, 409, 422}, answer.text
    return answer.text


async def flagged(house: House, kind: str = "not_right", words: str = "In March.") -> str:
    point = await begin(house)
    await house.enter("Keeley Marsh")
    raised = await flags.raise_flag(
        house.ctx, house.actor("Keeley Marsh"), house.made.parts[0].id, point, kind, words
    )
    return raised.id


async def test_the_desk_names_nobody_in_its_title_and_holds_no_code(house: House) -> None:
    await begin(house)
    _, html = await chair_at_desk(house)
    assert "<title>Minutes – True Record</title>" in html
    assert WORDS in html
    assert not re.search(r"<script(?![^>]*(src=|application/json))", html)
    assert " on" not in re.sub(r'"[^"]*"', "", " ".join(re.findall(r"<[^>]+>", html)))


async def test_what_the_script_is_given_is_what_it_needs_and_no_more(house: House) -> None:
    await begin(house)
    _, html = await chair_at_desk(house)
    found = re.search(r'id="boot">([^<]+)<', html)
    assert found is not None
    boot = json.loads(found[1])
    assert boot["part"]["lanes"]["minutes"].endswith("/minutes")
    assert boot["me"]["role"] == "chair"
    assert 0 < boot["client"] < 2**32


@pytest.mark.parametrize("name", ["Keeley Marsh", "Priya Nair", "Ellie Marsh", "Janine Marsh"])
async def test_nobody_else_gets_a_fragment_of_the_desk_or_can_send_its_forms(house: House, name: str) -> None:
    await begin(house)
    browser = await house.enter(name)
    page = await browser.get(f"{house.base(name)}/")
    for fragment in FRAGMENTS:
        answer = await browser.get(f"{house.base(name)}/fragments/{fragment}")
        assert answer.status_code == 404, fragment
        assert WORDS not in answer.text
    hidden = re.search(r'name="csrf" value="([^"]+)"', page.text)
    for path in FORM_POSTS:
        answer = await browser.post(
            f"{house.base(name)}/{path}", data={"csrf": hidden[1] if hidden else "", "phase": "closed"}
        )
        assert answer.status_code in {403, 404}, path
        assert WORDS not in answer.text


async def test_a_form_that_was_not_made_for_this_page_does_nothing(house: House) -> None:
    await begin(house)
    browser, _ = await chair_at_desk(house)
    for path in FORM_POSTS:
        answer = await browser.post(f"{house.base(CHAIR)}/{path}", data={"csrf": "made up"})
        assert answer.status_code == 403, path


async def test_a_part_that_is_not_there_is_not_found(house: House) -> None:
    await begin(house)
    browser, _ = await chair_at_desk(house)
    for query in ("?part=nothing", "fragments/queue?part=nothing", "fragments/head?part=nothing"):
        answer = await browser.get(f"{house.base(CHAIR)}/{query}")
        assert answer.status_code == 404, query


@pytest.mark.rule("R-57")
async def test_left_as_it_is_needs_a_reason_and_keeps_both_wordings(house: House) -> None:
    flag = await flagged(house)
    browser, html = await chair_at_desk(house)
    assert "“In March.”" in html
    refused = await send(house, browser, html, f"flags/{flag}/answer", htmx=True, outcome="left")
    assert "Say why it is left as it is." in refused
    assert f'id="flag-{flag}"' in refused
    done = await send(
        house, browser, html, f"flags/{flag}/answer", htmx=True, outcome="left", words="It was said so."
    )
    assert "Left as it is," in done
    assert "It was said so." in done


async def test_an_answer_without_scripts_comes_back_to_the_page(house: House) -> None:
    flag = await flagged(house, "question", "Who rings?")
    browser, html = await chair_at_desk(house)
    html = await send(house, browser, html, f"flags/{flag}/answer", outcome="answered", words="Ruth does.")
    assert "Nothing is waiting" in html
    html = (await browser.get(f"{house.base(CHAIR)}/?part={house.made.parts[0].id}&flag={flag}")).text
    assert "Ruth does." in html


async def test_a_flag_is_answered_once(house: House) -> None:
    flag = await flagged(house)
    browser, html = await chair_at_desk(house)
    await send(house, browser, html, f"flags/{flag}/answer", htmx=True, outcome="answered", words="One.")
    again = await send(
        house, browser, html, f"flags/{flag}/answer", htmx=True, outcome="answered", words="Two."
    )
    assert "This has been answered already." in again
    assert "One." in again
    assert "Two." not in again


async def test_a_fragment_of_the_queue_keeps_the_flag_open_that_is_open_on_the_page(house: House) -> None:
    flag = await flagged(house)
    await requests.make(house.ctx, house.actor("Keeley Marsh"), "not_safe")
    browser, _ = await chair_at_desk(house)
    answer = await browser.get(f"{house.base(CHAIR)}/fragments/queue?flag={flag}")
    assert f'id="flag-{flag}"' in answer.text
    assert "It is not safe for this person" in answer.text


async def test_somebody_is_sent_out_only_with_a_reason(house: House) -> None:
    await begin(house)
    await house.enter("Dean Hollis")
    browser, html = await chair_at_desk(house)
    dean = house.id_of("Dean Hollis")
    refused = await send(house, browser, html, f"people/{dean}/remove", htmx=True)
    assert "Say why, for the record of the meeting." in refused
    done = await send(house, browser, html, f"people/{dean}/remove", htmx=True, reason="Threats.")
    assert re.search(rf'id="person-{dean}".*?removed', done, re.DOTALL)


async def test_somebody_leaves_and_comes_back(house: House) -> None:
    await begin(house)
    await house.enter("Dean Hollis")
    browser, html = await chair_at_desk(house)
    dean = house.id_of("Dean Hollis")
    assert "Dean Hollis is back" in await send(house, browser, html, f"people/{dean}/left", htmx=True)
    assert "Dean Hollis has left" in await send(house, browser, html, f"people/{dean}/back", htmx=True)


async def test_the_minute_taker_types_and_answers_but_does_not_lead_what_is_the_chair_s(house: House) -> None:
    await begin(house)
    browser = await house.enter("Tom Whitcombe")
    html = (await browser.get(f"{house.base('Tom Whitcombe')}/")).text
    assert WORDS in html
    assert "Read through" not in html
    assert "Sign the record" not in html
    for path in (
        f"people/{house.id_of('Dean Hollis')}/admit",
        f"read-through/{house.made.parts[0].id}/start",
    ):
        answer = await browser.post(f"{house.base('Tom Whitcombe')}/{path}", data={"csrf": csrf(html)})
        assert answer.status_code == 403, path
    answer = await browser.get(f"{house.base('Tom Whitcombe')}/?sign=1")
    assert "Sign the record?" not in answer.text


async def test_a_point_is_added_and_the_part_read_through_without_scripts(house: House) -> None:
    await begin(house)
    await house.enter("Keeley Marsh")
    browser, html = await chair_at_desk(house)
    part = house.made.parts[0].id
    html = await send(house, browser, html, f"parts/{part}/points", text="Another point.", kind="worry")
    assert "Another point." in html
    empty = await send(house, browser, html, f"parts/{part}/points", text="  ")
    assert "Write the point first." in empty
    html = await send(house, browser, html, f"read-through/{part}/start")
    assert "Point 1 of 2." in html
    point = re.search(r'id="reading"[^>]*data-point="([^"]+)"', html)
    assert point is not None
    keeley = house.id_of("Keeley Marsh")
    html = await send(
        house,
        browser,
        html,
        f"read-through/{part}/voice",
        htmx=True,
        point=point[1],
        participant=keeley,
        answer="right",
    )
    assert re.search(rf'id="answer-{keeley}".*?Right, by voice,', html, re.DOTALL)


async def test_the_meeting_is_stopped_goes_on_and_ends(house: House) -> None:
    await begin(house)
    browser, html = await chair_at_desk(house)
    html = await send(house, browser, html, "phase", phase="adjourned")
    assert "Nothing can be written until it goes on." in html
    html = await send(house, browser, html, "phase", phase="in_session")
    html = await send(house, browser, html, "phase", phase="closed")
    assert "Sign the record" in html
    html = await send(house, browser, html, "phase", phase="nonsense")
    assert "There is no such step." in html


async def test_signing_names_what_is_missing_with_a_link_to_each(house: House) -> None:
    flag = await flagged(house)
    browser, html = await chair_at_desk(house)
    html = (await browser.get(f"{house.base(CHAIR)}/?sign=1")).text
    assert "Not ready to sign" in html
    assert f"?flag={flag}#flag-{flag}" in html
    html = await send(house, browser, html, "sign") if 'name="csrf"' in html else html
    await flags.answer(house.ctx, await house.chair(), flag, "answered", "Yes.")
    html = (await browser.get(f"{house.base(CHAIR)}/?sign=1")).text
    assert "Sign the record?" in html
    done = await browser.post(f"{house.base(CHAIR)}/sign", data={"csrf": csrf(html)})
    assert done.status_code == 303
    assert done.headers["location"].endswith("/record")
    html = (await browser.get(f"{house.base(CHAIR)}/")).text
    assert "Nothing can be changed after signing." in html


async def test_a_fresh_client_id_is_somebody_s_own(house: House) -> None:
    await begin(house)
    browser, html = await chair_at_desk(house)
    made = {
        (await browser.post(f"{house.base(CHAIR)}/client-id", headers={"X-CSRF": csrf(html)})).json()[
            "client"
        ]
        for _ in range(3)
    }
    assert len(made) == 3
    refused = await browser.post(f"{house.base(CHAIR)}/client-id")
    assert refused.status_code == 403
