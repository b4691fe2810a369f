"""Settings: from the environment, frozen, and a secret that is made once."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from server.settings import Settings


def test_a_setting_comes_from_the_environment_by_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRUERECORD_DATA", str(tmp_path))
    monkeypatch.setenv("TRUERECORD_BASE_URL", "https://minutes.council.example/")
    settings = Settings()
    assert settings.data == tmp_path
    assert settings.base_url == "https://minutes.council.example"
    assert settings.https
    assert settings.database == f"sqlite:///{tmp_path / 'truerecord.sqlite3'}"


@pytest.mark.parametrize("url", ["minutes.council.example", "ftp://x", "javascript:alert(1)", ""])
def test_an_address_people_cannot_type_is_refused_by_name(url: str) -> None:
    with pytest.raises(ValidationError, match="base_url"):
        Settings(base_url=url)


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError):
        Settings().__setattr__("text_letters", 5)


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "new")
    made = settings.signing_secret()
    assert len(made) == 32
    assert Settings(data=tmp_path / "new").signing_secret() == made
    assert stat.S_IMODE((tmp_path / "new" / "secret").stat().st_mode) == 0o600


def test_a_given_secret_is_used_and_never_shown(tmp_path: Path) -> None:
    settings = Settings.model_validate({"data": tmp_path, "secret": "given-from-outside"})
    assert settings.signing_secret() == b"given-from-outside"
    assert "given-from-outside" not in repr(settings)
    assert not (tmp_path / "secret").exists()


def test_every_setting_says_what_it_is() -> None:
    assert all(
        field.description and field.description.endswith(".") for field in Settings.model_fields.values()
    )
