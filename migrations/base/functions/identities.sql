-- At the first sign-in an account is linked to the person whom its facts name.
--
-- СНИЛС, full name and date of birth must all agree; whatever contradicts is kept for the administrator of the
-- organisation concerned, who may link what the provider attests but for one fact. A link is ended, never moved; an ended
-- one takes the browser sessions of the account with it.

-- Where somebody works, learns, or represents who learns, or holds a role: whose administrator knows them.
create function vhod.organisations_of(who uuid) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select organisation_id from staff_position
    where person_id = who and live_from <= vhod.now() and (live_until is null or live_until > vhod.now())
  union select organisation_id from enrolment
    where student_id = who and live_from <= vhod.now() and (live_until is null or live_until > vhod.now())
  union select e.organisation_id from guardianship g join enrolment e on e.student_id = g.student_id
    where g.guardian_id = who and g.live_from <= vhod.now() and (g.live_until is null or g.live_until > vhod.now())
      and e.live_from <= vhod.now() and (e.live_until is null or e.live_until > vhod.now())
  union select organisation_id from assignment
    where person_id = who and organisation_id is not null and live_from <= vhod.now()
      and (live_until is null or live_until > vhod.now())
$$;
alter function vhod.organisations_of(uuid) owner to vhod_keeper;
revoke all on function vhod.organisations_of(who uuid) from public;
grant all on function vhod.organisations_of(who uuid) to vhod_app;

-- Every fact that speaks against; none: the account is this person's. A child's account is a student's and nothing else.
create function vhod.against_identity(who uuid, account uuid, told jsonb) returns text[]
language sql stable security definer set search_path = public, pg_temp as $$
  select array_remove(array[
    case when p.snils is null or told->>'snils' is null then 'SNILS_UNKNOWN'
         when p.snils <> told->>'snils' then 'SNILS' end,
    case when p.fold <> fold_text(told->>'name') then 'NAME' end,
    case when p.birth_date is distinct from (told->>'birth_date')::date then 'BIRTH_DATE' end,
    case when not (told->>'confirmed')::boolean then 'NOT_CONFIRMED' end,
    case when exists (select from external_identity i where i.person_id = who and i.issuer = told->>'issuer')
         then 'ALREADY_LINKED' end,
    case when (told->>'child')::boolean
              and (p.birth_date <= today.day - interval '14 years'
                   or exists (select from assignment a where a.person_id = who and a.role <> 'STUDENT'
                              and a.live_from is not null and (a.live_until is null or a.live_until > vhod.now())))
         then 'CHILD_ACCOUNT' end,
    case when not (told->>'child')::boolean and p.birth_date > today.day - interval '14 years'
         then 'ADULT_ACCOUNT' end,
    case when exists (select from identity_mismatch m where m.account_id = account and m.person_id = who
                      and 'UNLINKED' = any(m.facts))
         then 'UNLINKED' end], null)
  from person p,
       lateral (select (vhod.now() at time zone coalesce(vhod.zone_of_student(who), 'Asia/Krasnoyarsk'))::date) as today(day)
  where p.id = who
$$;
alter function vhod.against_identity(uuid, uuid, jsonb) owner to vhod_keeper;
revoke all on function vhod.against_identity(who uuid, account uuid, told jsonb) from public;

-- Two first sign-ins of one account, or two accounts that want one person, wait for each other.
create function vhod.match_account(told jsonb) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  account uuid;
  candidates uuid[];
  fitting uuid[] := '{}';
  facts text[];
  who uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended(concat_ws(' ', told->>'issuer', told->>'subject'), 14));
  if exists (select from external_identity where issuer = told->>'issuer' and subject = told->>'subject') then
    return 'KNOWN';
  end if;
  insert into session.waiting_account as w (issuer, subject) values (told->>'issuer', told->>'subject')
    on conflict (issuer, subject) do update set last_seen_at = vhod.now() returning w.id into account;
  candidates := array(
    select id from person where snils = told->>'snils'
    union select id from person
      where fold = fold_text(told->>'name') and birth_date = (told->>'birth_date')::date
    order by id limit 10);
  foreach who in array candidates loop
    perform pg_advisory_xact_lock(hashtextextended(who::text, 15));
    if vhod.against_identity(who, account, told) = '{}' then
      fitting := fitting || who;
    end if;
  end loop;
  if cardinality(fitting) = 1 then
    insert into external_identity (issuer, subject, person_id) values (told->>'issuer', told->>'subject', fitting[1]);
    insert into audit_entry (happened_at, request_id, actor_id, client_id, organisation_id, action, object_id, detail)
      select vhod.now(), told->>'request_id', fitting[1], told->>'client_id', place, 'person:identity:match', fitting[1],
             jsonb_build_object('account', account)
      from (select 1) as once left join vhod.organisations_of(fitting[1]) as place on true;
    return 'LINKED';
  end if;
  foreach who in array candidates loop
    facts := vhod.against_identity(who, account, told);
    insert into identity_mismatch as m (account_id, person_id, organisation_id, person_name, facts)
      select account, p.id, place, concat_ws(' ', p.last_name, p.first_name, p.middle_name),
             case when facts = '{}' then array['SEVERAL'] else facts end
      from person p, vhod.organisations_of(p.id) as place where p.id = who
      on conflict (account_id, person_id, organisation_id) do update
        set facts = excluded.facts, person_name = excluded.person_name, noticed_at = vhod.now(),
            linked = null, decided_by_id = null, decided_at = null, reason = null;
  end loop;
  return 'WAITING';
