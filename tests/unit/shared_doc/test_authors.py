from __future__ import annotations

import pytest

from shared_doc.authors import READING, ClientIds, Rights
from shared_doc.errors import RefusalCode, Refused
from shared_doc.limits import CLIENTS_OF_ONE


def test_an_id_belongs_to_whoever_held_it_first() -> None:
    clients = ClientIds({1: "chair"})
    clients.bind(2, "nurse")
    clients.bind(2, "nurse")
    assert clients.owner(2) == "nurse"
    with pytest.raises(Refused) as told:
        clients.bind(1, "nurse")
    assert told.value.code == RefusalCode.NOT_YOUR_CLIENT
    assert clients.owner(1) == "chair"


def test_an_id_whose_binding_was_not_stored_is_free_again() -> None:
    clients = ClientIds()
    clients.bind(2, "nurse")
    clients.release(2)
    clients.release(3)
    assert clients.owner(2) is None


def test_one_participant_cannot_use_up_what_the_others_need() -> None:
    clients = ClientIds(dict.fromkeys(range(CLIENTS_OF_ONE), "nurse"))
    with pytest.raises(Refused) as told:
        clients.bind(1_000_000, "nurse")
    assert told.value.code == RefusalCode.TOO_MUCH
    clients.bind(1_000_000, "chair")
    clients.bind(0, "nurse")
    clients.release(0)
    clients.bind(1_000_001, "nurse")


def test_the_given_table_is_not_changed() -> None:
    given = {1: "chair"}
    ClientIds(given).bind(2, "nurse")
    assert given == {1: "chair"}


def test_reading_is_to_have_no_right_to_write() -> None:
    assert not READING
    assert Rights(edit_any=False, edit_own=False, add=True)
