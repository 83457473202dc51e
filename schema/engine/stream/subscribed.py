"""subscribed: the word by which a subscription says what it is and who may follow it."""

import inspect
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

import strawberry
from strawberry.types import Info

from domain.sensitivity import Sensitivity
from schema.engine.access.rule import Access
from schema.engine.mapping.storage import Binding, Computed

Resolver = Callable[..., AsyncGenerator[Any, None]]


def subscribed(description: str, access: Access, *, sensitivity: Sensitivity) -> Callable[[Resolver], Any]:
    """Make a subscription of an asynchronous generator. Whoever lacks the permission gets one null, and is told why."""

    def declare(resolver: Resolver) -> Any:
        binding = Binding(Computed(), access, sensitivity)
        return strawberry.subscription(
            resolver=_guarded(resolver, binding), description=description, metadata={"binding": binding}
        )

    return declare


def _guarded(resolver: Resolver, binding: Binding) -> Resolver:
    async def opened(self: Any, info: Info, **arguments: Any) -> AsyncGenerator[Any, None]:
        if not info.context.executor.opens(binding, self):
            yield None
            return
        async with aclosing(resolver(self, info, **arguments)) as answers:
            async for answer in answers:
                yield answer

    guarded: Any = opened
    guarded.__signature__ = inspect.signature(resolver)
    guarded.__annotations__ = dict(resolver.__annotations__)
    guarded.__name__, guarded.__module__ = resolver.__name__, resolver.__module__
    return guarded  # type: ignore[no-any-return]
