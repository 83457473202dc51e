"""Roles, schemas, and the function that tables are made of."""

from migrations.scripts import begin_anew, run

revision = "base_1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("base/roles", "base/schemas")


def downgrade() -> None:
    begin_anew()
