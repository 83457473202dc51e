"""Generated documents: both executors answer alike, refuse alike and record alike, for everybody."""

import pytest
from graphql import GraphQLObjectType

from schema.engine.compiled.reasons import Reason
from tests.compiled.generator import coordinates, is_left_to_python
from tests.compiled.rounds import Rounds

pytestmark = pytest.mark.anyio

LEFT_TO_PYTHON = {
    "IdentityMismatch.facts",
    "ImportRow.issues", "ImportRow.raw", "ImportRun.columns", "ImportRun.failure", "ImportRun.issues",
    "ImportSourceRow.cells",
    "Journal.keptMarks", "JournalLine.summaryMark", "Organisation.liveIndicator",
    "Query.access", "Query.accessMatrix", "Query.changes", "Query.indicator", "Query.rateLimit",
    "Query.robustness", "Query.roles", "Query.whatIf", "RatingEntry.explanation", "RatingEntry.robustness",
    "RecordOpening.fields", "RecordOpening.roles", "Student.reportCard",
}  # fmt: skip
"""Fields on whose account the reference executor answers. Whoever adds one says so here, and why.

Raw rows, issues and cells are JSON as it came, whose members SQL does not type; lists of words have no text form yet.
Report cards follow the school's rules over all lines of a student; what changed since a moment is put together from
several statements. What-if, robustness, explanations and live figures are computed. What is told of access itself comes
from the tables that the server runs, not from the database.
"""
SELDOM_REACHED = {
    "Organisation.ratingEntries(before:)", "Organisation.ratingEntries(after:)", "Query.methodologies(after:)",
    "Query.methodologies(before:)", "Query.ratings(methodology:)", "Query.ratings(after:)", "Query.ratings(before:)",
    "Query.workTypes(organisation:)", "Rating.entries(after:)", "Rating.entries(before:)",
    "Lesson.marks", "Mark.history", "Assignment.grantedBy",
}  # fmt: skip
"""Not demanded of an ordinary run: the world holds no stored rating to page through, and the last three are refused
only to the few who see such a row without it."""
NEVER = {Reason.DEFECT, Reason.DATABASE, Reason.FIELD_IN_PYTHON, Reason.UNKNOWN_KIND, Reason.OTHER_ARGUMENTS}
"""Reasons to pass that no document of this schema may give."""


async def test_generated_documents_are_answered_alike(rounds: Rounds) -> None:
    """Every field, argument and refusal: no difference; chance keeps at most one in fifty unanswered."""
    survey = await rounds.run(None, seed=6, fields=14)
    schema = rounds.door.services.contract.graphql
    fields = [".".join(one) for one in coordinates(schema)]
    print("\n".join(survey.lines()))  # noqa: T201 - what was covered is part of the result

    assert [(who, both.request) for who, both in survey.differences] == []
    assert {reason: where for reason, where in survey.passed.items() if reason in NEVER} == {}
    refused = [name for name in rounds.refused() if name not in LEFT_TO_PYTHON]
    demanded = {*fields, *rounds.arguments(), *refused} - SELDOM_REACHED
    missing = demanded & set(survey.missing(fields, rounds.arguments(), refused))
    assert len(missing) <= len(demanded) // 50, sorted(missing)
    assert survey.with_data > survey.answers / 2


async def test_generated_documents_are_answered_alike_past_the_wall(unwalled: Rounds) -> None:
    """A wall too narrow would take the same rows from both, and hide a difference."""
    survey = await unwalled.run(25, seed=7, fields=14)

    assert [(who, both.request) for who, both in survey.differences] == []
    assert survey.answers > 12


async def test_fields_that_only_the_reference_executor_knows(rounds: Rounds) -> None:
    """They are known by name: a field that leaves the compiled path does not do so unseen."""
    schema = rounds.door.services.contract.graphql
    kinds = [schema.type_map[name] for name in sorted({kind for kind, _ in coordinates(schema)})]
    left = {
        f"{kind.name}.{name}"
        for kind in kinds
        if isinstance(kind, GraphQLObjectType)
        for name in kind.fields
        if is_left_to_python(kind, name)
    }

    assert left == LEFT_TO_PYTHON
