-- Tables of domain/records/policies.py.

create table organisation_policy (
  organisation_id uuid not null,
  version integer default '1' not null,
  lesson_mark_days integer default '7' not null,
  homework_mark_days integer default '7' not null,
  period_close_working_days integer default '3' not null,
  reopening_hours integer default '48' not null,
  homeroom_writes_marks boolean default 'false' not null,
  working_days_a_week integer default '5' not null,
  cut_off_5 integer default '450' not null,
  cut_off_4 integer default '350' not null,
  cut_off_3 integer default '250' not null,
  least_marks integer default '3' not null,
  primary key (organisation_id),
  constraint policy_lesson_mark_days check (lesson_mark_days between 0 and 366),
  constraint policy_homework_mark_days check (homework_mark_days between 0 and 366),
  constraint policy_period_close_working_days check (period_close_working_days between 0 and 60),
  constraint policy_reopening_hours check (reopening_hours between 1 and 168),
  constraint policy_working_days_a_week check (working_days_a_week in (5, 6)),
  constraint policy_cut_offs
    check (100 < cut_off_3 and cut_off_3 < cut_off_4 and cut_off_4 < cut_off_5 and cut_off_5 <= 500),
  constraint policy_least_marks check (least_marks between 1 and 20),
  foreign key(organisation_id) references organisation (id) on delete restrict
);

create table work_type (
  id uuid default uuidv7() not null,
  organisation_id uuid,
  code varchar(40) not null,
  name varchar not null,
  letter varchar not null,
  weight integer not null,
  primary key (id),
  unique nulls not distinct (organisation_id, code),
  constraint work_type_weight check (weight between 0 and 100),
  foreign key(organisation_id) references organisation (id) on delete restrict,
  constraint workcode_word check (code in (
    'LESSON', 'HOMEWORK', 'INDEPENDENT', 'TEST', 'LABORATORY', 'PROJECT', 'DICTATION', 'CREDIT', 'MAKE_UP'))
);
create index ix_work_type_organisation_id on work_type (organisation_id);

create table calendar_day (
  id uuid default uuidv7() not null,
  organisation_id uuid not null,
  day date not null,
  working boolean not null,
  name varchar not null,
  primary key (id),
  unique (organisation_id, day),
  foreign key(organisation_id) references organisation (id) on delete restrict
);
