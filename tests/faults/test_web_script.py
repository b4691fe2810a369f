"""Markup and script in every text that one person writes and another sees: it arrives as words, everywhere.

Every text of a meeting is hostile: names, agencies, how to reach somebody, titles, points, the summary, flags and
their answers, what was said at the read-through, why somebody was sent out. Every page is then taken apart as a browser
would.
"""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import quote

import httpx2
import pikepdf
import pypdf
import pytest
import pytest_asyncio

from server.actions import flags, participants, signing, staff
from server.actions.conferences import NewConference
from server.routes.guard import staff_cookie
from shared_doc.permissions import Phase, Role, Standing
from tests.unit.server.rights import everyone as house
from tests.unit.server.rights.everyone import (
    ADDRESS,
    CHILDS,
    ROLES,
    SENT_OUT,
    Everyone,
    marks_in,
    open_everyone,
)
from tests.unit.server.rights.ways import AS, PAGES

pytestmark = pytest.mark.asyncio(loop_scope="module")

BREAKS_OUT = "\"'></textarea></script></title><zq zq=1>{{7*7}}"
EMAIL, PASSWORD = "jo@council.example", "three quiet green words"
KINDS = (
    "name",
    "agency",
    "reach",
    "childofall",
    "conference",
    "title",
    "words",
    "summary",
    "flag",
    "reply",
)
"""Kinds of text, by how their marks begin; all of them have to be found somewhere."""

OURS = ("/", "#", "?", "data:image/svg+xml", "tel:", "mailto:", "https://", f"{ADDRESS}/")

mark = house.mark


def hostile(*words: object) -> str:
    """A marked word, and what ends whatever it stands in."""
    return mark(*words) + BREAKS_OUT


class Foreign(HTMLParser):
    """What in a page is not of its template: the tag or attribute of a text, code, and addresses that are code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "zq" or "zq" in given:
            self.found.append(f"<{tag}> out of a text")
        self.found += [
            f"<{tag} {name}>" for name in given if name.startswith("on") or name in {"style", "srcdoc"}
        ]
        if tag in {"iframe", "object", "embed", "style"}:
            self.found.append(f"<{tag}>")
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.found.append("code in the page")
        for name in ("href", "src", "action", "formaction"):
            address = given.get(name) or "/"
            if ":" in address and not address.startswith(OURS):
                self.found.append(f"<{tag} {name}={address[:40]}>")


def foreign(answer: httpx2.Response) -> list[str]:
    """What a browser would find in it that no template put there."""
    kind = answer.headers.get("content-type", "")
    if not kind.startswith("text/html"):
        # Nothing but HTML is shown as a page: other kinds are named, and are not guessed at.
        active = kind.partition(";")[0] in {
            "image/svg+xml",
            "text/xml",
            "application/xml",
            "application/xhtml+xml",
        }
        sniffed = answer.headers.get("x-content-type-options") != "nosniff"
        return [f"{kind} is shown as a page"] if active or sniffed or (answer.content and not kind) else []
    return Foreign(answer.text).found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everyone(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    """The meeting of the rights' tests, with hostile words instead of plain ones."""
    plain = house._new

    def with_agencies(title: str) -> NewConference:
        made = plain(title)
        people = [
            replace(one, agency=hostile("agency", n), send_by=hostile("reach", n))
            for n, one in enumerate(made.participants)
        ]
        return replace(made, participants=people)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house, "mark", hostile)
        patch.setattr(house, "_new", with_agencies)
        async with open_everyone(tmp_path_factory.mktemp("script")) as opened:
            await opened.set(Phase.IN_SESSION, {SENT_OUT: Standing.ADMITTED})
            chair, sent_out = opened.here.actor(Role.CHAIR), opened.here.person(SENT_OUT)
            await participants.remove(opened.ctx, chair, sent_out, hostile("reason"))
            await staff.add(opened.ctx, EMAIL, hostile("account"), PASSWORD, administrator=True)
            yield opened


async def staff_cookie_of(everyone: Everyone) -> dict[str, str]:
    made = await staff.sign_in(everyone.ctx, EMAIL, PASSWORD)
    return {"Cookie": f"{staff_cookie(everyone.ctx.settings)}={made.token}"}


async def every_page(everyone: Everyone) -> list[tuple[str, httpx2.Response]]:
    """All pages and fragments, as everybody in the meeting, the shared screen, and the council's staff."""
    base = f"/conferences/{everyone.here.id}"
    asked = [(role, *way.fill(everyone.here, everyone.here.person(role))) for role in ROLES for way in PAGES]
    asked += [(Role.CHAIR, f"{base}/{path}", {}) for path in ("screen", "screen/points")]
    answers = [(f"{role} {path}", await everyone.ask(role, "GET", path)) for role, path, _form in asked]
    api = f"/api/v1{base}"
    answers += [(f"{role} {api}", await everyone.call(role, "GET", api)) for role in ROLES]
    own = await staff_cookie_of(everyone)
    for path in ("/", "/?tab=all", "/conferences/new", f"{base}/invitations"):
        answers += [(path, await everyone.browser.get(path, headers=own))]
    return answers


async def test_no_page_of_a_meeting_holds_what_a_text_broke_out_to(everyone: Everyone) -> None:
    answers = await every_page(everyone)
    assert [(what, found) for what, answer in answers for found in foreign(answer)] == []
    seen = frozenset().union(*(marks_in(answer.text) for _, answer in answers))
    assert [kind for kind in KINDS if not any(word.startswith(f"Zq{kind}") for word in seen)] == []


