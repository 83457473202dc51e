"""Servers that run: started, asked until they answer, ended by their own process ids."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench.contestants import Contestant
from bench.place import CHECKOUT, BenchError, own_folder
from bench.proc import cpu_seconds, resident_bytes

START_SECONDS = 90
END_SECONDS = 15


@dataclass(frozen=True)
class Running:
    """A contestant that answers."""

    contestant: Contestant
    process: int

    def cpu_seconds(self) -> float:
        """CPU time that its processes have taken so far."""
        return cpu_seconds(self.process)

    def resident_bytes(self) -> int:
        """Memory of its processes."""
        return resident_bytes(self.process)


@contextmanager
def running(contestants: list[Contestant]) -> Iterator[dict[str, Running]]:
    """Start them all at once, wait for each; raises BenchError naming the one that does not start."""
    with ExitStack() as stack:
        started = [(one, stack.enter_context(_started(one))) for one in contestants]
        for one, process in started:
            _await_port(one, process)
        yield {one.name: Running(one, process.pid) for one, process in started}


@contextmanager
def _started(contestant: Contestant) -> Iterator["subprocess.Popen[bytes]"]:
    """Start one in a process group of its own; its end is the end of the group."""
    if _listens(contestant.port):
        raise BenchError(f"port {contestant.port} is taken: --port N takes others")
    with (own_folder("logs") / f"{contestant.name}.log").open("w") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            contestant.command,
            cwd=CHECKOUT,
            env=dict(contestant.environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


def _await_port(contestant: Contestant, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise BenchError(f"{contestant.name} ended with {process.returncode} at its start:\n{_tail(contestant)}")
        if _listens(contestant.port):
            return
        time.sleep(0.05)
    raise BenchError(f"{contestant.name} did not listen within {START_SECONDS} s:\n{_tail(contestant)}")


def _tail(contestant: Contestant) -> str:
    return (own_folder("logs") / f"{contestant.name}.log").read_text()[-1500:]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ask the process to end, then its group: the group is what we started and nothing else."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(END_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
