"""Query: the roots. None of them silently turns into "mine": for that there is `me`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, cast

import strawberry
from sqlalchemy import ColumnElement
from sqlmodel import col
from strawberry.types import Info

from auth.permissions import Permission as P
from domain import records
from domain.catalogue.ids import indicator_id
from domain.errors import LimitExceeded
from domain.sensitivity import Sensitivity
from schema.access import field_access, role_rules
from schema.access.logs import AuditEntry, RecordOpening, changes_between, openings_between
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.limits import rate_limit
from schema.engine.mapping.declare import computed, filters, lookup, mapping_of, page, structure
from schema.engine.mapping.pages import PAGE_MOST, Connection
from schema.engine.mapping.reference import require_key
from schema.engine.mapping.storage import ById, Section
from schema.engine.node import Node
from schema.events import since
from schema.figures import robustness, what_if
from schema.figures.indicators import CatalogueRemark, Indicator, Procedure, listed_indicators
from schema.figures.methodologies import Methodology, listed_methodologies
from schema.figures.ratings import Rating
from schema.figures.ratings_listed import listed_ratings
from schema.imports.run import ImportRun
from schema.journals import diaries
from schema.journals.journal import Journal
from schema.journals.slots import WorkType, offered
from schema.organisations.classes import ClassGroup, GradingPeriod, Subject, SubjectGroup
from schema.organisations.organisation import Organisation, listed
from schema.people.consents import ServiceClient
from schema.people.guardianships import GuardianshipProposal, listed_proposals
from schema.people.identities import IdentityMismatch, listed_mismatches
from schema.people.me import Me
from schema.people.users import Student
from schema.registers.achievements import Achievement
from schema.registers.listed import achievements_listed, employment_listed, programmes_listed, screenings_listed
from schema.registers.rehabilitation import RehabilitationProgramme
from schema.registers.screenings import ScreeningParticipation
from schema.registers.staff_files import EmploymentRecord

if TYPE_CHECKING:
    from schema.engine.context import Context


@filters(
    class_group=("class_group", "Of this class (класс)."),
    subject=("subject", "In this subject (предмет)."),
    subject_group=("subject_group", "Of this subject group (группа по предмету)."),
    grading_period=("grading_period", "Of this period (учебный период)."),
    school_year=("school_year", "Year in which the school year begins (учебный год)."),
)
def _journals(
    row: type[records.Journal],
    class_group: strawberry.ID | None = None,
    subject: strawberry.ID | None = None,
    subject_group: strawberry.ID | None = None,
    grading_period: strawberry.ID | None = None,
    school_year: int | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Class x subject x grading period, any of them left open."""
    for column, kind, given in (
        (col(row.class_group_id), ClassGroup, class_group),
        (col(row.subject_id), Subject, subject),
        (col(row.subject_group_id), SubjectGroup, subject_group),
        (col(row.grading_period_id), GradingPeriod, grading_period),
    ):
        if given is not None:
            yield column == require_key(mapping_of(kind), given)
    if school_year is not None:
        yield col(row.school_year) == school_year


