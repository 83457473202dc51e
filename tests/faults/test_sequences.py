"""Any sequence of writings, withdrawals, retries and races ends where a small model of the page ends."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faults.clients import Client
from tests.faults.ground import WRITERS, Site
from tests.faults.playing import LESSONS, LINES, SEEN, play
from tests.faults.sequences import AWAY
from tests.faults.soundness import faults

PLACES = st.tuples(st.integers(0, LINES - 1), st.integers(0, LESSONS - 1))
VALUES = st.tuples(st.sampled_from([None, 2, 3, 4, 5]), st.sampled_from([None, "LATE", AWAY]))
ONES = st.tuples(
    PLACES, st.sampled_from(["mark", "mark", "attendance", "both"]), VALUES, st.sampled_from([*SEEN, "newest"])
)
PAGES = st.lists(ONES, min_size=1, max_size=5)
SEQUENCES = st.lists(
    st.one_of(
        st.tuples(st.just("one"), PAGES),
        st.tuples(st.just("together"), PAGES, PAGES),
        st.tuples(st.just("again"), st.integers(0, 50)),
    ),
    min_size=4,
    max_size=14,
)
EXAMPLES = 3


def play_all(site: Site, examples: int, *, derandomize: bool) -> int:
    """Play so many sequences; gives how many requests were sent."""
    clients: dict[str, Client] = {viewer: Client(site, viewer, None) for viewer in WRITERS}  # type: ignore[arg-type]
    sent = [0]

    @settings(max_examples=examples, deadline=None, database=None, derandomize=derandomize,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(SEQUENCES)
    def each(asked: list[Any]) -> None:
        game = asyncio.run(play(site, clients, asked))
        sent[0] += len(game.sent)

    each()
    return sent[0]


def test_sequences_end_where_the_model_ends(site: Site) -> None:
    """Versions, what stands, sums and history; sending every key again changes nothing."""
    sent = play_all(site, EXAMPLES, derandomize=True)

    assert sent > EXAMPLES
    assert faults(site) == []
