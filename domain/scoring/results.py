"""Results: what marks come to for a period, a year and a course, as the policy proposes it. The teacher confirms.

A proposal is exact and says on what ground it stands; nothing here decides. `None` as a value is "not assessed" (н/а).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.scoring.marks import mean_of_sums
from domain.units import Points, round_half_up

LOWEST_PROPOSED = 2
"""1 exists on paper; no policy proposes it."""

EXAMINED_IN_GRADE_9 = frozenset({"RUSSIAN", "MATHEMATICS", "ALGEBRA", "GEOMETRY"})
"""Subjects whose certificate mark counts the exam. Algebra and geometry are the two parts of mathematics in grade 9:
the result of the one exam is entered in both."""


class ProposalGround(StrEnum):
    """Why just this is proposed, or why nothing is."""

    MEAN = "MEAN"
    TOO_FEW_MARKS = "TOO_FEW_MARKS"
    NOTHING_COUNTS = "NOTHING_COUNTS"
    MEAN_OF_PERIODS = "MEAN_OF_PERIODS"
    NO_PERIOD_MARKS = "NO_PERIOD_MARKS"
    PERIODS_UNCONFIRMED = "PERIODS_UNCONFIRMED"
    YEAR_MARK = "YEAR_MARK"
    MEAN_OF_YEAR_AND_EXAM = "MEAN_OF_YEAR_AND_EXAM"
    MEAN_OF_SENIOR_YEARS = "MEAN_OF_SENIOR_YEARS"
    YEAR_MISSING = "YEAR_MISSING"
    EXAM_MISSING = "EXAM_MISSING"
    NO_RULE = "NO_RULE"


NOTHING_PROPOSED = frozenset({
    ProposalGround.NOTHING_COUNTS, ProposalGround.PERIODS_UNCONFIRMED, ProposalGround.YEAR_MISSING,
    ProposalGround.EXAM_MISSING, ProposalGround.NO_RULE,
})  # fmt: skip
"""Grounds on which nothing is proposed, not even "not assessed"."""

NO_SAY = frozenset({ProposalGround.NOTHING_COUNTS, ProposalGround.NO_RULE})
"""Of these, the ones on which the policy leaves it to the teacher; on the others it is too early to confirm."""


@dataclass(frozen=True)
class MarkPolicy:
    """What a school settled: cut-offs in hundredths of a point (450: a mean of 4.50 gives a 5), least number of marks.

    The version tells which settings a stored proposal came from; 0 are the defaults.
    """

    cut_off_5: int = 450
    cut_off_4: int = 350
    cut_off_3: int = 250
    least_marks: int = 3
    version: int = 0


@dataclass(frozen=True)
class Basis:
    """The exact sums that a proposal came from: marks times weights, weights, number of marks."""

    total: int = 0
    weight: int = 0
    count: int = 0

    @property
    def mean(self) -> Points | None:
        """Points of the five-point scale, exact; None when nothing has weight."""
        return mean_of_sums(self.total, self.weight)


@dataclass(frozen=True)
class Proposal:
    """What the policy proposes. `value` None is "not assessed" where `is_made`, and nothing at all where not."""

    value: int | None
    ground: ProposalGround
    basis: Basis = Basis()

    @property
    def is_made(self) -> bool:
        """Whether something is proposed."""
        return self.ground not in NOTHING_PROPOSED

    @property
    def is_free(self) -> bool:
        """Whether the policy leaves it to the teacher: then nothing that is confirmed deviates."""
        return self.ground in NO_SAY


@dataclass(frozen=True)
class YearSoFar:
    """A student's periods of a year in one subject.

    `confirmed` are the marks of the periods that were confirmed on the five-point scale; one without a mark (not
    assessed, exempt, not taught) is left out. `awaited` is how many periods have still to be confirmed.
    """

    confirmed: tuple[int, ...]
    awaited: int = 0


def period_mark(basis: Basis, policy: MarkPolicy) -> Proposal:
    """Propose the mark of a period from the sums of a journal line.

    Exact: the mean is compared with the cut-offs as a fraction, never rounded before. Source: no federal formula
    exists; cut-offs and the least number of marks are the school's local act (`organisation_policy`).
    """
    if basis.count < policy.least_marks:
        return Proposal(None, ProposalGround.TOO_FEW_MARKS, basis)
    if basis.weight == 0:
        return Proposal(None, ProposalGround.NOTHING_COUNTS, basis)
    return Proposal(_by_cut_offs(basis, policy), ProposalGround.MEAN, basis)


def year_mark(year: YearSoFar) -> Proposal:
    """Propose the mark of a year: the mean of its period marks, a half goes up; a skipped period is not a zero.

    Quarters, trimesters and half-years alike. While a period is awaited nothing is proposed: a year made of its
    first quarter would look like a result. Source: the published report card of class 9А (5, 4, 5, 4 give 5).
    """
    basis = _plain(year.confirmed)
    if year.awaited:
        return Proposal(None, ProposalGround.PERIODS_UNCONFIRMED, basis)
    return _rounded(basis, ProposalGround.MEAN_OF_PERIODS)


def certificate_of_grade_9(subject: str, year: int | None, exam: int | None) -> Proposal:
    """Propose the mark of the certificate of basic education (аттестат, 9 класс); `subject` is its code.

    Russian and mathematics: mean of year and exam, a half goes up; other subjects: the mark of the year. Source: the
    order on certificates in its wording for Order 115. The order in force since 2021 (546), and what it says of
    elective exams, was not at hand: an elective exam changes nothing here, and a teacher's deviation takes a reason.
    """
    if year is None:
        return Proposal(None, ProposalGround.YEAR_MISSING)
    if subject not in EXAMINED_IN_GRADE_9:
        return Proposal(year, ProposalGround.YEAR_MARK, _plain([year]))
    if exam is None:
        return Proposal(None, ProposalGround.EXAM_MISSING, _plain([year]))
    return _rounded(_plain([year, exam]), ProposalGround.MEAN_OF_YEAR_AND_EXAM)


def certificate_of_grade_11(year: int | None, senior_years: Iterable[int]) -> Proposal:
    """Propose the mark of the certificate of secondary education (аттестат, 11 класс).

    The mean of all half-year (quarter, trimester) and year marks of grades 10 and 11 that are known, a half goes up;
    exams do not count. `senior_years` are those marks, that of the last year among them. Marks given at another
    school and not taken over are not known: the caller can see from the basis how many were. Source: as for grade 9.
    """
    if year is None:
        return Proposal(None, ProposalGround.YEAR_MISSING)
    return _rounded(_plain(senior_years), ProposalGround.MEAN_OF_SENIOR_YEARS)


def course_mark(grade_level: int, subject: str, year: int | None, exam: int | None, senior: Iterable[int]) -> Proposal:
    """Propose the final mark of a grade's course; only grades 9 and 11 end with a certificate."""
    if grade_level == 9:
        return certificate_of_grade_9(subject, year, exam)
    if grade_level == 11:
        return certificate_of_grade_11(year, senior)
    return Proposal(None, ProposalGround.NO_RULE)


def _by_cut_offs(basis: Basis, policy: MarkPolicy) -> int:
    cut_offs = ((5, policy.cut_off_5), (4, policy.cut_off_4), (3, policy.cut_off_3))
    reached = (mark for mark, cut_off in cut_offs if basis.total * 100 >= cut_off * basis.weight)
    return next(reached, LOWEST_PROPOSED)


def _plain(marks: Iterable[int]) -> Basis:
    known = list(marks)
    return Basis(sum(known), len(known), len(known))


def _rounded(basis: Basis, ground: ProposalGround) -> Proposal:
    if basis.mean is None:
        return Proposal(None, ProposalGround.NO_PERIOD_MARKS, basis)
    return Proposal(int(round_half_up(basis.mean)), ground, basis)
