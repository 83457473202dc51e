"""The report card as data: subjects by periods, year, exam and course; what is only proposed stands clearly apart."""

from enum import StrEnum

from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC
from schema.engine.enums import explained
from schema.engine.mapping.declare import structure, value
from schema.named_later import GradingPeriodLater, OrganisationLater, SubjectLater, SummaryMarkLater
from schema.scales import MarkScale, SummaryMarkKind
from schema.summaries.proposals import SummaryMarkProposal


class CellStatus(StrEnum):
    """How firm a cell of a report card is."""

    CONFIRMED = "CONFIRMED"
    PROPOSED = "PROPOSED"
    NONE = "NONE"


explained(
    CellStatus,
    "How firm a cell of a report card is (состояние клетки табеля).",
    CONFIRMED="Confirmed by a teacher (подтверждена).",
    PROPOSED="Only proposed by the school's policy; it may still change (предложена, не подтверждена).",
    NONE="Nothing stands here (пусто).",
)


@structure("A cell of a report card (клетка табеля).")
class ReportCardCell:
    """What stands in one place of the card."""

    kind: SummaryMarkKind = value("What it sums up (вид).", PUBLIC)
    grading_period: GradingPeriodLater | None = value(
        "Period (учебный период); null for year, exam and course.", PUBLIC
    )
    status: CellStatus = value("Confirmed, proposed, or nothing (состояние).", PUBLIC, Sensitivity.P2)
    scale: MarkScale | None = value("On which scale (шкала); null where nothing stands.", PUBLIC, Sensitivity.P2)
    proposal: SummaryMarkProposal | None = value(
        "What the policy proposes now, or why nothing (предложение); null where it has no say.", PUBLIC, Sensitivity.P2
    )
    mark: SummaryMarkLater | None = value(
        "The confirmed mark with its history (подтверждённая отметка).", PUBLIC, Sensitivity.P2
    )
    value: int | None = value(
        "The mark, confirmed or proposed as `status` says (отметка); null where there is none.", PUBLIC, Sensitivity.P2
    )


@structure("A subject of a report card (строка табеля).")
class ReportCardRow:
    """A row of the card."""

    subject: SubjectLater | None = value("Subject (предмет).", PUBLIC)
    periods: list[ReportCardCell] = value(
        "By the periods of the card, in their order (по периодам).", PUBLIC, usually=5
    )
    year: ReportCardCell = value("The year (годовая).", PUBLIC)
    exam: ReportCardCell = value("The exam (экзаменационная).", PUBLIC)
    final: ReportCardCell = value("The course, for the certificate (итоговая).", PUBLIC)


@structure("A student's report card of a school year (табель успеваемости), as far as you may see its marks.")
class ReportCard:
    """The card."""

    school_year: int = value("Year in which the school year begins (учебный год).", PUBLIC)
    class_name: str | None = value(
        "Class in that year (класс), such as `9А`; null when unknown.", PUBLIC, Sensitivity.P2
    )
    grade_level: int | None = value("Grade in that year (параллель); null when unknown.", PUBLIC, Sensitivity.P2)
    organisation: OrganisationLater | None = value("The school (организация).", PUBLIC)
    periods: list[GradingPeriodLater] = value("Its columns: periods of the year (учебные периоды).", PUBLIC, usually=5)
    rows: list[ReportCardRow] = value("Its rows: subjects by name (предметы).", PUBLIC, usually=20)
