-- Tables of domain/records/corrections.py.

create table period_closing (
  id uuid default uuidv7() not null,
  organisation_id uuid not null,
  grading_period_id uuid not null,
  closed_at timestamp with time zone default vhod.now() not null,
  primary key (id),
  foreign key(organisation_id) references organisation (id) on delete restrict,
  unique (grading_period_id),
  foreign key(grading_period_id) references grading_period (id) on delete restrict
);
create index ix_period_closing_organisation_id on period_closing (organisation_id);

create table reopening (
  id uuid default uuidv7() not null,
  journal_id uuid not null,
  organisation_id uuid not null,
  school_year integer not null,
  class_group_id uuid not null,
  subject_group_id uuid not null,
  reason varchar not null,
  opened_by_id uuid not null,
  assignment_id uuid not null,
  opened_at timestamp with time zone not null,
  until timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_by_id uuid,
  primary key (id),
  constraint reopening_moments check (until > opened_at),
  foreign key(journal_id) references journal (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(class_group_id) references class_group (id) on delete restrict,
  foreign key(subject_group_id) references subject_group (id) on delete restrict
);
create index ix_reopening_journal_id on reopening (journal_id);
create index ix_reopening_organisation_id on reopening (organisation_id);
