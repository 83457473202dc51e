"""Create all tables of the first release."""

from alembic import op

revision = "2026_11_22_02"
down_revision = "2026_11_22_01"
branch_labels = None
depends_on = None

ORGANISATIONS = [
    """
    create table organisation (
      id UUID DEFAULT uuidv7() NOT NULL,
      kind VARCHAR(40) NOT NULL,
      name VARCHAR NOT NULL,
      short_name VARCHAR,
      parent_id UUID,
      branch_of_id UUID,
      region_id UUID,
      municipality_id UUID,
      ancestor_ids UUID[] DEFAULT '{}' NOT NULL,
      oktmo VARCHAR,
      ogrn VARCHAR,
      ogrn_status VARCHAR(40) DEFAULT 'MISSING' NOT NULL,
      inn VARCHAR,
      inn_status VARCHAR(40) DEFAULT 'MISSING' NOT NULL,
      head_status VARCHAR(40) DEFAULT 'HEAD' NOT NULL,
      time_zone VARCHAR NOT NULL,
      provenance VARCHAR(40) NOT NULL,
      source VARCHAR,
      fold TEXT COLLATE "C" GENERATED ALWAYS AS (fold_text(name)) STORED,
      PRIMARY KEY (id),
      CONSTRAINT organisationkind_word CHECK (kind IN ('REGION', 'MUNICIPALITY', 'EDUCATION_AUTHORITY', 'SCHOOL', 'PRESCHOOL', 'VOCATIONAL', 'EXTRA_EDUCATION')),
      FOREIGN KEY(parent_id) REFERENCES organisation (id) ON DELETE RESTRICT,
      FOREIGN KEY(branch_of_id) REFERENCES organisation (id) ON DELETE RESTRICT,
      FOREIGN KEY(region_id) REFERENCES organisation (id) ON DELETE RESTRICT,
      FOREIGN KEY(municipality_id) REFERENCES organisation (id) ON DELETE RESTRICT,
      CONSTRAINT identifierstatus_word CHECK (ogrn_status IN ('VALID', 'CHECK_DIGIT_FAILED', 'MALFORMED', 'MISSING', 'AS_HEAD_ORGANISATION')),
      CONSTRAINT inn_status_word CHECK (inn_status IN ('VALID', 'CHECK_DIGIT_FAILED', 'MALFORMED', 'MISSING', 'AS_HEAD_ORGANISATION')),
      CONSTRAINT headstatus_word CHECK (head_status IN ('HEAD', 'BRANCH', 'HEAD_UNRESOLVED')),
      CONSTRAINT provenance_word CHECK (provenance IN ('PUBLISHED', 'SYNTHETIC', 'ENTERED'))
    )
    """,
    "create index ix_organisation_ancestor_ids ON organisation USING gin (ancestor_ids)",
    "create index ix_organisation_branch_of_id ON organisation (branch_of_id)",
    "create index ix_organisation_inn ON organisation (inn)",
    "create index ix_organisation_municipality_id ON organisation (municipality_id)",
    "create index ix_organisation_ogrn ON organisation (ogrn)",
    "create index ix_organisation_oktmo ON organisation (oktmo)",
    "create index ix_organisation_parent_id ON organisation (parent_id)",
    "create index ix_organisation_region_id ON organisation (region_id)",
    "create index ix_organisation_sorted ON organisation (fold, id)",
    """
    create table registry_issue (
      id UUID DEFAULT uuidv7() NOT NULL,
      organisation_id UUID NOT NULL,
      code VARCHAR(40) NOT NULL,
      column_name VARCHAR NOT NULL,
      raw VARCHAR NOT NULL,
      PRIMARY KEY (id),
      FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
      CONSTRAINT registryissuecode_word CHECK (code IN ('OGRN_MISSING', 'OGRN_CHECK_DIGIT_FAILED', 'INN_MISSING', 'INN_CHECK_DIGIT_FAILED', 'COLUMNS_SLIPPED', 'HEAD_UNRESOLVED', 'POSSIBLE_DUPLICATE', 'MUNICIPALITY_UNKNOWN', 'NAME_CUT'))
    )
    """,
    "create index ix_registry_issue_organisation_id ON registry_issue (organisation_id)",
]

