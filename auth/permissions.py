"""Who may do what: permissions, and the one table of roles. Who may give which role stands in auth/granting.py.

A role never reaches further than its assignments; this table only says what it may do where it reaches. P3
permissions must be written out in a role's own line: there is no inheritance and no wildcard.
"""

from enum import StrEnum

from domain.roles import ReachKind, Role
from domain.sensitivity import Sensitivity


class Permission(StrEnum):
    """`subject:action`. `:see` decides whether a row exists for a viewer, the others open cells and writes."""

    ORGANISATION_SEE = "organisation:see"
    ORGANISATION_ROLES_READ = "organisation.assignments:read"
    REGISTRY_ISSUES_READ = "organisation.registry_issues:read"
    CALENDAR_SEE = "calendar:see"
    SUBJECT_SEE = "subject:see"
    ACCOUNT_SEE = "account:see"
    ASSIGNMENT_SEE = "assignment:see"
    ASSIGNMENT_REASON_READ = "assignment.reason:read"
    ASSIGNMENT_GRANT = "assignment:grant"
    ASSIGNMENT_CONFIRM = "assignment:confirm"
    ASSIGNMENT_END = "assignment:end"
    CASE_OPEN = "case:open"
    STAFF_SEE = "staff:see"
    CLASS_GROUP_SEE = "class_group:see"
    SUBJECT_GROUP_SEE = "subject_group:see"
    STUDENT_SEE = "student:see"
    STUDENT_CARD_READ = "student.card:read"
    ENROLMENT_WRITE = "enrolment:write"
    SNILS_LOOKUP = "snils:lookup"
    CONTACTS_READ = "contacts:read"
    DOCUMENTS_READ = "documents:read"
    DOCUMENTS_MASKED = "documents:masked"
    GUARDIANSHIP_SEE = "guardianship:see"
    GUARDIANSHIP_PROPOSAL_SEE = "guardianship_proposal:see"
    GUARDIANSHIP_PROPOSE = "guardianship:propose"
    GUARDIANSHIP_CONFIRM = "guardianship:confirm"
    IDENTITY_READ = "identity:read"
    IDENTITY_LINK = "identity:link"
    JOURNAL_SEE = "journal:see"
    LESSON_SEE = "lesson:see"
    HOMEWORK_READ = "homework:read"
    JOURNAL_LINE_SEE = "journal_line:see"
    MARK_SEE = "mark:see"
    ATTENDANCE_SEE = "attendance:see"
    ATTENDANCE_NOTE_READ = "attendance.note:read"
    SUMMARY_MARK_SEE = "summary_mark:see"
    MARK_PROPOSAL_SEE = "mark_proposal:see"
    REOPENING_SEE = "reopening:see"
    MARK_WRITE = "mark:write"
    ATTENDANCE_WRITE = "attendance:write"
    ATTENDANCE_EXCUSE = "attendance:excuse"
    LESSON_WRITE = "lesson:write"
    SUMMARY_MARK_WRITE = "summary_mark:write"
    JOURNAL_REOPEN = "journal:reopen"
    PERIOD_CLOSE = "period:close"
    POLICY_WRITE = "policy:write"
    IMPORT_SEE = "import:see"
    IMPORT_PEOPLE_READ = "import.people:read"
    JOURNALS_IMPORT = "journals:import"
    PEOPLE_IMPORT = "people:import"
    ORGANISATIONS_IMPORT = "organisations:import"
    INDICATOR_SEE = "indicator:see"
    RATING_SEE = "rating:see"
    RATING_SUPPOSE = "rating:suppose"
    RATING_DRAFT_SEE = "rating.draft:see"
    RATING_COMPUTE = "rating:compute"
    RATING_PUBLISH = "rating:publish"
    OBSERVATION_SEE = "observation:see"
    OBSERVATION_WRITE = "observation:write"
    OBSERVATION_APPROVE = "observation:approve"
    OBSERVATIONS_IMPORT = "observations:import"
    DIARY_SEE = "diary:see"
    SERVICE_CLIENT_SEE = "service_client:see"
    CONSENT_SEE = "consent:see"
    CONSENT_GIVE = "consent:give"
    AUDIT_READ = "audit:read"
    ACCESS_JOURNAL_READ = "access_journal:read"
    ACCESS_JOURNAL_ACTOR_READ = "access_journal.actor:read"
    OWN_RECORD_READ = "own_record:read"
    STAFF_FILE_LIST = "staff_file:list"
    STAFF_FILE_READ = "staff_file:read"
    STAFF_FILE_WRITE = "staff_file:write"
    ACHIEVEMENT_SEE = "achievement:see"
    ACHIEVEMENT_WRITE = "achievement:write"
    REHABILITATION_READ = "rehabilitation:read"
    REHABILITATION_WRITE = "rehabilitation:write"
    SCREENING_READ = "screening:read"
    SCREENING_CODE_READ = "screening.code:read"
    SCREENING_WRITE = "screening:write"


