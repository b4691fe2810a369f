"""The API under `/api/v1` (design §8): the table of its operations, and what each calls.

Other software relies on these addresses and shapes as they stand.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.actions import (
    conferences,
    flags,
    participants,
    parts,
    points,
    read_through,
    records,
    requests,
    signing,
    viewing,
)
from server.actions.views import PartPoints, PartView
from server.auth.identity import Actor
from server.errors import BadInput
from server.routes import api_people as people
from server.routes import api_shapes as shapes
from server.routes.api_conferences import created, taken
from server.routes.api_description import describe
from server.routes.api_table import PREFIX, Call, Nothing, Operation, route
from server.routes.guard import context_of
from server.routes.rate import PRINTING, bill_of

_PDF = "application/pdf"


async def create_conference(call: Call[shapes.ConferenceTaken]) -> shapes.ConferenceCreated:
    """Set a conference up."""
    return created(await conferences.create(call.ctx, call.program(), taken(call.body)))


async def see_conference(call: Call[Nothing]) -> shapes.ConferenceTold:
    """Everything this participant may see, points included."""
    actor = call.participant()
    view = await viewing.see(call.ctx, actor)
    told = [_part(part, await viewing.points(call.ctx, actor, part.id)) for part in view.parts]
    return shapes.ConferenceTold.model_validate(
        {name: getattr(view, name) for name in shapes.ConferenceTold.model_fields if name != "parts"}
        | {"parts": told}
    )


def _part(part: PartView, shown: PartPoints) -> shapes.PartTold:
    fields = {name: getattr(part, name) for name in shapes.PartTold.model_fields if hasattr(part, name)}
    return shapes.PartTold.model_validate(
        fields
        | {
            "pen_held_by": list(part.pen_held_by),
            "points": shown.minutes,
            "summary": shown.summary,
            "damaged": shown.damaged,
        }
    )


async def change_phase(call: Call[shapes.PhaseTaken]) -> shapes.PhaseTold:
    """Take the conference to another phase."""
    await conferences.change_phase(call.ctx, call.leader(), call.body.phase)
    return shapes.PhaseTold(phase=call.body.phase)


async def hand_pen(call: Call[shapes.PenTaken]) -> shapes.PenTaken:
    """Hand the pen of a part over, or take it back."""
    given = call.body
    await parts.hand_pen(call.ctx, call.leader(), given.part, given.participant, given.held)
    return given


async def release_part(call: Call[shapes.ReleaseTaken]) -> shapes.ReleaseTaken:
    """Let a child read a part, or no longer."""
    given = call.body
    await parts.release(call.ctx, call.leader(), given.part, given.participant, given.released)
    return given


async def keep_out_of_part(call: Call[shapes.KeptOutTaken]) -> shapes.KeptOutTaken:
    """Keep somebody out of a part, or let them read it again."""
    given = call.body
    await parts.keep_out(call.ctx, call.leader(), given.part, given.participant, given.kept_out)
    return given


async def go_to_part(call: Call[Nothing]) -> None:
    """Make a part the one that is talked about."""
    await parts.go_to(call.ctx, call.leader(), call.path("part"))


async def add_point(call: Call[shapes.PointTaken]) -> shapes.Made:
    """Add a point of one's own."""
    given = call.body
    return shapes.Made(
        id=await points.add(call.ctx, call.participant(), given.part, given.text, given.kind, key=given.key)
    )


async def raise_flag(call: Call[shapes.FlagTaken]) -> shapes.Made:
    """Say that a point is not right, that something is missing, a question, or a spelling."""
    given = call.body
    raised = await flags.raise_flag(
        call.ctx, call.participant(), given.part, given.point, given.kind, given.words, key=given.key
    )
    return shapes.Made(id=raised.id)


async def answer_flag(call: Call[shapes.FlagAnswerTaken]) -> shapes.FlagAnswered:
    """Answer a flag, or take one's own back."""
    actor, flag, given = call.participant(), call.path("flag"), call.body
    if given.outcome == flags.WITHDRAWN:
        await flags.withdraw(call.ctx, actor, flag)
    else:
        await flags.answer(call.ctx, actor, flag, given.outcome, given.words, given.added)
    return shapes.FlagAnswered(id=flag, outcome=given.outcome)


async def make_request(call: Call[shapes.RequestTaken]) -> shapes.Made:
    """Ask the chair for something; never recorded."""
    given = call.body
    made = await requests.make(call.ctx, call.participant(), given.kind, key=given.key)
    return shapes.Made(id=made.id)


async def settle_request(call: Call[Nothing]) -> None:
    """Somebody at the desk has seen to a request."""
    await requests.settle(call.ctx, call.participant(), call.path("request"))


async def start_read_through(call: Call[Nothing]) -> None:
    """Begin to go over a part."""
    await read_through.start(call.ctx, call.participant(), call.path("part"))


async def finish_read_through(call: Call[Nothing]) -> None:
    """The part has been gone over."""
    await read_through.finish(call.ctx, call.participant(), call.path("part"))


async def answer_point(call: Call[shapes.AnswerTaken]) -> None:
    """Say whether a point is right."""
    given = call.body
    await read_through.answer(
        call.ctx,
        call.participant(),
        call.path("part"),
        given.point,
        given.answer,
        given.words,
        given.on_behalf_of,
    )