PEOPLE = [
    """
    create table person (
      id UUID DEFAULT uuidv7() NOT NULL,
      last_name VARCHAR NOT NULL,
      first_name VARCHAR NOT NULL,
      middle_name VARCHAR,
      birth_date DATE,
      gender VARCHAR(40),
      snils VARCHAR,
      phone VARCHAR,
      email VARCHAR,
      provenance VARCHAR(40) DEFAULT 'ENTERED' NOT NULL,
      fold TEXT COLLATE "C" GENERATED ALWAYS AS (fold_text(last_name || ' ' || first_name || ' ' || coalesce(middle_name, ''))) STORED,
      PRIMARY KEY (id),
      CONSTRAINT gender_word CHECK (gender IN ('FEMALE', 'MALE')),
      CONSTRAINT provenance_word CHECK (provenance IN ('PUBLISHED', 'SYNTHETIC', 'ENTERED'))
    )
    """,
    "create index ix_person_sorted ON person (fold, id)",
    """
    create table external_identity (
      id UUID DEFAULT uuidv7() NOT NULL,
      issuer VARCHAR NOT NULL,
      subject VARCHAR NOT NULL,
      person_id UUID NOT NULL,
      linked_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
      PRIMARY KEY (id),
      UNIQUE (issuer, subject),
      FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE RESTRICT
    )
    """,
    "create index ix_external_identity_person_id ON external_identity (person_id)",
    """
    create table access_version (
      person_id UUID NOT NULL,
      version INTEGER DEFAULT '1' NOT NULL,
      PRIMARY KEY (person_id),
      FOREIGN KEY(person_id) REFERENCES person (id)
    )
    """,
    """
    create table guardianship (
      valid_from DATE NOT NULL,
      valid_to DATE,
      live_from TIMESTAMP WITH TIME ZONE,
      live_until TIMESTAMP WITH TIME ZONE,
      id UUID DEFAULT uuidv7() NOT NULL,
      guardian_id UUID NOT NULL,
      student_id UUID NOT NULL,
      kind VARCHAR(40) NOT NULL,
      PRIMARY KEY (id),
      CONSTRAINT nobody_guards_themselves CHECK (guardian_id <> student_id),
      CONSTRAINT guardianship_dates CHECK (valid_to is null or valid_to > valid_from),
      FOREIGN KEY(guardian_id) REFERENCES person (id) ON DELETE RESTRICT,
      FOREIGN KEY(student_id) REFERENCES person (id) ON DELETE RESTRICT,
      CONSTRAINT guardianshipkind_word CHECK (kind IN ('PARENT', 'ADOPTIVE_PARENT', 'GUARDIAN'))
    )
    """,
    "create index ix_guardianship_guardian_id ON guardianship (guardian_id)",
    "create index ix_guardianship_student_id ON guardianship (student_id)",
    """
    create table restriction (
      valid_from DATE NOT NULL,
      valid_to DATE,
      live_from TIMESTAMP WITH TIME ZONE,
      live_until TIMESTAMP WITH TIME ZONE,
      id UUID DEFAULT uuidv7() NOT NULL,
      person_id UUID NOT NULL,
      subject_person_id UUID NOT NULL,
      kind VARCHAR(40) NOT NULL,
      act VARCHAR NOT NULL,
      PRIMARY KEY (id),
      CONSTRAINT nobody_is_banned_from_themselves CHECK (person_id <> subject_person_id),
      FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE RESTRICT,
      FOREIGN KEY(subject_person_id) REFERENCES person (id) ON DELETE RESTRICT,
      CONSTRAINT restrictionkind_word CHECK (kind IN ('COURT_BAN', 'CONFLICT_OF_INTEREST', 'OBJECTION'))
    )
    """,
    "create index ix_restriction_person_id ON restriction (person_id)",
    "create index ix_restriction_subject_person_id ON restriction (subject_person_id)",
    """
    create table staff_position (
      valid_from DATE NOT NULL,
      valid_to DATE,
      live_from TIMESTAMP WITH TIME ZONE,
      live_until TIMESTAMP WITH TIME ZONE,
      id UUID DEFAULT uuidv7() NOT NULL,
      person_id UUID NOT NULL,
      organisation_id UUID NOT NULL,
      title VARCHAR NOT NULL,
      PRIMARY KEY (id),
      FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE RESTRICT,
      FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT
    )
    """,
    "create index ix_staff_position_organisation_id ON staff_position (organisation_id)",
    "create index ix_staff_position_person_id ON staff_position (person_id)",
]

