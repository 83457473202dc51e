"""Period marks of the quarter that is over, as the pages' teachers confirmed them: from the sums in the database."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, text

from api.seed.calendar import Calendar, office_hours
from api.seed.classes import period_id
from api.seed.ids import MAIN, seed_id
from api.seed.loading import load
from domain.records.marks import MarkScale
from domain.records.summaries import SummaryMarkKind, SummaryMarkVersion
from domain.roles import Role
from domain.scoring.results import Basis, MarkPolicy, period_mark

LINES = text("""
    select l.student_id, l.organisation_id, l.class_group_id, l.subject_group_id, l.school_year, l.mark_sum,
           l.weight_sum, l.mark_count, j.id as journal_id, j.subject_id, j.grading_period_id, s.person_id,
           a.id as assignment_id, p.ends_on, o.time_zone, coalesce(k.cut_off_5, 450) as cut_off_5,
           coalesce(k.cut_off_4, 350) as cut_off_4, coalesce(k.cut_off_3, 250) as cut_off_3,
           coalesce(k.least_marks, 3) as least_marks, coalesce(k.version, 0) as policy_version
    from journal_line l join journal j on j.id = l.journal_id join grading_period p on p.id = j.grading_period_id
      join organisation o on o.id = l.organisation_id join subject_group g on g.id = l.subject_group_id
      join staff_position s on s.id = g.teacher_id
      join assignment a on a.person_id = s.person_id and a.subject_group_id = g.id and a.role = 'TEACHER'
      left join organisation_policy k on k.organisation_id = l.organisation_id
    where j.grading_period_id = :period order by j.id, l.number
""")
NEARLY = Fraction(1, 10)
WHY_RAISED = "Итоговая контрольная работа написана на «5» (вымышленная запись)"
"""On each page the first pupil within a tenth of a point below a 5 gets it all the same, with this reason."""


def confirm_previous_quarter(connection: Connection, calendar: Calendar) -> int:
    """Confirm all pages of the main school's quarter before this one; gives how many marks. None is there in tiny."""
    if calendar.previous_quarter is None:
        return 0
    lines = connection.execute(LINES, {"period": period_id(MAIN, calendar.previous_quarter)}).all()
    marks = [mark for _, page in groupby(lines, key=lambda line: line.journal_id) for mark in _page(list(page))]
    load(connection, marks)
    return len(marks)


def _page(lines: list[Any]) -> Iterator[SummaryMarkVersion]:
    raised = next((line for line in lines if _is_nearly_a_five(line)), None)
    for line in lines:
        yield _mark(line, raised=line is raised)


def _mark(line: Any, *, raised: bool) -> SummaryMarkVersion:
    proposal = period_mark(Basis(line.mark_sum, line.weight_sum, line.mark_count), _policy(line))
    value = 5 if raised else proposal.value
    scale = MarkScale.NOT_ASSESSED if value is None else MarkScale.FIVE_POINT
    if proposal.is_free:
        scale, value = MarkScale.PASS_FAIL, 1
    place = (line.journal_id, line.student_id)
    return SummaryMarkVersion(
        id=seed_id("summary-version", *place),
        mark_id=seed_id("summary", *place),
        kind=SummaryMarkKind.PERIOD,
        grading_period_id=line.grading_period_id,
        scale=scale,
        value=value,
        proposed=proposal.value,
        basis_sum=proposal.basis.total,
        basis_weight=proposal.basis.weight,
        basis_count=proposal.basis.count,
        reason=WHY_RAISED if raised else None,
        **{name: getattr(line, name) for name in TAKEN_OVER},
        recorded_by_id=line.person_id,
        role=Role.TEACHER,
        recorded_at=office_hours(line.ends_on, line.time_zone),
    )


TAKEN_OVER = ("student_id", "organisation_id", "class_group_id", "subject_group_id", "school_year", "subject_id",
              "assignment_id", "policy_version")  # fmt: skip


def _is_nearly_a_five(line: Any) -> bool:
    mean = Basis(line.mark_sum, line.weight_sum, line.mark_count).mean
    five = Fraction(line.cut_off_5, 100)
    return mean is not None and line.mark_count >= line.least_marks and five - NEARLY <= mean < five


def _policy(line: Any) -> MarkPolicy:
    return MarkPolicy(line.cut_off_5, line.cut_off_4, line.cut_off_3, line.least_marks, line.policy_version)
