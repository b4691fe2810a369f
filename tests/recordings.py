"""Where the recordings of real typing are. They are not part of the project, and a run says whether it has them.

The folder is looked for beside the checkout, as `../shared/traces`. Where it is not, tests play typing that they make
up. `TRUERECORD_TRACES` names another folder, and then all of them must be there.
"""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "TRUERECORD_TRACES"
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "traces"
NAMES = ("automerge-paper.json.gz", "clownschool.json.gz", "clownschool_flat.json.gz")


def recording(name: str) -> Path | None:
    """One of `NAMES`, or None where there are no recordings.

    Raises:
        FileNotFoundError: the folder was named, and it is not in it.
    """
    named = os.environ.get(VARIABLE)
    path = (Path(named) if named else BESIDE) / name
    if path.is_file():
        return path
    if named:
        raise FileNotFoundError(f"{VARIABLE} is {named}, and there is no {name} in it")
    return None


def told() -> str:
    """One line for the head of a run: which typing it plays."""
    named = os.environ.get(VARIABLE)
    folder = Path(named) if named else BESIDE
    found = [name for name in NAMES if (folder / name).is_file()]
    if len(found) == len(NAMES):
        return f"recordings of real typing: {len(found)}, from {folder}"
    missing = f"{len(NAMES) - len(found)} of {len(NAMES)} missing from {folder}"
    if named:
        return f"recordings of real typing: {missing}, which {VARIABLE} names: their tests fail"
    return (
        f"recordings of real typing: {missing}; typing that is made up is played ({VARIABLE} names a folder)"
    )