end $$;
alter function vhod.match_account(jsonb) owner to vhod_keeper;
revoke all on function vhod.match_account(told jsonb) from public;
grant all on function vhod.match_account(told jsonb) to vhod_app;

create function vhod.bar_to_link(who uuid, account uuid, facts text[]) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select case
    when cardinality(facts) <> 1 or not facts <@ array['NAME', 'BIRTH_DATE', 'SNILS_UNKNOWN', 'SEVERAL', 'UNLINKED'] then 'NOT_LINKABLE'
    when exists (select from session.waiting_account w join external_identity i on i.issuer = w.issuer
                 where w.id = account and (i.subject = w.subject or i.person_id = who)) then 'ALREADY_LINKED'
  end
$$;
alter function vhod.bar_to_link(uuid, uuid, text[]) owner to vhod_keeper;
revoke all on function vhod.bar_to_link(who uuid, account uuid, facts text[]) from public;
grant all on function vhod.bar_to_link(who uuid, account uuid, facts text[]) to vhod_app;

create function vhod.carry_out_identity() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if old.decided_at is not null then
    raise exception 'a mismatch is decided once' using errcode = 'check_violation';
  end if;
  if not new.linked then
    return null;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(new.person_id::text, 15));
  if vhod.bar_to_link(new.person_id, new.account_id, new.facts) is not null then
    raise exception 'an account is linked that nobody has, to a person who has none' using errcode = 'check_violation';
  end if;
  insert into external_identity (issuer, subject, person_id)
    select issuer, subject, new.person_id from session.waiting_account where id = new.account_id;
  return null;
end $$;
alter function vhod.carry_out_identity() owner to vhod_keeper;
revoke all on function vhod.carry_out_identity() from public;
create trigger carry_out after update on identity_mismatch
  for each row
  when (new.decided_by_id is not null) execute function vhod.carry_out_identity();

-- Of an account that is linked nothing waits any more.
create function vhod.settle_identity() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  update identity_mismatch m set linked = (m.person_id = new.person_id), decided_at = vhod.now()
    from session.waiting_account w
    where w.issuer = new.issuer and w.subject = new.subject and m.account_id = w.id and m.decided_at is null;
  return null;
end $$;
alter function vhod.settle_identity() owner to vhod_keeper;
revoke all on function vhod.settle_identity() from public;
create trigger settle after insert on external_identity for each row execute function vhod.settle_identity();

-- Whoever is nobody here any more is signed out everywhere, whatever ended the link.
create function vhod.sign_out_unlinked() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  perform pg_notify('vhod_session_ended', id::text) from session.browser_session
    where issuer = old.issuer and subject = old.subject and ended_at is null;
  update session.browser_session set ended_at = vhod.now(), sealed = ''
    where issuer = old.issuer and subject = old.subject and ended_at is null;
  return null;
end $$;
alter function vhod.sign_out_unlinked() owner to vhod_keeper;
revoke all on function vhod.sign_out_unlinked() from public;
create trigger sign_out after delete on external_identity for each row execute function vhod.sign_out_unlinked();

-- Asks once more what the application has asked: nobody unlinks themselves or somebody else's people.
create function vhod.unlink_person(who uuid, place uuid) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare link external_identity; account uuid; made uuid;
begin
  if place not in (select vhod.organisations('identity:link')) or who = vhod.person()
     or place not in (select vhod.organisations_of(who)) then
    raise exception 'accounts of one''s own organisation, and not one''s own' using errcode = 'insufficient_privilege';
  end if;
  for link in select * from external_identity where person_id = who order by id for update loop
    insert into session.waiting_account as w (issuer, subject) values (link.issuer, link.subject)
      on conflict (issuer, subject) do update set last_seen_at = w.last_seen_at returning w.id into account;
    insert into identity_mismatch as m (account_id, person_id, organisation_id, person_name, facts)
      select account, p.id, place, concat_ws(' ', p.last_name, p.first_name, p.middle_name), array['UNLINKED']
      from person p where p.id = who
      on conflict (account_id, person_id, organisation_id) do update
        set facts = excluded.facts, noticed_at = vhod.now(), linked = null, decided_by_id = null, decided_at = null,
            reason = null
      returning m.id into made;
    delete from external_identity where id = link.id;
  end loop;
  return made;
end $$;
alter function vhod.unlink_person(uuid, uuid) owner to vhod_keeper;
revoke all on function vhod.unlink_person(who uuid, place uuid) from public;
grant all on function vhod.unlink_person(who uuid, place uuid) to vhod_app;
