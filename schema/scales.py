"""Scales of marks, and what summary marks sum up, as the contract shows them."""

from domain.records.marks import MarkScale
from domain.records.summaries import SummaryMarkKind
from schema.engine.enums import explained

explained(
    MarkScale,
    "On which scale a mark is given (шкала отметок). Only the five-point scale enters a mean.",
    FIVE_POINT="5, 4, 3, 2; 1 exists on paper (пятибалльная).",
    PASS_FAIL="1 is a pass, 0 is none (зачёт, незачёт); without weight.",  # noqa: S106 - words for users
    NOT_ASSESSED="Not assessed, without a value (н/а): only in summary marks.",
    EXEMPT="Exempt, without a value (освобождён): only in summary marks.",
)
explained(
    SummaryMarkKind,
    "What a summary mark sums up (вид итоговой отметки).",
    PERIOD="A quarter, trimester or half-year (за учебный период).",
    YEAR="A school year (годовая).",
    EXAM="An exam (экзаменационная).",
    FINAL="The course, for the certificate (итоговая).",
)

__all__ = ["MarkScale", "SummaryMarkKind"]
