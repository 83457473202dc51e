"""Collector: Python's search for circles of dead objects, set for a process that holds thousands of open sockets.

A full search walks every object: with 5,000 sockets it stopped the process for three seconds, and news with it. What
has outlived a search that took long is therefore left out of those that follow (frozen), and looked at again only
once in a while. Objects without circles go at once, frozen or not.
"""

import gc
import time
from typing import Literal

YOUNG = 10_000
"""Objects made before the collector looks for circles among them: those of some dozens of requests."""
OLDEST = 2
LONG_SECONDS = 0.03
"""A full search that took longer is not done again among the same objects."""
THAW_SECONDS = 900.0
"""How long a dead circle may stay among those that were left out."""


class Collector:
    """The settings of this process; made by whoever serves, when everything that stays for good has been made."""

    def __init__(self) -> None:
        self._began = 0.0
        self._thawed = time.monotonic()

    def settle(self) -> None:
        """Leave out the schema and what it stands on, and from now on whatever makes a search long."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG)
        gc.callbacks.append(self._hear)

    def _hear(self, phase: Literal["start", "stop"], told: dict[str, int]) -> None:
        if told["generation"] < OLDEST:
            return
        now = time.monotonic()
        if phase == "start":
            self._began = now
            if now - self._thawed > THAW_SECONDS:
                self._thawed = now
                gc.unfreeze()
        elif now - self._began > LONG_SECONDS:
            gc.freeze()
