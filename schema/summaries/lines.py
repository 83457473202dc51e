"""Summary marks beside a journal line: the one of its page, and what the policy proposes for page, year and course."""

from typing import TYPE_CHECKING, Any

from schema.engine.mapping.rows import Row, row_of
from schema.scales import SummaryMarkKind
from schema.summaries.proposals import SummaryMarkProposal, proposed_period, shown
from schema.summaries.report_card_assembly import report_card

if TYPE_CHECKING:
    from schema.engine.context import Context
    from schema.summaries.summary_marks import SummaryMark


async def mark_of_page(context: "Context", line: Any) -> "SummaryMark | None":
    """The confirmed mark of the line's student for the period of the page."""
    page = await _page(context, line)
    if page is None:
        return None
    place = ("student_id", "subject_id", "grading_period_id", "school_year")
    keys = row_of(line).keys
    key = (keys["student_id"], page.keys["subject_id"], page.keys["grading_period_id"], page.values["school_year"])
    found: list[SummaryMark] = await context.executor.load_list("SummaryMark", place, key)
    return found[0] if found else None


async def proposed_mark(context: "Context", line: Any, kind: SummaryMarkKind) -> SummaryMarkProposal | None:
    """What is proposed now; a year and a course go by all that the viewer may see of the student's year."""
    if kind is SummaryMarkKind.PERIOD:
        return shown(context, await proposed_period(context, line))
    page, keys = await _page(context, line), row_of(line).keys
    if page is None:
        return None
    card = await report_card(context, keys["student_id"], page.values["school_year"], keys["organisation_id"])
    rows = [] if card is None else card.rows
    found = [row for row in rows if row_of(row.subject).keys["id"] == page.keys["subject_id"]]
    cells = {SummaryMarkKind.YEAR: "year", SummaryMarkKind.EXAM: "exam", SummaryMarkKind.FINAL: "final"}
    return getattr(found[0], cells[kind]).proposal if found else None


async def _page(context: "Context", line: Any) -> Row | None:
    page = await context.executor.load_named("Journal", (row_of(line).keys["journal_id"],))
    return None if page is None else row_of(page)
