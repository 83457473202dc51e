"""Open the pen: tables for versions of marks, attendance and lessons, for summary marks, policies and reopenings."""

from alembic import op

revision = "2026_11_22_06"
down_revision = "2026_11_22_05"
branch_labels = None
depends_on = None

CREATED = [
    """
      CREATE TABLE organisation_policy (
        organisation_id UUID NOT NULL,
        version INTEGER DEFAULT '1' NOT NULL,
        lesson_mark_days INTEGER DEFAULT '7' NOT NULL,
        homework_mark_days INTEGER DEFAULT '7' NOT NULL,
        period_close_working_days INTEGER DEFAULT '3' NOT NULL,
        reopening_hours INTEGER DEFAULT '48' NOT NULL,
        homeroom_writes_marks BOOLEAN DEFAULT 'false' NOT NULL,
        working_days_a_week INTEGER DEFAULT '5' NOT NULL,
        cut_off_5 INTEGER DEFAULT '450' NOT NULL,
        cut_off_4 INTEGER DEFAULT '350' NOT NULL,
        cut_off_3 INTEGER DEFAULT '250' NOT NULL,
        least_marks INTEGER DEFAULT '3' NOT NULL,
        PRIMARY KEY (organisation_id),
        CONSTRAINT policy_lesson_mark_days CHECK (lesson_mark_days between 0 and 366),
        CONSTRAINT policy_homework_mark_days CHECK (homework_mark_days between 0 and 366),
        CONSTRAINT policy_period_close_working_days CHECK (period_close_working_days between 0 and 60),
        CONSTRAINT policy_reopening_hours CHECK (reopening_hours between 1 and 168),
        CONSTRAINT policy_working_days_a_week CHECK (working_days_a_week in (5, 6)),
        CONSTRAINT policy_cut_offs CHECK (100 < cut_off_3 and cut_off_3 < cut_off_4 and cut_off_4 < cut_off_5 and cut_off_5 <= 500),
        CONSTRAINT policy_least_marks CHECK (least_marks between 1 and 20),
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE TABLE work_type (
        id UUID DEFAULT uuidv7() NOT NULL,
        organisation_id UUID,
        code VARCHAR(40) NOT NULL,
        name VARCHAR NOT NULL,
        letter VARCHAR NOT NULL,
        weight INTEGER NOT NULL,
        PRIMARY KEY (id),
        UNIQUE NULLS NOT DISTINCT (organisation_id, code),
        CONSTRAINT work_type_weight CHECK (weight between 0 and 100),
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
        CONSTRAINT workcode_word CHECK (code IN ('LESSON', 'HOMEWORK', 'INDEPENDENT', 'TEST', 'LABORATORY', 'PROJECT', 'DICTATION', 'CREDIT', 'MAKE_UP'))
      )
    """,
    """
      CREATE INDEX ix_work_type_organisation_id ON work_type (organisation_id)
    """,
    """
      CREATE TABLE calendar_day (
        id UUID DEFAULT uuidv7() NOT NULL,
        organisation_id UUID NOT NULL,
        day DATE NOT NULL,
        working BOOLEAN NOT NULL,
        name VARCHAR NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (organisation_id, day),
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE TABLE lesson_version (
        version INTEGER DEFAULT '1' NOT NULL,
        recorded_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        reason VARCHAR,
        origin VARCHAR(40) DEFAULT 'ENTERED' NOT NULL,
        import_run_id UUID,
        id UUID DEFAULT uuidv7() NOT NULL,
        lesson_id UUID NOT NULL,
        journal_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        school_year INTEGER NOT NULL,
        class_group_id UUID NOT NULL,
        subject_group_id UUID NOT NULL,
        status VARCHAR(40) NOT NULL,
        topic VARCHAR,
        homework VARCHAR,
        PRIMARY KEY (id),
        UNIQUE (lesson_id, version),
        FOREIGN KEY(lesson_id) REFERENCES lesson (id) ON DELETE RESTRICT,
        FOREIGN KEY(journal_id) REFERENCES journal (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
        FOREIGN KEY(class_group_id) REFERENCES class_group (id) ON DELETE RESTRICT,
        FOREIGN KEY(subject_group_id) REFERENCES subject_group (id) ON DELETE RESTRICT,
        CONSTRAINT lessonstatus_word CHECK (status IN ('PLANNED', 'HELD', 'CANCELLED', 'REPLACED'))
      )
    """,
    """
      CREATE INDEX ix_lesson_version_journal_id ON lesson_version (journal_id)
    """,
    """
      CREATE TABLE assessment_slot (
        id UUID DEFAULT uuidv7() NOT NULL,
        lesson_id UUID NOT NULL,
        journal_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        school_year INTEGER NOT NULL,
        class_group_id UUID NOT NULL,
        subject_group_id UUID NOT NULL,
        number INTEGER DEFAULT '1' NOT NULL,
        work_type_id UUID NOT NULL,
        weight INTEGER NOT NULL,
        code VARCHAR,
        title VARCHAR,
        due_lesson_id UUID,
        version INTEGER DEFAULT '1' NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (lesson_id, number),
        CONSTRAINT slot_weight CHECK (weight between 0 and 100),
        FOREIGN KEY(lesson_id) REFERENCES lesson (id) ON DELETE RESTRICT,
        FOREIGN KEY(journal_id) REFERENCES journal (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
        FOREIGN KEY(class_group_id) REFERENCES class_group (id) ON DELETE RESTRICT,
        FOREIGN KEY(subject_group_id) REFERENCES subject_group (id) ON DELETE RESTRICT,
        FOREIGN KEY(work_type_id) REFERENCES work_type (id) ON DELETE RESTRICT,
        FOREIGN KEY(due_lesson_id) REFERENCES lesson (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE INDEX ix_assessment_slot_due_lesson_id ON assessment_slot (due_lesson_id)
    """,
    """
      CREATE INDEX ix_assessment_slot_journal_id ON assessment_slot (journal_id)
    """,
    """
      CREATE INDEX ix_assessment_slot_work_type_id ON assessment_slot (work_type_id)
    """,
    """
      CREATE TABLE mark_version (
        version INTEGER DEFAULT '1' NOT NULL,
        recorded_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        reason VARCHAR,
        origin VARCHAR(40) DEFAULT 'ENTERED' NOT NULL,
        import_run_id UUID,
        id UUID DEFAULT uuidv7() NOT NULL,
        school_year INTEGER NOT NULL,
        lesson_id UUID NOT NULL,
        journal_line_id UUID NOT NULL,
        student_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        class_group_id UUID NOT NULL,
        subject_group_id UUID NOT NULL,
        held_on DATE NOT NULL,
        slot_id UUID NOT NULL,
        position INTEGER DEFAULT '1' NOT NULL,
        scale VARCHAR(40) DEFAULT 'FIVE_POINT' NOT NULL,
        weight INTEGER DEFAULT '1' NOT NULL,
        remark VARCHAR,
        mark_id UUID DEFAULT uuidv7() NOT NULL,
        value INTEGER,
        PRIMARY KEY (school_year, id),
        UNIQUE (school_year, slot_id, journal_line_id, position, version),
        CONSTRAINT mark_version_scale CHECK (value is null or (scale = 'FIVE_POINT' and value between 1 and 5) or (scale = 'PASS_FAIL' and value in (0, 1) and weight = 0)),
        CONSTRAINT mark_version_number CHECK (version > 0),
        FOREIGN KEY(slot_id) REFERENCES assessment_slot (id) ON DELETE RESTRICT,
        FOREIGN KEY(journal_line_id) REFERENCES journal_line (id) ON DELETE RESTRICT
      )
       PARTITION BY RANGE (school_year)
    """,
    """
      CREATE INDEX ix_mark_version_line ON mark_version (journal_line_id, recorded_at)
    """,
    """
      CREATE INDEX ix_mark_version_mark ON mark_version (mark_id, version)
    """,
    """
      CREATE TABLE mark_proposal (
        id UUID DEFAULT uuidv7() NOT NULL,
        school_year INTEGER NOT NULL,
        student_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        class_group_id UUID NOT NULL,
        subject_group_id UUID NOT NULL,
        lesson_id UUID NOT NULL,
        journal_line_id UUID NOT NULL,
        slot_id UUID NOT NULL,
        position INTEGER DEFAULT '1' NOT NULL,
        scale VARCHAR(40) DEFAULT 'FIVE_POINT' NOT NULL,
        weight INTEGER DEFAULT '0' NOT NULL,
        value INTEGER,
        remark VARCHAR,
        refused_with VARCHAR NOT NULL,
        noted_at TIMESTAMP WITH TIME ZONE,
        recorded_by_id UUID NOT NULL,
        assignment_id UUID,
        role VARCHAR(40),
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        settled_at TIMESTAMP WITH TIME ZONE,
        settled_by_id UUID,
        PRIMARY KEY (id),
        CONSTRAINT mark_proposal_scale CHECK (value is null or (scale = 'FIVE_POINT' and value between 1 and 5) or (scale = 'PASS_FAIL' and value in (0, 1) and weight = 0)),
        FOREIGN KEY(student_id) REFERENCES person (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
        FOREIGN KEY(class_group_id) REFERENCES class_group (id) ON DELETE RESTRICT,
        FOREIGN KEY(subject_group_id) REFERENCES subject_group (id) ON DELETE RESTRICT,
        FOREIGN KEY(lesson_id) REFERENCES lesson (id) ON DELETE RESTRICT,
        FOREIGN KEY(journal_line_id) REFERENCES journal_line (id) ON DELETE RESTRICT,
        FOREIGN KEY(slot_id) REFERENCES assessment_slot (id) ON DELETE RESTRICT,
        CONSTRAINT mark_proposal_scale_word CHECK (scale IN ('FIVE_POINT', 'PASS_FAIL', 'NOT_ASSESSED', 'EXEMPT'))
      )
    """,
    """
      CREATE INDEX ix_mark_proposal_journal_line_id ON mark_proposal (journal_line_id)
    """,
    """
      CREATE INDEX ix_mark_proposal_subject_group_id ON mark_proposal (subject_group_id)
    """,
    """
      CREATE TABLE attendance_version (
        version INTEGER DEFAULT '1' NOT NULL,
        recorded_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        reason VARCHAR,
        origin VARCHAR(40) DEFAULT 'ENTERED' NOT NULL,
        import_run_id UUID,
        id UUID DEFAULT uuidv7() NOT NULL,
        school_year INTEGER NOT NULL,
        lesson_id UUID NOT NULL,
        journal_line_id UUID NOT NULL,
        student_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        class_group_id UUID NOT NULL,
        subject_group_id UUID NOT NULL,
        held_on DATE NOT NULL,
        record_id UUID DEFAULT uuidv7() NOT NULL,
        code VARCHAR(40),
        note VARCHAR,
        PRIMARY KEY (school_year, id),
        UNIQUE (school_year, lesson_id, student_id, version),
        CONSTRAINT attendance_version_number CHECK (version > 0),
        FOREIGN KEY(lesson_id) REFERENCES lesson (id) ON DELETE RESTRICT,
        FOREIGN KEY(journal_line_id) REFERENCES journal_line (id) ON DELETE RESTRICT,
        CONSTRAINT attendance_version_code_word CHECK (code IN ('ABSENT_UNEXCUSED', 'ABSENT_EXCUSED', 'ABSENT_ILLNESS', 'LATE'))
      )
       PARTITION BY RANGE (school_year)
    """,
    """
      CREATE INDEX ix_attendance_version_line ON attendance_version (journal_line_id, recorded_at)
    """,
    """
      CREATE INDEX ix_attendance_version_record ON attendance_version (record_id, version)
    """,
    """
      CREATE TABLE period_closing (
        id UUID DEFAULT uuidv7() NOT NULL,
        organisation_id UUID NOT NULL,
        grading_period_id UUID NOT NULL,
        closed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
        UNIQUE (grading_period_id),
        FOREIGN KEY(grading_period_id) REFERENCES grading_period (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE INDEX ix_period_closing_organisation_id ON period_closing (organisation_id)
    """,
    """
      CREATE TABLE reopening (
        id UUID DEFAULT uuidv7() NOT NULL,
        journal_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        school_year INTEGER NOT NULL,
        class_group_id UUID NOT NULL,
        subject_group_id UUID NOT NULL,
        reason VARCHAR NOT NULL,
        opened_by_id UUID NOT NULL,
        assignment_id UUID NOT NULL,
        opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
        until TIMESTAMP WITH TIME ZONE NOT NULL,
        ended_at TIMESTAMP WITH TIME ZONE,
        ended_by_id UUID,
        PRIMARY KEY (id),
        CONSTRAINT reopening_moments CHECK (until > opened_at),
        FOREIGN KEY(journal_id) REFERENCES journal (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
        FOREIGN KEY(class_group_id) REFERENCES class_group (id) ON DELETE RESTRICT,
        FOREIGN KEY(subject_group_id) REFERENCES subject_group (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE INDEX ix_reopening_journal_id ON reopening (journal_id)
    """,
    """
      CREATE INDEX ix_reopening_organisation_id ON reopening (organisation_id)
    """,
    """
      CREATE TABLE summary_mark (
        version INTEGER DEFAULT '1' NOT NULL,
        recorded_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        reason VARCHAR,
        origin VARCHAR(40) DEFAULT 'ENTERED' NOT NULL,
        import_run_id UUID,
        id UUID DEFAULT uuidv7() NOT NULL,
        school_year INTEGER NOT NULL,
        student_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        class_group_id UUID,
        subject_group_id UUID,
        subject_id UUID NOT NULL,
        kind VARCHAR(40) DEFAULT 'PERIOD' NOT NULL,
        grading_period_id UUID,
        scale VARCHAR(40) DEFAULT 'FIVE_POINT' NOT NULL,
        value INTEGER,
        proposed INTEGER,
        basis_sum INTEGER,
        basis_weight INTEGER,
        basis_count INTEGER,
        policy_version INTEGER,
        PRIMARY KEY (school_year, id),
        CONSTRAINT summary_mark_place UNIQUE NULLS NOT DISTINCT (school_year, student_id, subject_id, kind, grading_period_id),
        CONSTRAINT summary_mark_scale CHECK ((scale = 'FIVE_POINT' and value between 1 and 5) or (scale = 'PASS_FAIL' and value in (0, 1)) or (scale in ('NOT_ASSESSED', 'EXEMPT') and value is null)),
        CONSTRAINT summary_mark_kind CHECK (kind in ('PERIOD', 'YEAR', 'EXAM', 'FINAL') and (kind = 'PERIOD') = (grading_period_id is not null)),
        FOREIGN KEY(subject_id) REFERENCES subject (id) ON DELETE RESTRICT,
        FOREIGN KEY(grading_period_id) REFERENCES grading_period (id) ON DELETE RESTRICT
      )
       PARTITION BY RANGE (school_year)
    """,
    """
      CREATE INDEX ix_summary_mark_group ON summary_mark (subject_group_id, kind, grading_period_id)
    """,
    """
      CREATE TABLE summary_mark_version (
        version INTEGER DEFAULT '1' NOT NULL,
        recorded_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        reason VARCHAR,
        origin VARCHAR(40) DEFAULT 'ENTERED' NOT NULL,
        import_run_id UUID,
        id UUID DEFAULT uuidv7() NOT NULL,
        school_year INTEGER NOT NULL,
        student_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        class_group_id UUID,
        subject_group_id UUID,
        subject_id UUID NOT NULL,
        kind VARCHAR(40) DEFAULT 'PERIOD' NOT NULL,
        grading_period_id UUID,
        scale VARCHAR(40) DEFAULT 'FIVE_POINT' NOT NULL,
        value INTEGER,
        proposed INTEGER,
        basis_sum INTEGER,
        basis_weight INTEGER,
        basis_count INTEGER,
        policy_version INTEGER,
        mark_id UUID DEFAULT uuidv7() NOT NULL,
        withdrawn BOOLEAN DEFAULT 'false' NOT NULL,
        PRIMARY KEY (school_year, id),
        CONSTRAINT summary_mark_version_place UNIQUE NULLS NOT DISTINCT (school_year, student_id, subject_id, kind, grading_period_id, version),
        CONSTRAINT summary_mark_version_scale CHECK (withdrawn or (scale = 'FIVE_POINT' and value between 1 and 5) or (scale = 'PASS_FAIL' and value in (0, 1)) or (scale in ('NOT_ASSESSED', 'EXEMPT') and value is null)),
        CONSTRAINT summary_mark_version_kind CHECK (kind in ('PERIOD', 'YEAR', 'EXAM', 'FINAL') and (kind = 'PERIOD') = (grading_period_id is not null)),
        CONSTRAINT summary_mark_version_number CHECK (version > 0)
      )
       PARTITION BY RANGE (school_year)
    """,
    """
      CREATE INDEX ix_summary_mark_version_mark ON summary_mark_version (mark_id, version)
    """,
]

