-- The queue of imports, and what a run may add on behalf of its starter.

-- Which run this transaction carries out; null in every transaction that is none.
create function vhod.import_run() returns uuid language sql stable parallel safe
return nullif(current_setting('vhod.import_run', true), '')::uuid;

-- The queue works on runs of everybody, so it asks as the keeper; a worker that lost its lease changes nothing.
create function vhod.claim_import(worker uuid, seconds integer, only_run uuid default null)
returns table (id uuid, organisation_id uuid, kind text, mode text, dry_run boolean, overwrite boolean, options jsonb,
               done integer, started_by_id uuid, assignment_id uuid, role text, caller jsonb, attempts integer,
               file_name text, cancelled boolean, requested_at timestamptz)
language sql volatile security definer set search_path = public, pg_temp as $$
  update import_run r set status = 'RUNNING', token = worker, attempts = r.attempts + 1,
    lease_until = vhod.clock_timestamp() + make_interval(secs => seconds), started_at = coalesce(r.started_at, vhod.now())
  from import_file f
  where f.id = r.file_id and r.id = (
    select w.id from import_run w
    where (w.status = 'QUEUED' or w.status = 'RUNNING' and w.lease_until < vhod.clock_timestamp())
      and (only_run is null or w.id = only_run)
    order by w.requested_at, w.id for update skip locked limit 1)
  returning r.id, r.organisation_id, r.kind, r.mode, r.dry_run, r.overwrite, r.options, r.done, r.started_by_id,
    r.assignment_id, r.role, r.caller, r.attempts, f.name, r.cancel_requested_at is not null, r.requested_at
$$;
alter function vhod.claim_import(uuid, integer, uuid) owner to vhod_keeper;

create function vhod.import_content(run uuid, worker uuid) returns bytea
language sql stable security definer set search_path = public, pg_temp as $$
  select f.content from import_run r join import_file f on f.id = r.file_id
  where r.id = run and r.token = worker and r.status = 'RUNNING'
$$;
alter function vhod.import_content(uuid, uuid) owner to vhod_keeper;

create function vhod.note_import(run uuid, worker uuid, seconds integer, noted jsonb) returns boolean
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare wanted boolean;
begin
  update import_run r set
    total = coalesce((noted ->> 'total')::integer, r.total),
    done = coalesce((noted ->> 'done')::integer, r.done),
    created = r.created + coalesce((noted ->> 'created')::integer, 0),
    changed = r.changed + coalesce((noted ->> 'changed')::integer, 0),
    unchanged = r.unchanged + coalesce((noted ->> 'unchanged')::integer, 0),
    rejected = r.rejected + coalesce((noted ->> 'rejected')::integer, 0),
    flagged = r.flagged + coalesce((noted ->> 'flagged')::integer, 0),
    warned = r.warned + coalesce((noted ->> 'warned')::integer, 0),
    issues = coalesce(noted -> 'issues', r.issues),
    failure_code = coalesce(noted ->> 'failure_code', r.failure_code),
    status = coalesce(noted ->> 'status', r.status),
    finished_at = case when noted ->> 'status' is null then r.finished_at else vhod.clock_timestamp() end,
    token = case when noted ->> 'status' is null then r.token end,
    lease_until = vhod.clock_timestamp() + make_interval(secs => seconds)
  where r.id = run and r.token = worker and r.status = 'RUNNING'
  returning r.cancel_requested_at is not null into wanted;
  if not found then
    raise exception 'this run is not held by this worker any more' using errcode = 'object_not_in_prerequisite_state';
  end if;
  return wanted;
end $$;
alter function vhod.note_import(uuid, uuid, integer, jsonb) owner to vhod_keeper;

-- Whom a school may enter or amend: its students (also of a day to come), those who represent them, its staff.
create function vhod.students_in_reach(permission text) returns setof uuid
language sql stable security definer parallel safe rows 500 set search_path = public, pg_temp as $$
  select e.student_id from enrolment e where e.organisation_id in (select vhod.organisations(permission))
    and (e.live_until is null or e.live_until > vhod.now())
$$;
alter function vhod.students_in_reach(text) owner to vhod_keeper;

create function vhod.people_in_reach(permission text) returns setof uuid
language sql stable security definer parallel safe rows 1000 set search_path = public, pg_temp as $$
  select vhod.students_in_reach(permission)
  union select g.guardian_id from guardianship g where g.student_id in (select vhod.students_in_reach(permission))
  union select s.person_id from staff_position s where s.organisation_id in (select vhod.organisations(permission))
    and (s.live_until is null or s.live_until > vhod.now())
$$;
alter function vhod.people_in_reach(text) owner to vhod_keeper;

create function vhod.check_imported_lesson() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (select from fresh f left join journal j on j.id = f.journal_id where (f.organisation_id, f.school_year, f.class_group_id, f.subject_group_id) is distinct from (j.organisation_id, j.school_year, j.class_group_id, j.subject_group_id)) then
    raise exception 'a lesson belongs to the page that it names' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_imported_lesson() owner to vhod_keeper;
create trigger check_imported after insert on lesson
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_imported_lesson();

create function vhod.check_imported_enrolment() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (select from fresh f left join class_group c on c.id = f.class_group_id where f.organisation_id is distinct from c.organisation_id) then
    raise exception 'a class belongs to the organisation of the enrolment' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_imported_enrolment() owner to vhod_keeper;
create trigger check_imported after insert on enrolment
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_imported_enrolment();
