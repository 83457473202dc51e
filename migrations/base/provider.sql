-- Tables of the stand-in for ESIA in a schema of their own: it is another system, with another login.
-- Tokens, codes, cookies and secrets are kept as SHA-256 only.

-- The one clock by names of its own: the provider reaches no other schema, and its moment is that of everybody.
create function provider.now() returns timestamptz language sql stable parallel safe
return vhod.now();
create function provider.clock_timestamp() returns timestamptz language sql volatile parallel safe
return vhod.clock_timestamp();

create table provider.clients (
  client_id text primary key check (client_id ~ '^[a-z0-9][a-z0-9-]{2,63}$'),
  name text not null check (name <> ''),
  kind text not null check (kind in ('public', 'native', 'confidential', 'service')),
  redirect_uris text[] not null,
  post_logout_redirect_uris text[] not null default '{}',
  scopes text[] not null check (cardinality(scopes) > 0),
  consent_required boolean not null default false,
  id_token_alg text not null default 'ES256' check (id_token_alg in ('ES256', 'RS256')),
  created_at timestamptz not null default provider.now(),
  backchannel_logout_uri text,
  constraint clients_redirect_uris_check
    check (cardinality(redirect_uris) <= 20 and (kind = 'service') = (cardinality(redirect_uris) = 0)),
  constraint clients_client_id_is_no_number check (client_id !~ '^[0-9]+$')
);

create table provider.client_secrets (
  client_id text not null references provider.clients on delete cascade,
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  created_at timestamptz not null default provider.now(),
  primary key (client_id, secret_hash)
);

create table provider.sessions (
  id uuid primary key default gen_random_uuid(),
  cookie_hash bytea not null unique check (octet_length(cookie_hash) = 32),
  subject text not null check (subject ~ '^[0-9]+$'),
  amr text[] not null check (cardinality(amr) > 0),
  auth_time timestamptz not null default provider.now(),
  last_seen_at timestamptz not null default provider.now(),
  expires_at timestamptz not null check (expires_at > auth_time),
  ended_at timestamptz
);
create index sessions_subject on provider.sessions (subject) where ended_at is null;
create index sessions_expires_at on provider.sessions (expires_at);

create table provider.interactions (
  id_hash bytea primary key check (octet_length(id_hash) = 32),
  browser_hash bytea not null check (octet_length(browser_hash) = 32),
  client_id text not null references provider.clients on delete cascade,
  parameters jsonb not null check (jsonb_typeof(parameters) = 'object'),
  login_required boolean not null,
  session_id uuid references provider.sessions on delete cascade,
  created_at timestamptz not null default provider.now(),
  expires_at timestamptz not null check (expires_at > created_at),
  finished_at timestamptz
);
create index interactions_expires_at on provider.interactions (expires_at);
create index interactions_session on provider.interactions (session_id) where session_id is not null;

create table provider.authorization_codes (
  code_hash bytea primary key check (octet_length(code_hash) = 32),
  client_id text not null references provider.clients on delete cascade,
  session_id uuid not null references provider.sessions on delete cascade,
  subject text not null,
  amr text[] not null,
  auth_time timestamptz not null,
  redirect_uri text not null,
  scope text not null,
  nonce text,
  code_challenge text not null check (code_challenge ~ '^[A-Za-z0-9_-]{43}$'),
  family_id uuid not null unique default gen_random_uuid(),
  created_at timestamptz not null default provider.now(),
  expires_at timestamptz not null check (expires_at > created_at),
  used_at timestamptz
);
create index authorization_codes_session on provider.authorization_codes (session_id);
create index authorization_codes_expires_at on provider.authorization_codes (expires_at);

create table provider.refresh_families (
  id uuid primary key,
  client_id text not null references provider.clients on delete cascade,
  session_id uuid references provider.sessions on delete set null,
  subject text not null,
  amr text[] not null,
  auth_time timestamptz not null,
  scope text not null,
  created_at timestamptz not null default provider.now(),
  expires_at timestamptz not null check (expires_at > created_at),
  revoked_at timestamptz,
  revoked_because text check (revoked_because in (
    'code_reuse', 'token_reuse', 'logout', 'client', 'consent', 'switch')),
  check ((revoked_at is null) = (revoked_because is null))
);
create index refresh_families_session on provider.refresh_families (session_id);
create index refresh_families_subject on provider.refresh_families (subject, client_id) where revoked_at is null;
create index refresh_families_expires_at on provider.refresh_families (expires_at);

