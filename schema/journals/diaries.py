"""Diary: lessons, homework and marks of one student, without a name; for the family and for consented systems."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, cast

import strawberry
from sqlalchemy import Date, Text, func
from strawberry.types import Info

from auth.permissions import Permission as P
from auth.viewer import Viewer
from domain import records
from domain.errors import BadUserInput, LimitExceeded
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import computed, many, mapped, page
from schema.engine.mapping.function_keys import called
from schema.engine.mapping.pages import Connection
from schema.engine.mapping.storage import Called
from schema.engine.node import Node
from schema.engine.typed_texts import plain
from schema.journals.lessons import Lesson, between
from schema.journals.marks import Mark
from schema.people.users import of_school_year
from schema.registers.achievements import Achievement
from schema.summaries.summary_marks import SummaryMark

if TYPE_CHECKING:
    from schema.engine.context import Context

MOST_DAYS, MOST_LESSONS = 31, 400
Since = Annotated[date, strawberry.argument(description="From this day on (с какого дня).")]
Until = Annotated[date, strawberry.argument(description="Up to this day, included (по какой день).")]


def _of_days(_: Viewer, since: date, until: date) -> tuple[date, date]:
    if until < since:
        raise BadUserInput("`until` is before `since`.", "`until` раньше, чем `since`.")
    if (until - since).days >= MOST_DAYS:
        raise LimitExceeded(f"At most {MOST_DAYS} days.", f"Не больше {MOST_DAYS} дней.")
    return since, until


LESSONS = Called(func.vhod.lessons_of, _of_days, (Date(), Date()), of=("id",), most=MOST_LESSONS)


@mapped(
    records.DIARY,
    "A student's diary (дневник): the same lessons and marks as in the journals, of one person, without the name.",
    Access(P.DIARY_SEE),
)
class Diary(Node):
    """A diary."""

    marks: Connection[Mark] | None = page(
        "Marks (отметки), by day.", by=records.Mark.student_id, order=("held_on", "id"), where=between
    )
    summary_marks: list[SummaryMark] | None = many(
        "Confirmed period, year, exam and final marks of a school year (итоговые отметки); at most 400.",
        by=records.SummaryMark.student_id,
        order=("kind", "id"),
        most=400,
        where=of_school_year,
        usually=60,
    )

    achievements: list[Achievement] | None = many(
        "Olympiads and competitions (достижения), oldest first; at most 200.",
        by=records.Achievement.student_id,
        order=("happened_on", "id"),
        most=200,
        usually=10,
    )

    @computed(
        "Timetable, topics and homework (уроки), by day and number; at most 31 days at a time.",
        Access(P.LESSON_SEE),
        sensitivity=Sensitivity.P2,
        known=LESSONS,
        usually=60,
    )
    async def lessons(self, info: Info, since: Since, until: Until) -> list[Lesson] | None:
        keys = await called(info.context, LESSONS, self, since=since, until=until)
        if len(keys) > MOST_LESSONS:
            raise LimitExceeded(f"More than {MOST_LESSONS} lessons.", f"Больше {MOST_LESSONS} уроков.")
        loaded = await info.context.executor.load_all_named("Lesson", keys)
        return [one for one in loaded if one is not None]


def _by_account(viewer: Viewer, subject: str) -> tuple[str | None, str]:
    return viewer.caller.issuer if viewer.caller else None, plain(subject)


BY_ACCOUNT = Called(func.vhod.diary_of, _by_account, (Text(), Text()))


@computed(
    "The diary of the person with this account (дневник по идентификатору учётной записи) at the issuer of your own"
    " token; null when there is none that you may see. This is how another system asks for who has consented.",
    PUBLIC,
    sensitivity=Sensitivity.P2,
    known=BY_ACCOUNT,
)
async def diary(
    self: Any,
    info: Info,
    subject: Annotated[str, strawberry.argument(description="Subject of the account, as ESIA's oid (учётная запись).")],
) -> Diary | None:
    """Query.diary."""
    context = cast("Context", info.context)
    [key] = await called(context, BY_ACCOUNT, None, subject=subject)
    return None if key == (None,) else cast("Diary | None", await context.executor.load_named("Diary", key))
