"""What the audit calls changes of this noun, and the codes by which they are refused."""

from schema.engine.mutations.audit import AuditAction


class Audited(AuditAction):
    """`subject:object:action`."""

    ASSIGNMENT_GRANT = "person:assignment:grant"
    CASE_OPEN = "person:case:open"
    ASSIGNMENT_CONFIRM = "person:assignment:confirm"
    ASSIGNMENT_END = "person:assignment:end"
    GUARDIANSHIP_PROPOSE = "student:guardianship:propose"
    GUARDIANSHIP_CONFIRM = "student:guardianship:confirm"
    GUARDIANSHIP_DECLINE = "student:guardianship:decline"
    GUARDIANSHIP_END = "student:guardianship:end"
    IDENTITY_MATCH = "person:identity:match"  # written by the database, at a first sign-in
    IDENTITY_LINK = "person:identity:link"
    IDENTITY_UNLINK = "person:identity:unlink"
    CONSENT_GIVE = "person:consent:give"
    CONSENT_REVOKE = "person:consent:revoke"


CODES = {
    "roles": (
        "ROLE_NOT_GRANTABLE",
        "OWN_ASSIGNMENT",
        "DATES",
        "TARGET_MISSING",
        "TARGET_ELSEWHERE",
        "SECOND_PERSON",
        "REACH_NOT_HELD",
        "PLACE_UNFIT",
    ),
    "consents": (
        "DECIDED_BY_STUDENT",
        "DECIDED_BY_GUARDIAN",
        "CLIENT_CLOSED",
    ),
    "guardianships": (
        "OWN_GUARDIANSHIP",
        "GUARDIANSHIP_BARRED",
        "STUDENT_ADULT",
        "ALREADY_REPRESENTED",
        "ALREADY_PROPOSED",
    ),
    "accounts": (
        "OWN_ACCOUNT",
        "NOT_LINKABLE",
        "ALREADY_LINKED",
        "NOT_LINKED",
    ),
}
"""Codes of InvalidInput, by what they are about."""
