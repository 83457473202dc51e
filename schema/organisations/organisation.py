"""Organisations: the tree of region, municipality, organisation and branch, and what its register says. Public."""

from collections.abc import Iterator
from typing import Annotated

import strawberry
from sqlalchemy import ColumnElement, func
from sqlmodel import col
from strawberry.types import Info

from auth.permissions import Permission as P
from domain import records
from domain.records.organisations import (
    HeadStatus,
    IdentifierStatus,
    Provenance,
    RegistryIssueCode,
)
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.enums import explained
from schema.engine.mapping.declare import column, computed, filters, many, mapped, mapping_of, one, page
from schema.engine.mapping.pages import Connection
from schema.engine.mapping.reference import require_key
from schema.engine.mapping.rows import row_of
from schema.engine.mapping.storage import Settled, Worked
from schema.engine.node import Node
from schema.engine.typed_texts import plain
from schema.figures.live_indicators import LiveIndicator, live_indicator
from schema.figures.observations import (
    PERIOD,
    Observation,
    ObservationApproval,
    ObservationVersion,
    as_known,
    of_indicator,
)
from schema.figures.ratings import RatingEntry, entries_of_organisation
from schema.imports.run import ImportRun
from schema.organisations.classes import ClassGroup, GradingPeriod
from schema.organisations.kinds import OrganisationKind
from schema.organisations.policies import OrganisationPolicy, policy_object, settled_policies
from schema.people.assignment_actions import OrganisationActions, organisation_actions
from schema.people.users import Assignment, StaffPosition

explained(
    IdentifierStatus,
    "What the check digit of a registry number says (проверка контрольного числа). A bad number is kept as printed.",
    VALID="The check digit fits (верно).",
    CHECK_DIGIT_FAILED="The check digit does not fit: some digit is wrong (контрольное число не сходится).",
    MALFORMED="Not the right number of digits (неверный формат).",
    MISSING="No number is known (нет номера).",
    AS_HEAD_ORGANISATION="The register says «как у головной»: the number is that of the head organisation.",
)
explained(
    HeadStatus,
    "Head organisation or branch (головная или филиал).",
    HEAD="Head organisation (головная).",
    BRANCH="Branch whose head is known (филиал).",
    HEAD_UNRESOLVED="Branch whose head could not be told from the register (филиал, головная не определена).",
)
explained(
    RegistryIssueCode,
    "What is wrong with a row of the register (замечание к строке реестра).",
    OGRN_MISSING="No OGRN (нет ОГРН).",
    OGRN_CHECK_DIGIT_FAILED="The check digit of the OGRN does not fit (ОГРН не сходится).",
    INN_MISSING="No INN (нет ИНН).",
    INN_CHECK_DIGIT_FAILED="The check digit of the INN does not fit (ИНН не сходится).",
    COLUMNS_SLIPPED="Cells stood in the wrong columns and were put back (сдвиг столбцов).",
    HEAD_UNRESOLVED="The head organisation is not in the register (головная не найдена).",
    POSSIBLE_DUPLICATE="Another row looks the same; a person has to decide (возможный дубль).",
    MUNICIPALITY_UNKNOWN="The municipality could not be told (муниципалитет не определён).",
    NAME_CUT="The source cut the name (название обрезано в источнике).",
)


@mapped(
    records.RegistryIssue,
    "Something wrong with the published row of an organisation (замечание к строке реестра).",
    Access(P.REGISTRY_ISSUES_READ),
)
class RegistryIssue(Node):
    """An issue of the register."""

    code: RegistryIssueCode = column("What is wrong (вид замечания).")
    column_name: str = column("Column of the source (столбец источника).")
    raw: str = column("What was printed there (как напечатано).")


