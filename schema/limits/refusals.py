"""What is said of a document that goes beyond a limit: which limit, and how much it allows."""

from graphql import GraphQLError, GraphQLSyntaxError

from domain.errors import LimitExceeded
from schema.limits import TOKENS
from schema.limits.maxima import DEPTH


def exceeded(limit: int, english: str, russian: str) -> LimitExceeded:
    """A document has at most so many of these."""
    return LimitExceeded(f"A document has at most {limit} {english}.", f"В документе не больше {limit} {russian}.")


def too_deep() -> LimitExceeded:
    """Nested deeper than any question needs."""
    return exceeded(DEPTH, "levels of nesting", "уровней вложенности")


def too_much(english: str, russian: str, estimated: int, most: int) -> LimitExceeded:
    """An operation that keeps the limits of its text, and would still be too much work."""
    return LimitExceeded(
        f"This operation is estimated at {estimated} {english}, {most} are allowed: ask for fewer items of its lists"
        " (first), or in several requests.",
        f"Операция оценена в {estimated} {russian}, разрешено {most}: запросите меньше элементов списков (first)"
        " или разделите её на несколько запросов.",
    )


def parser_limit(error: GraphQLError) -> LimitExceeded | None:
    """The limit that made the parser stop; None for any other error. It has no code for this, only its words."""
    said = error.description if isinstance(error, GraphQLSyntaxError) else ""
    if said.startswith("Document contains more than"):
        return exceeded(TOKENS, "tokens", "лексем")
    if said.startswith("Document is nested too deeply"):
        return too_deep()
    return None
