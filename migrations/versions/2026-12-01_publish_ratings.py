"""Publish ratings: computed as a draft, told to everybody by a second person, taken back with a reason.

Expand: what was stored before was public, and is published from then on.
"""

from alembic import op

revision = "2026_12_01_publish_ratings"
down_revision = "2026_12_01_texts"
branch_labels = None
depends_on = None

LOCKS = "ratings are few: the checks look at some hundred rows"

RATING = """
alter table rating
  add column state varchar(40) default 'PUBLISHED' not null,
  add column published boolean default true not null,
  add column decided_at timestamp with time zone,
  add column withdrawn_because varchar
"""
FROM_NOW_ON = "alter table rating alter column state set default 'DRAFT', alter column published set default false"
CHECKS = """
alter table rating
  add constraint ratingstate_word check (state in ('DRAFT', 'PUBLISHED', 'WITHDRAWN')),
  add constraint rating_published check (published = (state = 'PUBLISHED')),
  add constraint rating_withdrawn check ((state = 'WITHDRAWN') = (withdrawn_because is not null))
"""
DECISION = """
create table rating_decision (
  id uuid default uuidv7() not null,
  rating_id uuid not null,
  region_id uuid,
  action varchar(40) not null,
  reason varchar,
  decided_by_id uuid,
  assignment_id uuid,
  role varchar(40),
  decided_at timestamp with time zone default vhod.now() not null,
  primary key (id),
  constraint rating_decision_reason check ((action = 'WITHDRAW') = (reason is not null)),
  constraint ratingaction_word check (action in ('PUBLISH', 'WITHDRAW')),
  foreign key(rating_id) references rating (id) on delete restrict,
  foreign key(region_id) references organisation (id) on delete restrict
);
create index ix_rating_decision_rating_id on rating_decision (rating_id);
create index ix_rating_decision_region_id on rating_decision (region_id);
grant all on rating_decision to vhod_keeper;
grant insert (id, rating_id, region_id, action, reason, decided_by_id, assignment_id, role) on rating_decision to vhod_app;
alter table rating_decision enable row level security;
alter table rating_decision force row level security;
create policy keeping on rating_decision for all to vhod_keeper using (true) with check (true);
create policy adding on rating_decision for insert to vhod_app
with check (
  (rating_decision.region_id = any(CAST((SELECT vhod.organisation_ids('rating:publish')) AS UUID[]))
  OR cardinality(CAST((SELECT vhod.organisation_trees('rating:publish')) AS UUID[])) > 0
  AND rating_decision.region_id IN (SELECT vhod.organisations_below('rating:publish'))) AND true
  AND rating_decision.decided_by_id = (SELECT vhod.person())
);
"""
# The state follows the decisions. A seed decides as well: it names nobody, and so is nobody's second person.
DECIDE = """
create function vhod.decide_rating() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare rated rating;
begin
  select r.* into rated from rating r where r.id = new.rating_id for update;
  if rated.id is null or rated.region_id is distinct from new.region_id then
    raise exception 'a decision is about a rating of its region' using errcode = 'check_violation';
  end if;
  if rated.state = 'WITHDRAWN' or new.action = 'PUBLISH' and rated.state <> 'DRAFT' then
    raise exception 'a rating that is % cannot be decided about so', rated.state using errcode = 'check_violation';
  end if;
  if new.action = 'PUBLISH' and rated.created_by_id = new.decided_by_id then
    raise exception 'somebody else must publish: who computes does not' using errcode = 'check_violation';
  end if;
  update rating r set
    state = case new.action when 'PUBLISH' then 'PUBLISHED' else 'WITHDRAWN' end,
    published = new.action = 'PUBLISH',
    decided_at = new.decided_at,
    withdrawn_because = new.reason,
    previous_id = case when new.action = 'WITHDRAW' then r.previous_id else (
      select p.id from rating p
      where p.published and p.methodology_code = r.methodology_code and p.period = r.period
        and p.region_id is not distinct from r.region_id and p.rated_kind = r.rated_kind
        and (p.known_at, p.version) < (r.known_at, r.version)
      order by p.known_at desc, p.version desc limit 1) end
  where r.id = new.rating_id;
  return null;
end $$
"""
# A draft is seen by whoever may see it before, and looked at by whoever computes there; entries follow their rating.
POLICIES = """
drop policy reading on rating;
create policy reading on rating for select to vhod_app
using (published or region_id in (select vhod.organisations('rating.draft:see')));
create policy writing on rating for select to vhod_app using (region_id in (select vhod.organisations('rating:compute')));
drop policy reading on rating_entry;
create policy reading on rating_entry for select to vhod_app using (rating_id in (select r.id from rating r));
drop policy reading on rating_remark;
create policy reading on rating_remark for select to vhod_app using (rating_id in (select r.id from rating r));
"""
INPUTS = """
create or replace function vhod.rating_inputs(of_rating uuid)
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
  where r.id = of_rating{seen}
    and v.organisation_id in (select e.organisation_id from rating_entry e where e.rating_id = r.id)
    and exists (select from rating_entry e where e.rating_id = r.id
                and e.organisation_id in (select vhod.organisations('rating:suppose')))
$$
"""
SEEN = "\n    and (r.published or r.region_id in (select vhod.organisations('rating.draft:see')))"

BEFORE = """
drop policy writing on rating;
drop policy reading on rating;
create policy reading on rating for select to vhod_app using (true);
drop policy reading on rating_entry;
create policy reading on rating_entry for select to vhod_app using (true);
drop policy reading on rating_remark;
create policy reading on rating_remark for select to vhod_app using (true);
drop table rating_decision;
drop function vhod.decide_rating();
"""
NOTED = (
    "create trigger note after insert on {} for each row when (current_user = 'vhod_app'{})"
    " execute function vhod.note_object('RATING', '{}')"
)


def upgrade() -> None:
    for statement in (RATING, FROM_NOW_ON, CHECKS, DECISION, DECIDE, POLICIES, INPUTS.format(seen=SEEN)):
        op.execute(statement)
    op.execute("grant create on schema vhod to vhod_keeper")
    op.execute("alter function vhod.decide_rating() owner to vhod_keeper")
    op.execute("revoke create on schema vhod from vhod_keeper")
    op.execute(
        "create trigger decide after insert on rating_decision for each row execute function vhod.decide_rating()"
    )
    # Those who follow ratings are told of what was published, not of what was computed.
    op.execute("drop trigger note on rating")
    op.execute(NOTED.format("rating_decision", " and new.action = 'PUBLISH'", "rating_id"))


def downgrade() -> None:
    op.execute(BEFORE)
    op.execute(NOTED.format("rating", "", "id"))
    op.execute(INPUTS.format(seen=""))
    op.execute(
        "alter table rating drop column state, drop column published, drop column decided_at,"
        " drop column withdrawn_because"
    )
