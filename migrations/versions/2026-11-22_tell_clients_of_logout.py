"""Tell clients of logout: which clients a session at the provider reached, and under which name our own knew it.

OpenID Connect Back-Channel Logout 1.0, from both sides.
"""

from alembic import op

revision = "2026_11_22_logouts"
down_revision = "2026_11_22_let_students_move"
branch_labels = None
depends_on = None

PROVIDER = [
    "alter table provider.clients add column backchannel_logout_uri text",
    # `sid` is the name under which the client knows the session; it stays when the person signs in anew.
    """
    create table provider.session_clients (
        session_id uuid not null references provider.sessions on delete cascade,
        client_id text not null references provider.clients on delete cascade,
        sid uuid not null,
        primary key (session_id, client_id, sid)
    )
    """,
    "create index session_clients_client on provider.session_clients (client_id)",
    "grant select, insert, update, delete on provider.session_clients to vhod_provider",
]
SESSIONS = [
    "alter table session.browser_session add column provider_sid text",
    # Lost in a crash: a logout that comes twice ends what has ended.
    """
    create unlogged table session.logout_token (
        jti_hash bytea primary key check (octet_length(jti_hash) = 32),
        expires_at timestamptz not null
    )
    """,
    "grant select, insert, update, delete on session.logout_token to vhod_app",
]


def upgrade() -> None:
    for statement in (*PROVIDER, *SESSIONS):
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop table session.logout_token")
    op.execute("alter table session.browser_session drop column provider_sid")
    op.execute("drop table provider.session_clients")
    op.execute("alter table provider.clients drop column backchannel_logout_uri")
