"""Under which assignment each part of a page is written, and what is said when there is none or several."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auth.permissions import Permission as P
from auth.viewer import LiveAssignment
from auth.writing import Place, must_explain, writers
from schema.engine.mapping.reference import key_of
from schema.engine.mutations.user_errors import InvalidInput, Refusal, UserError, invalid
from schema.engine.typed_texts import REASON_MOST, stated, unfit
from schema.people.acting import ambiguous, forbidden

if TYPE_CHECKING:
    from schema.engine.context import Context


@dataclass
class Actors:
    """The viewer's assignments for one change. `given` is the input, with `acting_assignment_id` and `reason`."""

    context: "Context"
    given: Any
    homeroom_writes_marks: bool = False
    candidates: dict[Any, LiveAssignment] = field(default_factory=dict)
    used: dict[Any, LiveAssignment] = field(default_factory=dict)
    refused: set[P] = field(default_factory=set)
    _known: dict[tuple[P, Place], list[LiveAssignment]] = field(default_factory=dict)

    def fitting(self, permission: P, place: Place) -> list[LiveAssignment]:
        """Assignments that allow this there, only the named one if the input names one."""
        if (permission, place) not in self._known:
            self._known[permission, place] = self._work_out(permission, place)
        return self._known[permission, place]

    def _work_out(self, permission: P, place: Place) -> list[LiveAssignment]:
        held = writers(self.context.viewer, permission, place, homeroom_writes_marks=self.homeroom_writes_marks)
        if self.given.acting_assignment_id is None:
            return held
        named = key_of(self.context.executor.types["Assignment"], self.given.acting_assignment_id)
        return [one for one in held if named == (one.id,)]

    def choose(self, permission: P, fitting: list[LiveAssignment]) -> LiveAssignment | None:
        """The one assignment; none, or several, are noted for the end."""
        if not fitting:
            self.refused.add(permission)
            return None
        if len(fitting) > 1:
            self.candidates.update({one.id: one for one in fitting})
            return None
        self.used[fitting[0].id] = fitting[0]
        return fitting[0]

    async def check(self) -> None:
        """Refuse the whole when the writer must say more, or may do nothing of it."""
        if self.candidates:
            raise await ambiguous(self.context, self.candidates.values())
        if self.refused and not self.used:
            raise self._not_allowed()
        errors = self._errors_of_reason()
        if errors:
            raise Refusal(*errors)

    def _errors_of_reason(self) -> list[UserError]:
        path = ["input", "reason"]
        if any(must_explain(one) for one in self.used.values()) and self.reason is None:
            told = self.context.say(
                "Say why: this is another teacher's journal.", "Укажите причину: это журнал другого учителя."
            )
            return [InvalidInput(code="REASON_NEEDED", message=told, path=path)]
        error = unfit(self.context, self.reason, REASON_MOST, path)
        return [error] if error else []

    @property
    def reason(self) -> str | None:
        """Why, as the writer says; None when they do not."""
        return stated(self.given.reason)

    def _not_allowed(self) -> Exception:
        permission = min(self.refused)
        if self.given.acting_assignment_id is not None:
            told = self.context.say(
                f"The role that you named does not allow {permission} here.",
                f"Указанная вами роль не даёт здесь права {permission}.",
            )
            return invalid("ACTING_ASSIGNMENT", told, "actingAssignmentId")
        return forbidden(permission)
