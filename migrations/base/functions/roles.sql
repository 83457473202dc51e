-- Registrars of an authority give roles in their tree, schools open cases about named students.
--
-- Whoever leaves an organisation leaves its roles the same day (domain.md 2.3, rule d), whatever writes that they left.

-- A registrar does not see staff: the person named has told their id, and the answer is only whether they work there.
create function vhod.works_below(person uuid, place uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from staff_position s join organisation o on o.id = s.organisation_id
                 where s.person_id = works_below.person and place = any(o.ancestor_ids)
                   and s.live_from <= vhod.now() and (s.live_until is null or s.live_until > vhod.now()))
$$;
alter function vhod.works_below(uuid, uuid) owner to vhod_keeper;

-- Of another authority's specialist a school only needs to know that they are one, and for this school.
create function vhod.holds_role(person uuid, wanted text, place uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from assignment a join organisation o on o.id = place
                 where a.person_id = holds_role.person and a.role = wanted
                   and (a.reach = 'ORGANISATION' and a.organisation_id = place
                        or a.reach = 'ORGANISATION_TREE' and a.organisation_id = any(o.ancestor_ids))
                   and a.live_from <= vhod.now() and (a.live_until is null or a.live_until > vhod.now()))
$$;
alter function vhod.holds_role(uuid, text, uuid) owner to vhod_keeper;

-- What had not begun yet is ended by hand: a role cannot end before its first day.
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
  update assignment set ended_at = vhod.now()
    where person_id = new.person_id and organisation_id = new.organisation_id and ended_at is null
      and reach in ('ORGANISATION', 'CLASS_GROUPS', 'SUBJECT_GROUPS', 'PERSONS') and valid_from >= new.valid_to;
  return null;
end $$;
alter function vhod.leave_roles() owner to vhod_keeper;
create trigger leave_roles after insert or update of valid_to on staff_position
  for each row
  when (new.valid_to is not null) execute function vhod.leave_roles();
