"""What the audit calls changes of this noun, and the codes by which they are refused."""

from schema.engine.mutations.audit import AuditAction


class Audited(AuditAction):
    """`subject:object:action`."""

    IMPORT_START = "organisation:import:start"
    IMPORT_CANCEL = "organisation:import:cancel"
    IMPORT_CARRY_OUT = "organisation:import:carry_out"


CODES = {
    "imports": ("IMPORT_ENDED",),
}
"""Codes of InvalidInput, by what they are about."""
