-- Tables of domain/records/guardianship_proposals.py.

create table guardianship_proposal (
  id uuid default uuidv7() not null,
  guardian_id uuid not null,
  student_id uuid not null,
  organisation_id uuid not null,
  class_group_id uuid not null,
  student_name varchar not null,
  guardian_name varchar not null,
  kind varchar(40) not null,
  valid_from date not null,
  valid_to date,
  proposed_by_id uuid not null,
  proposed_at timestamp with time zone default vhod.now() not null,
  accepted boolean,
  decided_by_id uuid,
  decided_at timestamp with time zone,
  reason varchar,
  primary key (id),
  constraint nobody_is_proposed_for_themselves check (guardian_id <> student_id),
  constraint nobody_proposes_themselves check (proposed_by_id <> guardian_id),
  constraint guardianship_proposal_dates check (valid_to is null or valid_to > valid_from),
  constraint guardianship_decided_by_somebody
    check ((decided_at is null) = (decided_by_id is null) and (decided_at is null) = (accepted is null)),
  constraint guardianship_accepted_by_a_second_person check (not coalesce(accepted, false) or decided_by_id not in (
    proposed_by_id, guardian_id, student_id)),
  foreign key(guardian_id) references person (id) on delete restrict,
  foreign key(student_id) references person (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(class_group_id) references class_group (id) on delete restrict,
  constraint guardianship_proposal_kind_word check (kind in ('PARENT', 'ADOPTIVE_PARENT', 'GUARDIAN'))
);
create index ix_guardianship_proposal_class_group_id on guardianship_proposal (class_group_id);
create index ix_guardianship_proposal_guardian_id on guardianship_proposal (guardian_id);
create index ix_guardianship_proposal_listed on guardianship_proposal (proposed_at, id);
create index ix_guardianship_proposal_organisation_id on guardianship_proposal (organisation_id);
create index ix_guardianship_proposal_student_id on guardianship_proposal (student_id);
