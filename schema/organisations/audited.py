"""What the audit calls changes of this noun, and the codes by which they are refused."""

from schema.engine.mutations.audit import AuditAction


class Audited(AuditAction):
    """`subject:object:action`."""

    POLICY_UPDATE = "organisation:policy:update"


CODES = {
    "settings": (
        "OUT_OF_RANGE",
        "CUT_OFFS",
    ),
}
"""Codes of InvalidInput, by what they are about."""
