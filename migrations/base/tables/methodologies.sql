-- Tables of domain/records/methodologies.py.

create table methodology (
  id uuid default uuidv7() not null,
  code varchar not null,
  version varchar not null,
  digest varchar not null,
  status varchar(40) not null,
  name varchar not null,
  english_name varchar not null,
  source varchar not null,
  valid_from date not null,
  text varchar not null,
  primary key (id),
  unique (code, version),
  constraint status_word check (status in ('PUBLISHED', 'OWN', 'SYNTHETIC'))
);

create table methodology_section (
  id uuid default uuidv7() not null,
  methodology_id uuid not null,
  code varchar not null,
  position integer not null,
  name varchar not null,
  english_name varchar not null,
  maximum varchar,
  primary key (id),
  unique (methodology_id, code),
  foreign key(methodology_id) references methodology (id) on delete restrict
);

create table methodology_level (
  id uuid default uuidv7() not null,
  methodology_id uuid not null,
  code varchar not null,
  position integer not null,
  name varchar not null,
  english_name varchar not null,
  colour varchar(40),
  primary key (id),
  unique (methodology_id, code),
  foreign key(methodology_id) references methodology (id) on delete restrict
);

create table methodology_input (
  id uuid default uuidv7() not null,
  methodology_id uuid not null,
  indicator_id uuid not null,
  position integer not null,
  group_code varchar not null,
  name varchar not null,
  english_name varchar not null,
  weight varchar not null,
  maximum varchar,
  primary key (id),
  unique (methodology_id, indicator_id),
  foreign key(methodology_id) references methodology (id) on delete restrict,
  foreign key(indicator_id) references indicator (id) on delete restrict
);
create index ix_methodology_input_indicator_id on methodology_input (indicator_id);