async def sign_record(call: Call[Nothing]) -> shapes.RecordSigned:
    """Sign; refused with everything that is missing."""
    return shapes.RecordSigned.model_validate(await signing.sign(call.ctx, call.participant()))


async def fetch_record(call: Call[Nothing]) -> Response:
    """The signed record: a participant gets their own copy, a program the chair's. `?form=pdf` for the
    document.
    """
    form = call.request.query_params.get("form", "json")
    if form not in ("json", "pdf"):
        raise BadInput("form", "A record comes as json or pdf.")
    leader = call.leader()
    who = leader if isinstance(leader, Actor) else await participants.the_chair(call.ctx, leader)
    if form == "pdf":
        bill_of(call.request.scope).milliseconds += PRINTING
    body = await records.fetch(call.ctx, who, "pdf" if form == "pdf" else "json", by=leader)
    return Response(body, media_type=_PDF if form == "pdf" else "application/json")


_C = "/conferences/{id}"

OPERATIONS = (
    Operation(
        "POST",
        "/conferences",
        "Set a conference up",
        create_conference,
        shapes.ConferenceTaken,
        shapes.ConferenceCreated,
        201,
        (401, 403, 422),
    ),
    Operation(
        "GET",
        _C,
        "Everything a participant may see",
        see_conference,
        answer=shapes.ConferenceTold,
        refusals=(401, 403, 404),
    ),
    Operation("POST", f"{_C}/phase", "Change the phase", change_phase, shapes.PhaseTaken, shapes.PhaseTold),
    Operation(
        "POST", f"{_C}/pen", "Hand the pen over or take it back", hand_pen, shapes.PenTaken, shapes.PenTaken
    ),
    Operation(
        "POST",
        f"{_C}/releases",
        "Let a child read a part, or no longer",
        release_part,
        shapes.ReleaseTaken,
        shapes.ReleaseTaken,
    ),
    Operation(
        "POST",
        f"{_C}/kept-out",
        "Keep somebody out of a part, or let them read it again",
        keep_out_of_part,
        shapes.KeptOutTaken,
        shapes.KeptOutTaken,
    ),
    Operation("POST", f"{_C}/parts/{{part}}/go", "Go to a part", go_to_part, status=204),
    Operation(
        "POST",
        f"{_C}/participants",
        "Invite somebody more",
        people.add_participant,
        people.ParticipantAdded,
        shapes.ParticipantCreated,
        201,
    ),
    Operation(
        "POST",
        f"{_C}/participants/{{participant}}/admit",
        "Let somebody in",
        people.admit_participant,
        status=204,
    ),
    Operation(
        "POST",
        f"{_C}/participants/{{participant}}/here",
        "Somebody is here without a page",
        people.participant_is_here,
        people.HereTaken,
        status=204,
    ),
    Operation(
        "POST",
        f"{_C}/participants/{{participant}}/attending",
        "Change how somebody takes part",
        people.change_attending,
        people.AttendingTaken,
        status=204,
    ),
    Operation(
        "DELETE",
        f"{_C}/participants/{{participant}}",
        "Send somebody out at once",
        people.remove_participant,
        people.RemovalTaken,
        status=204,
        queries=({"name": "reason", "in": "query", "schema": {"type": "string"}, "deprecated": True},),
    ),
    Operation(
        "POST", f"{_C}/points", "Add a point of one's own", add_point, shapes.PointTaken, shapes.Made, 201
    ),
    Operation(
        "POST",
        f"{_C}/flags",
        "Say that something is not right",
        raise_flag,
        shapes.FlagTaken,
        shapes.Made,
        201,
    ),
    Operation(
        "POST",
        f"{_C}/flags/{{flag}}/answer",
        "Answer a flag, or take one's own back",
        answer_flag,
        shapes.FlagAnswerTaken,
        shapes.FlagAnswered,
    ),
    Operation(
        "POST",
        f"{_C}/requests",
        "Ask the chair for something",
        make_request,
        shapes.RequestTaken,
        shapes.Made,
        201,
    ),
    Operation(
        "POST", f"{_C}/requests/{{request}}/settle", "A request has been seen to", settle_request, status=204
    ),
    Operation(
        "POST",
        f"{_C}/read-through/{{part}}/start",
        "Begin to go over a part",
        start_read_through,
        status=204,
    ),
    Operation(
        "POST",
        f"{_C}/read-through/{{part}}/finish",
        "The part has been gone over",
        finish_read_through,
        status=204,
    ),
    Operation(
        "POST",
        f"{_C}/read-through/{{part}}/answer",
        "Say whether a point is right",
        answer_point,
        shapes.AnswerTaken,
        status=204,
    ),
    Operation("POST", f"{_C}/sign", "Sign the record", sign_record, answer=shapes.RecordSigned),
    Operation(
        "GET",
        f"{_C}/record",
        "The signed record",
        fetch_record,
        refusals=(401, 403, 404, 409),
        queries=({"name": "form", "in": "query", "schema": {"enum": ["json", "pdf"]}},),
        files=("application/json", _PDF),
    ),
)


async def description(request: Request) -> Response:
    """The OpenAPI description; for everybody, because it holds nothing of any conference."""
    return JSONResponse(describe(OPERATIONS, context_of(request).settings.base_url))


routes = [Route(f"{PREFIX}/openapi.json", description), *(route(operation) for operation in OPERATIONS)]
