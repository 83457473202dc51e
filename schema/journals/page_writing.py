"""Writing in the cells of a page: the one way for a whole page and for a single mark. All of it, or nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from auth.permissions import Permission as P
from domain import records
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome, carry_out
from schema.engine.mutations.user_errors import Refusal, UserError, VersionConflict, not_found
from schema.journals.audited import Audited
from schema.journals.page_actors import Actors
from schema.journals.page_cells import Cell, CellChange
from schema.journals.page_proposals import keep_proposals
from schema.journals.page_rules import Conflict, Judge
from schema.journals.page_state import PageState, lock_page, one_visible, read_page
from schema.journals.page_versions import Author, Writer, Written

if TYPE_CHECKING:
    from schema.engine.context import Context

Asked = Callable[[], Awaitable[tuple[UUID | None, list[CellChange]]]]
"""Says on which page which cells are to be written; refuses what cannot be found."""

Done = Callable[[PageState, list[Cell], Written], Awaitable[Outcome]]
"""Says which objects the payload shows, and does what else belongs to the change."""


@dataclass
class Answer:
    """The objects of the payload, the refusals, and the refused marks that were kept."""

    found: list[Any]
    errors: list[UserError]
    proposals: list[Any] = field(default_factory=list)


@dataclass
class CellWriting:
    """One mutation that writes cells. `page_field` names the input field that leads to the page."""

    context: "Context"
    given: Any
    action: Audited
    asked: Asked
    done: Done
    page_field: str
    kept_out: list[tuple[Cell, str]] = field(default_factory=list)

    async def answer(self, operation: str, results: int) -> Answer:
        """Write once for the key of the input; where it asks for that, keep the marks that were refused."""
        found, errors = await carry_out(self.context, operation, self.given, self._work, results=results)
        if not (errors and self.kept_out and getattr(self.given, "keep_refused", False)):
            return Answer(found, errors)
        kept = await keep_proposals(self.context, self.given, self.kept_out)
        return Answer(found, errors, [one for one in kept if one is not None])

    async def _work(self, context: "Context", given: Any) -> Outcome:
        journal_key, changes = await self.asked()
        journal = await one_visible(context, records.Journal, P.JOURNAL_SEE, journal_key)
        if journal is None:
            raise not_found(context.say(*NO_PAGE), self.page_field)
        await lock_page(context, journal.id)
        page = await read_page(context, journal, {change.line for change in changes})
        actors = Actors(context, given, page.facts.policy.homeroom_writes_marks)
        cells = await self._judged(Judge(context, page, actors), changes)
        written = await self._writer(page, actors).write(cells)
        await self._record(page, actors, written)
        return await self.done(page, cells, written)

    def _writer(self, page: PageState, actors: Actors) -> Writer:
        person = self.context.viewer.person_id
        if person is None:
            raise TypeError("nobody writes without being signed in")
        return Writer(self.context.statements, page, Author(person, self.context.clock(), actors.reason))

    async def _judged(self, judge: Judge, changes: list[CellChange]) -> list[Cell]:
        cells = judge.find(changes)
        judge.assign(cells)
        await judge.actors.check()
        judge.judge(cells)
        self.kept_out = judge.verdict.kept_out
        if judge.verdict.errors:
            raise Refusal(*await _with_current(self.context, judge.verdict.errors))
        return cells

    async def _record(self, page: PageState, actors: Actors, written: Written) -> None:
        if not (written.given or written.withdrawn or written.attended or written.slots):
            return
        detail: dict[str, Any] = {
            "marks": written.given,
            "withdrawn": written.withdrawn,
            "attendance": written.attended,
            "slots": written.slots,
        }
        if actors.reason is not None:
            detail["reason"] = actors.reason
        if written.students & set(self.context.viewer.children):
            detail["own_child"] = True
        by, *others = actors.used.values()
        if others:
            detail["assignments"] = [str(one.id) for one in (by, *others)]
        await record(self.context, self.action, by, page.journal.id, detail)


NO_PAGE = ("No journal page that you may see.", "Нет доступной вам страницы журнала.")


async def _with_current(context: "Context", errors: list[UserError | Conflict]) -> list[UserError]:
    """Conflicts with the object as it is now, all of them loaded together."""
    conflicts = [error for error in errors if isinstance(error, Conflict)]
    context.executor.forget()
    current: dict[Any, Any] = {}
    for kind in {one.kind for one in conflicts if one.key is not None}:
        keys = [one.key for one in conflicts if one.kind == kind and one.key is not None]
        current |= dict(zip(keys, await context.executor.load_all_named(kind, keys), strict=True))
    return [conflict(context, e, current.get(e.key)) if isinstance(e, Conflict) else e for e in errors]


def conflict(context: "Context", found: Conflict, current: Any) -> VersionConflict:
    """The refusal of a version that is no longer the newest."""
    told = context.say(
        "Somebody has changed this since you read it: look at it, then send it again with its version.",
        "После того как вы это прочитали, это изменил кто-то другой: посмотрите и отправьте снова с новой версией.",
    )
    return VersionConflict(
        code="VERSION_CONFLICT",
        message=told,
        path=found.path,
        current=current,
        current_version=found.version,
    )
