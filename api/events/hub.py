"""Hub: which feeds of this process wait for which topics."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from domain.events import Event
from domain.horizon import Horizon
from domain.topics import Topic, topics_of


class Follower(Protocol):
    """Whatever takes events."""

    def push(self, events: Sequence[Event], horizon: Horizon) -> None:
        """Take events that were committed by the horizon."""

    def overflow(self, horizon: Horizon) -> None:
        """Hear that more happened than is told."""

    def stop(self) -> None:
        """Hear that the process ends."""


class Hub:
    """Hands events on; it keeps none itself."""

    def __init__(self) -> None:
        self._by_topic: defaultdict[Topic, set[Follower]] = defaultdict(set)
        self._topics: dict[Follower, frozenset[Topic]] = {}
        self.stopping = False

    def __len__(self) -> int:
        """How many follow anything."""
        return len(self._topics)

    def listen(self, follower: Follower, topics: Iterable[Topic]) -> None:
        """Take these topics in the place of those taken before."""
        before, now = self._topics.get(follower, frozenset()), frozenset(topics)
        self._topics[follower] = now
        for topic in now - before:
            self._by_topic[topic].add(follower)
        self._leave(follower, before - now)

    def drop(self, follower: Follower) -> None:
        """Forget somebody."""
        self._leave(follower, self._topics.pop(follower, frozenset()))

    def publish(self, events: Sequence[Event], horizon: Horizon) -> None:
        """Hand events to whoever waits for any of their topics, each once."""
        concerned: dict[Follower, list[Event]] = {}
        for event in events:
            for follower in {one for topic in topics_of(event) for one in self._by_topic.get(topic, ())}:
                concerned.setdefault(follower, []).append(event)
        for follower, theirs in concerned.items():
            follower.push(theirs, horizon)

    def lose(self, horizon: Horizon) -> None:
        """Tell everybody that something is not told: the listener was away for too long."""
        for follower in list(self._topics):
            follower.overflow(horizon)

    def stop(self) -> None:
        """Tell everybody that the process ends."""
        self.stopping = True
        for follower in list(self._topics):
            follower.stop()

    def _leave(self, follower: Follower, topics: frozenset[Topic]) -> None:
        for topic in topics:
            self._by_topic[topic].discard(follower)
            if not self._by_topic[topic]:
                del self._by_topic[topic]