FIRST_YEAR, LAST_YEAR = 2020, 2029
PARTITIONED = ("mark_version", "attendance_version", "summary_mark", "summary_mark_version")

WRITTEN = [
    "add column version integer default 1 not null",
    "add column role varchar(40)",
    "add column reason varchar",
    "add column origin varchar(40) default 'ENTERED' not null",
    "add column import_run_id uuid",
]
EXPANDED = {
    "mutation_key": ["add column objects text[] default '{{}}' not null"],
    "lesson": ["add column version integer default 1 not null"],
    "mark": [
        *WRITTEN,
        "add column slot_id uuid",
        "add column position integer default 1 not null",
        "add column scale varchar(40) default 'FIVE_POINT' not null",
        "drop constraint mark_value",
        "add constraint mark_scale check ((scale = 'FIVE_POINT' and value between 1 and 5)"
        " or (scale = 'PASS_FAIL' and value in (0, 1) and weight = 0))",
        "add constraint mark_position check (position between 1 and 2)",
        "add foreign key (slot_id) references assessment_slot (id) on delete restrict",
    ],
    "attendance_record": [*WRITTEN, "add column assignment_id uuid"],
    "assignment": ["drop constraint role_word", "add constraint role_word check (role in ({}))"],
}
ROLES = ("TEACHER", "HOMEROOM_TEACHER", "DEPUTY_HEAD", "STUDENT", "LEGAL_REPRESENTATIVE", "MUNICIPAL_COORDINATOR",
         "ORG_ADMIN", "GUEST", "SIGNED_IN")
