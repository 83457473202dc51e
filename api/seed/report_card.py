"""The published report card: class 9А, its marks exactly as printed. The pupil is invented.

The class of the published page was 9А two years later, and the pupil is the child of a demo parent: the family finds
both published sources in one record.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from api.seed.calendar import PUBLISHED_YEAR, office_hours
from api.seed.classes import grading_period, period_id
from api.seed.files import read_cells
from api.seed.ids import MAIN, PUBLISHED_CLASS, pupil_id, seed_id
from api.seed.school import School
from api.seed.subjects import subject_plans
from domain.periods import Quarter, usual_quarters
from domain.records.base import Record
from domain.records.classes import Subject
from domain.records.facts import Origin
from domain.records.marks import MarkScale
from domain.records.summaries import SummaryMarkKind, SummaryMarkVersion
from domain.scoring.results import Proposal, YearSoFar, year_mark

FILE = "kiasuo_report_card_9A.csv"
CARD_YEAR = PUBLISHED_YEAR + 2
SOURCE = f"{FILE}: опубликованный табель успеваемости КИАСУО, 9А; кем выставлены отметки, не напечатано."
NOT_ASSESSED = "-"

CODES = {"Английский": "ENGLISH", "Всеобщая история": "WORLD_HISTORY", "История России": "RUSSIAN_HISTORY",
         "ОБЖ": "LIFE_SAFETY"}  # fmt: skip
"""Codes of subjects that the card names otherwise than the catalogue, or that the catalogue of this demo lacks."""


def published_card(school: School) -> Iterator[Record]:
    """Write the card, with the quarters of its year. Nothing in a demo that plays before that year is over."""
    if school.calendar.school_year <= CARD_YEAR:
        return
    quarters = usual_quarters(CARD_YEAR)
    yield from (grading_period(MAIN, school.office.organisation_id, quarter) for quarter in quarters)
    codes = {plan.name: code for code, plan in subject_plans().items()} | CODES
    _, *printed = read_cells(FILE)
    for name, *cells in printed:
        code = codes[name]
        if code not in subject_plans():
            yield Subject(id=seed_id("subject", code), code=code, name=name)
        yield from _row(school, seed_id("subject", code), quarters, cells)


def _row(school: School, subject: UUID, quarters: tuple[Quarter, ...], cells: list[str]) -> Iterator[Record]:
    """Write what is printed for a subject; exam and final column are empty throughout the file."""
    *by_quarter, year, _, _ = cells
    for quarter, cell in zip(quarters, by_quarter, strict=True):
        if cell:
            yield _mark(school, subject, SummaryMarkKind.PERIOD, cell, quarter.ends_on, quarter=quarter)
    assessed = tuple(int(cell) for cell in by_quarter if cell.isdigit())
    ends_on = quarters[-1].ends_on
    yield _mark(school, subject, SummaryMarkKind.YEAR, year, ends_on, proposal=year_mark(YearSoFar(assessed)))


def _mark(  # noqa: PLR0913 - a mark stands where a subject, a kind and a period meet
    school: School,
    subject: UUID,
    kind: SummaryMarkKind,
    cell: str,
    day: date,
    *,
    quarter: Quarter | None = None,
    proposal: Proposal | None = None,
) -> SummaryMarkVersion:
    """Make one version as it is printed. Of the marks behind a quarter nothing is known, so nothing was proposed."""
    pupil, basis = pupil_id(MAIN, PUBLISHED_CLASS, "of-parent"), proposal.basis if proposal else None
    place = (pupil, subject, kind, quarter.number if quarter else "-")
    return SummaryMarkVersion(
        id=seed_id("summary-version", *place),
        mark_id=seed_id("summary", *place),
        school_year=CARD_YEAR,
        student_id=pupil,
        organisation_id=school.office.organisation_id,
        class_group_id=school.classes[PUBLISHED_CLASS].id,
        subject_id=subject,
        kind=kind,
        grading_period_id=period_id(MAIN, quarter) if quarter else None,
        scale=MarkScale.NOT_ASSESSED if cell == NOT_ASSESSED else MarkScale.FIVE_POINT,
        value=None if cell == NOT_ASSESSED else int(cell),
        proposed=proposal.value if proposal else None,
        basis_sum=basis.total if basis else None,
        basis_weight=basis.weight if basis else None,
        basis_count=basis.count if basis else None,
        origin=Origin.IMPORTED,
        reason=SOURCE,
        recorded_at=office_hours(day, school.office.zone),
    )
