"""The one clock: everything in Python that asks which moment or which day it is asks here.

Nobody sets it: there is no setting, no variable and no argument for it. Tests put another function in the place of
`machine` (tests/clock.py). The database has its twin: `vhod.now()` and `vhod.clock_timestamp()`. Durations are no
business of this clock: they are measured by `time.monotonic`.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def machine() -> datetime:
    """What the machine's own clock shows."""
    return datetime.now(UTC)


def now() -> datetime:
    """The moment, in UTC. It may be kept and called later: whoever replaces the clock replaces it here too."""
    return machine()


def seconds() -> int:
    """The moment as tokens carry it: whole seconds since 1970."""
    return int(now().timestamp())


def today(zone: ZoneInfo) -> date:
    """The day it is there."""
    return now().astimezone(zone).date()