async def test_sheets_to_print_and_forms_that_come_back_hold_words_only(everyone: Everyone) -> None:
    own = await staff_cookie_of(everyone)
    base = f"/conferences/{everyone.here.id}/invitations"
    page = await everyone.browser.get(base, headers=own)
    csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    other = everyone.here.person(Role.OBSERVER)
    sent = {
        f"{base}/print": {"person": other},
        f"{base}/{other}": {"press": "renew"},
        "/conferences/new": dict.fromkeys(
            ("title", "when", "time", "people-0-name", "people-0-agency", "children-0-name", "parts-0-title"),
            hostile("typed"),
        ),
        "/sign-in": {"email": hostile("typed"), "password": "x", "next": hostile("typed")},
        "/verify/fingerprint": {"fingerprint": hostile("typed")},
    }
    for path, form in sent.items():
        answer = await everyone.browser.post(path, data={"csrf": csrf, **form}, headers=own)
        assert answer.status_code in {200, 303, 422}, (path, answer.status_code)
        assert foreign(answer) == [], path


async def test_what_an_address_says_is_not_repeated_as_markup(everyone: Everyone) -> None:
    words = quote(hostile("asked"), safe="")
    base = AS.format(cid=everyone.here.id, pid=everyone.here.person(Role.CHAIR))
    for path in (
        f"/sign-in?next=/{words}",
        f"/join/{words}",
        f"/conferences/{words}",
        f"/conferences/{words}/as/{words}/",
        f"/{words}",
        f"/verify?x={words}",
        f"/api/v1/conferences/{words}",
        *(
            f"{base}/{page}?part={words}&flag={words}&at={words}"
            for page in ("", "fragments/queue", "history")
        ),
    ):
        for accept in ("text/html", "application/json"):
            answer = await everyone.ask(Role.CHAIR, "GET", path, accept=accept)
            assert answer.status_code < 500, path
            assert foreign(answer) == [], path
            # A header ends at its line's end, whatever was asked for.
            assert all("<zq" not in value for value in answer.headers.values()), path


@pytest.mark.parametrize(
    "next_", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:x", "/\t/evil"]
)
async def test_nobody_is_led_to_another_site_after_signing_in(everyone: Everyone, next_: str) -> None:
    form = {"email": EMAIL, "password": PASSWORD, "next": next_}
    answer = await everyone.browser.post("/sign-in", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_the_record_and_its_check_hold_words_only(everyone: Everyone) -> None:
    chair = everyone.here.actor(Role.CHAIR)
    await everyone.set(Phase.IN_SESSION)
    view = await everyone.ask(Role.CHAIR, "GET", f"/api/v1/conferences/{everyone.here.id}")
    assert view.status_code == 401  # a page's cookie is nothing to the API
    told = (await everyone.call(Role.CHAIR, "GET", f"/api/v1/conferences/{everyone.here.id}")).json()
    for flag in told["flags"]:
        if flag["state"] == "waiting":
            await flags.answer(everyone.ctx, chair, flag["id"], "left", hostile("reply"))
    await signing.sign(everyone.ctx, chair)
    base = AS.format(cid=everyone.here.id, pid=everyone.here.person(Role.PARENT))
    files = {
        form: await everyone.ask(Role.PARENT, "GET", f"{base}/record.{form}") for form in ("json", "pdf")
    }
    page = await everyone.ask(Role.PARENT, "GET", f"{base}/record")
    assert foreign(page) == []
    assert house.MARK.search(page.text)
    for file in files.values():
        assert file.headers["content-disposition"].startswith("attachment; ")
        assert file.headers["x-content-type-options"] == "nosniff"
        assert BREAKS_OUT not in str(file.headers)
        verdict = await everyone.browser.post("/verify", files={"file": ("x.json", file.content)})
        assert "<h2>Genuine</h2>" in verdict.text
        assert foreign(verdict) == []
    changed = files["json"].content.replace(mark("words", CHILDS).encode(), mark("others", CHILDS).encode())
    verdict = await everyone.browser.post(
        "/verify", files={"file": (f"{BREAKS_OUT}.html", changed, "text/html")}
    )
    assert "<h2>Altered</h2>" in verdict.text
    assert foreign(verdict) == []


async def test_a_record_that_somebody_made_up_is_shown_as_words(everyone: Everyone) -> None:
    made_up = json.dumps({"format": hostile("typed"), hostile("typed"): [hostile("typed")]}).encode()
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><zq zq='1'/></svg>"
    for content in (made_up, svg, BREAKS_OUT.encode(), b"%PDF-1.7 <zq zq=1>"):
        files = {"file": (f"{BREAKS_OUT}.html", content, "text/html")}
        answer = await everyone.browser.post("/verify", files=files)
        assert answer.headers["content-type"].startswith("text/html")
        assert "<h2>Genuine" not in answer.text
        assert foreign(answer) == []


async def test_the_printed_record_does_nothing_but_show_its_words(everyone: Everyone) -> None:
    base = AS.format(cid=everyone.here.id, pid=everyone.here.person(Role.CHAIR))
    answer = await everyone.ask(Role.CHAIR, "GET", f"{base}/record.pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert "<zqzq=1>{{7*7}}" in text.replace(" ", "").replace("\n", "")
    document = pikepdf.open(io.BytesIO(answer.content))
    active = {"/JS", "/JavaScript", "/OpenAction", "/AA", "/Launch", "/URI", "/SubmitForm", "/RichMedia"}
    for each in document.objects:
        if isinstance(each, (pikepdf.Dictionary, pikepdf.Stream)):
            assert not active & set(each.keys())
