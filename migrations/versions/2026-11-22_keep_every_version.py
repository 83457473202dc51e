"""Keep every version: what stands now is made from versions by triggers, and sums go by statement, not by row."""

from alembic import op

revision = "2026_11_22_07"
down_revision = "2026_11_22_06"
branch_labels = None
depends_on = None

# The ids are the same in every database, so that an export of one can be read by another.
CATALOGUE = """
insert into work_type (id, code, name, letter, weight) values
  ('019aa000-0000-7000-8000-000000000001', 'LESSON', 'Работа на уроке', 'У', 1),
  ('019aa000-0000-7000-8000-000000000002', 'HOMEWORK', 'Домашняя работа', 'Д', 1),
  ('019aa000-0000-7000-8000-000000000003', 'INDEPENDENT', 'Самостоятельная работа', 'С', 2),
  ('019aa000-0000-7000-8000-000000000004', 'TEST', 'Контрольная работа', 'К', 3),
  ('019aa000-0000-7000-8000-000000000005', 'LABORATORY', 'Лабораторная работа', 'Л', 2),
  ('019aa000-0000-7000-8000-000000000006', 'PROJECT', 'Проект', 'П', 2),
  ('019aa000-0000-7000-8000-000000000007', 'DICTATION', 'Диктант', 'Дк', 2),
  ('019aa000-0000-7000-8000-000000000008', 'CREDIT', 'Зачёт', 'З', 2),
  ('019aa000-0000-7000-8000-000000000009', 'MAKE_UP', 'Отработка пропущенного', 'О', 1)
"""

# Marks that stand already get a column: one for each weight in a lesson, and one more where a student has two alike.
SLOTS = """
create temporary table placed on commit drop as
  select school_year, id, lesson_id, dense_rank() over (partition by lesson_id order by weight, ordinal) as number, weight
  from (select school_year, id, lesson_id, weight,
               row_number() over (partition by lesson_id, journal_line_id, weight order by id) as ordinal from mark) m
"""
FILL_SLOTS = """
insert into assessment_slot (lesson_id, journal_id, organisation_id, school_year, class_group_id, subject_group_id,
                             number, work_type_id, weight, code)
select l.id, l.journal_id, l.organisation_id, l.school_year, l.class_group_id, l.subject_group_id, p.number,
       (select id from work_type where code = 'LESSON' and organisation_id is null), p.weight, l.slot_code
from (select distinct lesson_id, number, weight from placed) p join lesson l on l.id = p.lesson_id
"""
FILL_MARKS = """
update mark m set slot_id = s.id from placed p join assessment_slot s on s.lesson_id = p.lesson_id and s.number = p.number
where m.school_year = p.school_year and m.id = p.id
"""
FIRST_VERSIONS = [
    """
    insert into mark_version (mark_id, value, school_year, lesson_id, journal_line_id, student_id, organisation_id,
      class_group_id, subject_group_id, held_on, slot_id, position, scale, weight, remark, recorded_by_id, assignment_id,
      recorded_at)
    select id, value, school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id,
      subject_group_id, held_on, slot_id, position, scale, weight, remark, recorded_by_id, assignment_id, recorded_at
    from mark
    """,
    """
    insert into attendance_version (record_id, code, note, school_year, lesson_id, journal_line_id, student_id,
      organisation_id, class_group_id, subject_group_id, held_on, recorded_by_id, recorded_at)
    select id, code, note, school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id,
      subject_group_id, held_on, recorded_by_id, recorded_at
    from attendance_record
    """,
    """
    insert into lesson_version (lesson_id, journal_id, organisation_id, school_year, class_group_id, subject_group_id,
                                status, topic, homework)
    select id, journal_id, organisation_id, school_year, class_group_id, subject_group_id, status, topic, homework
    from lesson
    """,
]

LINE_SUMS = """
create or replace function vhod.keep_line_sums() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    update journal_line l set mark_sum = l.mark_sum - d.m, weight_sum = l.weight_sum - d.w, mark_count = l.mark_count - d.n
    from (select journal_line_id, sum(value * weight) m, sum(weight) w, count(*) n from gone group by 1) d
    where l.id = d.journal_line_id;
  end if;
  if tg_op <> 'DELETE' then
    update journal_line l set mark_sum = l.mark_sum + d.m, weight_sum = l.weight_sum + d.w, mark_count = l.mark_count + d.n
    from (select journal_line_id, sum(value * weight) m, sum(weight) w, count(*) n from fresh group by 1) d
    where l.id = d.journal_line_id;
  end if;
  return null;
end $$
"""