NEW_ROLES = ("REGIONAL_COORDINATOR",)


def upgrade() -> None:
    for statement in CREATED:
        op.execute(statement)
    for table in PARTITIONED:
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            op.execute(f"create table {table}_{year} partition of {table} for values from ({year}) to ({year + 1})")
        op.execute(f"create table {table}_other partition of {table} default")
    for table, changes in EXPANDED.items():
        op.execute(f"alter table {table} {', '.join(changes)}".format(_words(*ROLES, *NEW_ROLES)))


def downgrade() -> None:
    op.execute(
        f"alter table assignment drop constraint role_word, add constraint role_word check (role in ({_words(*ROLES)}))"
    )
    op.execute("alter table attendance_record drop column assignment_id")
    op.execute(
        "alter table mark drop constraint mark_scale, drop constraint mark_position, drop column slot_id,"
        " drop column position, drop column scale, add constraint mark_value check (value between 1 and 5)"
    )
    for table in ("mark", "attendance_record"):
        op.execute(
            f"alter table {table} drop column role, drop column reason, drop column origin,"
            " drop column import_run_id, drop column version"
        )
    op.execute("alter table lesson drop column version")
    op.execute("alter table mutation_key drop column objects")
    op.execute(
        "drop table summary_mark_version, summary_mark, reopening, period_closing, attendance_version, mark_proposal,"
        " mark_version, assessment_slot, lesson_version, calendar_day, work_type, organisation_policy"
    )


def _words(*words: str) -> str:
    return ", ".join(f"'{word}'" for word in words)
