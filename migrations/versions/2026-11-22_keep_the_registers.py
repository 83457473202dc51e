"""Keep the registers: staff files, achievements, rehabilitation programmes, screening. Only ever added to."""

from alembic import op

revision = "2026_11_22_registers"
down_revision = "2026_11_22_openings"
branch_labels = None
depends_on = None

CREATED = [
    """
      CREATE TABLE employment_record (
        recorded_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        id UUID DEFAULT uuidv7() NOT NULL,
        person_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        event VARCHAR(40) NOT NULL,
        happened_on DATE NOT NULL,
        position VARCHAR NOT NULL,
        category VARCHAR(40),
        education VARCHAR,
        order_number VARCHAR NOT NULL,
        ordered_on DATE NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT employment_record_order CHECK (order_number <> ''),
        FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
        CONSTRAINT employmentevent_word CHECK (event IN ('HIRED', 'TRANSFERRED', 'QUALIFIED', 'DISMISSED')),
        CONSTRAINT qualificationcategory_word CHECK (category IN ('NONE', 'SUITABLE', 'FIRST', 'HIGHEST', 'METHODOLOGIST', 'MENTOR'))
      )
    """,
    "CREATE INDEX ix_employment_record_organisation_id ON employment_record (organisation_id)",
    "CREATE INDEX ix_employment_record_person_id ON employment_record (person_id)",
    """
      CREATE TABLE achievement (
        recorded_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        id UUID DEFAULT uuidv7() NOT NULL,
        student_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        class_group_id UUID,
        kind VARCHAR(40) NOT NULL,
        level VARCHAR(40) NOT NULL,
        result VARCHAR(40) NOT NULL,
        title VARCHAR NOT NULL,
        place INTEGER,
        happened_on DATE NOT NULL,
        document VARCHAR,
        PRIMARY KEY (id),
        CONSTRAINT achievement_place CHECK (place is null or place > 0),
        FOREIGN KEY(student_id) REFERENCES person (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
        FOREIGN KEY(class_group_id) REFERENCES class_group (id) ON DELETE RESTRICT,
        CONSTRAINT achievementkind_word CHECK (kind IN ('OLYMPIAD', 'COMPETITION', 'CONFERENCE', 'SPORT')),
        CONSTRAINT achievementlevel_word CHECK (level IN ('SCHOOL', 'MUNICIPAL', 'REGIONAL', 'FEDERAL', 'INTERNATIONAL')),
        CONSTRAINT achievementresult_word CHECK (result IN ('WINNER', 'PRIZE', 'PARTICIPANT'))
      )
    """,
    "CREATE INDEX ix_achievement_class_group_id ON achievement (class_group_id)",
    "CREATE INDEX ix_achievement_organisation_id ON achievement (organisation_id)",
    "CREATE INDEX ix_achievement_student_id ON achievement (student_id)",
    """
      CREATE TABLE rehabilitation_programme (
        recorded_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        id UUID DEFAULT uuidv7() NOT NULL,
        student_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        student_name VARCHAR NOT NULL,
        number VARCHAR NOT NULL,
        starts_on DATE NOT NULL,
        ends_on DATE,
        education_part VARCHAR NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT rehabilitation_programme_dates CHECK (ends_on is null or ends_on > starts_on),
        FOREIGN KEY(student_id) REFERENCES person (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT
      )
    """,
    "CREATE INDEX ix_rehabilitation_programme_organisation_id ON rehabilitation_programme (organisation_id)",
    "CREATE INDEX ix_rehabilitation_programme_student_id ON rehabilitation_programme (student_id)",
    """
      CREATE TABLE rehabilitation_measure (
        recorded_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        id UUID DEFAULT uuidv7() NOT NULL,
        programme_id UUID NOT NULL,
        student_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        name VARCHAR NOT NULL,
        due_on DATE NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(programme_id) REFERENCES rehabilitation_programme (id) ON DELETE RESTRICT,
        FOREIGN KEY(student_id) REFERENCES person (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT
      )
    """,
    "CREATE INDEX ix_rehabilitation_measure_organisation_id ON rehabilitation_measure (organisation_id)",
    "CREATE INDEX ix_rehabilitation_measure_programme_id ON rehabilitation_measure (programme_id)",
    "CREATE INDEX ix_rehabilitation_measure_student_id ON rehabilitation_measure (student_id)",
    """
      CREATE TABLE rehabilitation_report (
        recorded_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        id UUID DEFAULT uuidv7() NOT NULL,
        measure_id UUID NOT NULL,
        student_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        outcome VARCHAR(40) NOT NULL,
        executed_on DATE NOT NULL,
        note VARCHAR,
        PRIMARY KEY (id),
        FOREIGN KEY(measure_id) REFERENCES rehabilitation_measure (id) ON DELETE RESTRICT,
        FOREIGN KEY(student_id) REFERENCES person (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
        CONSTRAINT measureoutcome_word CHECK (outcome IN ('DONE', 'PARTLY', 'REFUSED', 'NOT_DONE'))
      )
    """,
    "CREATE INDEX ix_rehabilitation_report_measure_id ON rehabilitation_report (measure_id)",
    "CREATE INDEX ix_rehabilitation_report_organisation_id ON rehabilitation_report (organisation_id)",
    "CREATE INDEX ix_rehabilitation_report_student_id ON rehabilitation_report (student_id)",
    """
      CREATE TABLE screening_participation (
        recorded_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        id UUID DEFAULT uuidv7() NOT NULL,
        student_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        class_group_id UUID NOT NULL,
        school_year INTEGER NOT NULL,
        version INTEGER NOT NULL,
        consent VARCHAR(40) NOT NULL,
        consent_by VARCHAR(40) NOT NULL,
        code VARCHAR NOT NULL,
        participated BOOLEAN NOT NULL,
        participated_on DATE,
        PRIMARY KEY (id),
        CONSTRAINT screening_participation_version UNIQUE (student_id, school_year, version),
        CONSTRAINT screening_participation_consent CHECK (not participated or consent = 'GIVEN'),
        CONSTRAINT screening_participation_day CHECK (participated = (participated_on is not null)),
        FOREIGN KEY(student_id) REFERENCES person (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
        FOREIGN KEY(class_group_id) REFERENCES class_group (id) ON DELETE RESTRICT,
        CONSTRAINT screeningconsent_word CHECK (consent IN ('GIVEN', 'REFUSED')),
        CONSTRAINT screening_consent_by_word CHECK (consent_by IN ('TEACHER', 'HOMEROOM_TEACHER', 'DEPUTY_HEAD', 'PRINCIPAL', 'STUDENT', 'LEGAL_REPRESENTATIVE', 'ORG_ADMIN', 'MUNICIPAL_COORDINATOR', 'REGIONAL_COORDINATOR', 'ENROLMENT_OPERATOR', 'REHABILITATION_OPERATOR', 'TALENT_OPERATOR', 'HR_SPECIALIST', 'CURRICULUM_SPECIALIST', 'GENERAL_EDUCATION_SPECIALIST', 'SCREENING_SPECIALIST', 'MAIL_USER', 'ORG_MAILBOX', 'EXPERT', 'AUTHORITY_VIEWER', 'AUDITOR', 'SYSTEM_CLIENT', 'GUEST', 'SIGNED_IN'))
      )
    """,
    "CREATE INDEX ix_screening_participation_class_group_id ON screening_participation (class_group_id)",
    "CREATE INDEX ix_screening_participation_organisation_id ON screening_participation (organisation_id)",
    "CREATE INDEX ix_screening_participation_student_id ON screening_participation (student_id)",
]

