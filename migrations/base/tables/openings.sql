-- Tables of domain/records/openings.py.

create table record_opening (
  id uuid default uuidv7() not null,
  entry_id uuid not null,
  happened_at timestamp with time zone not null,
  person_id uuid not null,
  organisation_id uuid,
  actor_id uuid,
  client_id varchar,
  roles text[] not null,
  special boolean not null,
  fields text[] not null,
  primary key (id),
  foreign key(person_id) references person (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict
);
create index ix_record_opening_organisation on record_opening (organisation_id, happened_at, id);
create index ix_record_opening_person on record_opening (person_id, happened_at, id);
