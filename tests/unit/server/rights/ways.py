"""Every way into the server, and what of the table it has to ask. A way that is not written here fails a test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from shared_doc.permissions import Act, Role
from tests.unit.server.rights.everyone import CHILDS, CLOSED, GONE_HOME, PARTS, SENT_OUT, Ids, mark

AS: Final = "/conferences/{cid}/as/{pid}"
API: Final = "/api/v1/conferences/{id}"

OUT, ABSENT, REFUSED, ANSWERED = "out", "absent", "refused", "answered"
"""What can come of asking: not known here, not there, not theirs to do, or an answer (which may be "not now")."""

OUTCOMES: Final = {401: OUT, 404: ABSENT, 403: REFUSED}


@dataclass(frozen=True, slots=True)
class Way:
    """One thing to ask for. `part` is which part it concerns; `act` None: one's own door, open whatever the standing.

    `desk`: the page exists only for those at the desk; for others it is not there. `theirs`: what is asked for belongs
    to somebody of this role, and is not there for anybody else. `whole`: the right is asked for in the conference
    before anything of it is looked up, so that the same is said of what is not there. `door`: whoever is not in the
    meeting gets their own door there, with nothing of the meeting on it.
    """

    method: str
    path: str
    act: Act | None
    part: int | None = None
    form: dict[str, str] = field(default_factory=dict)
    query: str = ""
    desk: bool = False
    theirs: Role | None = None
    whole: bool = False
    door: bool = False

    @property
    def name(self) -> str:
        """For the message of a test."""
        return f"{self.method} {self.path}{self.query} {'' if self.part is None else self.part}"

    def fill(self, ids: Ids, me: str) -> tuple[str, dict[str, str]]:
        """The address and the form, with the ids of a conference in them."""
        part = CHILDS if self.part is None else self.part
        values = {
            "cid": ids.id,
            "id": ids.id,
            "pid": me,
            "part": ids.part(part),
            "point": ids.point[part],
            "flag": ids.flag[part],
            "request": ids.request,
            "person": ids.person(SENT_OUT),
            "participant": ids.person(SENT_OUT),
            "here": ids.person(Role.OBSERVER),
            "gone": ids.person(GONE_HOME),
            "worker": ids.person(Role.SOCIAL_WORKER),
            "child": ids.person(Role.CHILD),
            "me": me,
        }
        form = {name: value.format(**values) for name, value in self.form.items()}
        return (self.path + self.query).format(**values), form


def _read(path: str, *, query: str = "", act: Act = Act.READ, desk: bool = False) -> list[Way]:
    return [Way("GET", f"{AS}/{path}", act, part, query=query, desk=desk) for part in PARTS]


def _post(
    path: str,
    act: Act | None,
    form: dict[str, str] | None = None,
    parts: tuple[int | None, ...] = (None,),
    *,
    desk: bool = False,
    theirs: Role | None = None,
) -> list[Way]:
    return [Way("POST", f"{AS}/{path}", act, part, form or {}, desk=desk, theirs=theirs) for part in parts]


SOME: Final = (CHILDS, CLOSED)
_WHICH: Final = {"part": "{part}"}

PAGES: Final = [
    Way("GET", f"{AS}/", None),
    *(Way("GET", f"{AS}/", Act.READ, part, query="?part={part}", door=True) for part in PARTS),
    Way("GET", f"{AS}/private", None),
    Way("GET", f"{AS}/ready", None),
    Way("GET", f"{AS}/standing", None),
    *_read("fragments/points", query="?part={part}"),
    *_read("fragments/flags", query="?part={part}"),
    *_read("fragments/summary", query="?part={part}"),
    # One's own requests: for whoever is not in, a list with nothing on it.
    Way("GET", f"{AS}/fragments/requests", None),
    *_read("fragments/queue", query="?part={part}", desk=True),
    *_read("fragments/parts", query="?part={part}", desk=True),
    *_read("fragments/head", query="?part={part}", desk=True),
    *_read("fragments/people", query="?part={part}", desk=True),
    *_read("fragments/read-through", query="?part={part}", desk=True),
    *_read("history", query="?part={part}", act=Act.READ_HISTORY, desk=True),
    Way("GET", f"{AS}/record", Act.READ_RECORD),
    Way("GET", f"{AS}/record.json", Act.READ_RECORD),
    Way("GET", f"{AS}/record.pdf", Act.READ_RECORD),
]

FORMS: Final = [
    # Whoever is at the door or has gone home may say again who they are and test their line; nobody else is touched.
    *_post("private", None, {"who": "nobody"}),
    *_post("ready", None, {"attending": "nowhere"}),
    *_post("ready/test", None, {"word": "hello"}),
    *_post("client-id", Act.READ),
    *_post("points", Act.ADD_POINT, _WHICH | {"text": "x", "key": "own-{me}-{part}-key"}, SOME),
    *_post(
        "flags",
        Act.RAISE_FLAG,
        _WHICH | {"point": "{point}", "kind": "question", "key": "own-{me}-{part}-key"},
        SOME,
    ),
    *_post("flags/{flag}/withdraw", Act.RAISE_FLAG, {}, SOME, theirs=Role.SOCIAL_WORKER),
    *_post("requests", Act.ASK_FOR_HELP, {"kind": "break"}),
    *_post("requests", Act.ASK_TO_SPEAK, {"kind": "speak"}),
    *_post("requests/{request}/withdraw", Act.ASK_FOR_HELP, theirs=Role.PARENT),
    *_post("read-through/{part}/answer", Act.AGREE, {"point": "{point}", "answer": "right"}, SOME),
    *_post("flags/{flag}/answer", Act.ANSWER_FLAG, {"outcome": "answered"}, SOME, desk=True),
    *_post("requests/{request}/settle", Act.SETTLE_REQUEST, desk=True),
    *_post("people/{here}/admit", Act.ADMIT, desk=True),
    *_post("people/{here}/here", Act.ADMIT, {"attending": "phone", "promised": "yes"}, desk=True),
    *_post("people/{here}/attending", Act.LEAD_MEETING, {"attending": "video"}, desk=True),
    *_post("people/{person}/remove", Act.REMOVE, {"reason": mark("reason")}, desk=True),
    *_post("people/{gone}/left", Act.LEAD_MEETING, desk=True),
    *_post("people/{here}/back", Act.ADMIT, desk=True),
    *_post("parts/{part}/go", Act.LEAD_MEETING, {}, SOME, desk=True),
    *_post(
        "parts/{part}/points", Act.ADD_POINT, {"text": "x", "key": "desk-{me}-{part}-key"}, SOME, desk=True
    ),
    *_post(
        "parts/{part}/release", Act.ADMIT, {"participant": "{child}", "released": "yes"}, (CHILDS,), desk=True
    ),
    *_post(
        "parts/{part}/release", Act.ADMIT, {"participant": "{child}", "released": "yes"}, (CLOSED,), desk=True
    ),
    *_post(
        "parts/{part}/keep-out", Act.ADMIT, {"participant": "{worker}", "kept_out": "no"}, SOME, desk=True
    ),
    *_post("pen", Act.HAND_PEN, _WHICH | {"participant": "{worker}", "held": "no"}, SOME, desk=True),
    *_post("phase", Act.LEAD_MEETING, {"phase": "preparing"}, desk=True),
    *_post("read-through/{part}/start", Act.LEAD_READ_THROUGH, {}, (CLOSED,), desk=True),
    *_post("read-through/{part}/finish", Act.LEAD_READ_THROUGH, {}, (CHILDS,), desk=True),
    *_post(
        "read-through/{part}/voice",
        Act.LEAD_READ_THROUGH,
        {"point": "{point}", "answer": "right", "participant": "{worker}"},
        SOME,
        desk=True,
    ),
    *_post("sign", Act.SIGN, desk=True),
]

LEAVING: Final = Way("POST", f"{AS}/left", None)
"""Apart from the others: it changes the standing of whoever does it."""


def _api(
    method: str,
    path: str,
    act: Act,
    body: dict[str, str] | None = None,
    parts: tuple[int | None, ...] = (None,),
) -> list[Way]:
    return [Way(method, f"{API}{path}", act, part, body or {}) for part in parts]


OPERATIONS: Final = [
    Way("GET", API, Act.READ, door=True),
    *_api("POST", "/phase", Act.LEAD_MEETING, {"phase": "preparing"}),
    *_api("POST", "/pen", Act.HAND_PEN, _WHICH | {"participant": "{worker}"}, SOME),
    *_api("POST", "/releases", Act.ADMIT, _WHICH | {"participant": "{child}"}, (CHILDS,)),
    *_api("POST", "/kept-out", Act.ADMIT, _WHICH | {"participant": "{worker}"}, SOME),
    *_api("POST", "/parts/{part}/go", Act.LEAD_MEETING, {}, SOME),
    *_api("POST", "/participants/{here}/admit", Act.ADMIT),
    *_api("POST", "/participants/{here}/here", Act.ADMIT, {"attending": "phone"}),
    *_api("POST", "/participants/{participant}/attending", Act.LEAD_MEETING, {"attending": "video"}),
    *_api("DELETE", "/participants/{participant}", Act.REMOVE),
    *_api("POST", "/points", Act.ADD_POINT, _WHICH | {"text": "x", "key": "api-{me}-{part}-key"}, SOME),
    *_api(
        "POST",
        "/flags",
        Act.RAISE_FLAG,
        _WHICH | {"point": "{point}", "kind": "question", "key": "own-{me}-{part}-key"},
        SOME,
    ),
    *(
        Way(
            "POST", f"{API}/flags/{{flag}}/answer", Act.ANSWER_FLAG, part, {"outcome": "answered"}, whole=True
        )
        for part in SOME
    ),
    *_api("POST", "/requests", Act.ASK_FOR_HELP, {"kind": "break"}),
    *_api("POST", "/requests", Act.ASK_TO_SPEAK, {"kind": "speak"}),
    *_api("POST", "/requests/{request}/settle", Act.SETTLE_REQUEST),
    *_api("POST", "/read-through/{part}/start", Act.LEAD_READ_THROUGH, {}, (CLOSED,)),
    *_api("POST", "/read-through/{part}/finish", Act.LEAD_READ_THROUGH, {}, (CHILDS,)),
    *_api("POST", "/read-through/{part}/answer", Act.AGREE, {"point": "{point}", "answer": "right"}, SOME),
    *_api("POST", "/sign", Act.SIGN),
    *_api("GET", "/record", Act.READ_RECORD),
]

FOR_STAFF: Final = frozenset(
    {
        ("GET", "/"),
        ("POST", "/sign-out"),
        ("GET", "/password"),
        ("POST", "/password"),
        ("GET", "/conferences/new"),
        ("POST", "/conferences/new"),
        ("GET", "/conferences/{cid}"),
        ("GET", "/conferences/{cid}/invitations"),
        ("POST", "/conferences/{cid}/invitations/print"),
        ("POST", "/conferences/{cid}/invitations/{person}"),
        ("GET", "/conferences/{cid}/invitations/add"),
        ("POST", "/conferences/{cid}/invitations/add"),
        ("GET", "/conferences/{cid}/invitations/{person}/correct"),
        ("POST", "/conferences/{cid}/invitations/{person}/correct"),
    }
)
"""Behind a password: `test_outside`."""

FOR_THE_SCREEN: Final = frozenset(
    {("GET", "/conferences/{cid}/screen"), ("GET", "/conferences/{cid}/screen/points")}
)
"""Opened by those at the desk, and reads as nobody: `test_outside`."""

FOR_ANYBODY: Final = frozenset(
    {
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/join/{token}"),
        ("POST", "/join/{token}"),
        ("GET", "/verify"),
        ("POST", "/verify"),
        ("POST", "/verify/fingerprint"),
        ("GET", "/verify/key.pem"),
        ("GET", "/help"),
        ("GET", "/complaints"),
        ("GET", "/privacy"),
        ("GET", "/accessibility"),
        ("GET", "/hidden"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/api/v1/openapi.json"),
        ("POST", "/api/v1/conferences"),
        ("POST", "/api/v1/conferences/{id}/participants"),
        ("ALL", "/static"),
        ("ALL", "/ws"),
        ("POST", "/live/open"),
        ("POST", "/live/send"),
        ("POST", "/live/wait"),
    }
)
"""They hold nothing of a conference, or ask for themselves who is there: `test_outside`."""

_NAMED: Final = {"{here}": "{person}", "{gone}": "{person}"}


def covered() -> set[tuple[str, str]]:
    """The routes that a list here has a row for."""
    found = {(way.method, way.path) for way in (*PAGES, *FORMS, LEAVING)}
    found |= {(way.method, way.path.replace("{here}", "{participant}")) for way in OPERATIONS}
    for old, new in _NAMED.items():
        found = {(method, path.replace(old, new)) for method, path in found}
    return found | FOR_STAFF | FOR_THE_SCREEN | FOR_ANYBODY
