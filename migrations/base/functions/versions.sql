-- What stands now is made from versions by triggers, and sums go by statement, not by row.

-- A version belongs to the student, lesson and column that its cell says, and follows the one before it.
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
end $$;
alter function vhod.apply_mark_versions() owner to vhod_keeper;
create trigger apply_versions after insert on mark_version
  referencing new table as fresh
  for each statement
  when (pg_trigger_depth() = 0) execute function vhod.apply_mark_versions();

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
end $$;
alter function vhod.apply_attendance_versions() owner to vhod_keeper;
create trigger apply_versions after insert on attendance_version
  referencing new table as fresh
  for each statement
  when (pg_trigger_depth() = 0) execute function vhod.apply_attendance_versions();

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
end $$;
alter function vhod.apply_lesson_versions() owner to vhod_keeper;
create trigger apply_versions after insert on lesson_version
  referencing new table as fresh
  for each statement
  when (pg_trigger_depth() = 0) execute function vhod.apply_lesson_versions();

-- Summary marks are written as versions only.
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
end $$;
alter function vhod.apply_summary_versions() owner to vhod_keeper;
create trigger apply_versions after insert on summary_mark_version
  referencing new table as fresh
  for each statement
  when (pg_trigger_depth() = 0) execute function vhod.apply_summary_versions();

-- Rows that the owner loads directly (a seed, a restored table) get their first version without being asked.
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
end $$;
alter function vhod.first_mark_versions() owner to vhod_keeper;
create trigger first_versions after insert on mark
  referencing new table as fresh
  for each statement
  when (pg_trigger_depth() = 0) execute function vhod.first_mark_versions();

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
end $$;
alter function vhod.first_attendance_versions() owner to vhod_keeper;
create trigger first_versions after insert on attendance_record
  referencing new table as fresh
  for each statement
  when (pg_trigger_depth() = 0) execute function vhod.first_attendance_versions();

-- The first version of a lesson that a run created says so.
create function vhod.first_lesson_versions() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  insert into lesson_version (lesson_id, journal_id, organisation_id, school_year, class_group_id, subject_group_id,
                              status, topic, homework, version, recorded_by_id, assignment_id, role, origin,
                              import_run_id)
  select f.id, f.journal_id, f.organisation_id, f.school_year, f.class_group_id, f.subject_group_id, f.status, f.topic,
         f.homework, f.version, r.started_by_id, r.assignment_id, r.role,
         case when r.id is null then 'ENTERED' else 'IMPORTED' end, r.id
  from fresh f left join import_run r on r.id = vhod.import_run();
  return null;
end $$;
alter function vhod.first_lesson_versions() owner to vhod_keeper;
create trigger first_versions after insert on lesson
  referencing new table as fresh
  for each statement
  when (pg_trigger_depth() = 0) execute function vhod.first_lesson_versions();