READING = {
    "employment_record": """
          (employment_record.person_id = any(CAST((SELECT vhod.person_ids('staff_file:read')) AS UUID[]))
          OR employment_record.organisation_id = any(CAST((SELECT vhod.organisation_ids('staff_file:read')) AS UUID[]))
          OR cardinality(CAST((SELECT vhod.organisation_trees('staff_file:read')) AS UUID[])) > 0
          AND employment_record.organisation_id IN (SELECT vhod.organisations_below('staff_file:read')))
          AND coalesce(employment_record.person_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
    """,
    "achievement": """
          (achievement.student_id = any(CAST((SELECT vhod.person_ids('achievement:see')) AS UUID[]))
          OR achievement.organisation_id = any(CAST((SELECT vhod.organisation_ids('achievement:see')) AS UUID[]))
          OR cardinality(CAST((SELECT vhod.organisation_trees('achievement:see')) AS UUID[])) > 0
          AND achievement.organisation_id IN (SELECT vhod.organisations_below('achievement:see'))
          OR achievement.class_group_id = any(CAST((SELECT vhod.class_group_ids('achievement:see')) AS UUID[])))
          AND coalesce(achievement.student_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
    """,
    "rehabilitation_programme": """
          (rehabilitation_programme.student_id = any(CAST((SELECT vhod.person_ids('rehabilitation:read')) AS UUID[]))
          OR rehabilitation_programme.organisation_id = any(CAST((SELECT vhod.organisation_ids('rehabilitation:read')) AS UUID[]))
          OR cardinality(CAST((SELECT vhod.organisation_trees('rehabilitation:read')) AS UUID[])) > 0
          AND rehabilitation_programme.organisation_id IN (SELECT vhod.organisations_below('rehabilitation:read')))
          AND coalesce(rehabilitation_programme.student_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
    """,
    "rehabilitation_measure": """
          (rehabilitation_measure.student_id = any(CAST((SELECT vhod.person_ids('rehabilitation:read')) AS UUID[]))
          OR rehabilitation_measure.organisation_id = any(CAST((SELECT vhod.organisation_ids('rehabilitation:read')) AS UUID[]))
          OR cardinality(CAST((SELECT vhod.organisation_trees('rehabilitation:read')) AS UUID[])) > 0
          AND rehabilitation_measure.organisation_id IN (SELECT vhod.organisations_below('rehabilitation:read')))
          AND coalesce(rehabilitation_measure.student_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
    """,
    "rehabilitation_report": """
          (rehabilitation_report.student_id = any(CAST((SELECT vhod.person_ids('rehabilitation:read')) AS UUID[]))
          OR rehabilitation_report.organisation_id = any(CAST((SELECT vhod.organisation_ids('rehabilitation:read')) AS UUID[]))
          OR cardinality(CAST((SELECT vhod.organisation_trees('rehabilitation:read')) AS UUID[])) > 0
          AND rehabilitation_report.organisation_id IN (SELECT vhod.organisations_below('rehabilitation:read')))
          AND coalesce(rehabilitation_report.student_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
    """,
    "screening_participation": """
          (screening_participation.student_id = any(CAST((SELECT vhod.person_ids('screening:read')) AS UUID[]))
          OR screening_participation.organisation_id = any(CAST((SELECT vhod.organisation_ids('screening:read')) AS UUID[]))
          OR cardinality(CAST((SELECT vhod.organisation_trees('screening:read')) AS UUID[])) > 0
          AND screening_participation.organisation_id IN (SELECT vhod.organisations_below('screening:read'))
          OR screening_participation.class_group_id = any(CAST((SELECT vhod.class_group_ids('screening:read')) AS UUID[])))
          AND coalesce(screening_participation.student_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
    """,
}

