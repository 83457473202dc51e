-- Tables of domain/records/staff_files.py.

create table employment_record (
  recorded_by_id uuid,
  assignment_id uuid,
  role varchar(40),
  recorded_at timestamp with time zone default vhod.now() not null,
  id uuid default uuidv7() not null,
  person_id uuid not null,
  organisation_id uuid not null,
  event varchar(40) not null,
  happened_on date not null,
  position varchar not null,
  category varchar(40),
  education varchar,
  order_number varchar not null,
  ordered_on date not null,
  primary key (id),
  constraint employment_record_order check (order_number <> ''),
  foreign key(person_id) references person (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  constraint employmentevent_word check (event in ('HIRED', 'TRANSFERRED', 'QUALIFIED', 'DISMISSED')),
  constraint qualificationcategory_word check (category in (
    'NONE', 'SUITABLE', 'FIRST', 'HIGHEST', 'METHODOLOGIST', 'MENTOR'))
);
create index ix_employment_record_organisation_id on employment_record (organisation_id);
create index ix_employment_record_person_id on employment_record (person_id);
