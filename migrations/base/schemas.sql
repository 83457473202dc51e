-- In which schemas they work, and what tables are made of.

create extension if not exists btree_gist;

-- vhod: functions of the wall and the outbox; session, budget: the server's own; provider: another system, with another login.
create schema vhod;
create schema session;
create schema budget;
create schema if not exists provider;
grant usage on schema vhod to vhod_app, vhod_keeper;
grant usage on schema session to vhod_app, vhod_keeper;
grant usage on schema budget to vhod_app;
grant usage on schema provider to vhod_provider;
revoke create on schema public from public;

-- Russian order that no collation of the server gives: case and ё fold away (docs: setup of the project).
create function fold_text(value text) returns text
language sql immutable strict parallel safe
return replace(casefold(value collate pg_unicode_fast), 'ё', 'е');
