-- What happened, for those who follow: written by triggers, read by the server that tells.

-- `written` is the transaction: with a snapshot it tells exactly what was committed since, in whatever order.
-- `versions` stand beside `objects` where a version was added: it stays, also when the object itself is withdrawn.
create table vhod.outbox (
  id bigint generated always as identity primary key,
  written xid8 not null default pg_current_xact_id(),
  happened_at timestamptz not null default vhod.now(),
  kind text not null check (kind in (
    'MARK', 'ATTENDANCE', 'LESSON', 'SUMMARY_MARK', 'ASSESSMENT_SLOT', 'JOURNAL_LINE', 'REOPENING',
    'MARK_PROPOSAL', 'IMPORT_RUN', 'RATING', 'RIGHTS')),
  school_year integer,
  person_id uuid,
  class_group_id uuid,
  subject_group_id uuid,
  journal_id uuid,
  objects uuid[] not null,
  versions uuid[] not null default '{}'
);
create index ix_outbox_written on vhod.outbox (written);
create index ix_outbox_happened_at on vhod.outbox (happened_at);

create table vhod.outbox_floor (
  only_one boolean primary key default true check (only_one),
  written xid8 not null
);

insert into vhod.outbox_floor (written) values ('0');