P = Permission

SPECIAL_PERMISSIONS = frozenset({
    P.ATTENDANCE_NOTE_READ, P.REHABILITATION_READ, P.SCREENING_READ, P.SCREENING_CODE_READ,
})  # fmt: skip
"""What opens P3 values: client scope `education:special`, audited before the answer."""

WRITE_PERMISSIONS = frozenset({
    P.ASSIGNMENT_GRANT, P.ASSIGNMENT_CONFIRM, P.ASSIGNMENT_END, P.CASE_OPEN,
    P.GUARDIANSHIP_PROPOSE, P.GUARDIANSHIP_CONFIRM, P.IDENTITY_LINK, P.ENROLMENT_WRITE, P.SNILS_LOOKUP,
    P.MARK_WRITE, P.ATTENDANCE_WRITE, P.ATTENDANCE_EXCUSE, P.LESSON_WRITE, P.SUMMARY_MARK_WRITE,
    P.JOURNAL_REOPEN, P.PERIOD_CLOSE, P.POLICY_WRITE,
    P.JOURNALS_IMPORT, P.PEOPLE_IMPORT, P.ORGANISATIONS_IMPORT,
    P.RATING_COMPUTE, P.RATING_PUBLISH, P.OBSERVATION_WRITE, P.OBSERVATION_APPROVE, P.OBSERVATIONS_IMPORT,
    P.CONSENT_GIVE, P.STAFF_FILE_WRITE, P.ACHIEVEMENT_WRITE, P.REHABILITATION_WRITE, P.SCREENING_WRITE,
})  # fmt: skip
"""What changes anything: client scope `education:write`. Whoever looks a SNILS up writes an entry of the audit."""

