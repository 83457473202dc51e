"""Who sees what: every field of the built schema, of every row, as every role, pair of roles, and trap."""

import pytest

from tests.access.cases import OTHERS, PAIRS, SINGLE, Cases
from tests.access.door import Door
from tests.access.examination import examine

pytestmark = pytest.mark.anyio

NAMES = [*SINGLE.values(), *PAIRS, "everything", *OTHERS]


@pytest.mark.parametrize("name", NAMES)
async def test_every_cell_is_as_expected(name: str, door: Door, cases: Cases) -> None:
    """Allowed cells equal their canary, denied ones appear nowhere and are counted, other rows do not exist."""
    assert await examine(door, cases.of(name), cases.items()) == []
