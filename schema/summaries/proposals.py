"""What the policy proposes now, worked out when it is asked for: nothing of it is stored until somebody confirms."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.scoring.results import Basis, MarkPolicy, Proposal, ProposalGround, period_mark
from domain.sensitivity import Sensitivity
from domain.units import round_half_up
from schema.engine.access.rule import PUBLIC
from schema.engine.enums import explained
from schema.engine.mapping.behind import facts_of
from schema.engine.mapping.declare import structure, value
from schema.engine.mapping.rows import Row, row_of
from schema.engine.mapping.storage import Facts, Worked
from schema.engine.scalars import Points
from schema.organisations.policies import settled_policies
from schema.scales import MarkScale, SummaryMarkKind

if TYPE_CHECKING:
    from schema.engine.context import Context

explained(
    ProposalGround,
    "Why just this is proposed, or why nothing is (основание предложения).",
    MEAN="The mean of the period against the school's cut-offs (средний балл).",
    TOO_FEW_MARKS="Fewer marks than the school's policy asks for: not assessed (мало отметок).",
    NOTHING_COUNTS="Enough marks, but none has weight: the policy proposes nothing (отметки без веса).",
    MEAN_OF_PERIODS="The mean of the period marks, a half goes up (среднее за периоды).",
    NO_PERIOD_MARKS="No period was assessed: not assessed (нет отметок за периоды).",
    PERIODS_UNCONFIRMED="A period has still to be confirmed: nothing is proposed (не все периоды подтверждены).",
    YEAR_MARK="The mark of the year (годовая отметка).",
    MEAN_OF_YEAR_AND_EXAM="The mean of year and exam, a half goes up (среднее годовой и экзаменационной).",
    MEAN_OF_SENIOR_YEARS="The mean of the marks of grades 10 and 11, a half goes up (среднее за 10 и 11 классы).",
    YEAR_MISSING="The year has no mark yet: nothing is proposed (нет годовой отметки).",
    EXAM_MISSING="The exam has no mark yet: nothing is proposed (нет экзаменационной отметки).",
    NO_RULE="No certificate in this grade, or an exam: nothing is proposed (правила нет).",
)

IN_WORDS: dict[ProposalGround, tuple[str, str]] = {
    ProposalGround.MEAN: ("Mean {mean} against the school's cut-offs.", "Средний балл {mean} по границам школы."),
    ProposalGround.TOO_FEW_MARKS: (
        "Only {count} marks: the school's policy asks for more.",
        "Отметок всего {count}: по положению школы этого мало.",
    ),
    ProposalGround.NOTHING_COUNTS: ("None of the marks has weight.", "Ни одна отметка не имеет веса."),
    ProposalGround.MEAN_OF_PERIODS: (
        "Mean of the period marks, {mean}, rounded half up.",
        "Среднее отметок за периоды, {mean}, с округлением половины вверх.",
    ),
    ProposalGround.NO_PERIOD_MARKS: ("No period was assessed.", "Ни за один период нет отметки."),
    ProposalGround.PERIODS_UNCONFIRMED: (
        "Not every period of the year is confirmed yet.",
        "Подтверждены ещё не все периоды года.",
    ),
    ProposalGround.YEAR_MARK: ("The mark of the year.", "Годовая отметка."),
    ProposalGround.MEAN_OF_YEAR_AND_EXAM: (
        "Mean of year and exam, {mean}, rounded half up.",
        "Среднее годовой и экзаменационной, {mean}, с округлением половины вверх.",
    ),
    ProposalGround.MEAN_OF_SENIOR_YEARS: (
        "Mean of {count} marks of grades 10 and 11, {mean}, rounded half up.",
        "Среднее {count} отметок за 10 и 11 классы, {mean}, с округлением половины вверх.",
    ),
    ProposalGround.YEAR_MISSING: ("The year has no mark yet.", "Годовой отметки ещё нет."),
    ProposalGround.EXAM_MISSING: ("The exam has no mark yet.", "Экзаменационной отметки ещё нет."),
    ProposalGround.NO_RULE: (
        "No rule proposes such a mark here.",
        "Такую отметку здесь ни одно правило не предлагает.",
    ),
}


@structure("What the policy proposes, and why (предлагаемая отметка). The teacher confirms, or deviates with a reason.")
class SummaryMarkProposal:
    """A proposal as clients see it."""

    scale: MarkScale | None = value(
        "FIVE_POINT or NOT_ASSESSED (шкала); null when nothing is proposed.", PUBLIC, Sensitivity.P2
    )
    because: ProposalGround = value("Why, for programs (основание).", PUBLIC, Sensitivity.P2)
    explanation: str = value("Why, in your language, for people (пояснение).", PUBLIC, Sensitivity.P2)
    mean: Points | None = value("The mean behind it (среднее); null when nothing counts.", PUBLIC, Sensitivity.P2)
    mark_sum: int = value("Exact numerator of the mean (сумма отметок с весом).", PUBLIC, Sensitivity.P2)
    weight_sum: int = value("Exact denominator of the mean (сумма весов).", PUBLIC, Sensitivity.P2)
    mark_count: int = value("How many marks there are (число отметок).", PUBLIC, Sensitivity.P2)
    value: int | None = value(
        "The mark (отметка); null when not assessed, or nothing is proposed.", PUBLIC, Sensitivity.P2
    )


def shown(context: "Context", proposal: Proposal) -> SummaryMarkProposal:
    """A proposal in the caller's language."""
    basis, proposed = proposal.basis, MarkScale.NOT_ASSESSED if proposal.value is None else MarkScale.FIVE_POINT
    mean = None if basis.mean is None else round_half_up(basis.mean, 2)
    figures = {"mean": mean, "count": basis.count}
    return SummaryMarkProposal(
        scale=proposed if proposal.is_made else None,
        value=proposal.value,
        because=proposal.ground,
        explanation=context.say(*(words.format(**figures) for words in IN_WORDS[proposal.ground])),
        mean=None if mean is None else Points(mean),
        mark_sum=basis.total,
        weight_sum=basis.weight,
        mark_count=basis.count,
    )


