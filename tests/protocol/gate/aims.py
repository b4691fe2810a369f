"""What every attack is made of. Each is aimed at a `Scene`, which is always set the same.

The author is the nurse, who may change what she started, unless it says otherwise. `"malformed"` stands for an update
that is not our grammar; any other word is the code it is refused with.
"""

from __future__ import annotations

from typing import NamedTuple

from shared_doc.gate import Author, Rights
from tests.protocol.gate import forge
from tests.protocol.gate.forge import Id, section, update, values, y_type
from tests.protocol.gate.scene import NURSE_CLIENT, Scene

ADDS_ONLY = Author("nurse", Rights(edit_any=False, edit_own=False, add=True))
EDITS_ONLY = Author("nurse", Rights(edit_any=False, edit_own=True, add=False))
NEW_ID = "p00000000000000000000n"
MALFORMED = "malformed"
NO_IDS = (
    *("", "p", "__proto__", "constructor", "hasOwnProperty"),
    *("p" + "0" * 20, "p" + "0" * 22, "q" + "0" * 21, "p" + "A" * 21, "p" + "٠" * 21),
    *("p" + "0" * 20 + "\n", "p" + "0" * 21 + "\n", "p<b>" + "0" * 18, "p" + "0" * 20 + "/"),
)


class Attack(NamedTuple):
    name: str
    expected: str
    author: Author
    forged: bytes


def nurses(*structs: bytes) -> bytes:
    """These structs under the nurse's own client id, at its next clock."""
    return update(section(NURSE_CLIENT, START, *structs))


SCENE = Scene()
START = SCENE.next(NURSE_CLIENT)
HOUSE, EMPTY, OWN, PEN = SCENE.house, SCENE.empty, SCENE.nurse, SCENE.pen
LAST = len("Seen 😀 by the nurse.".encode("utf-16-le")) // 2 - 1
HOUSE_LAST = len("The house is warm 😀 and clean.".encode("utf-16-le")) // 2 - 1


def birth(
    point_id: str = NEW_ID, *, leave_out: str = "", at: int = START, client: int = NURSE_CLIENT
) -> list[bytes]:
    """The structs of a new point."""
    entry: Id = (client, at)
    structs = {
        "text": y_type(forge.Y_TEXT, parent=entry, key="text"),
        "position": values("a1", parent=entry, key="position"),
        "kind": values("point", parent=entry, key="kind"),
        "said_by": values("", parent=entry, key="said_by"),
        "struck": values(True, parent=entry, key="struck"),
    }
    structs.pop(leave_out, None)
    return [y_type(forge.Y_MAP, parent="points", key=point_id), *structs.values()]
