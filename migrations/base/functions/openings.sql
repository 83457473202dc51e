-- Openings of records by person, made of the access journal; the audit without its payload.
--
-- Of the audit everything but what was written there may be read, by those who look after an organisation.

create function vhod.make_openings() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin

  insert into record_opening (entry_id, happened_at, person_id, organisation_id, actor_id, client_id, roles, special,
                              fields)
  select f.id, f.happened_at, p.id,
         coalesce((select e.organisation_id from enrolment e
                   where e.student_id = p.id and e.organisation_id = any(f.organisation_ids)
                   order by e.valid_from desc limit 1), f.organisation_ids[1]),
         f.actor_id, f.client_id, f.roles, f.sensitivity >= 3, f.fields
  from fresh f cross join lateral unnest(f.subject_ids) as subject (id) join person p on p.id = subject.id
  where f.actor_id is distinct from p.id
;
  return null;
end $$;
alter function vhod.make_openings() owner to vhod_keeper;
create trigger make_openings after insert on access_entry
  referencing new table as fresh
  for each statement execute function vhod.make_openings();
