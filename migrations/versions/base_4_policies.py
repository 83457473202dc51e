"""The second wall: rights of the roles, and row-level security that meets whoever forgot to filter."""

from alembic import op

from migrations.scripts import begin_anew, run

revision = "base_4"
down_revision = "base_3"
branch_labels = None
depends_on = None

NOUNS = (
    "organisations", "users", "classes", "policies", "journals", "marks", "attendance", "corrections",
    "summaries", "guardianship_proposals", "identities", "staff_files", "achievements", "rehabilitation",
    "screenings", "consents", "openings", "audit", "imports", "indicators", "methodologies", "observations",
    "ratings", "outbox", "sessions", "spending",
)
PARTED = ("mark", "attendance_record")
FIRST_YEAR, LAST_YEAR = 2020, 2029


def upgrade() -> None:
    run(*(f"base/policies/{noun}" for noun in NOUNS))
    for table in PARTED:
        for part in (*range(FIRST_YEAR, LAST_YEAR + 1), "other"):
            # A part is not walled by the policies of the whole: the application has no right to it, and reads the whole.
            op.execute(f"grant all on {table}_{part} to vhod_keeper")


def downgrade() -> None:
    begin_anew()
