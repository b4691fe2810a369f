from pathlib import Path

import pytest

from server import authority


def test_without_its_own_profile_the_fictional_council_speaks(tmp_path: Path) -> None:
    council = authority.load(tmp_path)
    assert "not a real council" in council.name
    assert council.helper_dial == "01632960120"
    assert council.bank_holidays_of == "England"


def test_a_council_elsewhere_counts_the_bank_holidays_of_its_own_nation(tmp_path: Path) -> None:
    own = authority.SHIPPED.read_text(encoding="utf-8").replace('"ENG"', '"SCT"')
    (tmp_path / authority.OWN).write_text(own, encoding="utf-8")
    assert authority.load(tmp_path).bank_holidays_of == "Scotland"


@pytest.mark.rule("R-89", "R-90")
def test_a_council_says_in_its_own_words_who_to_complain_to(tmp_path: Path) -> None:
    own = authority.SHIPPED.read_text(encoding="utf-8").replace("01632 960 125", "01634 333 333")
    (tmp_path / authority.OWN).write_text(own, encoding="utf-8")
    assert authority.load(tmp_path).complaints_dial == "01634333333"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("kept_for =", "kept_four ="), "kept_for"),
        (("letter_working_days = 1", 'letter_working_days = "soon"'), "letter_working_days"),
        (('name = "', 'name = ["'), "cannot be read"),
        (("agencies_needed = 3", "agencies_needed = true"), "agencies_needed"),
        (('bank_holidays = "ENG"', 'bank_holidays = "FRA"'), "bank_holidays"),
    ],
)
def test_a_profile_that_does_not_fit_is_named(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    own = authority.SHIPPED.read_text(encoding="utf-8")
    assert change[0] in own
    (tmp_path / authority.OWN).write_text(own.replace(*change, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        authority.load(tmp_path)