_PUBLIC = frozenset({
    P.ORGANISATION_SEE, P.CALENDAR_SEE, P.SUBJECT_SEE, P.INDICATOR_SEE, P.RATING_SEE, P.SERVICE_CLIENT_SEE,
})  # fmt: skip
_PAGE = frozenset({
    P.STAFF_SEE, P.CLASS_GROUP_SEE, P.SUBJECT_GROUP_SEE, P.JOURNAL_SEE, P.LESSON_SEE, P.HOMEWORK_READ,
})  # fmt: skip
_RECORD = frozenset({P.STUDENT_SEE, P.JOURNAL_LINE_SEE, P.MARK_SEE, P.ATTENDANCE_SEE, P.SUMMARY_MARK_SEE})
# Those who work in a journal also see what was refused there, and which pages are open again.
_CONTROL = frozenset({P.MARK_PROPOSAL_SEE, P.REOPENING_SEE})
_CARD = frozenset({P.STUDENT_CARD_READ, P.CONTACTS_READ, P.GUARDIANSHIP_SEE})
# Families: one person proposes who represents a student, a second one confirms. Both see what waits.
_PROPOSES_FAMILY = frozenset({P.GUARDIANSHIP_PROPOSAL_SEE, P.GUARDIANSHIP_PROPOSE})
_CONFIRMS_FAMILY = frozenset({P.GUARDIANSHIP_PROPOSAL_SEE, P.GUARDIANSHIP_CONFIRM})
# What is kept of a student beside the journal, and who was told of it: for the family, all of it.
_REGISTERS = frozenset({P.ACHIEVEMENT_SEE, P.REHABILITATION_READ, P.SCREENING_READ})
_OWN = frozenset({P.OWN_RECORD_READ, P.DIARY_SEE, P.CONSENT_SEE, P.CONSENT_GIVE, P.ACCESS_JOURNAL_READ})
# Figures about places: entered, checked and approved up the tree, and what would follow from others.
_FIGURES = frozenset({
    P.OBSERVATION_SEE, P.OBSERVATION_WRITE, P.OBSERVATION_APPROVE, P.RATING_SUPPOSE,
})  # fmt: skip
# Registrars give roles to those below them, and see which roles are given there; whose they are, is not told.
_REGISTRAR = frozenset({
    P.ASSIGNMENT_SEE, P.ORGANISATION_ROLES_READ, P.ASSIGNMENT_GRANT, P.ASSIGNMENT_CONFIRM, P.ASSIGNMENT_END,
})  # fmt: skip

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.GUEST: _PUBLIC,
    Role.SIGNED_IN: frozenset({
        P.ACCOUNT_SEE, P.ASSIGNMENT_SEE, P.ASSIGNMENT_REASON_READ, P.DOCUMENTS_READ, P.CONTACTS_READ, P.STAFF_FILE_READ,
    }),
    Role.TEACHER: _PAGE
    | _RECORD
    | _CONTROL
    | {P.MARK_WRITE, P.ATTENDANCE_WRITE, P.LESSON_WRITE, P.SUMMARY_MARK_WRITE},
    # Marks in other teachers' subjects are theirs to write only where the school's policy says so.
    Role.HOMEROOM_TEACHER: _PAGE
    | _RECORD
    | _CARD
    | _CONTROL
    | _PROPOSES_FAMILY
    | {P.ATTENDANCE_NOTE_READ, P.ATTENDANCE_WRITE, P.ATTENDANCE_EXCUSE, P.MARK_WRITE, P.ACHIEVEMENT_SEE},
    # Whatever a deputy head writes in somebody else's journal carries a reason.
    Role.DEPUTY_HEAD: _PAGE
    | _RECORD
    | _CARD
    | _CONTROL
    | _CONFIRMS_FAMILY
    | {P.DOCUMENTS_MASKED, P.ORGANISATION_ROLES_READ, P.REGISTRY_ISSUES_READ}
    | {P.ASSIGNMENT_SEE, P.ASSIGNMENT_REASON_READ, P.ASSIGNMENT_CONFIRM, P.CASE_OPEN}
    | {P.MARK_WRITE, P.ATTENDANCE_WRITE, P.ATTENDANCE_EXCUSE, P.LESSON_WRITE, P.SUMMARY_MARK_WRITE}
    | {P.JOURNAL_REOPEN, P.PERIOD_CLOSE, P.IMPORT_SEE, P.IMPORT_PEOPLE_READ, P.JOURNALS_IMPORT, P.PEOPLE_IMPORT}
    | {P.OBSERVATION_SEE, P.ACHIEVEMENT_SEE},
    # Who a record is about, and who stands for them by law, may read all of it: 152-FZ, article 14.
    Role.STUDENT: _PAGE | _RECORD | _CARD | {P.DOCUMENTS_READ, P.ATTENDANCE_NOTE_READ} | _REGISTERS | _OWN,
    Role.LEGAL_REPRESENTATIVE: _PAGE
    | _RECORD
    | _CARD
    | {P.DOCUMENTS_READ, P.ATTENDANCE_NOTE_READ}
    | _REGISTERS
    | _OWN,
    # Persons are not the business of an authority: it sees places, and figures about them. It confirms cases, and so
    # reads why one was opened.
    Role.MUNICIPAL_COORDINATOR: frozenset({P.CLASS_GROUP_SEE, P.REGISTRY_ISSUES_READ, P.ASSIGNMENT_REASON_READ})
    | _REGISTRAR
    | _FIGURES,
    Role.REGIONAL_COORDINATOR: frozenset({P.REGISTRY_ISSUES_READ, P.IMPORT_SEE, P.ORGANISATIONS_IMPORT})
    | _REGISTRAR
    | _FIGURES
    | {P.RATING_DRAFT_SEE, P.RATING_COMPUTE, P.RATING_PUBLISH, P.OBSERVATIONS_IMPORT},
    # Technical power is not pedagogic power: accounts and roles, no marks.
    Role.ORG_ADMIN: frozenset({
        P.STAFF_SEE, P.CLASS_GROUP_SEE, P.SUBJECT_GROUP_SEE, P.REGISTRY_ISSUES_READ,
        P.ASSIGNMENT_SEE, P.ORGANISATION_ROLES_READ, P.ASSIGNMENT_GRANT, P.ASSIGNMENT_END, P.POLICY_WRITE,
        P.OBSERVATION_SEE, P.OBSERVATION_WRITE, P.AUDIT_READ, P.IDENTITY_READ, P.IDENTITY_LINK,
    })
    | _PROPOSES_FAMILY
    | _CONFIRMS_FAMILY,
    # Answers for the organisation and reads what concerns it; teaching and its marks stay with those who teach.
    Role.PRINCIPAL: _PAGE
    | _RECORD
    | _CARD
    | _CONTROL
    | _CONFIRMS_FAMILY
    | {P.DOCUMENTS_MASKED, P.ORGANISATION_ROLES_READ, P.REGISTRY_ISSUES_READ}
    | {P.ASSIGNMENT_SEE, P.ASSIGNMENT_REASON_READ, P.ASSIGNMENT_CONFIRM, P.CASE_OPEN}
    | {P.OBSERVATION_SEE, P.STAFF_FILE_LIST, P.STAFF_FILE_READ, P.ACHIEVEMENT_SEE},
    # Identity and documents of those who come and go; no marks.
    Role.ENROLMENT_OPERATOR: _CARD
    | _PROPOSES_FAMILY
    | {P.STUDENT_SEE, P.CLASS_GROUP_SEE, P.DOCUMENTS_READ, P.ENROLMENT_WRITE, P.SNILS_LOOKUP},
    # Children with a programme only: the name stands on the programme, there is no card.
    Role.REHABILITATION_OPERATOR: frozenset({P.REHABILITATION_READ, P.REHABILITATION_WRITE}),
    Role.TALENT_OPERATOR: frozenset({P.STUDENT_SEE, P.CLASS_GROUP_SEE, P.ACHIEVEMENT_SEE, P.ACHIEVEMENT_WRITE}),
    Role.HR_SPECIALIST: frozenset({P.STAFF_SEE, P.STAFF_FILE_LIST, P.STAFF_FILE_READ, P.STAFF_FILE_WRITE}),
    # What is taught, to which groups, by whom: nothing of pupils.
    Role.CURRICULUM_SPECIALIST: _PAGE - {P.HOMEWORK_READ},
    Role.GENERAL_EDUCATION_SPECIALIST: frozenset({P.CLASS_GROUP_SEE, P.OBSERVATION_SEE, P.OBSERVATION_WRITE}),
    # Whom to ask, who consented and took part; of answers nothing is kept.
    Role.SCREENING_SPECIALIST: frozenset({
        P.STUDENT_SEE, P.CLASS_GROUP_SEE, P.SCREENING_READ, P.SCREENING_CODE_READ, P.SCREENING_WRITE,
    }),
    # As a guest, until there are messages.
    Role.MAIL_USER: frozenset(),
    Role.ORG_MAILBOX: frozenset(),
    Role.EXPERT: frozenset({P.OBSERVATION_SEE}),
    Role.AUTHORITY_VIEWER: frozenset({P.OBSERVATION_SEE}),
    Role.AUDITOR: frozenset({P.AUDIT_READ, P.ACCESS_JOURNAL_READ, P.ACCESS_JOURNAL_ACTOR_READ}),
    # Of those who consent, and of this only what the consent's purpose names: auth/services.py.
    Role.SYSTEM_CLIENT: frozenset({
        P.DIARY_SEE, P.MARK_SEE, P.SUMMARY_MARK_SEE, P.JOURNAL_SEE, P.LESSON_SEE, P.HOMEWORK_READ, P.ACHIEVEMENT_SEE,
    }),
}  # fmt: skip