# A version belongs to the student, lesson and column that its cell says, and follows the one before it.
APPLY_MARKS = """
create function vhod.apply_mark_versions() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f
    left join assessment_slot s on s.id = f.slot_id left join lesson e on e.id = s.lesson_id
    left join journal_line l on l.id = f.journal_line_id
    where (f.lesson_id, f.student_id, f.organisation_id, f.subject_group_id, f.class_group_id, f.school_year, f.held_on,
           s.journal_id)
          is distinct from
          (s.lesson_id, l.student_id, l.organisation_id, l.subject_group_id, l.class_group_id, l.school_year, e.held_on,
           l.journal_id)
  ) then
    raise exception 'a mark must stand in the line and the column that it names' using errcode = 'check_violation';
  end if;
  if exists (
    select from fresh f left join mark_version before
      on before.school_year = f.school_year and before.slot_id = f.slot_id
     and before.journal_line_id = f.journal_line_id and before.position = f.position and before.version = f.version - 1
    where f.version > 1 and before.mark_id is distinct from f.mark_id
  ) then
    raise exception 'a version must follow the one before it' using errcode = 'check_violation';
  end if;
  delete from mark m using fresh f
  where f.value is null and m.school_year = f.school_year and m.id = f.mark_id and f.version > m.version;
  insert into mark as m (id, value, version, recorded_by_id, assignment_id, role, recorded_at, reason, origin,
    import_run_id, school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id,
    subject_group_id, held_on, slot_id, position, scale, weight, remark)
  select distinct on (f.school_year, f.mark_id) f.mark_id, f.value, f.version, f.recorded_by_id, f.assignment_id, f.role,
    f.recorded_at, f.reason, f.origin, f.import_run_id, f.school_year, f.lesson_id, f.journal_line_id, f.student_id,
    f.organisation_id, f.class_group_id, f.subject_group_id, f.held_on, f.slot_id, f.position, f.scale, f.weight, f.remark
  from fresh f
  where f.value is not null
    and not exists (select from fresh later where later.mark_id = f.mark_id and later.version > f.version)
  order by f.school_year, f.mark_id, f.version desc
  on conflict (school_year, id) do update set value = excluded.value, version = excluded.version,
    recorded_by_id = excluded.recorded_by_id, assignment_id = excluded.assignment_id, role = excluded.role,
    recorded_at = excluded.recorded_at, reason = excluded.reason, origin = excluded.origin,
    import_run_id = excluded.import_run_id, scale = excluded.scale, weight = excluded.weight, remark = excluded.remark;
  return null;
end $$
"""

APPLY_ATTENDANCE = """
create function vhod.apply_attendance_versions() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f left join lesson e on e.id = f.lesson_id left join journal_line l on l.id = f.journal_line_id
    where (f.student_id, f.organisation_id, f.subject_group_id, f.class_group_id, f.school_year, f.held_on, e.journal_id)
          is distinct from
          (l.student_id, l.organisation_id, l.subject_group_id, l.class_group_id, l.school_year, e.held_on, l.journal_id)
  ) then
    raise exception 'attendance must stand in the line and the lesson that it names' using errcode = 'check_violation';
  end if;
  if exists (
    select from fresh f left join attendance_version before
      on before.school_year = f.school_year and before.lesson_id = f.lesson_id
     and before.student_id = f.student_id and before.version = f.version - 1
    where f.version > 1 and before.record_id is distinct from f.record_id
  ) then
    raise exception 'a version must follow the one before it' using errcode = 'check_violation';
  end if;
  delete from attendance_record a using fresh f
  where f.code is null and a.school_year = f.school_year and a.id = f.record_id and f.version > a.version;
  insert into attendance_record as a (id, code, note, version, recorded_by_id, assignment_id, role, recorded_at, reason,
    origin, import_run_id, school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id,
    subject_group_id, held_on)
  select f.record_id, f.code, f.note, f.version, f.recorded_by_id, f.assignment_id, f.role, f.recorded_at, f.reason,
    f.origin, f.import_run_id, f.school_year, f.lesson_id, f.journal_line_id, f.student_id, f.organisation_id,
    f.class_group_id, f.subject_group_id, f.held_on
  from fresh f
  where f.code is not null
    and not exists (select from fresh later where later.record_id = f.record_id and later.version > f.version)
  on conflict (school_year, id) do update set code = excluded.code, note = excluded.note, version = excluded.version,
    recorded_by_id = excluded.recorded_by_id, assignment_id = excluded.assignment_id, role = excluded.role,
    recorded_at = excluded.recorded_at, reason = excluded.reason, origin = excluded.origin,
    import_run_id = excluded.import_run_id;
  return null;
end $$
"""

