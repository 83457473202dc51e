"""Note what happens: an outbox written in the transaction of each change, and one notification when it commits.

A row says which objects changed and to whom they are tied, never what stands in them: whoever hears of it reads the
objects under rights of their own. Only the keeper's functions see this table.
"""

from alembic import op

revision = "2026_11_22_note_what_happens"
down_revision = "2026_11_22_17"
branch_labels = None
depends_on = None

CHANNEL = "vhod_outbox"

# `written` is the transaction: with a snapshot it tells exactly what was committed since, in whatever order.
# `versions` stand beside `objects` where a version was added: it stays, also when the object itself is withdrawn.
TABLES = [
    """
    create table vhod.outbox (
      id bigint generated always as identity primary key,
      written xid8 not null default pg_current_xact_id(),
      happened_at timestamptz not null default now(),
      kind text not null check (kind in ('MARK', 'ATTENDANCE', 'LESSON', 'SUMMARY_MARK', 'ASSESSMENT_SLOT',
        'JOURNAL_LINE', 'REOPENING', 'MARK_PROPOSAL', 'IMPORT_RUN', 'RATING', 'RIGHTS')),
      school_year integer,
      person_id uuid,
      class_group_id uuid,
      subject_group_id uuid,
      journal_id uuid,
      objects uuid[] not null,
      versions uuid[] not null default '{}'
    )
    """,
    "create index ix_outbox_written on vhod.outbox (written)",
    "create index ix_outbox_happened_at on vhod.outbox (happened_at)",
    # Rows up to here may be gone: whoever was away for longer has to read everything again.
    "create table vhod.outbox_floor (only_one boolean primary key default true check (only_one), written xid8 not null)",
    "insert into vhod.outbox_floor (written) values ('0')",
    "grant insert, select, delete on vhod.outbox to vhod_keeper",
    "grant select, update on vhod.outbox_floor to vhod_keeper",
]

NOTE_VERSIONS = """
create function vhod.note_{table}() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  insert into vhod.outbox (kind, school_year, person_id, class_group_id, subject_group_id, journal_id, objects, versions)
  select '{kind}', f.school_year, f.student_id, f.class_group_id, f.subject_group_id, {journal},
         array_agg(f.{key} order by f.id), array_agg(f.id order by f.id)
  from fresh f {join} group by 1, 2, 3, 4, 5, 6;
  perform pg_notify('vhod_outbox', '');
  return null;
end $$
"""
ON_A_LINE = {"journal": "l.journal_id", "join": "join journal_line l on l.id = f.journal_line_id"}
IN_A_SUBJECT = {"journal": "cast(null as uuid)", "join": ""}
VERSIONS = {
    "mark_version": {"kind": "MARK", "key": "mark_id", **ON_A_LINE},
    "attendance_version": {"kind": "ATTENDANCE", "key": "record_id", **ON_A_LINE},
    "summary_mark_version": {"kind": "SUMMARY_MARK", "key": "mark_id", **IN_A_SUBJECT},
}

NOTE_LESSONS = """
create function vhod.note_lesson_version() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  insert into vhod.outbox (kind, school_year, class_group_id, subject_group_id, journal_id, objects)
  select 'LESSON', school_year, class_group_id, subject_group_id, journal_id, array_agg(distinct lesson_id)
  from fresh group by 1, 2, 3, 4, 5;
  perform pg_notify('vhod_outbox', '');
  return null;
end $$
"""

# A row of the journal that is never removed: it stands for itself.
NOTE_ROW = """
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
end $$
"""

# A thing by itself: an import, a rating, a person whose rights have moved.
NOTE_OBJECT = """
create function vhod.note_object() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare object uuid;
begin
  execute format('select ($1).%I', tg_argv[1]) using new into object;
  insert into vhod.outbox (kind, person_id, objects)
  values (tg_argv[0], case when tg_argv[0] = 'RIGHTS' then object end, array[object]);
  perform pg_notify('vhod_outbox', '');
  return null;
end $$
"""

SINCE = """
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
$$
"""

# Transactions of another server (a restored copy) are not ours: a snapshot of the future is as bad as an old one.
TOO_OLD = """
create function vhod.outbox_forgot(seen pg_snapshot) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select pg_snapshot_xmin(seen) <= f.written or pg_snapshot_xmax(seen) > pg_snapshot_xmax(pg_current_snapshot())
  from vhod.outbox_floor f
$$
"""

FORGET = """
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
  select o.written into last from vhod.outbox o where o.happened_at < now() - keep order by o.written desc limit 1;
  update vhod.outbox_floor set written = last where last is not null and written < last;
  delete from vhod.outbox where happened_at < now() - keep;
  get diagnostics counted = row_count;
  return counted;
end $$
"""

# What the owner loads (a seed, a restored table) nobody waits for.
BY_THE_SERVER = "when (current_user = 'vhod_app')"
TRIGGERS = [
    *(
        f"create trigger note after insert on {table} referencing new table as fresh"
        f" for each statement {BY_THE_SERVER} execute function vhod.note_{table}()"
        for table in (*VERSIONS, "lesson_version")
    ),
    f"create trigger note after insert on lesson for each row {BY_THE_SERVER} execute function vhod.note_row('LESSON')",
    *(
        f"create trigger note after {when} on {table} for each row {BY_THE_SERVER}"
        f" execute function vhod.note_row('{kind}')"
        for table, kind, when in (
            ("assessment_slot", "ASSESSMENT_SLOT", "insert or update"),
            ("journal_line", "JOURNAL_LINE", "insert or update of left_on"),
            ("reopening", "REOPENING", "insert or update"),
            ("mark_proposal", "MARK_PROPOSAL", "insert or update"),
        )
    ),
    f"create trigger note after insert on rating for each row {BY_THE_SERVER}"
    " execute function vhod.note_object('RATING', 'id')",
    # The queue notes progress as the keeper, and so does whatever moves rights.
    "create trigger note after update on import_run for each row"
    " when (old.status is distinct from new.status or old.done is distinct from new.done)"
    " execute function vhod.note_object('IMPORT_RUN', 'id')",
    "create trigger note after insert or update on access_version for each row"
    " execute function vhod.note_object('RIGHTS', 'person_id')",
]
NOTING = [*(f"note_{table}()" for table in VERSIONS), "note_lesson_version()", "note_row()", "note_object()"]
ASKED = ["outbox_since(pg_snapshot, integer, uuid[])", "outbox_forgot(pg_snapshot)", "forget_outbox(interval)"]


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    for table, parts in VERSIONS.items():
        op.execute(NOTE_VERSIONS.format(table=table, **parts))
    for statement in (NOTE_LESSONS, NOTE_ROW, NOTE_OBJECT, SINCE, TOO_OLD, FORGET, *TRIGGERS):
        op.execute(statement)
    op.execute("grant create on schema vhod to vhod_keeper")
    for function in (*NOTING, *ASKED):
        op.execute(f"alter function vhod.{function} owner to vhod_keeper")
    op.execute("revoke create on schema vhod from vhod_keeper")
    for function in ASKED:
        op.execute(f"revoke execute on function vhod.{function} from public")
        op.execute(f"grant execute on function vhod.{function} to vhod_app")


def downgrade() -> None:
    for trigger in TRIGGERS:
        words = trigger.split()
        op.execute(f"drop trigger note on {words[words.index('on') + 1]}")
    for function in (*NOTING, *ASKED):
        op.execute(f"drop function vhod.{function}")
    op.execute("drop table vhod.outbox")
    op.execute("drop table vhod.outbox_floor")
