"""Writing in the demo's journal: mutations by name, a clock that stands where a test puts it, the flagship page."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

import api.graphql
from schema.engine.context import Context
from tests.schema.demo import Answer, Demo, id_of

ZONE = ZoneInfo("Asia/Krasnoyarsk")
NOW = datetime(2026, 11, 20, 15, tzinfo=ZONE)
"""A Friday after lessons: 13.11 to 20.11 may be written, 12.11 is over, 25.11 has not been held."""

FLAGSHIP = id_of("Journal", "journal-7a-algebra")

PAGE = """
query Page($id: ID!) {
  journal(id: $id) {
    id gradingPeriod { id closesAt closedAt }
    lessons { id heldOn status version topic homework slots { id number weight workType { code } } }
    lines {
      id number studentName mean markSum weightSum student { id }
      marks { id value version weight scale position remark reason role heldOn lesson { id } slot { id } }
      attendance { id code version note heldOn lesson { id } }
      history { value version weight reason role heldOn recordedBy { displayName } }
      attendanceHistory { code version role }
    }
  }
}
"""

ERRORS = """userErrors { __typename code message path
  ... on AmbiguousAssignment { candidates { id role } }
  ... on VersionConflict { currentVersion current { id } }
  ... on WindowClosed { closedAt opensAt reopenableBy } }"""
MARK = "mark { id value version weight scale remark position } line { id mean } keptMarks { id value refusedWith }"
RECORD = "record { id code version } line { id }"

MUTATIONS = {
    "writeJournalPage": "journal { id } keptMarks { id value refusedWith line { id } }",
    "writeMark": MARK,
    "withdrawMark": MARK,
    "recordAttendance": RECORD,
    "clearAttendance": RECORD,
    "excuseAbsence": RECORD,
    "updateLesson": "lesson { id topic homework status version history { version topic role reason } }",
    "addAssessmentSlot": "slot { id number weight code version workType { code } dueLesson { id } } lesson { id }",
    "updateAssessmentSlot": "slot { id number weight code version workType { code } dueLesson { id } } lesson { id }",
    "reopenJournal": "reopening { id reason until openedBy { displayName } } journal { id }",
    "endReopening": "reopening { id endedAt } journal { id reopenings { id endedAt } }",
    "closeGradingPeriod": "gradingPeriod { id closedAt closesAt }",
    "updateOrganisationPolicy": "policy { version lessonMarkDays homeroomWritesMarks } organisation { id }",
    "settleKeptMark": "keptMark { id settledAt settledBy { displayName } } mark { value version } line { id }",
}


def document(name: str) -> str:
    """The document of a mutation."""
    kind = name[0].upper() + name[1:] + "Input"
    return f"mutation Write($i: {kind}!) {{ done: {name}(input: $i) {{ {MUTATIONS[name]} {ERRORS} }} }}"


class Pen:
    """Somebody's hand in the flagship page, at a moment that the test sets."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.now = demo, NOW
        [[self._before]] = demo.ask("select coalesce(max(id::text), '') from audit_entry")

    async def ask(self, name: str, viewer: str | None = "teacher", **given: Any) -> Answer:
        """Send a mutation, with a new key unless one is given."""
        return await self.demo.query(document(name), {"i": {"clientMutationId": str(uuid4())} | given}, viewer)

    async def do(self, name: str, viewer: str | None = "teacher", **given: Any) -> dict[str, Any]:
        """The payload of a mutation that has an answer."""
        return (await self.ask(name, viewer, **given)).data["done"]  # type: ignore[no-any-return]

    async def page(self, viewer: str = "teacher", journal: str = FLAGSHIP) -> dict[str, Any]:
        """The page as somebody sees it."""
        return (await self.demo.query(PAGE, {"id": journal}, viewer)).data["journal"]  # type: ignore[no-any-return]

    async def lesson(self, day: str, journal: str = FLAGSHIP) -> dict[str, Any]:
        """The lesson of a day."""
        lessons = (await self.page(journal=journal))["lessons"]
        return next(lesson for lesson in lessons if lesson["heldOn"] == day)

    async def line(self, number: int, viewer: str = "teacher", journal: str = FLAGSHIP) -> dict[str, Any]:
        """The line with this number."""
        lines = (await self.page(viewer, journal))["lines"]
        return next(line for line in lines if line["number"] == number)

    def audited(self, action: str) -> list[Any]:
        """Details and roles of this test's audit entries of an action, oldest first."""
        return self.demo.ask(
            "select e.detail, a.role from audit_entry e join assignment a on a.id = e.assignment_id"
            " where e.action = :action and e.id::text > :before order by e.id",
            action=action,
            before=self._before,
        )

    def clear(self, day: str) -> None:
        """Empty all cells of the lessons of a day: marks, attendance and their history."""
        for table in ("mark_version", "mark", "attendance_version", "attendance_record"):
            self.demo.ask(f"delete from {table} where held_on = cast(:day as date)", day=day)


def codes(payload: dict[str, Any]) -> list[str]:
    """Codes of the refusals."""
    return [error["code"] for error in payload["userErrors"]]


@contextmanager
def holding(demo: Demo) -> Iterator[Pen]:
    """A pen whose clock all requests go by."""
    pen, opened = Pen(demo), vars(api.graphql)["open_context"]

    def at_that_time(*given: Any) -> Context:
        context: Context = opened(*given)
        context.clock = lambda: pen.now
        return context

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api.graphql, "open_context", at_that_time)
        yield pen
