"""Create the tables of browser sessions: who is signed in by cookie, and who is on the way through the provider."""

from alembic import op

revision = "2026_11_22_15"
down_revision = "2026_11_22_14"
branch_labels = None
depends_on = None

TABLES = [
    "create schema session",
    # Only hashes of what the browser holds; tokens and name are sealed, under that same secret too.
    """
    create table session.browser_session (
        id uuid primary key default gen_random_uuid(),
        cookie_hash bytea not null unique check (octet_length(cookie_hash) = 32),
        issuer text not null,
        subject text not null,
        sealed bytea not null,
        tokens_version integer not null default 0,
        tokens_expire_at timestamptz not null,
        renewing_until timestamptz,
        created_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now(),
        expires_at timestamptz not null check (expires_at > created_at),
        ended_at timestamptz
    )
    """,
    "create index browser_session_person on session.browser_session (issuer, subject) where ended_at is null",
    "create index browser_session_expires_at on session.browser_session (expires_at)",
    # Lost in a crash: whoever was on the way begins again.
    """
    create unlogged table session.sign_in (
        state_hash bytea primary key check (octet_length(state_hash) = 32),
        browser_hash bytea not null check (octet_length(browser_hash) = 32),
        sealed bytea not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null check (expires_at > created_at)
    )
    """,
    "create index sign_in_expires_at on session.sign_in (expires_at)",
]


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    op.execute("grant usage on schema session to vhod_app")
    op.execute("grant select, insert, update, delete on all tables in schema session to vhod_app")


def downgrade() -> None:
    op.execute("drop schema session cascade")
