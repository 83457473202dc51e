"""Let people consent: other systems that sign in as themselves, consents, and whom such a system reaches.

Whom a system reaches is looked up by the statements themselves: a consent that was revoked a moment ago opens nothing,
and no list of persons travels with a request.
"""

from alembic import op

revision = "2026_11_22_consents"
down_revision = "2026_11_22_18"
branch_labels = None
depends_on = None
LOCKS = "provider.clients has a dozen rows"

CREATED = [
    """
      CREATE TABLE service_client (
        id UUID DEFAULT uuidv7() NOT NULL,
        issuer VARCHAR NOT NULL,
        client_id VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        purpose VARCHAR(40) NOT NULL,
        registered_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        closed_at TIMESTAMP WITH TIME ZONE,
        PRIMARY KEY (id),
        CONSTRAINT service_client_account UNIQUE (issuer, client_id),
        CONSTRAINT service_client_purpose UNIQUE (id, purpose),
        CONSTRAINT consentpurpose_word CHECK (purpose IN ('EDU_JOURNAL', 'KID_SCHOOL', 'KID_EDUCATION'))
      )
    """,
    """
      CREATE TABLE consent (
        valid_from DATE NOT NULL,
        valid_to DATE,
        live_from TIMESTAMP WITH TIME ZONE,
        live_until TIMESTAMP WITH TIME ZONE,
        id UUID DEFAULT uuidv7() NOT NULL,
        person_id UUID NOT NULL,
        service_client_id UUID NOT NULL,
        purpose VARCHAR(40) NOT NULL,
        given_by_id UUID NOT NULL,
        role VARCHAR(40),
        given_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        revoked_by_id UUID,
        revoked_at TIMESTAMP WITH TIME ZONE,
        PRIMARY KEY (id),
        CONSTRAINT consent_client_and_purpose FOREIGN KEY(service_client_id, purpose) REFERENCES service_client (id, purpose) ON DELETE RESTRICT,
        CONSTRAINT consent_dates CHECK (valid_to is null or valid_to > valid_from),
        CONSTRAINT consent_revoked_by_somebody CHECK ((revoked_at is null) = (revoked_by_id is null)),
        FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE RESTRICT,
        CONSTRAINT consent_purpose_word CHECK (purpose IN ('EDU_JOURNAL', 'KID_SCHOOL', 'KID_EDUCATION'))
      )
    """,
    "CREATE INDEX ix_consent_client ON consent (service_client_id, person_id)",
    "CREATE INDEX ix_consent_person_id ON consent (person_id)",
]

READING = {
    "consent": """
          consent.person_id = any(CAST((SELECT vhod.person_ids('consent:see')) AS UUID[]))
          AND coalesce(consent.person_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
    """,
    "person": """
          person.id = any(CAST((SELECT vhod.person_ids('account:see')) AS UUID[]))
          AND coalesce(person.id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
          OR (person.id = any(CAST((SELECT vhod.person_ids('student:see')) AS UUID[]))
          OR person.id IN (SELECT vhod.student_by_id()))
          AND coalesce(person.id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
          OR person.id IN (SELECT vhod.guardian_by_id())
          AND coalesce(person.id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
          OR person.id IN (SELECT vhod.staffmember_by_id())
          AND coalesce(person.id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
          OR person.id = any(CAST((SELECT vhod.person_ids('diary:see')) AS UUID[]))
          AND coalesce(person.id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
    """,
}

ADDING = {
    "consent": """
          consent.person_id = any(CAST((SELECT vhod.person_ids('consent:give')) AS UUID[]))
          AND coalesce(consent.person_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
          AND consent.given_by_id = (SELECT vhod.person())
    """,
}

CHANGING = {
    "consent": """
          consent.person_id = any(CAST((SELECT vhod.person_ids('consent:give')) AS UUID[]))
          AND coalesce(consent.person_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
    """,
}

PERSON_BEFORE = """
          person.id = any(CAST((SELECT vhod.person_ids('account:see')) AS UUID[]))
          AND coalesce(person.id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
          OR (person.id = any(CAST((SELECT vhod.person_ids('student:see')) AS UUID[]))
          OR person.id IN (SELECT vhod.student_by_id()))
          AND coalesce(person.id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
          OR person.id IN (SELECT vhod.guardian_by_id())
          AND coalesce(person.id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
          OR person.id IN (SELECT vhod.staffmember_by_id())
          AND coalesce(person.id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
"""

# From 14 a person speaks for themselves: at midnight where they go to school.
SPEAKS = """
create function vhod.speaks_for_themselves(who uuid, at timestamptz) returns boolean language sql stable
security definer set search_path = public, pg_temp as $$
  select coalesce((birth_date + interval '14 years') at time zone vhod.zone_of_student(who) <= at, false)
  from person where id = who
$$
"""

LIVE = """
create function vhod.keep_live_consent() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare zone text := vhod.zone_of_student(new.person_id);
        fourteen timestamptz := ((select birth_date from person where id = new.person_id) + interval '14 years')
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
end $$
"""

RENEW = """
create function vhod.renew_consents() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  update consent set valid_from = valid_from where person_id = new.id;
  return null;
end $$
"""