CLASSES = [
    """
    create table grading_period (
      id UUID DEFAULT uuidv7() NOT NULL,
      organisation_id UUID NOT NULL,
      school_year INTEGER NOT NULL,
      scheme VARCHAR(40) NOT NULL,
      number INTEGER NOT NULL,
      name VARCHAR NOT NULL,
      starts_on DATE NOT NULL,
      ends_on DATE NOT NULL,
      PRIMARY KEY (id),
      UNIQUE (organisation_id, school_year, scheme, number),
      CONSTRAINT grading_period_dates CHECK (ends_on >= starts_on),
      FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
      CONSTRAINT periodscheme_word CHECK (scheme IN ('QUARTER', 'TRIMESTER', 'HALF_YEAR'))
    )
    """,
    "create index ix_grading_period_organisation_id ON grading_period (organisation_id)",
    """
    create table subject (
      id UUID DEFAULT uuidv7() NOT NULL,
      code VARCHAR NOT NULL,
      name VARCHAR NOT NULL,
      PRIMARY KEY (id),
      UNIQUE (code)
    )
    """,
    """
    create table class_group (
      id UUID DEFAULT uuidv7() NOT NULL,
      organisation_id UUID NOT NULL,
      school_year INTEGER NOT NULL,
      grade_level INTEGER NOT NULL,
      letter VARCHAR NOT NULL,
      name VARCHAR NOT NULL,
      profile VARCHAR,
      PRIMARY KEY (id),
      CONSTRAINT class_group_grade_level CHECK (grade_level between 1 and 12),
      FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT
    )
    """,
    "create index ix_class_group_organisation_id ON class_group (organisation_id)",
    """
    create table subject_group (
      id UUID DEFAULT uuidv7() NOT NULL,
      organisation_id UUID NOT NULL,
      class_group_id UUID NOT NULL,
      subject_id UUID NOT NULL,
      school_year INTEGER NOT NULL,
      name VARCHAR NOT NULL,
      teacher_id UUID,
      PRIMARY KEY (id),
      FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
      FOREIGN KEY(class_group_id) REFERENCES class_group (id) ON DELETE RESTRICT,
      FOREIGN KEY(subject_id) REFERENCES subject (id) ON DELETE RESTRICT,
      FOREIGN KEY(teacher_id) REFERENCES staff_position (id) ON DELETE RESTRICT
    )
    """,
    "create index ix_subject_group_class_group_id ON subject_group (class_group_id)",
    "create index ix_subject_group_organisation_id ON subject_group (organisation_id)",
    "create index ix_subject_group_subject_id ON subject_group (subject_id)",
    "create index ix_subject_group_teacher_id ON subject_group (teacher_id)",
    """
    create table enrolment (
      valid_from DATE NOT NULL,
      valid_to DATE,
      live_from TIMESTAMP WITH TIME ZONE,
      live_until TIMESTAMP WITH TIME ZONE,
      id UUID DEFAULT uuidv7() NOT NULL,
      student_id UUID NOT NULL,
      organisation_id UUID NOT NULL,
      class_group_id UUID NOT NULL,
      kind VARCHAR(40) DEFAULT 'MAIN' NOT NULL,
      PRIMARY KEY (id),
      CONSTRAINT enrolment_dates CHECK (valid_to is null or valid_to > valid_from),
      FOREIGN KEY(student_id) REFERENCES person (id) ON DELETE RESTRICT,
      FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
      FOREIGN KEY(class_group_id) REFERENCES class_group (id) ON DELETE RESTRICT,
      CONSTRAINT enrolmentkind_word CHECK (kind IN ('MAIN', 'EXTRA', 'NETWORK'))
    )
    """,
    "create index ix_enrolment_class_group_id ON enrolment (class_group_id)",
    "create index ix_enrolment_organisation_id ON enrolment (organisation_id)",
    "create index ix_enrolment_student_id ON enrolment (student_id)",
    """
    create table subject_group_member (
      valid_from DATE NOT NULL,
      valid_to DATE,
      live_from TIMESTAMP WITH TIME ZONE,
      live_until TIMESTAMP WITH TIME ZONE,
      id UUID DEFAULT uuidv7() NOT NULL,
      student_id UUID NOT NULL,
      subject_group_id UUID NOT NULL,
      organisation_id UUID NOT NULL,
      class_group_id UUID NOT NULL,
      PRIMARY KEY (id),
      CONSTRAINT member_dates CHECK (valid_to is null or valid_to > valid_from),
      FOREIGN KEY(student_id) REFERENCES person (id) ON DELETE RESTRICT,
      FOREIGN KEY(subject_group_id) REFERENCES subject_group (id) ON DELETE RESTRICT,
      FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
      FOREIGN KEY(class_group_id) REFERENCES class_group (id) ON DELETE RESTRICT
    )
    """,
    "create index ix_subject_group_member_class_group_id ON subject_group_member (class_group_id)",
    "create index ix_subject_group_member_organisation_id ON subject_group_member (organisation_id)",
    "create index ix_subject_group_member_student_id ON subject_group_member (student_id)",
    "create index ix_subject_group_member_subject_group_id ON subject_group_member (subject_group_id)",
]

