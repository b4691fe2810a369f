"""Makes the data folders of earlier versions that lie beside this file, as such a version would have left them.

    python -m tests.unit.server.db.folders.make

Run once for each shape of the database that a version was given out with; a folder is never made anew, because what it
is good for is that today's code did not write it. Everybody in it is made up, and so are its keys.

It is filled by the actions of now and then taken back to the shape of then, which drops what that shape does not hold:
of `0001` the trail, of `0002` with which staff session a participant's was begun.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import tempfile
from pathlib import Path

from alembic import command

from server.actions import conferences, flags, parts, records, signing
from server.auth.identity import ProgramActor
from server.db.migrate import configuration
from shared_doc.permissions import Phase
from tests.unit.server.actions.council import CHAIR, MOTHER, NEW, NURSE, Council, Meeting, open_council

HERE = Path(__file__).resolve().parent
SHAPES = ("0001", "0002")
TYPED = (
    "Noah has missed six of his last ten nursery days.",
    "Keeley rang the clinic herself. 😀",
    "Ellie is well.",
)
FILES = (
    "truerecord.sqlite3",
    "secret",
    "record-signing-key.pem",
    "record-signing-certificate.pem",
    "record-public-key.pem",
)


async def held(council: Council) -> tuple[Meeting, str, str]:
    """A meeting of which something was typed, its chair's token, and its first point."""
    made = await conferences.create(council.ctx, ProgramActor("program"), NEW)
    meeting = Meeting(council, made)
    chair = meeting.actor(CHAIR)
    await conferences.change_phase(council.ctx, chair, Phase.IN_SESSION)
    await parts.go_to(council.ctx, chair, meeting.open_part)
    first = await meeting.add(text=TYPED[0])
    await meeting.add(NURSE, TYPED[1], kind="strength")
    await meeting.add(text=TYPED[2])
    token = next(one.live_token for one in made.participants if one.name == CHAIR)
    assert token is not None
    return meeting, token, first


async def fill(data: Path) -> dict[str, str]:
    """A meeting that goes on and one that was signed; their ids, the token of the chair, and the record's file."""
    async with open_council(data) as council:
        going_on, token, first = await held(council)
        mother = going_on.actor(MOTHER)
        await flags.raise_flag(
            council.ctx, mother, going_on.open_part, first, "not_right", "It was five days."
        )
        over, _token, _first = await held(council)
        chair = over.actor(CHAIR)
        await conferences.change_phase(council.ctx, chair, Phase.CLOSED)
        await signing.sign(council.ctx, chair)
        (data / "record.json").write_bytes(await records.fetch(council.ctx, chair, "json"))
        return {
            "going_on": going_on.id,
            "part": going_on.open_part,
            "signed": over.id,
            "chair": token,
            "chair_of_signed": chair.participant_id,
        }


def make(shape: str, folder: Path) -> None:
    """One folder."""
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(temporary)
        told = asyncio.run(fill(data))
        command.downgrade(configuration(f"sqlite:///{data / FILES[0]}"), shape)
        with sqlite3.connect(data / FILES[0], isolation_level=None) as database:
            # Small pages make a small file: most tables are all but empty.
            for step in ("journal_mode=DELETE", "page_size=512"):
                database.execute(f"PRAGMA {step}")
            database.execute("VACUUM")
            database.execute("PRAGMA journal_mode=WAL")
        database.close()
        folder.mkdir()
        for name in (*FILES, "record.json"):
            (folder / name).write_bytes((data / name).read_bytes())
        (folder / "told.json").write_text(f"{json.dumps(told, indent=1)}\n")


if __name__ == "__main__":
    wanted = [shape for shape in SHAPES if not (HERE / shape).exists()]
    for each in wanted:
        make(each, HERE / each)
    print(f"made: {', '.join(wanted) or 'nothing, they are all there'}")
    sys.exit(0)
