from __future__ import annotations

from shared_doc.seen import Seen


def test_a_client_has_seen_what_it_named_and_everything_before_it() -> None:
    seen = Seen()
    seen.extend(0, 7, 5)
    assert seen.upto == {7: 5}


def test_naming_something_older_takes_nothing_back() -> None:
    seen = Seen()
    seen.extend(0, 7, 5)
    seen.extend(3, 7, 2)
    assert seen.upto == {7: 5}
    assert dict(seen.when_typing(9)) == {7: 5}


def test_what_was_seen_is_known_for_every_earlier_letter() -> None:
    seen = Seen()
    seen.extend(2, 7, 5)
    seen.extend(4, 8, 1)
    seen.extend(6, 7, 9)
    seen.extend(6, 7, 10)
    assert dict(seen.when_typing(1)) == {}
    assert dict(seen.when_typing(3)) == {7: 5}
    assert dict(seen.when_typing(5)) == {7: 5, 8: 1}
    assert dict(seen.when_typing(6)) == {7: 10, 8: 1}


def test_what_was_learned_in_a_refused_update_is_forgotten() -> None:
    seen = Seen()
    seen.extend(2, 7, 5)
    seen.extend(6, 7, 9)
    seen.extend(6, 8, 1)
    seen.cut(6)
    assert seen.upto == {7: 5}
    assert dict(seen.when_typing(9)) == {7: 5}
    seen.cut(0)
    assert seen.upto == {}
