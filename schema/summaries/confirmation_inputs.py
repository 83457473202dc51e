"""What is sent to confirm summary marks: by lines of a page, or by students of a subject group."""

from uuid import UUID

import strawberry

from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.scales import MarkScale, SummaryMarkKind

SCALE = "On which scale (шкала); not assessed and exempt have no value."
VALUE = "The mark (отметка): 1 to 5, or 1 and 0 for pass and fail; null when not assessed or exempt."
WITHDRAW = "Take the confirmed mark back (отозвать): nothing stands there then. Needs a reason."
REASON = "Why this one deviates from what is proposed (основание); `reason` of the whole serves where it is left out."
VERSION = "The version that you saw (версия); null: you saw nothing there."
WHOLE_REASON = "Why (основание): for a deputy head always, else for what deviates from the proposals."


@strawberry.input(description="A period mark of a line (отметка за период).")
class PeriodMarkInput:
    """One line of confirmSummaryMarks."""

    line_id: strawberry.ID = strawberry.field(description="Id of the JournalLine (строка журнала).")
    scale: MarkScale = asked(SCALE, MarkScale.FIVE_POINT)
    value: int | None = asked(VALUE, None)
    withdraw: bool = asked(WITHDRAW, False)
    reason: str | None = asked(REASON, None)
    version: int | None = asked(VERSION, None)


@strawberry.input(description="A year, exam or final mark of a student (отметка обучающегося).")
class CourseMarkInput:
    """One student of confirmCourseMarks."""

    student_id: strawberry.ID = strawberry.field(description="Id of the Student (обучающийся).")
    scale: MarkScale = asked(SCALE, MarkScale.FIVE_POINT)
    value: int | None = asked(VALUE, None)
    withdraw: bool = asked(WITHDRAW, False)
    reason: str | None = asked(REASON, None)
    version: int | None = asked(VERSION, None)


@strawberry.input(description="Marks of a page's period to confirm (подтвердить отметки за период): all or none.")
class ConfirmSummaryMarksInput:
    """Input of confirmSummaryMarks."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    journal_id: strawberry.ID = strawberry.field(description="Id of the Journal (страница журнала).")
    lines: list[PeriodMarkInput] = strawberry.field(description="The marks, by line (по строкам); at most 60.")
    reason: str | None = asked(WHOLE_REASON, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="Year, exam or final marks of a subject group to confirm (годовые и т. п.): all or none.")
class ConfirmCourseMarksInput:
    """Input of confirmCourseMarks."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    subject_group_id: strawberry.ID = strawberry.field(description="Id of the SubjectGroup (группа по предмету).")
    kind: SummaryMarkKind = strawberry.field(description="YEAR, EXAM or FINAL (вид); PERIOD goes by its page.")
    students: list[CourseMarkInput] = strawberry.field(description="The marks, by student (по ученикам); at most 60.")
    reason: str | None = asked(WHOLE_REASON, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)