ADDING = {
    "employment_record": """
          (employment_record.person_id = any(CAST((SELECT vhod.person_ids('staff_file:write')) AS UUID[]))
          OR employment_record.organisation_id = any(CAST((SELECT vhod.organisation_ids('staff_file:write')) AS UUID[]))
          OR cardinality(CAST((SELECT vhod.organisation_trees('staff_file:write')) AS UUID[])) > 0
          AND employment_record.organisation_id IN (SELECT vhod.organisations_below('staff_file:write')))
          AND coalesce(employment_record.person_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
          AND employment_record.recorded_by_id = (SELECT vhod.person())
    """,
    "achievement": """
          (achievement.student_id = any(CAST((SELECT vhod.person_ids('achievement:write')) AS UUID[]))
          OR achievement.organisation_id = any(CAST((SELECT vhod.organisation_ids('achievement:write')) AS UUID[]))
          OR cardinality(CAST((SELECT vhod.organisation_trees('achievement:write')) AS UUID[])) > 0
          AND achievement.organisation_id IN (SELECT vhod.organisations_below('achievement:write'))
          OR achievement.class_group_id = any(CAST((SELECT vhod.class_group_ids('achievement:write')) AS UUID[])))
          AND coalesce(achievement.student_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
          AND achievement.recorded_by_id = (SELECT vhod.person())
    """,
    "rehabilitation_measure": """
          (rehabilitation_measure.student_id = any(CAST((SELECT vhod.person_ids('rehabilitation:write')) AS UUID[]))
          OR rehabilitation_measure.organisation_id = any(CAST((SELECT vhod.organisation_ids('rehabilitation:write')) AS UUID[]))
          OR cardinality(CAST((SELECT vhod.organisation_trees('rehabilitation:write')) AS UUID[])) > 0
          AND rehabilitation_measure.organisation_id IN (SELECT vhod.organisations_below('rehabilitation:write')))
          AND coalesce(rehabilitation_measure.student_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
          AND rehabilitation_measure.recorded_by_id = (SELECT vhod.person())
    """,
    "rehabilitation_report": """
          (rehabilitation_report.student_id = any(CAST((SELECT vhod.person_ids('rehabilitation:write')) AS UUID[]))
          OR rehabilitation_report.organisation_id = any(CAST((SELECT vhod.organisation_ids('rehabilitation:write')) AS UUID[]))
          OR cardinality(CAST((SELECT vhod.organisation_trees('rehabilitation:write')) AS UUID[])) > 0
          AND rehabilitation_report.organisation_id IN (SELECT vhod.organisations_below('rehabilitation:write')))
          AND coalesce(rehabilitation_report.student_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
          AND rehabilitation_report.recorded_by_id = (SELECT vhod.person())
    """,
    "screening_participation": """
          (screening_participation.student_id = any(CAST((SELECT vhod.person_ids('screening:write')) AS UUID[]))
          OR screening_participation.organisation_id = any(CAST((SELECT vhod.organisation_ids('screening:write')) AS UUID[]))
          OR cardinality(CAST((SELECT vhod.organisation_trees('screening:write')) AS UUID[])) > 0
          AND screening_participation.organisation_id IN (SELECT vhod.organisations_below('screening:write'))
          OR screening_participation.class_group_id = any(CAST((SELECT vhod.class_group_ids('screening:write')) AS UUID[])))
          AND coalesce(screening_participation.student_id != all(CAST((SELECT vhod.restricted_ids()) AS UUID[])), true)
          AND screening_participation.recorded_by_id = (SELECT vhod.person())
    """,
}

