"""Writing versions of summary marks: one statement for all of them."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, insert
from sqlmodel import col

from auth.viewer import LiveAssignment
from domain.records import SummaryMarkVersion
from domain.records.facts import Origin
from schema.scales import MarkScale
from schema.summaries.judgement import Entry
from schema.summaries.places import Column

if TYPE_CHECKING:
    from schema.engine.context import Context


async def write_versions(
    context: "Context", column: Column, acting: LiveAssignment, policy_version: int, entries: list[Entry]
) -> dict[UUID, UUID]:
    """Add a version for every mark that changes. Gives the ids of the marks by student, unchanged ones included."""
    marks = {entry.seat.student_id: entry.stands.mark_id for entry in entries if entry.seat and entry.stands}
    changed = [entry for entry in entries if not entry.is_unchanged]
    if not changed:
        return marks
    common = {
        "school_year": column.school_year,
        "subject_id": column.subject_id,
        "kind": column.kind,
        "grading_period_id": column.grading_period_id,
        "recorded_by_id": context.viewer.person_id,
        "assignment_id": acting.id,
        "role": acting.role,
        "recorded_at": context.clock(),
        "origin": Origin.ENTERED,
        "policy_version": policy_version,
    }
    version = SummaryMarkVersion
    statement = insert(version).values([common | _own(entry) for entry in changed])
    found = await context.statements.write(statement.returning(col(version.student_id), col(version.mark_id)))
    return marks | {row.student_id: row.mark_id for row in found}


def _own(entry: Entry) -> dict[str, Any]:
    """What is this mark's own: its anchors from the line, its content, and the proposal as it was."""
    assert entry.seat is not None
    line, proposal, stands, taken_back = entry.seat.line, entry.seat.proposal, entry.stands, entry.asked.withdraw
    return {
        "student_id": line.student_id,
        "organisation_id": line.organisation_id,
        "class_group_id": line.class_group_id,
        "subject_group_id": line.subject_group_id,
        "mark_id": func.uuidv7() if stands is None else stands.mark_id,
        "version": 1 if stands is None else stands.version + 1,
        "withdrawn": taken_back,
        "scale": MarkScale.NOT_ASSESSED if taken_back else entry.asked.scale,
        "value": None if taken_back else entry.asked.value,
        "reason": entry.reason,
        "proposed": proposal.value,
        "basis_sum": proposal.basis.total if proposal.basis.count else None,
        "basis_weight": proposal.basis.weight if proposal.basis.count else None,
        "basis_count": proposal.basis.count,
    }
