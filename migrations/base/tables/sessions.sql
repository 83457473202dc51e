-- Sessions of our own pages, and accounts that wait to be found: sealed or hashed, known to the server alone.

create table session.browser_session (
  id uuid primary key default gen_random_uuid(),
  cookie_hash bytea not null unique check (octet_length(cookie_hash) = 32),
  issuer text not null,
  subject text not null,
  sealed bytea not null,
  tokens_version integer not null default 0,
  tokens_expire_at timestamptz not null,
  renewing_until timestamptz,
  created_at timestamptz not null default vhod.now(),
  last_seen_at timestamptz not null default vhod.now(),
  expires_at timestamptz not null check (expires_at > created_at),
  ended_at timestamptz,
  provider_sid text
);
create index browser_session_person on session.browser_session (issuer, subject) where ended_at is null;
create index browser_session_expires_at on session.browser_session (expires_at);

create unlogged table session.sign_in (
  state_hash bytea primary key check (octet_length(state_hash) = 32),
  browser_hash bytea not null check (octet_length(browser_hash) = 32),
  sealed bytea not null,
  created_at timestamptz not null default vhod.now(),
  expires_at timestamptz not null check (expires_at > created_at)
);
create index sign_in_expires_at on session.sign_in (expires_at);

create table session.waiting_account (
  id uuid default uuidv7() not null,
  issuer text not null,
  subject text not null,
  first_seen_at timestamp with time zone default vhod.now() not null,
  last_seen_at timestamp with time zone default vhod.now() not null,
  primary key (id),
  unique (issuer, subject)
);

create unlogged table session.logout_token (
  jti_hash bytea primary key check (octet_length(jti_hash) = 32),
  expires_at timestamptz not null
);
