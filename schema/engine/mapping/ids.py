"""Global ids of types that a file cannot import, since they lead to its own."""

from uuid import UUID

from domain.errors import BadUserInput


def require_id(kind: str, identifier: str) -> UUID:
    """The UUID in a global id of a type whose key it is. Raises BadUserInput where it is no id of this type."""
    name, _, key = identifier.partition(":")
    try:
        if name == kind:
            return UUID(key)
    except ValueError:
        pass
    raise BadUserInput(f"This is not an id of {kind}.", f"Это не идентификатор {kind}.")
