"""File locks that the kernel frees whatever becomes of the process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def open_lock(path: Path) -> int:
    """Open (make) a lock file; read-only, so that another account's file can be locked too."""
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file's lock alone; waits for whoever has it."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class Users:
    """The processes that use a server: each holds the file's lock together with the others."""

    def __init__(self, path: Path) -> None:
        self._descriptor = open_lock(path)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Stop using; true when nobody else does. Call it only under the lock of start and stop."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(self._descriptor)
