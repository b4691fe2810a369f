"""Real typing over real sockets, with the server killed on the way: every letter is where it was typed."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.faults.recordings import made_up, text_of
from tests.protocol.conftest import Conference
from tests.protocol.providers import Providers
from tests.recordings import recording
from tests.server_process import ServerProcess

READERS = 12
KEYSTROKES = 23_000
TOGETHER = 15_000
MADE_UP = 4_000
LONG = 600.0

# Twenty seconds on a quiet machine of 2026, and two minutes while it does seven other things.
pytestmark = pytest.mark.timeout(900)


def typed(name: str, seed: int) -> tuple[dict[str, Any], str]:
    """How a typist is told to play, and the text that is to be there afterwards."""
    path = recording(name)
    if path is None:
        made = made_up(seed, MADE_UP)
        return {"made": made, "most": MADE_UP}, text_of(made)
    with gzip.open(path) as packed:
        return {"file": str(path), "most": KEYSTROKES}, text_of(json.load(packed), KEYSTROKES)


@pytest.mark.rule("R-57")
async def test_two_type_at_once_twelve_follow_the_server_is_killed_and_every_letter_is_there(
    tmp_path: Path,
) -> None:
    with ServerProcess(tmp_path) as server:
        made = server.create_conference()
        server.change_phase(made, "open", "in_session")
        async with Providers() as providers, Providers() as following:
            conference = Conference(server, made, providers)
            gallery = Conference(server, made, following)
            readers = [await gallery.page("parent", page=f"reader {number}") for number in range(READERS)]
            writers = [await conference.page("chair"), await conference.page("minute_taker")]
            plays = [typed("clownschool_flat.json.gz", 1), typed("automerge-paper.json.gz", 2)]
            typing = [
                asyncio.create_task(providers.order("play", page=writer.name, patience=LONG, **how))
                for writer, (how, _text) in zip(writers, plays, strict=True)
            ]
            await readers[0].until("at_least", 20)
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
            results = await asyncio.gather(*typing)
            for result, (_how, text) in zip(results, plays, strict=True):
                assert result["text"] == text
            for writer in writers:
                await writer.until("saved")
            held = await providers.agree(*writers)
            newcomer = await conference.page("social_worker")
            assert (await newcomer.tell())["held"] == held
            # Readers are told a moment later; then all fifteen hold the same, to the last value.
            for page in readers:
                await page.until("held", held)
            for result, (_how, text) in zip(results, plays, strict=True):
                # What is stored, as everybody holds it: each writer's points, joined by newlines, are the recording.
                assert "\n".join(held[point]["text"] for point in result["points"]) == text
            agree_and_sign(conference, results[0]["points"])
            for page in (*writers, newcomer, *readers):
                await page.until("notice", "frozen")
        server.command("check")  # fails if any hash does not hold
        with server.http(conference.token("chair")) as client:
            record = tmp_path / "record.json"
            record.write_bytes(client.get(f"/conferences/{conference.id}/record").content)
        server.command("verify", str(record))
        words = record.read_text(encoding="utf-8")
        for line in max((text.split("\n") for _how, text in plays), key=len)[:20]:
            assert json.dumps(line, ensure_ascii=False)[1:-1] in words
        record.write_text(words.replace("clown", "crown", 1).replace("Harper", "Parker", 1), encoding="utf-8")
        with pytest.raises(AssertionError, match="verify"):
            server.command("verify", str(record))


def agree_and_sign(conference: Conference, points: list[str]) -> None:
    """Somebody says that a point is not right, the chair answers, the part is gone over, and the record is signed."""
    part = conference.made["parts"][0]["id"]
    flag = conference.post("parent", "/flags", part=part, point=points[0], kind="not_right", words="Not so.")
    conference.post("chair", f"/flags/{flag['id']}/answer", outcome="left", words="It was said like this.")
    conference.post("chair", f"/read-through/{part}/start")
    for point in points[:5]:
        conference.post("parent", f"/read-through/{part}/answer", point=point, answer="right")
    conference.post("chair", f"/read-through/{part}/finish")
    conference.server.change_phase(conference.made, "closed")
    conference.post("chair", "/sign")


async def test_three_write_one_point_at_once_and_no_letter_is_lost_or_doubled(tmp_path: Path) -> None:
    path = recording("clownschool.json.gz")
    with ServerProcess(tmp_path) as server:
        made = server.create_conference()
        server.change_phase(made, "open", "in_session")
        async with Providers() as providers:
            conference = Conference(server, made, providers)
            writers = [
                await conference.page("chair"),
                await conference.page("minute_taker"),
                await conference.page("chair", page="second desk"),
            ]
            point = await writers[0].edit("add", text="")
            for writer in writers:
                await writer.until("saved")
            reader = await conference.page("parent")
            how: dict[str, Any] = (
                {"made": together(TOGETHER // 5), "most": TOGETHER}
                if path is None
                else {"file": str(path), "most": TOGETHER}
            )
            names = [writer.name for writer in writers]
            result = await providers.order("play_together", pages=names, point=point, patience=LONG, **how)
            for writer in writers:
                await writer.until("saved")
            newcomer = await conference.page("social_worker")
            for page in (*writers, newcomer, reader):
                await page.until("texts", [result["text"]])
            assert sum(count > 0 for count in result["writers"]) > 1


def together(count: int) -> dict[str, Any]:
    """Three who write at once: each goes on from what they saw a few steps ago."""
    txns: list[dict[str, Any]] = []
    for index in range(count):
        agent = index % 3
        own = [index - 3] if index >= 3 else []
        seen = [index - 4] if index >= 4 else []
        txns.append({"agent": agent, "parents": own + seen, "patches": [[0, 0, "abc"[agent]]]})
    return {"txns": txns}


def test_the_made_up_recording_has_what_the_real_ones_have() -> None:
    patches = [patch for txn in made_up(1, MADE_UP)["txns"] for patch in txn["patches"]]
    kinds = Counter(
        "deletes" if deleted else "breaks" if text == "\n" else "types" for _at, deleted, text in patches
    )
    assert min(kinds["deletes"], kinds["breaks"]) > 20
    assert kinds["types"] > MADE_UP / 2
