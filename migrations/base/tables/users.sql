-- Tables of domain/records/users.py.

create table person (
  id uuid default uuidv7() not null,
  last_name varchar not null,
  first_name varchar not null,
  middle_name varchar,
  birth_date date,
  gender varchar(40),
  snils varchar,
  phone varchar,
  email varchar,
  provenance varchar(40) default 'ENTERED' not null,
  fold text collate "C" generated always as (fold_text(last_name || ' ' || first_name || ' ' || coalesce(middle_name, ''))) stored,
  snils_index bytea,
  primary key (id),
  constraint gender_word check (gender in ('FEMALE', 'MALE')),
  constraint provenance_word check (provenance in ('PUBLISHED', 'SYNTHETIC', 'ENTERED'))
);
create index ix_person_sorted on person (fold, id);
create index ix_person_snils on person (snils);
create index ix_person_snils_index on person (snils_index);
create index ix_person_snils_not_indexed on person (id) where snils is not null and snils_index is null;

create table external_identity (
  id uuid default uuidv7() not null,
  issuer varchar not null,
  subject varchar not null,
  person_id uuid not null,
  linked_at timestamp with time zone default vhod.now() not null,
  primary key (id),
  unique (issuer, subject),
  foreign key(person_id) references person (id) on delete restrict
);
create index ix_external_identity_person_id on external_identity (person_id);

create table access_version (
  person_id uuid not null,
  version integer default '1' not null,
  primary key (person_id),
  foreign key(person_id) references person (id)
);

create table guardianship (
  valid_from date not null,
  valid_to date,
  live_from timestamp with time zone,
  live_until timestamp with time zone,
  id uuid default uuidv7() not null,
  guardian_id uuid not null,
  student_id uuid not null,
  kind varchar(40) not null,
  ended_at timestamp with time zone,
  ended_by_id uuid,
  end_reason varchar,
  primary key (id),
  constraint nobody_guards_themselves check (guardian_id <> student_id),
  constraint guardianship_dates check (valid_to is null or valid_to > valid_from),
  foreign key(guardian_id) references person (id) on delete restrict,
  foreign key(student_id) references person (id) on delete restrict,
  constraint guardianshipkind_word check (kind in ('PARENT', 'ADOPTIVE_PARENT', 'GUARDIAN'))
);
create index ix_guardianship_guardian_id on guardianship (guardian_id);
create index ix_guardianship_student_id on guardianship (student_id);

create table restriction (
  valid_from date not null,
  valid_to date,
  live_from timestamp with time zone,
  live_until timestamp with time zone,
  id uuid default uuidv7() not null,
  person_id uuid not null,
  subject_person_id uuid not null,
  kind varchar(40) not null,
  act varchar not null,
  primary key (id),
  constraint nobody_is_banned_from_themselves check (person_id <> subject_person_id),
  foreign key(person_id) references person (id) on delete restrict,
  foreign key(subject_person_id) references person (id) on delete restrict,
  constraint restrictionkind_word check (kind in ('COURT_BAN', 'CONFLICT_OF_INTEREST', 'OBJECTION'))
);
create index ix_restriction_person_id on restriction (person_id);
create index ix_restriction_subject_person_id on restriction (subject_person_id);

create table staff_position (
  valid_from date not null,
  valid_to date,
  live_from timestamp with time zone,
  live_until timestamp with time zone,
  id uuid default uuidv7() not null,
  person_id uuid not null,
  organisation_id uuid not null,
  title varchar not null,
  primary key (id),
  foreign key(person_id) references person (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict
);
create index ix_staff_position_organisation_id on staff_position (organisation_id);
create index ix_staff_position_person_id on staff_position (person_id);

create table assignment (
  valid_from date not null,
  valid_to date,
  live_from timestamp with time zone,
  live_until timestamp with time zone,
  id uuid default uuidv7() not null,
  person_id uuid not null,
  role varchar(40) not null,
  reach varchar(40) not null,
  organisation_id uuid,
  class_group_id uuid,
  subject_group_id uuid,
  subject_person_id uuid,
  reason varchar,
  granted_by_id uuid,
  granted_at timestamp with time zone default vhod.now() not null,
  awaits_confirmation boolean not null,
  confirmed_by_id uuid,
  confirmed_at timestamp with time zone,
  ended_by_id uuid,
  ended_at timestamp with time zone,
  primary key (id),
  constraint assignment_dates check (valid_to is null or valid_to > valid_from),
  constraint assignment_reach_names_its_target
    check ((reach = 'CLASS_GROUPS') = (class_group_id is not null) and (reach = 'SUBJECT_GROUPS') = (subject_group_id is not null) and (reach = 'PERSONS') = (subject_person_id is not null) and (reach not in (
    'CLASS_GROUPS', 'SUBJECT_GROUPS', 'ORGANISATION', 'ORGANISATION_TREE') or organisation_id is not null)),
  constraint nobody_grants_to_themselves check (granted_by_id is null or granted_by_id <> person_id),
  constraint confirmed_by_a_second_person
    check (confirmed_by_id is null or (confirmed_by_id <> person_id and confirmed_by_id is distinct from granted_by_id)),
  foreign key(person_id) references person (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(subject_person_id) references person (id) on delete restrict,
  foreign key(granted_by_id) references person (id) on delete restrict,
  foreign key(confirmed_by_id) references person (id) on delete restrict,
  foreign key(ended_by_id) references person (id) on delete restrict,
  constraint role_word check (role in (
    'TEACHER', 'HOMEROOM_TEACHER', 'DEPUTY_HEAD', 'STUDENT', 'LEGAL_REPRESENTATIVE', 'MUNICIPAL_COORDINATOR',
    'ORG_ADMIN', 'GUEST', 'SIGNED_IN', 'REGIONAL_COORDINATOR', 'PRINCIPAL', 'ENROLMENT_OPERATOR',
    'REHABILITATION_OPERATOR', 'TALENT_OPERATOR', 'HR_SPECIALIST', 'CURRICULUM_SPECIALIST',
    'GENERAL_EDUCATION_SPECIALIST', 'SCREENING_SPECIALIST', 'MAIL_USER', 'ORG_MAILBOX', 'EXPERT',
    'AUTHORITY_VIEWER', 'AUDITOR', 'SYSTEM_CLIENT')),
  constraint reachkind_word check (reach in (
    'SELF', 'CHILDREN', 'CLASS_GROUPS', 'SUBJECT_GROUPS', 'ORGANISATION', 'ORGANISATION_TREE', 'PERSONS',
    'PUBLIC', 'CONSENT')),
  constraint cases_end check (reach <> 'PERSONS' or valid_to is not null)
);
create index ix_assignment_class_group_id on assignment (class_group_id);
create index ix_assignment_confirmed_by_id on assignment (confirmed_by_id);
create index ix_assignment_ended_by_id on assignment (ended_by_id);
create index ix_assignment_granted_by_id on assignment (granted_by_id);
create index ix_assignment_organisation_id on assignment (organisation_id);
create index ix_assignment_person_id on assignment (person_id);
create index ix_assignment_subject_group_id on assignment (subject_group_id);
create index ix_assignment_subject_person_id on assignment (subject_person_id);
