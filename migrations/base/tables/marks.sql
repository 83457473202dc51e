-- Tables of domain/records/marks.py.

create table assessment_slot (
  id uuid default uuidv7() not null,
  lesson_id uuid not null,
  journal_id uuid not null,
  organisation_id uuid not null,
  school_year integer not null,
  class_group_id uuid not null,
  subject_group_id uuid not null,
  number integer default '1' not null,
  work_type_id uuid not null,
  weight integer not null,
  code varchar,
  title varchar,
  due_lesson_id uuid,
  version integer default '1' not null,
  primary key (id),
  unique (lesson_id, number),
  constraint slot_weight check (weight between 0 and 100),
  foreign key(lesson_id) references lesson (id) on delete restrict,
  foreign key(journal_id) references journal (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(class_group_id) references class_group (id) on delete restrict,
  foreign key(subject_group_id) references subject_group (id) on delete restrict,
  foreign key(work_type_id) references work_type (id) on delete restrict,
  foreign key(due_lesson_id) references lesson (id) on delete restrict
);
create index ix_assessment_slot_due_lesson_id on assessment_slot (due_lesson_id);
create index ix_assessment_slot_journal_id on assessment_slot (journal_id);
create index ix_assessment_slot_work_type_id on assessment_slot (work_type_id);

create table mark (
  id uuid default uuidv7() not null,
  school_year integer not null,
  lesson_id uuid not null,
  journal_line_id uuid not null,
  student_id uuid not null,
  organisation_id uuid not null,
  class_group_id uuid not null,
  subject_group_id uuid not null,
  held_on date not null,
  value integer not null,
  weight integer default '1' not null,
  remark varchar,
  recorded_by_id uuid,
  assignment_id uuid,
  recorded_at timestamp with time zone default vhod.now() not null,
  version integer default 1 not null,
  role varchar(40),
  reason varchar,
  origin varchar(40) default 'ENTERED' not null,
  import_run_id uuid,
  slot_id uuid not null,
  position integer default 1 not null,
  scale varchar(40) default 'FIVE_POINT' not null,
  primary key (school_year, id),
  constraint mark_weight check (weight between 0 and 100),
  foreign key(lesson_id) references lesson (id) on delete restrict,
  foreign key(journal_line_id) references journal_line (id) on delete restrict,
  constraint mark_scale check ((scale = 'FIVE_POINT' and value between 1 and 5) or (scale = 'PASS_FAIL' and value in (
    0, 1) and weight = 0)),
  constraint mark_position check (position between 1 and 2),
  foreign key (slot_id) references assessment_slot (id) on delete restrict,
  unique (school_year, slot_id, journal_line_id, position)
) PARTITION BY RANGE (school_year);
create index ix_mark_lesson on mark (lesson_id);
create index ix_mark_line on mark (journal_line_id, lesson_id);
create index ix_mark_student on mark (student_id, school_year);

create table mark_version (
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
  slot_id uuid not null,
  position integer default '1' not null,
  scale varchar(40) default 'FIVE_POINT' not null,
  weight integer default '1' not null,
  remark varchar,
  mark_id uuid default uuidv7() not null,
  value integer,
  primary key (school_year, id),
  unique (school_year, slot_id, journal_line_id, position, version),
  constraint mark_version_scale
    check (value is null or (scale = 'FIVE_POINT' and value between 1 and 5) or (scale = 'PASS_FAIL' and value in (
    0, 1) and weight = 0)),
  constraint mark_version_number check (version > 0),
  foreign key(slot_id) references assessment_slot (id) on delete restrict,
  foreign key(journal_line_id) references journal_line (id) on delete restrict
) PARTITION BY RANGE (school_year);
create index ix_mark_version_line on mark_version (journal_line_id, recorded_at);
create index ix_mark_version_mark on mark_version (mark_id, version);

create table mark_proposal (
  id uuid default uuidv7() not null,
  school_year integer not null,
  student_id uuid not null,
  organisation_id uuid not null,
  class_group_id uuid not null,
  subject_group_id uuid not null,
  lesson_id uuid not null,
  journal_line_id uuid not null,
  slot_id uuid not null,
  position integer default '1' not null,
  scale varchar(40) default 'FIVE_POINT' not null,
  weight integer default '0' not null,
  value integer,
  remark varchar,
  refused_with varchar not null,
  noted_at timestamp with time zone,
  recorded_by_id uuid not null,
  assignment_id uuid,
  role varchar(40),
  recorded_at timestamp with time zone default vhod.now() not null,
  settled_at timestamp with time zone,
  settled_by_id uuid,
  primary key (id),
  constraint mark_proposal_scale
    check (value is null or (scale = 'FIVE_POINT' and value between 1 and 5) or (scale = 'PASS_FAIL' and value in (
    0, 1) and weight = 0)),
  foreign key(student_id) references person (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(class_group_id) references class_group (id) on delete restrict,
  foreign key(subject_group_id) references subject_group (id) on delete restrict,
  foreign key(lesson_id) references lesson (id) on delete restrict,
  foreign key(journal_line_id) references journal_line (id) on delete restrict,
  foreign key(slot_id) references assessment_slot (id) on delete restrict,
  constraint mark_proposal_scale_word check (scale in ('FIVE_POINT', 'PASS_FAIL', 'NOT_ASSESSED', 'EXEMPT'))
);
create index ix_mark_proposal_journal_line_id on mark_proposal (journal_line_id);
create index ix_mark_proposal_subject_group_id on mark_proposal (subject_group_id);
