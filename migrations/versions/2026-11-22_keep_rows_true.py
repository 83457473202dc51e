"""Keep rows true: the tree, time zones, sums of a journal line, the version of a person's access, partitions."""

from alembic import op

revision = "2026_11_22_03"
down_revision = "2026_11_22_02"
branch_labels = None
depends_on = None

FIRST_YEAR, LAST_YEAR = 2020, 2029

# One main enrolment at a time; an EXTRA or NETWORK one may run beside it.
ONE_MAIN_ENROLMENT = """
alter table enrolment add constraint one_main_enrolment_at_a_time
  exclude using gist (student_id with =, daterange(valid_from, valid_to) with &&) where (kind = 'MAIN')
"""

TREE = """
create function vhod.place_in_tree() returns trigger language plpgsql as $$
declare above organisation;
begin
  select * into above from organisation where id = new.parent_id;
  if new.parent_id is not null and new.id = any(above.ancestor_ids) then
    raise exception 'an organisation cannot stand below itself' using errcode = 'check_violation';
  end if;
  new.ancestor_ids := coalesce(above.ancestor_ids, '{}') || new.id;
  new.region_id := case when new.kind = 'REGION' then new.id else above.region_id end;
  new.municipality_id := case when new.kind = 'MUNICIPALITY' then new.id else above.municipality_id end;
  return new;
end $$
"""

SUBTREE = """
create function vhod.move_subtree() returns trigger language plpgsql as $$
begin
  update organisation set parent_id = parent_id where parent_id = new.id;
  return null;
end $$
"""

ZONE = """
create function vhod.zone_of(organisation uuid) returns text language sql stable
return coalesce((select time_zone from organisation o where o.id = organisation), 'Europe/Moscow')
"""

ZONE_OF_STUDENT = """
create function vhod.zone_of_student(student uuid) returns text language sql stable security definer
set search_path = public, pg_temp as $$
  select vhod.zone_of((select organisation_id from enrolment e where e.student_id = student and e.kind = 'MAIN'
                       order by valid_from desc limit 1))
$$
"""

# Days are days of the place: midnight in Krasnoyarsk is not midnight in Chelyabinsk.
LIVE_AT_ORGANISATION = """
create function vhod.keep_live_at_organisation() returns trigger language plpgsql as $$
declare zone text := vhod.zone_of(new.organisation_id);
begin
  new.live_from := new.valid_from::timestamp at time zone zone;
  new.live_until := new.valid_to::timestamp at time zone zone;
  return new;
end $$
"""

LIVE_ASSIGNMENT = """
create function vhod.keep_live_assignment() returns trigger language plpgsql as $$
declare zone text := vhod.zone_of(new.organisation_id);
begin
  new.live_from := case when new.awaits_confirmation and new.confirmed_at is null then null
                        else new.valid_from::timestamp at time zone zone end;
  new.live_until := least(new.valid_to::timestamp at time zone zone, new.ended_at);
  return new;
end $$
"""

# Guardianship ends by itself on the 18th birthday, at midnight where the child goes to school.
LIVE_GUARDIANSHIP = """
create function vhod.keep_live_guardianship() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare zone text := vhod.zone_of_student(new.student_id);
        adult date := (select birth_date + interval '18 years' from person where id = new.student_id);
begin
  new.live_from := new.valid_from::timestamp at time zone zone;
  new.live_until := least(new.valid_to, adult)::timestamp at time zone zone;
  return new;
end $$
"""

LIVE_RESTRICTION = """
create function vhod.keep_live_restriction() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare zone text := vhod.zone_of_student(new.subject_person_id);
begin
  new.live_from := new.valid_from::timestamp at time zone zone;
  new.live_until := new.valid_to::timestamp at time zone zone;
  return new;
end $$
"""

RENEW_LINKS = """
create function vhod.renew_links_of_student() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare student uuid := case tg_table_name when 'person' then to_jsonb(new) ->> 'id' else to_jsonb(new) ->> 'student_id' end;
begin
  update guardianship set valid_from = valid_from where student_id = student;
  update restriction set valid_from = valid_from where subject_person_id = student;
  return null;
end $$
"""

LINE_SUMS = """
create function vhod.keep_line_sums() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    update journal_line set mark_sum = mark_sum - old.value * old.weight, weight_sum = weight_sum - old.weight,
                            mark_count = mark_count - 1 where id = old.journal_line_id;
  end if;
  if tg_op <> 'DELETE' then
    update journal_line set mark_sum = mark_sum + new.value * new.weight, weight_sum = weight_sum + new.weight,
                            mark_count = mark_count + 1 where id = new.journal_line_id;
  end if;
  return null;
end $$
"""

# A mark and an absence know the day of their lesson: a week of a diary is one index range.
LESSON_DAY = """
create function vhod.take_lesson_day() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  new.held_on := (select held_on from lesson where id = new.lesson_id);
  return new;
end $$
"""

