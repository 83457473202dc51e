-- Spent budgets, which all server processes share.

-- Unlogged: it is written often and lives for a minute. Lost in a crash everybody begins anew, which harms nobody.
-- The key is a hash: who asked how much is nobody's business.
create unlogged table budget.spending (
  key bytea primary key check (octet_length(key) = 32),
  until timestamptz not null,
  spent bigint not null check (spent >= 0)
) with (fillfactor = 50);
create index spending_until on budget.spending (until);
