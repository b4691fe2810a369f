from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_doc.errors import Malformed
from shared_doc.limits import LIVE, UpdateLimits
from shared_doc.structs import (
    ANY,
    CLIENT_IDS,
    CLOCKS,
    DELETED,
    STRING,
    TYPE,
    Id,
    Span,
    Struct,
    Update,
    joined,
    utf16_length,
)
from shared_doc.update import decode_state_vector, decode_update, encode_state_vector, encode_update

clients = st.integers(0, CLIENT_IDS - 1)
ids = st.tuples(clients, st.integers(0, CLOCKS - 1))
texts = st.text(st.characters(codec="utf-8"), max_size=20)


@st.composite
def sections(draw: st.DrawFn) -> dict[int, list[Struct]]:
    result: dict[int, list[Struct]] = {}
    for client in draw(st.sets(clients, max_size=3)):
        clock = draw(st.integers(0, 1 << 20))
        structs = result[client] = []
        for _ in range(draw(st.integers(1, 4))):
            structs.append(draw(struct(client, clock)))
            clock += structs[-1].length
    return result


@st.composite
def struct(draw: st.DrawFn, client: int, clock: int) -> Struct:
    content = draw(st.sampled_from([STRING, DELETED, ANY, TYPE]))
    value: str | int | tuple[str | bool | None, ...] | None = None
    length = 1
    if content == STRING:
        value = draw(texts.filter(bool))
        length = utf16_length(value)
    elif content == DELETED:
        length = draw(st.integers(1, 1 << 16))
    elif content == ANY:
        value = tuple(draw(st.lists(st.one_of(st.booleans(), texts), min_size=1, max_size=3)))
        length = len(value)
    else:
        value = draw(st.sampled_from([1, 2]))
    origin: Id | None = draw(st.none() | ids)
    right: Id | None = draw(st.none() | ids)
    parent: str | Id | None = draw(ids | texts) if origin is None and right is None else None
    keyed = draw(st.booleans())
    key = draw(texts) if keyed and parent is not None else None
    return Struct(client, clock, length, content, value, origin, right, parent, key, keyed)


@st.composite
def updates(draw: st.DrawFn) -> Update:
    spans: st.SearchStrategy[list[Span]] = st.lists(
        st.tuples(st.integers(0, 1 << 20), st.integers(1, 100)), min_size=1, max_size=4
    ).map(joined)
    return Update(draw(sections()), draw(st.dictionaries(clients, spans, max_size=3)))


def fields(update: Update) -> object:
    return (
        {
            client: [tuple(getattr(one, name) for name in Struct.__slots__) for one in structs]
            for client, structs in update.sections.items()
        },
        update.deletes,
    )


@given(updates())
def test_what_is_written_is_read_again(update: Update) -> None:
    data = encode_update(update)
    decoded = decode_update(data, replace(LIVE, size=1 << 20))
    assert fields(decoded) == fields(update)
    assert encode_update(decoded) == data


@given(updates(), st.data())
def test_no_beginning_of_an_update_is_an_update(update: Update, data: st.DataObject) -> None:
    encoded = encode_update(update)
    cut = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(Malformed):
        decode_update(encoded[:cut], LIVE)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_malformed_and_nothing_else(data: bytes) -> None:
    try:
        update = decode_update(data, LIVE)
    except Malformed:
        return
    assert all(structs for structs in update.sections.values())
    assert all(spans for spans in update.deletes.values())


def test_the_same_update_is_always_written_the_same() -> None:
    one = Struct(3, 0, 1, STRING, "a", origin=(1, 0))
    other = Struct(9, 0, 1, STRING, "b", origin=(1, 0))
    written = encode_update(Update({3: [one], 9: [other]}, {1: [(0, 1)], 2: [(4, 1)]}))
    assert encode_update(Update({9: [other], 3: [one]}, {2: [(4, 1)], 1: [(0, 1)]})) == written


def test_a_delete_set_is_read_in_order_and_each_clock_once() -> None:
    update = decode_update(bytes([0, 1, 7, 4, 9, 2, 1, 1, 2, 3, 9, 1]), LIVE)
    assert update.deletes == {7: [(1, 4), (9, 2)]}


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (replace(LIVE, size=10), "too_big"),
        (replace(LIVE, structs=1), "too_many"),
        (replace(LIVE, clients=1), "too_many"),
        (replace(LIVE, ranges=1), "too_many"),
    ],
)
def test_each_limit_holds(limits: UpdateLimits, code: str) -> None:
    update = Update(
        {client: [Struct(client, 0, 1, STRING, "a", origin=(1, 0))] for client in (1, 2)},
        {1: [(0, 1), (3, 1)]},
    )
    assert not decode_update(encode_update(update), LIVE).empty
    with pytest.raises(Malformed) as told:
        decode_update(encode_update(update), limits)
    assert told.value.code == code


@pytest.mark.parametrize(
    "struct",
    [
        Struct(1, 0, 1, 0),
        Struct(1, 0, 1, 10),
        Struct(1, 0, 1, 6, origin=(1, 1)),
        Struct(1, 0, 1, STRING, "a"),
        Struct(1, 0, 1, ANY, (None,), origin=(1, 1)),
        Struct(1, 0, 1, TYPE, 0, origin=(1, 1)),
    ],
)
def test_what_no_lane_has_is_never_written(struct: Struct) -> None:
    with pytest.raises(ValueError, match=r"written|parent"):
        encode_update(Update({1: [struct]}, {}))


@given(st.dictionaries(clients, st.integers(0, CLOCKS - 1)))
def test_a_state_vector_is_read_as_it_was_written(vector: dict[int, int]) -> None:
    assert decode_state_vector(encode_state_vector(vector)) == vector


@pytest.mark.parametrize(
    "data", [b"", b"\x01", b"\x02\x01\x01\x01\x01", b"\x00\x00", b"\xff\xff\xff\x7f", b"\x01\x01"]
)
def test_a_broken_state_vector_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        decode_state_vector(data)
