"""What SECURITY.md says is so: its tests exist, its limits are where it says, and no requirement is left out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from server.realtime.limits import LiveLimits
from server.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ASVS = PAGE[PAGE.index("## OWASP ASVS") :]

# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has, if all its numbers up to there are of them.
SECTIONS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4
5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4
13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3
"""
WORDS = {"met", "partly", "**not met**", "deployment", "–"}


def names_of_tests() -> set[str]:
    """The names of all test functions."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "tests").rglob("test_*.py")]
    functions = (node for tree in trees for node in ast.walk(tree))
    return {node.name for node in functions if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}


def test_every_test_it_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 100
    assert named - names_of_tests() == set()


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"(?:tests|server|shared_doc|web|locks)/[\w./-]*", PAGE)))
)
def test_every_file_it_names_exists(path: str) -> None:
    assert (ROOT / path.rstrip(".")).exists()


@pytest.mark.parametrize(
    ("names", "file"), re.findall(r"((?:`[A-Za-z_0-9]+`(?:, )?)+) in `([\w/]+\.py)`", PAGE)
)
def test_every_limit_is_named_where_it_says(names: str, file: str) -> None:
    code = (ROOT / file).read_text(encoding="utf-8")
    for name in re.findall(r"`(\w+)`", names):
        assert re.search(rf"^(class )?{name}\b", code, re.MULTILINE), name


def test_every_setting_it_names_exists() -> None:
    there_are = {f"TRUERECORD_{name.upper()}" for name in Settings.model_fields}
    there_are |= {f"TRUERECORD_LIVE_{name.upper()}" for name in LiveLimits.model_fields}
    assert set(re.findall(r"`(TRUERECORD_[A-Z_]+)`", PAGE)) - there_are == set()


def test_no_requirement_of_the_standard_is_left_out() -> None:
    rows = re.findall(r"^\| ([\d.–]+) \| ([12]?) \| (.+?) \| (.+?) \| (.+) \|$", ASVS, re.MULTILINE)
    numbers = [row[0] for row in rows]
    sections = [pair.split(":") for pair in SECTIONS.split()]
    expected = [f"{section}.{n}" for section, count in sections for n in range(1, int(count) + 1)]
    assert len(expected) == 217
    assert sorted(numbers) == sorted([*expected, "10.1.1–10.7.3", "17.1.1–17.3.2"])
    assert {row[3] for row in rows} == WORDS


def test_every_requirement_says_how_or_why_not() -> None:
    for number, how in re.findall(r"^\| ([\d.]+) \| [12] \| .+? \| .+? \| (.+) \|$", ASVS, re.MULTILINE):
        assert len(how) > 3, number
