"""Who gives which role, with which reach, who opens cases and who confirms: every combination, of those who may."""

import pytest

from domain.roles import ReachKind, Role
from tests.access.cases import SINGLE, Cases
from tests.access.door import Door
from tests.access.giving import CONFIRMS, GIVERS, cases_opened, confirmations, differences, grants
from tests.access.world import World

pytestmark = pytest.mark.anyio

EVERY_WAY = [(role, reach) for role in Role for reach in ReachKind]


@pytest.mark.parametrize("by", GIVERS)
async def test_giver_gives_and_confirms_exactly_what_the_domain_lets_them(
    by: Role, door: Door, cases: Cases, world: World
) -> None:
    """Each role with each reach is tried: what is let through is what was written down by hand, and nothing else."""
    place = world.schools["A"]
    questions = [
        *grants(place, EVERY_WAY),
        *cases_opened(world, place, Role),
        *confirmations(world, cases.of(SINGLE[by]), EVERY_WAY),
    ]

    assert await differences(door, cases.of(SINGLE[by]).account, by, questions) == []
    assert len(questions) > len(EVERY_WAY)


def test_world_has_something_to_confirm_of_every_kind(world: World, cases: Cases) -> None:
    """No way to confirm a role goes untried because nobody in the world holds it."""
    for by, ways in CONFIRMS.items():
        assert len(confirmations(world, cases.of(SINGLE[by]), ways)) == len(ways)
