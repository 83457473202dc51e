-- What stands is made from versions, approved figures are locked, journals are counted live.

-- A version follows the one before it in its place, and begins with an identity of its own.
create function vhod.apply_observation_versions() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f left join observation_version before
      on before.organisation_id = f.organisation_id and before.indicator_id = f.indicator_id
     and before.period = f.period and before.version = f.version - 1
    where f.version > 1 and before.observation_id is distinct from f.observation_id
  ) or exists (
    select from fresh f join observation_version other on other.observation_id = f.observation_id
    where f.version = 1 and (other.organisation_id, other.indicator_id, other.period)
                            is distinct from (f.organisation_id, f.indicator_id, f.period)
  ) then
    raise exception 'a version must follow the one before it' using errcode = 'check_violation';
  end if;
  insert into observation as o (id, organisation_id, indicator_id, period, version, recorded_by_id, assignment_id, role, recorded_at, reason, origin, import_run_id, value_numerator, value_denominator, shown, numerator, denominator, no_data, provenance, source)
  select distinct on (f.observation_id) f.observation_id, f.organisation_id, f.indicator_id, f.period, f.version, f.recorded_by_id, f.assignment_id, f.role, f.recorded_at, f.reason, f.origin, f.import_run_id, f.value_numerator, f.value_denominator, f.shown, f.numerator, f.denominator, f.no_data, f.provenance, f.source
  from fresh f order by f.observation_id, f.version desc
  on conflict (id) do update set version = excluded.version, recorded_by_id = excluded.recorded_by_id, assignment_id = excluded.assignment_id, role = excluded.role, recorded_at = excluded.recorded_at, reason = excluded.reason, origin = excluded.origin, import_run_id = excluded.import_run_id, value_numerator = excluded.value_numerator, value_denominator = excluded.value_denominator, shown = excluded.shown, numerator = excluded.numerator, denominator = excluded.denominator, no_data = excluded.no_data, provenance = excluded.provenance, source = excluded.source where o.version < excluded.version;
  return null;
end $$;
alter function vhod.apply_observation_versions() owner to vhod_keeper;
create trigger apply_versions after insert on observation_version
  referencing new table as fresh
  for each statement
  when (pg_trigger_depth() = 0) execute function vhod.apply_observation_versions();

create function vhod.first_observation_versions() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  insert into observation_version (observation_id, organisation_id, indicator_id, period, version, recorded_by_id, assignment_id, role, recorded_at, reason, origin, import_run_id, value_numerator, value_denominator, shown, numerator, denominator, no_data, provenance, source) select id, organisation_id, indicator_id, period, version, recorded_by_id, assignment_id, role, recorded_at, reason, origin, import_run_id, value_numerator, value_denominator, shown, numerator, denominator, no_data, provenance, source from fresh;
  return null;
end $$;
alter function vhod.first_observation_versions() owner to vhod_keeper;
create trigger first_versions after insert on observation
  referencing new table as fresh
  for each statement
  when (pg_trigger_depth() = 0) execute function vhod.first_observation_versions();

-- Who decided last about the figures of a place, for every place at or above the organisation.
create function vhod.observation_decisions(at uuid, of_indicator uuid, in_period text)
returns table (organisation_id uuid, action text, decided_by_id uuid, role text, decided_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct on (a.organisation_id) a.organisation_id, a.action, a.decided_by_id, a.role, a.decided_at
  from observation_approval a
  where a.organisation_id = any((select o.ancestor_ids from organisation o where o.id = at)::uuid[])
    and a.indicator_id = of_indicator and a.period = in_period
  order by a.organisation_id, a.decided_at desc, a.id desc
$$;
alter function vhod.observation_decisions(uuid, uuid, text) owner to vhod_keeper;

create function vhod.refuse_locked_observations() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f, vhod.observation_decisions(f.organisation_id, f.indicator_id, f.period) d
    where d.action = 'APPROVE'
  ) then
    raise exception 'approved figures are locked' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.refuse_locked_observations() owner to vhod_keeper;
create trigger refuse_locked after insert on observation_version
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.refuse_locked_observations();

create function vhod.refuse_decisions_below() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f, vhod.observation_decisions(f.organisation_id, f.indicator_id, f.period) d
    where d.action = 'APPROVE' and d.organisation_id <> f.organisation_id
  ) then
    raise exception 'the figures are approved above' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.refuse_decisions_below() owner to vhod_keeper;
create trigger refuse_below after insert on observation_approval
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.refuse_decisions_below();

-- A rating is made in one go: nothing is added to one that was stored before, and nobody from elsewhere.
create function vhod.check_rating_entries() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f join rating r on r.id = f.rating_id join organisation o on o.id = f.organisation_id
    where r.created_at <> vhod.now() or o.kind <> r.rated_kind or o.region_id is distinct from r.region_id
  ) then
    raise exception 'an entry belongs to the rating that is being stored' using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function vhod.check_rating_entries() owner to vhod_keeper;
create trigger check_entries after insert on rating_entry
  referencing new table as fresh
  for each statement
  when (current_user = 'vhod_app') execute function vhod.check_rating_entries();

-- The inputs of a rating as they were known to it, for those who may suppose others: places are then given anew.
create function vhod.rating_inputs(of_rating uuid)
returns table (organisation_id uuid, indicator_code text, value_numerator numeric, value_denominator numeric,
               provenance text)