ASSIGNMENTS = [
    """
    create table assignment (
      valid_from DATE NOT NULL,
      valid_to DATE,
      live_from TIMESTAMP WITH TIME ZONE,
      live_until TIMESTAMP WITH TIME ZONE,
      id UUID DEFAULT uuidv7() NOT NULL,
      person_id UUID NOT NULL,
      role VARCHAR(40) NOT NULL,
      reach VARCHAR(40) NOT NULL,
      organisation_id UUID,
      class_group_id UUID,
      subject_group_id UUID,
      subject_person_id UUID,
      reason VARCHAR,
      granted_by_id UUID,
      granted_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
      awaits_confirmation BOOLEAN NOT NULL,
      confirmed_by_id UUID,
      confirmed_at TIMESTAMP WITH TIME ZONE,
      ended_by_id UUID,
      ended_at TIMESTAMP WITH TIME ZONE,
      PRIMARY KEY (id),
      CONSTRAINT assignment_dates CHECK (valid_to is null or valid_to > valid_from),
      CONSTRAINT assignment_reach_names_its_target CHECK ((reach = 'CLASS_GROUPS') = (class_group_id is not null) and (reach = 'SUBJECT_GROUPS') = (subject_group_id is not null) and (reach = 'PERSONS') = (subject_person_id is not null) and (reach not in ('CLASS_GROUPS', 'SUBJECT_GROUPS', 'ORGANISATION', 'ORGANISATION_TREE')      or organisation_id is not null)),
      CONSTRAINT nobody_grants_to_themselves CHECK (granted_by_id is null or granted_by_id <> person_id),
      CONSTRAINT confirmed_by_a_second_person CHECK (confirmed_by_id is null or (confirmed_by_id <> person_id and confirmed_by_id is distinct from granted_by_id)),
      FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE RESTRICT,
      CONSTRAINT role_word CHECK (role IN ('TEACHER', 'HOMEROOM_TEACHER', 'DEPUTY_HEAD', 'STUDENT', 'LEGAL_REPRESENTATIVE', 'MUNICIPAL_COORDINATOR', 'ORG_ADMIN', 'GUEST', 'SIGNED_IN')),
      CONSTRAINT reachkind_word CHECK (reach IN ('SELF', 'CHILDREN', 'CLASS_GROUPS', 'SUBJECT_GROUPS', 'ORGANISATION', 'ORGANISATION_TREE', 'PERSONS', 'PUBLIC')),
      FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
      FOREIGN KEY(class_group_id) REFERENCES class_group (id) ON DELETE RESTRICT,
      FOREIGN KEY(subject_group_id) REFERENCES subject_group (id) ON DELETE RESTRICT,
      FOREIGN KEY(subject_person_id) REFERENCES person (id) ON DELETE RESTRICT,
      FOREIGN KEY(granted_by_id) REFERENCES person (id) ON DELETE RESTRICT,
      FOREIGN KEY(confirmed_by_id) REFERENCES person (id) ON DELETE RESTRICT,
      FOREIGN KEY(ended_by_id) REFERENCES person (id) ON DELETE RESTRICT
    )
    """,
    "create index ix_assignment_class_group_id ON assignment (class_group_id)",
    "create index ix_assignment_confirmed_by_id ON assignment (confirmed_by_id)",
    "create index ix_assignment_ended_by_id ON assignment (ended_by_id)",
    "create index ix_assignment_granted_by_id ON assignment (granted_by_id)",
    "create index ix_assignment_organisation_id ON assignment (organisation_id)",
    "create index ix_assignment_person_id ON assignment (person_id)",
    "create index ix_assignment_subject_group_id ON assignment (subject_group_id)",
    "create index ix_assignment_subject_person_id ON assignment (subject_person_id)",
]

