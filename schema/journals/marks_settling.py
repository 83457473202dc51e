"""Settling a mark that was refused and kept: it is written under the rights and the window of now, or dismissed."""

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import strawberry
from sqlalchemy import update
from sqlmodel import col
from strawberry.types import Info

from auth.permissions import Permission as P
from auth.viewer import LiveAssignment
from domain import records
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import computed, structure, value
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome, carry_out
from schema.engine.mutations.inputs import ACTING, KEY, asked, input_of
from schema.engine.mutations.user_errors import Refusal, UserError, invalid, not_found
from schema.journals.audited import Audited
from schema.journals.journal import JournalLine
from schema.journals.marks import KeptMark, Mark
from schema.journals.marks_writing import marks_of
from schema.journals.page_actors import Actors
from schema.journals.page_cells import Cell, CellChange, MarkChange, key_in
from schema.journals.page_mutation import REASON, SEEN
from schema.journals.page_state import PageState, lesson_to_change, one_visible, place_of
from schema.journals.page_versions import Written
from schema.journals.page_writing import CellWriting

if TYPE_CHECKING:
    from schema.engine.context import Context


@strawberry.input(description="A refused mark to settle (решить судьбу отклонённой отметки).")
class SettleKeptMarkInput:
    """Input of settleKeptMark."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    kept_mark_id: strawberry.ID = strawberry.field(description="Id of the KeptMark (отклонённая отметка).")
    accept: bool = strawberry.field(description="True writes the mark (принять), false dismisses it (отклонить).")
    version: int | None = asked(SEEN, None)
    reason: str | None = asked(REASON, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of a refused mark (результат решения по отклонённой отметке).")
class KeptMarkPayload:
    """Payload of settleKeptMark."""

    kept_mark: KeptMark | None = value("The mark that was kept, as you may see it now (отклонённая отметка).", PUBLIC)
    mark: Mark | None = value("The mark, where it was written (отметка).", PUBLIC)
    line: JournalLine | None = value("Its line (строка журнала).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was changed; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@computed(
    "Accept or dismiss a mark that was refused and kept (решить судьбу отклонённой отметки). An accepted one is"
    " written by you, under your rights and the window of now.",
    Access(write=P.MARK_WRITE),
    sensitivity=Sensitivity.P2,
)
async def settle_kept_mark(self: Any, info: Info, input: input_of(SettleKeptMarkInput)) -> KeptMarkPayload:  # type: ignore[valid-type]  # noqa: A002
    """Mutation.settleKeptMark."""
    context, given = cast("Context", info.context), cast("SettleKeptMarkInput", input)
    if given.accept:
        found, errors = await _accept(context, given)
    else:
        found, errors = await carry_out(context, "settleKeptMark", given, _dismiss, results=1)
    kept, mark, line = [*found, None, None][:3]
    return KeptMarkPayload(
        kept_mark=kept, mark=mark, line=line, user_errors=errors, client_mutation_id=given.client_mutation_id
    )


async def _accept(context: "Context", given: SettleKeptMarkInput) -> tuple[list[Any], list[UserError]]:
    found: list[Any] = []

    async def cells() -> tuple[UUID | None, list[CellChange]]:
        kept = await _waiting(context, given)
        found.append(kept)
        line = await one_visible(context, records.JournalLine, P.JOURNAL_LINE_SEE, kept.journal_line_id)
        remark = strawberry.UNSET if kept.remark is None else kept.remark
        mark = MarkChange(kept.value, given.version, kept.scale, remark, kept.position)
        path = ("input",)
        change = CellChange(path, path, kept.journal_line_id, kept.lesson_id, kept.slot_id, mark)
        return (line.journal_id if line is not None else None), [change]

    async def done(page: PageState, written_cells: list[Cell], written: Written) -> Outcome:
        by = written_cells[0].mark_by
        if by is None:
            raise TypeError("no assignment is a refusal")
        await _settle(context, found[0].id, by, accepted=True)
        return [f"KeptMark:{found[0].id}", *marks_of(page, written_cells, written)]

    writing = CellWriting(context, given, Audited.MARK_WRITE, cells, done, "keptMarkId")
    answer = await writing.answer("settleKeptMark", results=3)
    return answer.found, answer.errors


async def _dismiss(context: "Context", given: SettleKeptMarkInput) -> Outcome:
    kept = await _waiting(context, given)
    lesson = await lesson_to_change(context, kept.lesson_id, "keptMarkId")
    actors = Actors(context, given)
    by = actors.choose(P.MARK_WRITE, actors.fitting(P.MARK_WRITE, place_of(kept, lesson)))
    await actors.check()
    if by is None:
        raise TypeError("no assignment is a refusal")
    await _settle(context, kept.id, by, accepted=False)
    return [f"KeptMark:{kept.id}"]


async def _waiting(context: "Context", given: SettleKeptMarkInput) -> Any:
    key = key_in(context, "KeptMark", given.kept_mark_id)
    found = await one_visible(context, records.KeptMark, P.MARK_PROPOSAL_SEE, key)
    if found is None:
        told = context.say("No kept mark with this id that you may see.", "Нет доступной вам отклонённой отметки.")
        raise not_found(told, "keptMarkId")
    if found.settled_at is not None:
        raise _settled_already(context)
    return found


async def _settle(context: "Context", kept: UUID, by: LiveAssignment, *, accepted: bool) -> None:
    row = records.KeptMark
    waiting = (col(row.id) == kept, col(row.settled_at).is_(None))
    settled = update(row).where(*waiting).values(settled_at=context.clock(), settled_by_id=context.viewer.person_id)
    if not await context.statements.write(settled.returning(col(row.id))):
        raise _settled_already(context)
    if not accepted:
        await record(context, Audited.PROPOSAL_SETTLE, by, kept, {"accepted": False})


def _settled_already(context: "Context") -> Refusal:
    told = context.say("It has been settled already.", "По этой отметке уже принято решение.")
    return invalid("ALREADY_SETTLED", told, "keptMarkId")
