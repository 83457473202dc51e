-- Tables of domain/records/screenings.py.

create table screening_participation (
  recorded_by_id uuid,
  assignment_id uuid,
  role varchar(40),
  recorded_at timestamp with time zone default vhod.now() not null,
  id uuid default uuidv7() not null,
  student_id uuid not null,
  organisation_id uuid not null,
  class_group_id uuid not null,
  school_year integer not null,
  version integer not null,
  consent varchar(40) not null,
  consent_by varchar(40) not null,
  code varchar not null,
  participated boolean not null,
  participated_on date,
  primary key (id),
  constraint screening_participation_version unique (student_id, school_year, version),
  constraint screening_participation_consent check (not participated or consent = 'GIVEN'),
  constraint screening_participation_day check (participated = (participated_on is not null)),
  foreign key(student_id) references person (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(class_group_id) references class_group (id) on delete restrict,
  constraint screeningconsent_word check (consent in ('GIVEN', 'REFUSED')),
  constraint screening_consent_by_word check (consent_by in (
    'TEACHER', 'HOMEROOM_TEACHER', 'DEPUTY_HEAD', 'PRINCIPAL', 'STUDENT', 'LEGAL_REPRESENTATIVE', 'ORG_ADMIN',
    'MUNICIPAL_COORDINATOR', 'REGIONAL_COORDINATOR', 'ENROLMENT_OPERATOR', 'REHABILITATION_OPERATOR',
    'TALENT_OPERATOR', 'HR_SPECIALIST', 'CURRICULUM_SPECIALIST', 'GENERAL_EDUCATION_SPECIALIST',
    'SCREENING_SPECIALIST', 'MAIL_USER', 'ORG_MAILBOX', 'EXPERT', 'AUTHORITY_VIEWER', 'AUDITOR',
    'SYSTEM_CLIENT', 'GUEST', 'SIGNED_IN'))
);
create index ix_screening_participation_class_group_id on screening_participation (class_group_id);
create index ix_screening_participation_organisation_id on screening_participation (organisation_id);
create index ix_screening_participation_student_id on screening_participation (student_id);
