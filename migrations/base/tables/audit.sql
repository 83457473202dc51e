-- Tables of domain/records/audit.py.

create table audit_entry (
  id uuid default uuidv7() not null,
  happened_at timestamp with time zone default vhod.now() not null,
  request_id varchar not null,
  actor_id uuid,
  assignment_id uuid,
  client_id varchar,
  organisation_id uuid,
  action varchar not null,
  object_id uuid,
  detail jsonb default '{}' not null,
  primary key (id)
);
create index ix_audit_entry_organisation on audit_entry (organisation_id, happened_at, id);
create index ix_audit_entry_moment on audit_entry (happened_at, id);

create table access_entry (
  id uuid default uuidv7() not null,
  happened_at timestamp with time zone default vhod.now() not null,
  request_id varchar not null,
  actor_id uuid,
  client_id varchar,
  operation varchar,
  roles text[] not null,
  sensitivity integer not null,
  fields text[] not null,
  subject_ids uuid[] not null,
  organisation_ids uuid[] not null default '{}',
  preview_role varchar,
  primary key (id)
);

create table mutation_key (
  person_id uuid not null,
  client_id varchar not null,
  key uuid not null,
  input_hash varchar not null,
  object_id uuid,
  happened_at timestamp with time zone default vhod.now() not null,
  objects text[] default '{}' not null,
  primary key (person_id, client_id, key),
  foreign key(person_id) references person (id)
);
