"""Create the database roles and the functions that tables and policies build on."""

from alembic import op

revision = "2026_11_22_01"
down_revision = None
branch_labels = None
depends_on = None

# Roles belong to the whole server and several databases may be migrated at once: creating one twice is no error.
ROLES = """
do $$
declare wanted text;
begin
  foreach wanted in array array['vhod_app login', 'vhod_provider login', 'vhod_keeper nologin'] loop
    begin
      execute 'create role ' || wanted || ' nosuperuser nocreatedb nocreaterole nobypassrls';
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
  -- A trigger that keeps rows true runs as the keeper; who migrates must be able to hand functions over to it.
  if not pg_has_role(current_user, 'vhod_keeper', 'set') then
    execute format('grant vhod_keeper to %I', current_user);
  end if;
exception when unique_violation or sqlstate 'XX000' then null;
end $$
"""

# Russian order that no collation of the server gives: case and ё fold away (docs: setup of the project).
FOLD = """
create function fold_text(value text) returns text
language sql immutable strict parallel safe
return replace(casefold(value collate pg_unicode_fast), 'ё', 'е')
"""

# What the verified viewer reaches, per permission and kind of reach, set once per transaction by the application.
REACHED = """
create function vhod.reached(permission text, kind text) returns setof uuid
language sql stable parallel safe
as $$
  select element::uuid
  from jsonb_array_elements_text(nullif(current_setting('vhod.reach', true), '')::jsonb -> permission -> kind) as element
$$
"""

RESTRICTED = """
create function vhod.restricted() returns setof uuid
language sql stable parallel safe
as $$
  select element::uuid
  from jsonb_array_elements_text(nullif(current_setting('vhod.restricted', true), '')::jsonb) as element
$$
"""

PERSON = """
create function vhod.person() returns uuid
language sql stable parallel safe
return nullif(current_setting('vhod.person', true), '')::uuid
"""


def upgrade() -> None:
    op.execute(ROLES)
    op.execute("create extension if not exists btree_gist")
    op.execute("create schema vhod")
    for statement in (FOLD, REACHED, RESTRICTED, PERSON):
        op.execute(statement)
    op.execute("grant usage on schema vhod to vhod_app, vhod_keeper")
    op.execute("revoke create on schema public from public")


def downgrade() -> None:
    op.execute("drop schema vhod cascade")
    op.execute("drop function fold_text(text)")
