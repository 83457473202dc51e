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
from schema.journals.marks import Mark, MarkProposal
from schema.journals.marks_writing import marks_of
from schema.journals.page_actors import Actors
from schema.journals.page_cells import Cell, CellChange, MarkChange, key_in
from schema.journals.page_mutation import REASON, SEEN
from schema.journals.page_state import PageState, lesson_to_change, one_visible, place_of
from schema.journals.page_versions import Written
from schema.journals.page_writing import CellWriting

if TYPE_CHECKING:
    from schema.engine.context import Context


@strawberry.input(description="A refused mark to settle (решить судьбу предложенной отметки).")
class SettleProposalInput:
    """Input of settleProposal."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    proposal_id: strawberry.ID = strawberry.field(description="Id of the proposal (предложенная отметка).")
    accept: bool = strawberry.field(description="True writes the mark (принять), false dismisses it (отклонить).")
    version: int | None = asked(SEEN, None)
    reason: str | None = asked(REASON, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of a refused mark (результат решения по предложенной отметке).")
class ProposalPayload:
    """Payload of settleProposal."""

    proposal: MarkProposal | None = value("The proposal as you may see it now (предложенная отметка).", PUBLIC)
    mark: Mark | None = value("The mark, where it was written (отметка).", PUBLIC)
    line: JournalLine | None = value("Its line (строка журнала).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was changed; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@computed(
    "Accept or dismiss a mark that was refused and kept (решить судьбу предложенной отметки). An accepted one is"
    " written by you, under your rights and the window of now.",
    Access(write=P.MARK_WRITE),
    sensitivity=Sensitivity.P2,
)
async def settle_proposal(self: Any, info: Info, input: input_of(SettleProposalInput)) -> ProposalPayload:  # type: ignore[valid-type]  # noqa: A002
    """Mutation.settleProposal."""
    context, given = cast("Context", info.context), cast("SettleProposalInput", input)
    if given.accept:
        found, errors = await _accept(context, given)
    else:
        found, errors = await carry_out(context, "settleProposal", given, _dismiss, results=1)
    proposal, mark, line = [*found, None, None][:3]
    return ProposalPayload(
        proposal=proposal, mark=mark, line=line, user_errors=errors, client_mutation_id=given.client_mutation_id
    )


async def _accept(context: "Context", given: SettleProposalInput) -> tuple[list[Any], list[UserError]]:
    proposals: list[Any] = []

    async def cells() -> tuple[UUID | None, list[CellChange]]:
        proposal = await _waiting(context, given)
        proposals.append(proposal)
        line = await one_visible(context, records.JournalLine, P.JOURNAL_LINE_SEE, proposal.journal_line_id)
        remark = strawberry.UNSET if proposal.remark is None else proposal.remark
        mark = MarkChange(proposal.value, given.version, proposal.scale, remark, proposal.position)
        path = ("input",)
        change = CellChange(path, path, proposal.journal_line_id, proposal.lesson_id, proposal.slot_id, mark)
        return (line.journal_id if line is not None else None), [change]

    async def done(page: PageState, written_cells: list[Cell], written: Written) -> Outcome:
        by = written_cells[0].mark_by
        if by is None:
            raise TypeError("no assignment is a refusal")
        await _settle(context, proposals[0].id, by, accepted=True)
        return [f"MarkProposal:{proposals[0].id}", *marks_of(page, written_cells, written)]

    writing = CellWriting(context, given, Audited.MARK_WRITE, cells, done, "proposalId")
    answer = await writing.answer("settleProposal", results=3)
    return answer.found, answer.errors


async def _dismiss(context: "Context", given: SettleProposalInput) -> Outcome:
    proposal = await _waiting(context, given)
    lesson = await lesson_to_change(context, proposal.lesson_id, "proposalId")
    actors = Actors(context, given)
    by = actors.choose(P.MARK_WRITE, actors.fitting(P.MARK_WRITE, place_of(proposal, lesson)))
    await actors.check()
    if by is None:
        raise TypeError("no assignment is a refusal")
    await _settle(context, proposal.id, by, accepted=False)
    return [f"MarkProposal:{proposal.id}"]


async def _waiting(context: "Context", given: SettleProposalInput) -> Any:
    key = key_in(context, "MarkProposal", given.proposal_id)
    found = await one_visible(context, records.MarkProposal, P.MARK_PROPOSAL_SEE, key)
    if found is None:
        told = context.say("No proposal with this id that you may see.", "Нет доступной вам предложенной отметки.")
        raise not_found(told, "proposalId")
    if found.settled_at is not None:
        raise _settled_already(context)
    return found


async def _settle(context: "Context", proposal: UUID, by: LiveAssignment, *, accepted: bool) -> None:
    row = records.MarkProposal
    waiting = (col(row.id) == proposal, col(row.settled_at).is_(None))
    settled = update(row).where(*waiting).values(settled_at=context.clock(), settled_by_id=context.viewer.person_id)
    if not await context.statements.write(settled.returning(col(row.id))):
        raise _settled_already(context)
    if not accepted:
        await record(context, Audited.PROPOSAL_SETTLE, by, proposal, {"accepted": False})


def _settled_already(context: "Context") -> Refusal:
    told = context.say("It has been settled already.", "По этой отметке уже принято решение.")
    return invalid("ALREADY_SETTLED", told, "proposalId")
