-- Tables of domain/records/ratings.py.

create table rating (
  id uuid default uuidv7() not null,
  methodology_id uuid not null,
  methodology_code varchar not null,
  methodology_digest varchar not null,
  period varchar not null,
  region_id uuid,
  rated_kind varchar(40) not null,
  version integer not null,
  previous_id uuid,
  inputs_digest varchar not null,
  digest varchar not null,
  canonical bytea not null,
  known_at timestamp with time zone not null,
  created_at timestamp with time zone default vhod.now() not null,
  created_by_id uuid,
  assignment_id uuid,
  role varchar(40),
  primary key (id),
  constraint rating_version unique nulls not distinct (methodology_code, period, region_id, rated_kind, version),
  constraint rating_period
    check (period ~ '^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?(/\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?)?$'),
  constraint rating_number check (version > 0),
  foreign key(methodology_id) references methodology (id) on delete restrict,
  foreign key(region_id) references organisation (id) on delete restrict,
  constraint organisationkind_word check (rated_kind in (
    'REGION', 'MUNICIPALITY', 'EDUCATION_AUTHORITY', 'SCHOOL', 'PRESCHOOL', 'VOCATIONAL', 'EXTRA_EDUCATION')),
  foreign key(previous_id) references rating (id) on delete restrict
);
create index ix_rating_methodology_id on rating (methodology_id);
create index ix_rating_region on rating (region_id, created_at);

create table rating_entry (
  id uuid default uuidv7() not null,
  rating_id uuid not null,
  section varchar not null,
  section_position integer not null,
  position integer not null,
  organisation_id uuid not null,
  rated_name varchar not null,
  points_numerator numeric,
  points_denominator numeric,
  points_shown varchar,
  maximum_numerator numeric,
  maximum_denominator numeric,
  percent_numerator numeric,
  percent_denominator numeric,
  percent_shown varchar,
  level_id uuid,
  rank integer,
  tied integer not null,
  known integer not null,
  needed integer not null,
  primary key (id),
  unique (rating_id, section, position),
  unique (rating_id, section, organisation_id),
  constraint rating_entry_rank check (rank is null or rank > 0),
  foreign key(rating_id) references rating (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(level_id) references methodology_level (id) on delete restrict
);
create index ix_rating_entry_level_id on rating_entry (level_id);
create index ix_rating_entry_organisation on rating_entry (organisation_id, rating_id);

create table rating_remark (
  id uuid default uuidv7() not null,
  rating_id uuid not null,
  entry_id uuid,
  position integer not null,
  code varchar not null,
  place varchar not null,
  message varchar not null,
  english_message varchar not null,
  primary key (id),
  foreign key(rating_id) references rating (id) on delete restrict,
  foreign key(entry_id) references rating_entry (id) on delete restrict
);
create index ix_rating_remark_entry_id on rating_remark (entry_id);
create index ix_rating_remark_rating_id on rating_remark (rating_id);
