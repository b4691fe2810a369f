"""Unmodified providers against the real server: what other people's software will see."""

from __future__ import annotations

import asyncio

import pytest

from tests.protocol.conftest import Conference


async def test_several_lanes_on_one_socket(conference: Conference) -> None:
    await conference.socket("one")
    minutes = await conference.page("chair", socket="one", page="minutes")
    summary = await conference.page("chair", conference.lane(lane="summary"), socket="one", page="summary")
    second = await conference.page("chair", conference.lane(1), socket="one", page="second")
    for page, text in ((minutes, "the minutes"), (summary, "the summary"), (second, "another part")):
        await page.edit("add", text=text)
        await page.until("saved")
    reader = await conference.page("parent")
    await reader.until("texts", ["the minutes"])
    assert await second.texts() == ["another part"]


async def test_two_writers_hold_the_same(conference: Conference) -> None:
    chair, taker = await conference.page("chair"), await conference.page("minute_taker")
    point = await taker.edit("add", text="Harper")
    await chair.until("texts", ["Harper"])
    await asyncio.gather(
        *(chair.edit("type", point=point, text=letter) for letter in "abc"),
        *(taker.edit("type", point=point, text=letter) for letter in "xyz"),
    )
    await chair.until("saved")
    await taker.until("saved")
    await conference.providers.agree(chair, taker)
    (text,) = await chair.texts()
    assert sorted(text) == sorted("Harperabcxyz")
    newcomer = await conference.page("parent")
    assert await newcomer.texts() == [text]


async def test_a_page_that_opens_with_nothing_to_say_is_saved_at_once(conference: Conference) -> None:
    for role in ("chair", "parent"):
        page = await conference.page(role)
        await page.until("saved")


async def test_a_reader_who_types_is_refused_and_told(conference: Conference) -> None:
    taker, reader = await conference.page("minute_taker"), await conference.page("parent")
    assert (await reader.tell())["scope"] == "readonly"
    await reader.edit("add", text="I disagree")
    await reader.until("closed")
    told = await reader.tell()
    assert [notice["code"] for notice in told["notices"]] == ["read_only"]
    assert told["notices"][0]["reason"].endswith(".")
    assert not told["saved"]
    await taker.edit("add", text="goes on")
    await taker.until("saved")
    assert await taker.texts() == ["goes on"]


async def test_a_professional_edits_their_own_points_and_no_others(conference: Conference) -> None:
    taker, nurse = await conference.page("minute_taker"), await conference.page("professional")
    point = await taker.edit("add", text="Harper")
    own = await nurse.edit("add", text="Seen at the surgery")
    await nurse.until("text_count", 2)
    await nurse.edit("type", point=own, text=" twice")
    await nurse.until("saved")
    await conference.providers.agree(nurse, taker)
    assert sorted(await taker.texts()) == ["Harper", "Seen at the surgery twice"]
    await nurse.edit("type", point=point, text="!")
    await nurse.until("closed")
    assert (await nurse.tell())["notices"][-1]["code"] == "not_your_point"
    assert "Harper" in await taker.texts()


async def test_refused_words_can_be_given_back_from_a_new_page(conference: Conference) -> None:
    nurse, taker = await conference.page("professional"), await conference.page("minute_taker")
    point = await taker.edit("add", text="Harper")
    await nurse.until("texts", ["Harper"])
    await nurse.edit("type", point=point, text=" is nine")
    await nurse.until("closed")
    kept = (await nurse.texts())[0].removeprefix("Harper")
    await nurse.close()
    again = await conference.page("professional", page="nurse again")
    await again.edit("add", text=kept.strip())
    await again.until("saved")
    await taker.until("texts", ["Harper", "is nine"])


async def test_the_pen_is_handed_over_and_taken_back_on_an_open_page(conference: Conference) -> None:
    nurse, taker = await conference.page("professional"), await conference.page("minute_taker")
    point = await taker.edit("add", text="Kelly said")
    await nurse.until("texts", ["Kelly said"])
    conference.hand_pen("professional", held=True)
    await nurse.until("scopes", 2)
    await nurse.edit("type", point=point, text=": he is happy")
    await nurse.until("saved")
    await taker.until("texts", ["Kelly said: he is happy"])
    conference.hand_pen("professional", held=False)
    await nurse.until("scopes", 3)
    await nurse.edit("type", point=point, text="!")
    await nurse.until("closed")
    assert await taker.texts() == ["Kelly said: he is happy"]


