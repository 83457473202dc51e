"""Know the first day: a line of a page has a first day as it has a last one, and a file moves students as a pen does.

`joined_on` is null for whoever was there when the page began, `away` holds the days between leaving and coming back.
What follows from an enrolment - groups, lines, the role of a student - is done by the same functions for whoever may
enrol by mutation and, within a run, for whoever may bring people in by a file.
"""

from alembic import op

revision = "2026_12_01_know_the_first_day"
down_revision = "base_5"
branch_labels = None
depends_on = None
LOCKS = "two nullable columns without default; the lines of students who came later are marked in one update"

COLUMNS = "alter table journal_line add column joined_on date, add column away datemultirange"
FILL = """
update journal_line l set joined_on = m.since
from journal j join grading_period p on p.id = j.grading_period_id, (
  select student_id, subject_group_id, min(valid_from) as since from subject_group_member group by 1, 2) m
where j.id = l.journal_id and m.student_id = l.student_id and m.subject_group_id = l.subject_group_id
  and m.since > p.starts_on
  and not exists (select from mark k where k.school_year = l.school_year and k.journal_line_id = l.id
                  and k.held_on < m.since)
  and not exists (select from attendance_record a where a.school_year = l.school_year and a.journal_line_id = l.id
                  and a.held_on < m.since)
"""

# Whoever brings people in by a file moves them within the run; outside of one that permission moves nobody.
MOVING = """
create function vhod.organisations_moving() returns setof uuid
language sql stable security definer rows 10 set search_path = public, pg_temp as $$
  select vhod.organisations('enrolment:write')
  union select o from vhod.organisations('people:import') as o where (select vhod.import_run()) is not null
$$
"""
REACHED = "(select vhod.organisations('enrolment:write'))"
MOVED = "(select vhod.organisations_moving())"

# The place that ends for the new one is not in its way.
CONFLICT = """
create function vhod.enrolment_conflict(student uuid, place uuid, of_kind text, since date{argument}) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select case when e.organisation_id = place then 'ALREADY_ENROLLED' else 'ENROLLED_ELSEWHERE' end
  from enrolment e
  where e.student_id = student and (e.valid_to is null or e.valid_to > since){but}
    and (e.organisation_id = place or of_kind = 'MAIN' and e.kind = 'MAIN')
    and place in {reached}
  order by e.organisation_id = place desc limit 1
$$
"""

# A group that is the only one of its subject takes the whole class; of several each student is in one, named by hand.
SETTLE = """
create or replace function vhod.settle_enrolment(settled uuid, chosen uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare e enrolment; year integer; groups uuid[];
begin
  select * into e from enrolment where id = settled and valid_to is null
    and organisation_id in {reached} for update;
  if not found then
    raise exception 'this enrolment is not open, or not yours to settle' using errcode = 'insufficient_privilege';
  end if;
  year := (select school_year from class_group where id = e.class_group_id);
  groups := array(
    select g.id from subject_group g
    where g.organisation_id = e.organisation_id and g.school_year = year
      and (g.id = any(chosen) or g.class_group_id = e.class_group_id and not exists (
             select from subject_group other where other.class_group_id = g.class_group_id
               and other.school_year = g.school_year and other.subject_id = g.subject_id and other.id <> g.id)));
  insert into subject_group_member (student_id, subject_group_id, organisation_id, class_group_id, valid_from)
  select e.student_id, g, e.organisation_id, e.class_group_id, e.valid_from from unnest(groups) as g
  where not exists (select from subject_group_member m where m.student_id = e.student_id and m.subject_group_id = g
                    and (m.valid_to is null or m.valid_to > e.valid_from));
  insert into journal_line (journal_id, student_id, organisation_id, school_year, class_group_id, subject_group_id,
                            number, student_name{columns})
  select j.id, e.student_id, j.organisation_id, j.school_year, e.class_group_id, j.subject_group_id,
    1 + coalesce((select max(l.number) from journal_line l where l.journal_id = j.id), 0),
    (select concat_ws(' ', last_name, first_name, middle_name) from person where id = e.student_id){values}
  from journal j join grading_period p on p.id = j.grading_period_id
  where j.subject_group_id = any(groups) and p.ends_on >= e.valid_from
  on conflict (journal_id, student_id) do update set left_on = null{away};
  insert into assignment (person_id, role, reach, organisation_id, valid_from, granted_by_id, granted_at,
                          awaits_confirmation, reason)
  select e.student_id, 'STUDENT', 'SELF', e.organisation_id, e.valid_from, vhod.person(), {now}, false,
    'enrolment ' || e.id
  where not exists (select from assignment a where a.person_id = e.student_id and a.role = 'STUDENT'
                    and a.reach = 'SELF' and a.organisation_id = e.organisation_id and a.ended_at is null
                    and (a.valid_to is null or a.valid_to > e.valid_from));
  return query select unnest(groups);
end $$
"""
SETTLE_NOW = {
    "reached": MOVED,
    "columns": ", joined_on",
    "values": ",\n    case when e.valid_from > p.starts_on then e.valid_from end",
    # Whoever comes back was away in between: nothing is written for those days.
    "away": """,
    away = case when journal_line.left_on + 1 < e.valid_from
      then coalesce(journal_line.away, '{}') + datemultirange(daterange(journal_line.left_on + 1, e.valid_from))
      else journal_line.away end""",
}
SETTLE_BEFORE = {"reached": REACHED, "columns": "", "values": "", "away": ""}

