"""Roles, schemas, and the function that tables are made of."""

from migrations.scripts import run

revision = "base_1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("base/roles", "base/schemas")


def downgrade() -> None:
    raise NotImplementedError("the base is where a database begins: drop the database instead")