APPLY_LESSONS = """
create function vhod.apply_lesson_versions() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f left join lesson e on e.id = f.lesson_id
    where (f.journal_id, f.organisation_id, f.subject_group_id, f.class_group_id, f.school_year) is distinct from
          (e.journal_id, e.organisation_id, e.subject_group_id, e.class_group_id, e.school_year)
       or f.version <> e.version + 1
  ) then
    raise exception 'a version must follow the one before it, of the same lesson' using errcode = 'check_violation';
  end if;
  update lesson e set status = f.status, topic = f.topic, homework = f.homework, version = f.version
  from fresh f where e.id = f.lesson_id;
  return null;
end $$
"""

# Summary marks are written as versions only.
APPLY_SUMMARIES = """
create function vhod.apply_summary_versions() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f left join summary_mark_version before
      on before.school_year = f.school_year and before.student_id = f.student_id and before.subject_id = f.subject_id
     and before.kind = f.kind and before.grading_period_id is not distinct from f.grading_period_id
     and before.version = f.version - 1
    where f.version > 1 and before.mark_id is distinct from f.mark_id
  ) then
    raise exception 'a version must follow the one before it' using errcode = 'check_violation';
  end if;
  delete from summary_mark m using fresh f
  where f.withdrawn and m.school_year = f.school_year and m.id = f.mark_id and f.version > m.version;
  insert into summary_mark as m (id, version, recorded_by_id, assignment_id, role, recorded_at, reason, origin,
    import_run_id, school_year, student_id, organisation_id, class_group_id, subject_group_id, subject_id, kind,
    grading_period_id, scale, value, proposed, basis_sum, basis_weight, basis_count, policy_version)
  select f.mark_id, f.version, f.recorded_by_id, f.assignment_id, f.role, f.recorded_at, f.reason, f.origin,
    f.import_run_id, f.school_year, f.student_id, f.organisation_id, f.class_group_id, f.subject_group_id, f.subject_id,
    f.kind, f.grading_period_id, f.scale, f.value, f.proposed, f.basis_sum, f.basis_weight, f.basis_count,
    f.policy_version
  from fresh f
  where not f.withdrawn
    and not exists (select from fresh later where later.mark_id = f.mark_id and later.version > f.version)
  on conflict (school_year, id) do update set version = excluded.version, recorded_by_id = excluded.recorded_by_id,
    assignment_id = excluded.assignment_id, role = excluded.role, recorded_at = excluded.recorded_at,
    reason = excluded.reason, origin = excluded.origin, import_run_id = excluded.import_run_id,
    organisation_id = excluded.organisation_id, class_group_id = excluded.class_group_id,
    subject_group_id = excluded.subject_group_id, scale = excluded.scale, value = excluded.value,
    proposed = excluded.proposed, basis_sum = excluded.basis_sum, basis_weight = excluded.basis_weight,
    basis_count = excluded.basis_count, policy_version = excluded.policy_version;
  return null;
end $$
"""

# Rows that the owner loads directly (a seed, a restored table) get their first version without being asked.
FIRST_MARKS = """
create function vhod.first_mark_versions() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  insert into mark_version (mark_id, value, version, recorded_by_id, assignment_id, role, recorded_at, reason, origin,
    import_run_id, school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id,
    subject_group_id, held_on, slot_id, position, scale, weight, remark)
  select id, value, version, recorded_by_id, assignment_id, role, recorded_at, reason, origin, import_run_id,
    school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id, subject_group_id, held_on,
    slot_id, position, scale, weight, remark from fresh;
  return null;
end $$
"""
FIRST_ATTENDANCE = """
create function vhod.first_attendance_versions() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  insert into attendance_version (record_id, code, note, version, recorded_by_id, assignment_id, role, recorded_at,
    reason, origin, import_run_id, school_year, lesson_id, journal_line_id, student_id, organisation_id,
    class_group_id, subject_group_id, held_on)
  select id, code, note, version, recorded_by_id, assignment_id, role, recorded_at, reason, origin, import_run_id,
    school_year, lesson_id, journal_line_id, student_id, organisation_id, class_group_id, subject_group_id, held_on
  from fresh;
  return null;
end $$
"""
FIRST_LESSONS = """
create function vhod.first_lesson_versions() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  insert into lesson_version (lesson_id, journal_id, organisation_id, school_year, class_group_id, subject_group_id,
                              status, topic, homework, version)
  select id, journal_id, organisation_id, school_year, class_group_id, subject_group_id, status, topic, homework,
         version from fresh;
  return null;
end $$
"""

