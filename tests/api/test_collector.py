"""The search for dead circles is not done again and again among what lives long; what was left out is not lost."""

import gc
from collections.abc import Iterator

import pytest

from api import collector
from api.collector import Collector


@pytest.fixture
def settled() -> Iterator[None]:
    """A collector that is set for this test alone."""
    before = gc.get_threshold()
    Collector().settle()
    yield
    gc.callbacks.pop()
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.usefixtures("settled")
def test_whatever_made_a_full_search_long_is_left_out_of_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short one leaves everything as it is."""
    lasting: list[list[int]] = [[] for _ in range(1_000)]
    gc.collect()
    short = gc.get_freeze_count()
    monkeypatch.setattr(collector, "LONG_SECONDS", 0.0)
    gc.collect()

    assert gc.get_freeze_count() > short + len(lasting)


@pytest.mark.usefixtures("settled")
def test_what_was_left_out_is_searched_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """A circle that died among it goes then."""

    class Circle:
        def __init__(self) -> None:
            self.itself = self

    Circle()
    gc.freeze()
    found = [sum(isinstance(one, Circle) for one in gc.get_objects()), gc.collect()]
    monkeypatch.setattr(collector, "THAW_SECONDS", -1.0)

    assert found[0] == 0
    assert gc.collect() >= 1
