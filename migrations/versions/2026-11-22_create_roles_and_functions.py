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
# `rows` keeps the planner from expecting a thousand: a person reaches a handful.
REACHED = """
create function vhod.reached(permission text, kind text) returns setof uuid
language sql stable parallel safe rows 5
as $$
  select element::uuid
  from jsonb_array_elements_text(nullif(current_setting('vhod.reach', true), '')::jsonb -> permission -> kind) as element
$$
"""

PERSONS = """
create function vhod.persons(permission text) returns setof uuid language sql stable parallel safe rows 5 as $$
  select vhod.reached(permission, 'SELF') union all select vhod.reached(permission, 'CHILDREN')
  union all select vhod.reached(permission, 'PERSONS')
$$
"""

CLASS_GROUPS = """
create function vhod.class_groups(permission text) returns setof uuid language sql stable parallel safe rows 5 as $$
  select vhod.reached(permission, 'CLASS_GROUPS')
$$
"""

SUBJECT_GROUPS = """
create function vhod.subject_groups(permission text) returns setof uuid language sql stable parallel safe rows 5 as $$
  select vhod.reached(permission, 'SUBJECT_GROUPS')
$$
"""

# A tree is looked up only when there is one to look up.
ORGANISATIONS = """
create function vhod.organisations(permission text) returns setof uuid
language plpgsql stable parallel safe rows 50 as $$
declare roots uuid[] := array(select vhod.reached(permission, 'ORGANISATION_TREE'));
begin
  return query select vhod.reached(permission, 'ORGANISATION');
  if cardinality(roots) > 0 then
    return query select unit.id from public.organisation unit where unit.ancestor_ids && roots;
  end if;
end $$
"""

RESTRICTED = """
create function vhod.restricted() returns setof uuid
language sql stable parallel safe rows 5
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
    for statement in (FOLD, REACHED, PERSONS, CLASS_GROUPS, SUBJECT_GROUPS, ORGANISATIONS, RESTRICTED, PERSON):
        op.execute(statement)
    op.execute("grant usage on schema vhod to vhod_app, vhod_keeper")
    op.execute("revoke create on schema public from public")


def downgrade() -> None:
    op.execute("drop schema vhod cascade")
    op.execute("drop function fold_text(text)")
