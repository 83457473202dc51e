"""Guarded: a resolver of ours that asks first whether the viewer may have its value."""

import inspect
from collections.abc import Callable
from typing import Any

from strawberry.types import Info

from schema.engine.mapping.storage import Binding


def guarded(resolver: Callable[..., Any], binding: Binding) -> Callable[..., Any]:
    """Ask the executor before a computed value is worked out; a refusal is null and is listed."""
    if inspect.iscoroutinefunction(resolver):

        async def opened_later(self: Any, info: Info, **arguments: Any) -> Any:
            if not info.context.executor.opens(binding, self):
                return None
            return await resolver(self, info, **arguments)

        asked: Any = opened_later
    else:

        def opened(self: Any, info: Info, **arguments: Any) -> Any:
            if not info.context.executor.opens(binding, self):
                return None
            return resolver(self, info, **arguments)

        asked = opened
    asked.__signature__ = inspect.signature(resolver)
    asked.__annotations__ = dict(resolver.__annotations__)
    asked.__name__, asked.__module__ = resolver.__name__, resolver.__module__
    return asked  # type: ignore[no-any-return]
