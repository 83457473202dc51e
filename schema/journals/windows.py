"""Windows as the database knows them: what decides until when pages and periods are open, and how a refusal says it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from domain.records import (
    CalendarDay,
    GradingPeriod,
    Journal,
    Organisation,
    OrganisationPolicy,
    PeriodClosing,
    Reopening,
)
from domain.windows import PageTimes, WorkingCalendar, period_closes_at
from schema.engine.mapping.behind import facts_of
from schema.engine.mapping.storage import Facts

if TYPE_CHECKING:
    from schema.engine.context import Context
    from schema.engine.statements import Statements

LONGEST_CLOSING_DAYS = 200
"""Calendar days within which a period closes by itself: the longest setting is 60 working days."""

SETTINGS = [name for name in OrganisationPolicy.model_fields if name not in ("organisation_id", "version")]


@dataclass(frozen=True)
class PageFacts:
    """The windows of a page, and the settings of its organisation."""

    times: PageTimes
    policy: OrganisationPolicy


@dataclass(frozen=True)
class PeriodFacts:
    """When a period closes, and when it was closed by hand."""

    closes_at: datetime
    closed_at: datetime | None
    zone: ZoneInfo
    policy: OrganisationPolicy


@dataclass(frozen=True)
class PageOpenings:
    """What stands about the windows of a page at every moment: its period, and from when until when it was reopened."""

    period: PeriodFacts
    reopened: tuple[tuple[datetime, datetime], ...]

    def at(self, now: datetime) -> PageFacts:
        """The windows at this moment."""
        until = max((until for since, until in self.reopened if since <= now < until), default=None)
        policy = self.period.policy
        days = policy.lesson_mark_days, policy.homework_mark_days
        return PageFacts(PageTimes(self.period.zone, *days, self.period.closes_at, until), policy)


async def page_facts(context: "Context", journal: UUID) -> PageFacts:
    """The windows of a page now. Several asked for at once are one statement."""
    found: PageOpenings = await facts_of(context.executor, PAGES, journal)
    return found.at(context.clock())


async def page_facts_at(statements: "Statements", journal: UUID, now: datetime) -> PageFacts:
    """The windows of a page, for whoever writes it without a document."""
    [row] = await statements(_pages().where(col(Journal.id) == journal), {})
    return _page(row).at(now)


async def period_facts(context: "Context", period: UUID) -> PeriodFacts:
    """When a period closes. Several asked for at once are one statement."""
    return await facts_of(context.executor, PERIODS, period)  # type: ignore[no-any-return]


async def policy_of(context: "Context", organisation: UUID) -> OrganisationPolicy:
    """The settings of an organisation, or the defaults of one that has settled nothing."""
    found = await context.statements(
        select(OrganisationPolicy.__table__).where(col(OrganisationPolicy.organisation_id) == organisation),  # type: ignore[attr-defined]
        {},
    )
    return OrganisationPolicy(**(found[0]._mapping if found else {"organisation_id": organisation, "version": 0}))


def _pages() -> Select[Any]:
    found = _facts(col(Journal.id).label("key"), _reopened().label("reopened"))
    return found.join(Journal, col(Journal.grading_period_id) == col(GradingPeriod.id))


def _periods() -> Select[Any]:
    return _facts(col(GradingPeriod.id).label("key"))


def _facts(*columns: ColumnElement[Any]) -> Select[Any]:
    """A statement over periods with all that decides when they close."""
    settings = [getattr(OrganisationPolicy, name) for name in SETTINGS]
    return (
        select(
            *columns,
            col(Organisation.id).label("organisation_id"),
            col(Organisation.time_zone),
            col(GradingPeriod.ends_on),
            col(PeriodClosing.closed_at),
            _changed_days().label("changed_days"),
            func.coalesce(col(OrganisationPolicy.version), 0).label("version"),
            *settings,
        )
        .select_from(GradingPeriod)
        .join(Organisation, col(Organisation.id) == col(GradingPeriod.organisation_id))
        .outerjoin(PeriodClosing, col(PeriodClosing.grading_period_id) == col(GradingPeriod.id))
        .outerjoin(OrganisationPolicy, col(OrganisationPolicy.organisation_id) == col(Organisation.id))
    )


def _changed_days() -> Any:
    """Days after the period that are free or worked otherwise; what the organisation itself says goes before."""
    own = col(CalendarDay.organisation_id) == col(Organisation.id)
    soon = col(CalendarDay.day).between(
        col(GradingPeriod.ends_on), col(GradingPeriod.ends_on) + literal(LONGEST_CLOSING_DAYS)
    )
    days = (
        select(cast(col(CalendarDay.day), Text).label("day"), col(CalendarDay.working))
        .where(col(CalendarDay.organisation_id) == func.any(col(Organisation.ancestor_ids)), soon)
        .order_by(own)
        .correlate(Organisation, GradingPeriod)
        .subquery()
    )
    # jsonb keeps the last of two equal keys: the organisation's own.
    return select(cast(func.json_object_agg(days.c.day, days.c.working), JSONB)).scalar_subquery()


def _reopened() -> Any:
    """From when until when the page was opened again, as far as nobody ended that."""
    spans = func.json_agg(func.json_build_array(col(Reopening.opened_at), col(Reopening.until)))
    same = col(Reopening.journal_id) == col(Journal.id)
    open_still = select(spans).where(same, col(Reopening.ended_at).is_(None))
    return cast(open_still.correlate(Journal).scalar_subquery(), JSONB)


def _page(row: Any) -> PageOpenings:
    moments = ((datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until in row.reopened or ())
    return PageOpenings(_period(row), tuple(moments))


def _period(row: Any) -> PeriodFacts:
    settled = {name: value for name in SETTINGS if (value := getattr(row, name)) is not None}
    policy = OrganisationPolicy(organisation_id=row.organisation_id, version=row.version, **settled)
    changed = {date.fromisoformat(day): works for day, works in (row.changed_days or {}).items()}
    calendar, zone = WorkingCalendar(policy.working_days_a_week, changed), ZoneInfo(row.time_zone)
    closes_at = period_closes_at(row.ends_on, policy.period_close_working_days, calendar, zone, row.closed_at)
    return PeriodFacts(closes_at, row.closed_at, zone, policy)


PAGES = Facts(_pages, _page)
"""About the windows of pages, by the id of the page."""
PERIODS = Facts(_periods, _period)
"""About the closing of grading periods, by the id of the period."""