CONSENTED = """
create function vhod.consented(clients uuid[]) returns uuid[] language sql stable security definer parallel safe
set search_path = public, pg_temp as $$
  select coalesce(array_agg(c.person_id), '{}')
  from consent c join service_client s on s.id = c.service_client_id and s.closed_at is null
  where c.service_client_id = any(clients) and c.live_from <= now() and (c.live_until is null or c.live_until > now())
$$
"""

_PERSON_IDS = """
create or replace function vhod.person_ids(permission text) returns uuid[] language sql stable parallel safe
return vhod.reached_ids(permission, 'SELF') || vhod.reached_ids(permission, 'CHILDREN')
  || vhod.reached_ids(permission, 'PERSONS'){more}
"""
PERSON_IDS_BEFORE = _PERSON_IDS.format(more="")
# A system is nobody: for everybody else this costs a comparison.
PERSON_IDS = _PERSON_IDS.format(
    more="""
  || case when vhod.person() is null then vhod.consented(vhod.reached_ids(permission, 'CONSENT')) else '{}' end"""
)

# Followed as the keeper: whoever has a diary need not see the lines of the pages that it is made of.
LESSONS = """
create function vhod.lessons_of(student uuid, since date, until date) returns setof uuid language sql stable
security definer set search_path = public, pg_temp as $$
  select e.id from lesson e
  where e.held_on between since and until and student = any(vhod.person_ids('diary:see'))
    and e.journal_id in (select l.journal_id from journal_line l
                         where l.student_id = student and (l.left_on is null or e.held_on <= l.left_on))
  order by e.held_on, e.number, e.id limit 401
$$
"""
DIARY = """
create function vhod.diary_of(account_issuer text, account_subject text) returns uuid language sql stable
security definer set search_path = public, pg_temp as $$
  select person_id from external_identity
  where issuer = account_issuer and subject = account_subject and person_id = any(vhod.person_ids('diary:see'))
$$
"""

# A system finds pages and lessons by the lines of those who have consented; the lines themselves are not shown to it.
LINES = "vhod.person() is null and student_id = any(cast((select vhod.person_ids('lesson:see')) as uuid[]))"

KEPT_BY_THE_KEEPER = (
    "speaks_for_themselves(uuid, timestamptz)", "keep_live_consent()", "renew_consents()", "consented(uuid[])",
    "lessons_of(uuid, date, date)", "diary_of(text, text)",
)
TABLES = ("service_client", "consent")

GRANTS = [
    "grant select on service_client, consent to vhod_app",
    "grant insert (person_id, service_client_id, purpose, given_by_id, role, valid_from, valid_to) on consent to vhod_app",
    "grant update (revoked_by_id, revoked_at) on consent to vhod_app",
    "grant all on service_client, consent to vhod_keeper",
]

SERVICES = [
    "alter table provider.clients drop constraint clients_kind_check, drop constraint clients_redirect_uris_check,"
    " add constraint clients_kind_check check (kind in ('public', 'native', 'confidential', 'service')),"
    " add constraint clients_redirect_uris_check"
    " check (cardinality(redirect_uris) <= 20 and (kind = 'service') = (cardinality(redirect_uris) = 0)),"
    " add constraint clients_client_id_is_no_number check (client_id !~ '^[0-9]+$')",
]


def upgrade() -> None:
    for statement in (*CREATED, SPEAKS, LIVE, RENEW, CONSENTED, PERSON_IDS, LESSONS, DIARY, *GRANTS, *SERVICES):
        op.execute(statement)
    op.execute("grant create on schema vhod to vhod_keeper")
    for function in KEPT_BY_THE_KEEPER:
        op.execute(f"alter function vhod.{function} owner to vhod_keeper")
    op.execute("revoke create on schema vhod from vhod_keeper")
    op.execute(
        "create trigger keep_live before insert or update on consent"
        " for each row execute function vhod.keep_live_consent()"
    )
    op.execute(
        "create trigger renew_consents after update of birth_date on person"
        " for each row execute function vhod.renew_consents()"
    )
    op.execute("alter table consent enable row level security")
    op.execute("alter table consent force row level security")
    op.execute("create policy keeping on consent for all to vhod_keeper using (true) with check (true)")
    op.execute(f"create policy reading on consent for select to vhod_app using ({READING['consent']})")
    op.execute(f"create policy adding on consent for insert to vhod_app with check ({ADDING['consent']})")
    changing = CHANGING["consent"]
    op.execute(f"create policy changing on consent for update to vhod_app using ({changing}) with check ({changing})")
    op.execute(f"alter policy reading on person using ({READING['person']})")
    op.execute(f"create policy consented on journal_line for select to vhod_app using ({LINES})")


def downgrade() -> None:
    op.execute(f"alter policy reading on person using ({PERSON_BEFORE})")
    op.execute("drop policy consented on journal_line")
    op.execute("drop trigger renew_consents on person")
    op.execute("drop table consent")
    op.execute("drop table service_client")
    op.execute(PERSON_IDS_BEFORE)
    for function in KEPT_BY_THE_KEEPER:
        op.execute(f"drop function vhod.{function}")
    op.execute("delete from provider.clients where kind = 'service'")
    op.execute(
        "alter table provider.clients drop constraint clients_kind_check, drop constraint clients_redirect_uris_check,"
        " drop constraint clients_client_id_is_no_number,"
        " add constraint clients_kind_check check (kind in ('public', 'native', 'confidential')),"
        " add constraint clients_redirect_uris_check check (cardinality(redirect_uris) between 1 and 20)"
    )
