"""What the README says is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from server.realtime.limits import LiveLimits
from server.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def between(name: str) -> str:
    """What stands between two marks of the README."""
    found = re.search(rf"<!-- {name}\b[^>]*-->\n(.*?)<!-- /{name} -->", README, re.DOTALL)
    assert found is not None, f"the README has no marks for {name}"
    return found[1]


def settings_table() -> str:
    """The settings as the code has them, in Markdown."""
    rows = ["| setting | default | what it is |", "|---|---|---|"]
    kinds: tuple[type[BaseSettings], ...] = (Settings, LiveLimits)
    for kind in kinds:
        for name, field in kind.model_fields.items():
            default = field.default.get_secret_value() if name == "secret" else field.default
            shown = f"`{default}`" if default != "" else "–"
            rows.append(
                f"| `{kind.model_config['env_prefix']}{name.upper()}` | {shown} | {field.description} |"
            )
    return "\n".join(rows) + "\n"


def test_the_readme_lists_every_setting_with_its_default() -> None:
    assert between("settings") == settings_table(), f"the table should be:\n{settings_table()}"


def test_every_setting_says_what_it_is() -> None:
    fields = [*Settings.model_fields.items(), *LiveLimits.model_fields.items()]
    assert [name for name, field in fields if not field.description] == []


@pytest.mark.parametrize("link", sorted(set(re.findall(r"(?:\]\(|src=\")([^:)\"]+)[)\"]", README))))
def test_what_the_readme_points_to_is_there(link: str) -> None:
    assert (ROOT / link).is_file()
