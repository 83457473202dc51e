"""Deadline: a process that was told to end does end, whatever still hangs in it."""

import signal
from contextlib import suppress
from types import FrameType

import structlog

AGAIN_SECONDS = 1.0
"""What breaks off the server's work begins its finishing touches, which may hang in their turn."""


def set_deadline(seconds: float) -> None:
    """From now on the main thread has so long; then SystemExit breaks off whatever it does, again and again.

    An alarm of the system and no timer of the loop: a loop that turns no more has no time. A second call gives no more.
    """
    if signal.getitimer(signal.ITIMER_REAL)[0] == 0.0:
        signal.signal(signal.SIGALRM, _break_off)
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)


def lift_deadline() -> None:
    """What comes now may take its time, such as stopping a private database in order."""
    signal.setitimer(signal.ITIMER_REAL, 0.0)


def _break_off(_number: int, _frame: FrameType | None) -> None:
    with suppress(RuntimeError):  # the alarm may have come in the middle of another line of the log
        structlog.get_logger(__name__).error("stop:broken_off", reason="something did not end in time")
    raise SystemExit(1)  # besides KeyboardInterrupt the only thing that a loop lets through
