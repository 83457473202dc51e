"""EndedSessions: who is to hear at once that a browser's session was ended."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

CHANNEL = "vhod_session_ended"
"""Its notifications carry the public name of a session, which signs nobody in."""


class EndedSessions:
    """Of one process: its listener tells, its sockets and streams hear."""

    def __init__(self) -> None:
        self._watching: defaultdict[str, list[Callable[[], None]]] = defaultdict(list)

    def watch(self, session: UUID, hear: Callable[[], None]) -> Callable[[], None]:
        """Call `hear` when the session ends. What is given back ends the watch."""
        name = str(session)
        self._watching[name].append(hear)

        def leave() -> None:
            self._watching[name].remove(hear)
            if not self._watching[name]:
                del self._watching[name]

        return leave

    @contextmanager
    def watched(self, session: UUID | None, hear: Callable[[], None]) -> Iterator[None]:
        """The same for as long as something runs; without a session there is nothing to hear."""
        leave = self.watch(session, hear) if session is not None else lambda: None
        try:
            yield
        finally:
            leave()

    def tell(self, session: str) -> None:
        """Tell whoever watches the session."""
        for hear in list(self._watching.get(session, ())):
            hear()
