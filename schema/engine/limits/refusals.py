"""What is said of a document that goes beyond a limit: which limit, and how much it allows."""

from graphql import GraphQLError, GraphQLSyntaxError

from domain.errors import LimitExceeded
from schema.engine.limits import TOKENS
from schema.engine.limits.dearest import Share
from schema.engine.limits.maxima import DEPTH

NAMES = 6
"""Of a path in a sentence; the whole of it is in `extensions.paths`."""


def exceeded(limit: int, english: str, russian: str) -> LimitExceeded:
    """A document has at most so many of these."""
    return LimitExceeded(f"A document has at most {limit} {english}.", f"В документе не больше {limit} {russian}.")


def too_deep(path: str | None = None) -> LimitExceeded:
    """Nested deeper than any question needs; with the path of a field that is."""
    error = exceeded(DEPTH, "levels of nesting", "уровней вложенности")
    if path is None:
        return error
    short = _short(path)
    return LimitExceeded(
        f"{error.english} Too deep: {short}.",
        f"{error.russian} Слишком глубоко: {short}.",
        {"maximum": DEPTH, "paths": [{"path": path}]},
    )


def too_much(english: str, russian: str, estimated: int, most: int, dearest: tuple[Share, ...]) -> LimitExceeded:
    """An operation that keeps the limits of its text, and would still be too much work; with what makes it so."""
    named = ", ".join(f"{_short(one.path)} ({one.estimated})" for one in dearest)
    return LimitExceeded(
        f"This operation is estimated at {estimated} {english}, {most} are allowed. Most of them: {named}."
        " Ask for fewer items of these lists (first), or in several requests.",
        f"Операция оценена в {estimated} {russian}, разрешено {most}. Больше всего: {named}."
        " Запросите меньше элементов этих списков (first) или разделите её на несколько запросов.",
        {
            "estimated": estimated,
            "maximum": most,
            "paths": [{"path": one.path, "estimated": one.estimated} for one in dearest],
        },
    )


def _short(path: str) -> str:
    """A path for a sentence: its beginning and its end."""
    names = path.split(".")
    return path if len(names) <= NAMES else ".".join([*names[:3], "…", *names[-2:]])


def parser_limit(error: GraphQLError) -> LimitExceeded | None:
    """The limit that made the parser stop; None for any other error. It has no code for this, only its words."""
    said = error.description if isinstance(error, GraphQLSyntaxError) else ""
    if said.startswith("Document contains more than"):
        return exceeded(TOKENS, "tokens", "лексем")
    if said.startswith("Document is nested too deeply"):
        return too_deep()
    return None
