-- The pages and students that a person's own ended roles, children and bans led to
--
-- Revision ID: 2026_11_22_tell_what_to_forget
-- Revises: 2026_11_22_identities

-- Whose reach it is, the row-level context says: nobody can ask about another. Nothing is named that came to a group
-- when the person had left it. A reach over whole organisations led to too much to be named: ALL.
-- TURNED: something of theirs began or ended by its date, of which no version tells.
create function vhod.left_reach(since timestamptz, most integer) returns table (kind text, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  with me as materialized (select nullif(current_setting('vhod.person', true), '')::uuid as person),
  ended as materialized (
    select a.reach, a.class_group_id, a.subject_group_id, a.subject_person_id, a.live_from, a.live_until
    from assignment a
    where a.person_id = (select person from me) and a.live_until > since and a.live_until <= vhod.now()
      and a.live_from < a.live_until),
  banned as materialized (
    select r.subject_person_id as student_id, r.live_from
    from restriction r
    where r.person_id = (select person from me) and r.live_from <= vhod.now()
      and (r.live_until is null or r.live_until > vhod.now())),
  groups as materialized (
    select a.class_group_id, a.subject_group_id, a.subject_person_id, a.live_from, a.live_until
    from assignment a where a.person_id = (select person from me) and a.live_from <= vhod.now()),
  turned as (
    select 1 from ended
    union all select 1 from banned b where b.live_from > since
    union all select 1 from assignment a
      where a.person_id = (select person from me) and a.live_from > since and a.live_from <= vhod.now()
    union all select 1 from guardianship g
      where g.guardian_id = (select person from me)
        and (g.live_from > since and g.live_from <= vhod.now() or g.live_until > since and g.live_until <= vhod.now())
    union all select 1 from restriction r
      where r.person_id = (select person from me) and r.live_until > since and r.live_until <= vhod.now()),
  found as (
    select 'TURNED' as kind, null::uuid as id where exists (select from turned)
    union select 'ALL', null from ended where reach in ('ORGANISATION', 'ORGANISATION_TREE')
    union select 'Journal', j.id
      from ended e
      join journal j on j.subject_group_id = e.subject_group_id or j.class_group_id = e.class_group_id
      join grading_period p on p.id = j.grading_period_id
      where p.starts_on <= e.live_until::date
    union select 'Student', m.student_id
      from ended e join enrolment m on m.class_group_id = e.class_group_id
      where m.live_from < e.live_until and (m.live_until is null or m.live_until > e.live_from)
    union select 'Student', m.student_id
      from ended e join subject_group_member m on m.subject_group_id = e.subject_group_id
      where m.live_from < e.live_until and (m.live_until is null or m.live_until > e.live_from)
    union select 'Student', e.subject_person_id from ended e where e.subject_person_id is not null
    union select 'Student', g.student_id
      from guardianship g
      where g.guardian_id = (select person from me) and g.live_until > since and g.live_until <= vhod.now()
    union select 'Student', b.student_id
      from banned b
      where exists (select from guardianship g
                    where g.guardian_id = (select person from me) and g.student_id = b.student_id)
         or exists (select from groups a where a.subject_person_id = b.student_id)
         or exists (select from groups a join enrolment m on m.class_group_id = a.class_group_id
                    where m.student_id = b.student_id and m.live_from <= vhod.now())
         or exists (select from groups a join subject_group_member m on m.subject_group_id = a.subject_group_id
                    where m.student_id = b.student_id and m.live_from <= vhod.now()))
  select f.kind, f.id from found f order by f.kind <> 'TURNED', f.kind, f.id limit most
$$;
alter function vhod.left_reach(timestamptz, integer) owner to vhod_keeper;
revoke all on function vhod.left_reach(since timestamp with time zone, most integer) from public;
grant all on function vhod.left_reach(since timestamp with time zone, most integer) to vhod_app;
