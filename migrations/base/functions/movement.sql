-- An operator enrols, transfers and withdraws; a person is found by an exact SNILS.
--
-- The application writes the enrolment itself, through the wall. What follows from it - groups, lines of journals, the
-- role of a student - is written by the keeper, for an enrolment at a school that the operator reaches. A SNILS is found
-- by a keyed hash alone: the key is the server's, so the server fills the column, in batches, and here it stays empty.

-- Whoever writes a number without its hash leaves none: the server finds such rows, and nobody is found by an old one.
create function vhod.drop_stale_snils_index() returns trigger language plpgsql as $$
begin
  if new.snils is null or tg_op = 'UPDATE' and new.snils is distinct from old.snils
                          and new.snils_index is not distinct from old.snils_index then
    new.snils_index := null;
  end if;
  return new;
end $$;
create trigger drop_stale_snils_index before insert or update of snils, snils_index on person
  for each row execute function vhod.drop_stale_snils_index();

-- The first bytes of a hash name its key: with another key the old ones are found by range, and made anew.
create function vhod.snils_not_indexed(key_id bytea, after_key_id bytea, most integer)
returns table (id uuid, snils text)
language sql volatile security definer set search_path = public, pg_temp as $$
  select p.id, p.snils::text from person p where p.id in (
    (select p.id from person p where p.snils is not null and p.snils_index is null limit most)
    union all (select p.id from person p where p.snils_index < key_id limit most)
    union all (select p.id from person p where p.snils_index >= after_key_id limit most))
  and p.snils is not null and (select vhod.person()) is null
  limit most for update skip locked
$$;
alter function vhod.snils_not_indexed(bytea, bytea, integer) owner to vhod_keeper;

create function vhod.index_snils(ids uuid[], numbers text[], hashes bytea[]) returns void
language sql volatile security definer set search_path = public, pg_temp as $$
  update person p set snils_index = told.hash
  from unnest(ids, numbers, hashes) as told (id, number, hash) where p.id = told.id and p.snils = told.number
$$;
alter function vhod.index_snils(uuid[], text[], bytea[]) owner to vhod_keeper;

create function vhod.snils_looked_up(since timestamptz) returns table (found bigint, missed bigint, first timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select count(*) filter (where (detail ->> 'found')::boolean), count(*) filter (where not (detail ->> 'found')::boolean),
    min(happened_at)
  from audit_entry
  where happened_at > since and action = 'person:snils:look_up' and actor_id = vhod.person()
$$;
alter function vhod.snils_looked_up(timestamptz) owner to vhod_keeper;

-- An id alone enrols nobody: name and birth date must be those of the card. A card without a birth date has none to ask.
create function vhod.is_enrollable(who uuid, name text, born date) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select vhod.organisations('enrolment:write')) and who <> all(vhod.restricted_ids())
    and vhod.is_named(who, name)
    and exists (select from person where id = who and (birth_date is null or birth_date = born))
$$;
alter function vhod.is_enrollable(uuid, text, date) owner to vhod_keeper;