CASE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PRINCIPAL: frozenset({P.STUDENT_SEE, P.ATTENDANCE_SEE, P.ATTENDANCE_NOTE_READ}),
    Role.GENERAL_EDUCATION_SPECIALIST: _RECORD
    | {P.STUDENT_CARD_READ, P.CLASS_GROUP_SEE, P.SUBJECT_GROUP_SEE, P.JOURNAL_SEE, P.LESSON_SEE},
}
"""What a role may do with the one person whom an assignment of reach PERSONS names, for its days and its reason:
a supervision case, a named grant of special data. It only reads, and it is all that such an assignment gives."""


def permissions_of(role: Role, kind: ReachKind) -> frozenset[Permission]:
    """The role's line; for a named person the line of its cases."""
    return CASE_PERMISSIONS.get(role, frozenset()) if kind is ReachKind.PERSONS else ROLE_PERMISSIONS[role]


def holds(role: Role, kind: ReachKind, permission: Permission) -> bool:
    """Whether an assignment of this role with this kind of reach has the permission."""
    return permission in permissions_of(role, kind)


OWN_ROLES = frozenset({Role.TEACHER, Role.HOMEROOM_TEACHER, Role.STUDENT, Role.LEGAL_REPRESENTATIVE, Role.SIGNED_IN})
"""Roles that reach their own class, child or self: reading personal data through them is daily work, not audited."""

