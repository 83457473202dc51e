"""Who gives which role, with which reach, who opens cases and who confirms: every combination, of those who may."""

import pytest

from auth.granting import GRANTING
from domain.roles import ReachKind, Role
from tests.access.cases import SINGLE, Cases
from tests.access.door import Door
from tests.access.giving import (
    CONFIRMS,
    GIVERS,
    HELD_AT,
    LINES,
    cases_opened,
    codes,
    confirmations,
    differences,
    given_at,
    grants,
    places_of,
)
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
        *grants(world, by, EVERY_WAY),
        *cases_opened(world, place, Role),
        *confirmations(world, cases.of(SINGLE[by]), EVERY_WAY),
    ]

    assert await differences(door, cases.of(SINGLE[by]).account, by, questions) == []
    assert len(questions) > len(EVERY_WAY)


@pytest.mark.parametrize("place", ["A", "town"])
async def test_role_is_given_only_at_a_place_of_its_kind(place: str, door: Door, cases: Cases, world: World) -> None:
    """The region gives a municipality's roles to no school, and is told at which kinds of places they are held."""
    by, at = Role.REGIONAL_COORDINATOR, world.schools[place]
    lines = [one for one in LINES if by in one.given_by]
    found = await codes(door, cases.of(SINGLE[by]).account, [given_at(at, one.way) for one in lines])
    wanted = ["NOT_FOUND" if at.kind in one.at else "PLACE_UNFIT" for one in lines]

    assert found == {given_at(at, one.way).name: code for one, code in zip(lines, wanted, strict=True)}
    assert ("PLACE_UNFIT" in wanted) == (place == "A")


def test_table_of_the_server_speaks_of_what_the_document_speaks_of() -> None:
    """The same roles with the same reaches, each held at the same kinds of places, and each line says why."""
    assert sorted(one.way for one in LINES) == sorted((role, way.reach) for role in GRANTING for way in GRANTING[role])
    assert {way: places_of(way) for way in HELD_AT} == HELD_AT
    assert all(len(one.because) > 15 for one in LINES)


def test_world_has_something_to_confirm_of_every_kind(world: World, cases: Cases) -> None:
    """No way to confirm a role goes untried because nobody in the world holds it."""
    for by, ways in CONFIRMS.items():
        assert len(confirmations(world, cases.of(SINGLE[by]), ways)) == len(ways)
