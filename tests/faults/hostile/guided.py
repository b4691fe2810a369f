"""Coverage-guided attacks with atheris: which bytes reach code that no bytes had reached before?

    python -m tests.faults.hostile.guided updates -runs=200000       bytes as an update, at a lane with some history
    python -m tests.faults.hostile.guided frames -runs=20000         bytes as the frames of one line
    python -m tests.faults.hostile.guided plays -runs=5000           bytes as the choices of a whole crowd

What follows the aim goes to libFuzzer; name a folder of your own to keep what was found. It begins with `corpus/`.
Where there is no atheris, bytes like those of the corpus are made up by chance.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.faults.hostile.corpus import seeds
from tests.faults.hostile.made_up import made_up

try:
    # There is no wheel for every Python and machine.
    atheris: Any = import_module("atheris")
except ImportError:
    atheris = None

with atheris.instrument_imports(include=["shared_doc"]) if atheris is not None else nullcontext():
    from tests.faults.hostile import aims

AIMS = {"updates": aims.update, "frames": aims.frames, "plays": aims.play_of}


def main(arguments: list[str]) -> int:
    """Aim at one target until libFuzzer ends the process."""
    if not arguments or arguments[0] not in AIMS:
        print(__doc__)
        return 2
    aim, *others = arguments
    if atheris is None:
        print(
            "There is no atheris for this Python and machine: bytes are made up by chance instead.",
            flush=True,
        )
        known = [seed.data for seed in seeds(aim)] if aim != "plays" else [b""]
        print(f"Done {made_up(AIMS[aim], known, others)} runs")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds(aim) if aim != "plays" else ():
            Path(folder, seed.name).write_bytes(seed.data)
        # libFuzzer writes to the first folder that is named, and only reads the others.
        atheris.Setup([sys.argv[0], *others, folder], AIMS[aim])
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
