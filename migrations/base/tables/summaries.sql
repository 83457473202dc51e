-- Tables of domain/records/summaries.py.

create table summary_mark (
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
  student_id uuid not null,
  organisation_id uuid not null,
  class_group_id uuid,
  subject_group_id uuid,
  subject_id uuid not null,
  kind varchar(40) default 'PERIOD' not null,
  grading_period_id uuid,
  scale varchar(40) default 'FIVE_POINT' not null,
  value integer,
  proposed integer,
  basis_sum integer,
  basis_weight integer,
  basis_count integer,
  policy_version integer,
  primary key (school_year, id),
  constraint summary_mark_place unique nulls not distinct (school_year, student_id, subject_id, kind, grading_period_id),
  constraint summary_mark_scale
    check ((scale = 'FIVE_POINT' and value between 1 and 5) or (scale = 'PASS_FAIL' and value in (
    0, 1)) or (scale in ('NOT_ASSESSED', 'EXEMPT') and value is null)),
  constraint summary_mark_kind check (kind in (
    'PERIOD', 'YEAR', 'EXAM', 'FINAL') and (kind = 'PERIOD') = (grading_period_id is not null)),
  foreign key(subject_id) references subject (id) on delete restrict,
  foreign key(grading_period_id) references grading_period (id) on delete restrict
) PARTITION BY RANGE (school_year);
create index ix_summary_mark_group on summary_mark (subject_group_id, kind, grading_period_id);

create table summary_mark_version (
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
  student_id uuid not null,
  organisation_id uuid not null,
  class_group_id uuid,
  subject_group_id uuid,
  subject_id uuid not null,
  kind varchar(40) default 'PERIOD' not null,
  grading_period_id uuid,
  scale varchar(40) default 'FIVE_POINT' not null,
  value integer,
  proposed integer,
  basis_sum integer,
  basis_weight integer,
  basis_count integer,
  policy_version integer,
  mark_id uuid default uuidv7() not null,
  withdrawn boolean default 'false' not null,
  primary key (school_year, id),
  constraint summary_mark_version_place unique nulls not distinct (school_year, student_id, subject_id, kind, grading_period_id, version),
  constraint summary_mark_version_scale
    check (withdrawn or (scale = 'FIVE_POINT' and value between 1 and 5) or (scale = 'PASS_FAIL' and value in (
    0, 1)) or (scale in ('NOT_ASSESSED', 'EXEMPT') and value is null)),
  constraint summary_mark_version_kind check (kind in (
    'PERIOD', 'YEAR', 'EXAM', 'FINAL') and (kind = 'PERIOD') = (grading_period_id is not null)),
  constraint summary_mark_version_number check (version > 0)
) PARTITION BY RANGE (school_year);
create index ix_summary_mark_version_mark on summary_mark_version (mark_id, version);
