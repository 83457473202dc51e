"""The clock of the tests: they begin at one moment, whatever day the machine has, and time flows on from there.

Python is told by `install`, a database by the statements of `in_database`, a process by `handed_on`. `tests.days`
begins at other moments: it starts pytest with VHOD_TESTS_MOMENT, which only tests/ read. Whoever shares a
clock with a program of another language (a browser, Node) works by the machine's own: `with unshifted():`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import domain.clock

ZONE = ZoneInfo("Asia/Krasnoyarsk")
USUAL = datetime(2026, 11, 22, 12, tzinfo=ZONE)
VARIABLE, HANDED_ON = "VHOD_TESTS_MOMENT", "VHOD_TESTS_SHIFT"
MOMENT = datetime.fromisoformat(os.environ.get(VARIABLE, USUAL.isoformat()))
"""When the tests begin; always with an offset."""

_machine = domain.clock.machine


def _first_shift() -> timedelta:
    handed_on = os.environ.get(HANDED_ON)
    return MOMENT - _machine() if handed_on is None else timedelta(seconds=float(handed_on))


class _Shift:
    """How far the tests' clock is from the machine's."""

    now: timedelta = _first_shift()


def now() -> datetime:
    """The tests' moment, in UTC."""
    return _machine().astimezone(UTC) + _Shift.now


def install() -> None:
    """From here on everything in this process goes by it."""
    domain.clock.machine = now


def handed_on() -> dict[str, str]:
    """Environment in which a process of the tests goes by this very clock; started as tests/serving.py does."""
    return {HANDED_ON: f"{_Shift.now.total_seconds():.6f}"}


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Begin at another moment for a while; databases that are made meanwhile go by it for ever."""
    with _shifted_by(moment - _machine()):
        yield


@contextmanager
def unshifted() -> Iterator[None]:
    """Go by the machine's own clock for a while, and so do databases that are made meanwhile."""
    with _shifted_by(timedelta()):
        yield


def in_database() -> list[str]:
    """Statements that make a database go by this clock: they replace its two functions, as its owner may."""
    by = f"interval '{_Shift.now.total_seconds():.6f} s'"
    return [
        f"create or replace function vhod.{name}() returns timestamptz language sql {kind} parallel safe"
        f" return pg_catalog.{name}() + {by}"
        for name, kind in (("now", "stable"), ("clock_timestamp", "volatile"))
    ]


@contextmanager
def _shifted_by(shift: timedelta) -> Iterator[None]:
    before, installed = _Shift.now, domain.clock.machine
    _Shift.now, domain.clock.machine = shift, now
    try:
        yield
    finally:
        _Shift.now, domain.clock.machine = before, installed