# The policies ask for one anchor that the writer reaches; these ask that the others fit to it.
_ENROLLED = """
    select from fresh f where not exists (
      select from enrolment e where e.student_id = f.student_id and e.organisation_id = f.organisation_id
        and e.class_group_id = coalesce(f.class_group_id, e.class_group_id))
"""
CHECKS = {
    "employment_record": (
        "a staff file is kept where the person works or worked",
        """
    select from fresh f where not exists (
      select from staff_position s where s.person_id = f.person_id and s.organisation_id = f.organisation_id)
    """,
    ),
    "achievement": ("an achievement belongs to a student of the school and class", _ENROLLED),
    "screening_participation": ("a screening belongs to a student of the school and class", _ENROLLED),
    "rehabilitation_measure": (
        "a measure belongs to the programme that it names",
        """
    select from fresh f left join rehabilitation_programme p on p.id = f.programme_id
    where (f.student_id, f.organisation_id) is distinct from (p.student_id, p.organisation_id)
    """,
    ),
    "rehabilitation_report": (
        "a report belongs to the measure that it names",
        """
    select from fresh f left join rehabilitation_measure m on m.id = f.measure_id
    where (f.student_id, f.organisation_id) is distinct from (m.student_id, m.organisation_id)
    """,
    ),
}
FUNCTION = """
create function vhod.check_{table}() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists ({query}) then
    raise exception '{said}' using errcode = 'check_violation';
  end if;
  return null;
end $$
"""
TRIGGER = """
create trigger check_anchors after insert on {table} referencing new table as fresh
for each statement when (current_user = 'vhod_app') execute function vhod.check_{table}()
"""


def upgrade() -> None:
    for statement in CREATED:
        op.execute(statement)
    for table, condition in READING.items():
        op.execute(f"grant all on {table} to vhod_keeper")
        op.execute(f"grant select on {table} to vhod_app")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy keeping on {table} for all to vhod_keeper using (true) with check (true)")
        op.execute(f"create policy reading on {table} for select to vhod_app using ({condition})")
    for table, condition in ADDING.items():
        op.execute(f"grant insert on {table} to vhod_app")
        op.execute(f"create policy adding on {table} for insert to vhod_app with check ({condition})")
    op.execute("grant create on schema vhod to vhod_keeper")
    for table, (said, query) in CHECKS.items():
        op.execute(FUNCTION.format(table=table, said=said, query=query))
        op.execute(f"alter function vhod.check_{table}() owner to vhod_keeper")
        op.execute(TRIGGER.format(table=table))
    op.execute("revoke create on schema vhod from vhod_keeper")


def downgrade() -> None:
    for table in reversed(READING):
        op.execute(f"drop table {table}")
    for table in CHECKS:
        op.execute(f"drop function vhod.check_{table}()")