@filters(
    kind=("kind", "Only these kinds (виды)."),
    inside=("parent", "Only this node and what is below it (в пределах)."),
    name_prefix=("name", "How the name begins; case and ё do not matter (начало названия)."),
)
def listed(
    row: type[records.Organisation],
    kind: list[OrganisationKind] | None = None,
    inside: strawberry.ID | None = None,
    name_prefix: str | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Kind, a place in the tree (that place included), and how the name begins; case and ё do not matter."""
    if kind is not None:
        yield col(row.kind).in_(kind)
    if inside is not None:
        yield col(row.ancestor_ids).contains([require_key(mapping_of(Organisation), inside)])
    if name_prefix is not None:
        yield func.starts_with(row.fold, func.fold_text(plain(name_prefix)))


@filters(kind=("kind", "Only these kinds (виды)."))
def _children(
    row: type[records.Organisation], kind: list[OrganisationKind] | None = None
) -> Iterator[ColumnElement[bool]]:
    if kind is not None:
        yield col(row.kind).in_(kind)


@filters(school_year=("school_year", "Year in which the school year begins (учебный год)."))
def _of_year(
    row: type[records.ClassGroup] | type[records.GradingPeriod], school_year: int | None = None
) -> Iterator[ColumnElement[bool]]:
    if school_year is not None:
        yield col(row.school_year) == school_year


@mapped(
    records.Organisation,
    "A node of the one tree: region, municipality, organisation or branch (организация).",
    Access(P.ORGANISATION_SEE, public=True),
)
class Organisation(Node):
    """A node of the tree."""

    kind: OrganisationKind = column("What it is (вид).")
    name: str = column("Full name, as its source prints it (название).")
    short_name: str | None = column("Short name (краткое название).")
    parent: "Organisation | None" = one("The node above (вышестоящая).", by=records.Organisation.parent_id)
    region: "Organisation | None" = one("The region it is in (регион).", by=records.Organisation.region_id)
    municipality: "Organisation | None" = one(
        "The municipality it is in (муниципалитет).", by=records.Organisation.municipality_id
    )
    branch_of: "Organisation | None" = one(
        "The head organisation of a branch (головная организация).", by=records.Organisation.branch_of_id
    )
    head_status: HeadStatus = column("Head or branch (головная или филиал).")
    oktmo: str | None = column("OKTMO code of the place (ОКТМО), text: leading zeros matter.")
    ogrn: str | None = column("Main state registration number (ОГРН), as printed.")
    ogrn_status: IdentifierStatus = column("What the check digit of the OGRN says (проверка ОГРН).")
    inn: str | None = column("Taxpayer number (ИНН), as printed; a branch may have none of its own.")
    inn_status: IdentifierStatus = column("What the check digit of the INN says (проверка ИНН).")
    time_zone: str = column("IANA time zone; days and deadlines are days there (часовой пояс).")
    provenance: Provenance = column("Where the row comes from (происхождение).")
    source: str | None = column("File and row of the source (источник).")
    children: Connection["Organisation"] | None = page(
        "Nodes directly below (подведомственные), by name.",
        by=records.Organisation.parent_id,
        order=("fold", "id"),
        where=_children,
    )
    branches: list["Organisation"] | None = many(
        "Branches (филиалы), by name; at most 100.",
        by=records.Organisation.branch_of_id,
        order=("fold", "id"),
        usually=5,
    )
    registry_issues: list[RegistryIssue] | None = many(
        "What is wrong with its row in the register (замечания реестра).",
        by=records.RegistryIssue.organisation_id,
        order=("code", "id"),
        usually=5,
    )
    grading_periods: list[GradingPeriod] | None = many(
        "Quarters, trimesters or half-years (учебные периоды), in order; at most 100.",
        by=records.GradingPeriod.organisation_id,
        order=("school_year", "number", "id"),
        where=_of_year,
        usually=10,
    )
    class_groups: list[ClassGroup] | None = many(
        "Classes that you may see (классы), by grade and letter; at most 200.",
        by=records.ClassGroup.organisation_id,
        order=("grade_level", "letter", "id"),
        most=200,
        where=_of_year,
        usually=40,
    )
    staff: Connection[StaffPosition] | None = page(
        "Who works here (сотрудники).", by=records.StaffPosition.organisation_id, order=("title", "id")
    )
    assignments: Connection[Assignment] | None = page(
        "Roles given here (назначения), oldest first.",
        Access(P.ORGANISATION_ROLES_READ),
        by=records.Assignment.organisation_id,
        order=("granted_at", "id"),
    )
    imports: Connection[ImportRun] | None = page(
        "Imports for it (загрузки), oldest first.", by=records.ImportRun.organisation_id, order=("requested_at", "id")
    )

    observations: Connection[Observation] | None = page(
        "Values of indicators as they stand now (значения показателей), by period.",
        by=records.Observation.organisation_id,
        order=("period", "indicator_id", "id"),
        where=of_indicator,
    )
    observation_versions: Connection[ObservationVersion] | None = page(
        "Versions of these values (версии значений), or with `asKnownAt` those that stood at that moment.",
        by=records.ObservationVersion.organisation_id,
        order=("period", "indicator_id", "version", "id"),
        where=as_known,
    )
    observation_approvals: Connection[ObservationApproval] | None = page(
        "Decisions about the figures of this organisation and all below it (утверждения), oldest first.",
        by=records.ObservationApproval.organisation_id,
        order=("decided_at", "id"),
        where=of_indicator,
    )
    rating_entries: Connection[RatingEntry] | None = page(
        "Its places in ratings (места в рейтингах).",
        by=records.RatingEntry.organisation_id,
        order=("rating_id", "section_position", "id"),
        where=entries_of_organisation,
    )

    @computed(
        "An indicator of ours counted from its journals now (показатель на лету): nothing is stored.",
        Access(P.OBSERVATION_SEE),
        sensitivity=Sensitivity.P1,
        cost=50,
    )
    async def live_indicator(
        self,
        info: Info,
        code: Annotated[str, strawberry.argument(description="Code of the indicator (показатель).")],
        period: Annotated[str, strawberry.argument(description=PERIOD)],
    ) -> LiveIndicator | None:
        return await live_indicator(info.context, row_of(self).keys["id"], code, period)

    @computed(
        "What you can do here (что вы можете сделать).",
        PUBLIC,
        sensitivity=Sensitivity.P0,
        known=Worked(organisation_actions, ("id", "ancestor_ids")),
    )
    def viewer_can(self, info: Info) -> OrganisationActions:
        return organisation_actions(info.context, row_of(self))

    @computed(
        "What it settles for its journals (политика организации); the defaults where it has settled nothing.",
        PUBLIC,
        sensitivity=Sensitivity.P0,
        known=Settled("id", settled_policies),
    )
    async def policy(self, info: Info) -> OrganisationPolicy:
        return await policy_object(info.context, row_of(self).keys["id"])  # type: ignore[no-any-return]