# A place in a group that has not begun cannot end: it is taken away, and nothing was ever written by it.
LEAVE = """
create or replace function vhod.leave_enrolment(left_behind uuid) returns void
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare e enrolment;
begin
  select * into e from enrolment where id = left_behind and valid_to is not null
    and organisation_id in {reached} for update;
  if not found then
    raise exception 'this enrolment has no end, or is not yours to end' using errcode = 'insufficient_privilege';
  end if;
  delete from subject_group_member where student_id = e.student_id and organisation_id = e.organisation_id
    and class_group_id = e.class_group_id and valid_from >= e.valid_to;
  update subject_group_member set valid_to = e.valid_to
    where student_id = e.student_id and organisation_id = e.organisation_id and class_group_id = e.class_group_id
      and (valid_to is null or valid_to > e.valid_to);
  update journal_line l set left_on = e.valid_to - 1
    from journal j join grading_period p on p.id = j.grading_period_id
    where l.journal_id = j.id and l.student_id = e.student_id and l.organisation_id = e.organisation_id
      and l.class_group_id = e.class_group_id and p.ends_on >= e.valid_to and l.left_on is null;
  if exists (select from enrolment other where other.student_id = e.student_id and other.id <> e.id
             and other.organisation_id = e.organisation_id
             and (other.valid_to is null or other.valid_to > e.valid_to)) then
    return;
  end if;
  update assignment set valid_to = e.valid_to
    where person_id = e.student_id and organisation_id = e.organisation_id and role = 'STUDENT' and reach = 'SELF'
      and ended_at is null and valid_from < e.valid_to and (valid_to is null or valid_to > e.valid_to);
  update assignment set ended_at = {now}
    where person_id = e.student_id and organisation_id = e.organisation_id and role = 'STUDENT' and reach = 'SELF'
      and ended_at is null and valid_from >= e.valid_to;
end $$
"""
LEFT_OUT = """
create or replace function vhod.groups_left_out(settled uuid) returns table (id uuid, name text, subject text)
language sql stable security definer set search_path = public, pg_temp as $$
  select g.id, g.name::text, s.name::text
  from enrolment e join class_group c on c.id = e.class_group_id
    join subject_group g on g.class_group_id = c.id and g.school_year = c.school_year
    join subject s on s.id = g.subject_id
  where e.id = settled and e.organisation_id in {reached}
    and e.student_id <> all(vhod.restricted_ids())
    and not exists (select from subject_group_member m join subject_group taken on taken.id = m.subject_group_id
                    where m.student_id = e.student_id and taken.class_group_id = g.class_group_id
                      and taken.school_year = g.school_year and taken.subject_id = g.subject_id
                      and (m.valid_to is null or m.valid_to > e.valid_from))
  order by s.name, g.name, g.id
$$
"""
# A diary has the lessons of the days on which its student was in the group.
LESSONS = """
create or replace function vhod.lessons_of(student uuid, since date, until date) returns setof uuid language sql stable
security definer set search_path = public, pg_temp as $$
  select e.id from lesson e
  where e.held_on between since and until and student = any(vhod.person_ids('diary:see'))
    and e.journal_id in (select l.journal_id from journal_line l
                         where l.student_id = student and (l.left_on is null or e.held_on <= l.left_on){joined})
  order by e.held_on, e.number, e.id limit 401
$$
"""
JOINED = """
                           and (l.joined_on is null or e.held_on >= l.joined_on)
                           and (l.away is null or not l.away @> e.held_on)"""

