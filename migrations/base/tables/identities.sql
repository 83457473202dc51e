-- Tables of domain/records/identities.py.

create table identity_mismatch (
  id uuid default uuidv7() not null,
  account_id uuid not null,
  person_id uuid not null,
  organisation_id uuid not null,
  person_name varchar not null,
  facts text[] not null,
  noticed_at timestamp with time zone default vhod.now() not null,
  linked boolean,
  decided_by_id uuid,
  decided_at timestamp with time zone,
  reason varchar,
  primary key (id),
  constraint identity_mismatch_once unique (account_id, person_id, organisation_id),
  constraint identity_mismatch_names_facts check (cardinality(facts) > 0),
  constraint identity_mismatch_decided check ((decided_at is null) = (linked is null)),
  constraint nobody_links_themselves check (decided_by_id is null or decided_by_id <> person_id),
  foreign key(person_id) references person (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict
);
create index ix_identity_mismatch_listed on identity_mismatch (noticed_at, id);
create index ix_identity_mismatch_organisation_id on identity_mismatch (organisation_id);
create index ix_identity_mismatch_person_id on identity_mismatch (person_id);
