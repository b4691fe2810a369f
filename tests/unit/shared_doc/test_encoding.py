from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_doc.encoding import SAFE_INTEGER, Reader, write_bytes, write_string, write_uint
from shared_doc.errors import Malformed


def written(value: int) -> bytes:
    out = bytearray()
    write_uint(out, value)
    return bytes(out)


@given(st.integers(0, SAFE_INTEGER - 1))
def test_a_number_is_read_as_it_was_written(value: int) -> None:
    reader = Reader(written(value))
    assert reader.uint() == value
    reader.finish()


@pytest.mark.parametrize(("value", "expected"), [(0, "00"), (127, "7f"), (128, "8001"), (300, "ac02")])
def test_a_number_is_written_little_endian_in_base_128(value: int, expected: str) -> None:
    assert written(value).hex() == expected


@given(st.text(st.characters(codec="utf-8")), st.binary())
def test_strings_and_bytes_are_read_as_they_were_written(text: str, data: bytes) -> None:
    out = bytearray()
    write_string(out, text)
    write_bytes(out, data)
    reader = Reader(bytes(out))
    assert reader.var_string() == text
    assert reader.var_bytes() == data
    assert reader.at_end


def test_the_length_of_a_string_is_in_bytes() -> None:
    out = bytearray()
    write_string(out, "Zoë")
    assert out == b"\x04Zo\xc3\xab"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "truncated"),
        (b"\x80", "truncated"),
        (b"\x80\x00", "overlong_number"),
        (b"\xff" * 9, "overlong_number"),
        (written(SAFE_INTEGER), "number_out_of_range"),
        (written((1 << 56) - 1), "number_out_of_range"),
    ],
)
def test_a_number_that_no_honest_encoder_writes_is_malformed(data: bytes, code: str) -> None:
    with pytest.raises(Malformed) as told:
        Reader(data).uint()
    assert told.value.code == code


def test_a_number_can_be_bounded() -> None:
    assert Reader(b"\x04").uint(5) == 4
    with pytest.raises(Malformed):
        Reader(b"\x05").uint(5)


@pytest.mark.parametrize("data", [b"\x02a", b"\x02\xff\xfe", b"\x03\xed\xa0\x80", b"\x02\xc0\xaf"])
def test_a_string_that_is_cut_or_not_utf8_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        Reader(data).var_string()


def test_a_claimed_length_is_compared_with_what_is_there() -> None:
    with pytest.raises(Malformed):
        Reader(written(1 << 50) + b"abc").var_bytes()


def test_bytes_left_over_are_malformed() -> None:
    reader = Reader(b"\x01\x02")
    assert reader.byte() == 1
    assert not reader.at_end
    with pytest.raises(Malformed):
        reader.finish()


def test_reading_a_byte_past_the_end_is_malformed() -> None:
    with pytest.raises(Malformed):
        Reader(b"").byte()
