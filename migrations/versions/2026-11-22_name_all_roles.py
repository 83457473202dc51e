"""All roles and kinds of reach that may be granted: new words beside those that there were."""

from alembic import op

revision = "2026_11_22_16"
down_revision = "2026_11_22_15"
branch_labels = None
depends_on = None
LOCKS = "assignment has tens of thousands of rows at most: they are looked at in milliseconds"

ROLES = ("TEACHER", "HOMEROOM_TEACHER", "DEPUTY_HEAD", "STUDENT", "LEGAL_REPRESENTATIVE", "MUNICIPAL_COORDINATOR",
         "ORG_ADMIN", "GUEST", "SIGNED_IN", "REGIONAL_COORDINATOR")
NEW_ROLES = ("PRINCIPAL", "ENROLMENT_OPERATOR", "REHABILITATION_OPERATOR", "TALENT_OPERATOR", "HR_SPECIALIST",
             "CURRICULUM_SPECIALIST", "GENERAL_EDUCATION_SPECIALIST", "SCREENING_SPECIALIST", "MAIL_USER",
             "ORG_MAILBOX", "EXPERT", "AUTHORITY_VIEWER", "AUDITOR", "SYSTEM_CLIENT")
REACHES = ("SELF", "CHILDREN", "CLASS_GROUPS", "SUBJECT_GROUPS", "ORGANISATION", "ORGANISATION_TREE", "PERSONS",
           "PUBLIC")
NEW_REACHES = ("CONSENT",)


def upgrade() -> None:
    _let("role", "role_word", (*ROLES, *NEW_ROLES))
    _let("reach", "reachkind_word", (*REACHES, *NEW_REACHES))


def downgrade() -> None:
    _let("role", "role_word", ROLES)
    _let("reach", "reachkind_word", REACHES)


def _let(column: str, constraint: str, words: tuple[str, ...]) -> None:
    told = ", ".join(f"'{word}'" for word in words)
    op.execute(
        f"alter table assignment drop constraint {constraint}, add constraint {constraint} check ({column} in ({told}))"
    )
