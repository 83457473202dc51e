"""Functions and triggers, a file each subject; most belong to the keeper, a role without login."""

from alembic import op

from migrations.scripts import begin_anew, run

revision = "base_3"
down_revision = "base_2"
branch_labels = None
depends_on = None

SUBJECTS = (
    "people", "consents", "reach", "anchors", "families", "figures", "forgetting", "identities", "imports",
    "movement", "openings", "outbox", "paths", "registers", "roles", "versions",
)


def upgrade() -> None:
    # They call each other across files: what a name in a body means is looked up when it is called.
    op.execute("set local check_function_bodies = off")
    op.execute("grant create on schema vhod to vhod_keeper")
    run(*(f"base/functions/{subject}" for subject in SUBJECTS))
    op.execute("revoke create on schema vhod from vhod_keeper")
    op.execute("set local check_function_bodies = on")


def downgrade() -> None:
    begin_anew()