# The last word of the wall: whatever wrote it, a mark or an absence begins on a day on which the student was there.
# Later versions correct what stands, also where a transfer was entered after the fact.
CHECK_DAYS = """
create function vhod.check_days_of_lines() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f join journal_line l on l.id = f.journal_line_id
    where f.version = 1 and (f.held_on < l.joined_on or f.held_on > l.left_on or l.away @> f.held_on)
  ) then
    raise exception 'the student was not in the group on that day' using errcode = 'check_violation';
  end if;
  return null;
end $$
"""
CONFLICT_NOW = "enrolment_conflict(uuid, uuid, text, date, uuid)"
VERSIONS = ("mark_version", "attendance_version")
NOW = "vhod.now()"


def replaced(**given: str) -> list[str]:
    """The functions, as they were or as they become."""
    settle = {name: given[name] for name in ("reached", "columns", "values", "away")}
    return [
        SETTLE.format(**settle, now=NOW),
        LEAVE.format(reached=given["reached"], now=NOW),
        LEFT_OUT.format(reached=given["reached"]),
        LESSONS.format(joined=given["joined"]),
    ]


ENDING = {"argument": ", ending uuid default null", "but": " and e.id is distinct from ending"}


def upgrade() -> None:
    op.execute("drop function vhod.enrolment_conflict(uuid, uuid, text, date)")
    conflict = CONFLICT.format(reached=MOVED, **ENDING)
    for statement in (COLUMNS, FILL, MOVING, CHECK_DAYS, conflict, *replaced(**SETTLE_NOW, joined=JOINED)):
        op.execute(statement)
    op.execute("grant create on schema vhod to vhod_keeper")
    for function in ("organisations_moving()", "check_days_of_lines()", CONFLICT_NOW):
        op.execute(f"alter function vhod.{function} owner to vhod_keeper")
    op.execute("revoke create on schema vhod from vhod_keeper")
    for table in VERSIONS:
        op.execute(
            f"create trigger check_days after insert on {table} referencing new table as fresh"
            " for each statement when (current_user = 'vhod_app') execute function vhod.check_days_of_lines()"
        )


def downgrade() -> None:
    for table in VERSIONS:
        op.execute(f"drop trigger check_days on {table}")
    op.execute(f"drop function vhod.{CONFLICT_NOW}")
    for statement in (CONFLICT.format(reached=REACHED, argument="", but=""), *replaced(**SETTLE_BEFORE, joined="")):
        op.execute(statement)
    op.execute("grant create on schema vhod to vhod_keeper")
    op.execute("alter function vhod.enrolment_conflict(uuid, uuid, text, date) owner to vhod_keeper")
    op.execute("revoke create on schema vhod from vhod_keeper")
    for function in ("check_days_of_lines()", "organisations_moving()"):
        op.execute(f"drop function vhod.{function}")
    op.execute("alter table journal_line drop column away, drop column joined_on")
