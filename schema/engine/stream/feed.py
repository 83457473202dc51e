"""Feed: what reaches one subscription, as the transport provides it."""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from typing import Protocol

from domain.events import Event
from domain.horizon import Horizon
from domain.topics import Topic


@dataclass(frozen=True)
class Batch:
    """Events to be answered together; without any the subscription begins, or its rights are to be looked at again.

    `horizon` is None for the first one: its own transaction says from where to go on.
    """

    events: tuple[Event, ...] = ()
    horizon: Horizon | None = None
    overflow: bool = False
    """More happened than was kept for this subscription."""

    @property
    def first(self) -> bool:
        """Whether the subscription begins with it."""
        return self.horizon is None


class Feed(Protocol):
    """Events of the topics that a subscription listens to."""

    def listen(self, topics: Iterable[Topic]) -> None:
        """Take events of these topics from now on, and of no others."""

    def caught_up(self, horizon: Horizon) -> None:
        """Leave out what was committed by then: it has been told already."""

    def revoked(self) -> None:
        """Say that the rights which the subscription needs are gone."""

    def batches(self) -> AsyncGenerator[Batch, None]:
        """Each batch within a transaction that the subscription's context has been opened for; the first at once."""