JOURNALS = [
    """
    create table journal (
      id UUID DEFAULT uuidv7() NOT NULL,
      organisation_id UUID NOT NULL,
      school_year INTEGER NOT NULL,
      class_group_id UUID NOT NULL,
      subject_group_id UUID NOT NULL,
      subject_id UUID NOT NULL,
      grading_period_id UUID NOT NULL,
      class_name VARCHAR NOT NULL,
      provenance VARCHAR(40) DEFAULT 'ENTERED' NOT NULL,
      source VARCHAR,
      PRIMARY KEY (id),
      UNIQUE (subject_group_id, grading_period_id),
      FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
      FOREIGN KEY(class_group_id) REFERENCES class_group (id) ON DELETE RESTRICT,
      FOREIGN KEY(subject_group_id) REFERENCES subject_group (id) ON DELETE RESTRICT,
      FOREIGN KEY(subject_id) REFERENCES subject (id) ON DELETE RESTRICT,
      FOREIGN KEY(grading_period_id) REFERENCES grading_period (id) ON DELETE RESTRICT,
      CONSTRAINT provenance_word CHECK (provenance IN ('PUBLISHED', 'SYNTHETIC', 'ENTERED'))
    )
    """,
    "create index ix_journal_class_group_id ON journal (class_group_id)",
    "create index ix_journal_grading_period_id ON journal (grading_period_id)",
    "create index ix_journal_organisation_id ON journal (organisation_id)",
    "create index ix_journal_subject_group_id ON journal (subject_group_id)",
    "create index ix_journal_subject_id ON journal (subject_id)",
    """
    create table lesson (
      id UUID DEFAULT uuidv7() NOT NULL,
      journal_id UUID NOT NULL,
      organisation_id UUID NOT NULL,
      school_year INTEGER NOT NULL,
      class_group_id UUID NOT NULL,
      subject_group_id UUID NOT NULL,
      held_on DATE NOT NULL,
      number INTEGER NOT NULL,
      status VARCHAR(40) DEFAULT 'HELD' NOT NULL,
      slot_code VARCHAR,
      topic VARCHAR,
      homework VARCHAR,
      PRIMARY KEY (id),
      UNIQUE (journal_id, held_on, number),
      FOREIGN KEY(journal_id) REFERENCES journal (id) ON DELETE RESTRICT,
      FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
      FOREIGN KEY(class_group_id) REFERENCES class_group (id) ON DELETE RESTRICT,
      FOREIGN KEY(subject_group_id) REFERENCES subject_group (id) ON DELETE RESTRICT,
      CONSTRAINT lessonstatus_word CHECK (status IN ('PLANNED', 'HELD', 'CANCELLED', 'REPLACED'))
    )
    """,
    "create index ix_lesson_class_group_id ON lesson (class_group_id)",
    "create index ix_lesson_organisation_id ON lesson (organisation_id)",
    "create index ix_lesson_page ON lesson (journal_id, held_on, number)",
    "create index ix_lesson_subject_group_id ON lesson (subject_group_id)",
    """
    create table journal_line (
      id UUID DEFAULT uuidv7() NOT NULL,
      journal_id UUID NOT NULL,
      student_id UUID NOT NULL,
      organisation_id UUID NOT NULL,
      school_year INTEGER NOT NULL,
      class_group_id UUID NOT NULL,
      subject_group_id UUID NOT NULL,
      number INTEGER NOT NULL,
      student_name VARCHAR NOT NULL,
      left_on DATE,
      mark_sum INTEGER DEFAULT '0' NOT NULL,
      weight_sum INTEGER DEFAULT '0' NOT NULL,
      mark_count INTEGER DEFAULT '0' NOT NULL,
      PRIMARY KEY (id),
      UNIQUE (journal_id, student_id),
      FOREIGN KEY(journal_id) REFERENCES journal (id) ON DELETE RESTRICT,
      FOREIGN KEY(student_id) REFERENCES person (id) ON DELETE RESTRICT,
      FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
      FOREIGN KEY(class_group_id) REFERENCES class_group (id) ON DELETE RESTRICT,
      FOREIGN KEY(subject_group_id) REFERENCES subject_group (id) ON DELETE RESTRICT
    )
    """,
    "create index ix_journal_line_class_group_id ON journal_line (class_group_id)",
    "create index ix_journal_line_organisation_id ON journal_line (organisation_id)",
    "create index ix_journal_line_page ON journal_line (journal_id, number, id)",
    "create index ix_journal_line_student_id ON journal_line (student_id)",
    "create index ix_journal_line_subject_group_id ON journal_line (subject_group_id)",
    """
    create table mark (
      id UUID DEFAULT uuidv7() NOT NULL,
      school_year INTEGER NOT NULL,
      lesson_id UUID NOT NULL,
      journal_line_id UUID NOT NULL,
      student_id UUID NOT NULL,
      organisation_id UUID NOT NULL,
      class_group_id UUID NOT NULL,
      subject_group_id UUID NOT NULL,
      held_on DATE NOT NULL,
      value INTEGER NOT NULL,
      weight INTEGER DEFAULT '1' NOT NULL,
      remark VARCHAR,
      recorded_by_id UUID,
      assignment_id UUID,
      recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
      PRIMARY KEY (school_year, id),
      CONSTRAINT mark_value CHECK (value between 1 and 5),
      CONSTRAINT mark_weight CHECK (weight between 0 and 100),
      FOREIGN KEY(lesson_id) REFERENCES lesson (id) ON DELETE RESTRICT,
      FOREIGN KEY(journal_line_id) REFERENCES journal_line (id) ON DELETE RESTRICT
    )
     PARTITION BY RANGE (school_year)
    """,
    "create index ix_mark_lesson ON mark (lesson_id)",
    "create index ix_mark_line ON mark (journal_line_id, lesson_id)",
    "create index ix_mark_student ON mark (student_id, school_year)",
    """
    create table attendance_record (
      id UUID DEFAULT uuidv7() NOT NULL,
      school_year INTEGER NOT NULL,
      lesson_id UUID NOT NULL,
      journal_line_id UUID NOT NULL,
      student_id UUID NOT NULL,
      organisation_id UUID NOT NULL,
      class_group_id UUID NOT NULL,
      subject_group_id UUID NOT NULL,
      held_on DATE NOT NULL,
      code VARCHAR(40) NOT NULL,
      note VARCHAR,
      recorded_by_id UUID,
      recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
      PRIMARY KEY (school_year, id),
      UNIQUE (school_year, lesson_id, student_id),
      FOREIGN KEY(lesson_id) REFERENCES lesson (id) ON DELETE RESTRICT,
      FOREIGN KEY(journal_line_id) REFERENCES journal_line (id) ON DELETE RESTRICT,
      CONSTRAINT attendancecode_word CHECK (code IN ('ABSENT_UNEXCUSED', 'ABSENT_EXCUSED', 'ABSENT_ILLNESS', 'LATE'))
    )
     PARTITION BY RANGE (school_year)
    """,
    "create index ix_attendance_line ON attendance_record (journal_line_id, lesson_id)",
    "create index ix_attendance_student ON attendance_record (student_id, school_year)",
]

