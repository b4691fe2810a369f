"""Logs for an operator: one JSON object a line, and no personal data in any of them.

A log line says what happened and where in our code, never who, about whom, or what was typed. An
exception's own words are left out: they may quote what somebody sent.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

_EXTRA = ("event", "lane", "seq", "code", "status", "count", "seconds")


class JsonLines(logging.Formatter):
    """One line a record. Of the extra values only those named in `_EXTRA` are kept."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "what": record.getMessage(),
        }
        line.update((name, getattr(record, name)) for name in _EXTRA if hasattr(record, name))
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = [
                f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(level: str = "INFO") -> None:
    """Send every log line to standard error in this form. Called once, by the commands that serve."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "alembic"):
        own = logging.getLogger(name)
        own.handlers[:] = []
        own.propagate = True
        own.setLevel("WARNING")
    # The server's own tracebacks would quote values; ours says where without them.
    logging.getLogger("asyncio").setLevel("ERROR")