@structure("Where reading begins (чтение).")
class Query:
    """The roots."""

    @computed(
        "Who is asking (кто спрашивает): you, your roles, your children.",
        PUBLIC,
        sensitivity=Sensitivity.P0,
        known=Section(),
    )
    def me(self, info: Info) -> Me:
        return Me()

    @computed(
        "The object with this id, null when there is none that you may see (объект).",
        PUBLIC,
        sensitivity=Sensitivity.P1,
        known=ById(),
    )
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Its id (идентификатор).")],  # noqa: A002
    ) -> Node | None:
        [found] = await _find(info, [id])
        return cast("Node | None", found)

    @computed(
        "The objects with these ids, in their order (объекты); at most 100.",
        PUBLIC,
        sensitivity=Sensitivity.P1,
        known=ById(most=PAGE_MOST),
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="Their ids (идентификаторы).")],
    ) -> list[Node | None]:
        if len(ids) > PAGE_MOST:
            raise LimitExceeded(f"At most {PAGE_MOST} ids.", f"Не больше {PAGE_MOST} идентификаторов.")
        return await _find(info, list(ids))

    organisation: Organisation | None = lookup("An organisation by id (организация).")
    class_group: ClassGroup | None = lookup("A class by id (класс).")
    student: Student | None = lookup("A student by id (обучающийся).")
    journal: Journal | None = lookup("A journal page by id (страница журнала).")
    import_run: ImportRun | None = lookup("An import by id (загрузка).")
    organisations: Connection[Organisation] | None = page(
        "The register of organisations (реестр организаций), by name.", PUBLIC, order=("fold", "id"), where=listed
    )
    subjects: Connection[Subject] | None = page("Subjects of the catalogue (предметы).", PUBLIC, order=("name", "id"))
    achievements: Connection[Achievement] | None = page(
        "Achievements that you may see (достижения), by day.",
        PUBLIC,
        order=("happened_on", "id"),
        where=achievements_listed,
    )
    employment_records: Connection[EmploymentRecord] | None = page(
        "Entries of staff files that you keep (личные дела работников), by day; your own is at `me`.",
        Access(P.STAFF_FILE_LIST),
        order=("happened_on", "id"),
        where=employment_listed,
    )
    rehabilitation_programmes: Connection[RehabilitationProgramme] | None = page(
        "Programmes of rehabilitation that you may see (ИПРА), by first day; special data.",
        PUBLIC,
        order=("starts_on", "id"),
        where=programmes_listed,
    )
    screenings: Connection[ScreeningParticipation] | None = page(
        "Participation in psychological screening that you may see (СПТ), by year; special data. The last version of"
        " each counts.",
        PUBLIC,
        order=("school_year", "student_id", "version", "id"),
        where=screenings_listed,
    )
    guardianship_proposals: Connection[GuardianshipProposal] | None = page(
        "Proposals of who represents a student that you may see (заявки на законное представительство), oldest first.",
        PUBLIC,
        order=("proposed_at", "id"),
        where=listed_proposals,
    )
    identity_mismatches: Connection[IdentityMismatch] | None = page(
        "Accounts that signed in and contradict what is held of the person they seem to be (расхождения при входе),"
        " oldest first.",
        PUBLIC,
        order=("noticed_at", "id"),
        where=listed_mismatches,
    )
    audit_entries: Connection[AuditEntry] | None = page(
        "Changes that you may look into (журнал изменений), oldest first: take the `last` ones.",
        PUBLIC,
        order=("happened_at", "id"),
        where=changes_between,
    )
    record_openings: Connection[RecordOpening] | None = page(
        "Openings of personal records that you may look into (журнал обращений), oldest first.",
        PUBLIC,
        order=("happened_at", "id"),
        where=openings_between,
    )
    diary = diaries.diary
    service_clients: Connection[ServiceClient] | None = page(
        "Other systems that may ask for the records of those who consent (внешние системы), by name.",
        PUBLIC,
        order=("name", "id"),
    )
    methodology: Methodology | None = lookup("A methodology by id (методика).")
    rating: Rating | None = lookup("A rating by id (рейтинг).")
    indicators: Connection[Indicator] | None = page(
        "The catalogue of indicators (показатели), by code.", PUBLIC, order=("code", "id"), where=listed_indicators
    )
    procedures: Connection[Procedure] | None = page(
        "Procedures of quality assessment (процедуры), by number.", PUBLIC, order=("number", "id")
    )
    catalogue_remarks: Connection[CatalogueRemark] | None = page(
        "What the catalogue's sources contradict or leave open (замечания).", PUBLIC, order=("place", "code", "id")
    )
    methodologies: Connection[Methodology] | None = page(
        "Methodologies of ratings (методики), by code and version.",
        PUBLIC,
        order=("code", "version", "id"),
        where=listed_methodologies,
    )
    ratings: Connection[Rating] | None = page(
        "Ratings as they were stored (рейтинги), oldest first.",
        PUBLIC,
        order=("created_at", "id"),
        where=listed_ratings,
    )
    what_if = what_if.what_if
    robustness = robustness.robustness
    changes = since.changes
    access = field_access.access
    access_matrix = field_access.access_matrix
    roles = role_rules.roles
    rate_limit = rate_limit.rate_limit

    @computed("An indicator by its code (показатель), null when there is none.", PUBLIC, sensitivity=Sensitivity.P0)
    async def indicator(
        self, info: Info, code: Annotated[str, strawberry.argument(description="Its code (код).")]
    ) -> Indicator | None:
        context = cast("Context", info.context)
        return cast("Indicator | None", await context.executor.load_named("Indicator", (indicator_id(code),)))

    work_types: Connection[WorkType] | None = page(
        "Kinds of work (виды работ): the catalogue's, or an organisation's where it has its own.",
        PUBLIC,
        order=("code", "id"),
        where=offered,
    )
    journals: Connection[Journal] | None = page(
        "Journal pages that you may see (страницы журнала): class x subject x period, any left open.",
        PUBLIC,
        order=("school_year", "class_name", "id"),
        where=_journals,
    )


async def _find(info: Info, identifiers: list[str]) -> list[Any]:
    return await cast("Context", info.context).executor.look_up_all(identifiers)
