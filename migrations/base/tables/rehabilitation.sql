-- Tables of domain/records/rehabilitation.py.

create table rehabilitation_programme (
  recorded_by_id uuid,
  assignment_id uuid,
  role varchar(40),
  recorded_at timestamp with time zone default vhod.now() not null,
  id uuid default uuidv7() not null,
  student_id uuid not null,
  organisation_id uuid not null,
  student_name varchar not null,
  number varchar not null,
  starts_on date not null,
  ends_on date,
  education_part varchar not null,
  primary key (id),
  constraint rehabilitation_programme_dates check (ends_on is null or ends_on > starts_on),
  foreign key(student_id) references person (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict
);
create index ix_rehabilitation_programme_organisation_id on rehabilitation_programme (organisation_id);
create index ix_rehabilitation_programme_student_id on rehabilitation_programme (student_id);

create table rehabilitation_measure (
  recorded_by_id uuid,
  assignment_id uuid,
  role varchar(40),
  recorded_at timestamp with time zone default vhod.now() not null,
  id uuid default uuidv7() not null,
  programme_id uuid not null,
  student_id uuid not null,
  organisation_id uuid not null,
  name varchar not null,
  due_on date not null,
  primary key (id),
  foreign key(programme_id) references rehabilitation_programme (id) on delete restrict,
  foreign key(student_id) references person (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict
);
create index ix_rehabilitation_measure_organisation_id on rehabilitation_measure (organisation_id);
create index ix_rehabilitation_measure_programme_id on rehabilitation_measure (programme_id);
create index ix_rehabilitation_measure_student_id on rehabilitation_measure (student_id);

create table rehabilitation_report (
  recorded_by_id uuid,
  assignment_id uuid,
  role varchar(40),
  recorded_at timestamp with time zone default vhod.now() not null,
  id uuid default uuidv7() not null,
  measure_id uuid not null,
  student_id uuid not null,
  organisation_id uuid not null,
  outcome varchar(40) not null,
  executed_on date not null,
  note varchar,
  primary key (id),
  foreign key(measure_id) references rehabilitation_measure (id) on delete restrict,
  foreign key(student_id) references person (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  constraint measureoutcome_word check (outcome in ('DONE', 'PARTLY', 'REFUSED', 'NOT_DONE'))
);
create index ix_rehabilitation_report_measure_id on rehabilitation_report (measure_id);
create index ix_rehabilitation_report_organisation_id on rehabilitation_report (organisation_id);
create index ix_rehabilitation_report_student_id on rehabilitation_report (student_id);
