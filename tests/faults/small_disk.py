"""A disk of a server's own that a test can fill, make read-only and put right, and the server that runs on it.

It is a real file system (tmpfs) in a mount namespace of its own: that needs no rights on most machines, disturbs nobody
else's mounts, and is gone with its keeper. Where nothing can be mounted, the system refuses in another way: to a server
whose files may not grow, and who has no right to write to its folder. `way` says which it is.
"""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from tests.server_process import ServerProcess

SIZE = 16 * 1024 * 1024
PATIENCE = 20.0


class Disk(Protocol):
    """What a test may do to a disk under its server."""

    way: str
    folder: Path
    """Where the server finds it."""
    seen: Path
    """Where everybody else does."""
    launcher: tuple[str, ...]
    """What the server is started by."""

    def fill(self, server: ServerProcess) -> None:
        """Let it take nothing more."""

    def make_room(self, server: ServerProcess) -> None:
        """Let it take something again."""

    def make_writable(self, *, writable: bool) -> None:
        """Make it read-only, or put that right. Nothing on it may be open for writing: the system would refuse."""


class Mounted:
    """A file system of its own."""

    way = "mounted"

    def __init__(self, folder: Path, keeper: subprocess.Popen[str], enter: tuple[str, ...]) -> None:
        self.folder = folder
        self.seen = Path(f"/proc/{keeper.pid}/root{folder}")
        self.launcher: tuple[str, ...] = ("nsenter", f"--target={keeper.pid}", *enter, "--")
        self._keeper = keeper

    def fill(self, server: ServerProcess) -> None:
        """Take every byte that is left."""
        with (self.seen / "filler").open("ab", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(b"x" * 64 * 1024)

    def make_room(self, server: ServerProcess) -> None:
        """Give the bytes back."""
        (self.seen / "filler").unlink()

    def make_writable(self, *, writable: bool) -> None:
        """Mount it anew."""
        how = "rw" if writable else "ro"
        assert ordered(self._keeper, f"mount -o remount,{how} {self.folder}"), f"not mounted {how}"


class Limited:
    """A folder, and a server without the rights that would let it write in spite of everything."""

    way = "limited"

    def __init__(self, folder: Path) -> None:
        self.folder = self.seen = folder
        # The system lets root write to everything, unless it has been told not to.
        without = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
        self.launcher: tuple[str, ...] = without if os.getuid() == 0 else ()

    def fill(self, server: ServerProcess) -> None:
        """No file of the server may grow, its log excepted."""
        log = server.log.stat().st_size
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (log + 64 * 1024, resource.RLIM_INFINITY))

    def make_room(self, server: ServerProcess) -> None:
        """They may again."""
        most = resource.RLIM_INFINITY
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (most, most))

    def make_writable(self, *, writable: bool) -> None:
        """Take the right to write from everything in the folder, or give it back."""
        for path in (self.folder, *self.folder.rglob("*")):
            path.chmod((0o500 if path.is_dir() else 0o400) | (0o200 if writable else 0))


def ordered(keeper: subprocess.Popen[str], command: str) -> bool:
    """Whether the keeper of a namespace could do something in it."""
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    try:
        keeper.stdin.write(f"{command} >/dev/null 2>&1 && echo done || echo failed\n")
        keeper.stdin.flush()
    except BrokenPipeError:
        return False
    return keeper.stdout.readline().strip() == "done"


@contextmanager
def small_disk(folder: Path, *, mounted: bool = True) -> Iterator[Disk]:
    """The best disk that this machine can give; `mounted` says that a real one is wanted."""
    folder.mkdir()
    kinds = (("--user", "--map-root-user", "--mount"), ("--mount",)) if mounted else ()
    for kind in kinds:
        try:
            keeper = subprocess.Popen(
                ["unshare", *kind, "sh"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        except FileNotFoundError:
            break
        try:
            if ordered(keeper, f"mount -t tmpfs -o size={SIZE},mode=0700 tmpfs {folder}"):
                enter = ("--user", "--preserve-credentials", "--mount") if "--user" in kind else ("--mount",)
                yield Mounted(folder, keeper, enter)
                return
        finally:
            keeper.kill()
            keeper.communicate(timeout=PATIENCE)
    if mounted:
        print("no file system can be mounted here: the server's own rights are limited instead", flush=True)
    yield Limited(folder)


class ServerOnDisk(ServerProcess):
    """A server whose data folder is on a disk of its own."""

    def __init__(self, disk: Disk, folder: Path) -> None:
        super().__init__(folder)
        self.data = disk.seen / "data"
        self.launcher = disk.launcher
        self._environment["TRUERECORD_DATA"] = str(disk.folder / "data")
