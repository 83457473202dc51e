"""Count figures alike: a computed figure is the same whoever asks, and nobody approves what they recorded.

Organisations of fewer than five persons are in no figure, neither as a part nor in a whole: of two figures that
differ by such an organisation the difference would be its own. So no part needs to be hidden beside another.
"""

from alembic import op

revision = "2026_12_01_count_figures_alike"
down_revision = "2026_12_01_know_the_first_day"
branch_labels = None
depends_on = None

# Parts of a place and the whole, of these organisations; `open` are those whose persons the viewer may see one by one.
PARTS = """
create function vhod.indicator_parts(indicator text, place uuid, units uuid[], open uuid[], first date, until date)
returns table (organisation_id uuid, whole boolean, numerator bigint, denominator bigint, suppressed boolean)
language sql stable security definer rows 50 set search_path = public, pg_temp as $$
  with figure as (
    select f.* from vhod.journal_figures(indicator, units, first, until) f
  ), counted as (
    select coalesce(o.ancestor_ids[array_position(o.ancestor_ids, place) + 1], place) as part,
           f.numerator, f.denominator,
           o.id = any(open) or 5 <= (
             select count(distinct e.student_id) from enrolment e where e.organisation_id = o.id
             and e.valid_from < until and (e.valid_to is null or e.valid_to > first)) as told
    from organisation o left join figure f on f.organisation_id = o.id where o.id = any(units)
  )
  select c.part, false, sum(c.numerator) filter (where c.told)::bigint, sum(c.denominator) filter (where c.told)::bigint,
         sum(c.denominator) is not null and sum(c.denominator) filter (where c.told) is null
  from counted c group by c.part having c.part <> place or sum(c.denominator) is not null
  union all
  select place, true, sum(c.numerator) filter (where c.told)::bigint, sum(c.denominator) filter (where c.told)::bigint,
         sum(c.denominator) is not null and sum(c.denominator) filter (where c.told) is null
  from counted c having count(*) > 0
$$
"""
LIVE = """
create or replace function vhod.live_indicator(indicator text, place uuid, first date, until date)
returns table (organisation_id uuid, whole boolean, numerator bigint, denominator bigint, suppressed boolean)
language sql stable security definer rows 50 set search_path = public, pg_temp as $$
  select p.* from vhod.indicator_parts(indicator, place, array(
    select o.id from organisation o
    where o.ancestor_ids @> array[place] and place in (select vhod.organisations('observation:see'))
      and o.id in (select vhod.organisations('observation:see'))
  ), array(select vhod.organisations('student:see')), first, until) p
$$
"""
# What is stored: everything at and below the place, with its branches, and nobody's persons open. Whoever asks decides
# only that it is counted.
STORED = """
create function vhod.computed_indicator(indicator text, place uuid, first date, until date)
returns table (organisation_id uuid, whole boolean, numerator bigint, denominator bigint, suppressed boolean)
language sql stable security definer rows 50 set search_path = public, pg_temp as $$
  select p.* from vhod.indicator_parts(indicator, place, array(
    select o.id from organisation o
    where o.ancestor_ids @> array[place] and place in (select vhod.organisations('observation:write'))
  ), '{}', first, until) p
$$
"""
INNER = "indicator_parts(text, uuid, uuid[], uuid[], date, date)"
ASKED = "computed_indicator(text, uuid, date, date)"

LIVE_BEFORE = """
create or replace function vhod.live_indicator(indicator text, place uuid, first date, until date)
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
$$
"""

FOUR_EYES = """
create function vhod.refuse_own_approval() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f
    join observation v on v.indicator_id = f.indicator_id and v.period = f.period
    join organisation o on o.id = v.organisation_id
    where f.action = 'APPROVE' and f.organisation_id = any(o.ancestor_ids)
      and v.recorded_by_id = f.decided_by_id and v.provenance <> 'COMPUTED'
  ) then
    raise exception 'somebody else must approve: who records does not' using errcode = 'check_violation';
  end if;
  return null;
end $$
"""
OWN = "refuse_own_approval()"


def upgrade() -> None:
    for statement in (PARTS, LIVE, STORED, FOUR_EYES):
        op.execute(statement)
    op.execute("grant create on schema vhod to vhod_keeper")
    for function in (INNER, ASKED, OWN):
        op.execute(f"alter function vhod.{function} owner to vhod_keeper")
    op.execute("revoke create on schema vhod from vhod_keeper")
    op.execute(f"revoke execute on function vhod.{INNER} from public")
    op.execute(
        "create trigger refuse_own after insert on observation_approval referencing new table as fresh"
        " for each statement when (current_user = 'vhod_app') execute function vhod.refuse_own_approval()"
    )


def downgrade() -> None:
    op.execute("drop trigger refuse_own on observation_approval")
    op.execute(LIVE_BEFORE)
    for function in (OWN, ASKED, INNER):
        op.execute(f"drop function vhod.{function}")