create table provider.refresh_tokens (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  family_id uuid not null references provider.refresh_families on delete cascade,
  created_at timestamptz not null default provider.now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  successor_hash bytea unique,
  sealed_successor bytea,
  check ((used_at is null) = (successor_hash is null))
);
create index refresh_tokens_family on provider.refresh_tokens (family_id);

create table provider.consents (
  subject text not null,
  client_id text not null references provider.clients on delete cascade,
  scopes text[] not null check (cardinality(scopes) > 0),
  granted_at timestamptz not null default provider.now(),
  revoked_at timestamptz,
  primary key (subject, client_id)
);

create table provider.signing_keys (
  kid text primary key,
  alg text not null check (alg in ('ES256', 'RS256')),
  state text not null check (state in ('next', 'current', 'previous')),
  public_jwk jsonb not null check (not public_jwk ?| array['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']),
  sealed_private bytea,
  created_at timestamptz not null default provider.now(),
  current_since timestamptz,
  previous_since timestamptz,
  check ((state = 'previous') = (sealed_private is null)),
  check ((state = 'next') = (current_since is null)),
  check ((state = 'previous') = (previous_since is not null))
);
create unique index signing_keys_one_current on provider.signing_keys (alg) where state = 'current';
create unique index signing_keys_one_next on provider.signing_keys (alg) where state = 'next';

create table provider.child_accounts (
  subject text primary key check (subject ~ '^[0-9]+$'),
  login text not null unique check (login = lower(login) and login ~ '^[a-z0-9-]{4,40}$'),
  password_hash text not null check (starts_with(password_hash, '$argon2id$')),
  last_name text not null,
  first_name text not null,
  middle_name text,
  birth_date date not null,
  gender text not null check (gender in ('male', 'female')),
  snils text check (snils ~ '^[0-9]{3}-[0-9]{3}-[0-9]{3} [0-9]{2}$'),
  created_at timestamptz not null default provider.now(),
  blocked_at timestamptz
);

create table provider.login_throttles (
  kind text not null check (kind in ('account', 'network', 'account_network')),
  key_hash bytea not null check (octet_length(key_hash) = 32),
  failures integer not null check (failures >= 0),
  window_started_at timestamptz not null,
  last_attempt_at timestamptz not null,
  blocked_until timestamptz,
  primary key (kind, key_hash)
);
create index login_throttles_last_attempt on provider.login_throttles (last_attempt_at);

create table provider.security_events (
  id bigint generated always as identity primary key,
  happened_at timestamptz not null default provider.clock_timestamp(),
  kind text not null check (kind in (
     'sign_in', 'sign_in_failed', 'sign_in_throttled', 'code_reuse', 'refresh_reuse', 'refresh_foreign_client',
    'token_revoked', 'consent_granted', 'consent_refused', 'consent_revoked', 'logout', 'session_ended',
    'key_rotation' )),
  subject text,
  client_id text,
  session_id uuid,
  family_id uuid,
  detail text check (length(detail) <= 100)
);
create index security_events_happened_at on provider.security_events (happened_at);
create index security_events_subject on provider.security_events (subject, happened_at) where subject is not null;

create table provider.session_clients (
  session_id uuid not null references provider.sessions on delete cascade,
  client_id text not null references provider.clients on delete cascade,
  sid uuid not null,
  primary key (session_id, client_id, sid)
);
create index session_clients_client on provider.session_clients (client_id);

grant select, insert, delete, update on provider.authorization_codes to vhod_provider;
grant select, insert, delete, update on provider.child_accounts to vhod_provider;
grant select, insert, delete, update on provider.client_secrets to vhod_provider;
grant select, insert, delete, update on provider.clients to vhod_provider;
grant select, insert, delete, update on provider.consents to vhod_provider;
grant select, insert, delete, update on provider.interactions to vhod_provider;
grant select, insert, delete, update on provider.login_throttles to vhod_provider;
grant select, insert, delete, update on provider.refresh_families to vhod_provider;
grant select, insert, delete, update on provider.refresh_tokens to vhod_provider;
grant select, insert, delete, update on provider.security_events to vhod_provider;
grant usage on sequence provider.security_events_id_seq to vhod_provider;
grant select, insert, delete, update on provider.session_clients to vhod_provider;
grant select, insert, delete, update on provider.sessions to vhod_provider;
grant select, insert, delete, update on provider.signing_keys to vhod_provider;
