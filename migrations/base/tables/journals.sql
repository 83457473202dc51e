-- Tables of domain/records/journals.py.

create table journal (
  id uuid default uuidv7() not null,
  organisation_id uuid not null,
  school_year integer not null,
  class_group_id uuid not null,
  subject_group_id uuid not null,
  subject_id uuid not null,
  grading_period_id uuid not null,
  class_name varchar not null,
  provenance varchar(40) default 'ENTERED' not null,
  source varchar,
  primary key (id),
  unique (subject_group_id, grading_period_id),
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(class_group_id) references class_group (id) on delete restrict,
  foreign key(subject_group_id) references subject_group (id) on delete restrict,
  foreign key(subject_id) references subject (id) on delete restrict,
  foreign key(grading_period_id) references grading_period (id) on delete restrict,
  constraint provenance_word check (provenance in ('PUBLISHED', 'SYNTHETIC', 'ENTERED'))
);
create index ix_journal_class_group_id on journal (class_group_id);
create index ix_journal_grading_period_id on journal (grading_period_id);
create index ix_journal_organisation_id on journal (organisation_id);
create index ix_journal_subject_group_id on journal (subject_group_id);
create index ix_journal_subject_id on journal (subject_id);

create table lesson (
  id uuid default uuidv7() not null,
  journal_id uuid not null,
  organisation_id uuid not null,
  school_year integer not null,
  class_group_id uuid not null,
  subject_group_id uuid not null,
  held_on date not null,
  number integer not null,
  status varchar(40) default 'HELD' not null,
  slot_code varchar,
  topic varchar,
  homework varchar,
  version integer default 1 not null,
  primary key (id),
  unique (journal_id, held_on, number),
  foreign key(journal_id) references journal (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(class_group_id) references class_group (id) on delete restrict,
  foreign key(subject_group_id) references subject_group (id) on delete restrict,
  constraint lessonstatus_word check (status in ('PLANNED', 'HELD', 'CANCELLED', 'REPLACED'))
);
create index ix_lesson_class_group_id on lesson (class_group_id);
create index ix_lesson_organisation_id on lesson (organisation_id);
create index ix_lesson_page on lesson (journal_id, held_on, number);
create index ix_lesson_subject_group_id on lesson (subject_group_id);

create table journal_line (
  id uuid default uuidv7() not null,
  journal_id uuid not null,
  student_id uuid not null,
  organisation_id uuid not null,
  school_year integer not null,
  class_group_id uuid not null,
  subject_group_id uuid not null,
  number integer not null,
  student_name varchar not null,
  left_on date,
  mark_sum integer default '0' not null,
  weight_sum integer default '0' not null,
  mark_count integer default '0' not null,
  primary key (id),
  unique (journal_id, student_id),
  foreign key(journal_id) references journal (id) on delete restrict,
  foreign key(student_id) references person (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(class_group_id) references class_group (id) on delete restrict,
  foreign key(subject_group_id) references subject_group (id) on delete restrict
);
create index ix_journal_line_class_group_id on journal_line (class_group_id);
create index ix_journal_line_organisation_id on journal_line (organisation_id);
create index ix_journal_line_page on journal_line (journal_id, number, id);
create index ix_journal_line_student_id on journal_line (student_id);
create index ix_journal_line_subject_group_id on journal_line (subject_group_id);

create table lesson_version (
  version integer default '1' not null,
  recorded_by_id uuid,
  assignment_id uuid,
  role varchar(40),
  recorded_at timestamp with time zone default vhod.now() not null,
  reason varchar,
  origin varchar(40) default 'ENTERED' not null,
  import_run_id uuid,
  id uuid default uuidv7() not null,
  lesson_id uuid not null,
  journal_id uuid not null,
  organisation_id uuid not null,
  school_year integer not null,
  class_group_id uuid not null,
  subject_group_id uuid not null,
  status varchar(40) not null,
  topic varchar,
  homework varchar,
  primary key (id),
  unique (lesson_id, version),
  foreign key(lesson_id) references lesson (id) on delete restrict,
  foreign key(journal_id) references journal (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(class_group_id) references class_group (id) on delete restrict,
  foreign key(subject_group_id) references subject_group (id) on delete restrict,
  constraint lessonstatus_word check (status in ('PLANNED', 'HELD', 'CANCELLED', 'REPLACED'))
);
create index ix_lesson_version_journal_id on lesson_version (journal_id);

-- The ids are the same in every database, so that an export of one can be read by another.
insert into work_type (id, code, name, letter, weight) values
  ('019aa000-0000-7000-8000-000000000001', 'LESSON', 'Работа на уроке', 'У', 1),
  ('019aa000-0000-7000-8000-000000000002', 'HOMEWORK', 'Домашняя работа', 'Д', 1),
  ('019aa000-0000-7000-8000-000000000003', 'INDEPENDENT', 'Самостоятельная работа', 'С', 2),
  ('019aa000-0000-7000-8000-000000000004', 'TEST', 'Контрольная работа', 'К', 3),
  ('019aa000-0000-7000-8000-000000000005', 'LABORATORY', 'Лабораторная работа', 'Л', 2),
  ('019aa000-0000-7000-8000-000000000006', 'PROJECT', 'Проект', 'П', 2),
  ('019aa000-0000-7000-8000-000000000007', 'DICTATION', 'Диктант', 'Дк', 2),
  ('019aa000-0000-7000-8000-000000000008', 'CREDIT', 'Зачёт', 'З', 2),
  ('019aa000-0000-7000-8000-000000000009', 'MAKE_UP', 'Отработка пропущенного', 'О', 1);
