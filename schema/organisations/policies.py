"""What an organisation settles for itself: windows, working week, cut-offs of proposed marks. Public: local acts."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Select, func, literal, select
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from schema.engine.access.rule import Access
from schema.engine.mapping.declare import column, mapped, mapping_of
from schema.engine.mapping.rows import Row, as_object
from schema.engine.node import Node

if TYPE_CHECKING:
    from schema.engine.context import Context


@mapped(
    records.OrganisationPolicy,
    "What an organisation settles for its journals (политика организации). Without settings of its own it goes by the"
    " defaults, which are shown with version 0.",
    Access(P.ORGANISATION_SEE, public=True),
    key=("organisation_id",),
)
class OrganisationPolicy(Node):
    """Settings of an organisation."""

    version: int = column("Version: send it back when you change the settings (версия); 0 for the defaults.")
    lesson_mark_days: int = column(
        "Days after a lesson in which its marks and attendance may be written (дней на отметки за урок)."
    )
    homework_mark_days: int = column(
        "Days after the lesson in which homework was due for its marks (дней на отметки за домашнее задание)."
    )
    period_close_working_days: int = column(
        "Working days after the end of a grading period until it closes (рабочих дней до закрытия периода)."
    )
    reopening_hours: int = column("Hours for which a page may be opened again at most (часов повторного открытия).")
    homeroom_writes_marks: bool = column(
        "Whether homeroom teachers write marks in all subjects of their class (классный руководитель ставит отметки)."
    )
    working_days_a_week: int = column("5 or 6 (рабочих дней в неделе).")
    cut_off_5: int = column("Mean from which a 5 is proposed, in hundredths of a point (порог отметки 5): 450 is 4.50.")
    cut_off_4: int = column("Mean from which a 4 is proposed, in hundredths of a point (порог отметки 4).")
    cut_off_3: int = column("Mean from which a 3 is proposed, in hundredths of a point (порог отметки 3).")
    least_marks: int = column("Marks without which nothing is proposed for a period (минимум отметок за период).")


async def policy_object(context: "Context", organisation: UUID) -> Any:
    """The settings of an organisation as an object, the defaults where it has none."""
    found = await context.executor.load_named("OrganisationPolicy", (organisation,))
    return _defaults(organisation) if found is None else found


def settled_policies() -> Select[Any]:
    """The settings of every organisation, each with its default where it has settled nothing: SQL's `policy_object`."""
    organisation, policy = records.Organisation, records.OrganisationPolicy
    plain = policy(organisation_id=UUID(int=0), version=0).model_dump(exclude={"organisation_id"})
    settings = [func.coalesce(getattr(policy, name), literal(value)).label(name) for name, value in plain.items()]
    key = col(organisation.id)
    return select(key.label("key"), key.label("organisation_id"), *settings).outerjoin_from(
        organisation, policy, col(policy.organisation_id) == col(organisation.id)
    )


def _defaults(organisation: UUID) -> Any:
    settled = records.OrganisationPolicy(organisation_id=organisation, version=0).model_dump()
    return as_object(Row(mapping_of(OrganisationPolicy), settled, {}, {"organisation_id": organisation}, own=True))
