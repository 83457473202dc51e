"""Called: keys that a function of the database gives, as the reference executor asks for them."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import literal, select

from schema.engine.mapping.rows import row_of
from schema.engine.mapping.storage import Called

if TYPE_CHECKING:
    from schema.engine.context import Context


async def called(context: "Context", known: Called, instance: Any, **arguments: Any) -> list[tuple[Any, ...]]:
    """The keys in their order; (None,) where the function gave NULL. Raises what refuses the arguments."""
    own = [row_of(instance).keys[name] for name in known.of]
    given = zip(known.given(context.viewer, **arguments), known.types, strict=True)
    call = known.function(*own, *(literal(value, kind) for value, kind in given))
    return [(row.key,) for row in await context.executor.fetch(select(call.label("key")), {})]
