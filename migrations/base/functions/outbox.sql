-- What happened, for those who follow: an outbox row each, forgotten after a while.

create function vhod.note_mark_version() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  insert into vhod.outbox (kind, school_year, person_id, class_group_id, subject_group_id, journal_id, objects, versions)
  select 'MARK', f.school_year, f.student_id, f.class_group_id, f.subject_group_id, l.journal_id,
         array_agg(f.mark_id order by f.id), array_agg(f.id order by f.id)
  from fresh f join journal_line l on l.id = f.journal_line_id group by 1, 2, 3, 4, 5, 6;
  perform pg_notify('vhod_outbox', '');
  return null;
end $$;
alter function vhod.note_mark_version() owner to vhod_keeper;
create trigger note after insert on mark_version
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.note_mark_version();

create function vhod.note_attendance_version() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  insert into vhod.outbox (kind, school_year, person_id, class_group_id, subject_group_id, journal_id, objects, versions)
  select 'ATTENDANCE', f.school_year, f.student_id, f.class_group_id, f.subject_group_id, l.journal_id,
         array_agg(f.record_id order by f.id), array_agg(f.id order by f.id)
  from fresh f join journal_line l on l.id = f.journal_line_id group by 1, 2, 3, 4, 5, 6;
  perform pg_notify('vhod_outbox', '');
  return null;
end $$;
alter function vhod.note_attendance_version() owner to vhod_keeper;
create trigger note after insert on attendance_version
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.note_attendance_version();

create function vhod.note_summary_mark_version() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  insert into vhod.outbox (kind, school_year, person_id, class_group_id, subject_group_id, journal_id, objects, versions)
  select 'SUMMARY_MARK', f.school_year, f.student_id, f.class_group_id, f.subject_group_id, cast(null as uuid),
         array_agg(f.mark_id order by f.id), array_agg(f.id order by f.id)
  from fresh f  group by 1, 2, 3, 4, 5, 6;
  perform pg_notify('vhod_outbox', '');
  return null;
end $$;
alter function vhod.note_summary_mark_version() owner to vhod_keeper;
create trigger note after insert on summary_mark_version
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.note_summary_mark_version();

create function vhod.note_lesson_version() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  insert into vhod.outbox (kind, school_year, class_group_id, subject_group_id, journal_id, objects)
  select 'LESSON', school_year, class_group_id, subject_group_id, journal_id, array_agg(distinct lesson_id)
  from fresh group by 1, 2, 3, 4, 5;
  perform pg_notify('vhod_outbox', '');
  return null;
end $$;
alter function vhod.note_lesson_version() owner to vhod_keeper;
create trigger note after insert on lesson_version
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.note_lesson_version();

-- A row of the journal that is never removed: it stands for itself.
create function vhod.note_row() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare fact jsonb := to_jsonb(new);
begin
  insert into vhod.outbox (kind, school_year, person_id, class_group_id, subject_group_id, journal_id, objects)
  values (tg_argv[0], (fact ->> 'school_year')::integer, (fact ->> 'student_id')::uuid,
          (fact ->> 'class_group_id')::uuid, (fact ->> 'subject_group_id')::uuid,
          coalesce((fact ->> 'journal_id')::uuid,
                   (select l.journal_id from journal_line l where l.id = (fact ->> 'journal_line_id')::uuid)),
          array[(fact ->> 'id')::uuid]);
  perform pg_notify('vhod_outbox', '');
  return null;
end $$;
alter function vhod.note_row() owner to vhod_keeper;
create trigger note after insert on lesson
  for each row
  when (current_user = 'vhod_app') execute function vhod.note_row('LESSON');
create trigger note after insert or update on assessment_slot
  for each row
  when (current_user = 'vhod_app') execute function vhod.note_row('ASSESSMENT_SLOT');
create trigger note after insert or update of left_on on journal_line
  for each row
  when (current_user = 'vhod_app') execute function vhod.note_row('JOURNAL_LINE');
create trigger note after insert or update on reopening
  for each row
  when (current_user = 'vhod_app') execute function vhod.note_row('REOPENING');