-- Two cards of one person are refused: the number is known anywhere, or name and birth date are at this school.
create function vhod.known_as(place uuid, name text, born date, wanted bytea) returns table (code text, person_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select 'SNILS_KNOWN', null::uuid from person p
  where p.snils_index = wanted and place in (select vhod.organisations('enrolment:write'))
  union all
  select 'STUDENT_KNOWN', p.id from person p
  where btrim(p.fold) = fold_text(regexp_replace(btrim(name), '\s+', ' ', 'g')) and p.birth_date = born
    and (wanted is null or p.snils_index is null) and p.id <> all(vhod.restricted_ids())
    and exists (select from enrolment e where e.student_id = p.id and e.organisation_id = place)
    and place in (select vhod.organisations('enrolment:write'))
  limit 1
$$;
alter function vhod.known_as(uuid, text, date, bytea) owner to vhod_keeper;

create function vhod.enrolment_conflict(student uuid, place uuid, of_kind text, since date) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select case when e.organisation_id = place then 'ALREADY_ENROLLED' else 'ENROLLED_ELSEWHERE' end
  from enrolment e
  where e.student_id = student and (e.valid_to is null or e.valid_to > since)
    and (e.organisation_id = place or of_kind = 'MAIN' and e.kind = 'MAIN')
    and place in (select vhod.organisations('enrolment:write'))
  order by e.organisation_id = place desc limit 1
$$;
alter function vhod.enrolment_conflict(uuid, uuid, text, date) owner to vhod_keeper;

-- A school may have quarters for some and half-years for others: those by which the class has pages, or all of them.
create function vhod.periods_reached_back(of_class uuid, since date) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select p.id from class_group c join grading_period p on p.organisation_id = c.organisation_id
                                                      and p.school_year = c.school_year
  where c.id = of_class and p.ends_on >= since and c.organisation_id in (select vhod.organisations('enrolment:write'))
    and p.scheme in (
      select coalesce(paged.scheme, p.scheme) from (select) one left join (
        select used.scheme from journal j join grading_period used on used.id = j.grading_period_id
        where j.class_group_id = c.id and j.school_year = c.school_year) paged on true)
$$;
alter function vhod.periods_reached_back(uuid, date) owner to vhod_keeper;

-- A group that is the only one of its subject takes the whole class; of several each student is in one, named by hand.
create function vhod.settle_enrolment(settled uuid, chosen uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare e enrolment; year integer; groups uuid[];
begin
  select * into e from enrolment where id = settled and valid_to is null
    and organisation_id in (select vhod.organisations('enrolment:write')) for update;
  if not found then
    raise exception 'this enrolment is not open, or not yours to settle' using errcode = 'insufficient_privilege';
  end if;
  year := (select school_year from class_group where id = e.class_group_id);
  groups := array(
    select g.id from subject_group g
    where g.organisation_id = e.organisation_id and g.school_year = year
      and (g.id = any(chosen) or g.class_group_id = e.class_group_id and not exists (
             select from subject_group other where other.class_group_id = g.class_group_id
               and other.school_year = g.school_year and other.subject_id = g.subject_id and other.id <> g.id)));
  insert into subject_group_member (student_id, subject_group_id, organisation_id, class_group_id, valid_from)
  select e.student_id, g, e.organisation_id, e.class_group_id, e.valid_from from unnest(groups) as g
  where not exists (select from subject_group_member m where m.student_id = e.student_id and m.subject_group_id = g
                    and (m.valid_to is null or m.valid_to > e.valid_from));
  insert into journal_line (journal_id, student_id, organisation_id, school_year, class_group_id, subject_group_id,
                            number, student_name)
  select j.id, e.student_id, j.organisation_id, j.school_year, e.class_group_id, j.subject_group_id,
    1 + coalesce((select max(l.number) from journal_line l where l.journal_id = j.id), 0),
    (select concat_ws(' ', last_name, first_name, middle_name) from person where id = e.student_id)
  from journal j join grading_period p on p.id = j.grading_period_id
  where j.subject_group_id = any(groups) and p.ends_on >= e.valid_from
  on conflict (journal_id, student_id) do update set left_on = null;
  insert into assignment (person_id, role, reach, organisation_id, valid_from, granted_by_id, granted_at,
                          awaits_confirmation, reason)
  select e.student_id, 'STUDENT', 'SELF', e.organisation_id, e.valid_from, vhod.person(), vhod.now(), false,
    'enrolment ' || e.id
  where not exists (select from assignment a where a.person_id = e.student_id and a.role = 'STUDENT'
                    and a.reach = 'SELF' and a.organisation_id = e.organisation_id and a.ended_at is null
                    and (a.valid_to is null or a.valid_to > e.valid_from));
  return query select unnest(groups);
end $$;
alter function vhod.settle_enrolment(uuid, uuid[]) owner to vhod_keeper;

-- A place in a group that has not begun cannot end: it is taken away, and nothing was ever written by it.
create function vhod.leave_enrolment(left_behind uuid) returns void
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare e enrolment;
begin
  select * into e from enrolment where id = left_behind and valid_to is not null
    and organisation_id in (select vhod.organisations('enrolment:write')) for update;
  if not found then
    raise exception 'this enrolment has no end, or is not yours to end' using errcode = 'insufficient_privilege';
  end if;
  delete from subject_group_member where student_id = e.student_id and organisation_id = e.organisation_id
    and class_group_id = e.class_group_id and valid_from >= e.valid_to;
  update subject_group_member set valid_to = e.valid_to
    where student_id = e.student_id and organisation_id = e.organisation_id and class_group_id = e.class_group_id
      and (valid_to is null or valid_to > e.valid_to);
  update journal_line l set left_on = e.valid_to - 1
    from journal j join grading_period p on p.id = j.grading_period_id
    where l.journal_id = j.id and l.student_id = e.student_id and l.organisation_id = e.organisation_id
      and l.class_group_id = e.class_group_id and p.ends_on >= e.valid_to and l.left_on is null;
  if exists (select from enrolment other where other.student_id = e.student_id and other.id <> e.id
             and other.organisation_id = e.organisation_id
             and (other.valid_to is null or other.valid_to > e.valid_to)) then
    return;
  end if;
  update assignment set valid_to = e.valid_to
    where person_id = e.student_id and organisation_id = e.organisation_id and role = 'STUDENT' and reach = 'SELF'
      and ended_at is null and valid_from < e.valid_to and (valid_to is null or valid_to > e.valid_to);
  update assignment set ended_at = vhod.now()
    where person_id = e.student_id and organisation_id = e.organisation_id and role = 'STUDENT' and reach = 'SELF'
      and ended_at is null and valid_from >= e.valid_to;
end $$;
alter function vhod.leave_enrolment(uuid) owner to vhod_keeper;

create function vhod.groups_left_out(settled uuid) returns table (id uuid, name text, subject text)
language sql stable security definer set search_path = public, pg_temp as $$
  select g.id, g.name::text, s.name::text
  from enrolment e join class_group c on c.id = e.class_group_id
    join subject_group g on g.class_group_id = c.id and g.school_year = c.school_year
    join subject s on s.id = g.subject_id
  where e.id = settled and e.organisation_id in (select vhod.organisations('enrolment:write'))
    and e.student_id <> all(vhod.restricted_ids())
    and not exists (select from subject_group_member m join subject_group taken on taken.id = m.subject_group_id
                    where m.student_id = e.student_id and taken.class_group_id = g.class_group_id
                      and taken.school_year = g.school_year and taken.subject_id = g.subject_id
                      and (m.valid_to is null or m.valid_to > e.valid_from))
  order by s.name, g.name, g.id
$$;
alter function vhod.groups_left_out(uuid) owner to vhod_keeper;
