"""Scripts and styles: packed once, and kept by the browser for as long as their address says what is in them.

Nothing in them is anybody's: how pages are packed, which hold what is private, is in `packed_pages`.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

_PACKED = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_YEAR = 365 * 24 * 3600


class PackedFiles(StaticFiles):
    """Static files, packed with gzip for whoever takes it. An address with `?v=` never changes what it means."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory)
        self._packed: dict[str, tuple[int, bytes]] = {}

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or its packed form. Raises HTTPException for what is not there."""
        answer = await super().get_response(path, scope)
        if scope["query_string"].startswith(b"v="):
            answer.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
        kind = _PACKED.get(Path(path).suffix)
        if kind is None:
            return answer
        answer.headers["Vary"] = "Accept-Encoding"
        if isinstance(answer, NotModifiedResponse) or scope["method"] != "GET":
            return answer
        full, stat = self.lookup_path(path)
        if stat is None or "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            return answer
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name in {"cache-control", "etag", "last-modified", "vary"}
        }
        return Response(
            self._pack(full, stat), headers=headers | {"Content-Encoding": "gzip"}, media_type=kind
        )

    def _pack(self, path: str, stat: os.stat_result) -> bytes:
        known = self._packed.get(path)
        if known is None or known[0] != stat.st_mtime_ns:
            # Without a time in it, the same file is packed into the same bytes.
            known = (stat.st_mtime_ns, gzip.compress(Path(path).read_bytes(), 9, mtime=0))
            self._packed[path] = known
        return known[1]
