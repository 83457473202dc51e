"""Let people see who looked: openings of records by person, made of the access journal; the audit without its payload.

Of the audit everything but what was written there may be read, by those who look after an organisation.
"""

from alembic import op

revision = "2026_11_22_openings"
down_revision = "2026_11_22_consents"
branch_labels = None
depends_on = None
LOCKS = "audit_entry holds changes of rights, thousands of rows: an index over them is built in a blink"

CREATED = [
    """
      CREATE TABLE record_opening (
        id UUID DEFAULT uuidv7() NOT NULL,
        entry_id UUID NOT NULL,
        happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
        person_id UUID NOT NULL,
        organisation_id UUID,
        actor_id UUID,
        client_id VARCHAR,
        roles TEXT[] NOT NULL,
        special BOOLEAN NOT NULL,
        fields TEXT[] NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT
      )
    """,
    "CREATE INDEX ix_record_opening_organisation ON record_opening (organisation_id, happened_at, id)",
    "CREATE INDEX ix_record_opening_person ON record_opening (person_id, happened_at, id)",
]

READING = {
    "record_opening": """
          (record_opening.person_id = any(CAST((SELECT vhod.person_ids('access_journal:read')) AS UUID[]))
          OR record_opening.organisation_id = any(CAST((SELECT vhod.organisation_ids('access_journal:read')) AS UUID[]))
          OR cardinality(CAST((SELECT vhod.organisation_trees('access_journal:read')) AS UUID[])) > 0
          AND record_opening.organisation_id IN (SELECT vhod.organisations_below('access_journal:read')))
          AND coalesce(record_opening.person_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
    """,
    "audit_entry": """
          (audit_entry.organisation_id = any(CAST((SELECT vhod.organisation_ids('audit:read')) AS UUID[]))
          OR cardinality(CAST((SELECT vhod.organisation_trees('audit:read')) AS UUID[])) > 0
          AND audit_entry.organisation_id IN (SELECT vhod.organisations_below('audit:read')))
          AND true
    """,
}

# One row a person: an array of persons is tied to nobody, and under row-level security no index finds a person in it.
_OPENINGS = """
  insert into record_opening (entry_id, happened_at, person_id, organisation_id, actor_id, client_id, roles, special,
                              fields)
  select f.id, f.happened_at, p.id,
         coalesce((select e.organisation_id from enrolment e
                   where e.student_id = p.id and e.organisation_id = any(f.organisation_ids)
                   order by e.valid_from desc limit 1), f.organisation_ids[1]),
         f.actor_id, f.client_id, f.roles, f.sensitivity >= 3, f.fields
  from {entries} f cross join lateral unnest(f.subject_ids) as subject (id) join person p on p.id = subject.id
  where f.actor_id is distinct from p.id
"""
MAKE = f"""
create function vhod.make_openings() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
{_OPENINGS.format(entries="fresh")};
  return null;
end $$
"""
TRIGGER = (
    "create trigger make_openings after insert on access_entry referencing new table as fresh"
    " for each statement execute function vhod.make_openings()"
)

READABLE = "id, happened_at, request_id, actor_id, assignment_id, client_id, organisation_id, action, object_id"


def upgrade() -> None:
    op.execute("alter table access_entry add column organisation_ids uuid[] not null default '{}'")
    for statement in CREATED:
        op.execute(statement)
    op.execute("create index ix_audit_entry_organisation on audit_entry (organisation_id, happened_at, id)")
    op.execute("create index ix_audit_entry_moment on audit_entry (happened_at, id)")
    op.execute("grant all on record_opening to vhod_keeper")
    op.execute("grant select on record_opening to vhod_app")
    op.execute(f"grant select ({READABLE}) on audit_entry to vhod_app")
    op.execute("alter table record_opening enable row level security")
    op.execute("alter table record_opening force row level security")
    op.execute("create policy keeping on record_opening for all to vhod_keeper using (true) with check (true)")
    for table, condition in READING.items():
        op.execute(f"create policy reading on {table} for select to vhod_app using ({condition})")
    op.execute(_OPENINGS.format(entries="access_entry"))
    op.execute(MAKE)
    op.execute("grant create on schema vhod to vhod_keeper")
    op.execute("alter function vhod.make_openings() owner to vhod_keeper")
    op.execute("revoke create on schema vhod from vhod_keeper")
    op.execute(TRIGGER)


def downgrade() -> None:
    op.execute("drop trigger make_openings on access_entry")
    op.execute("drop function vhod.make_openings()")
    op.execute("drop policy reading on audit_entry")
    op.execute(f"revoke select ({READABLE}) on audit_entry from vhod_app")
    op.execute("drop table record_opening")
    op.execute("drop index ix_audit_entry_organisation, ix_audit_entry_moment")
    op.execute("alter table access_entry drop column organisation_ids")
