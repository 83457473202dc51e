"""Note previews: as which role somebody looked, on the entries of the access journal

Revision ID: 2026_11_22_previews
Revises: 2026_11_22_logouts
"""

from alembic import op

revision = "2026_11_22_previews"
down_revision = "2026_11_22_logouts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table access_entry add column preview_role varchar")


def downgrade() -> None:
    op.execute("alter table access_entry drop column preview_role")
