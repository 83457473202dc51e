"""What the audit calls changes of this noun, and the codes by which they are refused."""

from schema.engine.mutations.audit import AuditAction


class Audited(AuditAction):
    """`subject:object:action`."""

    EMPLOYMENT_RECORD = "staff:employment:record"
    ACHIEVEMENT_RECORD = "student:achievement:record"
    REHABILITATION_PLAN = "student:rehabilitation_measure:plan"
    REHABILITATION_REPORT = "student:rehabilitation_measure:report"
    SCREENING_RECORD = "student:screening:record"


CODES = {
    "registers": (
        "NOT_ENROLLED",
        "TOO_YOUNG",
        "CONSENT_NEEDED",
    ),
}
"""Codes of InvalidInput, by what they are about."""
