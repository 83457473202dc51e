"""A report card's row: one student's subject in one school year, and what of it the policy proposes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from domain.scoring.results import Basis, Proposal, YearSoFar, course_mark, year_mark


@dataclass(frozen=True)
class Period:
    """A grading period of the card; its last day belongs to it."""

    id: UUID
    ends_on: date


@dataclass(frozen=True)
class SubjectYear:
    """What is known of a subject. Marks are those of the five-point scale; None is confirmed, but without such a mark.

    `confirmed` and `sums` are by period; `sums` has a period wherever the student stands on a page of it. `senior`
    are the period and year marks of the grades that the certificate of secondary education counts. `known_from` is
    the day on which the student came into the subject groups that are known here: what was before is not known.
    """

    subject: str
    grade_level: int
    confirmed: Mapping[UUID, int | None] = field(default_factory=dict)
    sums: Mapping[UUID, Basis] = field(default_factory=dict)
    year: int | None = None
    exam: int | None = None
    senior: tuple[int, ...] = ()
    known_from: date | None = None

    def so_far(self, periods: Sequence[Period], today: date) -> YearSoFar:
        """Its periods. One is awaited until it is confirmed; one that is over without a page was not taught: skipped.

        Not so where the student came later: in another group, or at another school, there may well have been a mark.
        """
        marks = tuple(mark for period in periods if (mark := self.confirmed.get(period.id)) is not None)
        missing = [period for period in periods if period.id not in self.confirmed]
        return YearSoFar(marks, sum(self._is_awaited(period, today) for period in missing))

    def _is_awaited(self, period: Period, today: date) -> bool:
        elsewhere = self.known_from is not None and period.ends_on < self.known_from
        return elsewhere or period.id in self.sums or period.ends_on >= today


def proposed_year(subject: SubjectYear, periods: Sequence[Period], today: date) -> Proposal:
    """Propose the mark of the year from its confirmed periods; `today` is the day at the school."""
    return year_mark(subject.so_far(periods, today))


def proposed_course(subject: SubjectYear) -> Proposal:
    """Propose the final mark from the confirmed year and exam, by the rule of the grade."""
    return course_mark(subject.grade_level, subject.subject, subject.year, subject.exam, subject.senior)
