-- Other systems that sign in as themselves, consents, and whom such a system reaches.
--
-- Whom a system reaches is looked up by the statements themselves: a consent that was revoked a moment ago opens nothing,
-- and no list of persons travels with a request.

-- From 14 a person speaks for themselves: at midnight where they go to school.
create function vhod.speaks_for_themselves(who uuid, at timestamptz) returns boolean language sql stable
security definer set search_path = public, pg_temp as $$
  select coalesce(vhod.birthday(birth_date, 14)::timestamp at time zone vhod.zone_of_student(who) <= at, false)
  from person where id = who
$$;
alter function vhod.speaks_for_themselves(uuid, timestamptz) owner to vhod_keeper;

create function vhod.keep_live_consent() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare zone text := vhod.zone_of_student(new.person_id);
        fourteen timestamptz := (select vhod.birthday(birth_date, 14) from person where id = new.person_id)::timestamp
                                at time zone zone;
begin
  if tg_op = 'INSERT'
     and (new.given_by_id = new.person_id) is distinct from vhod.speaks_for_themselves(new.person_id, new.given_at) then
    raise exception 'from 14 on a person consents for themselves, before somebody who represents them'
      using errcode = 'check_violation';
  end if;
  new.live_from := new.valid_from::timestamp at time zone zone;
  new.live_until := least(new.valid_to::timestamp at time zone zone, new.revoked_at,
                          case when new.given_by_id <> new.person_id then fourteen end);
  return new;
end $$;
alter function vhod.keep_live_consent() owner to vhod_keeper;
create trigger keep_live before insert or update on consent for each row execute function vhod.keep_live_consent();

create function vhod.renew_consents() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  update consent set valid_from = valid_from where person_id = new.id;
  return null;
end $$;
alter function vhod.renew_consents() owner to vhod_keeper;
create trigger renew_consents after update of birth_date on person for each row execute function vhod.renew_consents();

create function vhod.consented(clients uuid[]) returns uuid[] language sql stable security definer parallel safe
set search_path = public, pg_temp as $$
  select coalesce(array_agg(c.person_id), '{}')
  from consent c join service_client s on s.id = c.service_client_id and s.closed_at is null
  where c.service_client_id = any(clients) and c.live_from <= vhod.now() and (c.live_until is null or c.live_until > vhod.now())
$$;
alter function vhod.consented(uuid[]) owner to vhod_keeper;

-- Followed as the keeper: whoever has a diary need not see the lines of the pages that it is made of.
create function vhod.lessons_of(student uuid, since date, until date) returns setof uuid language sql stable
security definer set search_path = public, pg_temp as $$
  select e.id from lesson e
  where e.held_on between since and until and student = any(vhod.person_ids('diary:see'))
    and e.journal_id in (select l.journal_id from journal_line l
                         where l.student_id = student and (l.left_on is null or e.held_on <= l.left_on))
  order by e.held_on, e.number, e.id limit 401
$$;
alter function vhod.lessons_of(uuid, date, date) owner to vhod_keeper;

create function vhod.diary_of(account_issuer text, account_subject text) returns uuid language sql stable
security definer set search_path = public, pg_temp as $$
  select person_id from external_identity
  where issuer = account_issuer and subject = account_subject and person_id = any(vhod.person_ids('diary:see'))
$$;
alter function vhod.diary_of(text, text) owner to vhod_keeper;
