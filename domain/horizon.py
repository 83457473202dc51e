"""Horizon: what had been committed at a moment, exactly, whichever transaction began first.

The twin of PostgreSQL's `pg_snapshot`, in its text form `xmin:xmax:xip,xip`: everything below `xmin` was over,
nothing from `xmax` on had begun, and those named were under way.
"""

import re
from dataclasses import dataclass
from typing import Self

FORM = re.compile(r"([0-9]{1,20}):([0-9]{1,20}):((?:[0-9]{1,20})(?:,[0-9]{1,20})*)?", re.ASCII)
MOST_UNDER_WAY = 1_000
LARGEST = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Horizon:
    """A snapshot of the transactions of a database."""

    lowest: int
    next: int
    under_way: frozenset[int]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text form. Raises ValueError for what is none."""
        found = FORM.fullmatch(text)
        if found is None:
            raise ValueError("no snapshot")
        lowest, following = int(found[1]), int(found[2])
        named = [int(part) for part in (found[3] or "").split(",") if part]
        ordered = named == sorted(set(named)) and all(lowest <= one < following for one in named)
        if not 0 < lowest <= following <= LARGEST or not ordered or len(named) > MOST_UNDER_WAY:
            raise ValueError("no snapshot")
        return cls(lowest, following, frozenset(named))

    def __str__(self) -> str:
        return f"{self.lowest}:{self.next}:{','.join(str(one) for one in sorted(self.under_way))}"

    def holds(self, transaction: int) -> bool:
        """Whether the transaction had been committed, or given up, by then."""
        return transaction < self.lowest or (transaction < self.next and transaction not in self.under_way)
