"""The app made from the environment, for a process host: `uvicorn server.asgi:app`, or better `truerecord
serve`.
"""

from __future__ import annotations

from server import logs
from server.app import create_app
from server.settings import Settings

logs.configure()
app = create_app(Settings())
