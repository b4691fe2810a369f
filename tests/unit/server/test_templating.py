import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from server import authority
from server.templating import WEB, Templates, age, clock, count, day, full_day, hour, iso, short_day

WINTER = datetime(2026, 12, 1, 10, 41, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)


def templates(folder: Path, **files: str) -> Templates:
    (folder / "templates").mkdir()
    (folder / "static" / "build").mkdir(parents=True)
    for name, text in files.items():
        (folder / "templates" / f"{name}.html").write_text(text)
    return Templates(authority.load(folder), folder)


@dataclass(frozen=True)
class Named:
    name: str


def test_times_are_told_by_the_clock_in_britain() -> None:
    assert clock(WINTER) == "10:41"
    assert clock(SUMMER) == "0:30"
    assert day(SUMMER) == "Thursday 2 July"
    assert iso(SUMMER) == "2026-07-02T00:30:00+01:00"


def test_a_time_without_an_offset_is_taken_as_utc() -> None:
    assert clock(SUMMER.replace(tzinfo=None)) == clock(SUMMER)


def test_days_are_written_out() -> None:
    assert day(WINTER) == "Tuesday 1 December"
    assert full_day(date(2026, 3, 9)) == "9 March 2026"
    assert short_day(WINTER) == "Tue 1 Dec"
    assert iso(date(2026, 3, 9)) == "2026-03-09"


@pytest.mark.parametrize(
    ("at", "words"),
    [((0, 0), "12am"), ((9, 30), "9:30am"), ((10, 0), "10am"), ((12, 5), "12:05pm"), ((14, 0), "2pm")],
)
def test_a_planned_start_is_said_as_people_say_it(at: tuple[int, int], words: str) -> None:
    assert hour(datetime(2026, 12, 1, *at, tzinfo=UTC)) == words


def test_somebody_is_a_year_older_on_their_birthday_and_not_before() -> None:
    assert age(date(2013, 3, 14), date(2026, 3, 13)) == 12
    assert age(date(2013, 3, 14), date(2026, 3, 14)) == 13


def test_small_numbers_are_words_and_the_noun_fits() -> None:
    assert count(1, "child", "children") == "one child"
    assert count(2, "child", "children") == "two children"
    assert count(0, "flag") == "no flags"
    assert count(12, "flag") == "12 flags"


def test_what_somebody_typed_is_shown_and_never_obeyed(tmp_path: Path) -> None:
    page = templates(tmp_path, page="<p>{{ name }}</p>").text("page.html", Named("<script>x</script>"))
    assert page == "<p>&lt;script&gt;x&lt;/script&gt;</p>"


def test_a_component_escapes_what_somebody_typed_too(tmp_path: Path) -> None:
    source = '{{ govuk.input({"id": "a", "name": "a", "value": name, "label": {"text": name}}) }}'
    page = templates(tmp_path, page=source).text("page.html", Named('"><script>'))
    assert "<script>" not in page
    assert "&#34;&gt;&lt;script&gt;" in page


def test_a_page_that_asks_for_more_than_it_was_given_fails(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        templates(tmp_path, page="{{ phone }}").text("page.html", Named("Keeley"))


def test_the_address_of_a_file_changes_with_what_is_in_it(tmp_path: Path) -> None:
    made = templates(tmp_path)
    style = tmp_path / "static" / "site.css"
    style.write_text("a {}")
    before = made.assets.address("site.css")
    style.write_text("b { color: red }")
    after = made.assets.address("site.css")
    assert before.startswith("/static/site.css?v=")
    assert after.startswith("/static/site.css?v=")
    assert before != after


def test_a_script_is_found_where_the_build_puts_it(tmp_path: Path) -> None:
    made = templates(tmp_path)
    assert made.assets.address("desk.js") == "/static/build/desk.js"
    (tmp_path / "static" / "build" / "desk.js").write_text("1")
    assert made.assets.address("desk.js").startswith("/static/build/desk.js?v=")


TEMPLATES = sorted(
    path.relative_to(WEB / "templates").as_posix() for path in (WEB / "templates").rglob("*.html")
)


def test_every_template_can_be_read(tmp_path: Path) -> None:
    renderer = Templates(authority.load(tmp_path))
    for name in TEMPLATES:
        assert renderer._environment.get_template(name).name == name


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_holds_code_or_styles_or_asks_another_host(name: str) -> None:
    source = (WEB / "templates" / name).read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", source)
    assert not re.search(r"\s(style|on[a-z]+)=", source)
    assert not re.search(r"(src|href|action)=[\"']?(https?:)?//", source)


@pytest.mark.parametrize("path", sorted((WEB / "static").glob("*.css")), ids=lambda path: path.name)
def test_no_stylesheet_asks_for_anything_or_sets_type_in_pixels(path: Path) -> None:
    style = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style
    assert not re.search(r"font(-size)?:[^;]*\d+px", style)
    assert "justify;" not in style
