"""Whoever went home before the end: no minutes, and a copy of their own once it is signed."""

from __future__ import annotations

import pytest

from server.actions import conferences, participants, signing
from shared_doc.permissions import Phase
from tests.unit.server.routes.house import House

MOTHER = "Keeley Marsh"


@pytest.mark.rule("R-49")
async def test_whoever_left_is_led_to_their_copy_once_it_is_signed_and_not_before(house: House) -> None:
    browser = await house.enter(MOTHER)
    chair = await house.chair()
    await conferences.change_phase(house.ctx, chair, Phase.IN_SESSION)
    await participants.mark_left(house.ctx, house.actor(MOTHER), house.id_of(MOTHER))
    page = await browser.get(f"{house.base(MOTHER)}/")
    assert "You have left this meeting" in page.text
    assert "Your copy is ready" not in page.text
    assert (await browser.get(f"{house.base(MOTHER)}/record")).status_code in {404, 409}
    await signing.sign(house.ctx, chair)
    page = await browser.get(f"{house.base(MOTHER)}/")
    assert "Your copy is ready" in page.text
    assert "Introductions" not in page.text
    copy = await browser.get(f"{house.base(MOTHER)}/record")
    assert copy.status_code == 200
    assert "Closed part" not in copy.text
