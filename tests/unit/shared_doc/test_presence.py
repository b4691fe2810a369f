"""Cursors: what a client may say of itself, what others are told, and when it is forgotten."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_doc.errors import Malformed
from shared_doc.presence import CLIENTS, EXPIRES, Cursor, Presence, User, decode, encode

ANN = User("ann", "Ann Chair", "chair")
BEN = User("ben", "Ben Writer", "minute_taker")


def test_a_body_is_read() -> None:
    body = bytes.fromhex("01 05 01 02 7b 7d".replace(" ", ""))
    assert decode(body) == [Cursor(5, 1, {})]


def test_a_goodbye_is_read() -> None:
    assert decode(encode([(5, 2, "null")])) == [Cursor(5, 2, None)]


def test_the_server_writes_who_it_is_whatever_the_client_says() -> None:
    told = Presence().heard("s1", ANN, [Cursor(5, 1, {"user": {"name": "the judge"}, "at": 3})], 0.0)
    assert told is not None
    assert decode(told)[0].state == {"at": 3, "user": {"id": "ann", "name": "Ann Chair", "role": "chair"}}


def test_a_session_speaks_for_one_client_id() -> None:
    presence = Presence()
    assert presence.heard("s1", ANN, [Cursor(5, 1, {})], 0.0) is not None
    assert presence.heard("s1", ANN, [Cursor(6, 1, {})], 0.0) is None
    assert presence.heard("s2", BEN, [Cursor(5, 9, {})], 0.0) is None
    assert presence.heard("s2", BEN, [Cursor(5, 9, None)], 0.0) is None


def test_an_older_state_does_not_replace_a_newer_one() -> None:
    presence = Presence()
    presence.heard("s1", ANN, [Cursor(5, 4, {"at": 2})], 0.0)
    assert presence.heard("s1", ANN, [Cursor(5, 3, {"at": 1})], 0.0) is None


def test_a_newcomer_is_told_of_everybody() -> None:
    presence = Presence()
    assert presence.everybody() is None
    presence.heard("s1", ANN, [Cursor(5, 1, {})], 0.0)
    presence.heard("s2", BEN, [Cursor(6, 1, {})], 0.0)
    told = presence.everybody()
    assert told is not None
    assert [cursor.client for cursor in decode(told)] == [5, 6]


def test_who_leaves_is_taken_away() -> None:
    presence = Presence()
    presence.heard("s1", ANN, [Cursor(5, 7, {})], 0.0)
    told = presence.gone("s1")
    assert told is not None
    assert decode(told) == [Cursor(5, 8, None)]
    assert presence.gone("s1") is None


def test_who_is_not_renewed_expires() -> None:
    presence = Presence()
    presence.heard("s1", ANN, [Cursor(5, 7, {})], 100.0)
    assert presence.expire(100.0 + EXPIRES) is None
    told = presence.expire(100.1 + EXPIRES)
    assert told is not None
    assert decode(told) == [Cursor(5, 8, None)]


def test_somebody_who_may_no_longer_see_them_sees_everybody_leave() -> None:
    presence = Presence()
    presence.heard("s1", ANN, [Cursor(5, 7, {})], 0.0)
    told = presence.nobody()
    assert told is not None
    assert decode(told) == [Cursor(5, 8, None)]
    assert presence.everybody() is not None


HOSTILE = {
    "nothing": b"",
    "fewer than it says": b"\x02" + encode([(5, 1, "{}")])[1:],
    "more than it says": encode([(5, 1, "{}")]) + b"\x00",
    "more clients than a meeting has": encode([(n, 1, "{}") for n in range(CLIENTS + 1)]),
    "one client twice": encode([(5, 1, "{}"), (5, 2, "{}")]),
    "a client id of 2^53": encode([(1 << 53, 1, "{}")]),
    "a client id of 2^32": encode([(1 << 32, 1, "{}")]),
    "a state that is not JSON": encode([(5, 1, "{")]),
    "a state that is a list": encode([(5, 1, "[]")]),
    "a state that is not a number": encode([(5, 1, '{"at": NaN}')]),
    "an infinite state": encode([(5, 1, '{"at": 1e999}')]),
    "a state nested without end": encode([(5, 1, '{"a":' + "[" * 1500)]),
    "a state larger than any": encode([(5, 1, json.dumps({"a": "x" * 4000}))]),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_no_client_sends_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        decode(body)


def test_half_a_surrogate_pair_is_passed_on_as_an_escape() -> None:
    told = Presence().heard("s1", ANN, decode(encode([(5, 1, '{"a":"\\ud800"}')])), 0.0)
    assert told is not None
    assert decode(told)[0].state is not None


@given(st.binary(max_size=80))
def test_any_bytes_are_cursors_or_malformed(body: bytes) -> None:
    try:
        cursors = decode(body)
    except Malformed:
        return
    Presence().heard("s", ANN, cursors, 0.0)
