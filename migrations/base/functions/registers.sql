-- Staff files, achievements, rehabilitation programmes, screening. Only ever added to.

create function vhod.check_employment_record() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f where not exists (
      select from staff_position s where s.person_id = f.person_id and s.organisation_id = f.organisation_id)
    ) then
    raise exception 'a staff file is kept where the person works or worked' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_employment_record() owner to vhod_keeper;
create trigger check_anchors after insert on employment_record
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_employment_record();

create function vhod.check_achievement() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f where not exists (
      select from enrolment e where e.student_id = f.student_id and e.organisation_id = f.organisation_id
        and e.class_group_id = coalesce(f.class_group_id, e.class_group_id))
) then
    raise exception 'an achievement belongs to a student of the school and class' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_achievement() owner to vhod_keeper;
create trigger check_anchors after insert on achievement
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_achievement();

create function vhod.check_screening_participation() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f where not exists (
      select from enrolment e where e.student_id = f.student_id and e.organisation_id = f.organisation_id
        and e.class_group_id = coalesce(f.class_group_id, e.class_group_id))
) then
    raise exception 'a screening belongs to a student of the school and class' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_screening_participation() owner to vhod_keeper;
create trigger check_anchors after insert on screening_participation
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_screening_participation();

create function vhod.check_rehabilitation_measure() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f left join rehabilitation_programme p on p.id = f.programme_id
    where (f.student_id, f.organisation_id) is distinct from (p.student_id, p.organisation_id)
    ) then
    raise exception 'a measure belongs to the programme that it names' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_rehabilitation_measure() owner to vhod_keeper;
create trigger check_anchors after insert on rehabilitation_measure
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_rehabilitation_measure();

create function vhod.check_rehabilitation_report() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f left join rehabilitation_measure m on m.id = f.measure_id
    where (f.student_id, f.organisation_id) is distinct from (m.student_id, m.organisation_id)
    ) then
    raise exception 'a report belongs to the measure that it names' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_rehabilitation_report() owner to vhod_keeper;
create trigger check_anchors after insert on rehabilitation_report
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_rehabilitation_report();
