-- What keeps rows true: the tree of organisations, time zones, sums of a journal line, the version of a person's access.

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
end $$;
create trigger place_in_tree before insert or update of parent_id, kind on organisation
  for each row execute function vhod.place_in_tree();

create function vhod.move_subtree() returns trigger language plpgsql as $$
begin
  update organisation set parent_id = parent_id where parent_id = new.id;
  return null;
end $$;
create trigger move_subtree after update of parent_id, kind on organisation
  for each row execute function vhod.move_subtree();

create function vhod.zone_of(organisation uuid) returns text language sql stable
return coalesce((select time_zone from organisation o where o.id = organisation), 'Europe/Moscow');

create function vhod.zone_of_student(student uuid) returns text language sql stable security definer
set search_path = public, pg_temp as $$
  select vhod.zone_of((select organisation_id from enrolment e where e.student_id = student and e.kind = 'MAIN'
                       order by valid_from desc limit 1))
$$;
alter function vhod.zone_of_student(uuid) owner to vhod_keeper;

-- Days are days of the place: midnight in Krasnoyarsk is not midnight in Chelyabinsk.
create function vhod.keep_live_at_organisation() returns trigger language plpgsql as $$
declare zone text := vhod.zone_of(new.organisation_id);
begin
  new.live_from := new.valid_from::timestamp at time zone zone;
  new.live_until := new.valid_to::timestamp at time zone zone;
  return new;
end $$;
create trigger keep_live before insert or update on enrolment
  for each row execute function vhod.keep_live_at_organisation();
create trigger keep_live before insert or update on subject_group_member
  for each row execute function vhod.keep_live_at_organisation();
create trigger keep_live before insert or update on staff_position
  for each row execute function vhod.keep_live_at_organisation();

create function vhod.keep_live_assignment() returns trigger language plpgsql as $$
declare zone text := vhod.zone_of(new.organisation_id);
begin
  new.live_from := case when new.awaits_confirmation and new.confirmed_at is null then null
                        else new.valid_from::timestamp at time zone zone end;
  new.live_until := least(new.valid_to::timestamp at time zone zone, new.ended_at);
  return new;
end $$;
create trigger keep_live before insert or update on assignment
  for each row execute function vhod.keep_live_assignment();

-- As domain/ages.py has it: who was born on 29 February has their birthday on 1 March where there is none.
create function vhod.birthday(born date, years int) returns date language sql immutable strict parallel safe
return (born + make_interval(years => years))::date
  + (extract(day from born + make_interval(years => years)) <> extract(day from born))::int;
alter function vhod.birthday(date, int) owner to vhod_keeper;

-- Guardianship ends by itself on the 18th birthday, at midnight where the child goes to school.
create function vhod.keep_live_guardianship() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare zone text := vhod.zone_of_student(new.student_id);
        adult date := (select vhod.birthday(birth_date, 18) from person where id = new.student_id);
begin
  new.live_from := new.valid_from::timestamp at time zone zone;
  new.live_until := least(least(new.valid_to, adult)::timestamp at time zone zone, new.ended_at);
  return new;
end $$;
alter function vhod.keep_live_guardianship() owner to vhod_keeper;
create trigger keep_live before insert or update on guardianship
  for each row execute function vhod.keep_live_guardianship();

create function vhod.keep_live_restriction() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare zone text := vhod.zone_of_student(new.subject_person_id);
begin
  new.live_from := new.valid_from::timestamp at time zone zone;
  new.live_until := new.valid_to::timestamp at time zone zone;
  return new;
end $$;
alter function vhod.keep_live_restriction() owner to vhod_keeper;
create trigger keep_live before insert or update on restriction
  for each row execute function vhod.keep_live_restriction();

create function vhod.renew_links_of_student() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare student uuid := case tg_table_name when 'person' then to_jsonb(new) ->> 'id' else to_jsonb(new) ->> 'student_id' end;
begin
  update guardianship set valid_from = valid_from where student_id = student;
  update restriction set valid_from = valid_from where subject_person_id = student;
  return null;
end $$;
alter function vhod.renew_links_of_student() owner to vhod_keeper;
create trigger renew_links after insert or update on enrolment
  for each row execute function vhod.renew_links_of_student();
create trigger renew_links after update of birth_date on person
  for each row execute function vhod.renew_links_of_student();

-- The sums row by row, as the first release kept them.
create function vhod.keep_line_sums() returns trigger language plpgsql security definer
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
end $$;
alter function vhod.keep_line_sums() owner to vhod_keeper;
create trigger keep_line_sums_1 after insert on mark
  referencing new table as fresh
  for each statement execute function vhod.keep_line_sums();
create trigger keep_line_sums_2 after update on mark
  referencing new table as fresh old table as gone
  for each statement execute function vhod.keep_line_sums();
create trigger keep_line_sums_3 after delete on mark
  referencing old table as gone
  for each statement execute function vhod.keep_line_sums();

-- A mark and an absence know the day of their lesson: a week of a diary is one index range.
create function vhod.take_lesson_day() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  new.held_on := (select held_on from lesson where id = new.lesson_id);
  return new;
end $$;
alter function vhod.take_lesson_day() owner to vhod_keeper;
create trigger take_lesson_day before insert on mark
  for each row
  when (new.held_on is null) execute function vhod.take_lesson_day();
create trigger take_lesson_day before insert on attendance_record
  for each row
  when (new.held_on is null) execute function vhod.take_lesson_day();
create trigger take_lesson_day before insert on mark_version
  for each row
  when (new.held_on is null) execute function vhod.take_lesson_day();
create trigger take_lesson_day before insert on attendance_version
  for each row
  when (new.held_on is null) execute function vhod.take_lesson_day();

create function vhod.move_lesson_day() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  update mark set held_on = new.held_on where lesson_id = new.id and school_year = new.school_year;
  update attendance_record set held_on = new.held_on where lesson_id = new.id and school_year = new.school_year;
  return null;
end $$;
alter function vhod.move_lesson_day() owner to vhod_keeper;
create trigger move_lesson_day after update of held_on on lesson for each row execute function vhod.move_lesson_day();

-- Anything that decides what a person may see moves their version: what was worked out before is then out of date.
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
end $$;
alter function vhod.bump_access_version() owner to vhod_keeper;
create trigger bump_access_version after insert or update or delete on assignment
  for each row execute function vhod.bump_access_version('person_id');
create trigger bump_access_version after insert or update or delete on guardianship
  for each row execute function vhod.bump_access_version('guardian_id');
create trigger bump_access_version after insert or update or delete on restriction
  for each row execute function vhod.bump_access_version('person_id');
create trigger bump_access_version after insert or update or delete on external_identity
  for each row execute function vhod.bump_access_version('person_id');