create trigger note after insert or update on mark_proposal
  for each row
  when (current_user = 'vhod_app') execute function vhod.note_row('MARK_PROPOSAL');

-- A thing by itself: an import, a rating, a person whose rights have moved.
create function vhod.note_object() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare object uuid;
begin
  execute format('select ($1).%I', tg_argv[1]) using new into object;
  insert into vhod.outbox (kind, person_id, objects)
  values (tg_argv[0], case when tg_argv[0] = 'RIGHTS' then object end, array[object]);
  perform pg_notify('vhod_outbox', '');
  return null;
end $$;
alter function vhod.note_object() owner to vhod_keeper;
create trigger note after insert on rating
  for each row
  when (current_user = 'vhod_app') execute function vhod.note_object('RATING', 'id');
create trigger note after update on import_run
  for each row
  when (old.status is distinct from new.status or old.done is distinct from new.done) execute function vhod.note_object('IMPORT_RUN', 'id');
create trigger note after insert or update on access_version
  for each row execute function vhod.note_object('RIGHTS', 'person_id');

create function vhod.outbox_since(seen pg_snapshot, most integer, concerned uuid[] default null)
returns table (id bigint, written text, kind text, school_year integer, person_id uuid, class_group_id uuid,
               subject_group_id uuid, journal_id uuid, objects uuid[], versions uuid[])
language sql stable security definer set search_path = public, pg_temp as $$
  select o.id, o.written::text, o.kind, o.school_year, o.person_id, o.class_group_id, o.subject_group_id, o.journal_id,
         o.objects, o.versions
  from vhod.outbox o
  where o.written >= pg_snapshot_xmin(seen) and o.written < pg_snapshot_xmax(pg_current_snapshot())
    and not pg_visible_in_snapshot(o.written, seen)
    and (concerned is null or o.person_id = any(concerned) or o.journal_id = any(concerned)
         or o.subject_group_id = any(concerned) or o.objects && concerned)
  order by o.id limit most
$$;
alter function vhod.outbox_since(pg_snapshot, integer, uuid[]) owner to vhod_keeper;
revoke all on function vhod.outbox_since(seen pg_snapshot, most integer, concerned uuid[]) from public;
grant all on function vhod.outbox_since(seen pg_snapshot, most integer, concerned uuid[]) to vhod_app;

-- Transactions of another server (a restored copy) are not ours: a snapshot of the future is as bad as an old one.
create function vhod.outbox_forgot(seen pg_snapshot) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select pg_snapshot_xmin(seen) <= f.written or pg_snapshot_xmax(seen) > pg_snapshot_xmax(pg_current_snapshot())
  from vhod.outbox_floor f
$$;
alter function vhod.outbox_forgot(pg_snapshot) owner to vhod_keeper;
revoke all on function vhod.outbox_forgot(seen pg_snapshot) from public;
grant all on function vhod.outbox_forgot(seen pg_snapshot) to vhod_app;

create function vhod.forget_outbox(keep interval) returns bigint
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare last xid8; counted bigint;
        future xid8 := pg_snapshot_xmax(pg_current_snapshot());
begin
  if keep < interval '1 hour' then
    raise exception 'what happened within an hour is kept' using errcode = 'check_violation';
  end if;
  if not pg_try_advisory_xact_lock(hashtext('vhod outbox')) then
    return 0;  -- another process is at it
  end if;
  -- A copy that was restored on a younger server begins anew: its numbers of transactions would come round again.
  if exists (select from vhod.outbox o where o.written > future) or exists (select from vhod.outbox_floor f where f.written > future) then
    delete from vhod.outbox;
    update vhod.outbox_floor set written = future;
  end if;
  select o.written into last from vhod.outbox o where o.happened_at < vhod.now() - keep order by o.written desc limit 1;
  update vhod.outbox_floor set written = last where last is not null and written < last;
  delete from vhod.outbox where happened_at < vhod.now() - keep;
  get diagnostics counted = row_count;
  return counted;
end $$;
alter function vhod.forget_outbox(interval) owner to vhod_keeper;
revoke all on function vhod.forget_outbox(keep interval) from public;
grant all on function vhod.forget_outbox(keep interval) to vhod_app;
