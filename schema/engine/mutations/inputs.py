"""What inputs of mutations have in common: the key, the acting role, how a field and an argument are described."""

from typing import Annotated, Any

import strawberry

KEY = "UUID of your own for this change (ключ идемпотентности): sent again, it acts once (clientMutationId)."
ACTING = "Under which of your roles; needed only where several allow it (от имени какой роли)."


def asked(description: str, default: Any = strawberry.UNSET) -> Any:
    """A field of an input; without a default it may be left out."""
    return strawberry.field(description=description, default=default)


def input_of(kind: type[Any]) -> Any:
    """The one argument of a mutation."""
    return Annotated[kind, strawberry.argument(description="What to change (данные).")]
