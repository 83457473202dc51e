"""What the audit calls changes of this noun, and the codes by which they are refused."""

from schema.engine.mutations.audit import AuditAction


class Audited(AuditAction):
    """`subject:object:action`."""

    ENROLMENT_BEGIN = "student:enrolment:begin"
    ENROLMENT_TRANSFER = "student:enrolment:transfer"
    ENROLMENT_END = "student:enrolment:end"
    SNILS_LOOK_UP = "person:snils:look_up"


CODES = {
    "enrolments": (
        "SNILS_INVALID",
        "SNILS_KNOWN",
        "SNILS_OF_NEWCOMER",
        "NAME_CHARACTER",
        "NAME_UNREADABLE",
        "BIRTH_DATE_IN_FUTURE",
        "BIRTH_DATE_TOO_EARLY",
        "STUDENT_KNOWN",
        "ALREADY_ENROLLED",
        "ENROLLED_ELSEWHERE",
        "NOT_IN_SCHOOL_YEAR",
        "SAME_CLASS",
        "OWN_ENROLMENT",
    ),
    "a SNILS": (
        "SNILS_INVALID",
        "SNILS_SHARED",
    ),
}
"""Codes of InvalidInput, by what they are about."""
