from __future__ import annotations

import pytest

from shared_doc.errors import Malformed, MalformedCode, RefusalCode, Refused, SharedDocError


@pytest.mark.parametrize("code", RefusalCode)
def test_every_refusal_says_in_a_plain_sentence_what_is_the_matter(code: RefusalCode) -> None:
    reason = Refused(code).reason
    assert reason[0].isupper()
    assert reason.endswith(".")
    assert code.value not in reason
    assert "update" not in reason.lower()


def test_a_refusal_can_be_given_its_own_words() -> None:
    assert Refused(RefusalCode.READ_ONLY, "The record is signed.").reason == "The record is signed."


def test_both_kinds_carry_a_code_for_programs() -> None:
    errors: list[SharedDocError] = [Malformed(MalformedCode.TRUNCATED), Refused(RefusalCode.GAP)]
    assert [error.code for error in errors] == ["truncated", "gap"]
