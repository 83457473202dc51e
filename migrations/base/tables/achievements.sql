-- Tables of domain/records/achievements.py.

create table achievement (
  recorded_by_id uuid,
  assignment_id uuid,
  role varchar(40),
  recorded_at timestamp with time zone default vhod.now() not null,
  id uuid default uuidv7() not null,
  student_id uuid not null,
  organisation_id uuid not null,
  class_group_id uuid,
  kind varchar(40) not null,
  level varchar(40) not null,
  result varchar(40) not null,
  title varchar not null,
  place integer,
  happened_on date not null,
  document varchar,
  primary key (id),
  constraint achievement_place check (place is null or place > 0),
  foreign key(student_id) references person (id) on delete restrict,
  foreign key(organisation_id) references organisation (id) on delete restrict,
  foreign key(class_group_id) references class_group (id) on delete restrict,
  constraint achievementkind_word check (kind in ('OLYMPIAD', 'COMPETITION', 'CONFERENCE', 'SPORT')),
  constraint achievementlevel_word check (level in ('SCHOOL', 'MUNICIPAL', 'REGIONAL', 'FEDERAL', 'INTERNATIONAL')),
  constraint achievementresult_word check (result in ('WINNER', 'PRIZE', 'PARTICIPANT'))
);
create index ix_achievement_class_group_id on achievement (class_group_id);
create index ix_achievement_organisation_id on achievement (organisation_id);
create index ix_achievement_student_id on achievement (student_id);
