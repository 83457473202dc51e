"""Do the tests notice a changed rule? A sample, some of each kind; all: python -m tests.access.flip."""

from collections.abc import AsyncIterator
from contextlib import nullcontext
from typing import Any

import pytest

from tests.access.flips import Flip, all_flips
from tests.access.trial import Trial, open_trial

pytestmark = pytest.mark.anyio

SAMPLE = [
    "TEACHER gets contacts:read",
    "HOMEROOM_TEACHER loses attendance.note:read",
    "DEPUTY_HEAD gets documents:read",
    "STUDENT loses homework:read",
    "LEGAL_REPRESENTATIVE loses student:see",
    "MUNICIPAL_COORDINATOR gets staff:see",
    "ORG_ADMIN gets student:see",
    "GUEST gets mark:see",
    "SIGNED_IN gets student:see",
    "mark:see needs no scope",
    "education:special without attendance.note:read",
    "OWN_ROLES with DEPUTY_HEAD",
    "UNASSURED_ROLES with TEACHER",
    "AttendanceRecord.note opened",
    "Student.snils masks nothing",
    "Mark is public",
    "filter: Mark is not tied by class_group_id",
    "links hold for ever",
    "restrictions do not count on paths",
    "cells open by roles crossed with reaches",
    "TEACHER gets journal:reopen",
    "HOMEROOM_TEACHER loses attendance:write",
    "ORG_ADMIN gets mark:write",
    "STUDENT gets summary_mark:write",
    "education:write without policy:write",
    "lesson:write needs no scope",
    "pen: MarkVersion asks for lesson:write",
    "pen: authors are not asked",
    "pen: management writes after its days",
    "wall: no guard for Lesson",
    "wall: no guard for KeptMark",
    "wall: restrictions do not count",
    "GENERAL_EDUCATION_SPECIALIST with a case loses mark:see",
    "PRINCIPAL with a case gets student.card:read",
    "AUDITOR ORGANISATION is confirmed by PRINCIPAL",
    "ENDED_INSIDE without ORG_ADMIN ORGANISATION",
    "TALENT_OPERATOR ORGANISATION_TREE is held at SCHOOL",
    "pen: Consent asks for achievement:write",
]


SEVERAL = ("teacher", "parent")


@pytest.fixture(scope="module")
async def trial(database_server: Any, database_template: str) -> AsyncIterator[Trial]:
    """The application, the world, and all that is asked."""
    with database_server.clone(database_template) as url:
        async with open_trial(url) as opened:
            yield opened


@pytest.fixture(scope="module")
def flips(trial: Trial) -> dict[str, Flip]:
    """All flips by name."""
    return {one.name: one for one in all_flips(trial.doors["bare"].services.contract.types, trial.roots())}


@pytest.mark.parametrize("name", SAMPLE)
async def test_flipped_rule_is_noticed(name: str, trial: Trial, flips: dict[str, Flip]) -> None:
    """Some answer, some table of the wall, or the access journal is no longer as expected."""
    assert await trial.notices(flips[name]) != ""


async def test_rules_as_they_are_differ_in_nothing(trial: Trial) -> None:
    """What the flips are compared with is green: a survivor cannot hide behind a failure that was there before."""
    assert await trial.notices(Flip("nothing", nullcontext, SEVERAL, alone=True)) == ""


async def test_every_flip_left_out_says_why(flips: dict[str, Flip]) -> None:
    """Left out are flips that no answer can show, each with its reason, and they are the smaller part."""
    excused = [one for one in flips.values() if one.excused]

    assert all(len(one.excused) > 20 for one in excused)
    assert len(excused) < len(flips) / 3
