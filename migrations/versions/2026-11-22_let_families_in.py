"""Let families in: somebody at a school proposes who represents a student, a second person confirms, or ends it.

A proposal is a row of its own: nothing that is reached through guardianships knows of it. Accepting it makes the
guardianship and the role in the same statement, as the keeper, after the same questions were asked once more.
"""

from alembic import op

revision = "2026_11_22_let_families_in"
down_revision = "2026_11_22_give_roles_below"
branch_labels = None
depends_on = None

CREATED = [
    """
      CREATE TABLE guardianship_proposal (
        id UUID DEFAULT uuidv7() NOT NULL,
        guardian_id UUID NOT NULL,
        student_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        class_group_id UUID NOT NULL,
        student_name VARCHAR NOT NULL,
        guardian_name VARCHAR NOT NULL,
        kind VARCHAR(40) NOT NULL,
        valid_from DATE NOT NULL,
        valid_to DATE,
        proposed_by_id UUID NOT NULL,
        proposed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        accepted BOOLEAN,
        decided_by_id UUID,
        decided_at TIMESTAMP WITH TIME ZONE,
        reason VARCHAR,
        PRIMARY KEY (id),
        CONSTRAINT nobody_is_proposed_for_themselves CHECK (guardian_id <> student_id),
        CONSTRAINT nobody_proposes_themselves CHECK (proposed_by_id <> guardian_id),
        CONSTRAINT guardianship_proposal_dates CHECK (valid_to is null or valid_to > valid_from),
        CONSTRAINT guardianship_decided_by_somebody CHECK ((decided_at is null) = (decided_by_id is null) and (decided_at is null) = (accepted is null)),
        CONSTRAINT guardianship_accepted_by_a_second_person CHECK (not coalesce(accepted, false) or decided_by_id not in (proposed_by_id, guardian_id, student_id)),
        FOREIGN KEY(guardian_id) REFERENCES person (id) ON DELETE RESTRICT,
        FOREIGN KEY(student_id) REFERENCES person (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
        FOREIGN KEY(class_group_id) REFERENCES class_group (id) ON DELETE RESTRICT,
        CONSTRAINT guardianship_proposal_kind_word CHECK (kind IN ('PARENT', 'ADOPTIVE_PARENT', 'GUARDIAN'))
      )
    """,
    "CREATE INDEX ix_guardianship_proposal_class_group_id ON guardianship_proposal (class_group_id)",
    "CREATE INDEX ix_guardianship_proposal_guardian_id ON guardianship_proposal (guardian_id)",
    "CREATE INDEX ix_guardianship_proposal_listed ON guardianship_proposal (proposed_at, id)",
    "CREATE INDEX ix_guardianship_proposal_organisation_id ON guardianship_proposal (organisation_id)",
    "CREATE INDEX ix_guardianship_proposal_student_id ON guardianship_proposal (student_id)",
]

# Without a default and nullable: no row is written anew.
ENDED = [
    "alter table guardianship add column ended_at timestamp with time zone",
    "alter table guardianship add column ended_by_id uuid",
    "alter table guardianship add column end_reason varchar",
]

