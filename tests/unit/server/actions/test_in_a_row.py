"""What takes the processor for long is done for one person at a time, however many ask."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from server.actions import conferences, history, records, signing
from server.record.keys import SigningKey
from server.record.sealed import Record
from shared_doc.permissions import Phase
from shared_doc.schema import LaneKind
from tests.unit.server.actions.council import CHAIR, Council, Meeting

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_log_is_not_read_before_its_turn_to_be_played_comes(
    meeting: Meeting, council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    await meeting.add()
    reads: list[object] = []
    read = type(council.ctx.db).read

    async def counted(*args: Any) -> Any:
        reads.append(args[1])
        return await read(*args)

    monkeypatch.setattr(type(council.ctx.db), "read", counted)
    turn = asyncio.Semaphore(1)
    monkeypatch.setattr(history, "_ONE_AT_A_TIME", turn)
    await turn.acquire()
    asking = [
        asyncio.create_task(
            history.read(council.ctx, meeting.actor(CHAIR), meeting.open_part, LaneKind.MINUTES)
        )
        for _ in range(3)
    ]
    await asyncio.wait(asking, timeout=0.05)
    assert reads == []
    turn.release()
    assert all(view.points for view in await asyncio.gather(*asking))
    assert len(reads) == 3


async def test_copies_are_printed_one_at_a_time_and_on_no_thread_of_others(
    meeting: Meeting, council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    chair = meeting.actor(CHAIR)
    await conferences.change_phase(council.ctx, chair, Phase.CLOSED)
    await signing.sign(council.ctx, chair)
    printing, most, threads = 0, 0, set[str]()
    together = threading.Barrier(2)

    def print_slowly(_copy: Record, _key: SigningKey) -> bytes:
        nonlocal printing, most
        printing += 1
        most = max(most, printing)
        threads.add(threading.current_thread().name)
        with pytest.raises(threading.BrokenBarrierError):
            # Nobody else comes here meanwhile.
            together.wait(0.02)
        together.reset()
        printing -= 1
        return b"%PDF"

    monkeypatch.setattr(records, "pdf_of", print_slowly)
    await asyncio.gather(*(records.fetch(council.ctx, chair, "pdf") for _ in range(4)))
    assert most == 1
    assert len(threads) == 1
    assert threads.pop().startswith("print")
