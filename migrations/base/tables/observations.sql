-- Tables of domain/records/observations.py.

create table observation (
  version integer default '1' not null,
  recorded_by_id uuid,
  assignment_id uuid,
  role varchar(40),
  recorded_at timestamp with time zone default vhod.now() not null,
  reason varchar,
  origin varchar(40) default 'ENTERED' not null,
  import_run_id uuid,
  id uuid default uuidv7() not null,
  indicator_id uuid not null,
  organisation_id uuid not null,
  period varchar not null,
  value_numerator numeric,
  value_denominator numeric,
  shown varchar,
  numerator numeric,
  denominator numeric,
  no_data varchar(40),
  provenance varchar(40) default 'ENTERED' not null,
  source varchar,
  primary key (id),
  constraint observation_place unique (organisation_id, indicator_id, period),
  constraint observation_value
    check ((value_numerator is null) = (value_denominator is null) and (value_numerator is null) = (no_data is not null) and (value_denominator is null or value_denominator > 0)),
  constraint observation_counts check ((numerator is null) = (denominator is null)),
  constraint observation_period
    check (period ~ '^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?(/\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?)?$'),
  foreign key(indicator_id) references indicator (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict
);
create index ix_observation_indicator on observation (indicator_id, period);

create table observation_version (
  version integer default '1' not null,
  recorded_by_id uuid,
  assignment_id uuid,
  role varchar(40),
  reason varchar,
  origin varchar(40) default 'ENTERED' not null,
  import_run_id uuid,
  id uuid default uuidv7() not null,
  indicator_id uuid not null,
  organisation_id uuid not null,
  period varchar not null,
  value_numerator numeric,
  value_denominator numeric,
  shown varchar,
  numerator numeric,
  denominator numeric,
  no_data varchar(40),
  provenance varchar(40) default 'ENTERED' not null,
  source varchar,
  observation_id uuid default uuidv7() not null,
  recorded_at timestamp with time zone default vhod.clock_timestamp() not null,
  primary key (id),
  constraint observation_version_place unique (organisation_id, indicator_id, period, version),
  constraint observation_version_value
    check ((value_numerator is null) = (value_denominator is null) and (value_numerator is null) = (no_data is not null) and (value_denominator is null or value_denominator > 0)),
  constraint observation_version_counts check ((numerator is null) = (denominator is null)),
  constraint observation_version_period
    check (period ~ '^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?(/\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?)?$'),
  constraint observation_version_number check (version > 0),
  foreign key(indicator_id) references indicator (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict
);
create index ix_observation_version_indicator on observation_version (indicator_id, period, organisation_id, version);
create index ix_observation_version_observation on observation_version (observation_id, version);

create table observation_approval (
  id uuid default uuidv7() not null,
  indicator_id uuid not null,
  organisation_id uuid not null,
  period varchar not null,
  action varchar(40) not null,
  reason varchar,
  decided_by_id uuid,
  assignment_id uuid,
  role varchar(40),
  decided_at timestamp with time zone default vhod.clock_timestamp() not null,
  primary key (id),
  constraint observation_approval_period
    check (period ~ '^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?(/\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?)?$'),
  constraint observation_approval_reason check (action = 'APPROVE' or reason is not null),
  foreign key(indicator_id) references indicator (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  constraint approvalaction_word check (action in ('APPROVE', 'UNLOCK'))
);
create index ix_observation_approval_indicator_id on observation_approval (indicator_id);
create index ix_observation_approval_place on observation_approval (organisation_id, indicator_id, period, decided_at);
