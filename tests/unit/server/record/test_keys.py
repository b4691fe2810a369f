"""The council's signing key."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from server.record.keys import (
    CERTIFICATE_FILE,
    KEY_FILE,
    PUBLIC_FILE,
    KeyTrouble,
    SigningKey,
    fingerprint,
    load_or_make,
    newest_key_in,
    public_keys_in,
    signature_fits,
)


def test_a_key_is_made_at_first_need_and_found_again(tmp_path: Path) -> None:
    made = load_or_make(tmp_path / "data", "Harrowdale")
    assert load_or_make(tmp_path / "data", "Another name").public_key == made.public_key


def test_only_its_owner_can_read_the_private_key(tmp_path: Path) -> None:
    load_or_make(tmp_path, "Harrowdale")
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_the_public_key_can_be_published_as_a_file(tmp_path: Path) -> None:
    made = load_or_make(tmp_path, "Harrowdale")
    assert public_keys_in(tmp_path / PUBLIC_FILE) == {made.public_key}


def test_a_file_with_an_old_and_a_new_key_holds_both(tmp_path: Path) -> None:
    keys = [load_or_make(tmp_path / name, "Harrowdale") for name in ("old", "new")]
    both = tmp_path / "both.pem"
    both.write_bytes(b"".join((tmp_path / name / PUBLIC_FILE).read_bytes() for name in ("old", "new")))
    assert public_keys_in(both) == {key.public_key for key in keys}


def test_a_key_that_was_moved_away_is_replaced_and_stays_published(tmp_path: Path) -> None:
    old = load_or_make(tmp_path, "Harrowdale").public_key
    (tmp_path / KEY_FILE).rename(tmp_path / "old.pem")
    new = load_or_make(tmp_path, "Harrowdale").public_key
    assert new != old
    assert newest_key_in(tmp_path / PUBLIC_FILE) == new
    assert public_keys_in(tmp_path / PUBLIC_FILE) == {old, new}


@pytest.mark.parametrize(
    "text", ["", "no key", "-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n"]
)
def test_a_file_without_a_public_key_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "key.pem").write_text(text)
    with pytest.raises(KeyTrouble, match="no public key"):
        public_keys_in(tmp_path / "key.pem")


def test_a_damaged_key_is_told_and_never_replaced(tmp_path: Path) -> None:
    load_or_make(tmp_path, "Harrowdale")
    (tmp_path / KEY_FILE).write_text("damaged")
    with pytest.raises(KeyTrouble):
        load_or_make(tmp_path, "Harrowdale")
    assert (tmp_path / KEY_FILE).read_text() == "damaged"


def test_a_certificate_of_another_key_is_told(tmp_path: Path) -> None:
    load_or_make(tmp_path / "one", "Harrowdale")
    load_or_make(tmp_path / "two", "Harrowdale")
    (tmp_path / "one" / CERTIFICATE_FILE).write_bytes((tmp_path / "two" / CERTIFICATE_FILE).read_bytes())
    with pytest.raises(KeyTrouble, match="belong together"):
        load_or_make(tmp_path / "one", "Harrowdale")


def test_the_longest_name_of_a_council_still_makes_a_key(tmp_path: Path) -> None:
    assert load_or_make(tmp_path, "Borough " * 40).public_key


def test_a_signature_is_the_same_each_time_and_fits_only_its_message(key: SigningKey) -> None:
    signature = key.sign(b"message")
    assert key.sign(b"message") == signature
    assert signature_fits(key.public_key, signature, b"message")
    assert not signature_fits(key.public_key, signature, b"massage")


@pytest.mark.parametrize("index", range(0, 128, 9))
def test_a_signature_with_one_digit_changed_does_not_fit(key: SigningKey, index: int) -> None:
    signature = key.sign(b"message")
    other = "0" if signature[index] != "0" else "1"
    assert not signature_fits(key.public_key, signature[:index] + other + signature[index + 1 :], b"message")


def test_a_signature_has_one_spelling_only(key: SigningKey) -> None:
    signature = key.sign(b"message")
    assert not signature_fits(key.public_key, signature.upper(), b"message")
    assert not signature_fits(key.public_key, signature + "00", b"message")
    assert not signature_fits(key.public_key, "", b"message")
    assert not signature_fits("zz", signature, b"message")
    assert not signature_fits("00", signature, b"message")


def test_a_fingerprint_is_short_enough_to_print(key: SigningKey) -> None:
    assert len(fingerprint(key.public_key)) == 64
