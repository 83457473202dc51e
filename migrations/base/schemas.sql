-- In which schemas they work, and what tables are made of.

create extension if not exists btree_gist;

-- vhod: functions of the wall and the outbox; session, budget: the server's own; provider: another system, with another login.
create schema vhod;
create schema session;
create schema budget;
create schema if not exists provider;
-- The provider is not let in: whoever may name these functions may call the keeper's, which read what no policy shows.
grant usage on schema vhod to vhod_app, vhod_keeper;
grant usage on schema session to vhod_app, vhod_keeper;
grant usage on schema budget to vhod_app;
grant usage on schema provider to vhod_provider;
revoke create on schema public from public;

-- Russian order that no collation of the server gives: case and ё fold away (docs: setup of the project).
create function fold_text(value text) returns text
language sql immutable strict parallel safe
return replace(casefold(value collate pg_unicode_fast), 'ё', 'е');

-- The one clock: whatever judges time asks these two, so that there is one place to take the moment from. They are ordinary SQL functions
-- which the planner puts into the statement itself: nothing is slower, and no setting, no search path and no role of the server moves
-- them. The database of the tests, and nothing else, replaces them as its owner.
create function vhod.now() returns timestamptz language sql stable parallel safe
return pg_catalog.now();
create function vhod.clock_timestamp() returns timestamptz language sql volatile parallel safe
return pg_catalog.clock_timestamp();
