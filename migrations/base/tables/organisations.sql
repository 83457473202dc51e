-- Tables of domain/records/organisations.py.

create table organisation (
  id uuid default uuidv7() not null,
  kind varchar(40) not null,
  name varchar not null,
  short_name varchar,
  parent_id uuid,
  branch_of_id uuid,
  region_id uuid,
  municipality_id uuid,
  ancestor_ids uuid[] default '{}' not null,
  oktmo varchar,
  ogrn varchar,
  ogrn_status varchar(40) default 'MISSING' not null,
  inn varchar,
  inn_status varchar(40) default 'MISSING' not null,
  head_status varchar(40) default 'HEAD' not null,
  time_zone varchar not null,
  provenance varchar(40) not null,
  source varchar,
  fold text collate "C" generated always as (fold_text(name)) stored,
  primary key (id),
  constraint organisationkind_word check (kind in (
    'REGION', 'MUNICIPALITY', 'EDUCATION_AUTHORITY', 'SCHOOL', 'PRESCHOOL', 'VOCATIONAL', 'EXTRA_EDUCATION')),
  foreign key(parent_id) references organisation (id) on delete restrict,
  foreign key(branch_of_id) references organisation (id) on delete restrict,
  foreign key(region_id) references organisation (id) on delete restrict,
  foreign key(municipality_id) references organisation (id) on delete restrict,
  constraint identifierstatus_word check (ogrn_status in (
    'VALID', 'CHECK_DIGIT_FAILED', 'MALFORMED', 'MISSING', 'AS_HEAD_ORGANISATION')),
  constraint inn_status_word check (inn_status in (
    'VALID', 'CHECK_DIGIT_FAILED', 'MALFORMED', 'MISSING', 'AS_HEAD_ORGANISATION')),
  constraint headstatus_word check (head_status in ('HEAD', 'BRANCH', 'HEAD_UNRESOLVED')),
  constraint provenance_word check (provenance in ('PUBLISHED', 'SYNTHETIC', 'ENTERED'))
);
create index ix_organisation_ancestor_ids on organisation using gin (ancestor_ids);
create index ix_organisation_branch_of_id on organisation (branch_of_id);
create index ix_organisation_inn on organisation (inn);
create index ix_organisation_municipality_id on organisation (municipality_id);
create index ix_organisation_ogrn on organisation (ogrn);
create index ix_organisation_oktmo on organisation (oktmo);
create index ix_organisation_parent_id on organisation (parent_id);
create index ix_organisation_region_id on organisation (region_id);
create index ix_organisation_sorted on organisation (fold, id);

create table registry_issue (
  id uuid default uuidv7() not null,
  organisation_id uuid not null,
  code varchar(40) not null,
  column_name varchar not null,
  raw varchar not null,
  primary key (id),
  foreign key(organisation_id) references organisation (id) on delete restrict,
  constraint registryissuecode_word check (code in (
    'OGRN_MISSING', 'OGRN_CHECK_DIGIT_FAILED', 'INN_MISSING', 'INN_CHECK_DIGIT_FAILED', 'COLUMNS_SLIPPED',
    'HEAD_UNRESOLVED', 'POSSIBLE_DUPLICATE', 'MUNICIPALITY_UNKNOWN', 'NAME_CUT'))
);
create index ix_registry_issue_organisation_id on registry_issue (organisation_id);
