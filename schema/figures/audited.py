"""What the audit calls changes of this noun, and the codes by which they are refused."""

from schema.engine.mutations.audit import AuditAction


class Audited(AuditAction):
    """`subject:object:action`."""

    OBSERVATIONS_RECORD = "organisation:observations:record"
    OBSERVATIONS_COMPUTE = "organisation:observations:compute"
    OBSERVATIONS_APPROVE = "organisation:observations:approve"
    OBSERVATIONS_UNLOCK = "organisation:observations:unlock"
    RATING_COMPUTE = "region:rating:compute"
    RATING_PUBLISH = "region:rating:publish"
    RATING_WITHDRAW = "region:rating:withdraw"


CODES = {
    "figures and ratings": (
        "INDICATOR_UNKNOWN",
        "ORGANISATION_NOT_YOURS",
        "PERIOD_UNREADABLE",
        "VALUE_NEEDED",
        "VALUE_OUT_OF_RANGE",
        "DENOMINATOR_ZERO",
        "NOT_COMPUTABLE",
        "NOT_RATEABLE",
        "NOTHING_TO_UNLOCK",
        "AS_KNOWN_AT",
        "RATING_STATE",
    ),
}
"""Codes of InvalidInput, by what they are about."""
