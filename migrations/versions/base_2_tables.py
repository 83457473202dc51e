"""Tables, a file each noun; what grows with the years is parted by school year."""

from alembic import op

from migrations.scripts import begin_anew, run

revision = "base_2"
down_revision = "base_1"
branch_labels = None
depends_on = None

# Each after those that it refers to.
NOUNS = (
    "organisations", "users", "classes", "policies", "journals", "marks", "attendance", "corrections",
    "summaries", "guardianship_proposals", "identities", "staff_files", "achievements", "rehabilitation",
    "screenings", "consents", "openings", "audit", "imports", "indicators", "methodologies", "observations",
    "ratings", "outbox", "sessions", "spending",
)
PARTED = ("mark", "attendance_record", "mark_version", "attendance_version", "summary_mark", "summary_mark_version")
FIRST_YEAR, LAST_YEAR = 2020, 2029


def upgrade() -> None:
    run(*(f"base/tables/{noun}" for noun in NOUNS))
    for table in PARTED:
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            op.execute(f"create table {table}_{year} partition of {table} for values from ({year}) to ({year + 1})")
        op.execute(f"create table {table}_other partition of {table} default")


def downgrade() -> None:
    begin_anew()
