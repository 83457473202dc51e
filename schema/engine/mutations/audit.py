"""The audit of changes: one entry, `subject:object:action`, in the transaction of the change."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from auth.viewer import LiveAssignment
from domain.records import AuditEntry
from schema.engine.context import Context


class Action(StrEnum):
    """The grammar of the audit: everything that can be changed."""

    ASSIGNMENT_GRANT = "person:assignment:grant"
    CASE_OPEN = "person:case:open"
    ASSIGNMENT_CONFIRM = "person:assignment:confirm"
    ASSIGNMENT_END = "person:assignment:end"
    ENROLMENT_BEGIN = "student:enrolment:begin"
    ENROLMENT_TRANSFER = "student:enrolment:transfer"
    ENROLMENT_END = "student:enrolment:end"
    SNILS_LOOK_UP = "person:snils:look_up"
    GUARDIANSHIP_PROPOSE = "student:guardianship:propose"
    GUARDIANSHIP_CONFIRM = "student:guardianship:confirm"
    GUARDIANSHIP_DECLINE = "student:guardianship:decline"
    GUARDIANSHIP_END = "student:guardianship:end"
    IDENTITY_MATCH = "person:identity:match"  # written by the database, at a first sign-in
    IDENTITY_LINK = "person:identity:link"
    IDENTITY_UNLINK = "person:identity:unlink"
    OBSERVATIONS_RECORD = "organisation:observations:record"
    OBSERVATIONS_COMPUTE = "organisation:observations:compute"
    OBSERVATIONS_APPROVE = "organisation:observations:approve"
    OBSERVATIONS_UNLOCK = "organisation:observations:unlock"
    RATING_COMPUTE = "region:rating:compute"
    SUMMARY_MARK_CONFIRM = "student:summary_mark:confirm"
    PAGE_WRITE = "journal:page:write"
    PAGE_REOPEN = "journal:page:reopen"
    REOPENING_END = "journal:reopening:end"
    MARK_WRITE = "journal:mark:write"
    MARK_WITHDRAW = "journal:mark:withdraw"
    PROPOSALS_KEEP = "journal:proposals:keep"
    PROPOSAL_SETTLE = "journal:proposal:settle"
    ATTENDANCE_RECORD = "journal:attendance:record"
    ATTENDANCE_CLEAR = "journal:attendance:clear"
    ATTENDANCE_EXCUSE = "journal:attendance:excuse"
    LESSON_UPDATE = "journal:lesson:update"
    SLOT_ADD = "journal:slot:add"
    SLOT_UPDATE = "journal:slot:update"
    PERIOD_CLOSE = "organisation:period:close"
    POLICY_UPDATE = "organisation:policy:update"
    CONSENT_GIVE = "person:consent:give"
    CONSENT_REVOKE = "person:consent:revoke"
    EMPLOYMENT_RECORD = "staff:employment:record"
    ACHIEVEMENT_RECORD = "student:achievement:record"
    REHABILITATION_PLAN = "student:rehabilitation_measure:plan"
    REHABILITATION_REPORT = "student:rehabilitation_measure:report"
    SCREENING_RECORD = "student:screening:record"
    IMPORT_START = "organisation:import:start"
    IMPORT_CANCEL = "organisation:import:cancel"
    IMPORT_CARRY_OUT = "organisation:import:carry_out"


async def record(
    context: Context, action: Action, acting: LiveAssignment, identifier: UUID | None, detail: dict[str, Any]
) -> None:
    """Add an entry: who, under which assignment, what, when."""
    entry = (
        insert(AuditEntry)
        .inline()
        .values(
            happened_at=context.clock(),
            request_id=context.request_id,
            actor_id=context.viewer.person_id,
            assignment_id=acting.id,
            client_id=context.viewer.caller.client_id if context.viewer.caller else None,
            organisation_id=acting.organisation_id,
            action=action.value,
            object_id=identifier,
            detail=detail,
        )
    )
    await context.statements.write(entry)
