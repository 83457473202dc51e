-- Tables of domain/records/indicators.py.

create table catalogue_source (
  id uuid default uuidv7() not null,
  code varchar not null,
  name varchar not null,
  english_name varchar not null,
  issued_on date,
  primary key (id),
  unique (code)
);

create table indicator (
  id uuid default uuidv7() not null,
  code varchar not null,
  name varchar not null,
  english_name varchar not null,
  unit varchar(40) not null,
  direction varchar(40) not null,
  decimals integer not null,
  unit_counted varchar(40) not null,
  periodicity varchar(40) not null,
  measures varchar(40) not null,
  definition varchar(40) not null,
  organisation_kind varchar(40),
  numerator varchar,
  denominator varchar,
  sources text[] default '{}' not null,
  same_name varchar,
  minimum numeric,
  goal numeric,
  due date,
  primary key (id),
  unique (code),
  constraint unit_word check (unit in ('PERCENT', 'POINTS', 'INDEX', 'COUNT')),
  constraint direction_word check (direction in ('HIGHER_IS_BETTER', 'LOWER_IS_BETTER')),
  constraint unitcounted_word check (unit_counted in ('HEAD', 'HEAD_AND_BRANCH', 'PERSON', 'NONE')),
  constraint periodicity_word check (periodicity in ('ONCE', 'WEEKLY', 'MONTHLY', 'GRADING_PERIOD', 'YEARLY')),
  constraint measures_word check (measures in ('USED', 'PROVIDED', 'ASSESSED')),
  constraint definition_word check (definition in ('PUBLISHED', 'OURS'))
);

create table indicator_target (
  id uuid default uuidv7() not null,
  indicator_id uuid not null,
  source_id uuid not null,
  year integer not null,
  value numeric not null,
  status varchar(40) not null,
  periodicity varchar(40) not null,
  due date not null,
  note varchar,
  primary key (id),
  foreign key(indicator_id) references indicator (id) on delete restrict,
  foreign key(source_id) references catalogue_source (id) on delete restrict,
  constraint targetstatus_word check (status in ('FIRM', 'REFERENCE')),
  constraint target_periodicity_word check (periodicity in ('ONCE', 'WEEKLY', 'MONTHLY', 'GRADING_PERIOD', 'YEARLY'))
);
create index ix_indicator_target_indicator_id on indicator_target (indicator_id);
create index ix_indicator_target_source_id on indicator_target (source_id);

create table indicator_baseline (
  id uuid default uuidv7() not null,
  indicator_id uuid not null,
  source_id uuid not null,
  value numeric not null,
  counted_on varchar not null,
  primary key (id),
  foreign key(indicator_id) references indicator (id) on delete restrict,
  foreign key(source_id) references catalogue_source (id) on delete restrict
);
create index ix_indicator_baseline_indicator_id on indicator_baseline (indicator_id);
create index ix_indicator_baseline_source_id on indicator_baseline (source_id);

create table catalogue_remark (
  id uuid default uuidv7() not null,
  indicator_id uuid,
  code varchar not null,
  place varchar not null,
  message varchar not null,
  english_message varchar not null,
  primary key (id),
  foreign key(indicator_id) references indicator (id) on delete restrict
);
create index ix_catalogue_remark_indicator_id on catalogue_remark (indicator_id);

create table procedure_group (
  id uuid default uuidv7() not null,
  code varchar not null,
  position integer not null,
  name varchar not null,
  english_name varchar not null,
  primary key (id),
  unique (code)
);

create table procedure (
  id uuid default uuidv7() not null,
  number integer not null,
  group_id uuid not null,
  name varchar not null,
  federal_number integer,
  track varchar,
  primary key (id),
  unique (number),
  foreign key(group_id) references procedure_group (id) on delete restrict
);
create index ix_procedure_group_id on procedure (group_id);

create table procedure_indicator (
  id uuid default uuidv7() not null,
  procedure_id uuid not null,
  indicator_id uuid not null,
  definition varchar(40) not null,
  primary key (id),
  unique (procedure_id, indicator_id),
  foreign key(procedure_id) references procedure (id) on delete restrict,
  foreign key(indicator_id) references indicator (id) on delete restrict,
  constraint procedure_indicator_definition_word check (definition in ('PUBLISHED', 'OURS'))
);
create index ix_procedure_indicator_indicator_id on procedure_indicator (indicator_id);
