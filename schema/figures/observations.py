"""Observations: values of indicators by organisation and period, every version of them, and who approved them."""

from collections.abc import Iterator
from datetime import datetime

import strawberry
from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from domain.reporting_periods import reporting_days
from schema.engine.access.rule import Access
from schema.engine.mapping.declare import column, derived, filters, many, mapped, mapping_of, one
from schema.engine.mapping.reference import require_key
from schema.engine.node import Node
from schema.engine.scalars import Exact
from schema.figures.exact_numbers import both, exact_text, text_of
from schema.figures.indicators import Indicator
from schema.figures.measurement import ApprovalAction, NoDataReason, ObservationProvenance
from schema.named_later import AssignmentLater, OrganisationLater, StaffMemberLater
from schema.origins import Origin
from schema.people.roles import Role

RULE = Access(P.OBSERVATION_SEE)
PERIOD = "Period as ISO 8601 writes it: `2026`, `2026-11`, `2026-W47`, `2020/2022` (период)."
VALUE = "Exact value in the indicator's unit (значение); null when there is no data."
SHOWN = "The value as it is shown: rounded half up once (значение для показа)."
NUMERATOR = "How many were counted (числитель), where it was counted."
DENOMINATOR = "Among how many (знаменатель), where it was counted."
NO_DATA = "Why there is no value (почему нет данных); null when there is one."
PROVENANCE = "Where it comes from (происхождение)."
SOURCE = "Document or system it comes from (источник)."
REASON = "Why it was changed (основание)."


@mapped(
    records.ObservationVersion,
    "What was known of an observation from one moment on (версия значения показателя). Only ever added to.",
    RULE,
)
class ObservationVersion(Node):
    """A version of an observation."""

    version: int = column("Number, from 1 (номер версии).")
    period: str = column(PERIOD)
    value: Exact | None = derived(VALUE, exact_text("value"), *both("value"))
    shown: str | None = column(SHOWN)
    numerator: Exact | None = derived(NUMERATOR, text_of("numerator"), "numerator")
    denominator: Exact | None = derived(DENOMINATOR, text_of("denominator"), "denominator")
    no_data: NoDataReason | None = column(NO_DATA)
    provenance: ObservationProvenance = column(PROVENANCE)
    source: str | None = column(SOURCE)
    reason: str | None = column(REASON)
    role: Role | None = column("Under which role it was written (от имени какой роли).")
    origin: Origin = column("How it came in (как внесено).")
    recorded_at: datetime = column("When (когда).")
    recorded_by: StaffMemberLater | None = one(
        "Who wrote it, where you may see their card (кем).", by=records.ObservationVersion.recorded_by_id
    )
    assignment: AssignmentLater | None = one(
        "Under which assignment, where you may see it (назначение).", by=records.ObservationVersion.assignment_id
    )
    indicator: Indicator | None = one("Of which indicator (показатель).", by=records.ObservationVersion.indicator_id)
    organisation: OrganisationLater | None = one(
        "Of which organisation (организация).", by=records.ObservationVersion.organisation_id
    )


@mapped(
    records.Observation,
    "The value of an indicator for an organisation in a period, as it stands now (значение показателя).",
    RULE,
)
class Observation(Node):
    """An observation."""

    period: str = column(PERIOD)
    version: int = column("Its version: send it back to change it (версия).")
    value: Exact | None = derived(VALUE, exact_text("value"), *both("value"))
    shown: str | None = column(SHOWN)
    numerator: Exact | None = derived(NUMERATOR, text_of("numerator"), "numerator")
    denominator: Exact | None = derived(DENOMINATOR, text_of("denominator"), "denominator")
    no_data: NoDataReason | None = column(NO_DATA)
    provenance: ObservationProvenance = column(PROVENANCE)
    source: str | None = column(SOURCE)
    reason: str | None = column(REASON)
    recorded_at: datetime = column("When it was recorded (когда записано).")
    indicator: Indicator | None = one("Of which indicator (показатель).", by=records.Observation.indicator_id)
    organisation: OrganisationLater | None = one(
        "Of which organisation (организация).", by=records.Observation.organisation_id
    )
    history: list[ObservationVersion] | None = many(
        "Every version of it, oldest first (история); at most 100.",
        by=records.ObservationVersion.observation_id,
        order=("version",),
        usually=3,
    )


@mapped(
    records.ObservationApproval,
    "That the figures of an organisation and all below it were approved, or opened again (утверждение).",
    RULE,
)
class ObservationApproval(Node):
    """A decision about figures."""

    action: ApprovalAction = column("What was decided (решение).")
    period: str = column(PERIOD)
    reason: str | None = column("Why they were opened again (основание).")
    role: Role | None = column("Under which role (от имени какой роли).")
    decided_at: datetime = column("When (когда).")
    decided_by: StaffMemberLater | None = one(
        "Who, where you may see their card (кем).", by=records.ObservationApproval.decided_by_id
    )
    indicator: Indicator | None = one("Of which indicator (показатель).", by=records.ObservationApproval.indicator_id)
    organisation: OrganisationLater | None = one(
        "For which organisation and all below (организация).", by=records.ObservationApproval.organisation_id
    )


@filters(
    indicator=("indicator", "Id of the indicator (показатель)."),
    period=("period", "In this very period (период)."),
)
def of_indicator(
    row: type[records.Observation] | type[records.ObservationApproval],
    indicator: strawberry.ID | None = None,
    period: str | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Filters of an organisation's figures."""
    if indicator is not None:
        yield col(row.indicator_id) == require_key(mapping_of(Indicator), indicator)
    if period is not None:
        reporting_days(period)
        yield col(row.period) == period


@filters(
    indicator=("indicator", "Id of the indicator (показатель)."),
    period=("period", "In this very period (период)."),
    as_known_at=(
        "recorded_at",
        "Only what was known at this moment (на момент): of each value the version that stood then.",
    ),
)
def as_known(
    row: type[records.ObservationVersion],
    indicator: strawberry.ID | None = None,
    period: str | None = None,
    as_known_at: datetime | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Filters of an organisation's past figures."""
    yield from of_indicator(row, indicator, period)
    if as_known_at is not None:
        later = aliased(records.ObservationVersion)
        yield col(row.recorded_at) <= as_known_at
        yield ~exists().where(
            col(later.observation_id) == row.observation_id,
            col(later.version) > row.version,
            col(later.recorded_at) <= as_known_at,
        )
