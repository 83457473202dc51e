"""mutation: the word by which a change says what it takes, what it answers, and who may make it."""

from collections.abc import Awaitable, Callable
from dataclasses import fields
from typing import Any, TypeVar

from strawberry.types import Info
from strawberry.utils.str_converters import to_camel_case

from domain.sensitivity import Sensitivity
from schema.engine.access.rule import Access
from schema.engine.context import Context
from schema.engine.mapping.declare import computed
from schema.engine.mutations.carry_out import Outcome, carry_out
from schema.engine.mutations.inputs import input_of
from schema.engine.mutations.user_errors import UserError

Given = TypeVar("Given")
Answer = Callable[[list[Any], list[UserError]], dict[str, Any]]
OF_ALL = ("user_errors", "client_mutation_id")
"""What every payload has, besides the objects that it shows."""


def mutation(
    kind: type[Given],
    payload: type[Any],
    description: str,
    access: Access,
    *,
    sensitivity: Sensitivity,
    cost: int | None = None,
    results: Callable[[Given], int] | None = None,
    answer: Answer | None = None,
) -> Callable[[Callable[[Context, Given], Awaitable[Outcome]]], Any]:
    """Make a mutation of what does it: once for a key, all or nothing, refusals in the payload. See `carry_out`.

    The payload shows the objects of the outcome in the order of its own fields. Where it shows a list, `results` says
    of an input how many objects there may be; where it shows something else, `answer` makes its fields of the objects
    (None for one that the viewer may not see, and for all of them when it was refused) and of the refusals.
    """

    def declare(work: Callable[[Context, Given], Awaitable[Outcome]]) -> Any:
        name: str = work.__name__
        shown = [field.name for field in fields(payload) if field.name not in OF_ALL]

        async def change(self: Any, info: Info, input: Any) -> Any:  # noqa: A002
            many = len(shown) if results is None else results(input)
            found, errors = await carry_out(info.context, to_camel_case(name), input, work, results=many)
            told = dict(zip(shown, found, strict=True)) if answer is None else answer(found, errors)
            return payload(**told, user_errors=errors, client_mutation_id=input.client_mutation_id)

        change.__annotations__ = {"self": Any, "info": Info, "input": input_of(kind), "return": payload}
        change.__name__, change.__module__ = name, work.__module__
        return computed(description, access, sensitivity=sensitivity, cost=cost)(change)

    return declare
