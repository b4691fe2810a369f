"""Passwords of staff."""

from __future__ import annotations

import asyncio
import threading

import pytest

from server.auth import passwords
from server.errors import BadInput

WORDS = "three quiet green words"


async def test_a_password_fits_its_own_argon2id_hash_and_no_other() -> None:
    stored = await passwords.hashed(WORDS)
    assert stored.startswith("$argon2id$")
    assert await passwords.matches(WORDS, stored)
    assert not await passwords.matches("three quiet green word", stored)


async def test_the_same_password_is_never_stored_the_same_way_twice() -> None:
    assert await passwords.hashed(WORDS) != await passwords.hashed(WORDS)


async def test_nobody_signs_in_to_an_account_that_does_not_exist() -> None:
    assert not await passwords.matches("nobody has this password", None)


async def test_a_stored_value_that_is_no_hash_fits_nothing() -> None:
    assert not await passwords.matches(WORDS, "not a hash")


async def test_a_closed_account_has_no_password_that_fits() -> None:
    for password in ("", "nobody has this password"):
        assert not await passwords.matches(password, passwords.NONE)


async def test_a_password_is_compared_as_a_whole() -> None:
    longest = (WORDS * 10)[: passwords.LONGEST]
    stored = await passwords.hashed(longest)
    assert await passwords.matches(longest, stored)
    assert not await passwords.matches(longest + "more", stored)
    assert not await passwords.matches(longest.upper(), stored)


@pytest.mark.parametrize(
    "password",
    ["123456789012", "aaaaaaaaaaaaaa", "Password123456", "TrueRecord2026!", "council conference 1"],
)
async def test_what_is_guessed_first_is_no_password(password: str) -> None:
    with pytest.raises(BadInput):
        await passwords.hashed(password)


@pytest.mark.parametrize("password", ["", "elevenlette", "x" * 201])
async def test_a_password_that_is_too_short_or_too_long_is_refused(password: str) -> None:
    with pytest.raises(BadInput):
        await passwords.hashed(password)


async def test_no_more_than_two_passwords_are_hashed_at_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, goes_on = threading.Semaphore(0), threading.Event()

    def slowly(_password: str, _stored: str | None) -> bool:
        begun.release()
        return goes_on.wait(10)

    monkeypatch.setattr(passwords, "_verify", slowly)
    waiting = [asyncio.create_task(passwords.matches(WORDS, "stored")) for _ in range(10)]
    for _ in range(passwords.AT_ONCE):
        assert await asyncio.to_thread(begun.acquire, timeout=10)
    # The third is not begun, and what others have to do on threads is done meanwhile.
    assert not await asyncio.to_thread(begun.acquire, blocking=False)
    goes_on.set()
    assert all(await asyncio.gather(*waiting))
