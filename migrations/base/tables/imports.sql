-- Tables of domain/records/imports.py.

create table import_file (
  id uuid default uuidv7() not null,
  organisation_id uuid not null,
  name varchar not null,
  media_type varchar not null,
  size integer not null,
  sha256 varchar not null,
  content bytea not null,
  uploaded_by_id uuid not null,
  uploaded_at timestamp with time zone default vhod.now() not null,
  primary key (id),
  constraint import_file_size check (size = length(content) and size <= 10485760),
  foreign key(organisation_id) references organisation (id) on delete restrict
);
create index ix_import_file_organisation_id on import_file (organisation_id);

create table import_run (
  id uuid default uuidv7() not null,
  organisation_id uuid not null,
  file_id uuid not null,
  kind varchar(40) not null,
  mode varchar(40) not null,
  dry_run boolean default 'false' not null,
  overwrite boolean default 'false' not null,
  options jsonb default '{}' not null,
  status varchar(40) default 'QUEUED' not null,
  total integer,
  done integer default '0' not null,
  created integer default '0' not null,
  changed integer default '0' not null,
  unchanged integer default '0' not null,
  rejected integer default '0' not null,
  flagged integer default '0' not null,
  warned integer default '0' not null,
  issues jsonb default '[]' not null,
  started_by_id uuid not null,
  assignment_id uuid not null,
  role varchar(40),
  caller jsonb default '{}' not null,
  requested_at timestamp with time zone default vhod.now() not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  cancel_requested_at timestamp with time zone,
  failure_code varchar,
  attempts integer default '0' not null,
  token uuid,
  lease_until timestamp with time zone,
  primary key (id),
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(file_id) references import_file (id) on delete restrict,
  constraint importmode_word check (mode in ('ALL_OR_NOTHING', 'ROW_BY_ROW')),
  constraint importstatus_word check (status in ('QUEUED', 'RUNNING', 'DONE', 'REFUSED', 'FAILED', 'CANCELLED')),
  constraint importkind_word check (kind in ('JOURNAL_PAGE', 'ORGANISATIONS', 'PEOPLE', 'OBSERVATIONS'))
);
create index ix_import_run_file_id on import_run (file_id);
create index ix_import_run_organisation_id on import_run (organisation_id);
create index ix_import_run_waiting on import_run (requested_at) WHERE status in ('QUEUED', 'RUNNING');

create table import_row (
  id uuid default uuidv7() not null,
  run_id uuid not null,
  organisation_id uuid not null,
  source_row integer not null,
  outcome varchar(40) not null,
  issues jsonb default '[]' not null,
  raw jsonb,
  object_id varchar,
  primary key (id),
  unique (run_id, source_row),
  foreign key(run_id) references import_run (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  constraint rowoutcome_word check (outcome in ('CREATED', 'CHANGED', 'UNCHANGED', 'REJECTED', 'FLAGGED'))
);
create index ix_import_row_outcome on import_row (run_id, outcome, source_row);

create table import_source_row (
  id uuid default uuidv7() not null,
  organisation_id uuid not null,
  cells jsonb not null,
  primary key (id),
  foreign key(organisation_id) references organisation (id) on delete restrict
);