LESSON_MOVED = """
create function vhod.move_lesson_day() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  update mark set held_on = new.held_on where lesson_id = new.id and school_year = new.school_year;
  update attendance_record set held_on = new.held_on where lesson_id = new.id and school_year = new.school_year;
  return null;
end $$
"""

# Anything that decides what a person may see moves their version: what was worked out before is then out of date.
BUMP = """
create function vhod.bump_access_version() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare concerned uuid;
begin
  for concerned in
    select distinct (fact ->> tg_argv[0])::uuid
    from (values (case when tg_op <> 'INSERT' then to_jsonb(old) end),
                 (case when tg_op <> 'DELETE' then to_jsonb(new) end)) as facts (fact)
    where fact is not null
  loop
    insert into access_version as v (person_id, version) values (concerned, 1)
    on conflict (person_id) do update set version = v.version + 1;
  end loop;
  return null;
end $$
"""

FUNCTIONS = [TREE, SUBTREE, ZONE, ZONE_OF_STUDENT, LIVE_AT_ORGANISATION, LIVE_ASSIGNMENT, LIVE_GUARDIANSHIP,
             LIVE_RESTRICTION, RENEW_LINKS, LINE_SUMS, LESSON_DAY, LESSON_MOVED, BUMP]
KEPT_BY_THE_KEEPER = ["zone_of_student(uuid)", "keep_live_guardianship()", "keep_live_restriction()",
                      "renew_links_of_student()", "keep_line_sums()", "take_lesson_day()", "move_lesson_day()",
                      "bump_access_version()"]

TRIGGERS = [
    "create trigger place_in_tree before insert or update of parent_id, kind on organisation"
    " for each row execute function vhod.place_in_tree()",
    "create trigger move_subtree after update of parent_id, kind on organisation"
    " for each row execute function vhod.move_subtree()",
    *(
        f"create trigger keep_live before insert or update on {table}"
        " for each row execute function vhod.keep_live_at_organisation()"
        for table in ("enrolment", "subject_group_member", "staff_position")
    ),
    "create trigger keep_live before insert or update on assignment"
    " for each row execute function vhod.keep_live_assignment()",
    "create trigger keep_live before insert or update on guardianship"
    " for each row execute function vhod.keep_live_guardianship()",
    "create trigger keep_live before insert or update on restriction"
    " for each row execute function vhod.keep_live_restriction()",
    "create trigger renew_links after insert or update on enrolment"
    " for each row execute function vhod.renew_links_of_student()",
    "create trigger renew_links after update of birth_date on person"
    " for each row execute function vhod.renew_links_of_student()",
    "create trigger keep_line_sums after insert or update or delete on mark"
    " for each row execute function vhod.keep_line_sums()",
    "create trigger take_lesson_day before insert on mark for each row execute function vhod.take_lesson_day()",
    "create trigger take_lesson_day before insert on attendance_record"
    " for each row execute function vhod.take_lesson_day()",
    "create trigger move_lesson_day after update of held_on on lesson"
    " for each row execute function vhod.move_lesson_day()",
    *(
        f"create trigger bump_access_version after insert or update or delete on {table}"
        f" for each row execute function vhod.bump_access_version('{column}')"
        for table, column in (
            ("assignment", "person_id"),
            ("guardianship", "guardian_id"),
            ("restriction", "person_id"),
            ("external_identity", "person_id"),
        )
    ),
]


def upgrade() -> None:
    op.execute(ONE_MAIN_ENROLMENT)
    for statement in [*FUNCTIONS, *TRIGGERS]:
        op.execute(statement)
    op.execute("grant create on schema vhod to vhod_keeper")
    for function in KEPT_BY_THE_KEEPER:
        op.execute(f"alter function vhod.{function} owner to vhod_keeper")
    op.execute("revoke create on schema vhod from vhod_keeper")
    for table in ("mark", "attendance_record"):
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            op.execute(f"create table {table}_{year} partition of {table} for values from ({year}) to ({year + 1})")
        # A year that nobody foresaw is kept, not refused.
        op.execute(f"create table {table}_other partition of {table} default")


def downgrade() -> None:
    for table in ("mark", "attendance_record"):
        op.execute(f"drop table {table}_other")
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            op.execute(f"drop table {table}_{year}")
    for trigger in TRIGGERS:
        name, table = trigger.split()[2], trigger.split(" on ")[1].split()[0]
        op.execute(f"drop trigger {name} on {table}")
    for function in ("place_in_tree()", "move_subtree()", "keep_live_at_organisation()", "keep_live_assignment()",
                     *KEPT_BY_THE_KEEPER, "zone_of(uuid)"):
        op.execute(f"drop function vhod.{function}")
    op.execute("alter table enrolment drop constraint one_main_enrolment_at_a_time")
