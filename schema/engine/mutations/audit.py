"""The audit of changes: one entry, `subject:object:action`, in the transaction of the change."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from auth.viewer import LiveAssignment
from domain.records import AuditEntry
from schema.engine.context import Context


class AuditAction(StrEnum):
    """What can be changed of a noun, as the audit calls it: `subject:object:action`. Each noun lists its own."""


async def record(
    context: Context, action: AuditAction, acting: LiveAssignment, identifier: UUID | None, detail: dict[str, Any]
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