language sql stable security definer rows 1000 set search_path = public, pg_temp as $$
  select v.organisation_id, i.code, v.value_numerator, v.value_denominator, v.provenance
  from rating r
  join methodology_input m on m.methodology_id = r.methodology_id
  join indicator i on i.id = m.indicator_id
  join lateral (
    select distinct on (v.organisation_id) v.* from observation_version v
    where v.indicator_id = i.id and v.period = r.period and v.recorded_at <= r.known_at
    order by v.organisation_id, v.version desc
  ) v on true
  where r.id = of_rating
    and v.organisation_id in (select e.organisation_id from rating_entry e where e.rating_id = r.id)
    and exists (select from rating_entry e where e.rating_id = r.id
                and e.organisation_id in (select vhod.organisations('rating:suppose')))
$$;
alter function vhod.rating_inputs(uuid) owner to vhod_keeper;

-- Our own measures of how journals are kept (domain rules 4.15), by organisation; not to be called from outside.
create function vhod.journal_figures(indicator text, places uuid[], first date, until date)
returns table (organisation_id uuid, numerator bigint, denominator bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  select l.organisation_id,
         count(*) filter (where trim(coalesce(case when indicator = 'JOURNAL_TOPICS' then l.topic else l.homework end, ''))
                                <> ''),
         count(*)
  from lesson l
  where indicator in ('JOURNAL_TOPICS', 'JOURNAL_HOMEWORK') and l.organisation_id = any(places) and l.status = 'HELD'
    and l.held_on >= first and l.held_on < until
  group by l.organisation_id
  union all
  select m.organisation_id,
         count(*) filter (where v.recorded_at < (coalesce(due.held_on, m.held_on) + 1
           + case when due.id is null then coalesce(p.lesson_mark_days, 7) else coalesce(p.homework_mark_days, 7) end
           )::timestamp at time zone o.time_zone),
         count(*)
  from mark m
  join mark_version v on v.school_year = m.school_year and v.slot_id = m.slot_id
   and v.journal_line_id = m.journal_line_id and v.position = m.position and v.version = 1
  join organisation o on o.id = m.organisation_id
  left join organisation_policy p on p.organisation_id = m.organisation_id
  left join assessment_slot s on s.id = m.slot_id
  left join lesson due on due.id = s.due_lesson_id
  where indicator = 'JOURNAL_MARKS_IN_TIME' and m.organisation_id = any(places)
    and m.held_on >= first and m.held_on < until
  group by m.organisation_id
  union all
  select m.organisation_id, count(*), (
           select count(distinct e.student_id) from enrolment e where e.organisation_id = m.organisation_id
           and e.valid_from < until and (e.valid_to is null or e.valid_to > first))
  from mark m
  where indicator = 'JOURNAL_MARKS_PER_STUDENT' and m.organisation_id = any(places)
    and m.held_on >= first and m.held_on < until
  group by m.organisation_id
$$;
alter function vhod.journal_figures(text, uuid[], date, date) owner to vhod_keeper;
revoke all on function vhod.journal_figures(indicator text, places uuid[], first date, until date) from public;

-- Fewer than five persons are nobody's statistics; where one part alone would be missing, the next smallest goes too.
create function vhod.live_indicator(indicator text, place uuid, first date, until date)
returns table (organisation_id uuid, whole boolean, numerator bigint, denominator bigint, suppressed boolean)
language sql stable security definer rows 50 set search_path = public, pg_temp as $$
  with unit as materialized (
    select o.id, coalesce(o.ancestor_ids[array_position(o.ancestor_ids, place) + 1], place) as part
    from organisation o
    where o.ancestor_ids @> array[place] and place in (select vhod.organisations('observation:see'))
      and o.id in (select vhod.organisations('observation:see'))
  ), figure as (
    select f.* from vhod.journal_figures(indicator, array(select id from unit), first, until) f
  ), counted as (
    select u.id, u.part, f.numerator, f.denominator, (
             select count(distinct e.student_id) from enrolment e where e.organisation_id = u.id
             and e.valid_from < until and (e.valid_to is null or e.valid_to > first)) as persons,
           u.id in (select vhod.organisations('student:see')) as open
    from unit u left join figure f on f.organisation_id = u.id
  ), part as (
    select c.part, sum(c.numerator)::bigint as numerator, sum(c.denominator)::bigint as denominator,
           sum(c.persons) as persons, bool_and(c.open) as open
    from counted c group by c.part
  ), small as (
    select p.*, not p.open and p.persons < 5 and p.denominator is not null as hidden from part p
  ), ranked as (
    select s.*, count(*) filter (where s.hidden) over () as hidden_parts,
           row_number() over (partition by s.hidden, s.denominator is null order by s.persons, s.part) as size_order
    from small s
  ), closed as (
    select r.*, r.hidden or (not r.open and r.hidden_parts = 1 and not r.hidden and r.denominator is not null
                             and r.size_order = 1) as suppressed
    from ranked r
  )
  select c.part, false, case when not c.suppressed then c.numerator end,
         case when not c.suppressed then c.denominator end, c.suppressed
  from closed c where c.part <> place or c.denominator is not null
  union all
  select place, true, case when not (sum(c.persons) < 5 and not bool_and(c.open)) then sum(c.numerator)::bigint end,
         case when not (sum(c.persons) < 5 and not bool_and(c.open)) then sum(c.denominator)::bigint end,
         sum(c.persons) < 5 and not bool_and(c.open) and sum(c.denominator) is not null
  from closed c having count(*) > 0
$$;
alter function vhod.live_indicator(text, uuid, date, date) owner to vhod_keeper;
