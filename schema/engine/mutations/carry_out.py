"""What every change does alike: signed in, once per key, all or nothing."""

from collections.abc import Awaitable, Callable
from typing import Any

from schema.engine.context import Context
from schema.engine.mutations.idempotency import claim, keep
from schema.engine.mutations.user_errors import Refusal, UserError
from schema.engine.typed_texts import canonical_input

Outcome = list[str]
"""Global ids of what a change made or changed: kept under its key, and read again for a retry."""

Work = Callable[[Context, Any], Awaitable[Outcome]]


async def carry_out(
    context: Context, operation: str, given: Any, work: Work, *, results: int
) -> tuple[list[Any], list[UserError]]:
    """Do the work once for this key. Gives the changed objects as the viewer may see them, or the refusals.

    `results` is how many objects the payload shows: that many nulls stand beside refusals.
    """
    context.viewer.known()
    given = canonical_input(given)
    try:
        async with context.statements.all_or_nothing():
            outcome = await claim(context, operation, given)
            if outcome is None:
                outcome = await work(context, given)
                await keep(context, given, outcome)
    except Refusal as refusal:
        return [None] * results, refusal.errors
    context.executor.forget()
    return await context.executor.look_up_all(outcome[:results]), []
