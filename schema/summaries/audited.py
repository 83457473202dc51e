"""What the audit calls changes of this noun, and the codes by which they are refused."""

from schema.engine.mutations.audit import AuditAction


class Audited(AuditAction):
    """`subject:object:action`."""

    SUMMARY_MARK_CONFIRM = "student:summary_mark:confirm"


CODES = {
    "summary marks": (
        "DEVIATION_NEEDS_REASON",
        "MARK_VALUE",
        "DUPLICATE_PLACE",
        "NOTHING_TO_WITHDRAW",
        "KIND",
    ),
}
"""Codes of InvalidInput, by what they are about."""
