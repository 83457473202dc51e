"""Create the table of spent budgets, which all server processes share."""

from alembic import op

revision = "2026_11_22_18"
down_revision = "2026_11_22_note_what_happens"
branch_labels = None
depends_on = None

# Unlogged: it is written often and lives for a minute. Lost in a crash everybody begins anew, which harms nobody.
# The key is a hash: who asked how much is nobody's business.
TABLE = """
    create unlogged table budget.spending (
        key bytea primary key check (octet_length(key) = 32),
        until timestamptz not null,
        spent bigint not null check (spent >= 0)
    ) with (fillfactor = 50)
"""


def upgrade() -> None:
    op.execute("create schema budget")
    op.execute(TABLE)
    op.execute("create index spending_until on budget.spending (until)")
    op.execute("grant usage on schema budget to vhod_app")
    op.execute("grant select, insert, update, delete on budget.spending to vhod_app")


def downgrade() -> None:
    op.execute("drop schema budget cascade")