READING = """
  (guardianship_proposal.guardian_id = any(CAST((SELECT vhod.person_ids('guardianship_proposal:see')) AS UUID[]))
  OR guardianship_proposal.student_id = any(CAST((SELECT vhod.person_ids('guardianship_proposal:see')) AS UUID[]))
  OR guardianship_proposal.organisation_id = any(CAST((SELECT vhod.organisation_ids('guardianship_proposal:see')) AS UUID[]))
  OR cardinality(CAST((SELECT vhod.organisation_trees('guardianship_proposal:see')) AS UUID[])) > 0
  AND guardianship_proposal.organisation_id IN (SELECT vhod.organisations_below('guardianship_proposal:see'))
  OR guardianship_proposal.class_group_id = any(CAST((SELECT vhod.class_group_ids('guardianship_proposal:see')) AS UUID[])))
  AND coalesce(guardianship_proposal.guardian_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
  AND coalesce(guardianship_proposal.student_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
"""
ADDING = """
  (organisation_id in (select vhod.organisations('guardianship:propose'))
   or class_group_id = any(cast((select vhod.class_group_ids('guardianship:propose')) as uuid[])))
  and proposed_by_id = (select vhod.person()) and decided_at is null
  and coalesce(student_id != all(cast((select vhod.restricted_ids()) as uuid[])), true)
"""
DECIDED_THERE = "organisation_id in (select vhod.organisations('guardianship:confirm'))"
DECIDING = f"using ({DECIDED_THERE}) with check ({DECIDED_THERE} and decided_by_id = (select vhod.person()))"
ENDED_THERE = "student_id in (select vhod.students_in_reach('guardianship:confirm'))"
ENDING = (
    f"using ({ENDED_THERE}) with check ({ENDED_THERE} and ended_at is not null"
    " and ended_by_id = (select vhod.person()) and guardian_id <> (select vhod.person()))"
)

# Who proposes need not see students: an administrator names a student whose id they were told. The answer is only
# where the student learns within the proposer's reach.
PLACES = """
create function vhod.places_to_propose(student uuid) returns table (organisation_id uuid, class_group_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select e.organisation_id, e.class_group_id from enrolment e
  where e.student_id = student and e.live_from <= now() and (e.live_until is null or e.live_until > now())
    and (e.organisation_id in (select vhod.organisations('guardianship:propose'))
         or e.class_group_id = any(vhod.class_group_ids('guardianship:propose')))
    and student <> all(vhod.restricted_ids())
  order by e.kind = 'MAIN' desc, e.valid_from
$$
"""

# The parent has told their id and their name: both must agree, so that a slip names nobody else.
NAMED = """
create function vhod.is_named(who uuid, name text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from person where id = who
                 and btrim(fold) = fold_text(regexp_replace(btrim(name), '\\s+', ' ', 'g')))
$$
"""

BAR = """
create function vhod.bar_to_guardianship(guardian uuid, student uuid) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select case
    when exists (select from restriction where person_id = guardian and subject_person_id = student
                 and (live_until is null or live_until > now())) then 'GUARDIANSHIP_BARRED'
    when (select birth_date + interval '18 years' from person where id = student)
         at time zone vhod.zone_of_student(student) <= now() then 'STUDENT_ADULT'
    when exists (select from guardianship where guardian_id = guardian and student_id = student
                 and (live_until is null or live_until > now())) then 'ALREADY_REPRESENTED'
  end
$$
"""

FILL = """
create function vhod.fill_guardianship_proposal() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  -- Decided ones come from a backup or another register: the application cannot add them.
  if new.decided_at is not null then
    return new;
  end if;
  if not exists (select from enrolment e where e.student_id = new.student_id
                 and e.organisation_id = new.organisation_id and e.class_group_id = new.class_group_id
                 and e.live_from <= now() and (e.live_until is null or e.live_until > now()))
     or not vhod.is_named(new.guardian_id, new.guardian_name)
     or vhod.bar_to_guardianship(new.guardian_id, new.student_id) is not null then
    raise exception 'a proposal names a student who learns there and a person of that name, and nothing stands between'
      using errcode = 'check_violation';
  end if;
  new.student_name := (select concat_ws(' ', last_name, first_name, middle_name) from person where id = new.student_id);
  return new;
end $$
"""