def basis_of(line: Any) -> Basis:
    """The exact sums of a journal line that the viewer may see."""
    return _basis(row_of(line))


def _basis(line: Row) -> Basis:
    values = line.values
    return Basis(values["mark_sum"], values["weight_sum"], values["mark_count"])


async def proposed_period(context: "Context", line: Any) -> Proposal:
    """The mark of the page's period, from what stands on the line now."""
    return period_mark(basis_of(line), await mark_policy(context, row_of(line).keys["organisation_id"]))


async def mark_policy(context: "Context", organisation: UUID) -> MarkPolicy:
    """What the organisation settled about marks; the defaults where it settled nothing. One statement for all lines."""
    return await facts_of(context.executor, MARK_POLICIES, organisation)  # type: ignore[no-any-return]


def _policy(settled: Any) -> MarkPolicy:
    cut_offs = settled.cut_off_5, settled.cut_off_4, settled.cut_off_3
    return MarkPolicy(*cut_offs, settled.least_marks, settled.version)


def _proposed(context: "Context", line: Row, policy: MarkPolicy) -> SummaryMarkProposal:
    return shown(context, period_mark(_basis(line), policy))


MARK_POLICIES = Facts(settled_policies, _policy)
"""What organisations settled about marks, by the id of the organisation."""
PROPOSED = Worked(
    _proposed,
    ("mark_sum", "weight_sum", "mark_count", "organisation_id"),
    facts=MARK_POLICIES,
    by="organisation_id",
    when=(("kind", SummaryMarkKind.PERIOD),),
)
"""The proposal for the period of a line's page. Those for a year and a course go by a report card."""
