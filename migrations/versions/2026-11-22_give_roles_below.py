"""Give roles below: registrars of an authority give roles in their tree, schools open cases about named students.

Whoever leaves an organisation leaves its roles the same day (domain.md 2.3, rule d), whatever writes that they left.
"""

from alembic import op

revision = "2026_11_22_give_roles_below"
down_revision = "2026_11_22_registers"
branch_labels = None
depends_on = None
LOCKS = "assignment has tens of thousands of rows at most: they are looked at in milliseconds"

# A registrar does not see staff: the person named has told their id, and the answer is only whether they work there.
WORKS_BELOW = """
create function vhod.works_below(person uuid, place uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from staff_position s join organisation o on o.id = s.organisation_id
                 where s.person_id = works_below.person and place = any(o.ancestor_ids)
                   and s.live_from <= now() and (s.live_until is null or s.live_until > now()))
$$
"""

# Of another authority's specialist a school only needs to know that they are one, and for this school.
HOLDS_ROLE = """
create function vhod.holds_role(person uuid, wanted text, place uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from assignment a join organisation o on o.id = place
                 where a.person_id = holds_role.person and a.role = wanted
                   and (a.reach = 'ORGANISATION' and a.organisation_id = place
                        or a.reach = 'ORGANISATION_TREE' and a.organisation_id = any(o.ancestor_ids))
                   and a.live_from <= now() and (a.live_until is null or a.live_until > now()))
$$
"""

# What had not begun yet is ended by hand: a role cannot end before its first day.
LEAVE = """
create function vhod.leave_roles() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (select from staff_position s where s.person_id = new.person_id
             and s.organisation_id = new.organisation_id and (s.valid_to is null or s.valid_to > new.valid_to)) then
    return null;
  end if;
  update assignment set valid_to = new.valid_to
    where person_id = new.person_id and organisation_id = new.organisation_id and ended_at is null
      and reach in ('ORGANISATION', 'CLASS_GROUPS', 'SUBJECT_GROUPS', 'PERSONS')
      and valid_from < new.valid_to and (valid_to is null or valid_to > new.valid_to);
  update assignment set ended_at = now()
    where person_id = new.person_id and organisation_id = new.organisation_id and ended_at is null
      and reach in ('ORGANISATION', 'CLASS_GROUPS', 'SUBJECT_GROUPS', 'PERSONS') and valid_from >= new.valid_to;
  return null;
end $$
"""

FUNCTIONS = {
    "works_below(uuid, uuid)": WORKS_BELOW,
    "holds_role(uuid, text, uuid)": HOLDS_ROLE,
    "leave_roles()": LEAVE,
}
# A new constraint beside rows that there are: none of them names a person without an end, since nothing granted such.
CASES_END = "alter table assignment add constraint cases_end check (reach <> 'PERSONS' or valid_to is not null)"

_BELOW = (
    "organisation_id in (select o.id from organisation o where o.ancestor_ids && vhod.organisation_trees('{permission}')"
    " and o.id <> all(vhod.organisation_trees('{permission}')))"
)
_IN_ITS_NAME = " and granted_by_id = (select vhod.person()) and person_id <> (select vhod.person())"
POLICIES = {
    "granting_below": "for insert to vhod_app with check (reach <> 'PERSONS' and "
    + _BELOW.format(permission="assignment:grant")
    + _IN_ITS_NAME
    + ")",
    "opening_a_case": "for insert to vhod_app with check (reach = 'PERSONS' and awaits_confirmation"
    " and organisation_id in (select vhod.reached('case:open', 'ORGANISATION'))"
    " and subject_person_id in (select vhod.students_in_reach('case:open'))" + _IN_ITS_NAME + ")",
    "changing_below": "for update to vhod_app using ("
    + _BELOW.format(permission="assignment:end")
    + " or organisation_id in (select o.id from organisation o"
    " where o.ancestor_ids && vhod.organisation_trees('assignment:confirm')))"
    " with check (person_id <> (select vhod.person()))",
}


def upgrade() -> None:
    for statement in FUNCTIONS.values():
        op.execute(statement)
    op.execute("grant create on schema vhod to vhod_keeper")
    for function in FUNCTIONS:
        op.execute(f"alter function vhod.{function} owner to vhod_keeper")
    op.execute("revoke create on schema vhod from vhod_keeper")
    op.execute(
        "create trigger leave_roles after insert or update of valid_to on staff_position for each row"
        " when (new.valid_to is not null) execute function vhod.leave_roles()"
    )
    op.execute(CASES_END)
    for name, rule in POLICIES.items():
        op.execute(f"create policy {name} on assignment {rule}")


def downgrade() -> None:
    for name in POLICIES:
        op.execute(f"drop policy {name} on assignment")
    op.execute("alter table assignment drop constraint cases_end")
    op.execute("drop trigger leave_roles on staff_position")
    for function in FUNCTIONS:
        op.execute(f"drop function vhod.{function}")
