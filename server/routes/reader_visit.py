"""One request of somebody who reads: who asks, what they may see, and what every page of theirs is built from."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request

from server.actions import viewing
from server.actions.context import Context
from server.actions.views import ConferenceView, PartPoints, PartView
from server.auth.identity import Actor
from server.errors import NotFound
from server.routes import reader_pages as contexts
from server.routes import reader_view as build
from server.routes.guard import context_of, current_actor, form_token
from server.routes.live_boot import live_boot
from server.templating import Templates


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of one reader: everything a page is built from."""

    request: Request
    ctx: Context
    actor: Actor
    view: ConferenceView

    @property
    def base(self) -> str:
        return f"/conferences/{quote(self.actor.conference_id)}/as/{quote(self.actor.participant_id)}"

    @property
    def templates(self) -> Templates:
        templates: Templates = self.request.app.state.templates
        return templates

    def frame(
        self, place: str, heading: str, under: str, boot: contexts.Boot | None = None
    ) -> contexts.Frame:
        return build.frame(
            self.view,
            base=f"{self.base}/",
            csrf=form_token(self.request, self.actor),
            key=secrets.token_hex(16),
            now=self.ctx.now(),
            letters=self.ctx.settings.text_letters,
            place=place,
            heading=heading,
            under=under,
            boot=boot,
        )

    async def boot(self, part: PartView | None) -> contexts.Boot:
        csrf = form_token(self.request, self.actor)
        return await live_boot(self.ctx, self.actor, self.view, base=self.base, csrf=csrf, part=part)

    async def points(self, part: PartView) -> PartPoints:
        return await viewing.points(self.ctx, self.actor, part.id)

    def asked_part(self, name: str = "part") -> PartView:
        """The part the address names (`?part=`). Raises NotFound for one this person may not read."""
        part = self.view.part(self.request.query_params.get(name, ""))
        if part is None:
            raise NotFound
        return part


async def visit_of(request: Request) -> Visit:
    """Raises NotSignedIn for somebody without a session of this address."""
    actor = await current_actor(request)
    ctx = context_of(request)
    return Visit(request, ctx, actor, await viewing.see(ctx, actor))
