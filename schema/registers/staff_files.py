"""Staff files: what personnel orders say of a member of staff, and the mutation that adds an entry."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

from auth.permissions import Permission as P
from domain import records
from domain.records.staff_files import EmploymentEvent, QualificationCategory
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.enums import explained
from schema.engine.mapping.declare import column, mapped, one, structure, value
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import UserError
from schema.engine.node import Node
from schema.named_later import OrganisationLater
from schema.people.roles import Role
from schema.people.users import StaffMember
from schema.registers.audited import Audited
from schema.registers.entries import Entry, acting_at, add, found, needed_text, optional_text

if TYPE_CHECKING:
    from schema.engine.context import Context

explained(
    EmploymentEvent,
    "What a personnel order says (событие по приказу).",
    HIRED="Hired (приём на работу).",
    TRANSFERRED="Moved to another position (перевод).",
    QUALIFIED="Given a category (присвоение категории).",
    DISMISSED="Dismissed (увольнение).",
)
explained(
    QualificationCategory,
    "Category of teaching staff (квалификационная категория).",
    NONE="None (без категории).",
    SUITABLE="Suitable for the position (соответствие занимаемой должности).",
    FIRST="First (первая).",
    HIGHEST="Highest (высшая).",
    METHODOLOGIST="Teacher-methodologist (педагог-методист).",
    MENTOR="Teacher-mentor (педагог-наставник).",
)


@mapped(
    records.EmploymentRecord,
    "An entry of a staff file (запись личного дела работника), made by an order. Only ever added to.",
    Access(P.STAFF_FILE_READ),
)
class EmploymentRecord(Node):
    """An entry."""

    event: EmploymentEvent = column("What the order says (событие).")
    happened_on: date = column("From which day (с какого дня).")
    position: str = column("Position from then on (должность).")
    category: QualificationCategory | None = column("Category from then on (категория).")
    education: str | None = column("Education (образование).")
    order_number: str = column("Number of the order (номер приказа).")
    ordered_on: date = column("Day of the order (дата приказа).")
    recorded_at: datetime = column("When it was entered (когда внесено).")
    recorded_by: StaffMember | None = one("Who entered it (кем внесено).", by=records.EmploymentRecord.recorded_by_id)
    role: Role | None = column("Under which role (от имени какой роли).")
    person: StaffMember | None = one("Of whom (сотрудник).", by=records.EmploymentRecord.person_id)
    organisation: OrganisationLater | None = one("Where (организация).", by=records.EmploymentRecord.organisation_id)


@strawberry.input(description="An entry of a staff file (внести запись в личное дело).")
class RecordEmploymentInput:
    """Input of recordEmployment."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    staff_member_id: strawberry.ID = strawberry.field(description="Id of the StaffMember (сотрудник).")
    organisation_id: strawberry.ID = strawberry.field(description="Id of the organisation (где).")
    event: EmploymentEvent = strawberry.field(description="What the order says (событие).")
    happened_on: date = strawberry.field(description="From which day (с какого дня).")
    position: str = strawberry.field(description="Position from then on (должность), 1 to 200 characters.")
    order_number: str = strawberry.field(description="Number of the order (номер приказа), 1 to 50 characters.")
    ordered_on: date = strawberry.field(description="Day of the order (дата приказа).")
    category: QualificationCategory | None = asked("Category from then on (категория).", None)
    education: str | None = asked("Education (образование), at most 500 characters.", None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of an entry of a staff file (результат записи в личное дело).")
class EmploymentPayload:
    """Payload of recordEmployment."""

    employment: EmploymentRecord | None = value("The entry (запись).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was recorded; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@mutation(
    RecordEmploymentInput,
    EmploymentPayload,
    "Add an entry to a staff file (внести запись в личное дело), by an order. Entries are never changed: a mistake is"
    " put right by another.",
    Access(write=P.STAFF_FILE_WRITE),
    sensitivity=Sensitivity.P2,
)
async def record_employment(context: "Context", given: RecordEmploymentInput) -> Outcome:
    """Mutation.recordEmployment."""
    place = await found(context, "Organisation", given.organisation_id, "organisationId")
    by = await acting_at(context, P.STAFF_FILE_WRITE, place["id"], given)
    person = await found(context, "StaffMember", given.staff_member_id, "staffMemberId")
    values = {
        "person_id": person["id"],
        "organisation_id": place["id"],
        "event": given.event,
        "happened_on": given.happened_on,
        "position": needed_text(context, given.position, "position", 200),
        "category": given.category,
        "education": optional_text(context, given.education, "education", 500),
        "order_number": needed_text(context, given.order_number, "orderNumber", 50),
        "ordered_on": given.ordered_on,
    }
    return [await add(context, Entry(records.EmploymentRecord, values, Audited.EMPLOYMENT_RECORD, by))]
