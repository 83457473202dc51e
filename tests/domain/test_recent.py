"""Recent: bounded, the least recently used falls out."""

from threading import Thread

import pytest

from domain.recent import Recent


def test_least_recently_used_falls_out() -> None:
    """Being asked for counts as use."""
    kept: Recent[str, int] = Recent(2)
    kept.keep("a", 1)
    kept.keep("b", 2)
    kept.get("a")
    kept.keep("c", 3)

    assert dict(kept.items()) == {"a": 1, "c": 3}
    assert kept.get("b") is None


def test_kept_anew_counts_as_used() -> None:
    """Whatever is kept again is new, and its old value is gone."""
    kept: Recent[str, int] = Recent(2)
    kept.keep("a", 1)
    kept.keep("b", 2)
    kept.keep("a", 3)
    kept.keep("c", 4)

    assert list(kept.items()) == [("a", 3), ("c", 4)]


def test_oldest_is_given_when_dropped() -> None:
    """For whoever has to put it away elsewhere too."""
    kept: Recent[str, int] = Recent(2)
    kept.keep("a", 1)
    kept.keep("b", 2)

    assert kept.drop_oldest() == 1
    assert "a" not in kept
    assert len(kept) == 1


def test_bound_holds_among_threads() -> None:
    """Ten threads keep a thousand keys each: never more than the bound, and all of it whole."""
    kept: Recent[int, int] = Recent(50)

    def fill(start: int) -> None:
        for key in range(start, start + 1_000):
            kept.keep(key, -key)
            kept.get(key - 1)

    threads = [Thread(target=fill, args=(start,)) for start in range(0, 10_000, 1_000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(kept) == 50
    assert all(value == -key for key, value in kept.items())


def test_a_cache_that_keeps_nothing_is_refused() -> None:
    """It would be a mistake in a setting."""
    with pytest.raises(ValueError, match="at least one"):
        Recent(0)
