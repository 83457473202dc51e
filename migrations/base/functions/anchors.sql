-- What the application adds belongs where it says, and takes no other fact's identity.
--
-- The policies ask for one anchor that the writer reaches; these triggers ask that the others fit to it. Only the
-- application is asked: whoever owns the database may load what an older system left.

create function vhod.check_mark_version() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f join mark_version other on other.school_year = f.school_year and other.mark_id = f.mark_id
    where f.version = 1 and other.id <> f.id and (other.slot_id, other.journal_line_id, other.position) is distinct from (f.slot_id, f.journal_line_id, f.position)
) then
    raise exception 'a mark begins with an identity of its own' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_mark_version() owner to vhod_keeper;
create trigger check_anchors after insert on mark_version
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_mark_version();

create function vhod.check_attendance_version() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f join attendance_version other on other.school_year = f.school_year and other.record_id = f.record_id
    where f.version = 1 and other.id <> f.id and (other.lesson_id, other.student_id) is distinct from (f.lesson_id, f.student_id)
) then
    raise exception 'a record of attendance begins with an identity of its own' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_attendance_version() owner to vhod_keeper;
create trigger check_anchors after insert on attendance_version
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_attendance_version();

create function vhod.check_summary_mark_version() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f
    where f.subject_group_id is not null and not exists (
            select from journal_line l join journal j on j.id = l.journal_id
            where l.student_id = f.student_id and j.subject_id = f.subject_id
              and (l.organisation_id, l.subject_group_id, l.class_group_id, l.school_year) is not distinct from (f.organisation_id, f.subject_group_id, f.class_group_id, f.school_year))
       or f.subject_group_id is null and not exists (
            select from enrolment e where e.student_id = f.student_id and e.organisation_id = f.organisation_id
              and e.class_group_id = coalesce(f.class_group_id, e.class_group_id))
    union all

    select from fresh f join summary_mark_version other on other.school_year = f.school_year and other.mark_id = f.mark_id
    where f.version = 1 and other.id <> f.id and (other.student_id, other.subject_id, other.kind, other.grading_period_id) is distinct from (f.student_id, f.subject_id, f.kind, f.grading_period_id)
) then
    raise exception 'a summary mark belongs to a student of the group, or of the school, and begins with an identity of its own' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_summary_mark_version() owner to vhod_keeper;
create trigger check_anchors after insert on summary_mark_version
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_summary_mark_version();

create function vhod.check_assessment_slot() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f left join lesson e on e.id = f.lesson_id
    where (f.journal_id, f.organisation_id, f.subject_group_id, f.class_group_id, f.school_year) is distinct from (e.journal_id, e.organisation_id, e.subject_group_id, e.class_group_id, e.school_year)
    ) then
    raise exception 'a column stands in the lesson and the page that it names' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_assessment_slot() owner to vhod_keeper;
create trigger check_anchors after insert on assessment_slot
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_assessment_slot();

create function vhod.check_mark_proposal() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f left join journal_line l on l.id = f.journal_line_id
    left join assessment_slot s on s.id = f.slot_id
    where (f.student_id, f.organisation_id, f.subject_group_id, f.class_group_id, f.school_year) is distinct from (l.student_id, l.organisation_id, l.subject_group_id, l.class_group_id, l.school_year)
       or (f.lesson_id, l.journal_id) is distinct from (s.lesson_id, s.journal_id)
    ) then
    raise exception 'a proposal belongs to the line and the column that it names' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_mark_proposal() owner to vhod_keeper;
create trigger check_anchors after insert on mark_proposal
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_mark_proposal();

create function vhod.check_reopening() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f left join journal j on j.id = f.journal_id
    where (f.organisation_id, f.subject_group_id, f.class_group_id, f.school_year) is distinct from (j.organisation_id, j.subject_group_id, j.class_group_id, j.school_year)
    ) then
    raise exception 'a reopening belongs to the page that it names' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_reopening() owner to vhod_keeper;
create trigger check_anchors after insert on reopening
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_reopening();

create function vhod.check_period_closing() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f left join grading_period p on p.id = f.grading_period_id
    where f.organisation_id is distinct from p.organisation_id
    ) then
    raise exception 'a closing belongs to the organisation of the period' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_period_closing() owner to vhod_keeper;
create trigger check_anchors after insert on period_closing
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_period_closing();
