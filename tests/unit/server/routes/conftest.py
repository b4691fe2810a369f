from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from server.actions import staff
from server.actions.context import Context
from server.app import create_app
from server.settings import Settings
from tests.unit.server.routes.api_conference import GIVEN, Api, Conference
from tests.unit.server.routes.house import House, open_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The app with a conference, and nobody in it yet."""
    async with open_house(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Api]:
    """The app and a program's token, for one file of tests."""
    app = create_app(Settings(data=tmp_path_factory.mktemp("council")))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1:8000") as client,
    ):
        ctx: Context = app.state.context
        yield Api(client, await staff.create_token(ctx, "tests"), ctx)


@pytest_asyncio.fixture(loop_scope="module")
async def conference(api: Api) -> Conference:
    """A conference made through the API, in session."""
    made = await api.call("POST", "/conferences", body=GIVEN)
    conference = Conference(api, made.json())
    for phase in ("open", "in session"):
        assert (await api.call("POST", f"{conference.path}/phase", body={"phase": phase})).status_code == 200
    return conference
