"""Operations of a document: which one will run, and whether it writes."""

from functools import lru_cache

from graphql import GraphQLError, OperationDefinitionNode, OperationType, parse

from api.refusals import RefusedRequest
from schema.engine.limits import TOKENS

KEPT_CHARACTERS = 20_000
"""Longer documents are not remembered: they would be somebody's way to fill our memory."""


def is_mutation(query: str, operation_name: str | None) -> bool:
    """Whether the operation that will run writes. A document that is no document writes nothing.

    Raises RefusedRequest for a document with several operations of which none is named: it does not say what to do.
    """
    operations = _operations(query) if len(query) <= KEPT_CHARACTERS else _operations.__wrapped__(query)
    if operation_name is None and len(operations) > 1:
        raise RefusedRequest(
            400,
            "The document has several operations: say which by operationName.",
            "В документе несколько операций: назовите одну в operationName.",
        )
    return any(kind is OperationType.MUTATION for name, kind in operations if operation_name in (None, name))


@lru_cache(maxsize=256)
def _operations(query: str) -> tuple[tuple[str | None, OperationType], ...]:
    """Name and kind of each operation of a document."""
    try:
        document = parse(query, max_tokens=TOKENS)
    except (GraphQLError, RecursionError):
        return ()
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    return tuple((node.name.value if node.name else None, node.operation) for node in operations)
