"""Pages that are asked for by the hundred are made one after the other, and everything else has its turn in between."""

from __future__ import annotations

import asyncio
from time import thread_time

import pytest

from server.routes.in_turn import SLICE, Turns, in_turn
from server.routes.rate import Bill, Shares
from server.settings import Settings


def a_bill() -> Bill:
    return Bill(Shares(Settings()), "192.0.2.7", "GET")


def work_for(seconds: float) -> None:
    """Use the processor, and say nothing meanwhile."""
    until = thread_time() + seconds
    while thread_time() < until:
        pass


async def test_between_two_pages_there_is_a_moment_for_everything_else() -> None:
    turns, order = Turns(), list[str]()
    loop = asyncio.get_running_loop()

    async def page(name: str) -> None:
        for _ in range(3):
            work_for(2 * SLICE)
            order.append(name)
            await asyncio.sleep(0)

    done = asyncio.Event()

    def keystroke() -> None:
        order.append("keystroke")
        if not done.is_set():
            loop.call_soon(keystroke)

    loop.call_soon(keystroke)
    await asyncio.gather(*(_task(in_turn_of(page(f"page {number}"), turns)) for number in range(20)))
    done.set()
    told = " ".join("keystroke" if one == "keystroke" else "page" for one in order)
    assert told.count("page") == 60
    assert "page page" not in told


def _task(work: object) -> asyncio.Task[None]:
    assert asyncio.iscoroutine(work)
    return asyncio.create_task(work)


async def in_turn_of(work: object, turns: Turns, bill: Bill | None = None) -> None:
    assert asyncio.iscoroutine(work)
    await in_turn(work, turns, bill or a_bill())


async def test_what_a_page_took_of_the_processor_is_on_its_bill_and_not_what_it_waited() -> None:
    bill = a_bill()

    async def page() -> None:
        work_for(0.02)
        await asyncio.sleep(0.05)
        work_for(0.02)

    await in_turn_of(page(), Turns(), bill)
    assert 40 <= bill.milliseconds < 60


async def test_a_mistake_reaches_whoever_asked_and_the_next_has_their_turn() -> None:
    turns = Turns()

    async def fails() -> None:
        work_for(2 * SLICE)
        raise KeyError("mistake")

    async def waits_and_fails() -> None:
        try:
            await asyncio.wait_for(asyncio.Event().wait(), 0.01)
        except TimeoutError:
            raise KeyError("too late") from None

    for work in (fails(), waits_and_fails()):
        with pytest.raises(KeyError):
            await in_turn_of(work, turns)
    await in_turn_of(asyncio.sleep(0), turns)


async def test_whoever_goes_away_while_they_wait_holds_up_nobody() -> None:
    turns, done = Turns(), list[int]()

    async def page(number: int) -> None:
        work_for(2 * SLICE)
        done.append(number)

    pages = [_task(in_turn_of(page(number), turns)) for number in range(10)]
    await asyncio.wait({pages[0]})
    for gone in pages[1:8]:
        gone.cancel()
    await asyncio.gather(*pages, return_exceptions=True)
    assert done == [0, 8, 9]
