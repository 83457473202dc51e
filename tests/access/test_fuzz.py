"""Generated documents under one role, one more, and all: rights only add; and what the comparison notices."""

import random
from typing import Any

import pytest

from tests.access.containment import Containment
from tests.access.door import Door
from tests.access.fuzz import Fuzz
from tests.access.newcomers import Newcomers
from tests.access.world import World

pytestmark = pytest.mark.anyio

ROW = {"__typename": "Mark", "id": "Mark:1", "value": 5}
MASKED = {"__typename": "MaskedString", "masked": True, "display": "***-***-001 00"}
PLAIN = {"__typename": "MaskedString", "masked": False, "display": "123-456-001 00"}


async def test_more_roles_show_no_less_of_generated_documents(
    open_world: Door, changing: World, newcomers: Newcomers
) -> None:
    """A few, for people of different reach: what one role shows, it shows with every other, and what lacks is named."""
    fuzz = Fuzz(open_world, changing, newcomers, random.Random(5))
    await fuzz.run(20, ("teacher", "parent", "kept apart"))

    assert fuzz.problems == []
    assert fuzz.answers > 40
    assert fuzz.counts["cells"] > 400


def found(mine: Any, fuller: Any, *, denied: str = "", seen: str = "") -> list[str]:
    """Differences of two answers about the mark."""
    judge = Containment({}, frozenset({denied}), frozenset({seen}), frozenset({"Mark:1"}), 100)
    return list(judge.differences({"__typename": "Query", "marks": mine}, {"__typename": "Query", "marks": fuller}))


@pytest.mark.parametrize(
    ("mine", "fuller"),
    [
        ([ROW], []),
        ([ROW | {"value": 4}], [ROW]),
        ([ROW], [ROW | {"value": None}]),
        ([ROW | {"value": None}], [ROW]),
        (ROW, None),
        (ROW | {"id": "Mark:2"}, ROW),
        ([], [ROW | {"id": "Mark:3"}]),
        (PLAIN, MASKED),
        (MASKED | {"display": "***-***-002 00"}, PLAIN),
        ({"__typename": "MarkConnection", "totalCount": 2}, {"__typename": "MarkConnection", "totalCount": 1}),
    ],
    ids=[
        "a row that others lack", "another value", "a cell that others lack", "a cell kept back in silence",
        "an object that others lack", "another object", "a row out of nowhere", "a mask put on", "another mask",
        "a smaller count",
    ],
)  # fmt: skip
def test_an_answer_that_is_not_contained(mine: Any, fuller: Any) -> None:
    """Each is a difference."""
    assert found(mine, fuller)


def test_a_row_that_is_kept_back_and_yet_to_be_seen() -> None:
    """It is a difference only for whoever sees it by its id."""
    assert found([], [ROW], seen="Mark:1")
    assert found(None, ROW, seen="Mark:1")
    assert found([], [ROW]) == found(None, ROW) == []


def test_what_is_lacking_for_a_reason() -> None:
    """A refusal by name, a mask, rows in another order, and a larger count are no difference."""
    other = ROW | {"id": "Mark:2"}

    assert found([ROW | {"value": None}], [ROW], denied="Mark.value") == []
    assert found(MASKED, PLAIN) == []
    assert found([ROW, other], [other, ROW]) == []
    assert found({"__typename": "Page", "totalCount": 1}, {"__typename": "Page", "totalCount": 2}) == []
