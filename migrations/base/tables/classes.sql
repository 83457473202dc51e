-- Tables of domain/records/classes.py.

create table grading_period (
  id uuid default uuidv7() not null,
  organisation_id uuid not null,
  school_year integer not null,
  scheme varchar(40) not null,
  number integer not null,
  name varchar not null,
  starts_on date not null,
  ends_on date not null,
  primary key (id),
  unique (organisation_id, school_year, scheme, number),
  constraint grading_period_dates check (ends_on >= starts_on),
  foreign key(organisation_id) references organisation (id) on delete restrict,
  constraint periodscheme_word check (scheme in ('QUARTER', 'TRIMESTER', 'HALF_YEAR'))
);
create index ix_grading_period_organisation_id on grading_period (organisation_id);

create table subject (
  id uuid default uuidv7() not null,
  code varchar not null,
  name varchar not null,
  primary key (id),
  unique (code)
);

create table class_group (
  id uuid default uuidv7() not null,
  organisation_id uuid not null,
  school_year integer not null,
  grade_level integer not null,
  letter varchar not null,
  name varchar not null,
  profile varchar,
  primary key (id),
  constraint class_group_grade_level check (grade_level between 1 and 12),
  foreign key(organisation_id) references organisation (id) on delete restrict
);
create index ix_class_group_organisation_id on class_group (organisation_id);

create table subject_group (
  id uuid default uuidv7() not null,
  organisation_id uuid not null,
  class_group_id uuid not null,
  subject_id uuid not null,
  school_year integer not null,
  name varchar not null,
  teacher_id uuid,
  primary key (id),
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(class_group_id) references class_group (id) on delete restrict,
  foreign key(subject_id) references subject (id) on delete restrict,
  foreign key(teacher_id) references staff_position (id) on delete restrict
);
create index ix_subject_group_class_group_id on subject_group (class_group_id);
create index ix_subject_group_organisation_id on subject_group (organisation_id);
create index ix_subject_group_subject_id on subject_group (subject_id);
create index ix_subject_group_teacher_id on subject_group (teacher_id);

create table enrolment (
  valid_from date not null,
  valid_to date,
  live_from timestamp with time zone,
  live_until timestamp with time zone,
  id uuid default uuidv7() not null,
  student_id uuid not null,
  organisation_id uuid not null,
  class_group_id uuid not null,
  kind varchar(40) default 'MAIN' not null,
  order_number varchar,
  ordered_on date,
  end_order_number varchar,
  end_ordered_on date,
  end_reason varchar,
  primary key (id),
  constraint enrolment_dates check (valid_to is null or valid_to > valid_from),
  foreign key(student_id) references person (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(class_group_id) references class_group (id) on delete restrict,
  constraint enrolmentkind_word check (kind in ('MAIN', 'EXTRA', 'NETWORK')),
  constraint one_main_enrolment_at_a_time exclude using gist (student_id with =, daterange(valid_from, valid_to) with &&) where (kind = 'MAIN')
);
create index ix_enrolment_class_group_id on enrolment (class_group_id);
create index ix_enrolment_organisation_id on enrolment (organisation_id);
create index ix_enrolment_student_id on enrolment (student_id);

create table subject_group_member (
  valid_from date not null,
  valid_to date,
  live_from timestamp with time zone,
  live_until timestamp with time zone,
  id uuid default uuidv7() not null,
  student_id uuid not null,
  subject_group_id uuid not null,
  organisation_id uuid not null,
  class_group_id uuid not null,
  primary key (id),
  constraint member_dates check (valid_to is null or valid_to > valid_from),
  foreign key(student_id) references person (id) on delete restrict,
  foreign key(subject_group_id) references subject_group (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(class_group_id) references class_group (id) on delete restrict
);
create index ix_subject_group_member_class_group_id on subject_group_member (class_group_id);
create index ix_subject_group_member_organisation_id on subject_group_member (organisation_id);
create index ix_subject_group_member_student_id on subject_group_member (student_id);
create index ix_subject_group_member_subject_group_id on subject_group_member (subject_group_id);

-- Roles were there before classes were: the only reference that looks ahead.
alter table assignment add foreign key(class_group_id) references class_group (id) on delete restrict;
alter table assignment add foreign key(subject_group_id) references subject_group (id) on delete restrict;
