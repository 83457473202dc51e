"""Places: how many connections may be open, of one person and in all."""

from collections import Counter

MOST_IN_ALL = 10_000
MOST_OF_ONE = 20

Who = tuple[str, str]
"""Issuer and subject of whoever holds a place."""


class Places:
    """Places of one process."""

    def __init__(self, in_all: int = MOST_IN_ALL, of_one: int = MOST_OF_ONE) -> None:
        self._in_all, self._of_one = in_all, of_one
        self._taken = 0
        self._by_person: Counter[Who] = Counter()

    @property
    def taken(self) -> int:
        """How many are taken."""
        return self._taken

    def take(self) -> bool:
        """Take a place for somebody who has not said yet who it is; False when all are taken."""
        if self._taken >= self._in_all:
            return False
        self._taken += 1
        return True

    def give_back(self) -> None:
        """Give a place back."""
        self._taken -= 1

    def name(self, who: Who) -> bool:
        """Say whose a place is; False when that person has as many as one may have."""
        if self._by_person[who] >= self._of_one:
            return False
        self._by_person[who] += 1
        return True

    def unname(self, who: Who) -> None:
        """A place of that person is free again."""
        self._by_person[who] -= 1
        if self._by_person[who] <= 0:
            del self._by_person[who]