FUNCTIONS = {
    "apply_mark_versions": APPLY_MARKS,
    "apply_attendance_versions": APPLY_ATTENDANCE,
    "apply_lesson_versions": APPLY_LESSONS,
    "apply_summary_versions": APPLY_SUMMARIES,
    "first_mark_versions": FIRST_MARKS,
    "first_attendance_versions": FIRST_ATTENDANCE,
    "first_lesson_versions": FIRST_LESSONS,
}

# Each makes the other's rows: what a trigger writes must not set the other one off.
FROM_OUTSIDE = "when (pg_trigger_depth() = 0)"
TRIGGERS = [
    *(
        f"create trigger apply_versions after insert on {versions} referencing new table as fresh"
        f" for each statement {FROM_OUTSIDE} execute function vhod.{function}()"
        for versions, function in (
            ("mark_version", "apply_mark_versions"),
            ("attendance_version", "apply_attendance_versions"),
            ("lesson_version", "apply_lesson_versions"),
            ("summary_mark_version", "apply_summary_versions"),
        )
    ),
    *(
        f"create trigger first_versions after insert on {table} referencing new table as fresh"
        f" for each statement {FROM_OUTSIDE} execute function vhod.{function}()"
        for table, function in (
            ("mark", "first_mark_versions"),
            ("attendance_record", "first_attendance_versions"),
            ("lesson", "first_lesson_versions"),
        )
    ),
    "create trigger keep_line_sums_1 after insert on mark referencing new table as fresh"
    " for each statement execute function vhod.keep_line_sums()",
    "create trigger keep_line_sums_2 after update on mark referencing new table as fresh old table as gone"
    " for each statement execute function vhod.keep_line_sums()",
    "create trigger keep_line_sums_3 after delete on mark referencing old table as gone"
    " for each statement execute function vhod.keep_line_sums()",
    *(
        f"create trigger take_lesson_day before insert on {table} for each row when (new.held_on is null)"
        " execute function vhod.take_lesson_day()"
        for table in ("mark", "attendance_record", "mark_version", "attendance_version")
    ),
]


def upgrade() -> None:
    op.execute(CATALOGUE)
    # The first release changed assignments only.
    op.execute("update mutation_key set objects = array['Assignment:' || object_id] where object_id is not null")
    for statement in (SLOTS, FILL_SLOTS, FILL_MARKS, *FIRST_VERSIONS):
        op.execute(statement)
    op.execute("alter table mark alter column slot_id set not null")
    op.execute("alter table mark add unique (school_year, slot_id, journal_line_id, position)")
    op.execute("drop trigger keep_line_sums on mark")
    for table in ("mark", "attendance_record"):
        op.execute(f"drop trigger take_lesson_day on {table}")
    op.execute(LINE_SUMS)
    for function in FUNCTIONS.values():
        op.execute(function)
    for trigger in TRIGGERS:
        op.execute(trigger)
    op.execute("grant create on schema vhod to vhod_keeper")
    for name in FUNCTIONS:
        op.execute(f"alter function vhod.{name}() owner to vhod_keeper")
    op.execute("revoke create on schema vhod from vhod_keeper")


# The sums row by row, as the first release kept them.
ROW_SUMS = """
create or replace function vhod.keep_line_sums() returns trigger language plpgsql security definer
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


def downgrade() -> None:
    for trigger in TRIGGERS:
        op.execute(f"drop trigger {trigger.split()[2]} on {trigger.split(' on ')[1].split()[0]}")
    for name in FUNCTIONS:
        op.execute(f"drop function vhod.{name}()")
    op.execute(ROW_SUMS)
    op.execute(
        "create trigger keep_line_sums after insert or update or delete on mark"
        " for each row execute function vhod.keep_line_sums()"
    )
    for table in ("mark", "attendance_record"):
        op.execute(
            f"create trigger take_lesson_day before insert on {table} for each row execute function vhod.take_lesson_day()"
        )
    op.execute("alter table mark drop constraint mark_school_year_slot_id_journal_line_id_position_key")
    op.execute("alter table mark alter column slot_id drop not null")
    op.execute("delete from lesson_version; delete from attendance_version; delete from mark_version")
    op.execute("update mark set slot_id = null")
    op.execute("delete from assessment_slot; delete from work_type")
