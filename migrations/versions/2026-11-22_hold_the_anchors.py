"""Hold the anchors: what the application adds belongs where it says, and takes no other fact's identity.

The policies ask for one anchor that the writer reaches; these triggers ask that the others fit to it. Only the
application is asked: whoever owns the database may load what an older system left.
"""

from alembic import op

revision = "2026_11_22_10"
down_revision = "2026_11_22_09"
branch_labels = None
depends_on = None

_PLACES = "organisation_id", "subject_group_id", "class_group_id", "school_year"


def _of(row: str, *columns: str) -> str:
    return "(" + ", ".join(f"{row}.{column}" for column in columns) + ")"


# A chain of versions begins with an identity of its own: the projection would write over whatever bears it already.
_NEW_CHAIN = """
    select from fresh f join {table} other on other.school_year = f.school_year and other.{chain} = f.{chain}
    where f.version = 1 and other.id <> f.id and {other} is distinct from {fresh}
"""

CHECKS = {
    "mark_version": (
        "a mark begins with an identity of its own",
        _NEW_CHAIN.format(
            table="mark_version",
            chain="mark_id",
            other=_of("other", "slot_id", "journal_line_id", "position"),
            fresh=_of("f", "slot_id", "journal_line_id", "position"),
        ),
    ),
    "attendance_version": (
        "a record of attendance begins with an identity of its own",
        _NEW_CHAIN.format(
            table="attendance_version",
            chain="record_id",
            other=_of("other", "lesson_id", "student_id"),
            fresh=_of("f", "lesson_id", "student_id"),
        ),
    ),
    "summary_mark_version": (
        "a summary mark belongs to a student of the group, or of the school, and begins with an identity of its own",
        f"""
    select from fresh f
    where f.subject_group_id is not null and not exists (
            select from journal_line l join journal j on j.id = l.journal_id
            where l.student_id = f.student_id and j.subject_id = f.subject_id
              and {_of("l", *_PLACES)} is not distinct from {_of("f", *_PLACES)})
       or f.subject_group_id is null and not exists (
            select from enrolment e where e.student_id = f.student_id and e.organisation_id = f.organisation_id
              and e.class_group_id = coalesce(f.class_group_id, e.class_group_id))
    union all
    """
        + _NEW_CHAIN.format(
            table="summary_mark_version",
            chain="mark_id",
            other=_of("other", "student_id", "subject_id", "kind", "grading_period_id"),
            fresh=_of("f", "student_id", "subject_id", "kind", "grading_period_id"),
        ),
    ),
    "assessment_slot": (
        "a column stands in the lesson and the page that it names",
        f"""
    select from fresh f left join lesson e on e.id = f.lesson_id
    where {_of("f", "journal_id", *_PLACES)} is distinct from {_of("e", "journal_id", *_PLACES)}
    """,
    ),
    "mark_proposal": (
        "a proposal belongs to the line and the column that it names",
        f"""
    select from fresh f left join journal_line l on l.id = f.journal_line_id
    left join assessment_slot s on s.id = f.slot_id
    where {_of("f", "student_id", *_PLACES)} is distinct from {_of("l", "student_id", *_PLACES)}
       or (f.lesson_id, l.journal_id) is distinct from (s.lesson_id, s.journal_id)
    """,
    ),
    "reopening": (
        "a reopening belongs to the page that it names",
        f"""
    select from fresh f left join journal j on j.id = f.journal_id
    where {_of("f", *_PLACES)} is distinct from {_of("j", *_PLACES)}
    """,
    ),
    "period_closing": (
        "a closing belongs to the organisation of the period",
        """
    select from fresh f left join grading_period p on p.id = f.grading_period_id
    where f.organisation_id is distinct from p.organisation_id
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


# To read what stood in a file is a right of its own: a client that only writes must not read by it.
READING = "import_source_row.organisation_id IN (SELECT vhod.organisations('{}')) AND true"


def upgrade() -> None:
    op.execute(f"alter policy reading on import_source_row using ({READING.format('import.people:read')})")
    op.execute("grant create on schema vhod to vhod_keeper")
    for table, (said, query) in CHECKS.items():
        op.execute(FUNCTION.format(table=table, said=said, query=query))
        op.execute(f"alter function vhod.check_{table}() owner to vhod_keeper")
        op.execute(TRIGGER.format(table=table))
    op.execute("revoke create on schema vhod from vhod_keeper")


def downgrade() -> None:
    op.execute(f"alter policy reading on import_source_row using ({READING.format('people:import')})")
    for table in CHECKS:
        op.execute(f"drop trigger check_anchors on {table}")
        op.execute(f"drop function vhod.check_{table}()")
