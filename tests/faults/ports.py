"""Ports that no outgoing connection can take while a server is dead: below the range that the kernel gives out."""

import fcntl
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FIRST, LAST = 9220, 9249


@contextmanager
def free_port() -> Iterator[int]:
    """A port of ours for as long as we need it, also while nobody listens on it."""
    for port in range(FIRST, LAST + 1):
        path = Path(tempfile.gettempdir()) / f"vhod-port-{port}.lock"
        with path.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                socket.create_server(("127.0.0.1", port)).close()
            except OSError:
                continue
            yield port
            return
    raise RuntimeError(f"no free port between {FIRST} and {LAST}")
