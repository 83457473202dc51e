-- Somebody at a school proposes who represents a student, a second person confirms, or ends it.
--
-- A proposal is a row of its own: nothing that is reached through guardianships knows of it. Accepting it makes the
-- guardianship and the role in the same statement, as the keeper, after the same questions were asked once more.

-- Who proposes need not see students: an administrator names a student whose id they were told. The answer is only
-- where the student learns within the proposer's reach.
create function vhod.places_to_propose(student uuid) returns table (organisation_id uuid, class_group_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select e.organisation_id, e.class_group_id from enrolment e
  where e.student_id = student and e.live_from <= vhod.now() and (e.live_until is null or e.live_until > vhod.now())
    and (e.organisation_id in (select vhod.organisations('guardianship:propose'))
         or e.class_group_id = any(vhod.class_group_ids('guardianship:propose')))
    and student <> all(vhod.restricted_ids())
  order by e.kind = 'MAIN' desc, e.valid_from
$$;
alter function vhod.places_to_propose(uuid) owner to vhod_keeper;

-- The parent has told their id and their name: both must agree, so that a slip names nobody else.
create function vhod.is_named(who uuid, name text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from person where id = who
                 and btrim(fold) = fold_text(regexp_replace(btrim(name), '\s+', ' ', 'g')))
$$;
alter function vhod.is_named(uuid, text) owner to vhod_keeper;

create function vhod.bar_to_guardianship(guardian uuid, student uuid) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select case
    when exists (select from restriction where person_id = guardian and subject_person_id = student
                 and (live_until is null or live_until > vhod.now())) then 'GUARDIANSHIP_BARRED'
    when (select vhod.birthday(birth_date, 18) from person where id = student)::timestamp
         at time zone vhod.zone_of_student(student) <= vhod.now() then 'STUDENT_ADULT'
    when exists (select from guardianship where guardian_id = guardian and student_id = student
                 and (live_until is null or live_until > vhod.now())) then 'ALREADY_REPRESENTED'
  end
$$;
alter function vhod.bar_to_guardianship(uuid, uuid) owner to vhod_keeper;

create function vhod.fill_guardianship_proposal() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  -- Decided ones come from a backup or another register: the application cannot add them.
  if new.decided_at is not null then
    return new;
  end if;
  if not exists (select from enrolment e where e.student_id = new.student_id
                 and e.organisation_id = new.organisation_id and e.class_group_id = new.class_group_id
                 and e.live_from <= vhod.now() and (e.live_until is null or e.live_until > vhod.now()))
     or not vhod.is_named(new.guardian_id, new.guardian_name)
     or vhod.bar_to_guardianship(new.guardian_id, new.student_id) is not null then
    raise exception 'a proposal names a student who learns there and a person of that name, and nothing stands between'
      using errcode = 'check_violation';
  end if;
  new.student_name := (select concat_ws(' ', last_name, first_name, middle_name) from person where id = new.student_id);
  return new;
end $$;
alter function vhod.fill_guardianship_proposal() owner to vhod_keeper;
create trigger fill before insert on guardianship_proposal
  for each row execute function vhod.fill_guardianship_proposal();

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
                    and reach = 'CHILDREN' and live_from <= vhod.now() and (live_until is null or live_until > vhod.now()));
  return null;
end $$;
alter function vhod.carry_out_guardianship() owner to vhod_keeper;
create trigger carry_out after update on guardianship_proposal
  for each row execute function vhod.carry_out_guardianship();