AUDIT = [
    """
    create table audit_entry (
      id UUID DEFAULT uuidv7() NOT NULL,
      happened_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
      request_id VARCHAR NOT NULL,
      actor_id UUID,
      assignment_id UUID,
      client_id VARCHAR,
      organisation_id UUID,
      action VARCHAR NOT NULL,
      object_id UUID,
      detail JSONB DEFAULT '{}' NOT NULL,
      PRIMARY KEY (id)
    )
    """,
    """
    create table access_entry (
      id UUID DEFAULT uuidv7() NOT NULL,
      happened_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
      request_id VARCHAR NOT NULL,
      actor_id UUID,
      client_id VARCHAR,
      operation VARCHAR,
      roles TEXT[] NOT NULL,
      sensitivity INTEGER NOT NULL,
      fields TEXT[] NOT NULL,
      subject_ids UUID[] NOT NULL,
      PRIMARY KEY (id)
    )
    """,
    """
    create table mutation_key (
      person_id UUID NOT NULL,
      client_id VARCHAR NOT NULL,
      key UUID NOT NULL,
      input_hash VARCHAR NOT NULL,
      object_id UUID,
      happened_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
      PRIMARY KEY (person_id, client_id, key),
      FOREIGN KEY(person_id) REFERENCES person (id)
    )
    """,
]


def upgrade() -> None:
    for statement in [*ORGANISATIONS, *PEOPLE, *CLASSES, *ASSIGNMENTS, *JOURNALS, *AUDIT]:
        op.execute(statement)


def downgrade() -> None:
    op.execute(
        "drop table mutation_key, access_entry, audit_entry, attendance_record, mark, journal_line, lesson, journal, assignment,"
        " subject_group_member, enrolment, subject_group, class_group, subject, grading_period, staff_position,"
        " restriction, guardianship, access_version, external_identity, person, registry_issue, organisation"
    )
