-- Tables of domain/records/attendance.py.

create table attendance_record (
  id uuid default uuidv7() not null,
  school_year integer not null,
  lesson_id uuid not null,
  journal_line_id uuid not null,
  student_id uuid not null,
  organisation_id uuid not null,
  class_group_id uuid not null,
  subject_group_id uuid not null,
  held_on date not null,
  code varchar(40) not null,
  note varchar,
  recorded_by_id uuid,
  recorded_at timestamp with time zone default vhod.now() not null,
  version integer default 1 not null,
  role varchar(40),
  reason varchar,
  origin varchar(40) default 'ENTERED' not null,
  import_run_id uuid,
  assignment_id uuid,
  primary key (school_year, id),
  unique (school_year, lesson_id, student_id),
  foreign key(lesson_id) references lesson (id) on delete restrict,
  foreign key(journal_line_id) references journal_line (id) on delete restrict,
  constraint attendancecode_word check (code in ('ABSENT_UNEXCUSED', 'ABSENT_EXCUSED', 'ABSENT_ILLNESS', 'LATE'))
) PARTITION BY RANGE (school_year);
create index ix_attendance_line on attendance_record (journal_line_id, lesson_id);
create index ix_attendance_student on attendance_record (student_id, school_year);

create table attendance_version (
  version integer default '1' not null,
  recorded_by_id uuid,
  assignment_id uuid,
  role varchar(40),
  recorded_at timestamp with time zone default vhod.now() not null,
  reason varchar,
  origin varchar(40) default 'ENTERED' not null,
  import_run_id uuid,
  id uuid default uuidv7() not null,
  school_year integer not null,
  lesson_id uuid not null,
  journal_line_id uuid not null,
  student_id uuid not null,
  organisation_id uuid not null,
  class_group_id uuid not null,
  subject_group_id uuid not null,
  held_on date not null,
  record_id uuid default uuidv7() not null,
  code varchar(40),
  note varchar,
  primary key (school_year, id),
  unique (school_year, lesson_id, student_id, version),
  constraint attendance_version_number check (version > 0),
  foreign key(lesson_id) references lesson (id) on delete restrict,
  foreign key(journal_line_id) references journal_line (id) on delete restrict,
  constraint attendance_version_code_word check (code in (
    'ABSENT_UNEXCUSED', 'ABSENT_EXCUSED', 'ABSENT_ILLNESS', 'LATE'))
) PARTITION BY RANGE (school_year);
create index ix_attendance_version_line on attendance_version (journal_line_id, recorded_at);
create index ix_attendance_version_record on attendance_version (record_id, version);