CARRY_OUT = """
create function vhod.carry_out_guardianship() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if old.decided_at is not null then
    raise exception 'a proposal is decided once' using errcode = 'check_violation';
  end if;
  if not new.accepted then
    return null;
  end if;
  if vhod.bar_to_guardianship(new.guardian_id, new.student_id) is not null then
    raise exception 'something stands between this person and this student' using errcode = 'check_violation';
  end if;
  insert into guardianship (guardian_id, student_id, kind, valid_from, valid_to)
  values (new.guardian_id, new.student_id, new.kind, new.valid_from, new.valid_to);
  insert into assignment (person_id, role, reach, organisation_id, valid_from, granted_by_id, granted_at,
                          awaits_confirmation, confirmed_by_id, confirmed_at)
  select new.guardian_id, 'LEGAL_REPRESENTATIVE', 'CHILDREN', new.organisation_id, new.valid_from, new.proposed_by_id,
         new.proposed_at, true, new.decided_by_id, new.decided_at
  where not exists (select from assignment where person_id = new.guardian_id and role = 'LEGAL_REPRESENTATIVE'
                    and reach = 'CHILDREN' and live_from <= now() and (live_until is null or live_until > now()));
  return null;
end $$
"""

_LIVE = """
create or replace function vhod.keep_live_guardianship() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare zone text := vhod.zone_of_student(new.student_id);
        adult date := (select birth_date + interval '18 years' from person where id = new.student_id);
begin
  new.live_from := new.valid_from::timestamp at time zone zone;
  new.live_until := {until};
  return new;
end $$
"""
_UNTIL = "least(new.valid_to, adult)::timestamp at time zone zone"
LIVE_BEFORE = _LIVE.format(until=_UNTIL)
LIVE = _LIVE.format(until=f"least({_UNTIL}, new.ended_at)")

KEPT_BY_THE_KEEPER = {
    "places_to_propose(uuid)": PLACES,
    "is_named(uuid, text)": NAMED,
    "bar_to_guardianship(uuid, uuid)": BAR,
    "fill_guardianship_proposal()": FILL,
    "carry_out_guardianship()": CARRY_OUT,
}

GRANTS = [
    "grant select on guardianship_proposal to vhod_app",
    "grant insert (guardian_id, student_id, organisation_id, class_group_id, guardian_name, kind, valid_from, valid_to,"
    " proposed_by_id, proposed_at) on guardianship_proposal to vhod_app",
    "grant update (accepted, decided_by_id, decided_at, reason) on guardianship_proposal to vhod_app",
    "grant update (ended_at, ended_by_id, end_reason) on guardianship to vhod_app",
    "grant all on guardianship_proposal to vhod_keeper",
]


def upgrade() -> None:
    for statement in (*CREATED, *ENDED, *KEPT_BY_THE_KEEPER.values(), LIVE, *GRANTS):
        op.execute(statement)
    op.execute("grant create on schema vhod to vhod_keeper")
    for function in KEPT_BY_THE_KEEPER:
        op.execute(f"alter function vhod.{function} owner to vhod_keeper")
    op.execute("revoke create on schema vhod from vhod_keeper")
    op.execute(
        "create trigger fill before insert on guardianship_proposal"
        " for each row execute function vhod.fill_guardianship_proposal()"
    )
    op.execute(
        "create trigger carry_out after update on guardianship_proposal"
        " for each row execute function vhod.carry_out_guardianship()"
    )
    op.execute("alter table guardianship_proposal enable row level security")
    op.execute("alter table guardianship_proposal force row level security")
    op.execute("create policy keeping on guardianship_proposal for all to vhod_keeper using (true) with check (true)")
    op.execute(f"create policy reading on guardianship_proposal for select to vhod_app using ({READING})")
    op.execute(f"create policy adding on guardianship_proposal for insert to vhod_app with check ({ADDING})")
    op.execute(f"create policy changing on guardianship_proposal for update to vhod_app {DECIDING}")
    op.execute(f"create policy changing on guardianship for update to vhod_app {ENDING}")


def downgrade() -> None:
    op.execute("drop policy changing on guardianship")
    op.execute("revoke update (ended_at, ended_by_id, end_reason) on guardianship from vhod_app")
    op.execute("drop table guardianship_proposal")
    op.execute(LIVE_BEFORE)
    op.execute("alter table guardianship drop column ended_at, drop column ended_by_id, drop column end_reason")
    for function in KEPT_BY_THE_KEEPER:
        op.execute(f"drop function vhod.{function}")
