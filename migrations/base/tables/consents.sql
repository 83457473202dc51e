-- Tables of domain/records/consents.py.

create table service_client (
  id uuid default uuidv7() not null,
  issuer varchar not null,
  client_id varchar not null,
  name varchar not null,
  purpose varchar(40) not null,
  registered_at timestamp with time zone default vhod.now() not null,
  closed_at timestamp with time zone,
  primary key (id),
  constraint service_client_account unique (issuer, client_id),
  constraint service_client_purpose unique (id, purpose),
  constraint consentpurpose_word check (purpose in ('EDU_JOURNAL', 'KID_SCHOOL', 'KID_EDUCATION'))
);

create table consent (
  valid_from date not null,
  valid_to date,
  live_from timestamp with time zone,
  live_until timestamp with time zone,
  id uuid default uuidv7() not null,
  person_id uuid not null,
  service_client_id uuid not null,
  purpose varchar(40) not null,
  given_by_id uuid not null,
  role varchar(40),
  given_at timestamp with time zone default vhod.now() not null,
  revoked_by_id uuid,
  revoked_at timestamp with time zone,
  primary key (id),
  constraint consent_client_and_purpose foreign key(service_client_id, purpose) references service_client (id, purpose) on delete restrict,
  constraint consent_dates check (valid_to is null or valid_to > valid_from),
  constraint consent_revoked_by_somebody check ((revoked_at is null) = (revoked_by_id is null)),
  foreign key(person_id) references person (id) on delete restrict,
  constraint consent_purpose_word check (purpose in ('EDU_JOURNAL', 'KID_SCHOOL', 'KID_EDUCATION'))
);
create index ix_consent_client on consent (service_client_id, person_id);
create index ix_consent_person_id on consent (person_id);