SCOPES: dict[str, frozenset[Permission]] = {
    "education:read": frozenset(Permission) - SPECIAL_PERMISSIONS - WRITE_PERMISSIONS,
    "education:write": WRITE_PERMISSIONS,
    "education:special": SPECIAL_PERMISSIONS,
}
"""What a client may do at most, by OAuth scope: an upper bound of the viewer's rights, never a source of any."""


def roles_with(permission: Permission) -> frozenset[Role]:
    """Roles that have the permission: in their line, or in the line of their cases."""
    tables = (ROLE_PERMISSIONS, CASE_PERMISSIONS)
    return frozenset(role for table in tables for role, granted in table.items() if permission in granted)


NEEDS_NO_SCOPE: dict[Role, frozenset[Permission]] = {
    Role.GUEST: _PUBLIC,
    Role.SIGNED_IN: frozenset({P.ACCOUNT_SEE, P.ASSIGNMENT_SEE}),
}
"""What every client may show: public data, and to whom one is signed in and with which roles."""


def allowed_by(scopes: frozenset[str]) -> frozenset[Permission]:
    """Everything that a client with these scopes may do at most in the name of a role.

    Special data are read as a part of the rest: a client that may not read reads no special data either.
    """
    allowed = frozenset[Permission]().union(*(SCOPES.get(scope, ()) for scope in scopes))
    return allowed if "education:read" in scopes else allowed - SPECIAL_PERMISSIONS


def sensitivity_of(permission: Permission) -> Sensitivity:
    """The highest class that a permission opens."""
    return Sensitivity.P3 if permission in SPECIAL_PERMISSIONS else Sensitivity.P2
