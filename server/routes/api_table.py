"""How one operation of the API is declared, served and described: all from the same line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.actions.context import Context
from server.auth.bearer import bearer_of
from server.auth.identity import Actor, Leader, ProgramActor, ProgramIn
from server.errors import BadInput, NotAllowed, NotFound, NotSignedIn
from server.routes.guard import context_of
from server.routes.once import json_of
from server.routes.rate import bill_of

PREFIX = "/api/v1"
PROBLEM = "application/problem+json"

B = TypeVar("B", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call(Generic[B]):
    """One call: who asks, where, and the checked body."""

    request: Request
    ctx: Context
    who: ProgramActor | Actor
    body: B

    def path(self, name: str) -> str:
        """A piece of the address."""
        return str(self.request.path_params[name])

    def program(self) -> ProgramActor:
        """The program. Raises NotAllowed for a participant."""
        if isinstance(self.who, Actor):
            raise NotAllowed("program_needed", "Only a program with an API token can do this.")
        return self.who

    def participant(self) -> Actor:
        """The participant, in the conference of the address. Raises NotFound, NotAllowed."""
        if not isinstance(self.who, Actor):
            raise NotAllowed("participant_needed", "This is done as a participant, with their own token.")
        if self.who.conference_id != self.path("id"):
            raise NotFound
        return self.who

    def leader(self) -> Leader:
        """Whoever leads here: a participant of this conference, or a program."""
        if isinstance(self.who, Actor):
            return self.participant()
        return ProgramIn(self.who.token_id, self.path("id"))


class Nothing(BaseModel):
    """For operations that take no body."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the API. `answer` is None where nothing but the status is told; `files` are the media types
    of an answer that is a file; `queries` are OpenAPI parameters.
    """

    method: str
    path: str
    summary: str
    run: Callable[[Call[Any]], Awaitable[BaseModel | Response | None]]
    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    refusals: Sequence[int] = (401, 403, 404, 409, 422)
    queries: Sequence[dict[str, Any]] = ()
    files: Sequence[str] = ()

    @property
    def name(self) -> str:
        """The operation's id in the description."""
        return self.run.__name__


def route(operation: Operation) -> Route:
    """The route that serves an operation."""

    async def serve(request: Request) -> Response:
        ctx = context_of(request)
        # Who asks comes first: a stranger learns nothing from how a body is judged.
        who = await _bearer(request, ctx)
        body = await _body(request, operation.body) if operation.body else Nothing()
        told = await operation.run(Call(request, ctx, who, body))
        if isinstance(told, Response):
            return told
        if told is None:
            return Response(status_code=operation.status)
        return JSONResponse(told.model_dump(mode="json"), operation.status)

    return Route(PREFIX + operation.path, serve, methods=[operation.method], name=f"api.{operation.name}")


async def _bearer(request: Request, ctx: Context) -> ProgramActor | Actor:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    who = (
        await ctx.db.read(bearer_of, token.strip(), ctx.steady())
        if scheme.lower() == "bearer" and token
        else None
    )
    bill = bill_of(request.scope)
    if who is None:
        bill.is_nobodys()
        raise NotSignedIn("no_token", "Send a valid token: Authorization: Bearer …")
    # A program of the council's is trusted to know how much it asks for; a participant's is one person's.
    if isinstance(who, Actor):
        await bill.is_of(who.participant_id)
    else:
        bill.is_trusted()
    return who


async def _body(request: Request, shape: type[B]) -> B:
    async with bill_of(request.scope).aside():
        body = await request.body()
    given = json_of(body)
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(piece) for piece in first["loc"]) or "body"
        raise BadInput(field, f"{first['msg']}.", first["type"]) from error