async def test_somebody_removed_loses_the_socket_and_gets_nothing_more(conference: Conference) -> None:
    await conference.socket("kelly")
    reader = await conference.page("parent", socket="kelly")
    notices = await conference.page("parent", f"{conference.id}/events", socket="kelly", page="notices")
    taker = await conference.page("minute_taker")
    conference.remove("parent")
    await notices.until("notice", "removed")
    await taker.edit("add", text="after she had gone")
    await taker.until("saved")
    await reader.until("denied")
    assert await reader.texts() == []


async def test_a_made_up_token_opens_nothing(conference: Conference) -> None:
    await conference.socket("stranger")
    page = await conference.providers.open("stranger", "stranger", conference.lane(), "made up")
    await page.until("denied")
    assert (await page.tell())["scope"] is None


async def test_a_part_for_professionals_is_not_there_for_a_parent(conference: Conference) -> None:
    await conference.socket("kelly")
    police = await conference.providers.open(
        "police", "kelly", conference.lane(3), conference.token("parent")
    )
    absent = await conference.providers.open(
        "absent", "kelly", conference.lane(3).replace(conference.id, "c" * 21), conference.token("parent")
    )
    await police.until("denied")
    await absent.until("denied")
    assert (await police.tell())["denied"] == (await absent.tell())["denied"]


async def test_what_changed_is_told_on_the_notices(conference: Conference) -> None:
    notices = await conference.page("chair", f"{conference.id}/events")
    reader = await conference.page("parent", f"{conference.id}/events")
    taker = await conference.page("minute_taker")
    point = await taker.edit("add", text="Harper")
    await taker.until("saved")
    part = conference.made["parts"][0]["id"]
    conference.post("parent", "/flags", part=part, point=point, kind="not_right")
    await notices.until("changed", "flags")
    await reader.until("changed", "flags")


async def test_a_point_sent_by_api_appears_on_open_pages(conference: Conference) -> None:
    taker = await conference.page("minute_taker")
    part = conference.made["parts"][0]["id"]
    conference.post("professional", "/points", part=part, text="Weight is on the 50th centile.")
    await taker.until("texts", ["Weight is on the 50th centile."])


async def test_cursors_are_stamped_and_for_those_who_write_everything(conference: Conference) -> None:
    chair, taker = await conference.page("chair"), await conference.page("minute_taker")
    reader = await conference.page("parent")
    await taker.edit("cursor", state={"at": 3})
    await chair.until("people", [conference.person("minute_taker")["id"]])
    assert (await reader.tell())["people"] == []


async def test_a_hostile_frame_ends_its_socket_and_no_other(conference: Conference) -> None:
    hostile, taker = await conference.page("parent"), await conference.page("minute_taker")
    await hostile.edit("raw", hex="0164ff")
    await hostile.until("offline")
    await taker.edit("add", text="goes on")
    await taker.until("saved")
    await hostile.until("texts", ["goes on"])


@pytest.mark.parametrize("stop", ["kill", "stop"])
async def test_the_server_goes_away_while_two_type_and_they_carry_on_by_themselves(
    conference: Conference, stop: str
) -> None:
    server = conference.server
    chair, taker = await conference.page("chair"), await conference.page("minute_taker")
    first = await chair.edit("add", text="")
    await chair.until("saved")
    second = await taker.edit("add", text="")
    await taker.until("saved")

    async def type_slowly(page: str, point: str) -> None:
        for number in range(60):
            await conference.providers.order("edit", page=page, act="type", point=point, text=f"{number} ")

    typing = asyncio.gather(type_slowly("chair", first), type_slowly("minute_taker", second))
    await asyncio.to_thread(getattr(server, stop))
    await typing
    await chair.until("offline")
    await asyncio.to_thread(server.start)
    for page in (chair, taker):
        await page.until("saved")
    expected = " ".join(str(number) for number in range(60)) + " "
    for page in (chair, taker):
        await page.until("texts", [expected, expected])
    assert (await chair.tell())["held"] == (await taker.tell())["held"]
    newcomer = await conference.page("parent")
    assert await newcomer.texts() == [expected, expected]
