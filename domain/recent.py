"""Recent: what was used most recently, at most so many: the one cache of this house."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Values by keys; past `most` of them the one that was asked for longest ago falls out. Safe among threads.

    A value is never None: that is the answer for a key that is not kept.
    """

    def __init__(self, most: int) -> None:
        """Take the bound. Raises ValueError for one that would keep nothing."""
        if most < 1:
            raise ValueError("keep at least one")
        self.most = most
        self._turn = Lock()
        self._kept: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, key: K) -> bool:
        return key in self._kept

    def get(self, key: K) -> V | None:
        """The value kept for this key, which counts as used now; None where nothing is kept."""
        with self._turn:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: K, value: V) -> V:
        """Keep a value, as used now, in place of what was kept for its key. Gives the value."""
        with self._turn:
            self._kept[key] = value
            self._kept.move_to_end(key)
            if len(self._kept) > self.most:
                self._kept.popitem(last=False)
            return value

    def drop_oldest(self) -> V:
        """Forget what was asked for longest ago, and give it. Raises KeyError where nothing is kept."""
        with self._turn:
            return self._kept.popitem(last=False)[1]

    def clear(self) -> None:
        """Forget all."""
        with self._turn:
            self._kept.clear()

    def items(self) -> Iterator[tuple[K, V]]:
        """All that is kept at this moment, the oldest first."""
        with self._turn:
            return iter(list(self._kept.items()))
