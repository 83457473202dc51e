"""A few rounds of random writes; `python -m tests.doors --writes 5000` is the long run."""

import pytest

from tests.doors.ground import Sides
from tests.doors.rounds import run

pytestmark = pytest.mark.anyio


async def test_the_same_writes_come_to_the_same_through_both_doors(sides: Sides) -> None:
    """The same codes for every row, the same rows afterwards; both kinds, and something of it taken."""
    survey = await run(sides, 60, seed=7)

    assert survey.differences == []
    assert survey.writes == 60
    assert 5 < survey.accepted < 55
    assert len(survey.said) >= 3
