"""Writing and withdrawing a single mark."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import strawberry
from sqlmodel import col
from strawberry.types import Info

from auth.permissions import Permission as P
from domain import records
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import computed, structure, value
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked, input_of
from schema.engine.mutations.user_errors import UserError, not_found
from schema.journals.audited import Audited
from schema.journals.journal import JournalLine
from schema.journals.marks import KeptMark, Mark
from schema.journals.page_cells import NO_KEY, Cell, CellChange, MarkChange, key_in
from schema.journals.page_mutation import KEEP, NOTED, REASON, SEEN, SLOT
from schema.journals.page_state import PageState, one_visible, visible
from schema.journals.page_versions import Written
from schema.journals.page_writing import CellWriting
from schema.scales import MarkScale

if TYPE_CHECKING:
    from schema.engine.context import Context


@strawberry.input(description="A mark to give or to correct (выставить или исправить отметку).")
class WriteMarkInput:
    """Input of writeMark."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    line_id: strawberry.ID = strawberry.field(description="Id of the student's line (строка журнала).")
    value: int = strawberry.field(description="The mark (отметка): 1 to 5, or 1 and 0 on the scale PASS_FAIL.")
    lesson_id: strawberry.ID | None = asked("Id of the lesson (урок); may be left out where `slotId` is given.", None)
    slot_id: strawberry.ID | None = asked(SLOT, None)
    scale: MarkScale = asked("On which scale (шкала).", MarkScale.FIVE_POINT)
    remark: str | None = asked("Remark (примечание); left out: the one that stands is kept.")
    position: int = asked("First or second mark of the cell (место в клетке).", 1)
    version: int | None = asked(SEEN, None)
    reason: str | None = asked(REASON, None)
    keep_refused: bool = asked(KEEP, default=False)
    noted_at: datetime | None = asked(NOTED, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="A mark to withdraw (снять отметку). It stays in the history.")
class WithdrawMarkInput:
    """Input of withdrawMark."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    mark_id: strawberry.ID = strawberry.field(description="Id of the mark (отметка).")
    version: int = strawberry.field(description="Version that you saw (версия, которую вы видели).")
    reason: str | None = asked(REASON, None)
    keep_refused: bool = asked(KEEP, default=False)
    noted_at: datetime | None = asked(NOTED, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of the change of a mark (результат изменения отметки).")
class MarkPayload:
    """Payload of writeMark and withdrawMark."""

    mark: Mark | None = value("The mark as it stands now (отметка); null when none stands.", PUBLIC)
    line: JournalLine | None = value("Its line, with the mean of now (строка журнала).", PUBLIC)
    kept_marks: list[KeptMark] = value(
        "The mark, where it was refused and kept (отклонённая отметка).", PUBLIC, usually=1
    )
    user_errors: list[UserError] = value("Why nothing was written; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@computed(
    "Give a mark, or correct the one that stands (выставить или исправить отметку). Every correction is a version.",
    Access(write=P.MARK_WRITE),
    sensitivity=Sensitivity.P2,
)
async def write_mark(self: Any, info: Info, input: input_of(WriteMarkInput)) -> MarkPayload:  # type: ignore[valid-type]  # noqa: A002
    """Mutation.writeMark."""
    context, given = cast("Context", info.context), cast("WriteMarkInput", input)
    change = MarkChange(given.value, given.version, given.scale, given.remark, given.position)

    async def cells() -> tuple[UUID | None, list[CellChange]]:
        return await line_cell(context, given, mark=change)

    return await mark_payload(context, given, "writeMark", Audited.MARK_WRITE, cells, "lineId")


@computed(
    "Withdraw a mark (снять отметку). It goes on standing in the history, and can be given again.",
    Access(write=P.MARK_WRITE),
    sensitivity=Sensitivity.P2,
)
async def withdraw_mark(self: Any, info: Info, input: input_of(WithdrawMarkInput)) -> MarkPayload:  # type: ignore[valid-type]  # noqa: A002
    """Mutation.withdrawMark."""
    context, given = cast("Context", info.context), cast("WithdrawMarkInput", input)

    async def cells() -> tuple[UUID | None, list[CellChange]]:
        mark = await _newest(context, key_in(context, "Mark", given.mark_id))
        change = CellChange(
            ("input",), ("input",), mark.journal_line_id, mark.lesson_id, mark.slot_id,
            MarkChange(None, given.version, mark.scale, position=mark.position),
        )  # fmt: skip
        line = await one_visible(context, records.JournalLine, P.JOURNAL_LINE_SEE, mark.journal_line_id)
        return (line.journal_id if line is not None else None), [change]

    return await mark_payload(context, given, "withdrawMark", Audited.MARK_WITHDRAW, cells, "markId")


async def mark_payload(
    context: "Context", given: Any, operation: str, action: Audited, cells: Any, page_field: str
) -> MarkPayload:
    """Write one cell and show its mark."""

    async def done(page: PageState, written_cells: list[Cell], written: Written) -> Outcome:
        return marks_of(page, written_cells, written)

    answer = await CellWriting(context, given, action, cells, done, page_field).answer(operation, results=2)
    return MarkPayload(
        mark=answer.found[0],
        line=answer.found[1],
        kept_marks=answer.proposals,
        user_errors=answer.errors,
        client_mutation_id=given.client_mutation_id,
    )


def marks_of(page: PageState, cells: list[Cell], written: Written) -> list[str]:
    """Global ids of the mark of a single cell and of its line."""
    [cell] = cells
    position = cell.change.mark.position if cell.change.mark else 1
    slot = cell.slot.id if cell.slot is not None else NO_KEY
    mark = written.marks.get((cell.line.id, slot, position), NO_KEY)
    return [f"Mark:{page.journal.school_year}:{mark}", f"JournalLine:{cell.line.id}"]


async def line_cell(context: "Context", given: Any, **parts: Any) -> tuple[UUID | None, list[CellChange]]:
    """The page and the one cell that an input with `line_id`, and `lesson_id` or `slot_id`, names."""
    line = key_in(context, "JournalLine", given.line_id) or NO_KEY
    found = await one_visible(context, records.JournalLine, P.JOURNAL_LINE_SEE, line)
    change = CellChange(
        path=("input",),
        line_path=("input",),
        line=line,
        lesson=key_in(context, "Lesson", given.lesson_id),
        slot=key_in(context, "AssessmentSlot", getattr(given, "slot_id", None)),
        **parts,
    )
    return (found.journal_id if found is not None else None), [change]


async def _newest(context: "Context", mark: UUID | None) -> Any:
    """The newest version of a mark, also of one that somebody else has withdrawn in the meantime."""
    version = records.MarkVersion
    found = await visible(context, version, P.MARK_SEE, col(version.mark_id) == (mark or NO_KEY))
    if not found:
        raise not_found(context.say("No mark with this id that you may see.", "Нет доступной вам отметки."), "markId")
    return max(found, key=lambda row: row.version)
