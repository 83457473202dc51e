"""The tables of the stand-in for ESIA: another system, which takes from us the clock alone."""

from migrations.scripts import begin_anew, run

revision = "base_5"
down_revision = "base_4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("base/provider")


def downgrade() -> None:
    begin_anew()
