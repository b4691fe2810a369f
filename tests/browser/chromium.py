"""The browser of the tests: a Chromium of this machine, for Playwright downloads none of its own here."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ON_A_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
VARIABLE = "TRUERECORD_CHROMIUM"
REMEDY = (
    "The browser tests need Chromium: install it (on Debian, as root: `apt-get install chromium`), "
    f"or name one with {VARIABLE}=/path/to/chromium, and run this again."
)
# Headless, as root in a container if need be, and silent: no look-ups or updates of the browser's own.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class NoBrowserError(Exception):
    """There is no Chromium and none could be installed. The message is the remedy."""


def find() -> str:
    """The path of a Chromium. Raises `NoBrowserError` if there is none."""
    named = os.environ.get(VARIABLE, "")
    found = named if named and Path(named).is_file() else next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and ON_A_MAC.is_file():
        found = str(ON_A_MAC)
    if found is None:
        raise NoBrowserError(REMEDY)
    return found


def find_or_install() -> str:
    """As `find`, after installing Debian's where that is possible (as root, with apt-get)."""
    try:
        return find()
    except NoBrowserError:
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise
    print("── installing Chromium for the browser tests", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", *arguments], env=quiet, stdout=subprocess.DEVNULL, check=False)
    return find()
