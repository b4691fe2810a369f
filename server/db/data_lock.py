"""One server to a data folder. Two would each believe to know the end of every lane's log."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import TextIO

_NAME = "lock"


class DataInUse(Exception):
    """Another server uses this data folder."""


class DataLock:
    """Held from start to stop; the system lets it go even if the process is killed."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self._file: TextIO | None = None

    def take(self) -> None:
        """Raises DataInUse."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self._path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise DataInUse from None
        self._file = file

    def let_go(self) -> None:
        """Let another server have the folder."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def is_taken(self) -> bool:
        """Whether another server holds it now."""
        try:
            self.take()
        except DataInUse:
            return True
        self.let_go()
        return False
