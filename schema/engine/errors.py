"""Errors on their way out: domain errors with their code, the rest masked; refusals listed; no schema for strangers."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import structlog
from graphql import FieldNode, GraphQLError, GraphQLSyntaxError, ValidationRule
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from domain.error_catalogue import CATALOGUE
from domain.errors import BadUserInput, Busy, Code, ContractError, Unavailable
from schema.engine.graphql_in_russian import in_russian
from schema.engine.limits.refusals import parser_limit
from schema.engine.typed_texts import NO_NUL

if TYPE_CHECKING:
    from schema.engine.context import Context

NO_OPERATION = (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError)
"""What Strawberry raises for a request that asks for nothing it could run: the transport answers it."""

WAITED_TOO_LONG = ("55P03", "40P01")
"""SQLSTATE of lock_not_available and deadlock_detected."""

AWAY = ("08", "53", "57", "58")
"""Classes of SQLSTATE: no connection, no memory or disk, stopped by an operator or a timeout, a system's error."""

GIVEN_UP = ("25P02", "25P03")
"""What every statement gets after one that failed outside a savepoint, and after the transaction was idle too long."""

SUGGESTION = re.compile(r" Did you mean [^?]*\?")
"""Strawberry leaves them out for fields only; for arguments, types and words they would spell the schema out."""


class CodedErrors(SchemaExtension):
    """Gives every error its code and the caller's language; what is not ours says nothing but the request's id."""

    def on_operation(self) -> Iterator[None]:
        try:
            yield
        except NO_OPERATION:
            raise
        except Exception as error:  # of an extension: Strawberry would answer its text
            raise self._coded(GraphQLError("", original_error=error)) from error
        result: Any = self.execution_context.result
        errors = getattr(result, "errors", None)
        if errors:
            result.errors = [self._coded(error) for error in errors]

    def on_stream_result(self, result: Any) -> Iterator[None]:
        """Each answer of a stream goes out by itself, long before the operation is over."""
        if getattr(result, "errors", None):
            result.errors = [self._coded(error) for error in result.errors]
        yield

    def _coded(self, error: GraphQLError) -> GraphQLError:
        return coded(error, cast("Context", self.execution_context.context))


def coded(error: GraphQLError, context: "Context") -> GraphQLError:
    """An error as the caller may read it, whichever way it travels: a code, their language, nothing of the inside."""
    over_soon = passing(error.original_error)
    if over_soon is not None:
        reason = type(getattr(error.original_error, "orig", error.original_error)).__name__
        structlog.get_logger(__name__).warning("graphql:unavailable", reason=reason, path=error.path)
    original = parser_limit(error) or over_soon or unsendable(error.original_error) or error.original_error
    if isinstance(original, ContractError):
        return _with(error, context.say(original.english, original.russian), original.code, original.told())
    if isinstance(original, NO_OPERATION):  # only streams let it come so far
        told = "This connection is for subscriptions.", "Это соединение — для подписок."
        return _with(error, context.say(*told), Code.BAD_REQUEST)
    if original is None or isinstance(original, GraphQLError):
        said = SUGGESTION.sub("", error.message)
        return _with(error, context.say(said, in_russian(said)), _code_of_request_error(error))
    structlog.get_logger(__name__).error(
        "graphql:internal", request_id=context.request_id, path=error.path, exc_info=original
    )
    entry = CATALOGUE[Code.INTERNAL]
    masked = GraphQLError(context.say(entry.english, entry.russian), nodes=error.nodes, path=error.path)
    masked.extensions = {"code": Code.INTERNAL.value, "requestId": context.request_id}
    return masked


def _code_of_request_error(error: GraphQLError) -> Code:
    given = (error.extensions or {}).get("code")
    if given is not None:
        return Code(given)
    if isinstance(error, GraphQLSyntaxError):
        return Code.GRAPHQL_PARSE_FAILED
    return Code.BAD_USER_INPUT if error.path else Code.GRAPHQL_VALIDATION_FAILED


class AccessReport(SchemaExtension):
    """Puts the list of refused cells into `extensions.access`."""

    def get_results(self) -> dict[str, Any]:
        return access_report(cast("Context", self.execution_context.context))


def access_report(context: "Context") -> dict[str, Any]:
    """The extensions of an answer, whichever executor gave it."""
    found: dict[str, Any] = {"access": {"denied": context.denials.listed()}}
    if context.cost is not None:
        found["cost"] = {"requested": context.cost.requested, "maximum": context.cost.maximum}
    return found


class SignedInIntrospection(SchemaExtension):
    """The schema is no secret, but whoever reads all of it signs in: `__schema` is refused to strangers."""

    def on_validate(self) -> Iterator[None]:
        if cast("Context", self.execution_context.context).viewer.caller is None:
            self.execution_context.validation_rules += (NoSchemaForStrangers,)
        yield


class NoSchemaForStrangers(ValidationRule):
    """`__schema` needs a signed-in caller; `__type` and `__typename` do not."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if node.name.value == "__schema":
            told = GraphQLError("Sign in to read the whole schema.", node)
            told.extensions = {"code": Code.FORBIDDEN.value}
            self.report_error(told)


def passing(error: BaseException | None) -> ContractError | None:
    """What is over when the same request is sent again, told by how the database failed; None for any other error."""
    if isinstance(error, PoolTimeoutError):
        return Unavailable()
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(error.orig, "sqlstate", None)
    if state in WAITED_TOO_LONG:
        return Busy()
    # Without a state the driver itself found the connection closed, or could not open one.
    lost = state is None and (error.connection_invalidated or isinstance(error, OperationalError))
    return Unavailable() if lost or state in GIVEN_UP or (state or "").startswith(AWAY) else None


def unsendable(error: BaseException | None) -> ContractError | None:
    """A text that no column can hold: the driver itself refuses to send it, before the database has said anything."""
    if isinstance(error, DataError) and getattr(error.orig, "sqlstate", None) is None:
        return BadUserInput(*NO_NUL)
    return None


def _with(error: GraphQLError, message: str, code: Code, told: dict[str, Any] | None = None) -> GraphQLError:
    made = GraphQLError(message, nodes=error.nodes, source=error.source, positions=error.positions, path=error.path)
    made.extensions = {"code": code.value, **(told or {})}
    return made
