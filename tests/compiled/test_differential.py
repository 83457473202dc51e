"""Generated documents: both executors answer alike, refuse alike and record alike, for everybody."""

import pytest

from schema.compiled.reasons import Reason
from tests.compiled.generator import coordinates
from tests.compiled.rounds import Rounds

pytestmark = pytest.mark.anyio

NEVER = {Reason.DEFECT, Reason.DATABASE, Reason.FIELD_IN_PYTHON, Reason.UNKNOWN_KIND, Reason.OTHER_ARGUMENTS}
"""Reasons to pass that no document of this schema may give."""


async def test_generated_documents_are_answered_alike(rounds: Rounds) -> None:
    """Every field and argument, and every refusal, for every role and pair: no difference, and none left out."""
    survey = await rounds.run(None, seed=6, fields=9)
    schema = rounds.door.services.contract.graphql
    fields = [".".join(one) for one in coordinates(schema)]
    print("\n".join(survey.lines()))  # noqa: T201 - what was covered is part of the result

    assert [(who, both.request) for who, both in survey.differences] == []
    assert NEVER.isdisjoint(survey.passed)
    assert survey.missing(fields, rounds.arguments(), rounds.refused()) == []
    assert survey.with_data > survey.answers / 2


async def test_generated_documents_are_answered_alike_past_the_wall(unwalled: Rounds) -> None:
    """A wall too narrow would take the same rows from both, and hide a difference."""
    survey = await unwalled.run(40, seed=7, fields=14)

    assert [(who, both.request) for who, both in survey.differences] == []
    assert survey.answers > 20
